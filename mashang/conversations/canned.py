"""Canned replies: what is answered again and again, written once and inserted by its shortcut.

A reply belongs to everybody, to a department or to one agent.  Within each of these a
shortcut names one reply; an agent who has a reply of the same shortcut as everybody's
sees both.  An archived reply keeps its row and frees its shortcut.

The only writer of `canned_reply`.  Does not: fill in what a conversation knows
(`variables`), keep the bytes of pictures (`canned_pictures`), or say anything.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mashang.conversations import canned_pictures, variables
from mashang.conversations.canned_pictures import KeptPicture
from mashang.conversations.entry import LONGEST_TEXT, PublicId
from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.staff import Agent, audit, departments
from mashang.staff.audit import Actor

MOST_PICTURES = 5
_WORDS = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_PARAGRAPHS = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"

Scope = Literal["everybody", "department", "own"]
# No white space, which ends what is typed behind the slash, and no slash, which begins it.
Shortcut = Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[^\s/／、\x00-\x1f\x7f]+$")]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT, pattern=_PARAGRAPHS)]


class ShortcutTaken(Refusal):
    """Another reply or macro of the same owner has this shortcut: `shortcut`, `title`."""

    status, code = 409, "shortcut_taken"


class CannedReply(msgspec.Struct, frozen=True):
    """A reply; `id` is the row number and stays inside, `department` is a public id."""

    id: int
    public_id: str
    shortcut: str
    title: str
    text: str
    text_en: str
    scope: Scope
    department: str | None
    pictures: list[KeptPicture]


class OwnReplyDraft(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What somebody writes about a reply; `pictures` were uploaded before, and stand in their order."""

    shortcut: Shortcut
    title: Annotated[str, Meta(min_length=1, max_length=40, pattern=_WORDS)]
    text: Text = ""
    text_en: Text = ""
    pictures: Annotated[list[PublicId], Meta(max_length=MOST_PICTURES)] = []


class ReplyDraft(OwnReplyDraft, kw_only=True):
    """A reply that several share; without a department, everybody."""

    department: PublicId | None = None


class Owner(msgspec.Struct, frozen=True):
    """Whose replies: of a department, of an agent, or with neither of everybody; row numbers."""

    department_id: int | None = None
    agent_id: int | None = None


_SELECT = """
    select r.id, r.public_id, r.shortcut, r.title, r.text, r.text_en, d.public_id as department,
        case when r.agent_id is not null then 'own' when r.department_id is not null then 'department'
            else 'everybody' end as scope,
        coalesce((
            select jsonb_agg(jsonb_build_object('id', p.public_id, 'name', p.name, 'width', p.width,
                'height', p.height, 'animated', p.animated) order by p.position, p.id)
            from canned_picture p where p.canned_reply_id = r.id
        ), '[]') as pictures
    from canned_reply r left join department d on d.id = r.department_id
"""
_FOR_AGENT = """r.archived_at is null and (r.agent_id = %(agent)s or r.agent_id is null and (
    r.department_id is null or %(all)s or r.department_id in (select m.department_id from membership m
        where m.agent_id = %(agent)s)))"""


async def present_for(tx: Tx, agent: Agent) -> list[CannedReply]:
    """What this agent can insert: the own ones first, then the departments', then everybody's."""
    rows = await tx.all(
        f"""{_SELECT} where {_FOR_AGENT}
            order by r.agent_id is null, r.department_id is null, d.position, r.department_id, r.shortcut""",
        {"agent": agent.id, "all": agent.sees_everything},
    )
    return [msgspec.convert(row, CannedReply) for row in rows]


async def shared(tx: Tx) -> list[CannedReply]:
    """Everybody's and the departments', for their administration."""
    rows = await tx.all(f"""{_SELECT} where r.archived_at is null and r.agent_id is null
        order by r.department_id is not null, d.position, r.department_id, r.shortcut""")
    return [msgspec.convert(row, CannedReply) for row in rows]


async def find(tx: Tx, public_id: str, agent: Agent) -> CannedReply:
    """A reply this agent can insert; raises NotFound."""
    return await _one(
        tx, f"r.public_id = %(id)s and {_FOR_AGENT}", {"id": public_id, "agent": agent.id, "all": agent.sees_everything}
    )


async def find_shared(tx: Tx, public_id: str) -> CannedReply:
    """One that several share; raises NotFound."""
    return await _one(tx, "r.public_id = %(id)s and r.archived_at is null and r.agent_id is null", {"id": public_id})


async def find_own(tx: Tx, public_id: str, agent: Agent) -> CannedReply:
    """One of the agent's own; raises NotFound."""
    return await _one(
        tx,
        "r.public_id = %(id)s and r.archived_at is null and r.agent_id = %(agent)s",
        {"id": public_id, "agent": agent.id},
    )


async def _one(tx: Tx, condition: str, params: dict[str, Any]) -> CannedReply:
    row = await tx.first(f"{_SELECT} where {condition}", params)
    if row is None:
        raise NotFound
    return msgspec.convert(row, CannedReply)


async def owner_of(tx: Tx, draft: ReplyDraft) -> Owner:
    """Whose a shared reply is to be; raises Invalid for a department that is none."""
    if draft.department is None:
        return Owner()
    try:
        return Owner(department_id=(await departments.find(tx, draft.department)).id)
    except NotFound:
        raise Invalid(field="department", reason="unknown") from None


async def create(tx: Tx, by: Agent, draft: OwnReplyDraft, owner: Owner) -> CannedReply:
    """Make a reply; raises ShortcutTaken, Invalid."""
    values = _values(draft, owner)
    await _demand_free(tx, values, but=0)
    row = await tx.one(
        """
        insert into canned_reply (public_id, shortcut, title, text, text_en, department_id, agent_id)
        values (%(public_id)s, %(shortcut)s, %(title)s, %(text)s, %(text_en)s, %(department_id)s, %(agent_id)s)
        returning id, public_id
        """,
        {**values, "public_id": ids.public_id()},
    )
    await canned_pictures.attach(tx, by, row["id"], draft.pictures)
    await audit.record(tx, by, "reply.created", row["public_id"], after=_told(draft))
    return await _one(tx, "r.id = %(id)s", {"id": row["id"]})


async def edit(tx: Tx, by: Agent, before: CannedReply, draft: OwnReplyDraft, owner: Owner) -> CannedReply:
    """Change a reply, and perhaps whose it is; raises ShortcutTaken, Invalid."""
    values = _values(draft, owner)
    await _demand_free(tx, values, but=before.id)
    await tx.run(
        """
        update canned_reply set shortcut = %(shortcut)s, title = %(title)s, text = %(text)s, text_en = %(text_en)s,
            department_id = %(department_id)s, agent_id = %(agent_id)s, changed_at = app_now()
        where id = %(id)s
        """,
        {**values, "id": before.id},
    )
    await canned_pictures.attach(tx, by, before.id, draft.pictures)
    after = await _one(tx, "r.id = %(id)s", {"id": before.id})
    await audit.record(tx, by, "reply.edited", before.public_id, before=_shown(before), after=_shown(after))
    return after


async def archive(tx: Tx, by: Actor, reply: CannedReply) -> None:
    """Take a reply out of use; what was said with it stays."""
    await tx.run("update canned_reply set archived_at = app_now() where id = %s", (reply.id,))
    await audit.record(tx, by, "reply.archived", reply.public_id, before=_shown(reply))


def _values(draft: OwnReplyDraft, owner: Owner) -> dict[str, Any]:
    for field in ("text", "text_en"):
        strange = variables.unknown(getattr(draft, field))
        if strange:
            raise Invalid(field=field, reason="variable", value=strange[0])
    if not (draft.text.strip() or draft.pictures):
        raise Invalid(field="text", reason="missing")
    return {
        "shortcut": draft.shortcut.lower(),
        "title": draft.title.strip(),
        "text": draft.text.strip(),
        "text_en": draft.text_en.strip(),
        **msgspec.structs.asdict(owner),
    }


async def _demand_free(tx: Tx, values: dict[str, Any], *, but: int) -> None:
    """One writer of shortcuts at a time: of two who want the same the second is told, not failed."""
    await tx.run("select pg_advisory_xact_lock(hashtext('canned_reply'))")
    holder = await tx.first(
        """
        select title from canned_reply
        where archived_at is null and shortcut = %(shortcut)s and id <> %(but)s
          and department_id is not distinct from %(department_id)s and agent_id is not distinct from %(agent_id)s
        """,
        {**values, "but": but},
    )
    if holder:
        raise ShortcutTaken(shortcut=values["shortcut"], title=holder["title"])


def _told(draft: OwnReplyDraft) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(draft)
    return told


def _shown(reply: CannedReply) -> dict[str, Any]:
    pictures = [one.name for one in reply.pictures]
    kept = ("shortcut", "title", "text", "text_en", "department")
    return {**{name: getattr(reply, name) for name in kept}, "pictures": pictures}
