"""How often each code was asked for, and what came of it: numbers by day, without anybody's name or words.

What leads to a conversation is written down there (`redemption`).  Everything else would leave no trace: the code box
asked back, the code was over, nobody knew it.  For that there is a counter for each day, topic and outcome.

An answer does not wait for its being counted: a process adds up in memory and writes every two seconds, one statement
however many asked meanwhile, so a storm of questions costs what a single one costs.  What a process that is killed had
not written is lost: at most two seconds of counting, never work.

Does not: keep what was typed or by whom (a code nobody knows may be somebody's password), or say what the numbers mean
(`desk.code_figures`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Literal

import psycopg
from psycopg_pool import PoolTimeout

from mashang.codes.answers import Ambiguous, Answer, Expired, Matched, Reference, Unknown
from mashang.codes.code import Topic, is_topic_code, normalise
from mashang.codes.topics import index
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.log import log
from mashang.staff.installation import TODAY

# What was answered: led to its topic as it was typed, or corrected; asked which one was meant (once for all, and once
# for each topic among the choices); its time was over; it was taken out of use; a code with an order's number behind
# it; a minted code, or what looks like a misread one; nothing known.  And what came of having asked, again for all and
# for each topic among the choices: it was chosen, another was, a person without a code was.
What = Literal[
    "matched", "corrected", "asked", "expired", "archived", "reference", "minted", "misread", "unknown",
    "chosen", "chose_another", "chose_person",
]  # fmt: skip
KEPT = "400 days"
_EVERY = 2.0  # seconds


class Counts:
    """What this process has counted and not written yet."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._counted: Counter[tuple[What, int | None]] = Counter()

    def count(self, what: What, *topics: Topic | int | None) -> None:
        """One more of this, for each of these topics (or their row numbers); None for the sum of all."""
        for topic in topics or (None,):
            self._counted[what, topic.id if isinstance(topic, Topic) else topic] += 1

    def answered(self, answer: Answer) -> None:
        """What the code box read in a text, when that was a topic."""
        match answer:
            case Matched(topic):
                self.count("corrected" if answer.corrected else "matched", topic)
            case Expired(topic):
                self.count("expired", topic)
            case Reference(topic):
                self.count("reference", topic)
            case Ambiguous(topics):
                self.count("asked", None, *topics)

    async def unknown(self, tx: Tx, typed: str) -> None:
        """Nobody knows it, or it is the code of a topic that was taken out of use."""
        former = await _archived(tx, typed)
        self.count("archived" if former else "unknown", former)

    async def refused(self, tx: Tx, code: str) -> None:
        """A code that a page chose for its customer opened nothing."""
        match (await index(tx)).match(code, clock.now()):
            case Expired() as over:
                self.answered(over)
            case Unknown():
                await self.unknown(tx, code)

    def settled(self, asked: Ambiguous, chosen: str | None) -> None:
        """A conversation was opened with a text that had been asked about; `chosen` is its topic's code."""
        for topic in (None, *asked.topics):
            here = chosen in {one.code for one in asked.topics} if topic is None else chosen == topic.code
            self.count("chosen" if here else "chose_another" if chosen else "chose_person", topic)

    async def run(self) -> None:
        """Write again and again until cancelled, and what is left then."""
        try:
            while True:
                await asyncio.sleep(_EVERY)
                await self.write()
        finally:
            await self.write()

    async def write(self) -> None:
        """Add what was counted to the rows; what cannot be written now stays counted."""
        counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            async with self._db.transaction() as tx:
                await _add(tx, counted)
        except (psycopg.Error, PoolTimeout) as error:
            log.warning("counts_not_written", error=type(error).__name__)
            self._counted.update(counted)


async def _add(tx: Tx, counted: Counter[tuple[What, int | None]]) -> None:
    # In one order, so that two processes wait for each other and never both.
    rows = sorted(
        ((what, topic, number) for (what, topic), number in counted.items()), key=lambda row: (row[0], row[1] or 0)
    )
    await tx.run(
        f"""
        insert into code_count as c (day, what, topic_id, number)
        select {TODAY}, x.what, x.topic_id, x.number
        from unnest(%s::text[], %s::bigint[], %s::bigint[]) with ordinality as x (what, topic_id, number, place)
        order by x.place
        on conflict (day, what, topic_id) do update set number = c.number + excluded.number
        """,
        tuple([row[place] for row in rows] for place in range(3)),
    )


async def _archived(tx: Tx, typed: str) -> int | None:
    """The topic that had this code and was taken out of use; its row number."""
    code = normalise(typed)
    if not is_topic_code(code):
        return None
    found: int | None = await tx.value("select id from topic where code = %s and archived_at is not null", (code,))
    return found


async def sweep(tx: Tx) -> None:
    """Forget what is older than anybody compares."""
    await tx.run(f"delete from code_count where day < {TODAY} - interval '{KEPT}'")
