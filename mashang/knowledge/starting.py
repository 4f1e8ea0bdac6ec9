"""The knowledge a shop for digital goods begins with: some fifty answers, and how people ask for each.

In both languages, published at once, so that help centre and assistant are of use on the first day.  Each text ends
with the way to a person, and with the code it belongs to where this installation has that code.  Loading again adds
what is missing and touches nothing that is there: what somebody rewrote, withdrew or archived stays as they left it.

Beside `editing` and `wording` the only writer of articles and phrasings: fifty articles in three statements, so that
a demo does not start slower, and one line in the audit, so that the audit stays readable.
Does not: say which codes there are; whoever calls knows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from mashang.kit import i18n, ids
from mashang.kit.db import Json, Tx
from mashang.knowledge import categories, reading
from mashang.knowledge.article import Text
from mashang.knowledge.categories import CategoryDraft
from mashang.knowledge.editing import begin_change
from mashang.knowledge.phrasing import Locale, folded
from mashang.staff import audit
from mashang.staff.audit import Actor

_FOLDER = Path(__file__).with_name("starter")
_APART = 10  # between the positions of two shelves


class Starter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One answer as the file holds it: `category` is the key of a shelf, of `codes` the first is named in the text."""

    key: str
    category: str
    title: dict[Locale, str]
    body: dict[Locale, str]
    phrasings: dict[Locale, list[str]]
    codes: list[str] = []
    playbook: str | None = None
    procedure_only: bool = False

    @property
    def asked(self) -> tuple[str, ...]:
        """How customers ask for it, in every language."""
        return tuple(text for texts in self.phrasings.values() for text in texts)

    @property
    def words(self) -> str:
        """What it says, in every language."""
        return "\n".join([*self.title.values(), *self.body.values()])


class Shelf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A category of the starter knowledge."""

    key: str
    name: str
    name_en: str


@cache
def starters() -> tuple[Starter, ...]:
    """All answers, in the order of their shelves."""
    return tuple(msgspec.json.Decoder(Starter).decode_lines((_FOLDER / "articles.jsonl").read_bytes()))


@cache
def shelves() -> tuple[Shelf, ...]:
    """Where they stand."""
    return tuple(msgspec.json.decode((_FOLDER / "categories.json").read_bytes(), type=list[Shelf]))


async def load(tx: Tx, by: Actor | None, codes: Collection[str]) -> list[str]:
    """Add the answers that are missing, published; their keys.  `codes` are the topic codes in use here."""
    await begin_change(tx)
    rows = await tx.all("select key from article")
    there = {row["key"] for row in rows}
    missing = [one for one in starters() if one.key not in there]
    if missing:
        placed = await _placed(tx, by, {one.category for one in missing})
        await _insert(tx, by, missing, placed, codes)
        await audit.record(tx, by, "article.begun", str(len(missing)), after={"articles": [one.key for one in missing]})
    return [one.key for one in missing]


async def follow(tx: Tx, codes: Collection[str]) -> None:
    """Codes went: answers that stand here word for word as they came name only those still in use."""
    await begin_change(tx)
    ways = [set(), *({code} for code in {code for one in starters() for code in one.codes})]
    rows = [
        {
            "key": one.key, "locale": locale, "codes": _used(one, codes), "body": text(one, locale, codes).body,
            "was": [text(one, locale, way).body for way in ways],
        }
        for one in starters()
        for locale in one.title
    ]  # fmt: skip
    await tx.run(
        """
        with told as (
            update article_text t set body = x.body, written_at = app_now()
            from jsonb_to_recordset(%s) as x (key text, locale text, body text, was jsonb, codes jsonb), article a
            where a.key = x.key and t.article_id = a.id and t.locale = x.locale and x.was ? t.body
            returning t.article_id, x.codes
        )
        update article a set codes = array(select jsonb_array_elements_text(told.codes))
        from told where a.id = told.article_id and a.version = 1
        """,
        (Json(rows),),
    )


async def _placed(tx: Tx, by: Actor | None, wanted: Collection[str]) -> dict[str, str]:
    """The public ids of the shelves that are needed, made where there is none of that name."""
    known = {one.name: one.id for one in await reading.categories(tx)}
    placed = {}
    for number, shelf in enumerate(shelves()):
        if shelf.key in wanted:
            if shelf.name not in known:
                draft = CategoryDraft(shelf.name, shelf.name_en, number * _APART)
                known[shelf.name] = (await categories.create(tx, by, draft)).id
            placed[shelf.key] = known[shelf.name]
    return placed


async def _insert(
    tx: Tx, by: Actor | None, new: Sequence[Starter], placed: Mapping[str, str], codes: Collection[str]
) -> None:
    """Articles, texts and phrasings; words that ask for something else here already stay with it."""
    values = {
        "by": by.id if by else None,
        "articles": Json([{"n": n, **_article(one, placed[one.category], codes)} for n, one in enumerate(new)]),
        "texts": Json([row for one in new for row in _texts(one, codes)]),
        "phrasings": Json([row for one in new for row in _phrasings(one)]),
    }
    await tx.run(
        """
        insert into article (public_id, key, category_id, status, published_version, codes, playbook, procedure_only,
            created_by, changed_by)
        select x.public_id, x.key, c.id, 'published', 1, array(select jsonb_array_elements_text(x.codes)), x.playbook,
            x.procedure_only, %(by)s, %(by)s
        from jsonb_to_recordset(%(articles)s) as x (n int, public_id text, key text, category text, codes jsonb,
            playbook text, procedure_only boolean)
        join article_category c on c.public_id = x.category order by x.n
        """,
        values,
    )
    await tx.run(
        """
        insert into article_text (article_id, version, locale, title, body, written_by)
        select a.id, 1, x.locale, x.title, x.body, %(by)s
        from jsonb_to_recordset(%(texts)s) as x (key text, locale text, title text, body text)
        join article a on a.key = x.key
        """,
        values,
    )
    await tx.run(
        """
        insert into phrasing (public_id, article_id, locale, text, folded, source, added_by)
        select x.public_id, a.id, x.locale, x.text, x.folded, 'starter', %(by)s
        from jsonb_to_recordset(%(phrasings)s) as x (n int, public_id text, key text, locale text, text text,
            folded text)
        join article a on a.key = x.key order by a.id, x.n
        on conflict (folded) do nothing
        """,
        values,
    )


def _article(one: Starter, category: str, codes: Collection[str]) -> dict[str, Any]:
    facts = {"key": one.key, "playbook": one.playbook, "procedure_only": one.procedure_only}
    return {**facts, "public_id": ids.public_id(), "category": category, "codes": _used(one, codes)}


def _used(one: Starter, codes: Collection[str]) -> list[str]:
    return [code for code in one.codes if code in codes]


def _texts(one: Starter, codes: Collection[str]) -> list[dict[str, str]]:
    texts = {locale: text(one, locale, codes) for locale in one.title}
    return [{"key": one.key, "locale": locale, "title": it.title, "body": it.body} for locale, it in texts.items()]


def text(one: Starter, locale: Locale, codes: Collection[str]) -> Text:
    """What readers see: the answer, and the way to a person."""
    used = _used(one, codes)
    way = i18n.sentence("starter_way_code" if used else "starter_way", locale, code=used[0] if used else "")
    return Text(one.title[locale], f"{one.body[locale]}\n\n{way}")


def _phrasings(one: Starter) -> list[dict[str, Any]]:
    asked = [(locale, text) for locale, texts in one.phrasings.items() for text in texts]
    return [
        {
            "n": n, "public_id": ids.public_id(), "key": one.key, "locale": locale, "text": text,
            "folded": folded(text),
        }
        for n, (locale, text) in enumerate(asked)
    ]  # fmt: skip
