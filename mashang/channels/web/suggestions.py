"""Codes suggested on the first page, each with its reason in the reader's words; and no more of them, on wish.

They come with the answer that begins a session, so that nothing moves under a finger that is about to tap: one
statement, and none at all for whom there is nothing to know.

Does not: rank (`codes.suggesting`).
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from litestar import put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from mashang import codes
from mashang.codes import suggestions
from mashang.codes.suggesting import Suggestion, suggest
from mashang.customers import Customer, Session, offers
from mashang.kit.db import Database, Tx
from mashang.kit.edge import refusals
from mashang.kit.errors import NotSignedIn
from mashang.kit.i18n import sentence
from mashang.shops import matters

_SHOWN_OF_A_NUMBER = 6  # its end, enough to know one's own order by


class SuggestionView(msgspec.Struct, frozen=True):
    """A topic and why it stands here; `order`: the order it is about."""

    code: str
    name: str
    icon: str
    reason: str
    order: str | None = None


class Suggested(msgspec.Struct, frozen=True):
    """What stands first; `unwanted`: the customer wanted nothing suggested."""

    topics: list[SuggestionView]
    unwanted: bool = False


class OffersWish(msgspec.Struct, forbid_unknown_fields=True):
    """Whether one wants codes and offers recommended."""

    wanted: bool


async def suggested(
    tx: Tx, who: Customer, site_id: int, page_url: str, *, resting: Collection[str], locale: str
) -> Suggested:
    """At most three codes for this customer on this page."""
    if not who.wants_offers:
        return Suggested([], unwanted=True)
    topics = {one.code: one for one in (await codes.index(tx)).topics}
    seen = await suggestions.seen(tx, who, site_id, page_url)
    return Suggested(
        [
            SuggestionView(
                one.code,
                topics[one.code].called(locale),
                topics[one.code].icon,
                _reason(one, topics[one.code].called(locale), locale),
                one.order,
            )
            for one in suggest(seen, list(topics.values()), resting)
        ]
    )


def _reason(one: Suggestion, name: str, locale: str) -> str:
    number = one.order or ""
    shown = number if len(number) <= _SHOWN_OF_A_NUMBER else "…" + number[-_SHOWN_OF_A_NUMBER:]
    wrong = matters.called(one.trouble, locale) if one.trouble else ""
    return sentence(f"suggested_{one.kind}", locale, order=shown, text=wrong or one.text, name=name)


@put("/offers-wish", status_code=204, responses=refusals(NotSignedIn))
async def put_offers_wish(
    db: NamedDependency[Database], session: NamedDependency[Session], data: JSONBody[OffersWish]
) -> None:
    """Recommend nothing any more, or do again."""
    async with db.transaction() as tx:
        await offers.want(tx, session.customer, offers=data.wanted)
