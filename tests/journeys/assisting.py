"""Words of the assistant, put into a running product as if it had said them: each kind of entry without the finding.

Does not: find or decide anything; the journeys with a real knowledge do that.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

from mashang.conversations import timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.insights import gaps
from mashang.kit.db import Database, Tx
from mashang.knowledge import relearning
from tests.patience import LEARNING, until
from tests.running import Product


@dataclass
class Scribe:
    """Writes into the newest conversation."""

    database: Database

    @classmethod
    @asynccontextmanager
    async def of(cls, product: Product) -> AsyncIterator[Scribe]:
        database = await Database.connect(product.dsn, pool_size=2)
        yield cls(database)
        await database.close()

    async def says(self, text: str, **part: Any) -> None:
        """One entry of it."""
        async with self.database.transaction() as tx:
            data = {"assistant": {"kind": "say", **part}}
            entry = NewEntry(conversation_id=await self._newest(tx), author=Author("assistant"), text=text, data=data)
            await timeline.append(tx, entry)

    async def asks(self, text: str, **part: Any) -> None:
        """A question of a playbook."""
        await self.says(text, kind="ask", **part)

    async def _newest(self, tx: Tx) -> int:
        return int(await tx.value("select max(id) from conversation"))


def options(*labels: str) -> list[dict[str, str]]:
    """Buttons; the last one is for none of these."""
    ids = [f"article:a{number}" for number in range(1, len(labels))] + ["none"]
    return [{"id": key, "label": label} for key, label in zip(ids, labels, strict=True)]


async def until_learnt(product: Product) -> None:
    """The product knows how to find its answers: what it learns beside the service after a start is there."""
    database = await Database.connect(product.dsn, pool_size=2)

    async def learnt() -> bool:
        async with database.transaction() as tx:
            return bool(await relearning.stored(tx))

    try:
        await until(learnt, "what the product learns of its articles", within=LEARNING)
    finally:
        await database.close()


async def until_gathered(product: Product, words: str) -> None:
    """These words stand in a gap: what a worker does every minute is done here until they do."""
    database = await Database.connect(product.dsn, pool_size=2)

    async def gathered() -> bool:
        await gaps.sweep(database)
        async with database.transaction() as tx:
            return bool(await tx.value("select exists (select from gap_question where words = %s)", (words,)))

    try:
        await until(gathered, f"a gap with “{words}”")  # a search is written a moment after it was answered
    finally:
        await database.close()


async def answered_with(page: Page, product: Product) -> int:
    """How many articles the product's finder answers with."""
    told = await (await page.context.request.get(f"{product.url}/metrics")).text()
    known = re.search(r"^mashang_knowledge_answers (\S+)$", told, re.MULTILINE)
    assert known
    return int(float(known[1]))


async def until_answered_with(page: Page, product: Product, articles: int) -> None:
    """It has learnt what was published, and answers with it."""

    async def learnt() -> bool:
        return await answered_with(page, product) >= articles

    await until(learnt, f"a finder that answers with {articles} articles", within=LEARNING)


async def shown_again(page: Page) -> None:
    """What was written behind the product's back is there after a reload."""
    await page.reload()
    await page.get_by_role("log").locator(".said").last.wait_for()
