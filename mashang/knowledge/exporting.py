"""All knowledge as lines that an import takes again: of what is published the text readers see, else the draft.

Archived articles, older versions and proposals stay here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET

from mashang.kit.db import Tx
from mashang.kit.storage import Storage
from mashang.knowledge import markdown_file, pictures
from mashang.knowledge.interchange import Line
from mashang.knowledge.reading import texts_of

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}

_SELECT = f"""
    select a.key, coalesce(c.name, '') as category, coalesce(c.name_en, '') as category_en,
        {texts_of("case when a.status = 'published' then a.published_version else a.draft_version end")} as texts,
        coalesce((
            select jsonb_object_agg(p.locale, p.texts) from (
                select p.locale, jsonb_agg(p.text order by p.id) as texts from phrasing p
                where p.article_id = a.id and p.source <> 'proposed' group by p.locale
            ) p), '{{}}') as phrasings,
        a.codes, array(select d.name from article_department m join department d on d.id = m.department_id
            where m.article_id = a.id and d.archived_at is null order by d.position, d.id) as departments,
        o.login as owner, a.valid_from, a.valid_until, a.review_on, a.status, a.playbook, a.procedure_only
    from article a left join article_category c on c.id = a.category_id and c.archived_at is null
    left join agent o on o.id = a.owner_id and o.archived_at is null
    where a.status <> 'archived' order by c.position nulls last, c.id, a.key
"""


async def lines(tx: Tx) -> list[Line]:
    """Every article, each with every field."""
    return [_line(row) for row in await tx.all(_SELECT)]


def _line(row: Mapping[str, Any]) -> Line:
    texts = row["texts"]
    told = {name: value for name, value in row.items() if name not in {"texts", "category_en"}}
    title = {locale: text["title"] for locale, text in texts.items()}
    body = {locale: text["body"] for locale, text in texts.items()}
    return Line(**told, category_en=row["category_en"] or UNSET, title=title, body=body)


async def pictures_of(tx: Tx, storage: Storage, told: Sequence[Line]) -> dict[str, tuple[str, bytes]]:
    """The pictures these texts show: name in an archive and bytes by public id."""
    shown = {
        public_id
        for line in told
        if line.body is not UNSET
        for body in line.body.values()
        for public_id in markdown_file.shown_in(body)
    }
    found = {}
    for kept in await pictures.among(tx, sorted(shown)):
        name = f"{kept.public_id}.{_EXTENSIONS.get(kept.media_type, 'bin')}"
        found[kept.public_id] = (name, await pictures.read(storage, kept))
    return found
