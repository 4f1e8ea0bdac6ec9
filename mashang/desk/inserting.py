"""Putting a canned reply into a conversation: what the desk knows is filled in, its pictures are copied.

Nothing is said by it.  The text goes into the composer, where it is read once more and
sent like any other; the pictures are uploaded files of this conversation and agent.
"""

from __future__ import annotations

import msgspec

from mashang.conversations import canned, canned_pictures, variables
from mashang.conversations.attachments import Attachment, Uploader
from mashang.conversations.canned import CannedReply
from mashang.conversations.variables import Filled
from mashang.desk import conversation
from mashang.kit.db import Database, Tx
from mashang.kit.storage import Storage
from mashang.staff import Agent


class Inserted(msgspec.Struct):
    """What to put into the composer; `missing` are the names still in braces in it."""

    text: str
    missing: list[str]
    files: list[Attachment]


async def insert(db: Database, storage: Storage, agent: Agent, conversation_id: str, reply_id: str) -> Inserted:
    """A reply for a conversation; raises NotFound for one this agent may not see, or cannot insert."""
    async with db.transaction() as tx:
        reply = await canned.find(tx, reply_id, agent)
        found = await conversation.find(tx, agent, conversation_id)
        filled = await fill(tx, agent, conversation_id, reply)
    by = Uploader(found.id, "agent", agent.id)
    files = await canned_pictures.copy_all(db, storage, by, reply.id) if reply.pictures else []
    return Inserted(filled.text, filled.missing, files)


async def fill(tx: Tx, agent: Agent, conversation_id: str, reply: CannedReply) -> Filled:
    """The reply's text in the language of the conversation, with what is known of it; raises NotFound."""
    locale = (await conversation.find(tx, agent, conversation_id)).locale
    shown = await conversation.conversation(tx, agent, conversation_id, locale)
    facts = {
        "customer": shown.customer.name,
        "agent": agent.name,
        "order": shown.order_number,
        "code": shown.topic.code if shown.topic else None,
        "topic": shown.topic.name if shown.topic else None,
        "site": shown.site.name,
        "department": shown.department.name,
    }
    return variables.fill(reply.text_en if locale == "en" and reply.text_en else reply.text, facts)
