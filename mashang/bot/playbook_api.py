"""Playbooks over HTTP: read, checked, saved as versions, published, and tried on a past conversation."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from mashang.bot import checking, explaining, library, marked, rehearsing
from mashang.bot.library import Own, PlaybookMoved, PlaybooksFull, PlaybookWrong, Written
from mashang.bot.playbook import Ask, Decide, Playbook, Step, Texts, kind, ways
from mashang.bot.rehearsing import Asks, Past, Rehearsal
from mashang.kit.db import Database, Tx
from mashang.kit.edge import refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.sealing import Sealer
from mashang.shops.adapters import Shops
from mashang.staff import Agent
from mashang.staff.permissions import require

Key = Annotated[str, PathParameter(pattern=r"^[a-z0-9][a-z0-9-]{1,79}$", description="name of the playbook")]
Number = Annotated[int, PathParameter(ge=1, le=1_000_000, description="version of the playbook")]
Source = Annotated[str, Meta(max_length=marked.LONGEST + 1, description="YAML, docs/integrating/playbooks.md")]
Version = Annotated[int, Meta(ge=0, le=1_000_000)]


class PlaybookArticle(msgspec.Struct):
    """An article that a playbook answers in place of, as it is called in each language."""

    id: str
    title: Texts


class PlaybookLine(msgspec.Struct, kw_only=True):
    """A playbook in the list; `runs`: which one runs under this key, `unpublished`: a newer version is written."""

    key: str
    title: str
    title_en: str
    is_shipped: bool
    is_own: bool
    runs: Literal["shipped", "own"] | None
    published: int | None
    newest: int
    steps: int
    articles: list[PlaybookArticle]
    codes: list[str]


class Way(msgspec.Struct):
    """A way out of a step; `text`: the button which leads there, or what must be so."""

    name: str
    to: str
    text: Texts


class StepView(msgspec.Struct, kw_only=True):
    """A step for the picture: what it does, of what kind, in which words, and where it leads."""

    name: str
    does: str
    of: str
    text: Texts
    ways: list[Way]


class ProblemView(msgspec.Struct):
    """Why it is refused, and where."""

    line: int
    column: int
    path: str
    code: str
    told: Texts


class Checked(msgspec.Struct):
    """Problems, or the steps of a playbook without any."""

    problems: list[ProblemView]
    steps: list[StepView]


class PlaybookView(msgspec.Struct, kw_only=True):
    """One playbook: its newest text, its versions, the text that comes with the product."""

    key: str
    title: str
    title_en: str
    source: str
    newest: int
    published: int | None
    versions: list[Written]
    shipped: str | None
    steps: list[StepView]


class PlaybookText(msgspec.Struct, forbid_unknown_fields=True):
    """A text to check."""

    source: Source


class PlaybookDraft(msgspec.Struct, forbid_unknown_fields=True):
    """A text to save as the next version after `seen`; 0: there is none of one's own yet."""

    source: Source
    seen: Version


class WhichVersion(msgspec.Struct, forbid_unknown_fields=True):
    """The version to run."""

    version: Annotated[int, Meta(ge=1, le=1_000_000)]


class Trial(msgspec.Struct, forbid_unknown_fields=True):
    """A text, and the conversation to try it on, by public id; `asks`: what the shop said then, or says now."""

    source: Source
    conversation: Annotated[str, Meta(min_length=1, max_length=32, pattern="^[A-Za-z0-9]+$")]
    asks: Asks = "recorded"


class VersionText(msgspec.Struct):
    """The text of one version."""

    source: str


@get("/playbooks", responses=refusals(NotSignedIn, NotAllowed))
async def list_playbooks(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[PlaybookLine]:
    """All of them: those that come with the product, and one's own."""
    require(agent, "playbooks.read")
    async with db.transaction() as tx:
        own = {one.key: one for one in await library.everything(tx)}
        used = await _used(tx)
    return [_line(key, own.get(key), used) for key in sorted({*library.shipped(), *own})]


@get("/playbooks/{key:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def show_playbook(db: NamedDependency[Database], agent: NamedDependency[Agent], key: Key) -> PlaybookView:
    """One, with its versions."""
    require(agent, "playbooks.read")
    async with db.transaction() as tx:
        return await _view(tx, key)


@get("/playbooks/{key:str}/versions/{version:int}", responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def show_version(
    db: NamedDependency[Database], agent: NamedDependency[Agent], key: Key, version: Number
) -> VersionText:
    """What stood in an older version."""
    require(agent, "playbooks.read")
    async with db.transaction() as tx:
        return VersionText(await library.source_of(tx, key, version))


@post("/playbook-checks", status_code=200, responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def check_playbook(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[PlaybookText]
) -> Checked:
    """What is wrong with this text, and where; saves nothing."""
    require(agent, "playbooks.read")
    playbook, problems = await asyncio.to_thread(checking.read, data.source)
    if playbook:
        async with db.transaction() as tx:
            problems = await library.without_codes(tx, data.source)
    told = [ProblemView(one.line, one.column, one.path, one.code, checking.told(one)) for one in problems[:50]]
    return Checked(told, _steps(playbook) if playbook else [])


@put(
    "/playbooks",
    responses=refusals(NotSignedIn, NotAllowed, Invalid, PlaybookWrong, PlaybookMoved, PlaybooksFull),
)
async def save_playbook(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[PlaybookDraft]
) -> PlaybookView:
    """Save the next version of the playbook whose key stands in the text; it does not run before it is published."""
    require(agent, "playbooks.edit")
    await asyncio.to_thread(library.demand, data.source)
    async with db.transaction() as tx:
        saved = await library.save(tx, agent, data.source, seen=data.seen)
        return await _view(tx, saved.key)


@put("/playbooks/{key:str}/published", responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid))
async def publish_playbook(
    db: NamedDependency[Database], agent: NamedDependency[Agent], key: Key, data: JSONBody[WhichVersion]
) -> PlaybookView:
    """Let a version run, a new one or an older one again; who is in the middle goes on with theirs."""
    require(agent, "playbooks.edit")
    async with db.transaction() as tx:
        await library.publish(tx, agent, key, data.version)
        return await _view(tx, key)


@delete("/playbooks/{key:str}/published", status_code=200, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def withdraw_playbook(db: NamedDependency[Database], agent: NamedDependency[Agent], key: Key) -> PlaybookView:
    """Let none of one's own run; the one that comes with the product does, where there is one."""
    require(agent, "playbooks.edit")
    async with db.transaction() as tx:
        await library.publish(tx, agent, key, None)
        return await _view(tx, key)


@get("/playbook-trials", responses=refusals(NotSignedIn, NotAllowed))
async def list_past(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[Past]:
    """Conversations to try a playbook on, the newest first."""
    require(agent, "playbooks.read")
    async with db.transaction() as tx:
        return await rehearsing.recent(tx, agent)


@post(
    "/playbook-trials",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid, PlaybookWrong),
)
async def try_playbook(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    data: JSONBody[Trial],
) -> Rehearsal:
    """How it would have gone in a past conversation, or goes with the shop as it is now; nothing is changed."""
    require(agent, "playbooks.read")
    playbook = await asyncio.to_thread(library.demand, data.source)
    return await rehearsing.rehearse(db, agent, playbook, data.conversation, asks=data.asks, shops=shops, sealer=sealer)


async def _used(tx: Tx) -> dict[str, tuple[list[PlaybookArticle], list[str]]]:
    """By key: the articles it answers in place of, and the topic codes it answers first."""
    articles = await tx.all(
        """
        select a.playbook, a.public_id, jsonb_object_agg(t.locale, t.title) as title
        from article a join article_text t on t.article_id = a.id
        where a.playbook is not null and a.status <> 'archived' group by a.id order by a.key
        """
    )
    topics = await tx.all(
        "select code, answer_key from topic where answers_with = 'playbook' and archived_at is null order by code"
    )
    keys = {row["playbook"] for row in articles} | {row["answer_key"] for row in topics}
    return {
        key: (
            [PlaybookArticle(row["public_id"], row["title"]) for row in articles if row["playbook"] == key],
            [row["code"] for row in topics if row["answer_key"] == key],
        )
        for key in keys
    }


def _line(key: str, own: Own | None, used: dict[str, tuple[list[PlaybookArticle], list[str]]]) -> PlaybookLine:
    ships = library.shipped().get(key)
    playbook = (library.read(own.source) if own else None) or (ships[0] if ships else None)
    articles, codes = used.get(key, ([], []))
    return PlaybookLine(
        key=key,
        title=playbook.title if playbook else key,
        title_en=playbook.title_en if playbook else key,
        is_shipped=ships is not None,
        is_own=own is not None,
        runs="own" if own and own.published else "shipped" if ships else None,
        published=own.published if own else None,
        newest=own.newest if own else 0,
        steps=len(playbook.steps) if playbook else 0,
        articles=articles,
        codes=codes,
    )


async def _view(tx: Tx, key: str) -> PlaybookView:
    own, ships = await library.own(tx, key), library.shipped().get(key)
    if own is None and ships is None:
        raise NotFound
    source = own.source if own else ships[1] if ships else ""
    playbook = library.read(source)
    return PlaybookView(
        key=key,
        title=playbook.title if playbook else key,
        title_en=playbook.title_en if playbook else key,
        source=source,
        newest=own.newest if own else 0,
        published=own.published if own else None,
        versions=own.versions if own else [],
        shipped=ships[1] if ships else None,
        steps=_steps(playbook) if playbook else [],
    )


def _steps(playbook: Playbook) -> list[StepView]:
    return [
        StepView(
            name=name,
            does=kind(step),
            of=_of(step),
            text=explaining.words(_text(step), playbook),
            ways=_ways(step, playbook),
        )
        for name, step in playbook.steps.items()
    ]


def _ways(step: Step, playbook: Playbook) -> list[Way]:
    texts: dict[str, Texts] = {}
    if isinstance(step, Ask):
        texts = {f"options.{n}.next": one.text for n, one in enumerate(step.options)}
    if isinstance(step, Decide):
        texts = {f"decide.{n}.next": explaining.conditions(one.when, playbook) for n, one in enumerate(step.decide)}
    return [Way(name, to, texts.get(name, {})) for name, to in ways(step)]


def _of(step: Any) -> str:
    """What is asked, looked up or done."""
    return str(next((value for name in ("ask", "look_up", "act") if (value := getattr(step, name, ""))), ""))


def _text(step: Any) -> Texts:
    return next((value for name in ("text", "say", "hand_over") if (value := getattr(step, name, None))), {})


ROUTES = [
    list_playbooks,
    show_playbook,
    show_version,
    check_playbook,
    save_playbook,
    publish_playbook,
    withdraw_playbook,
    list_past,
    try_playbook,
]
