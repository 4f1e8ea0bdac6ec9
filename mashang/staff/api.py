"""Staff over HTTP: sign-in, oneself and the first run.

Does not: administer people and departments (`admin_api`).
"""

from __future__ import annotations

import ipaddress
from typing import Annotated

import msgspec
from litestar import Response, Router, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import HeaderParameter, JSONBody
from msgspec import Meta

from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotSignedIn
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.staff import (
    admin_api,
    agents,
    alarms,
    assistant,
    entry_api,
    first_run,
    installation,
    permissions,
    presence,
    second_factor,
    sessions,
    sign_in,
    voice,
)
from mashang.staff.agents import Agent, Availability, Login, LoginTaken, Name, Password, Role
from mashang.staff.first_run import FirstRunOver
from mashang.staff.passwords import PasswordTooCommon, PasswordTooShort
from mashang.staff.second_factor import SecondFactorAsked, SecondFactorWrong
from mashang.staff.sign_in import CurrentPasswordWrong, SignInLocked, SignInRefused


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Login and password as typed; `code` when it was asked for."""

    login: Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*$")]
    password: Password
    code: Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")] = ""


class FirstRun(msgspec.Struct, forbid_unknown_fields=True):
    """The first operator; `secret` is in the link."""

    secret: Annotated[str, Meta(max_length=100)]
    login: Login
    name: Name
    password: Password


class LinkState(msgspec.Struct):
    """Whether the first-run link can still be used."""

    valid: bool


class NewAvailability(msgspec.Struct, forbid_unknown_fields=True):
    """Ready for customers, or away."""

    availability: Availability


class Guide(msgspec.Struct, forbid_unknown_fields=True):
    """Whether one wants the first-run guide in one's menu."""

    wanted: bool


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    """One's own password: the current one and the new one."""

    current: Password
    new: Password


class OwnDepartment(msgspec.Struct):
    """A department one belongs to."""

    id: str
    name: str


class Me(msgspec.Struct):
    """The signed-in agent; `warnings`: 'plain_http', names of alarms ('proof_guessing'), and why one was set away.

    That is 'unanswered', or 'supervisor' with the name in `away_by`.  `zone`: on whose clock the desk tells times.
    `guide`: they want the first-run guide in their menu.
    """

    id: str
    name: str
    login: str
    role: Role
    departments: list[OwnDepartment]
    availability: Availability
    capacity: int
    permissions: list[str]
    warnings: list[str]
    second_factor: second_factor.State
    zone: str
    guide: bool
    patience: installation.Patience
    away_by: str | None = None


async def current_agent(request: Asking, db: NamedDependency[Database], settings: NamedDependency[Settings]) -> Agent:
    """Whose session the cookie carries; raises NotSignedIn."""
    async with db.transaction() as tx:
        return await sessions.agent_in(tx, sessions.secret_in(request.cookies, settings))


def origin_of(request: Asking) -> sign_in.Origin:
    """Where a request comes from."""
    return sign_in.Origin(request.client.host if request.client else "", request.headers.get("user-agent", ""))


async def me(request: Asking, db: Database, agent: Agent, settings: Settings) -> Me:
    """The agent as they see themselves, and what those who watch must know of now."""
    locale = locale_of(request)
    warnings: list[str] = [] if settings.https or _is_loopback(request.url.hostname or "") else ["plain_http"]
    warnings += [agent.away_because] if agent.away_because else []
    async with db.transaction() as tx:
        factor = await second_factor.state(tx, agent)
        zone = await installation.zone(tx)
        patience = await installation.patience(tx)
        guide = await tx.value("select guide from agent where id = %s", (agent.id,))
        if agent.role in permissions.WATCHING:
            warnings += await alarms.lasting(tx)
    return Me(
        id=agent.public_id,
        name=agent.name,
        login=agent.login,
        role=agent.role,
        departments=[OwnDepartment(one.public_id, one.called(locale)) for one in agent.departments],
        availability=agent.availability,
        capacity=agent.capacity,
        permissions=permissions.of(agent),
        warnings=warnings,
        second_factor=factor,
        zone=zone.key,
        guide=guide,
        patience=patience,
        away_by=agent.away_by,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


# ── signing in, oneself ─────────────────────────────────────────────────────


@post(
    "/sign-in",
    status_code=200,
    responses=refusals(SignInRefused, SecondFactorAsked, SecondFactorWrong, SignInLocked, NotAllowed, Invalid),
)
async def sign_in_here(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    sealer: NamedDependency[Sealer],
    data: JSONBody[SignIn],
) -> Response[Me]:
    """Begin a session; the answer sets the session cookie.  Asks for a code where the person has a second factor."""
    second = sign_in.Second(sealer, data.code)
    entered = await sign_in.sign_in(db, data.login, data.password, origin_of(request), second)
    return Response(await me(request, db, entered.agent, settings), cookies=[sessions.cookie(entered.secret, settings)])


@post("/sign-out", status_code=204, responses=refusals(NotAllowed))
async def sign_out(
    request: Asking, db: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Response[None]:
    """End the session, if there is one."""
    secret = sessions.secret_in(request.cookies, settings)
    if secret:
        async with db.transaction() as tx:
            await sessions.end(tx, secret)
    return Response(None, status_code=204, cookies=[sessions.no_cookie(settings)])


@get("/me", dependencies={"agent": Provide(entry_api.unequipped)}, responses=refusals(NotSignedIn))
async def show_me(
    request: Asking,
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    settings: NamedDependency[Settings],
) -> Me:
    """The signed-in agent."""
    return await me(request, db, agent, settings)


@put(
    "/availability",
    dependencies={"agent": Provide(current_agent)},
    responses=refusals(NotSignedIn, NotAllowed, Invalid),
)
async def put_availability(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    data: JSONBody[NewAvailability],
) -> Me:
    """Say whether new customers may come."""
    async with db.transaction() as tx:
        changed = await presence.set_availability(tx, agent, data.availability)
    return await me(request, db, changed, settings)


@put(
    "/password",
    status_code=204,
    dependencies={"agent": Provide(current_agent)},
    responses=refusals(
        NotSignedIn, NotAllowed, CurrentPasswordWrong, SignInLocked, PasswordTooShort, PasswordTooCommon, Invalid
    ),
)
async def put_password(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    data: JSONBody[NewPassword],
) -> None:
    """Change one's own password; one's other sessions end."""
    keep = sessions.secret_in(request.cookies, settings) or ""
    await sign_in.change_password(db, agent, data.current, data.new, keep)


@get("/first-run", responses=refusals(Invalid))
async def first_run_state(
    db: NamedDependency[Database],
    secret: Annotated[str, HeaderParameter(name="x-first-run-secret", max_length=100)] = "",
) -> LinkState:
    """Whether this link can still make the first operator.  The secret travels in a header, which no proxy logs."""
    async with db.transaction() as tx:
        return LinkState(await first_run.is_valid(tx, secret))


@put(
    "/guide",
    status_code=204,
    dependencies={"agent": Provide(current_agent)},
    responses=refusals(NotSignedIn, NotAllowed, Invalid),
)
async def put_guide(db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[Guide]) -> None:
    """Put the first-run guide away, or take it out again."""
    async with db.transaction() as tx:
        await agents.want_guide(tx, agent, data.wanted)


@post(
    "/first-run",
    status_code=200,
    responses=refusals(FirstRunOver, PasswordTooShort, PasswordTooCommon, LoginTaken, NotAllowed, Invalid),
)
async def first_operator(
    request: Asking, db: NamedDependency[Database], settings: NamedDependency[Settings], data: JSONBody[FirstRun]
) -> Response[Me]:
    """Become the first operator, and be signed in."""
    origin = origin_of(request)
    async with db.transaction() as tx:
        agent = await first_run.claim(tx, data.secret, data.login, data.name, data.password)
        secret = await sessions.start(tx, agent.id, origin.address, origin.user_agent)
    return Response(await me(request, db, agent, settings), cookies=[sessions.cookie(secret, settings)])


router = Router(
    "/",
    route_handlers=[
        Router(
            "/staff",
            tags=["Staff"],
            route_handlers=[
                sign_in_here,
                sign_out,
                show_me,
                put_availability,
                put_password,
                put_guide,
                first_run_state,
                first_operator,
            ],
        ),
        Router(
            "/admin",
            tags=["Administration"],
            security=[{"staff": []}],
            dependencies={"agent": Provide(current_agent)},
            route_handlers=[*admin_api.handlers, *assistant.ROUTES, *voice.ROUTES],
        ),
        *entry_api.routers(Provide(current_agent)),
    ],
)
