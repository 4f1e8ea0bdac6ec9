"""What somebody may want of an order or of a topic before they have said anything: buttons that begin a playbook.

Whoever comes from an order's page, or with a topic and no word more, taps what it is about instead of writing it.  Only
what can be told now is offered, under the names of its playbooks.

Does not: know what is wrong with the order (the playbook looks that up, after the proof it needs).
"""

from __future__ import annotations

import msgspec

from mashang.bot import library
from mashang.bot.playbook import Playbook
from mashang.kit.db import Tx
from mashang.knowledge import reading
from mashang.shops.contract import DeliveryKind

MOST = 8


class Matter(msgspec.Struct, frozen=True):
    """A playbook that an article leads to, by the article's public id."""

    article: str
    title: str
    title_en: str

    def called(self, locale: str) -> str:
        """Its name for a reader of `locale`."""
        return self.title_en if locale == "en" else self.title


async def of(tx: Tx, article: reading.Published) -> Matter | None:
    """What this article leads to; None where it only tells."""
    found = await _playbook(tx, article)
    return Matter(article.id, found.title, found.title_en) if found else None


async def leading_to(tx: Tx, playbook: str) -> frozenset[str]:
    """The articles that lead to this playbook, by their public ids."""
    rows = await tx.all("select public_id from article where playbook = %s", (playbook,))
    return frozenset(row["public_id"] for row in rows)


async def fitting(
    tx: Tx, *, order: bool, topic: str | None, kinds: frozenset[DeliveryKind] = frozenset()
) -> list[Matter]:
    """What fits the topic, else what asks for an order; in the order of the knowledge.

    `kinds`: what the order delivers, where that is known; what is about other kinds does not fit it.
    """
    leading = await tx.all("select public_id from article where playbook is not null and not procedure_only")
    published = await reading.published(tx, only=[row["public_id"] for row in leading])
    known = [(one, found) for one in published if (found := await _playbook(tx, one)) and found.fits(kinds)]
    chosen = [pair for pair in known if topic in pair[0].codes]
    if order and not chosen:
        chosen = [pair for pair in known if pair[1].asks_for_an_order]
    return [Matter(one.id, found.title, found.title_en) for one, found in chosen[:MOST]]


async def _playbook(tx: Tx, article: reading.Published) -> Playbook | None:
    if article.playbook is None or article.procedure_only:
        return None
    return await library.in_use(tx, article.playbook)
