"""Rules of offers over HTTP: written, tried on last week and switched on by the operator."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from mashang.codes import offer_rules, offer_starters, offer_trying
from mashang.codes.offer_judging import Limits, When, demand_sense
from mashang.codes.offer_rules import Figures, Promotion, Rule, RuleDraft, RulesFull
from mashang.codes.offer_starters import Starter
from mashang.codes.offer_trying import TooWide, Trial
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.staff import Agent
from mashang.staff.api import current_agent
from mashang.staff.permissions import require


class RuleView(msgspec.Struct):
    """A rule as the administration shows it, and what became of its offers, the newest version first."""

    id: str
    version: int
    name: str
    code: str
    text: str
    text_en: str
    when: When
    promotion: Promotion
    cool_down_days: int
    position: int
    is_on: bool
    made_at: datetime
    figures: list[Figures]


class RuleTrial(msgspec.Struct, forbid_unknown_fields=True):
    """Conditions to try."""

    when: When


def _view(rule: Rule, figures: list[Figures]) -> RuleView:
    told = {name: getattr(rule, name) for name in RuleView.__struct_fields__ if name not in ("id", "figures")}
    return RuleView(id=rule.rule, figures=figures, **told)


async def _one(tx: Tx, rule: Rule) -> RuleView:
    return _view(rule, (await offer_rules.figures(tx)).get(rule.rule, []))


async def _demand_narrow(tx: Tx, draft: RuleDraft) -> None:
    """Raise TooWide for a rule that is to be on, may reach most, and whose number was not typed."""
    if not draft.is_on:
        return
    demand_sense(draft.when)
    trial = await offer_trying.tried(tx, draft.when, await offer_rules.limits(tx))
    if trial.is_wide and draft.confirmed != trial.most:
        raise TooWide(shown=trial.most, visitors=trial.visitors)


@get("/", responses=refusals(NotSignedIn, NotAllowed))
async def list_rules(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[RuleView]:
    """All rules in use, in the order in which they are asked."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        figures = await offer_rules.figures(tx)
        return [_view(one, figures.get(one.rule, [])) for one in await offer_rules.present(tx)]


@get("/starters", responses=refusals(NotSignedIn, NotAllowed))
async def list_starters(agent: NamedDependency[Agent]) -> list[Starter]:
    """Rules to begin with; none of them is there until it is saved."""
    require(agent, "codes.read")
    return list(offer_starters.STARTERS)


@get("/limits", responses=refusals(NotSignedIn, NotAllowed))
async def show_limits(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Limits:
    """How many offers one person hears of, and when none."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        return await offer_rules.limits(tx)


@put("/limits", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def set_limits(db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[Limits]) -> Limits:
    """Say so."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        await offer_rules.set_limits(tx, agent, data)
        return await offer_rules.limits(tx)


@post("/try", status_code=200, responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def try_rule(db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[RuleTrial]) -> Trial:
    """To whom these conditions would have spoken in the last seven days; saves nothing."""
    require(agent, "codes.read")
    demand_sense(data.when)
    async with db.transaction() as tx:
        return await offer_trying.tried(tx, data.when, await offer_rules.limits(tx))


@post("/", responses=refusals(NotSignedIn, NotAllowed, Invalid, TooWide, RulesFull))
async def create_rule(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[RuleDraft]
) -> RuleView:
    """Make a rule."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        await _demand_narrow(tx, data)
        return await _one(tx, await offer_rules.create(tx, agent, data))


@put("/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid, TooWide))
async def edit_rule(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[RuleDraft]
) -> RuleView:
    """Change a rule, or switch it."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        await _demand_narrow(tx, data)
        return await _one(tx, await offer_rules.edit(tx, agent, id, data))


@delete("/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def archive_rule(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take a rule out of use; its figures stay."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        await offer_rules.archive(tx, agent, id)


router = Router(
    "/admin/offer-rules",
    tags=["Administration"],
    dependencies={"agent": Provide(current_agent)},
    route_handlers=[
        list_rules,
        list_starters,
        show_limits,
        set_limits,
        try_rule,
        create_rule,
        edit_rule,
        archive_rule,
    ],
)
