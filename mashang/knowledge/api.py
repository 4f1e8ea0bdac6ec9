"""The knowledge over HTTP, for the desk: everybody who works here reads it and proposes phrasings, editors write it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Router, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from mashang.kit.db import Database, Tx
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.text import storable
from mashang.knowledge import (
    category_api,
    doctor_api,
    editing,
    listing,
    picture_api,
    reading,
    rendering,
    transfer_api,
    wording,
    wording_api,
)
from mashang.knowledge.article import (
    LONGEST_BODY,
    Article,
    ArticleDraft,
    ArticleMoved,
    ArticleNotWhole,
    ArticleTooLong,
    KeyTaken,
    Status,
    Text,
)
from mashang.knowledge.listing import Kind, Listed, Version, Wanted
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.playbooks import PlaybookNames, PlaybookUnknown
from mashang.knowledge.wording import Phrasing
from mashang.staff import Agent
from mashang.staff.api import current_agent
from mashang.staff.permissions import require

LARGEST_BODY = 4 * 1024 * 1024  # a text of a million characters is refused as too long, and keeps its sentence

_previews = Limiter(4, 40)  # by agent: one a pause in typing

Seen = Annotated[int, Meta(ge=1)]


class ArticleEdit(ArticleDraft, frozen=True, kw_only=True):
    """An article as it shall be; `version` is the one that was read."""

    version: Seen


class ArticleVersion(msgspec.Struct, forbid_unknown_fields=True):
    """Which version of the article was read."""

    version: Seen


class ArticleView(msgspec.Struct, kw_only=True):
    """An article to read or edit, with its newest text."""

    id: str
    key: str
    status: Status
    version: int
    draft_version: int
    published_version: int | None
    category: str | None
    texts: dict[Locale, Text]
    valid_from: datetime | None
    valid_until: datetime | None
    owner: str | None
    review_on: str | None
    codes: list[str]
    departments: list[str]
    playbook: str | None
    procedure_only: bool
    merged_into: str | None
    changed_at: datetime
    changed_by: str | None
    phrasings: list[Phrasing]


class Unrendered(msgspec.Struct, forbid_unknown_fields=True):
    """Markdown to look at."""

    body: str


class Rendered(msgspec.Struct):
    """HTML as readers will see it."""

    html: str


async def article_view(tx: Tx, article: Article) -> ArticleView:
    facts = {name: getattr(article, name) for name in ArticleView.__struct_fields__ if hasattr(article, name)}
    review_on = article.review_on.isoformat() if article.review_on else None
    phrasings = await wording.of(tx, article)
    known = {**facts, "id": article.public_id, "review_on": review_on, "phrasings": phrasings}
    return ArticleView(**{**known, "codes": list(article.codes), "departments": list(article.departments)})


# ── reading ─────────────────────────────────────────────────────────────────


@get("/articles", responses=refusals(NotSignedIn, Invalid))
async def list_articles(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],  # noqa: ARG001 — asked for, so that only the staff read it
    *,
    text: Annotated[str, QueryParameter(name="q", max_length=listing.MOST_TYPED)] = "",
    category: Annotated[str, QueryParameter(max_length=32, pattern="^[A-Za-z0-9]*$")] = "",
    owner: Annotated[str, QueryParameter(max_length=32, pattern="^[A-Za-z0-9]*$")] = "",
    kind: Annotated[Kind | None, QueryParameter()] = None,
    skip: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
) -> Listed:
    """Articles by category and title; `category=none` are those without one."""
    if not storable(text):
        raise Invalid(field="q", reason="characters")
    async with db.transaction() as tx:
        return await listing.page(tx, Wanted(text, category, owner, kind, skip))


@get("/articles/{id:str}", responses=refusals(NotSignedIn, NotFound))
async def show_article(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],  # noqa: ARG001 — only the staff
    id: Id,
) -> ArticleView:
    """One article with its newest text and all its phrasings."""
    async with db.transaction() as tx:
        return await article_view(tx, await reading.find(tx, id))


@get("/articles/{id:str}/versions", responses=refusals(NotSignedIn, NotFound))
async def list_article_versions(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],  # noqa: ARG001 — only the staff
    id: Id,
) -> list[Version]:
    """All versions of its text, newest first."""
    async with db.transaction() as tx:
        return await listing.versions(tx, await reading.find(tx, id))


@post("/preview", status_code=200, responses=refusals(NotSignedIn, ArticleTooLong, TooMany))
async def preview_article(agent: NamedDependency[Agent], data: JSONBody[Unrendered]) -> Rendered:
    """Markdown as the help centre will show it."""
    _previews.take(str(agent.id))
    if len(data.body) > LONGEST_BODY:
        raise ArticleTooLong(field="body", length=len(data.body), limit=LONGEST_BODY)
    html = rendering.html(data.body)
    return Rendered(html.replace(f'src="{rendering.PICTURES}', f'src="{picture_api.ADDRESS}'))


# ── writing ─────────────────────────────────────────────────────────────────


@post("/articles", responses=refusals(NotSignedIn, NotAllowed, KeyTaken, ArticleTooLong, PlaybookUnknown, Invalid))
async def create_article(
    db: NamedDependency[Database],
    playbook_names: NamedDependency[PlaybookNames],
    agent: NamedDependency[Agent],
    data: JSONBody[ArticleDraft],
) -> ArticleView:
    """Write a new draft."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        await playbook_names.demand(tx, data.playbook)
        return await article_view(tx, await editing.create(tx, agent, data))


@put(
    "/articles/{id:str}",
    responses=refusals(
        NotSignedIn, NotAllowed, NotFound, KeyTaken, ArticleMoved, ArticleTooLong, PlaybookUnknown, Invalid
    ),
)
async def edit_article(
    db: NamedDependency[Database],
    playbook_names: NamedDependency[PlaybookNames],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[ArticleEdit],
) -> ArticleView:
    """Change its facts at once; another text waits to be published."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        await playbook_names.demand(tx, data.playbook, id)
        return await article_view(tx, await editing.edit(tx, agent, id, data, version=data.version))


_Step = Callable[..., Awaitable[Article]]


async def _step(db: Database, agent: Agent, public_id: str, seen: ArticleVersion, step: _Step) -> ArticleView:
    """One of the steps of an article's life, by an editor who saw this version."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        return await article_view(tx, await step(tx, agent, public_id, version=seen.version))


@post(
    "/articles/{id:str}/publish",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, ArticleMoved, ArticleNotWhole),
)
async def publish_article(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[ArticleVersion]
) -> ArticleView:
    """Let readers see the newest text from now on."""
    return await _step(db, agent, id, data, editing.publish)


@post(
    "/articles/{id:str}/withdraw",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, ArticleMoved),
)
async def withdraw_article(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[ArticleVersion]
) -> ArticleView:
    """Make it a draft again, also out of the archive."""
    return await _step(db, agent, id, data, editing.withdraw)


@post(
    "/articles/{id:str}/archive",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, ArticleMoved),
)
async def archive_article(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[ArticleVersion]
) -> ArticleView:
    """Take it out of use."""
    return await _step(db, agent, id, data, editing.archive)


@post(
    "/articles/{id:str}/versions/{number:int}/restore",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, ArticleMoved, Conflict),
)
async def restore_article_version(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    id: Id,
    number: Annotated[int, PathParameter(ge=1, le=1_000_000)],
    data: JSONBody[ArticleVersion],
) -> ArticleView:
    """Make an older text the newest draft."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        return await article_view(tx, await editing.restore(tx, agent, id, number, version=data.version))


_SIGNED_IN = {"agent": Provide(current_agent)}
router = Router(
    "/desk/knowledge",
    tags=["Knowledge"],
    security=[{"staff": []}],
    dependencies=_SIGNED_IN,
    request_max_body_size=LARGEST_BODY,
    route_handlers=[
        list_articles, show_article, list_article_versions, preview_article, create_article, edit_article,
        publish_article, withdraw_article, archive_article, restore_article_version, *wording_api.ROUTES,
        *category_api.ROUTES, picture_api.show_article_picture, *transfer_api.ROUTES, *doctor_api.ROUTES,
    ],
)  # fmt: skip
upload_router = Router(
    "/desk/knowledge",
    tags=["Knowledge"],
    security=[{"staff": []}],
    dependencies=_SIGNED_IN,
    route_handlers=[picture_api.upload_article_picture, *transfer_api.UPLOAD_ROUTES],
)
