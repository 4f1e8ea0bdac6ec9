"""What customers may be told now, ready to be found: one `Knowledge` in every process that serves.

It looks twice a second whether anything changed, an article whose time came or went included, and at once when it is
told to (`kick`, the reaction to KnowledgeChanged).  Only what reads differently is read again, and put into the index
in place of what was there, beside the event loop; the old index answers until then.  What is found comes from memory;
a search waits for nothing but the first look.  The model that knows how sure an answer is comes from elsewhere
(`relearning`) and is taken over when it is there.

Does not: change articles (`editing`); whoever shows one reads it anew (`reading.by_id`), so that one that was just
withdrawn is gone at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Literal

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.knowledge import reading, relearning, rendering, trust
from mashang.knowledge.calibration import Silent
from mashang.knowledge.finder import TARGET, Band, Found, Model, surer
from mashang.knowledge.indexing import Document, Hit, Index
from mashang.knowledge.packing import unpacked
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.reading import Category, Published
from mashang.knowledge.relearning import Stored

_EVERY = 0.5  # seconds between two looks


class Knowledge:
    """The published articles of this moment, by public id in the order of their categories, and what finds them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._mark = ""
        self._kicked = asyncio.Event()
        self._looking = asyncio.Lock()
        self._marks: Mapping[str, str] = {}
        self._plain: Plain = {}
        self._beside: dict[tuple[str, int, Locale, int], list[str]] = {}
        self._index = Index()
        self._learnt: Stored | None = None
        self._model: Model | None = None
        self._shifts: Mapping[str, float] = trust.NONE
        self.articles: Mapping[str, Published] = {}
        self.categories: Sequence[Category] = ()

    async def run(self) -> None:
        """Look again and again, until cancelled; a database that is away is asked again a second later."""
        while True:
            try:
                await self.look()
            except (psycopg.Error, PoolTimeout) as error:
                log.warning("knowledge_not_read", error=type(error).__name__)
            await self._pause()

    def kick(self) -> None:
        """Something changed: look now."""
        self._kicked.set()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(_EVERY):
                await self._kicked.wait()
        except TimeoutError:
            return
        self._kicked.clear()

    async def look(self) -> None:
        """Be as new as the database, whatever that takes."""
        async with self._looking:
            async with self._db.transaction() as tx:
                mark = await reading.mark(tx)
                if changed := mark != self._mark:
                    marks = await reading.marks(tx)
                    news = [one for one in marks if self._marks.get(one) != marks[one]]
                    read = await reading.published(tx, news) if news else []
                    categories = await reading.categories(tx)
                stored = await relearning.stored(tx)
                packed = await relearning.packed(tx) if stored and stored != self._learnt else None
                self._shifts = await trust.kept(tx)
            if changed:
                await self._hold(marks, read)
                self.categories = categories
                self._mark = mark
            if packed is not None and stored:
                await self._take(stored, packed)

    async def _hold(self, marks: Mapping[str, str], read: Sequence[Published]) -> None:
        """These from now on, those that were read anew among them; the index is made beside the event loop."""
        fresh = {one.id: one for one in read}
        gone = {one for one in self.articles if marks.get(one) != self._marks[one]}
        if gone or fresh:
            index, plain = await asyncio.to_thread(_indexed, self._index, gone, read)
            kept = {key: text for key, text in self._plain.items() if key[0] not in gone}
            self._index, self._plain = index, kept | plain
        still = {one: self.articles[one] for one in self.articles if one not in gone} | fresh
        self.articles = {one: still[one] for one in marks if one in still}  # one that went meanwhile is in none
        self._marks = {one: marks[one] for one in self.articles}
        self._beside = {}

    async def _take(self, stored: Stored, packed: bytes) -> None:
        """Answer with another model; one without thresholds of its own has those of the one before.

        One that cannot be read is taken away, so that it is learnt anew; the model before it goes on answering.
        """
        try:
            model = await asyncio.to_thread(unpacked, packed)
        except Exception:  # noqa: BLE001 — bytes of a disk or of another release: whatever is wrong with them
            log.exception("knowledge_model_unreadable")
            async with self._db.transaction() as tx:
                await relearning.take_away(tx, stored)
            self._learnt = stored
            return
        if not stored.is_calibrated and self._model:
            model = msgspec.structs.replace(model, calibration=self._model.calibration)
        self._model, self._learnt = model, stored

    @property
    def learnt(self) -> int:
        """How many articles it answers with."""
        return len(self._model.ids) if self._model else 0

    async def ready(self) -> Mapping[str, Published]:
        """The articles, once they were read for the first time."""
        if not self._mark:
            await self.look()
        return self.articles

    async def search(self, query: str, locale: str, limit: int) -> list[Hit]:
        """For people who type a few words: the articles that fit, best first."""
        await self.ready()
        return self._index.search(query, locale, limit)

    async def find(self, question: str, locale: str, target: float = TARGET) -> Found:  # noqa: ARG002 — the seam of all finders
        """For what a customer says: at most five articles, best first, how likely the first is right, and what to do.

        Languages are found by themselves; what was withdrawn since the model was learnt is left out.
        """
        if not self._mark:
            await self.look()
        if self._model is None:
            return Found(question, (), 0.0, "hand_over", "unlearned")
        found = self._heard(self._model, question, target)
        there = tuple(one for one in found.candidates if one.id in self.articles)
        if there == found.candidates:
            return found
        if not there:
            return Found(question, (), 0.0, "hand_over", "unsure")
        if there[0] == found.candidates[0]:
            return msgspec.structs.replace(found, candidates=there)
        band: Band = "hand_over" if found.band == "hand_over" else "suggest"
        return Found(question, there, there[0].p, band, "unsure")

    def _heard(self, model: Model, question: str, target: float) -> Found:
        """As it is written; where that is no answer, as pinyin.  What is only guessed is offered at most."""
        found = model.find(question, target, self._shifts)
        meant = self._index.meant(question) if found.band != "answer" else None
        if meant is None:
            return found
        again = model.find(meant.text, target, self._shifts)
        if meant.is_guess and again.band == "answer":
            again = msgspec.structs.replace(again, band="suggest", why="unsure")
        return surer(found, msgspec.structs.replace(again, question=question))

    async def silent(self, target: float) -> Silent | Literal["unlearned"]:
        """Why nothing is answered with what is known; empty when something is."""
        if not self._mark:
            await self.look()
        if self._model is None or not self.articles:
            return "unlearned"
        return self._model.calibration.silent(target)

    def plain(self, article: Published, locale: Locale) -> str:
        """An article's words without their marks."""
        key = (article.id, article.version, locale)
        if key not in self._plain:
            self._plain[key] = rendering.plain(article.texts[locale].body)
        return self._plain[key]

    async def beside(self, one: Published, locale: Locale, limit: int) -> Sequence[str]:
        """Other articles to read after this one: what its title finds, then its category; remembered until a change."""
        await self.ready()
        key = (one.id, one.version, locale, limit)
        if key not in self._beside:
            hits = self._index.search(one.texts[locale].title, locale, limit + 1)
            shelf = (other.id for other in self.articles.values() if other.category == one.category)
            near = dict.fromkeys([*(hit.article_id for hit in hits), *islice(shelf, limit + 1)])
            self._beside[key] = [other for other in near if other != one.id][:limit]
        return self._beside[key]


Plain = dict[tuple[str, int, Locale], str]


def _indexed(index: Index, gone: Collection[str], articles: Sequence[Published]) -> tuple[Index, Plain]:
    """The index without these articles and with those; and the words of those without their marks."""
    plain = {
        (one.id, one.version, locale): rendering.plain(text.body)
        for one in articles
        for locale, text in one.texts.items()
    }
    return index.changed(gone, [document for one in articles for document in _documents(one, plain)]), plain


def _documents(article: Published, plain: Plain) -> list[Document]:
    """One a language; how it is asked for in a language it is not written in counts for the one it is."""
    written = list(article.texts)
    return [
        Document(
            article_id=article.id,
            locale=locale,
            title=article.texts[locale].title,
            body=plain[article.id, article.version, locale],
            phrasings=tuple(
                phrasing
                for spoken, phrasings in article.phrasings.items()
                if spoken == locale or spoken not in written
                for phrasing in phrasings
            ),
            codes=article.codes,
        )
        for locale in written
    ]
