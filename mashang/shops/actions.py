"""The ledger: what a shop was asked to do for the owner of an order, and what became of it.

A row is one deliberate press, named by order, line, action and round.  The round is what the pressing page
saw done, and one: a double click, a colleague at the same moment and a request that is repeated carry the
same round, find the same row, and hear the same answer.  The row is there before the shop is asked, with
the key the shop knows the request by.

    asked ──▶ done · accepted · refused     the shop's answer; accepted may still become done or refused
      └────▶ unknown ──▶ the same, or not_done

`unknown` is a request whose answer nobody has; `not_done` one that the shop never took in and cannot any
more: it alone may be sent again, with the same key.  An answer of the shop counts whenever it comes.

The only writer of `shop_action`.  Does not: ask the shop (`pressing`), say what may be pressed (`offered`),
or tell anybody (`conversations.acted`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.events import Event
from mashang.kit.text import printable
from mashang.shops.acting import ActionAnswer, ActionDone, ActionRefused
from mashang.shops.contract import Action as ActionName

State = Literal["asked", "done", "accepted", "refused", "unknown", "not_done"]
Side = Literal["customer", "agent"]
WhyNot = Literal[
    "unpaid", "cancelled", "refunded", "not_issued", "under_way", "already_asked", "limit",
    "only_by_agent", "not_permitted", "not_serving",
]  # fmt: skip
OPEN = frozenset({"asked", "unknown"})  # nobody knows yet whether it happened

LOOKS = [timedelta(seconds=s) for s in (2, 5, 15, 60, 120, 240, 300, 900, 3600)]  # pauses between looks; the last stays
FIRST_LOOK = timedelta(seconds=15)  # at a request whose process was not heard of again
ACCEPTED_IS_FOLLOWED_FOR = timedelta(days=14)
_LOOKS_AT_ONCE = 20
_MOST_TOLD = 50


class ActionRecorded(Event, frozen=True):
    """A row of the ledger has another state than before."""

    action_id: int


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One row."""

    id: int
    public_id: str
    shop_id: int
    order_number: str
    line: str
    action: ActionName
    round: int
    key: str
    subject: str
    state: State
    asked_by: Side
    by_name: str | None
    agent_id: int | None
    agent: str | None
    conversation_id: int | None
    reason: str
    text: str
    key_masked: str | None
    to_masked: str | None
    asked_at: datetime
    settled_at: datetime | None


class ActionView(msgspec.Struct, frozen=True, kw_only=True):
    """One press as its owner and the staff see it; `line` null is the whole order, `by_name` the agent's.

    `reason` is the agent's, for colleagues alone.
    """

    id: str
    order_number: str
    line: str | None
    action: ActionName
    round: int
    state: State
    asked_at: datetime
    settled_at: datetime | None
    by: Side
    by_name: str | None
    text: str
    key_masked: str | None
    to_masked: str | None
    reason: str = ""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is pressed: the name of a row."""

    shop_id: int
    order_number: str
    line: str  # '': the whole order
    action: ActionName
    round: int


class Presser(msgspec.Struct, frozen=True, kw_only=True):
    """Who presses, for which owner, and where it is told; `barred` says why an action is not theirs to press."""

    subject: str
    side: Side
    customer_id: int | None = None
    agent_id: int | None = None
    conversation_id: int | None = None
    reason: str = ""
    barred: dict[ActionName, WhyNot] = {}


class Look(msgspec.Struct, frozen=True):
    """A request whose outcome is to be asked; `is_over`: had it not come by now, it could not come any more."""

    id: int
    shop_id: int
    key: str
    asked_at: datetime
    is_over: bool


_SELECT = """
    select a.id, a.public_id, a.shop_id, a.order_number, a.line, a.action, a.round, a.key, a.subject, a.state,
        a.asked_by, a.reason, a.text, a.key_masked, a.to_masked, a.asked_at, a.settled_at, a.conversation_id,
        a.agent_id, g.public_id as agent, g.name as by_name
    from shop_action a left join agent g on g.id = a.agent_id
"""


def view(action: Action, to: Side) -> ActionView:
    """The row as it is shown to this side."""
    but = ("id", "line", "by", "reason")
    told = {name: getattr(action, name) for name in ActionView.__struct_fields__ if name not in but}
    reason = action.reason if to == "agent" else ""
    return ActionView(id=action.public_id, line=action.line or None, by=action.asked_by, reason=reason, **told)


async def of_order(tx: Tx, shop_id: int, order_number: str) -> list[Action]:
    """Everything that was pressed for an order, oldest first."""
    where = "where a.shop_id = %s and a.order_number = %s order by a.id"
    return await tx.all(_SELECT + where, (shop_id, order_number), into=Action)


async def pressed(tx: Tx, wanted: Wanted) -> Action | None:
    """The row of this name."""
    where = """where a.shop_id = %(shop_id)s and a.order_number = %(order_number)s and a.line = %(line)s
        and a.action = %(action)s and a.round = %(round)s"""
    return await tx.first(_SELECT + where, msgspec.structs.asdict(wanted), into=Action)


async def by_id(tx: Tx, action_id: int) -> Action:
    """The row with this number."""
    return await tx.one(_SELECT + "where a.id = %s", (action_id,), into=Action)


async def hold(tx: Tx, shop_id: int, subject: str, order_number: str) -> None:
    """Let nobody else press for this customer or this order until the commit; always in this order."""
    for lock in (f"shop_action.{shop_id}.of.{subject}", f"shop_action.{shop_id}.{order_number}"):
        await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (lock,))


async def pressed_today(tx: Tx, shop_id: int, subject: str) -> int:
    """How often this customer pressed in a day, all orders together; what came to nothing does not count."""
    found: int = await tx.value(
        "select count(*) from shop_action where shop_id = %s and subject = %s and asked_by = 'customer'"
        " and state <> 'not_done' and asked_at > app_now() - interval '1 day'",
        (shop_id, subject),
    )
    return found


async def write(tx: Tx, wanted: Wanted, by: Presser) -> Action:
    """The row, to be sent now: a new one, or one that was not done.  The caller holds the order."""
    row = await tx.one(
        """
        insert into shop_action as a (public_id, shop_id, order_number, line, action, round, key, subject,
            asked_by, customer_id, agent_id, conversation_id, reason, look_at)
        values (%(public_id)s, %(shop_id)s, %(order_number)s, %(line)s, %(action)s, %(round)s, %(key)s, %(subject)s,
            %(side)s, %(customer_id)s, %(agent_id)s, %(conversation_id)s, %(reason)s, app_now() + %(first)s)
        on conflict (shop_id, order_number, line, action, round) do update
        set state = 'asked', asked_by = excluded.asked_by, customer_id = excluded.customer_id,
            agent_id = excluded.agent_id, conversation_id = excluded.conversation_id, reason = excluded.reason,
            asked_at = app_now(), settled_at = null, looks = 0, look_at = excluded.look_at, told_state = null
        where a.state = 'not_done'
        returning a.id
        """,
        {
            **msgspec.structs.asdict(wanted),
            **{name: getattr(by, name) for name in ("subject", "side", "customer_id", "agent_id", "conversation_id")},
            "reason": by.reason,
            "public_id": ids.public_id(),
            "key": ids.public_id(),
            "first": FIRST_LOOK,
        },
    )
    return await by_id(tx, row["id"])


async def answered(tx: Tx, action_id: int, answer: ActionAnswer) -> None:
    """Keep what the shop says became of it, whenever it says so; what is settled already stays."""
    done, refused = isinstance(answer, ActionDone), isinstance(answer, ActionRefused)
    state: State = "done" if done else "refused" if refused else "accepted"
    await _change(
        tx,
        """
        state = %(state)s, text = %(text)s, refused_because = %(because)s, key_masked = %(key_masked)s,
        to_masked = %(to_masked)s, settled_at = greatest(least(%(at)s, app_now()), asked_at),
        looks = 3, look_at = case when %(state)s = 'accepted' then app_now() + %(pause)s end
        """,
        "state in ('asked', 'unknown', 'not_done') or (state = 'accepted' and %(state)s <> 'accepted')",
        id=action_id,
        state=state,
        text=printable(answer.text),
        because=answer.reason if isinstance(answer, ActionRefused) else None,
        key_masked=answer.key_masked if isinstance(answer, ActionDone) else None,
        to_masked=answer.to_masked if isinstance(answer, ActionDone) else None,
        at=None if isinstance(answer, ActionRefused) else answer.at,
        pause=LOOKS[3],
    )


async def lost(tx: Tx, action_id: int, asked_at: datetime) -> None:
    """The request of that instant has no answer; the shop is asked soon what became of it."""
    await _change(
        tx,
        "state = 'unknown', looks = 1, look_at = least(look_at, app_now() + %(pause)s)",
        "state = 'asked' and asked_at = %(asked_at)s",
        id=action_id,
        asked_at=asked_at,
        pause=LOOKS[0],
    )


async def came_to_nothing(tx: Tx, action_id: int, asked_at: datetime) -> None:
    """The request of that instant was not taken in, and never will be."""
    await _change(
        tx,
        "state = 'not_done', settled_at = app_now(), look_at = null",
        "state in ('asked', 'unknown') and asked_at = %(asked_at)s",
        id=action_id,
        asked_at=asked_at,
    )


async def to_look_at(tx: Tx, over_after: timedelta) -> list[Look]:
    """Requests whose outcome is to be asked now; each is the caller's until its next look is due."""
    return await tx.all(
        """
        update shop_action a set looks = a.looks + 1,
            look_at = case when a.state <> 'accepted' or a.asked_at > app_now() - %(followed)s
                then app_now() + (%(pauses)s::interval[])[least(a.looks + 1, %(last)s)] end
        from (
            select d.id from shop_action d join shop s on s.id = d.shop_id and s.archived_at is null
            where d.look_at <= app_now() order by d.look_at limit %(most)s for update of d skip locked
        ) due
        where a.id = due.id
        returning a.id, a.shop_id, a.key, a.asked_at, a.asked_at + %(over)s < app_now() as is_over
        """,
        {
            "followed": ACCEPTED_IS_FOLLOWED_FOR,
            "pauses": LOOKS,
            "last": len(LOOKS),
            "most": _LOOKS_AT_ONCE,
            "over": over_after,
        },
        into=Look,
    )


async def to_tell(tx: Tx, only: int | None = None) -> Sequence[Action]:
    """Rows whose conversation does not say yet how they stand; after the commit it does."""
    rows = await tx.all(
        """
        update shop_action a set told_state = a.state from (
            select id from shop_action
            where conversation_id is not null and state <> 'asked' and told_state is distinct from state
              and (%(only)s::bigint is null or id = %(only)s)
            order by id limit %(most)s for update skip locked
        ) untold where a.id = untold.id returning a.id
        """,
        {"only": only, "most": _MOST_TOLD},
    )
    told = [await by_id(tx, row["id"]) for row in rows]
    return sorted(told, key=lambda one: (one.conversation_id or 0, one.id))  # as all lock conversations


async def _change(tx: Tx, assignments: str, condition: str, **values: Any) -> None:
    changed = await tx.run(f"update shop_action set {assignments} where id = %(id)s and ({condition})", values)
    if changed:
        tx.emit(ActionRecorded(values["id"]))
