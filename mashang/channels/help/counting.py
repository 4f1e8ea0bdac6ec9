"""What the help centre counts by day: which articles were read, which helped, and what was searched in vain.

A page does not wait for being counted: a process adds up in memory and writes every two seconds, one statement however
many read meanwhile.  What a process that is killed had not written is lost.

A vote is a row: one for an article, a day and a visitor, the last one counts.  So is a search that found nothing: the
same words of the same visitor are one on a day, and no more than some are kept of one visitor, and some thousand of
all, whatever robots type.  Who it was is kept as a hash under a key of ours that changes with the day, so nobody can
be followed by it.  Of what was searched only what may be kept is: secrets, long numbers and addresses are masked.

The only writer of `help_read`, `help_vote` and `help_search`.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import date

import psycopg
from psycopg_pool import PoolTimeout

from mashang.codes import declared
from mashang.guard import masking
from mashang.guard.masking import DOTS, Rules
from mashang.kit.db import Database, Tx
from mashang.kit.log import log
from mashang.kit.sealing import Sealer
from mashang.kit.text import printable
from mashang.knowledge.reading import Published
from mashang.staff.installation import TODAY

KEPT = "400 days"
_EVERY = 2.0  # seconds
_LONGEST_WORDS = 60
_MOST_A_DAY = 5000  # searches in vain that are kept
_MOST_OF_ONE = 20  # of them of one visitor
_MOST_AT_ONCE = 500  # of them between two writes
# What is somebody's own and asks for nothing: numbers of orders, telephones and accounts, and mail addresses.
_OWN = re.compile(r"[A-Za-z]{0,4}\d(?:[ -]?\d){5,}|[^\s@]{1,64}@[^\s@]{1,255}")

Missed = tuple[str, str, str]  # words, locale, visitor


class HelpCounts:
    """What this process has counted and not written yet."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db, self._sealer = db, sealer
        self._reads: Counter[str] = Counter()
        self._missed: set[Missed] = set()

    def read(self, article: Published) -> None:
        """Somebody opened it."""
        self._reads[article.id] += 1

    def missed(self, words: str, locale: str, visitor: str) -> None:
        """This visitor (a side of the network, a customer) searched for this, and nothing was found."""
        said = " ".join(printable(words).split())[: 4 * _LONGEST_WORDS]
        if said and len(self._missed) < _MOST_AT_ONCE:
            self._missed.add((said, locale, visitor))

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
        reads, self._reads = self._reads, Counter()
        missed, self._missed = self._missed, set()
        if not reads and not missed:
            return
        try:
            rules = await declared.rules(self._db)
            kept = {(kept_words(words, rules), locale, visitor) for words, locale, visitor in missed}
            async with self._db.transaction() as tx:
                await _add_reads(tx, reads)
                await _add_missed(tx, self._sealer, kept)
        except (psycopg.Error, PoolTimeout) as error:
            log.warning("help_not_counted", error=type(error).__name__)
            self._reads.update(reads)
            self._missed |= missed


def kept_words(words: str, rules: Rules) -> str:
    """What was searched, as it may be kept."""
    said = " ".join(printable(words).split())[: 4 * _LONGEST_WORDS]
    return _OWN.sub(DOTS, masking.mask(said, rules).text).casefold()[:_LONGEST_WORDS]


async def _add_reads(tx: Tx, reads: Counter[str]) -> None:
    await tx.run(
        f"""
        insert into help_read as r (day, article_id, number)
        select {TODAY}, a.id, x.number from unnest(%s::text[], %s::int[]) as x (public_id, number)
        join article a using (public_id) order by a.id
        on conflict (day, article_id) do update set number = r.number + excluded.number
        """,
        (list(reads), list(reads.values())),
    )


async def _add_missed(tx: Tx, sealer: Sealer, missed: set[Missed]) -> None:
    today = await tx.value(f"select {TODAY}")
    rows = sorted(missed)  # in one order: two processes wait for each other and never both
    await tx.run(
        """
        insert into help_search (day, words, locale, searcher)
        select %(day)s, x.words, x.locale, x.searcher from (
            select *, row_number() over (partition by searcher order by place) as n
            from unnest(%(words)s::text[], %(locales)s::text[], %(searchers)s::bytea[]) with ordinality
                as x (words, locale, searcher, place)
        ) x
        where (select count(*) from help_search where day = %(day)s) < %(most)s
            and n + (select count(*) from help_search h where h.day = %(day)s and h.searcher = x.searcher) <= %(of_one)s
        order by x.place
        on conflict do nothing
        """,
        {
            "day": today,
            "words": [words for words, _, _ in rows],
            "locales": [locale for _, locale, _ in rows],
            "searchers": [_hashed(sealer, today, visitor, "help search") for _, _, visitor in rows],
            "most": _MOST_A_DAY,
            "of_one": _MOST_OF_ONE,
        },
    )


def _hashed(sealer: Sealer, today: date, visitor: str, purpose: str) -> bytes:
    return sealer.sign(f"{today}:{visitor}".encode(), purpose)[:16]


async def most_read(tx: Tx, limit: int) -> list[str]:
    """The public ids of what was read most in the last thirty days."""
    rows = await tx.all(
        f"""
        select a.public_id from help_read r join article a on a.id = r.article_id
        where r.day > {TODAY} - 30 group by a.id order by sum(r.number) desc, a.id limit %s
        """,
        (limit,),
    )
    return [row["public_id"] for row in rows]


async def vote(
    tx: Tx, sealer: Sealer, article: Published, *, side: str, locale: str, helpful: bool, words: str = ""
) -> None:
    """Somebody who had searched for these `words` (as they may be kept) says whether it helped; again changes that."""
    today = await tx.value(f"select {TODAY}")
    await tx.run(
        """
        insert into help_vote (day, article_id, voter, is_helpful, locale, version, words)
        select %(day)s, id, %(voter)s, %(helpful)s, %(locale)s, %(version)s, %(words)s
        from article where public_id = %(article)s
        on conflict (day, article_id, voter) do update set is_helpful = excluded.is_helpful,
            locale = excluded.locale, version = excluded.version, words = excluded.words, at = app_now()
        """,
        {
            "day": today,
            "voter": _hashed(sealer, today, side, "help vote"),
            "helpful": helpful,
            "locale": locale,
            "version": article.version,
            "article": article.id,
            "words": words,
        },
    )


async def sweep(tx: Tx) -> None:
    """Forget what is older than anybody compares."""
    for table in ("help_read", "help_vote", "help_search"):
        await tx.run(f"delete from {table} where day < {TODAY} - interval '{KEPT}'")
