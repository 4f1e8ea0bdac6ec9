"""What the knowledge holds, as rows: for those who serve customers, only what is published and valid now.

Does not: find what is asked (`finder`, `indexing`) or change anything (`editing`, `wording`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from mashang.kit.db import Tx
from mashang.kit.errors import NotFound
from mashang.knowledge.article import Article, Text
from mashang.knowledge.phrasing import Locale

# An article `a` that customers may be told now.
VALID = """(a.status = 'published' and coalesce(a.valid_from <= app_now(), true)
    and coalesce(a.valid_until > app_now(), true))"""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """An article as customers may be told it; `id`, `category` and `departments` are public ids.

    `phrasings` are those that count: what was only proposed is not among them.  `version` numbers the text.
    """

    id: str
    key: str
    category: str | None
    texts: dict[Locale, Text]
    phrasings: dict[Locale, tuple[str, ...]]
    codes: tuple[str, ...]
    departments: tuple[str, ...]
    playbook: str | None
    procedure_only: bool
    version: int
    written_at: datetime


class Category(msgspec.Struct, frozen=True):
    """A shelf of articles; `id` is a public id, `articles` counts those that are not archived."""

    id: str
    name: str
    name_en: str
    position: int
    articles: int = 0

    def called(self, locale: str) -> str:
        """Its name for a reader of `locale`."""
        return self.name_en if locale == "en" and self.name_en else self.name


_DEPARTMENTS = """array(
    select d.public_id from article_department m join department d on d.id = m.department_id
    where m.article_id = a.id and d.archived_at is null order by d.position, d.id)"""


def texts_of(version: str) -> str:
    """SQL: the texts of the article `a` in this version, by language."""
    return f"""coalesce((
        select jsonb_object_agg(t.locale, jsonb_build_object('title', t.title, 'body', t.body))
        from article_text t where t.article_id = a.id and t.version = {version}), '{{}}')"""


_PUBLISHED = f"""
    select a.public_id as id, a.key, c.public_id as category, {texts_of("a.published_version")} as texts,
        coalesce((
            select jsonb_object_agg(p.locale, p.texts) from (
                select p.locale, jsonb_agg(p.text order by p.id) as texts from phrasing p
                where p.article_id = a.id and p.source <> 'proposed' group by p.locale
            ) p), '{{}}') as phrasings,
        a.codes, {_DEPARTMENTS} as departments, a.playbook, a.procedure_only, a.published_version as version,
        (select max(t.written_at) from article_text t
            where t.article_id = a.id and t.version = a.published_version) as written_at
    from article a left join article_category c on c.id = a.category_id and c.archived_at is null
    where {VALID}
"""


# An article's words and how it is asked for, in short: who changes a text writes it anew, a phrasing's words stay.
_IN_SHORT = "a.public_id, a.published_version, t.written_at, p.number, p.ids, p.added_at"
_SHORTENED = """
    left join (select article_id, version, max(written_at) as written_at from article_text group by 1, 2) t
        on t.article_id = a.id and t.version = a.published_version
    left join (select article_id, count(*) as number, sum(id) as ids, max(added_at) as added_at
        from phrasing where source <> 'proposed' group by 1) p on p.article_id = a.id
"""


async def mark(tx: Tx) -> str:
    """Differs from an earlier one when what is published and valid now may differ."""
    told: str = await tx.value("""
        select s.version || '.' || t.begun || '.' || t.ended
        from knowledge_state s, (
            select count(*) filter (where valid_from <= app_now()) as begun,
                count(*) filter (where valid_until <= app_now()) as ended
            from article where status = 'published' and (valid_from is not null or valid_until is not null)
        ) t
    """)
    return told


async def marks(tx: Tx) -> dict[str, str]:
    """All of them by public id, in the order of the categories, each with what differs when it reads differently."""
    rows = await tx.all(f"""
        select a.public_id, concat_ws(' ', a.version, c.public_id, array_to_string(a.codes, ','), {_IN_SHORT}) as mark
        from article a left join article_category c on c.id = a.category_id and c.archived_at is null {_SHORTENED}
        where {VALID} order by c.position nulls last, c.id, a.id
    """)
    return {row["public_id"]: row["mark"] for row in rows}


async def published(tx: Tx, only: Sequence[str] | None = None) -> list[Published]:
    """Everything customers may be told now, in one statement; in the order of the categories.

    `only`: those of these public ids.
    """
    rows = await tx.all(
        f"{_PUBLISHED} and (%(only)s::text[] is null or a.public_id = any (%(only)s))"
        " order by c.position nulls last, c.id, a.id",
        {"only": None if only is None else list(only)},
    )
    return [msgspec.convert(row, Published) for row in rows]


async def titles(tx: Tx, only: Sequence[str]) -> dict[str, dict[Locale, str]]:
    """What these are called, as far as customers may be told them; by public id.  No body is read."""
    rows = await tx.all(
        f"""
        select a.public_id as id, jsonb_object_agg(t.locale, t.title) as titles
        from article a join article_text t on t.article_id = a.id and t.version = a.published_version
        where {VALID} and a.public_id = any (%s) group by a.id
        """,
        (list(only),),
    )
    return {row["id"]: row["titles"] for row in rows}


async def learnable(tx: Tx) -> str | None:
    """Differs when what a finder learns from does; None: there is nothing."""
    told: str | None = await tx.value(f"""
        select md5(string_agg(concat_ws(' ', {_IN_SHORT}), ',' order by a.public_id))
        from article a {_SHORTENED} where {VALID}
    """)
    return told


async def written(tx: Tx) -> bytes:
    """What a finder learns from as the JSON of a list of `apart.Written`, made where the rows are."""
    told: str = await tx.value(f"""
        select coalesce(json_agg(json_build_object(
            'id', a.public_id,
            'phrasings', coalesce((select json_agg(p.text order by p.locale, p.id) from phrasing p
                where p.article_id = a.id and p.source <> 'proposed'), '[]'),
            'texts', (select json_agg(json_build_array(t.title, t.body) order by t.locale) from article_text t
                where t.article_id = a.id and t.version = a.published_version)
        ) order by a.public_id), '[]')::text
        from article a where {VALID}
    """)
    return told.encode()


async def is_any(tx: Tx) -> bool:
    """Is there anything customers may be told now?"""
    there: bool = await tx.value(f"select exists (select from article a where {VALID})")
    return there


async def by_id(tx: Tx, public_id: str) -> Published | None:
    """One of them; None when there is none, or customers may not be told it now."""
    return _published(await tx.first(f"{_PUBLISHED} and a.public_id = %s", (public_id,)))


async def by_key(tx: Tx, key: str) -> Published | None:
    """One of them by its name in files, codes and playbooks; the name of one that was merged is that of the other."""
    named = "a.id in (select coalesce(k.merged_into_id, k.id) from article k where k.key = %s)"
    return _published(await tx.first(f"{_PUBLISHED} and {named}", (key,)))


async def by_former_id(tx: Tx, public_id: str) -> Published | None:
    """One of them, by an id that was handed out: one that was merged since is told by the other."""
    if found := await by_id(tx, public_id):
        return found
    instead = await instead_of(tx, public_id)
    return await by_id(tx, instead) if instead else None


async def instead_of(tx: Tx, public_id: str) -> str | None:
    """The article that says now what this one said before they were merged; None when there is none to be told."""
    found: str | None = await tx.value(
        "select a.public_id from article a join article m on m.merged_into_id = a.id"
        f" where m.public_id = %s and {VALID}",
        (public_id,),
    )
    return found


def _published(row: Mapping[str, Any] | None) -> Published | None:
    return None if row is None else msgspec.convert(row, Published)


# ── for those who write ─────────────────────────────────────────────────────

ARTICLE = f"""
    select a.id, a.public_id, a.key, a.status, a.draft_version, a.published_version, a.version,
        c.public_id as category, a.valid_from, a.valid_until, o.public_id as owner, a.review_on, a.codes,
        {_DEPARTMENTS} as departments, a.playbook, a.procedure_only, m.public_id as merged_into, a.changed_at,
        b.name as changed_by, {texts_of("a.draft_version")} as texts
    from article a left join article_category c on c.id = a.category_id
    left join agent o on o.id = a.owner_id left join agent b on b.id = a.changed_by
    left join article m on m.id = a.merged_into_id
"""


async def find(tx: Tx, public_id: str) -> Article:
    """An article whatever its state, with its newest text; raises NotFound."""
    row = await tx.first(f"{ARTICLE} where a.public_id = %s", (public_id,))
    if row is None:
        raise NotFound
    return msgspec.convert(row, Article)


async def find_by_key(tx: Tx, key: str) -> Article | None:
    """An article whatever its state by its key; None when there is none."""
    row = await tx.first(f"{ARTICLE} where a.key = %s", (key,))
    return None if row is None else msgspec.convert(row, Article)


async def texts(tx: Tx, article_id: int, version: int) -> dict[Locale, Text]:
    """One version of the texts; raises NotFound."""
    rows = await tx.all(
        "select locale, title, body from article_text where article_id = %s and version = %s", (article_id, version)
    )
    if not rows:
        raise NotFound
    return {row["locale"]: Text(row["title"], row["body"]) for row in rows}


async def categories(tx: Tx) -> list[Category]:
    """The shelves in use, in the operator's order."""
    return await tx.all(
        """
        select c.public_id as id, c.name, c.name_en, c.position,
            (select count(*) from article a where a.category_id = c.id and a.status <> 'archived') as articles
        from article_category c where c.archived_at is null order by c.position, c.id
        """,
        into=Category,
    )
