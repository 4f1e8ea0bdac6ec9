"""Articles are written, published and taken out of use here, and nowhere else.

Every change waits for the one before it (the row of `knowledge_state` is the lock), grows the
version that finders read by, and leaves a line in the audit.  Whoever saves says which version
they saw: of two editors the second is told, and loses nothing of what they typed.

The only writer of `article`, `article_text`, `article_department` and `knowledge_state`.
Does not: keep phrasings (`wording`), categories (`categories`) or pictures (`pictures`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mashang.kit import ids, sound
from mashang.kit.db import Tx
from mashang.kit.errors import Conflict, Invalid, NotFound
from mashang.knowledge import reading
from mashang.knowledge.article import (
    LOCALES,
    Article,
    ArticleDraft,
    ArticleMoved,
    KeyTaken,
    Text,
    cleaned,
    demand_sense,
    demand_whole,
    shown,
)
from mashang.knowledge.events import KnowledgeChanged
from mashang.knowledge.phrasing import Locale
from mashang.staff import audit, departments
from mashang.staff.audit import Actor

_LONGEST_MADE_KEY = 60


async def begin_change(tx: Tx) -> None:
    """One change of knowledge at a time, and finders hear of it when it is certain.  First in every verb of ours."""
    version = await tx.value(
        "update knowledge_state set version = version + 1, changed_at = app_now() returning version"
    )
    tx.emit(KnowledgeChanged(version))


async def take_turn(tx: Tx) -> None:
    """Wait for the change before, without being one: what finders read stays as it is."""
    await tx.value("select version from knowledge_state for update")


async def create(tx: Tx, by: Actor | None, draft: ArticleDraft) -> Article:
    """Write a new draft; raises KeyTaken, ArticleTooLong, Invalid."""
    await begin_change(tx)
    texts = cleaned(draft.texts)
    values = await _values(tx, draft)
    key = await _demand_free(tx, draft.key, but=0) if draft.key else await _free_key(tx, texts)
    row = await tx.one(
        """
        insert into article (public_id, key, category_id, valid_from, valid_until, owner_id, review_on, codes, playbook,
            procedure_only, created_by, changed_by)
        values (%(public_id)s, %(key)s, %(category_id)s, %(valid_from)s, %(valid_until)s, %(owner_id)s, %(review_on)s,
            %(codes)s, %(playbook)s, %(procedure_only)s, %(by)s, %(by)s)
        returning id, public_id
        """,
        {**values, "key": key, "public_id": ids.public_id(), "by": by.id if by else None},
    )
    await _belong(tx, row["id"], draft.departments)
    await _write(tx, by, row["id"], 1, texts)
    made = await reading.find(tx, row["public_id"])
    await audit.record(tx, by, "article.created", made.key, after=shown(made))
    return made


async def edit(tx: Tx, by: Actor | None, public_id: str, draft: ArticleDraft, *, version: int) -> Article:
    """Change facts at once, and write a new version of the text where it differs.

    Raises NotFound, ArticleMoved, and what `create` raises.
    """
    await begin_change(tx)
    before = await seen(tx, public_id, version)
    texts = cleaned(draft.texts)
    values = await _values(tx, draft)
    key = await _demand_free(tx, draft.key, but=before.id) if draft.key else before.key
    number = before.draft_version + (texts != before.texts)
    await tx.run(
        """
        update article set key = %(key)s, category_id = %(category_id)s, valid_from = %(valid_from)s,
            valid_until = %(valid_until)s, owner_id = %(owner_id)s, review_on = %(review_on)s, codes = %(codes)s,
            playbook = %(playbook)s, procedure_only = %(procedure_only)s, draft_version = %(number)s
        where id = %(id)s
        """,
        {**values, "key": key, "number": number, "id": before.id},
    )
    await _belong(tx, before.id, draft.departments)
    if number != before.draft_version:
        await _write(tx, by, before.id, number, texts)
    return await _changed(tx, by, "article.edited", before)


async def publish(tx: Tx, by: Actor | None, public_id: str, *, version: int) -> Article:
    """From now on readers see the newest text; raises NotFound, ArticleMoved, ArticleNotWhole."""
    await begin_change(tx)
    before = await seen(tx, public_id, version)
    demand_whole(before.texts)
    await tx.run(
        "update article set status = 'published', published_version = draft_version, merged_into_id = null"
        " where id = %s",
        (before.id,),
    )
    return await _changed(tx, by, "article.published", before)


async def withdraw(tx: Tx, by: Actor | None, public_id: str, *, version: int) -> Article:
    """Back to a draft, also out of the archive: nobody is told it any more.  Raises NotFound, ArticleMoved."""
    await begin_change(tx)
    before = await seen(tx, public_id, version)
    await tx.run("update article set status = 'draft', merged_into_id = null where id = %s", (before.id,))
    return await _changed(tx, by, "article.withdrawn", before)


async def archive(tx: Tx, by: Actor | None, public_id: str, *, version: int) -> Article:
    """Out of use: it stays readable here, and its phrasings are free for others.  Raises NotFound, ArticleMoved."""
    await begin_change(tx)
    before = await seen(tx, public_id, version)
    await tx.run("update article set status = 'archived' where id = %s", (before.id,))
    return await _changed(tx, by, "article.archived", before)


async def merge(tx: Tx, by: Actor | None, gone: Article, into: Article) -> Article:
    """Archive one that another says from now on; what it was held to holds for the other too.

    `merging` knows when that may be.  Whoever was sent to `gone` before is sent on.
    """
    values = {"gone": gone.id, "into": into.id}
    await tx.run("update article set merged_into_id = %(into)s where merged_into_id = %(gone)s", values)
    await tx.run("update article set status = 'archived', merged_into_id = %(into)s where id = %(gone)s", values)
    await _changed(tx, by, "article.merged", gone)
    codes = list(dict.fromkeys([*into.codes, *gone.codes]))
    procedure_only = into.procedure_only or gone.procedure_only
    if (codes, procedure_only) == (list(into.codes), into.procedure_only):
        return into
    await tx.run("update article set codes = %s, procedure_only = %s where id = %s", (codes, procedure_only, into.id))
    return await _changed(tx, by, "article.edited", into)


async def restore(tx: Tx, by: Actor | None, public_id: str, number: int, *, version: int) -> Article:
    """An older text becomes the newest draft, as a version of its own.  Raises NotFound, ArticleMoved, Conflict."""
    await begin_change(tx)
    before = await seen(tx, public_id, version)
    texts = await reading.texts(tx, before.id, number)
    if texts == before.texts:
        raise Conflict(reason="same_text")
    await tx.run("update article set draft_version = draft_version + 1 where id = %s", (before.id,))
    await _write(tx, by, before.id, before.draft_version + 1, texts)
    return await _changed(tx, by, "article.restored", before)


async def seen(tx: Tx, public_id: str, version: int) -> Article:
    """The article as whoever changes it saw it; raises NotFound, ArticleMoved."""
    found = await reading.find(tx, public_id)
    if found.version != version:
        raise ArticleMoved(version=found.version, by=found.changed_by or "")
    return found


async def _changed(tx: Tx, by: Actor | None, action: str, before: Article) -> Article:
    await tx.run(
        "update article set version = version + 1, changed_at = app_now(), changed_by = %s where id = %s",
        (by.id if by else None, before.id),
    )
    after = await reading.find(tx, before.public_id)
    await audit.record(tx, by, action, after.key, before=shown(before), after=shown(after))
    return after


async def _write(tx: Tx, by: Actor | None, article_id: int, number: int, texts: Mapping[Locale, Text]) -> None:
    await tx.run(
        """
        insert into article_text (article_id, version, locale, title, body, written_by)
        select %s, %s, x.locale, x.title, x.body, %s from unnest(%s::text[], %s::text[], %s::text[])
            as x (locale, title, body)
        """,
        (
            article_id, number, by.id if by else None, list(texts), [one.title for one in texts.values()],
            [one.body for one in texts.values()],
        ),
    )  # fmt: skip


async def _values(tx: Tx, draft: ArticleDraft) -> dict[str, Any]:
    demand_sense(draft)
    category = await _row_of(tx, "article_category", "category", draft.category)
    owner = await _row_of(tx, "agent", "owner", draft.owner)
    return {
        **{name: getattr(draft, name) for name in ("valid_from", "valid_until", "review_on", "procedure_only")},
        "codes": list(dict.fromkeys(draft.codes)),
        "playbook": draft.playbook,
        "category_id": category,
        "owner_id": owner,
    }


async def _row_of(tx: Tx, table: str, field: str, public_id: str | None) -> int | None:
    if public_id is None:
        return None
    row: int | None = await tx.value(
        f"select id from {table} where public_id = %s and archived_at is null", (public_id,)
    )
    if row is None:
        raise Invalid(field=field, reason="unknown")
    return row


async def _belong(tx: Tx, article_id: int, public_ids: list[str]) -> None:
    try:
        rows = [(await departments.find(tx, one)).id for one in dict.fromkeys(public_ids)]
    except NotFound:
        raise Invalid(field="departments", reason="unknown") from None
    await tx.run("delete from article_department where article_id = %s", (article_id,))
    await tx.run("insert into article_department select %s, unnest(%s::bigint[])", (article_id, rows))


async def _demand_free(tx: Tx, key: str, *, but: int) -> str:
    holder = await reading.find_by_key(tx, key)
    if holder and holder.id != but:
        raise KeyTaken(key=key, title=holder.title)
    return key


async def _free_key(tx: Tx, texts: Mapping[Locale, Text]) -> str:
    wanted = made_key(texts)
    taken = await tx.all("select key from article where key = %(key)s or key like %(key)s || '-%%'", {"key": wanted})
    keys = {row["key"] for row in taken}
    return next(one for n in range(1, len(keys) + 2) if (one := wanted if n == 1 else f"{wanted}-{n}") not in keys)


def made_key(texts: Mapping[Locale, Text]) -> str:
    """A readable name from the English title, else from the other as it is pronounced."""
    titles = [texts[one].title for one in reversed(LOCALES) if one in texts and texts[one].title]
    spelled = "".join(f"-{read[0]}-" if (read := sound.readings(each)) else each for each in titles[0])
    key = re.sub(r"[^a-z0-9]+", "-", spelled.casefold()).strip("-")[:_LONGEST_MADE_KEY].strip("-")
    return key if len(key) > 1 else f"article-{key}".strip("-")


def draft_of(article: Article) -> ArticleDraft:
    """What would save it as it is."""
    fields = {name: getattr(article, name) for name in ArticleDraft.__struct_fields__}
    return ArticleDraft(**{**fields, "codes": list(article.codes), "departments": list(article.departments)})
