"""Getting in, over HTTP: one's second factor, where one is signed in, and links for who forgot the password."""

from __future__ import annotations

from typing import Annotated, get_args

import msgspec
import segno
from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import HeaderParameter, JSONBody
from msgspec import Meta

from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, own_origin, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.staff import agents, password_links, permissions, second_factor, sessions, sign_in
from mashang.staff.agents import Agent, Password, Role
from mashang.staff.password_links import PasswordLinkOver
from mashang.staff.passwords import PasswordTooCommon, PasswordTooShort
from mashang.staff.permissions import require
from mashang.staff.second_factor import SecondFactorDemanded, SecondFactorOn, SecondFactorWrong, State
from mashang.staff.sign_in import CurrentPasswordWrong, SignInLocked

ISSUER = "Mashang 码上"
_Secret = Annotated[str, Meta(max_length=100)]


class Factor(msgspec.Struct):
    """One's own second factor; `demanded`: one's role must have it."""

    state: State
    demanded: bool
    recovery_left: int


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """One's own password: whoever changes how to get in proves to be more than an open desk."""

    password: Password


class FactorCode(msgspec.Struct, forbid_unknown_fields=True):
    """A code as it was typed."""

    code: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


class Offer(msgspec.Struct):
    """What to take into an app; `picture` is a QR code as a data address."""

    secret: str
    uri: str
    picture: str


class Recovery(msgspec.Struct):
    """Codes for whoever loses the phone; shown once."""

    codes: list[str]


class Link(msgspec.Struct):
    """Where somebody chooses a new password; shown once, good for a day."""

    url: str


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    """The secret of a link, and the password chosen."""

    secret: _Secret
    password: Password


class Rule(msgspec.Struct, forbid_unknown_fields=True):
    """Roles that must have a second factor."""

    roles: Annotated[list[Role], Meta(max_length=3)]


class RoleView(msgspec.Struct):
    """A role, and the names of what it may do."""

    role: Role
    permissions: list[str]


async def unequipped(request: Asking, db: NamedDependency[Database], settings: NamedDependency[Settings]) -> Agent:
    """Whose session the cookie carries, though a second factor may be missing; raises NotSignedIn."""
    async with db.transaction() as tx:
        return await sessions.agent_in(tx, sessions.secret_in(request.cookies, settings), unequipped=True)


# ── one's second factor ─────────────────────────────────────────────────────


@get("/second-factor", responses=refusals(NotSignedIn))
async def show_factor(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Factor:
    """Whether it is on, and how many recovery codes are left."""
    async with db.transaction() as tx:
        return Factor(
            await second_factor.state(tx, agent),
            agent.role in await second_factor.demanded(tx),
            await second_factor.recovery_left(tx, agent.id),
        )


@post(
    "/second-factor",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, CurrentPasswordWrong, SignInLocked, SecondFactorOn, Invalid),
)
async def offer_factor(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    data: JSONBody[Asked],
) -> Offer:
    """A secret for an app; it counts when a code of it was typed."""
    await sign_in.demand_password(db, agent, data.password)
    async with db.transaction() as tx:
        offered = await second_factor.offer(tx, sealer, agent, ISSUER)
    picture = segno.make(offered.uri, error="m", micro=False).svg_data_uri(scale=5, border=3, light="#fff")
    return Offer(offered.secret, offered.uri, picture)


@post(
    "/second-factor/confirm",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, SecondFactorWrong, SecondFactorOn, SignInLocked, Invalid),
)
async def confirm_factor(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    data: JSONBody[FactorCode],
) -> Recovery:
    """A code of the app: it is on from now, and these codes are shown this once."""
    async with db.transaction() as tx:
        return Recovery(await second_factor.confirm(tx, sealer, agent, data.code))


@post(
    "/second-factor/off",
    status_code=204,
    responses=refusals(NotSignedIn, NotAllowed, CurrentPasswordWrong, SignInLocked, SecondFactorDemanded, Invalid),
)
async def drop_factor(db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[Asked]) -> None:
    """The password alone is enough from now on."""
    await sign_in.demand_password(db, agent, data.password)
    async with db.transaction() as tx:
        await second_factor.switch_off(tx, agent)


# ── where one is signed in ──────────────────────────────────────────────────


@get("/sessions", responses=refusals(NotSignedIn))
async def list_sessions(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
) -> list[sessions.Here]:
    """Where one is signed in, the latest first."""
    async with db.transaction() as tx:
        return await sessions.of(tx, agent, sessions.secret_in(request.cookies, settings) or "")


@delete("/sessions", status_code=204, responses=refusals(NotSignedIn, NotAllowed))
async def end_others(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
) -> None:
    """Sign out everywhere else."""
    async with db.transaction() as tx:
        await sessions.end_others(tx, agent, sessions.secret_in(request.cookies, settings) or "")


@delete("/sessions/{id:str}", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def end_other(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    id: Id,
) -> None:
    """Sign out in one other place."""
    async with db.transaction() as tx:
        await sessions.end_others(tx, agent, sessions.secret_in(request.cookies, settings) or "", id)


# ── a link for who forgot the password ──────────────────────────────────────


@get("/password-link", responses=refusals(PasswordLinkOver, Invalid))
async def show_link(
    db: NamedDependency[Database],
    secret: Annotated[str, HeaderParameter(name="x-password-link", max_length=100)] = "",
) -> password_links.Whose:
    """For whom this link is.  The secret travels in a header, which no proxy logs."""
    async with db.transaction() as tx:
        return await password_links.whose(tx, secret)


@post(
    "/password-link",
    status_code=204,
    responses=refusals(PasswordLinkOver, PasswordTooShort, PasswordTooCommon, NotAllowed, Invalid),
)
async def use_link(db: NamedDependency[Database], data: JSONBody[NewPassword]) -> None:
    """Choose a new password; every session of that person ends."""
    async with db.transaction() as tx:
        await password_links.use(tx, data.secret, data.password)


# ── administration ──────────────────────────────────────────────────────────


@post("/people/{id:str}/password-link", responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def make_link(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    id: Id,
) -> Link:
    """A one-time link with which this person chooses a new password."""
    require(agent, "people.edit")
    async with db.transaction() as tx:
        secret = await password_links.make(tx, agent, await agents.find(tx, id))
    return Link(f"{own_origin(request, settings)}/desk/new-password#{secret}")


@delete("/people/{id:str}/second-factor", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def reset_factor(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """This person lost phone and codes: the password alone lets them in."""
    require(agent, "people.edit")
    async with db.transaction() as tx:
        await second_factor.reset(tx, agent, await agents.find(tx, id))


@get("/second-factor-rule", responses=refusals(NotSignedIn, NotAllowed))
async def show_rule(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Rule:
    """Which roles must have a second factor."""
    require(agent, "people.read")
    async with db.transaction() as tx:
        return Rule(await second_factor.demanded(tx))


@put("/second-factor-rule", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def put_rule(db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[Rule]) -> Rule:
    """From now on these roles must have one; whoever has none sets it up before anything else."""
    require(agent, "people.edit")
    async with db.transaction() as tx:
        await second_factor.demand(tx, agent, data.roles)
        return Rule(await second_factor.demanded(tx))


@get("/roles", responses=refusals(NotSignedIn, NotAllowed))
async def show_roles(agent: NamedDependency[Agent]) -> list[RoleView]:
    """What each role may do, as the product itself decides it."""
    require(agent, "people.read")
    return [
        RoleView(role, sorted(name for name, roles in permissions.PERMISSIONS.items() if role in roles))
        for role in get_args(Role)
    ]


def routers(current: Provide) -> list[Router]:
    """The routes; `current` provides whoever is signed in and may do what their role may."""
    return [
        Router("/staff", tags=["Staff"], route_handlers=[show_link, use_link]),
        Router(
            "/staff",
            tags=["Staff"],
            security=[{"staff": []}],
            dependencies={"agent": Provide(unequipped)},
            route_handlers=[
                show_factor, offer_factor, confirm_factor, drop_factor, list_sessions, end_others, end_other,
            ],
        ),
        Router(
            "/admin",
            tags=["Administration"],
            security=[{"staff": []}],
            dependencies={"agent": current},
            route_handlers=[make_link, reset_factor, show_rule, put_rule, show_roles],
        ),
    ]  # fmt: skip
