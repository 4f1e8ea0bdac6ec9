"""The topics an operator offers: made, changed and archived in the desk.

No two topics share a code or an alias, and no alias reads like another topic's
code: whatever a customer types names one topic or none.  An archived topic keeps
its row, for the conversations that were opened with it and for whoever still types
its code, and loses its aliases; making its code again brings it back.

Every process keeps the index of all topics in memory.  A look-up asks for the
version of the rows first, in its own transaction, so an edit made by any process
is seen by the next look-up in every other.

Does not: read what customers type (`matching`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mashang.codes import succession
from mashang.codes.code import Topic, is_topic_code, normalise
from mashang.codes.matching import Index
from mashang.kit import clock, ids
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.staff import audit, departments
from mashang.staff.audit import Actor

_LINE = r"^[^\x00-\x1f\x7f]*$"
_WORDS = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_PARAGRAPH = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"

Name = Annotated[str, Meta(min_length=1, max_length=40, pattern=_WORDS)]
Greeting = Annotated[str, Meta(max_length=500, pattern=_PARAGRAPH)]
Answer = Annotated[str, Meta(max_length=2000, pattern=_PARAGRAPH)]
Alias = Annotated[str, Meta(min_length=1, max_length=40, pattern=_LINE)]
Part = Annotated[str, Meta(max_length=40, pattern=_LINE)]
Skill = Annotated[str, Meta(min_length=1, max_length=40, pattern=_WORDS)]


class CodeTaken(Refusal):
    """Another topic has this code, or an alias that reads like it: `code`, `holder`."""

    status, code = 409, "code_taken"


class AliasTaken(Refusal):
    """Another topic has this alias, or a code that reads like it: `alias`, `holder`."""

    status, code = 409, "alias_taken"


class TopicDraft(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What the operator writes about a topic; `department` is a public id.

    `answers_with`: what answers before anybody queues, an article or a playbook by its key, or a template in words.
    """

    code: Annotated[str, Meta(min_length=2, max_length=20, pattern=_LINE)]
    name: Name
    name_en: Annotated[str, Meta(max_length=60, pattern=_LINE)] = ""
    department: Annotated[str, Meta(min_length=1, max_length=40, pattern=_LINE)]
    greeting: Greeting = ""
    greeting_en: Greeting = ""
    icon: Annotated[str, Meta(max_length=16, pattern=_LINE)] = ""
    aliases: Annotated[list[Alias], Meta(max_length=100)] = []
    context: Annotated[list[Part], Meta(max_length=20)] = []
    shown: bool = True
    position: Annotated[int, Meta(ge=0, le=10_000)] = 0
    takes_reference: bool = False
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    required_tier: Annotated[int, Meta(ge=1, le=3)] = 1
    skills: Annotated[list[Skill], Meta(max_length=20)] = []
    priority: Annotated[int, Meta(ge=0, le=3)] = 0
    successor: succession.Code | None = None
    answers_with: Literal["", "article", "template", "playbook"] = ""
    answer_key: Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9-]{1,79})?$")] = ""
    answer_text: Answer = ""
    answer_text_en: Answer = ""


class TopicButton(msgspec.Struct, frozen=True):
    """A topic as a customer sees it."""

    code: str
    name: str
    icon: str
    department: str


# Any change of a row gives it a new place and transaction number, so the sum tells whether
# one of them changed.  The names of departments stand on the buttons and count too.
_VERSION = """(
    select coalesce(sum(hashtextextended(x.mark, 0)), 0)::text
    from (select 't' || t.id || t.xmin::text || t.ctid::text as mark from topic t
          union all select 'd' || d.id || d.xmin::text || d.ctid::text from department d) x
)"""
_TOPIC = """
    select t.id, t.public_id, t.code, t.name, t.name_en, t.department_id, d.public_id as department_public_id,
        d.name as department, d.name_en as department_en, t.greeting, t.greeting_en, t.icon, t.context, t.shown,
        t.position, t.takes_reference, t.expires_at, t.required_tier, t.skills, t.priority, t.successor_id,
        t.answers_with, t.answer_key, t.answer_text, t.answer_text_en, s.code as successor,
        array(select a.alias from topic_alias a where a.topic_id = t.id order by a.normal) as aliases
    from topic t join department d on d.id = t.department_id left join topic s on s.id = t.successor_id
"""

# Nobody ever held one that was taken back on the day it was made and had led nobody anywhere: a slip of the operator's.
_WAS_IN_USE = """t.archived_at is not null and not t.forgotten and (
    t.archived_at >= t.created_at + interval '1 day' or exists (select from redemption r where r.topic_id = t.id)
)"""


class _Kept:
    """The index this process holds, and the version of the rows it was made from ("" before the first look-up)."""

    version = ""
    index = Index(())


async def index(tx: Tx) -> Index:
    """All topics in use, as they are in this transaction; those that were, explain themselves."""
    if await tx.value(f"select {_VERSION}") != _Kept.version:
        row = await tx.one(f"""
            select {_VERSION} as version, {_gathered("t.archived_at is null")} as topics,
                {_gathered(_WAS_IN_USE)} as retired
        """)
        _Kept.index = Index(*(msgspec.convert(row[name], list[Topic]) for name in ("topics", "retired")))
        _Kept.version = row["version"]
    return _Kept.index


def held() -> Index | None:
    """All topics as this process saw them last, perhaps a while ago: for asking whether a look-up is worth it."""
    return _Kept.index if _Kept.version else None


def _gathered(condition: str) -> str:
    return f"(select coalesce(jsonb_agg(x order by x.position, x.id), '[]') from ({_TOPIC} where {condition}) x)"


def button(topic: Topic, locale: str) -> TopicButton:
    """The topic as a customer of this language sees it."""
    department = topic.department_en if locale == "en" and topic.department_en else topic.department
    return TopicButton(topic.code, topic.called(locale), topic.icon, department)


async def buttons(tx: Tx, locale: str) -> list[TopicButton]:
    """The topics that are offered now, in the operator's order."""
    now = clock.now()
    return [button(topic, locale) for topic in (await index(tx)).topics if topic.shown and not topic.has_expired(now)]


async def present(tx: Tx) -> list[Topic]:
    """All topics in use, in the operator's order."""
    return list((await index(tx)).topics)


async def find(tx: Tx, public_id: str) -> Topic:
    """One topic in use; raises NotFound."""
    row = await tx.first(f"{_TOPIC} where t.public_id = %s and t.archived_at is null", (public_id,))
    if row is None:
        raise NotFound
    return msgspec.convert(row, Topic)


async def create(tx: Tx, by: Actor | None, draft: TopicDraft, parts: Collection[str]) -> Topic:
    """Make a topic; `parts` are the parts of a shop's knowledge there are to fetch.

    Raises CodeTaken, AliasTaken, Invalid.
    """
    await succession.one_at_a_time(tx)
    values = await _checked(tx, draft, None, parts)
    row = await tx.first(
        """
        insert into topic as t (public_id, code, name, name_en, department_id, greeting, greeting_en, icon, context,
            shown, position, takes_reference, expires_at, required_tier, skills, priority, successor_id, answers_with,
            answer_key, answer_text, answer_text_en)
        values (%(public_id)s, %(code)s, %(name)s, %(name_en)s, %(department_id)s, %(greeting)s, %(greeting_en)s,
            %(icon)s, %(context)s, %(shown)s, %(position)s, %(takes_reference)s, %(expires_at)s, %(required_tier)s,
            %(skills)s, %(priority)s, %(successor_id)s, %(answers_with)s, %(answer_key)s, %(answer_text)s,
            %(answer_text_en)s)
        on conflict (code) do update set name = excluded.name, name_en = excluded.name_en,
            department_id = excluded.department_id, greeting = excluded.greeting, greeting_en = excluded.greeting_en,
            icon = excluded.icon, context = excluded.context, shown = excluded.shown, position = excluded.position,
            takes_reference = excluded.takes_reference, expires_at = excluded.expires_at,
            required_tier = excluded.required_tier, skills = excluded.skills, priority = excluded.priority,
            successor_id = excluded.successor_id, answers_with = excluded.answers_with,
            answer_key = excluded.answer_key, answer_text = excluded.answer_text,
            answer_text_en = excluded.answer_text_en, archived_at = null, forgotten = false
        where t.archived_at is not null
        returning t.id, t.public_id
        """,
        {**values, "public_id": ids.public_id()},
    )
    if row is None:
        raise CodeTaken(code=values["code"], holder=values["code"])
    await _name(tx, row["id"], draft.aliases)
    topic = await find(tx, row["public_id"])
    await audit.record(tx, by, "topic.created", topic.code, after=_shown(topic))
    return topic


async def edit(tx: Tx, by: Actor | None, public_id: str, draft: TopicDraft, parts: Collection[str]) -> Topic:
    """Change a topic.  Raises as `create`, and NotFound."""
    await succession.one_at_a_time(tx)
    before = await find(tx, public_id)
    values = await _checked(tx, draft, before.id, parts)
    await tx.run(
        """
        update topic set code = %(code)s, name = %(name)s, name_en = %(name_en)s, department_id = %(department_id)s,
            greeting = %(greeting)s, greeting_en = %(greeting_en)s, icon = %(icon)s, context = %(context)s,
            shown = %(shown)s, position = %(position)s, takes_reference = %(takes_reference)s,
            expires_at = %(expires_at)s, required_tier = %(required_tier)s, skills = %(skills)s,
            priority = %(priority)s, successor_id = %(successor_id)s, answers_with = %(answers_with)s,
            answer_key = %(answer_key)s, answer_text = %(answer_text)s, answer_text_en = %(answer_text_en)s
        where id = %(id)s
        """,
        {**values, "id": before.id},
    )
    await tx.run("delete from topic_alias where topic_id = %s", (before.id,))
    await _name(tx, before.id, draft.aliases)
    after = await find(tx, public_id)
    await audit.record(tx, by, "topic.edited", after.code, before=_shown(before), after=_shown(after))
    return after


async def end_at(tx: Tx, by: Actor | None, public_id: str, ends: datetime | None) -> None:
    """Let a topic in use end then, which may be now; None: it lasts.  Raises NotFound."""
    await succession.one_at_a_time(tx)
    topic = await find(tx, public_id)
    await tx.run("update topic set expires_at = %s where id = %s", (ends, topic.id))
    told = ({"expires_at": topic.expires_at}, {"expires_at": ends})
    await audit.record(tx, by, "topic.edited", topic.code, before=told[0], after=told[1])


async def answer_with_article(tx: Tx, by: Actor | None, key: str, instead: str) -> None:
    """Whatever topics in use answer first with the article of this key: they do with the other from now on."""
    await succession.one_at_a_time(tx)
    changed = await tx.all(
        "update topic set answer_key = %s where answers_with = 'article' and answer_key = %s and archived_at is null"
        " returning code",
        (instead, key),
    )
    for row in changed:
        await audit.record(
            tx, by, "topic.edited", row["code"], before={"answer_key": key}, after={"answer_key": instead}
        )


async def archive(tx: Tx, by: Actor | None, public_id: str, *, forget: bool = False) -> None:
    """Take a topic out of use: its aliases name nothing any more, its code only what it was.  Raises NotFound.

    With `forget` not even that: it was never anybody's.
    """
    await succession.one_at_a_time(tx)
    topic = await find(tx, public_id)
    await tx.run("delete from topic_alias where topic_id = %s", (topic.id,))
    await tx.run("update topic set archived_at = app_now(), forgotten = %s where id = %s", (forget, topic.id))
    await audit.record(tx, by, "topic.archived", topic.code, before=_shown(topic))


async def _checked(tx: Tx, draft: TopicDraft, topic_id: int | None, parts: Collection[str]) -> dict[str, Any]:
    code = normalise(draft.code)
    if not is_topic_code(code):
        raise Invalid(field="code", reason="form")
    if unknown := [part for part in draft.context if part not in parts]:
        raise Invalid(field="context", reason="unknown", value=unknown[0])
    if any(len(normalise(alias)) < 2 for alias in draft.aliases):
        raise Invalid(field="aliases", reason="too_short")
    await _demand_free(tx, code, draft.aliases, topic_id)
    try:
        department = await departments.find(tx, draft.department)
    except NotFound:
        raise Invalid(field="department", reason="unknown") from None
    return {
        "code": code,
        "name": draft.name.strip(),
        "name_en": draft.name_en.strip(),
        "department_id": department.id,
        "greeting": draft.greeting.strip(),
        "greeting_en": draft.greeting_en.strip(),
        "icon": draft.icon.strip(),
        "context": list(dict.fromkeys(draft.context)),
        "shown": draft.shown,
        "position": draft.position,
        "takes_reference": draft.takes_reference,
        "expires_at": draft.expires_at,
        "required_tier": draft.required_tier,
        "skills": list(dict.fromkeys(skill.strip() for skill in draft.skills)),
        "priority": draft.priority,
        "successor_id": await succession.checked(tx, code, topic_id, draft.successor),
        **await _first_answer(tx, draft),
    }


async def _first_answer(tx: Tx, draft: TopicDraft) -> dict[str, str]:
    """What of the first answer counts for its kind; raises Invalid for one without what it needs."""
    by_key = draft.answers_with in ("article", "playbook")
    text = draft.answer_text.strip() if draft.answers_with == "template" else ""
    if by_key and not draft.answer_key:
        raise Invalid(field="answer_key", reason="empty")
    if draft.answers_with == "article" and not await tx.value(
        "select exists (select from article where key = %s and status <> 'archived')", (draft.answer_key,)
    ):
        raise Invalid(field="answer_key", reason="unknown", value=draft.answer_key)
    if draft.answers_with == "template" and not text:
        raise Invalid(field="answer_text", reason="empty")
    return {
        "answers_with": draft.answers_with,
        "answer_key": draft.answer_key if by_key else "",
        "answer_text": text,
        "answer_text_en": draft.answer_text_en.strip() if text else "",
    }


async def _demand_free(tx: Tx, code: str, aliases: list[str], topic_id: int | None) -> None:
    taken = await tx.all(
        """
        select t.code as name, t.code as holder from topic t
        where t.archived_at is null and t.id is distinct from %(topic)s and t.code = any(%(names)s)
        union all
        select a.normal, t.code from topic_alias a join topic t on t.id = a.topic_id
        where t.id is distinct from %(topic)s and a.normal = any(%(names)s)
        """,
        {"topic": topic_id, "names": [code, *map(normalise, aliases)]},
    )
    holders = {row["name"]: row["holder"] for row in taken}
    if code in holders:
        raise CodeTaken(code=code, holder=holders[code])
    for alias in aliases:
        if normalise(alias) in holders:
            raise AliasTaken(alias=alias, holder=holders[normalise(alias)])


async def _name(tx: Tx, topic_id: int, aliases: list[str]) -> None:
    by_normal = {normalise(alias): alias.strip() for alias in aliases}
    await tx.run(
        "insert into topic_alias (topic_id, normal, alias) select %s, * from unnest(%s::text[], %s::text[])",
        (topic_id, list(by_normal), list(by_normal.values())),
    )


def _shown(topic: Topic) -> dict[str, object]:
    hidden = ("id", "public_id", "department_id", "department_public_id", "department_en", "successor_id")
    return {name: value for name, value in msgspec.structs.asdict(topic).items() if name not in hidden}
