"""Incidents: what keeps many customers waiting, from the moment somebody says so until it is over.

An operator's and a shop's stand in one table and look alike to everybody who is told.  A shop tells by itself (an
event), or answers when it is asked: one that an answer named and another names no longer is over.  What a shop says is
heard in its order: an older event, and an answer that was asked for before the last thing heard, change nothing.

One that is over stays over when an operator ended it, whatever the shop repeats.  Else the shop's naming it again opens
a new one, but not within `AGAIN_AFTER`: until then an answer that names it changes nothing, and an event opens the same
one again.  Whoever was told of it is not told again, and whoever was told its end is not told that again either; the
others hear of the end that lasts.

`announced` (it has not started), on, or over: `ON` says in SQL which are on at this moment, also before `due` has
written down that the time of one has come.

Does not: know whose conversations it concerns, or tell customers (`conversations.affected`, `channels.web.notices`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from mashang.kit import clock, ids
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound, Refusal
from mashang.kit.events import Event
from mashang.kit.log import log
from mashang.shops import contract
from mashang.shops.incident import EARLIEST, Ending, Incident, Said, Source, bounded, demand_sense
from mashang.staff import audit
from mashang.staff.agents import Agent

AGAIN_AFTER = timedelta(minutes=5)
CONFIRMED_EVERY = timedelta(minutes=1)
MOST_OF_A_SHOP = 50  # open at a time, as many as one answer may name

# An incident `i` that is on; that is on or will be within a day.
ON = "(i.closed_at is null and i.starts_at <= app_now() and coalesce(i.ends_at > app_now(), true))"
NEAR = (
    "(i.closed_at is null and i.starts_at <= app_now() + interval '1 day' and coalesce(i.ends_at > app_now(), true)"
    " and coalesce(i.ends_at > i.starts_at, true))"
)


class IncidentOver(Refusal):
    """It has ended: it is not changed any more, and nothing new belongs to it."""

    status, code = 409, "incident_over"


class IncidentMoved(Refusal):
    """Somebody else, or its shop, has changed it since it was read: `version`."""

    status, code = 409, "incident_moved"


class ShopsOwn(Refusal):
    """The shop told it, and only the shop changes its words and times; anybody may end it."""

    status, code = 409, "incident_of_a_shop"


class IncidentsChanged(Event, frozen=True):
    """One was opened, changed or ended, or its time has come."""


_PLAIN = Ending()
_COLUMNS = ", ".join(f"i.{name}" for name in Incident.__struct_fields__)


async def open_(tx: Tx, by: Agent, said: Said, shop_id: int | None) -> Incident:
    """An operator opens one, for the sites of a shop or for all; raises Invalid."""
    demand_sense(said)
    made = await _write(tx, "operator", said, shop_id=shop_id)
    await audit.record(tx, by, "incident.opened", made.public_id, after=msgspec.to_builtins(made.said))
    tx.emit(IncidentsChanged())
    return made


async def change(tx: Tx, by: Agent, public_id: str, said: Said, *, version: int) -> Incident:
    """An operator changes one of their own; raises NotFound, ShopsOwn, IncidentOver, IncidentMoved, Invalid."""
    before = await _lock(tx, public_id)
    if before.source == "shop":
        raise ShopsOwn
    if before.closed_at is not None:
        raise IncidentOver
    if before.version != version:
        raise IncidentMoved(version=before.version)
    demand_sense(said, began=before.starts_at)
    after = await _rewrite(tx, before.id, said)
    was, said_now = msgspec.to_builtins(before.said), msgspec.to_builtins(after.said)
    await audit.record(tx, by, "incident.changed", public_id, before=was, after=said_now)
    tx.emit(IncidentsChanged())
    return after


async def end(tx: Tx, by: Agent, public_id: str, ending: Ending) -> Incident:
    """An operator ends one, whoever opened it; one that is over stays as it ended.  Raises NotFound."""
    before = await _lock(tx, public_id)
    if before.closed_at is not None:
        return before
    after = await _close(tx, before, "operator", ending)
    await audit.record(tx, by, "incident.ended", public_id, after={"title": after.title, **msgspec.to_builtins(ending)})
    return after


async def heard(tx: Tx, shop_id: int, one: contract.Incident, at: datetime) -> None:
    """A shop tells of one by itself; `at` by its own clock."""
    at = min(bounded(at), clock.now())
    await _one_at_a_time(tx, shop_id)
    last = await _last(tx, shop_id, one.id)
    if last and last.reported_at and at < last.reported_at:
        return
    await _hear(tx, shop_id, last, one, reported_at=at)


async def answered(tx: Tx, shop_id: int, named: Sequence[contract.Incident], asked_at: datetime) -> None:
    """A shop was asked, at `asked_at` by our clock, and names all that are on."""
    await _one_at_a_time(tx, shop_id)
    open_now = {row.told_as: row for row in await _open_of(tx, shop_id)}
    for one in named:
        last = open_now.get(one.id) or await _last(tx, shop_id, one.id)
        if not _is_stale(last, asked_at):
            await _hear(tx, shop_id, last, one)
    for told_as, row in open_now.items():
        if row.listed and told_as not in {one.id for one in named} and not _is_stale(row, asked_at):
            await _close(tx, row, "shop")
    await tx.run(
        "update incident set heard_at = greatest(heard_at, %(asked)s), listed = listed or told_as = any (%(named)s)"
        " where closed_at is null and shop_id = %(shop)s and told_as is not null"
        " and (heard_at < %(asked)s - %(every)s or (not listed and told_as = any (%(named)s)))",
        {"asked": asked_at, "shop": shop_id, "named": [one.id for one in named], "every": CONFIRMED_EVERY / 2},
    )


def _is_stale(last: Incident | None, asked_at: datetime) -> bool:
    """Was this answer asked for before the last that was heard of it, or too soon after its end?"""
    if last is None:
        return False
    heard_at = last.heard_at or EARLIEST
    return asked_at < (heard_at if last.closed_at is None else last.closed_at + AGAIN_AFTER)


async def _hear(
    tx: Tx, shop_id: int, last: Incident | None, one: contract.Incident, reported_at: datetime | None = None
) -> None:
    said = Said.of(one)
    if last is not None and last.closed_at is None:
        await _hear_again(tx, last, said, reported_at)
        return
    if said.is_over or (last is not None and last.closed_by == "operator"):
        return
    if len(await _open_of(tx, shop_id)) >= MOST_OF_A_SHOP:
        log.warning("incident_too_many", shop=shop_id)
        return
    if last is not None and last.closed_at is not None and clock.now() < last.closed_at + AGAIN_AFTER:
        await tx.run("update incident set closed_at = null, closed_by = null where id = %s", (last.id,))
        await _rewrite(tx, last.id, said, reported_at=reported_at)
    else:
        await _write(tx, "shop", said, shop_id=shop_id, told_as=one.id, reported_at=reported_at)
    tx.emit(IncidentsChanged())


async def _hear_again(tx: Tx, last: Incident, said: Said, reported_at: datetime | None) -> None:
    if said.is_over:
        await _close(tx, last, "shop", reported_at=reported_at)
    elif said != last.said:
        await _rewrite(tx, last.id, said, reported_at=reported_at)
        tx.emit(IncidentsChanged())
    elif reported_at:
        await tx.run("update incident set reported_at = %s, heard_at = app_now() where id = %s", (reported_at, last.id))


async def due(tx: Tx) -> int:
    """Write down that the time of some is over; how many."""
    over = await tx.all(
        """
        update incident i set closed_at = least(greatest(ends_at, starts_at), app_now()), closed_by = 'time',
            version = version + 1
        where closed_at is null and ends_at <= app_now() returning id
        """
    )
    if over:
        tx.emit(IncidentsChanged())
    return len(over)


async def near(tx: Tx) -> list[Incident]:
    """Those that are on or will be within a day, the ones that are on first, newest start first."""
    return await tx.all(
        f"select {_COLUMNS} from incident i where {NEAR} order by {ON} desc, i.starts_at desc, i.id desc limit 200",
        into=Incident,
    )


async def on_at(tx: Tx, at: datetime) -> list[Incident]:
    """Those that were on at an instant of the past, newest start first."""
    return await tx.all(
        f"select {_COLUMNS} from incident i where i.starts_at <= %(at)s and coalesce(i.closed_at > %(at)s, true)"
        " and coalesce(i.ends_at > %(at)s, true) order by i.starts_at desc, i.id desc limit 200",
        {"at": at},
        into=Incident,
    )


async def find(tx: Tx, public_id: str) -> Incident:
    """By public id; raises NotFound."""
    row = await tx.first(f"select {_COLUMNS} from incident i where i.public_id = %s", (public_id,), into=Incident)
    if row is None:
        raise NotFound
    return row


async def unconfirmed(tx: Tx) -> list[int]:
    """Shops that told of one without an end, and were not heard of it for a minute: they are asked again."""
    rows = await tx.all(
        """
        select distinct i.shop_id from incident i join shop s on s.id = i.shop_id
        where i.closed_at is null and i.source = 'shop' and i.heard_at < app_now() - %s
          and s.archived_at is null and coalesce(s.down_until <= app_now(), true)
        """,
        (CONFIRMED_EVERY,),
    )
    return [row["shop_id"] for row in rows]


async def _lock(tx: Tx, public_id: str) -> Incident:
    row = await tx.first(
        f"select {_COLUMNS} from incident i where i.public_id = %s for update", (public_id,), into=Incident
    )
    if row is None:
        raise NotFound
    return row


async def _one_at_a_time(tx: Tx, shop_id: int) -> None:
    """Two tellings of one shop come one after the other."""
    await tx.run("select 1 from shop where id = %s for no key update", (shop_id,))


async def _last(tx: Tx, shop_id: int, told_as: str) -> Incident | None:
    """The shop's incident of this id, or the last there was."""
    return await tx.first(
        f"select {_COLUMNS} from incident i where i.shop_id = %s and i.told_as = %s order by i.id desc limit 1",
        (shop_id, told_as),
        into=Incident,
    )


async def _open_of(tx: Tx, shop_id: int) -> list[Incident]:
    return await tx.all(
        f"select {_COLUMNS} from incident i where i.shop_id = %s and i.told_as is not null and i.closed_at is null"
        " order by i.id",
        (shop_id,),
        into=Incident,
    )


async def _write(
    tx: Tx,
    source: Source,
    said: Said,
    *,
    shop_id: int | None,
    told_as: str | None = None,
    reported_at: datetime | None = None,
) -> Incident:
    return await tx.one(
        f"""
        insert into incident as i (public_id, source, shop_id, told_as, title, title_en, text, text_en, starts_at,
            ends_at, codes, reported_at, heard_at)
        values (%(public_id)s, %(source)s, %(shop_id)s, %(told_as)s, %(title)s, %(title_en)s, %(text)s, %(text_en)s,
            %(starts_at)s, %(ends_at)s, %(codes)s, %(reported_at)s,
            case when %(told_as)s::text is not null then app_now() end)
        returning {_COLUMNS}
        """,
        {
            **msgspec.structs.asdict(said), "public_id": ids.public_id(), "source": source, "shop_id": shop_id,
            "told_as": told_as, "reported_at": reported_at,
        },
        into=Incident,
    )  # fmt: skip


async def _rewrite(tx: Tx, id: int, said: Said, *, reported_at: datetime | None = None) -> Incident:
    return await tx.one(
        f"""
        update incident i set title = %(title)s, title_en = %(title_en)s, text = %(text)s, text_en = %(text_en)s,
            starts_at = %(starts_at)s, ends_at = %(ends_at)s, codes = %(codes)s, version = version + 1,
            reported_at = coalesce(%(reported_at)s, reported_at),
            heard_at = case when told_as is not null then app_now() end
        where i.id = %(id)s returning {_COLUMNS}
        """,
        {**msgspec.structs.asdict(said), "id": id, "reported_at": reported_at},
        into=Incident,
    )


async def _close(
    tx: Tx, before: Incident, by: str, ending: Ending = _PLAIN, *, reported_at: datetime | None = None
) -> Incident:
    """It is over; of two endings the first counts."""
    closed = await tx.first(
        f"""
        update incident i set closed_at = app_now(), closed_by = %(by)s, quiet = %(quiet)s, end_text = %(text)s,
            end_text_en = %(text_en)s, version = version + 1, reported_at = coalesce(%(reported_at)s, reported_at)
        where i.id = %(id)s and i.closed_at is null returning {_COLUMNS}
        """,
        {**msgspec.structs.asdict(ending), "id": before.id, "by": by, "reported_at": reported_at},
        into=Incident,
    )
    tx.emit(IncidentsChanged())
    return closed or before
