"""How customers ask for an article: phrasings are added, taken out, proposed and accepted here.

The same words ask for one article only.  Who pastes a list gets what is new added, and is told
which lines stand where already.  What somebody proposes who does not edit the knowledge counts
for nothing until an editor accepts it: nobody reads or learns anew for it, and of one person
`MOST_PROPOSED` may wait.  An archived article lets go of its phrasings.

A phrasing changes no version of its article: two who add some never stand in each other's way.
The only writer of `phrasing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.kit.text import printable
from mashang.knowledge import reading
from mashang.knowledge.article import Article, ArticleArchived
from mashang.knowledge.editing import begin_change, take_turn
from mashang.knowledge.phrasing import LONGEST, Locale, folded
from mashang.staff import audit
from mashang.staff.audit import Actor

Source = Literal["written", "imported", "starter", "conversation", "proposed"]
MOST_PROPOSED = 100  # of one person, that nobody accepted or declined yet


class TooManyProposed(Refusal):
    """This person's proposals wait for an editor already: at most `most` may."""

    status, code = 409, "too_many_proposed"


class Phrasing(msgspec.Struct, frozen=True):
    """One way to ask; `id` is a public id."""

    id: str
    locale: Locale
    text: str
    source: Source
    added_at: datetime
    added_by: str | None


class Elsewhere(msgspec.Struct, frozen=True):
    """A line that asks for another article already: `article` is its public id."""

    text: str
    article: str
    title: str


class Added(msgspec.Struct, frozen=True):
    """What became of a list: `known` stood here already, `unusable` are empty of words or too long."""

    added: list[Phrasing]
    known: list[str]
    elsewhere: list[Elsewhere]
    unusable: list[str]


_SELECT = """
    select p.public_id as id, p.locale, p.text, p.source, p.added_at, b.name as added_by
    from phrasing p left join agent b on b.id = p.added_by
"""
# The newest title, as `Article.title` says it.
_TITLE = """coalesce((select t.title from article_text t where t.article_id = a.id and t.version = a.draft_version
    and t.title <> '' order by t.locale desc limit 1), a.key)"""


async def of(tx: Tx, article: Article) -> list[Phrasing]:
    """All phrasings of an article, proposals first, then oldest first."""
    return await tx.all(
        f"{_SELECT} where p.article_id = %s order by p.source <> 'proposed', p.id", (article.id,), into=Phrasing
    )


async def counted(tx: Tx, articles: Sequence[str]) -> list[tuple[str, Phrasing]]:
    """What counts as asking for these articles, each with the article's public id."""
    rows = await tx.all(
        """
        select a.public_id as article, p.public_id as id, p.locale, p.text, p.source, p.added_at, null as added_by
        from phrasing p join article a on a.id = p.article_id
        where a.public_id = any (%s) and p.source <> 'proposed' order by p.id
        """,
        (list(articles),),
    )
    return [(row.pop("article"), Phrasing(**row)) for row in rows]


async def add(
    tx: Tx,
    by: Actor | None,
    public_id: str,
    locale: Locale,
    lines: Sequence[str],
    *,
    source: Source = "written",
    conversation_id: int | None = None,
) -> Added:
    """Add what is new; a proposal that stands here already is accepted by it.  Raises NotFound, TooManyProposed."""
    await (take_turn if source == "proposed" else begin_change)(tx)
    article = await reading.find(tx, public_id)
    usable, unusable = _usable(lines)
    elsewhere = await _elsewhere(tx, article, usable)
    taken = {folded(one.text) for one in elsewhere}
    free = {fold: text for fold, text in usable.items() if fold not in taken}
    values = {
        "article": article.id, "locale": locale, "folds": list(free), "texts": list(free.values()), "source": source,
        "conversation": conversation_id, "by": by.id if by else None, "ids": [ids.public_id() for _ in free],
    }  # fmt: skip
    rows = await tx.all(
        """
        with added as (
            insert into phrasing as p (public_id, article_id, locale, text, folded, source, conversation_id, added_by)
            select x.public_id, %(article)s, %(locale)s, x.text, x.folded, %(source)s, %(conversation)s, %(by)s
            from unnest(%(ids)s::text[], %(texts)s::text[], %(folds)s::text[]) with ordinality
                as x (public_id, text, folded, n)
            order by x.n
            on conflict (folded) do update set article_id = excluded.article_id, locale = excluded.locale,
                text = excluded.text, source = excluded.source, added_by = excluded.added_by, added_at = app_now(),
                conversation_id = excluded.conversation_id
            where p.article_id <> excluded.article_id or p.source = 'proposed' and excluded.source <> 'proposed'
            returning p.*
        )
        select p.public_id as id, p.locale, p.text, p.source, p.added_at, b.name as added_by
        from added p left join agent b on b.id = p.added_by order by p.id
        """,
        values,
    )
    added = [Phrasing(**row) for row in rows]
    new = {folded(one.text) for one in added}
    if added and source == "proposed":
        await _demand_few_proposed(tx, by)
    if added:
        told = {"title": article.title, "locale": locale, "phrasings": [one.text for one in added]}
        action = "phrasing.proposed" if source == "proposed" else "phrasing.added"
        await audit.record(tx, by, action, article.key, after=told)
    return Added(added, [text for fold, text in free.items() if fold not in new], elsewhere, unusable)


async def remove(tx: Tx, by: Actor | None, public_id: str, phrasings: Sequence[str]) -> int:
    """Take phrasings out, or decline proposals; how many.  Raises NotFound."""
    await take_turn(tx)
    article = await reading.find(tx, public_id)
    gone = await tx.all(
        "delete from phrasing where article_id = %s and public_id = any (%s) returning text, source",
        (article.id, list(phrasings)),
    )
    if any(row["source"] != "proposed" for row in gone):
        await begin_change(tx)
    if gone:
        told = {"title": article.title, "phrasings": [row["text"] for row in gone]}
        await audit.record(tx, by, "phrasing.removed", article.key, before=told)
    return len(gone)


async def accept(tx: Tx, by: Actor | None, public_id: str, phrasing: str) -> Phrasing:
    """A proposal counts from now on; accepting it again changes nothing.  Raises NotFound."""
    await begin_change(tx)
    article = await reading.find(tx, public_id)
    accepted = await tx.run(
        """
        update phrasing set source = case when conversation_id is null then 'written' else 'conversation' end
        where article_id = %s and public_id = %s and source = 'proposed'
        """,
        (article.id, phrasing),
    )
    found = await tx.first(
        f"{_SELECT} where p.article_id = %s and p.public_id = %s", (article.id, phrasing), into=Phrasing
    )
    if found is None:
        raise NotFound
    if accepted:
        told = {"title": article.title, "phrasings": [found.text]}
        await audit.record(tx, by, "phrasing.accepted", article.key, after=told)
    return found


async def move(tx: Tx, by: Actor | None, public_id: str, phrasing: str, to: str) -> Phrasing:
    """It asks for another article from now on, as what it was.  Raises NotFound, ArticleArchived, Invalid."""
    await begin_change(tx)
    article, other = await reading.find(tx, public_id), await reading.find(tx, to)
    if article.id == other.id:
        raise Invalid(field="article", reason="same")
    if other.status == "archived":
        raise ArticleArchived(title=other.title)
    moved = await tx.run(
        "update phrasing set article_id = %s where article_id = %s and public_id = %s", (other.id, article.id, phrasing)
    )
    found = await tx.first(
        f"{_SELECT} where p.article_id = %s and p.public_id = %s", (other.id, phrasing), into=Phrasing
    )
    if not moved or found is None:
        raise NotFound
    told = {"phrasings": [found.text]}
    await audit.record(
        tx, by, "phrasing.moved", article.key, before={"title": article.title, **told},
        after={"title": other.title, **told},
    )  # fmt: skip
    return found


async def move_all(tx: Tx, article: Article, other: Article) -> None:
    """All of them, proposals too, ask for the other: these two are being merged, and that is what the audit says."""
    await tx.run("update phrasing set article_id = %s where article_id = %s", (other.id, article.id))


async def outlive(tx: Tx, conversations: Sequence[int]) -> None:
    """These conversations are about to be deleted; what customers' words taught stays."""
    await tx.run(
        "update phrasing set conversation_id = null where conversation_id = any (%s::bigint[])", (list(conversations),)
    )


async def _demand_few_proposed(tx: Tx, by: Actor | None) -> None:
    """After adding, so that what stood there already is never refused; a refusal undoes it."""
    waiting = await tx.value(
        "select count(*) from phrasing where source = 'proposed' and added_by = %s", (by.id if by else None,)
    )
    if waiting > MOST_PROPOSED:
        raise TooManyProposed(most=MOST_PROPOSED)


def _usable(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """By what makes them the same, the first of each; and what cannot be one."""
    usable: dict[str, str] = {}
    unusable: list[str] = []
    for line in lines:
        text = " ".join(printable(line).split())
        fold = folded(text)
        if fold and len(text) <= LONGEST:
            usable.setdefault(fold, text)
        elif text:
            unusable.append(text[: LONGEST + 1])
    return usable, unusable


async def _elsewhere(tx: Tx, article: Article, usable: dict[str, str]) -> list[Elsewhere]:
    rows = await tx.all(
        f"""
        select p.folded, a.public_id, {_TITLE} as title from phrasing p join article a on a.id = p.article_id
        where p.folded = any (%s) and p.article_id <> %s and a.status <> 'archived' order by p.id
        """,
        (list(usable), article.id),
    )
    return [Elsewhere(usable[row["folded"]], row["public_id"], row["title"]) for row in rows]
