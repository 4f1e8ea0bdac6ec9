"""The knowledge as those who write it see it: what there is, in which state, what is due, and each version.

Does not: say what customers may be told (`reading`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from mashang.kit.db import Tx
from mashang.knowledge.article import Article, Status, Text
from mashang.knowledge.phrasing import Locale, folded
from mashang.knowledge.reading import VALID

PAGE = 50
MOST_TYPED = 100  # characters of a search

# "due": to be looked over again; "proposed": has phrasings nobody accepted yet; "changed": newer text than is read
Kind = Literal["draft", "published", "archived", "due", "proposed", "changed"]

# An article `a` that its owner meant to have looked over by today.
_DUE = """(a.status <> 'archived'
    and a.review_on <= (app_now() at time zone (select zone from installation))::date)"""
_PROPOSED = "(select count(*) from phrasing p where p.article_id = a.id and p.source = 'proposed')"
_KINDS = {
    "draft": "a.status = 'draft'",
    "published": "a.status = 'published'",
    "archived": "a.status = 'archived'",
    "due": _DUE,
    "proposed": f"(a.status <> 'archived' and {_PROPOSED} > 0)",
    "changed": "(a.status = 'published' and a.published_version <> a.draft_version)",
}


class Wanted(msgspec.Struct, frozen=True):
    """Which articles: of these words, category, owner and kind; without a kind all that are not archived."""

    text: str = ""
    category: str = ""
    owner: str = ""
    kind: Kind | None = None
    skip: int = 0


class Row(msgspec.Struct, frozen=True):
    """An article in the list; `told` says whether customers may be told it now, `phrasings` count without proposals."""

    id: str
    key: str
    title: str
    title_en: str
    status: Status
    told: bool
    changed: bool
    due: bool
    category: str | None
    owner: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    review_on: date | None
    phrasings: int
    phrasings_en: int
    proposed: int
    changed_at: datetime
    changed_by: str | None


class Listed(msgspec.Struct, frozen=True):
    """A page; `total` with these filters, the other numbers of everything there is."""

    articles: list[Row]
    total: int
    counts: dict[Kind, int]


class Version(msgspec.Struct, frozen=True):
    """One version of the text."""

    number: int
    title: str
    locales: list[Locale]
    written_at: datetime
    written_by: str | None
    published: bool
    texts: dict[Locale, Text]


async def page(tx: Tx, wanted: Wanted) -> Listed:
    """By category, then title; three statements."""
    conditions = [_KINDS[wanted.kind] if wanted.kind else "a.status <> 'archived'"]
    if wanted.category:
        conditions.append("c.public_id = %(category)s" if wanted.category != "none" else "a.category_id is null")
    if wanted.owner:
        conditions.append("o.public_id = %(owner)s")
    if wanted.text.strip():
        conditions.append(_MATCHES)
    params = {
        "category": wanted.category, "owner": wanted.owner, "skip": wanted.skip, "limit": PAGE,
        "like": f"%{_literal(wanted.text.strip())}%", "folded": f"%{_literal(folded(wanted.text))}%",
    }  # fmt: skip
    where = " and ".join(conditions)
    total = await tx.value(f"select count(*) {_FROM} where {where}", params)
    rows = await tx.all(
        f"{_SELECT} {_FROM} where {where} {_ORDER} limit %(limit)s offset %(skip)s",
        params,
        into=Row,
    )
    return Listed(rows, total, await counts(tx))


async def counts(tx: Tx) -> dict[Kind, int]:
    """How many there are of each kind."""
    columns = ", ".join(f'count(*) filter (where {condition}) as "{kind}"' for kind, condition in _KINDS.items())
    told: Any = await tx.one(f"select {columns} from article a")
    return dict(told)


async def versions(tx: Tx, article: Article) -> list[Version]:
    """All versions of the text, newest first."""
    rows = await tx.all(
        """
        select t.version as number,
            (array_agg(t.title order by t.locale desc) filter (where t.title <> ''))[1] as title,
            array_agg(t.locale order by t.locale desc) as locales, max(t.written_at) as written_at,
            max(b.name) as written_by, t.version = %(published)s as published,
            jsonb_object_agg(t.locale, jsonb_build_object('title', t.title, 'body', t.body)) as texts
        from article_text t left join agent b on b.id = t.written_by
        where t.article_id = %(article)s group by t.version order by t.version desc
        """,
        {"article": article.id, "published": article.published_version or 0},
    )
    return [msgspec.convert(row, Version) for row in rows]


_FROM = """
    from article a left join article_category c on c.id = a.category_id
    left join agent o on o.id = a.owner_id left join agent b on b.id = a.changed_by
    left join article_text zh on zh.article_id = a.id and zh.version = a.draft_version and zh.locale = 'zh-CN'
    left join article_text en on en.article_id = a.id and en.version = a.draft_version and en.locale = 'en'
"""
_ORDER = "order by c.position nulls last, c.id, 3, a.id"
_COUNTED = "(select count(*) from phrasing p where p.article_id = a.id and p.source <> 'proposed' and p.locale = '{}')"
_SELECT = f"""
    select a.public_id as id, a.key, coalesce(nullif(zh.title, ''), nullif(en.title, ''), a.key) as title,
        coalesce(en.title, '') as title_en, a.status, {VALID} as told,
        a.status = 'published' and a.published_version <> a.draft_version as changed,
        coalesce({_DUE}, false) as due, c.public_id as category, o.name as owner, a.valid_from, a.valid_until,
        a.review_on, {_COUNTED.format("zh-CN")} as phrasings, {_COUNTED.format("en")} as phrasings_en,
        {_PROPOSED} as proposed, a.changed_at, b.name as changed_by
"""
_MATCHES = """(a.key like lower(%(like)s) or concat_ws(' ', zh.title, en.title) ilike %(like)s
    or concat_ws(' ', zh.body, en.body) ilike %(like)s
    or %(folded)s <> '%%' and exists (select from phrasing p where p.article_id = a.id and p.folded like %(folded)s))"""


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
