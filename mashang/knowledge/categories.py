"""The shelves of the knowledge: made, renamed, ordered and taken out of use.

Making one with the name of an archived one brings that one back.  One with articles on it is
not taken away.  The only writer of `article_category`.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound, Refusal
from mashang.knowledge import reading
from mashang.knowledge.editing import begin_change
from mashang.knowledge.reading import Category
from mashang.staff import audit
from mashang.staff.audit import Actor

_WORDS = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
LONGEST_NAME = 40


class CategoryTaken(Refusal):
    """Another category has this name: `name`."""

    status, code = 409, "article_category_taken"


class CategoryInUse(Refusal):
    """Articles stand in it: `count`."""

    status, code = 409, "article_category_in_use"


class CategoryDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody writes about a category."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=_WORDS)]
    name_en: Annotated[str, Meta(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    position: Annotated[int, Meta(ge=0, le=10_000)] = 0


async def find(tx: Tx, public_id: str) -> Category:
    """One in use; raises NotFound."""
    for one in await reading.categories(tx):
        if one.id == public_id:
            return one
    raise NotFound


async def create(tx: Tx, by: Actor | None, draft: CategoryDraft) -> Category:
    """Make one, or bring back the archived one of this name; raises CategoryTaken."""
    await begin_change(tx)
    values = await _values(tx, draft, but="")
    public_id = await tx.value(
        """
        update article_category set name_en = %(name_en)s, position = %(position)s, archived_at = null
        where id = (select id from article_category where name = %(name)s order by id limit 1) returning public_id
        """,
        values,
    ) or await tx.value(
        """
        insert into article_category (public_id, name, name_en, position)
        values (%(public_id)s, %(name)s, %(name_en)s, %(position)s) returning public_id
        """,
        {**values, "public_id": ids.public_id()},
    )
    await audit.record(tx, by, "article_category.created", values["name"], after=values)
    return await find(tx, public_id)


async def edit(tx: Tx, by: Actor | None, public_id: str, draft: CategoryDraft) -> Category:
    """Change one; raises NotFound, CategoryTaken."""
    await begin_change(tx)
    before = await find(tx, public_id)
    values = await _values(tx, draft, but=public_id)
    await tx.run(
        "update article_category set name = %(name)s, name_en = %(name_en)s, position = %(position)s"
        " where public_id = %(public_id)s",
        {**values, "public_id": public_id},
    )
    was = {name: getattr(before, name) for name in values}
    await audit.record(tx, by, "article_category.edited", values["name"], before=was, after=values)
    return await find(tx, public_id)


async def archive(tx: Tx, by: Actor | None, public_id: str) -> None:
    """Take an empty one away; raises NotFound, CategoryInUse."""
    await begin_change(tx)
    category = await find(tx, public_id)
    if category.articles:
        raise CategoryInUse(count=category.articles)
    await tx.run("update article_category set archived_at = app_now() where public_id = %s", (public_id,))
    await audit.record(tx, by, "article_category.archived", category.name, before={"name": category.name})


async def _values(tx: Tx, draft: CategoryDraft, *, but: str) -> dict[str, Any]:
    name = draft.name.strip()
    if any(one.name == name and one.id != but for one in await reading.categories(tx)):
        raise CategoryTaken(name=name)
    return {"name": name, "name_en": draft.name_en.strip(), "position": draft.position}
