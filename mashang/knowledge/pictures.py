"""The pictures of articles: written anew, kept, and shown to whoever may read the article.

A text refers to one as `![words](/help/pictures/PUBLIC_ID)`.  A picture stays as long as its
article, because an older version may show it.

The only writer of `article_picture`.  Does not: serve customers (`channels.help`).
"""

from __future__ import annotations

import msgspec

from mashang.kit import ids
from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound
from mashang.kit.pictures import Picture, Pictures
from mashang.kit.storage import Storage
from mashang.knowledge import reading
from mashang.knowledge.reading import VALID
from mashang.knowledge.rendering import PICTURES
from mashang.staff import Agent


class Kept(msgspec.Struct, frozen=True):
    """A picture and where it lies in the storage."""

    public_id: str
    key: str
    media_type: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """What a text calls it."""
        return PICTURES + self.public_id


_SELECT = "select p.public_id, p.key, p.media_type, p.width, p.height from article_picture p"


async def store(db: Database, storage: Storage, pictures: Pictures, by: Agent, *, article: str, data: bytes) -> Kept:
    """Keep a picture of an article.  Raises NotFound, PictureUnreadable, PictureTooLarge, TooMany."""
    async with db.transaction() as tx:
        await reading.find(tx, article)
    picture = await pictures.prepare(data, who=f"agent {by.id}")
    key = storage.new_key()
    async with db.transaction() as tx:
        kept = await insert(tx, by, (await reading.find(tx, article)).id, picture, key)
    await storage.put(key, picture.data)
    return kept


async def insert(tx: Tx, by: Agent, article_id: int, picture: Picture | Kept, key: str) -> Kept:
    """The row of a picture that is about to be stored under `key`."""
    return await tx.one(
        """
        insert into article_picture (public_id, article_id, key, media_type, width, height, added_by)
        values (%s, %s, %s, %s, %s, %s, %s) returning public_id, key, media_type, width, height
        """,
        (ids.public_id(), article_id, key, picture.media_type, picture.width, picture.height, by.id),
        into=Kept,
    )


async def of_article(tx: Tx, article_id: int, public_id: str) -> Kept | None:
    """One of this article's; None when it has none of this id."""
    return await tx.first(f"{_SELECT} where p.article_id = %s and p.public_id = %s", (article_id, public_id), into=Kept)


async def among(tx: Tx, public_ids: list[str]) -> list[Kept]:
    """Those of these that there are."""
    return await tx.all(f"{_SELECT} where p.public_id = any (%s) order by p.id", (public_ids,), into=Kept)


async def find(tx: Tx, public_id: str) -> Kept:
    """One for the staff, whatever the state of its article; raises NotFound."""
    return await _one(tx, f"{_SELECT} where p.public_id = %s", public_id)


async def find_published(tx: Tx, public_id: str) -> Kept:
    """One that everybody may see, because its article is published and valid now; raises NotFound."""
    return await _one(
        tx, f"{_SELECT} join article a on a.id = p.article_id where p.public_id = %s and {VALID}", public_id
    )


async def _one(tx: Tx, sql: str, public_id: str) -> Kept:
    found = await tx.first(sql, (public_id,), into=Kept)
    if found is None:
        raise NotFound
    return found


async def read(storage: Storage, kept: Kept) -> bytes:
    """Its bytes; raises NotFound when the file is gone."""
    try:
        return b"".join([chunk async for chunk in await storage.open(kept.key)])
    except FileNotFoundError:
        raise NotFound from None
