"""Orders over HTTP, beside a conversation: having the shop do something, and looking at card keys for a reason."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang.codes import declared
from mashang.desk import conversation, orders, revealing
from mashang.desk.revealing import Revealed
from mashang.guard import masking
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.text import printable
from mashang.routing.judging import NotYours
from mashang.shops import actions, context, contract, pressing
from mashang.shops.actions import ActionView, Presser, Wanted
from mashang.shops.adapters import Shops
from mashang.staff import Agent
from mashang.staff.permissions import require

_presses = Limiter(0.5, 20)  # by agent: each asks somebody else's server
LineId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
_LONGEST_REASON, _SHORTEST_REASON = 200, 2
Reason = Annotated[str, Meta(max_length=_LONGEST_REASON, pattern=r"^[^\x00]*$")]


class AgentPress(msgspec.Struct, forbid_unknown_fields=True):
    """A button: the action, its line (null: the whole order), the round beside it in `offers`, and why."""

    action: contract.Action
    round: Annotated[int, Meta(ge=1, le=1000)]
    line: LineId | None = None
    reason: Reason = ""


class KeysWanted(msgspec.Struct, forbid_unknown_fields=True):
    """Which line's keys, and why they must be read."""

    line: LineId
    reason: Reason


@post(
    "/conversations/{id:str}/actions",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotYours, NotFound, *pressing.REFUSALS, TooMany, Invalid),
)
async def press_action(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[AgentPress],
) -> ActionView:
    """Have the shop do something for the proved order; the same round again is the same press, with the same answer."""
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
        await orders.demand(tx, agent, found, data.action)
        owned = await context.owned(tx, found.id)
    if owned is None:
        raise NotFound
    reason = await _reason(db, data.reason, shortest=_SHORTEST_REASON if data.action == "reissue" else 0)
    _presses.take(str(agent.id))
    wanted = Wanted(
        shop_id=owned.shop_id,
        order_number=owned.order.number,
        line=data.line or "",
        action=data.action,
        round=data.round,
    )
    by = Presser(subject=owned.subject, side="agent", agent_id=agent.id, conversation_id=found.id, reason=reason)
    return actions.view(await pressing.press(db, shops, by, wanted), "agent")


@post(
    "/conversations/{id:str}/keys",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, pressing.ActionNotOffered, TooMany, Invalid),
)
async def reveal_keys(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[KeysWanted],
) -> Response[Revealed]:
    """The readable keys of a line of the proved order; that one looked, and why, is written down first."""
    require(agent, "cards.reveal")
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
    reason = await _reason(db, data.reason, shortest=_SHORTEST_REASON)
    shown = await revealing.reveal(db, shops, agent, found, line=data.line, reason=reason)
    return Response(shown, headers={"Cache-Control": "no-store"}, media_type="application/json")


async def _reason(db: Database, typed: str, *, shortest: int) -> str:
    """One line, as it is kept and told to the shop, without a key that stood in it; raises Invalid for hardly any."""
    line = " ".join(printable(typed).split())
    if len(line) < shortest:
        raise Invalid(field="reason", reason="empty")
    return masking.mask(line, await declared.rules(db)).text[:_LONGEST_REASON]


ROUTES = [press_action, reveal_keys]
