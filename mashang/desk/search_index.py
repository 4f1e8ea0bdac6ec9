"""Keeps the index of what was said, some seconds behind the conversation.

Storing a message must cost nothing more because it can be found: so this sweep reads what
was stored since it last looked, in the order of time and in small bites, never more than a
twentieth of the time.  What it has not come to yet, `search` reads as it stands; so nothing
is ever missing, and a burst only makes finding a little slower for a while.

`indexed_until` passes an instant only when every transaction that may still bring an entry
from before it has ended.  A clock that was set back sets it back, too.

What was taken back leaves the index with the entry that tells of it.

Does not: keep the words (pairs of characters are enough), or find anything (`search`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from mashang.conversations import recalling
from mashang.kit.db import Database, Tx

# What can be found of an entry e: the words, or the name of a file; nothing of events and of our own greetings.
WORDS = "case when e.kind = 'file' then coalesce(e.data ->> 'name', '') else e.text end"
IS_SAID = "e.kind <> 'event' and e.author <> 'system'"

EVERY = 2.0  # seconds
_AT_MOST = 0.05 * EVERY  # seconds of work in a row
_SETTLES = timedelta(seconds=5)
_BITE = 300  # entries aimed at in one statement
_SHORTEST, _LONGEST = timedelta(milliseconds=1), timedelta(days=30)


class Indexer:
    """Remembers how long a stretch of time makes one bite."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._stretch = timedelta(seconds=30)

    async def sweep(self) -> int:
        """Index for a moment what has come; how many entries."""
        indexed, began = 0, monotonic()
        while monotonic() - began < _AT_MOST:
            bitten, goes_on = await self._bite()
            indexed += bitten
            if not goes_on:
                break
        return indexed

    async def _bite(self) -> tuple[int, bool]:
        """One stretch of time: how many entries, and whether more time is left behind it (and nobody else at it)."""
        async with self._db.transaction() as tx:
            horizon = await _horizon(tx)
            since = await tx.value("select indexed_until from search_progress for update skip locked")
            if since is None:
                return 0, False
            if since >= horizon:
                await _reached(tx, min(since, horizon + _SETTLES))
                return 0, False
            until = min(since + self._stretch, horizon)
            bitten = await _index(tx, since, until)
            await _forget(tx, since, until)
            await _reached(tx, until)
        if bitten > 2 * _BITE:
            self._stretch = max(self._stretch / 2, _SHORTEST)
        elif bitten < _BITE // 2:
            self._stretch = min(self._stretch * 2, _LONGEST)
        return bitten, until < horizon


async def forget(tx: Tx, conversation_id: int, seq: int) -> None:
    """This message was taken back."""
    await tx.run("delete from search_entry where conversation_id = %s and seq = %s", (conversation_id, seq))


async def _horizon(tx: Tx) -> datetime:
    """Everything before this instant is committed, or never will be.  Asked before, and not in, what reads it."""
    horizon: datetime = await tx.value(
        """
        select least(app_now() - %s, (
            select min(a.xact_start) from pg_stat_activity a
            where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
        ) + o.ahead) from clock_offset o
        """,
        (_SETTLES,),
    )
    return horizon


async def _reached(tx: Tx, until: datetime) -> None:
    await tx.run("update search_progress set indexed_until = %(at)s where indexed_until <> %(at)s", {"at": until})


async def _forget(tx: Tx, since: datetime, until: datetime) -> None:
    """What was taken back leaves no pairs of its characters behind."""
    await tx.run(
        """
        delete from search_entry s using entry told
        where told.at > %(since)s and told.at <= %(until)s and told.kind = 'event' and told.data ->> 'name' = %(told)s
            and s.conversation_id = told.conversation_id and s.seq = (told.data ->> 'seq')::int
        """,
        {"since": since, "until": until, "told": recalling.TOLD},
    )


async def _index(tx: Tx, since: datetime, until: datetime) -> int:
    return await tx.run(
        f"""
        insert into search_entry (conversation_id, seq, at, pairs)
        select e.conversation_id, e.seq, e.at, search_pairs({WORDS}) from entry e
        where e.at > %(since)s and e.at <= %(until)s and {IS_SAID} and {WORDS} <> ''
        on conflict do nothing
        """,
        {"since": since, "until": until},
    )
