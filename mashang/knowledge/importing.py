"""A file of knowledge comes in: all of it or nothing, and what it changes is known before it is done.

A preview is the import itself, undone: so it cannot promise anything else.  An article that is as the file has it is
not touched.  Phrasings that a file names for a language replace those there; proposals stay.

Does not: read a format (`jsonl_file`, `csv_file`, `markdown_file`), or decode pictures (`transfer_api` does, before).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import UNSET

from mashang.kit.db import Tx
from mashang.kit.errors import Refusal
from mashang.kit.pictures import Picture
from mashang.knowledge import categories, editing, markdown_file, pictures, reading, wording
from mashang.knowledge.article import LOCALES, Article, ArticleDraft, Text, cleaned
from mashang.knowledge.categories import CategoryDraft
from mashang.knowledge.interchange import MOST_ARTICLES, File, Line, Place, Problem
from mashang.knowledge.phrasing import Locale, folded
from mashang.knowledge.playbooks import PlaybookNames
from mashang.staff import Agent, audit

What = Literal["new", "changed", "same"]


class ImportNoTitle(Refusal):
    """Neither a key nor a title: nobody knows which article is meant."""

    code = "import_no_title"


class ImportSameTitle(Refusal):
    """A line without a key has the title of an article that is there."""

    code = "import_same_title"


class Change(msgspec.Struct):
    """What becomes of one article; `fields` are the names of what differs, the numbers count phrasings."""

    key: str
    title: str
    what: What
    fields: list[str] = []
    added: int = 0
    removed: int = 0
    publishes: bool = False


class Outcome(msgspec.Struct):
    """What a file does; with a problem, nothing."""

    changes: list[Change]
    problems: list[Problem]
    notes: list[Problem]


class _Taken(msgspec.Struct):
    """One line on its way in."""

    place: Place
    line: Line
    article: Article
    change: Change


class _Here(msgspec.Struct, frozen=True):
    """What names in files stand for."""

    categories: dict[str, str]
    departments: dict[str, str]
    people: dict[str, str]


async def run(
    tx: Tx,
    by: Agent,
    file: File,
    decoded: Mapping[str, tuple[str, Picture]],
    playbooks: PlaybookNames,
    *,
    publish: bool,
) -> Outcome:
    """Take the file; `decoded` are its pictures with the keys they will lie under.  Whoever calls undoes on problems.

    `publish`: also what the file does not say is published.
    """
    outcome = Outcome([], list(file.problems), [])
    if len(file.lines) > MOST_ARTICLES:
        outcome.problems.append(Problem(Place(MOST_ARTICLES + 1), "import_too_many", {"most": MOST_ARTICLES}))
    if not file.lines and not file.problems:
        outcome.problems.append(Problem(Place(1), "import_empty"))
    _demand_once(file, outcome)
    if outcome.problems:
        return outcome
    await editing.begin_change(tx)
    here = await _here(tx, by, file)
    taken: list[_Taken] = []
    for place, line in sorted(file.lines, key=lambda one: not one[1].key):  # a key that is made is one nobody names
        try:
            if line.playbook is not UNSET:
                await playbooks.demand(tx, line.playbook, line.key)
            taken.append(await _article(tx, by, (place, line), here, outcome))
        except Refusal as refusal:
            outcome.problems.append(Problem(place, refusal.code, refusal.facts))
    for one in taken:
        await _pictures(tx, by, one, decoded, outcome)
        await _take_out(tx, by, one)
    for one in taken:
        await _add(tx, by, one, outcome)
    for one in taken:
        await _publish(tx, by, one, outcome, publish=publish)
    outcome.changes = [one.change for one in taken]
    if any(one.what != "same" for one in outcome.changes):
        counts = {what: sum(1 for one in outcome.changes if one.what == what) for what in ("new", "changed", "same")}
        await audit.record(tx, by, "knowledge.imported", file.format, after=counts)
    return outcome


def _demand_once(file: File, outcome: Outcome) -> None:
    first: dict[str, Place] = {}
    for place, line in file.lines:
        if not line.key:
            continue
        if line.key in first:
            facts = {"key": line.key, "first": first[line.key].line}
            outcome.problems.append(Problem(place, "import_twice", facts))
        first.setdefault(line.key, place)


async def _demand_new(tx: Tx, draft: ArticleDraft) -> None:
    """Without a key it has a title that no article has: a file that is imported twice makes nothing twice."""
    titles = [text.title.strip() for text in draft.texts.values() if text.title.strip()]
    if not titles:
        raise ImportNoTitle
    same = await tx.first(
        """
        select a.key, t.title from article a join article_text t on t.article_id = a.id and t.version = a.draft_version
        where t.title = any(%s) and a.status <> 'archived' limit 1
        """,
        (titles,),
    )
    if same:
        raise ImportSameTitle(title=same["title"], key=same["key"])


async def _here(tx: Tx, by: Agent, file: File) -> _Here:
    """Names and what they stand for; categories that are missing are made."""
    shelves = {one.name: one.id for one in await reading.categories(tx)}
    for _, line in file.lines:
        name = line.category.strip() if line.category is not UNSET else ""
        if name and name not in shelves:
            english = line.category_en if line.category_en is not UNSET else ""
            draft = CategoryDraft(name[: categories.LONGEST_NAME], english[:60], len(shelves) + 1)
            shelves[name] = (await categories.create(tx, by, draft)).id
    departments = await tx.all("select name, public_id from department where archived_at is null")
    people = await tx.all("select login, public_id from agent where archived_at is null")
    return _Here(
        shelves,
        {row["name"]: row["public_id"] for row in departments},
        {row["login"]: row["public_id"] for row in people},
    )


async def _article(tx: Tx, by: Agent, placed: tuple[Place, Line], here: _Here, outcome: Outcome) -> _Taken:
    place, line = placed
    before = await reading.find_by_key(tx, line.key) if line.key else None
    line = await _with_own_pictures(tx, before, line) if before else line
    draft = _draft(place, line, before, here, outcome)
    if before is None:
        if not line.key:
            await _demand_new(tx, draft)
        made = await editing.create(tx, by, draft)
        return _Taken(place, line, made, Change(made.key, made.title, "new"))
    change = Change(line.key, before.title, "same", _differing(before, draft))
    if before.status == "archived":
        before = await editing.withdraw(tx, by, before.public_id, version=before.version)
        change.fields.append("status")
    if change.fields:
        change.what = "changed"
        before = await editing.edit(tx, by, before.public_id, draft, version=before.version)
        change.title = before.title
    return _Taken(place, line, before, change)


def _draft(place: Place, line: Line, before: Article | None, here: _Here, outcome: Outcome) -> ArticleDraft:
    """The article as the file has it, and for the rest as it is."""
    draft = editing.draft_of(before) if before else ArticleDraft(key=line.key, texts={})
    plain = ("valid_from", "valid_until", "review_on", "codes", "playbook", "procedure_only")
    values: dict[str, Any] = {name: getattr(line, name) for name in plain if getattr(line, name) is not UNSET}
    values["texts"] = _texts(line, draft.texts)
    if line.category is not UNSET:
        values["category"] = here.categories.get(line.category.strip())
    if line.departments is not UNSET:
        unknown = [name for name in line.departments if name not in here.departments]
        outcome.notes += [Problem(place, "import_unknown_department", {"name": name}) for name in unknown]
        values["departments"] = [here.departments[name] for name in line.departments if name in here.departments]
    if line.owner is not UNSET:
        values["owner"] = here.people.get(line.owner or "")
        if line.owner and not values["owner"]:
            outcome.notes.append(Problem(place, "import_unknown_owner", {"name": line.owner}))
    return msgspec.structs.replace(draft, **values)


def _texts(line: Line, kept: Mapping[Locale, Text]) -> dict[Locale, Text]:
    titles = line.title if line.title is not UNSET else {}
    bodies = line.body if line.body is not UNSET else {}
    texts = dict(kept)
    for locale in LOCALES:
        if locale in titles or locale in bodies:
            before = texts.get(locale, Text())
            texts[locale] = Text(titles.get(locale, before.title), bodies.get(locale, before.body))
    return texts


def _differing(before: Article, draft: ArticleDraft) -> list[str]:
    texts = cleaned(draft.texts)
    fields = [
        f"{field}.{locale}"
        for locale in LOCALES
        for field in ("title", "body")
        if getattr(texts.get(locale, Text()), field) != getattr(before.texts.get(locale, Text()), field)
    ]
    was = editing.draft_of(before)
    facts = [name for name in ArticleDraft.__struct_fields__ if name not in {"key", "texts"}]
    return fields + [name for name in facts if getattr(was, name) != getattr(draft, name)]


async def _with_own_pictures(tx: Tx, article: Article, line: Line) -> Line:
    """With our addresses where its texts show pictures the article has already, as an export names them."""
    bodies = line.body if line.body is not UNSET else {}
    addresses = {}
    for name in {name for body in bodies.values() for name in markdown_file.linked(body)}:
        if kept := await pictures.of_article(tx, article.id, name.partition(".")[0]):
            addresses[name] = kept.address
    if not addresses:
        return line
    bodies = {locale: markdown_file.with_addresses(body, addresses) for locale, body in bodies.items()}
    return msgspec.structs.replace(line, body=bodies)


async def _pictures(
    tx: Tx, by: Agent, one: _Taken, decoded: Mapping[str, tuple[str, Picture]], outcome: Outcome
) -> None:
    """What else its texts show of the archive becomes pictures of this article."""
    wanted = {name for text in one.article.texts.values() for name in markdown_file.linked(text.body)}
    if not wanted:
        return
    addresses = {}
    for name in sorted(wanted):
        if name in decoded:
            key, picture = decoded[name]
            addresses[name] = (await pictures.insert(tx, by, one.article.id, picture, key)).address
        elif shared := await pictures.among(tx, [name.partition(".")[0]]):  # of another article
            addresses[name] = (await pictures.insert(tx, by, one.article.id, shared[0], shared[0].key)).address
        else:
            outcome.problems.append(Problem(one.place, "import_no_picture", {"name": name[:60]}))
    texts = {
        locale: Text(text.title, markdown_file.with_addresses(text.body, addresses))
        for locale, text in one.article.texts.items()
    }
    draft = msgspec.structs.replace(editing.draft_of(one.article), texts=texts)
    one.article = await editing.edit(tx, by, one.article.public_id, draft, version=one.article.version)


async def _take_out(tx: Tx, by: Agent, one: _Taken) -> None:
    if one.line.phrasings is UNSET:
        return
    wanted = {locale: {folded(text) for text in texts} for locale, texts in one.line.phrasings.items()}
    gone = [
        each.id
        for each in await wording.of(tx, one.article)
        if each.source != "proposed" and each.locale in wanted and folded(each.text) not in wanted[each.locale]
    ]
    if gone:
        one.change.removed = await wording.remove(tx, by, one.article.public_id, gone)
        one.change.what = "new" if one.change.what == "new" else "changed"


async def _add(tx: Tx, by: Agent, one: _Taken, outcome: Outcome) -> None:
    phrasings = one.line.phrasings if one.line.phrasings is not UNSET else {}
    for locale, texts in phrasings.items():
        told = await wording.add(tx, by, one.article.public_id, locale, texts, source="imported")
        outcome.problems += [
            Problem(one.place, "import_elsewhere", {"text": each.text, "title": each.title}) for each in told.elsewhere
        ]
        outcome.problems += [
            Problem(one.place, "import_unusable", {"text": each[:40]}) for each in told.unusable
        ]  # fmt: skip
        repeated = len([text for text in texts if text.strip()]) - len({folded(text) for text in texts if text.strip()})
        if repeated > 0:
            outcome.notes.append(Problem(one.place, "import_repeated", {"n": repeated}))
        if told.added:
            one.change.added += len(told.added)
            one.change.what = "new" if one.change.what == "new" else "changed"


async def _publish(tx: Tx, by: Agent, one: _Taken, outcome: Outcome, *, publish: bool) -> None:
    article = one.article
    wants = publish or one.line.status == "published"
    is_read = article.status == "published" and article.published_version == article.draft_version
    try:
        if wants and not is_read:
            await editing.publish(tx, by, article.public_id, version=article.version)
            one.change.publishes = True
            one.change.what = "new" if one.change.what == "new" else "changed"
        elif one.line.status == "draft" and not publish and article.status == "published":
            await editing.withdraw(tx, by, article.public_id, version=article.version)
            one.change.what, one.change.fields = "changed", [*one.change.fields, "status"]
    except Refusal as refusal:
        outcome.problems.append(Problem(one.place, refusal.code, refusal.facts))
