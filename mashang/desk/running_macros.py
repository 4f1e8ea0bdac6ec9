"""Running a macro on a conversation: all of its steps in one transaction, or none and a sentence why.

Each step is the verb it is by hand, with the same rights.  What it said was filled in with
what is known of this conversation; a gap stops it before anything happened, because nobody
reads the text before it leaves.  That a macro was used stands in the timeline for staff,
under the key of who asked for it: the same key again has been done already.
"""

from __future__ import annotations

import msgspec

from mashang import routing
from mashang.codes import declared
from mashang.conversations import attachments, canned, canned_pictures, macros, timeline
from mashang.conversations import conversation as conversations
from mashang.conversations.attachments import Attachment, Uploader
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import Audience, Author, NewEntry
from mashang.conversations.macros import Macro
from mashang.conversations.writer import DifferentMessage, NotInConversation
from mashang.desk import conversation, inserting
from mashang.guard import masking
from mashang.guard.masking import Rules
from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound, Refusal
from mashang.kit.storage import Storage
from mashang.routing.judging import AlreadyClosed
from mashang.routing.moving import Target
from mashang.staff import Agent, departments


class MacroHasGaps(Refusal):
    """What its reply needs is not known of this conversation: `names`."""

    status, code = 409, "macro_has_gaps"


class MacroOutdated(Refusal):
    """Its reply or its department was taken out of use: `title`."""

    status, code = 409, "macro_outdated"


async def run(
    db: Database, storage: Storage, agent: Agent, conversation_id: str, macro_id: str, *, client_id: str
) -> None:
    """Do all steps, once however often it is asked for with the same `client_id`.

    Raises MacroHasGaps, MacroOutdated, NotInConversation, DifferentMessage, and what the steps raise by hand.
    """
    rules = await declared.rules(db)
    async with db.transaction() as tx:
        if await _was_run(tx, agent, conversation_id, macro_id, client_id):
            return  # asked before anything else: where it sent the conversation, this agent may not see it any more
        found = await conversation.find(tx, agent, conversation_id)
        macro = await macros.find(tx, macro_id)
        reply = macro.steps.reply and await _reply_id(tx, macro)
    by = Uploader(found.id, "agent", agent.id)
    files = await canned_pictures.copy_all(db, storage, by, reply) if reply else []
    async with db.transaction() as tx:
        doing = _Doing(tx, agent, await conversations.lock(tx, found.id), rules)
        if await _was_run(tx, agent, conversation_id, macro_id, client_id):
            return  # the same press, at the same time
        used = timeline.event(
            found.id,
            "macro",
            author=doing.author,
            author_id=agent.id,
            staff_only=True,
            title=macro.title,
            by=agent.name,
            macro=macro_id,
        )
        await timeline.append(tx, msgspec.structs.replace(used, client_id=client_id))
        if macro.steps.reply:
            await _reply(doing, macro, files)
        if macro.steps.note.strip():
            await _say(doing, macro.steps.note.strip(), "staff")
        if macro.steps.department:
            target = Target(department_id=await _department_id(tx, macro))
            await routing.transfer(tx, agent, found.id, target, note=macro.steps.transfer_note, rules=rules)
        if macro.steps.close:
            await routing.close(tx, agent, found.id)


class _Doing(msgspec.Struct, frozen=True):
    """The transaction all steps are done in, and for whom."""

    tx: Tx
    agent: Agent
    held: Conversation
    rules: Rules

    @property
    def author(self) -> Author:
        return Author("agent", self.agent.public_id, self.agent.name)


async def _was_run(tx: Tx, agent: Agent, conversation_id: str, macro_id: str, client_id: str) -> bool:
    row = await tx.first(
        """
        select e.data ->> 'macro' as macro from conversation c
        join entry e on e.conversation_id + 0 = c.id and e.author = 'agent' and e.author_id = %s and e.client_id = %s
        where c.public_id = %s
        """,
        (agent.id, client_id, conversation_id),
    )
    if row is not None and row["macro"] != macro_id:
        raise DifferentMessage
    return row is not None


async def _reply(doing: _Doing, macro: Macro, files: list[Attachment]) -> None:
    tx, agent, held = doing.tx, doing.agent, doing.held
    if held.status == "closed":
        raise AlreadyClosed
    if held.agent_id != agent.id:
        raise NotInConversation
    filled = await inserting.fill(tx, agent, held.public_id, await canned.find_shared(tx, macro.steps.reply or ""))
    if filled.missing:
        raise MacroHasGaps(names="、".join(filled.missing))
    if filled.text:
        await _say(doing, filled.text, "everyone")
    for file in files:
        data = await attachments.for_posting(tx, file.id, held.id, "agent", agent.id)
        written = NewEntry(conversation_id=held.id, author=doing.author, author_id=agent.id, kind="file", data=data)
        await timeline.append(tx, written)


async def _say(doing: _Doing, text: str, audience: Audience) -> None:
    await timeline.append(
        doing.tx,
        NewEntry(
            conversation_id=doing.held.id,
            author=doing.author,
            author_id=doing.agent.id,
            audience=audience,
            text=masking.mask(text, doing.rules).text,
        ),
    )


async def _reply_id(tx: Tx, macro: Macro) -> int:
    try:
        return (await canned.find_shared(tx, macro.steps.reply or "")).id
    except NotFound:
        raise MacroOutdated(title=macro.title) from None


async def _department_id(tx: Tx, macro: Macro) -> int:
    try:
        return (await departments.find(tx, macro.steps.department or "")).id
    except NotFound:
        raise MacroOutdated(title=macro.title) from None
