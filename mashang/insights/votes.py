"""How one article does in the help centre: how often it is read, whom it helped, and what the others had searched.

Does not: count (`channels.help.counting`), or judge what the assistant answered with it (`resolution`).
"""

from __future__ import annotations

import msgspec

from mashang.kit.db import Tx
from mashang.knowledge import reading
from mashang.staff.installation import TODAY

DAYS = 90
_MOST_WORDS = 5


class Votes(msgspec.Struct, frozen=True, kw_only=True):
    """Of the last `days`; `unhelpful_now` are on the text that is read now, `wanted` the newest searches."""

    days: int
    reads: int
    helpful: int
    unhelpful: int
    unhelpful_now: int
    wanted: list[str]


async def of(tx: Tx, public_id: str) -> Votes:
    """The votes on this article; raises NotFound."""
    article = await reading.find(tx, public_id)
    row = await tx.one(
        f"""
        with votes as (
            select v.* from help_vote v where v.article_id = %(id)s and v.day > {TODAY} - {DAYS}
        )
        select
            (select coalesce(sum(number), 0)::int from help_read r
                where r.article_id = %(id)s and r.day > {TODAY} - {DAYS}) as reads,
            (select count(*)::int from votes where is_helpful) as helpful,
            (select count(*)::int from votes where not is_helpful) as unhelpful,
            (select count(*)::int from votes where not is_helpful and version = %(version)s) as unhelpful_now,
            array(select words from votes where not is_helpful and words <> ''
                group by words order by max(at) desc limit {_MOST_WORDS}) as wanted
        """,
        {"id": article.id, "version": article.published_version},
    )
    return Votes(days=DAYS, **row)
