"""Topic codes over HTTP: made, changed and archived by the operator.

Customers ask through `channels.web`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from mashang.codes import topics
from mashang.codes.code import Topic
from mashang.codes.topics import AliasTaken, CodeTaken, TopicDraft
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.i18n import sentence
from mashang.shops.context import PARTS
from mashang.staff import Agent
from mashang.staff.api import current_agent
from mashang.staff.permissions import require


class TopicView(msgspec.Struct):
    """A topic as the administration shows it; `department` is a public id."""

    id: str
    code: str
    name: str
    name_en: str
    department: str
    greeting: str
    greeting_en: str
    icon: str
    aliases: list[str]
    context: list[str]
    shown: bool
    position: int
    takes_reference: bool
    required_tier: int
    skills: list[str]
    priority: int
    expires_at: datetime | None


class PartView(msgspec.Struct):
    """A part of the shop's knowledge that can be fetched when a conversation starts."""

    name: str
    label: str


def view(topic: Topic) -> TopicView:
    """`topic` for the administration."""
    return TopicView(
        topic.public_id,
        topic.code,
        topic.name,
        topic.name_en,
        topic.department_public_id,
        topic.greeting,
        topic.greeting_en,
        topic.icon,
        list(topic.aliases),
        list(topic.context),
        topic.shown,
        topic.position,
        topic.takes_reference,
        topic.required_tier,
        list(topic.skills),
        topic.priority,
        topic.expires_at,
    )


@get("/", responses=refusals(NotSignedIn, NotAllowed))
async def list_topics(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[TopicView]:
    """All topics in use, in the operator's order."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        return [view(topic) for topic in await topics.present(tx)]


@get("/parts", responses=refusals(NotSignedIn, NotAllowed))
async def list_parts(request: Asking, agent: NamedDependency[Agent]) -> list[PartView]:
    """The parts of a shop's knowledge a topic can ask for."""
    require(agent, "codes.read")
    return [PartView(part, sentence(f"part_{part}", locale_of(request))) for part in PARTS]


@post("/", responses=refusals(NotSignedIn, NotAllowed, CodeTaken, AliasTaken, Invalid))
async def create_topic(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[TopicDraft]
) -> TopicView:
    """Make a topic; with the code of an archived one, bring that one back."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        return view(await topics.create(tx, agent, data, PARTS))


@put("/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, CodeTaken, AliasTaken, Invalid))
async def edit_topic(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[TopicDraft]
) -> TopicView:
    """Change a topic."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        return view(await topics.edit(tx, agent, id, data, PARTS))


@delete("/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def archive_topic(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take a topic out of use; conversations opened with it keep its code."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        await topics.archive(tx, agent, id)


router = Router(
    "/admin/topics",
    tags=["Administration"],
    dependencies={"agent": Provide(current_agent)},
    route_handlers=[list_topics, list_parts, create_topic, edit_topic, archive_topic],
)
