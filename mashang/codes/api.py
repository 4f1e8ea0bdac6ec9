"""Topic codes over HTTP: made, changed and archived by the operator.

Customers ask through `channels.web`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from msgspec import Meta

from mashang.codes import lint, succession, topics, trying
from mashang.codes.code import Topic, normalise
from mashang.codes.topics import AliasTaken, CodeTaken, TopicDraft
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.i18n import sentence
from mashang.shops.questions import PARTS
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
    successor: str | None
    answers_with: str
    answer_key: str
    answer_text: str
    answer_text_en: str


class WarningView(msgspec.Struct):
    """Something to know before customers do; it forbids nothing."""

    field: lint.Field
    kind: str
    message: str


class TopicSaved(TopicView):
    """A topic as it was saved, and what to know of it."""

    warnings: list[WarningView]


class TopicSketch(msgspec.Struct, forbid_unknown_fields=True):
    """A code that is being thought of; `id` is the topic's that is being changed."""

    code: Annotated[str, Meta(max_length=20)] = ""
    name: Annotated[str, Meta(max_length=40)] = ""
    aliases: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=100)] = []
    id: Annotated[str, Meta(max_length=32)] = ""
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    successor: succession.Code | None = None


class TrialWish(msgspec.Struct, forbid_unknown_fields=True):
    """Something a customer might type; `sketch` is the topic that is being written, if one is."""

    text: Annotated[str, Meta(max_length=400, pattern=r"^[^\x00]*$")]
    sketch: TopicSketch | None = None
    takes_reference: bool = False


class TopicEnd(msgspec.Struct, forbid_unknown_fields=True):
    """When it ends; null: it lasts."""

    expires_at: Annotated[datetime, Meta(tz=True)] | None


class TopicSuccessor(msgspec.Struct, forbid_unknown_fields=True):
    """The code that follows; null: another of the department."""

    successor: succession.Code | None


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
        topic.successor,
        topic.answers_with,
        topic.answer_key,
        topic.answer_text,
        topic.answer_text_en,
    )


async def _warned(tx: Tx, sketch: TopicSketch, locale: str) -> list[WarningView]:
    others = [topic for topic in await topics.present(tx) if topic.public_id != sketch.id]
    found = lint.warnings(sketch.code, sketch.name, sketch.aliases, others)
    found += lint.of_successor(sketch.successor, sketch.expires_at, others, clock.now())
    return [
        WarningView(one.field, one.kind, sentence(f"lint_{one.kind}", locale, **msgspec.structs.asdict(one)))
        for one in found
    ]


async def _saved(tx: Tx, topic: Topic, locale: str) -> TopicSaved:
    sketch = TopicSketch(
        topic.code, topic.name, list(topic.aliases), topic.public_id, topic.expires_at, topic.successor
    )
    return TopicSaved(**msgspec.structs.asdict(view(topic)), warnings=await _warned(tx, sketch, locale))


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
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[TopicDraft]
) -> TopicSaved:
    """Make a topic; with the code of an archived one, bring that one back."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        return await _saved(tx, await topics.create(tx, agent, data, PARTS), locale_of(request))


@post("/lint", status_code=200, responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def lint_topic(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[TopicSketch]
) -> list[WarningView]:
    """Which other codes and words this one is easily mistaken for; saves nothing."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        return await _warned(tx, data, locale_of(request))


@post("/try", status_code=200, responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def try_topic(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[TrialWish]
) -> trying.Trial:
    """How this would be read, the unsaved sketch counted in; saves nothing."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        present = await topics.present(tx)
    draft, sketch = None, data.sketch
    if sketch and normalise(sketch.code):
        draft = trying.sketched(
            normalise(sketch.code), sketch.name, sketch.aliases, takes_reference=data.takes_reference
        )
    return trying.tried(trying.drafted(present, draft, sketch.id if sketch else ""), data.text, clock.now())


@put("/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, CodeTaken, AliasTaken, Invalid))
async def edit_topic(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[TopicDraft]
) -> TopicSaved:
    """Change a topic."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        return await _saved(tx, await topics.edit(tx, agent, id, data, PARTS), locale_of(request))


@put("/{id:str}/end", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid))
async def end_topic(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[TopicEnd]
) -> None:
    """Say when a topic in use ends, later or sooner than it was to."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        await topics.end_at(tx, agent, id, data.expires_at)


@put("/{id:str}/successor", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid))
async def name_successor(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[TopicSuccessor]
) -> None:
    """Say what follows on a topic, also on one that was taken out of use."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        await succession.name(tx, agent, id, data.successor)


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
    route_handlers=[
        list_topics,
        list_parts,
        lint_topic,
        try_topic,
        create_topic,
        edit_topic,
        archive_topic,
        end_topic,
        name_successor,
    ],
)
