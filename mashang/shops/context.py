"""What the shop knows of this matter, standing beside the first message.

`begin` writes that the shop will be asked, in the transaction that opens the
conversation; `fetch` asks after the commit.  The parts are asked in parallel and
there are less than two seconds for all of them: what is not there by then is
`missing`, and the agent sees that, with a button to ask again.  Nobody waits for
the shop to get into the queue.

A shop seen down is left alone for a while (`shop.DOWN_FOR`).  A process that dies between `begin`
and the answer leaves a row saying `asking`: `sweep` takes it up.

An order is shown only when the shop says it belongs to the very account the
customer proved.  Any other number stays a claim: the agent sees what was typed and
nothing of the order, and cannot tell whether it exists.  Of an order that was proved
by the last four digits alone only the status is kept: no keys, payment or targets.

Does not: decide who may look (`desk`), or fetch earlier conversations (ours).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec
from msgspec import UNSET, UnsetType

from mashang.kit.db import Database, Json, Tx
from mashang.kit.events import Event
from mashang.kit.log import log
from mashang.shops import contract, matters, shop
from mashang.shops.connector import ShopFailed
from mashang.shops.http import Shops
from mashang.shops.questions import ABOUT_A_CUSTOMER, CAPABILITIES, PARTS, Ask, Failed, Found, OwnOrder, ask_all

STUCK_AFTER = timedelta(seconds=5)
GIVEN_UP_AFTER = timedelta(seconds=60)
TALKED_ABOUT_FOR = timedelta(days=1)
_SWEPT_AT_ONCE = 20

Status = Literal["asking", "complete", "partial", "unanswered", "nothing_to_ask"]


class ContextAnswered(Event, frozen=True):
    """A snapshot has its final state; `status` is not 'asking'."""

    conversation_id: int
    status: str


class Asker(Protocol):
    """Whom the context is about: a customer, proved or not."""

    @property
    def site_id(self) -> int: ...
    @property
    def shop_id(self) -> int | None: ...
    @property
    def subject(self) -> str | None: ...


class ClaimedOrder(msgspec.Struct):
    """A number somebody gave; nothing of it is proved."""

    number: str
    proved: bool = False


class Context(msgspec.Struct, kw_only=True):
    """What the shop knows; `missing` names the parts without an answer, `reason` why the first of them has none."""

    account: contract.Account | UnsetType = UNSET
    order: OwnOrder | UnsetType = UNSET
    claimed_order: ClaimedOrder | UnsetType = UNSET
    orders: list[contract.OrderSummary] = []
    incidents: list[contract.Incident] = []
    promotions: list[contract.Promotion] = []
    missing: list[str] = []
    reason: str | UnsetType = UNSET


class View(Context, kw_only=True):
    """A snapshot as the desk shows it; `retry_at`: the shop is left alone until then.

    `reported`: what the shop told by itself of this customer's own order and the order as it was answered does not say.
    """

    status: Status
    reported: list[contract.Anomaly] = []
    asked_at: datetime
    answered_at: datetime | UnsetType = UNSET
    retry_at: datetime | UnsetType = UNSET


class _Snapshot(msgspec.Struct, kw_only=True):
    ask: Ask
    seen: Context


class _Asking(msgspec.Struct, kw_only=True):
    """A snapshot that waits for its answer, and the shop to ask."""

    conversation_id: int
    asked_at: datetime
    data: _Snapshot
    shop_id: int
    base_url: str
    key_id: str
    secret_sealed: bytes
    is_down: bool
    is_new: bool  # it was never asked what it can do


async def begin(
    tx: Tx,
    conversation_id: int,
    customer: Asker,
    order_number: str | None,
    parts: list[str] | tuple[str, ...],
    *,
    status_of: str | None = None,
) -> Status:
    """Write what the shop is to be asked; `fetch` after the commit.  A later call begins anew.

    `status_of` is the owner of the order, where the customer proved no more than that order.
    """
    shop_id = customer.shop_id or await tx.value("select shop_id from site where id = %s", (customer.site_id,))
    ask = Ask(
        shop_id=shop_id,
        subject=customer.subject,
        order_number=order_number,
        parts=_askable(parts, customer.subject, order_number, status_of) if shop_id else [],
        status_of=None if customer.subject else status_of,
    )
    seen = Context(claimed_order=ClaimedOrder(order_number) if order_number else UNSET)
    status: Status = "asking" if ask.parts else "nothing_to_ask"
    await tx.run(
        """
        insert into context_snapshot (conversation_id, status, data, asked_at)
        values (%(id)s, %(status)s, %(data)s, app_now())
        on conflict (conversation_id) do update
        set status = excluded.status, data = excluded.data, asked_at = excluded.asked_at, answered_at = null
        """,
        {"id": conversation_id, "status": status, "data": Json(_Snapshot(ask=ask, seen=seen))},
    )
    return status


async def fetch(db: Database, shops: Shops, conversation_id: int) -> None:
    """Ask the shop and keep its answer; nothing to do unless the snapshot says 'asking'.

    A shop that fails is a result, not an error: this raises for our own bugs only.
    """
    async with db.transaction() as tx:
        asking = await _asking(tx, conversation_id)
    if asking is None:
        return
    found, failed = await _ask(asking, shops)
    capabilities = found.pop(CAPABILITIES, None)
    failed.pop(CAPABILITIES, None)
    async with db.transaction() as tx:
        await _note(tx, asking, found, failed)
        if capabilities is not None:
            await shop.note_capabilities(tx, asking.shop_id, capabilities)
        await _store(tx, asking, found, failed)


async def refresh(db: Database, shops: Shops, conversation_id: int) -> None:
    """Ask again; what is known stays where the shop does not answer now."""
    async with db.transaction() as tx:
        await tx.run(
            "update context_snapshot set status = 'asking', asked_at = app_now()"
            " where conversation_id = %s and status not in ('asking', 'nothing_to_ask')",
            (conversation_id,),
        )
    await fetch(db, shops, conversation_id)


async def refresh_about(db: Database, shops: Shops, shop_id: int, order_number: str) -> int:
    """The shop reported something of this order: ask again where its owner talks about it today.  How many."""
    async with db.transaction() as tx:
        about = await tx.all(
            """
            select conversation_id from context_snapshot
            where data->'ask'->>'order_number' = %s and data->'ask'->>'shop_id' = %s
              and data->'ask'->>'subject' is not null and asked_at > app_now() - %s
            order by asked_at desc limit %s
            """,
            (order_number, str(shop_id), TALKED_ABOUT_FOR, _SWEPT_AT_ONCE),
        )
    await asyncio.gather(*(refresh(db, shops, row["conversation_id"]) for row in about))
    return len(about)


async def view(tx: Tx, conversation_id: int) -> View | None:
    """The snapshot of a conversation, or None when it has none."""
    row = await tx.first(
        """
        select s.status, s.data, s.asked_at, s.answered_at, shop.last_error,
               case when shop.down_until > app_now() then shop.down_until end as retry_at
        from context_snapshot s left join shop on shop.id = (s.data->'ask'->>'shop_id')::bigint
        where s.conversation_id = %s
        """,
        (conversation_id,),
    )
    if row is None:
        return None
    snapshot = msgspec.convert(row["data"], _Snapshot)
    seen = snapshot.seen
    if seen.reason == "left_alone":  # because of what was seen just before
        seen.reason = row["last_error"] or UNSET
    return View(
        status=row["status"],
        asked_at=row["asked_at"],
        answered_at=row["answered_at"] or UNSET,
        retry_at=row["retry_at"] or UNSET,
        reported=await _reported(tx, snapshot),
        **msgspec.structs.asdict(seen),
    )


async def _reported(tx: Tx, snapshot: _Snapshot) -> list[contract.Anomaly]:
    ask, order = snapshot.ask, snapshot.seen.order
    if ask.shop_id is None or ask.subject is None or ask.order_number is None:
        return []
    said = order.anomaly.kind if order is not UNSET and order.anomaly else None
    found = await matters.open_of(tx, ask.shop_id, ask.subject, ask.order_number)
    return [contract.Anomaly(kind=one.kind, text=one.text, since=one.since) for one in found if one.kind != said]


async def sweep(db: Database, shops: Shops) -> int:
    """Take up snapshots whose asking was cut short; give up on those a minute old.  How many."""
    async with db.transaction() as tx:
        given_up = await tx.all(
            "update context_snapshot set status = 'unanswered' where status = 'asking' and asked_at < app_now() - %s"
            " returning conversation_id",
            (GIVEN_UP_AFTER,),
        )
        for row in given_up:
            tx.emit(ContextAnswered(row["conversation_id"], "unanswered"))
        stuck = await tx.all(
            "select conversation_id from context_snapshot where status = 'asking' and asked_at < app_now() - %s"
            " order by asked_at limit %s",
            (STUCK_AFTER, _SWEPT_AT_ONCE),
        )
    await asyncio.gather(*(fetch(db, shops, row["conversation_id"]) for row in stuck))
    return len(given_up) + len(stuck)


def _askable(
    parts: list[str] | tuple[str, ...], subject: str | None, order_number: str | None, status_of: str | None
) -> list[str]:
    """The parts that make sense to ask: nothing about a person nobody proved to be."""
    wanted = [part for part in PARTS if part in parts]
    if subject is None:
        about = ABOUT_A_CUSTOMER - {"order"} if status_of else ABOUT_A_CUSTOMER
        wanted = [part for part in wanted if part not in about]
    return [part for part in wanted if part != "order" or order_number]


async def _asking(tx: Tx, conversation_id: int) -> _Asking | None:
    row = await tx.first(
        """
        select s.conversation_id, s.asked_at, s.data, shop.id as shop_id, shop.base_url, shop.key_id,
               shop.secret_sealed, coalesce(shop.down_until > app_now(), false) as is_down,
               shop.capabilities is null as is_new
        from context_snapshot s join shop on shop.id = (s.data->'ask'->>'shop_id')::bigint
        where s.conversation_id = %s and s.status = 'asking'
        """,
        (conversation_id,),
    )
    return None if row is None else _Asking(**{**row, "data": msgspec.convert(row["data"], _Snapshot)})


async def _ask(asking: _Asking, shops: Shops) -> tuple[Found, Failed]:
    ask = asking.data.ask
    if asking.is_down:
        return {}, dict.fromkeys(ask.parts, ShopFailed("left_alone"))
    try:
        connector = shops.connector(asking.base_url, asking.key_id, asking.secret_sealed)
    except ShopFailed as failure:
        return {}, dict.fromkeys(ask.parts, failure)
    return await ask_all(connector, ask, [*ask.parts, CAPABILITIES] if asking.is_new else ask.parts)


async def _note(tx: Tx, asking: _Asking, found: Found, failed: Failed) -> None:
    """Keep how the shop did, so that the next conversation need not find out again."""
    if asking.is_down:
        return
    error = next(iter(failed.values()), None)
    if error:
        log.warning("shop_failed", shop=asking.shop_id, parts=sorted(failed), reason=error.reason)
    if found or error is None:
        await shop.note_answer(tx, asking.shop_id, error=error.reason if error else None)
    else:
        await shop.note_failure(tx, asking.shop_id, error.reason, looks_down=error.looks_down)


async def _store(tx: Tx, asking: _Asking, found: Found, failed: Failed) -> None:
    status: Status = "complete" if not failed else "partial" if found else "unanswered"
    snapshot = _Snapshot(ask=asking.data.ask, seen=_merged(asking.data, found, failed))
    stored = await tx.run(
        """
        update context_snapshot
        set status = %(status)s, data = %(data)s,
            answered_at = case when %(answered)s then app_now() else answered_at end
        where conversation_id = %(id)s and status = 'asking' and asked_at = %(asked_at)s
        """,
        {
            "status": status,
            "data": Json(snapshot),
            "answered": bool(found),
            "id": asking.conversation_id,
            "asked_at": asking.asked_at,
        },
    )
    if stored:
        tx.emit(ContextAnswered(asking.conversation_id, status))


def _merged(snapshot: _Snapshot, found: Found, failed: Failed) -> Context:
    """What was known, with what is new; a part that failed keeps its former answer."""
    seen = msgspec.structs.asdict(snapshot.seen)
    for part, answer in found.items():
        seen[part] = UNSET if answer is None else answer
    number = snapshot.ask.order_number
    seen["claimed_order"] = ClaimedOrder(number) if number and seen["order"] is UNSET else UNSET
    seen["missing"] = sorted(failed)
    seen["reason"] = next((failure.reason for failure in failed.values()), UNSET)
    return Context(**seen)
