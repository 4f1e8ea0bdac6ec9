"""What an agent says, by socket or by HTTP: masked, posted, acknowledged.

Access was checked by whoever calls; that the agent serves the conversation, or writes a note,
is a condition of the statement that stores it (`conversations.timeline`).
"""

from __future__ import annotations

from typing import Any

from mashang.codes import declared
from mashang.conversations import attachments, posting
from mashang.conversations.entry import Audience, Author, NewEntry
from mashang.conversations.writer import Writer
from mashang.guard import masking
from mashang.kit.db import Database
from mashang.kit.errors import Invalid
from mashang.kit.text import undirected
from mashang.live.frames import AckFrame
from mashang.staff import Agent


async def post(
    db: Database,
    writer: Writer,
    agent: Agent,
    conversation_id: int,
    *,
    client_id: str,
    text: str,
    file: str | None,
    audience: Audience,
) -> AckFrame:
    """Store an agent's message or note; raises what `Writer.post` raises, and Invalid for an empty one.

    The acknowledgement has the text when it is not what was typed.
    """
    said = undirected(text)
    if not (said.strip() or file):
        raise Invalid(field="text", reason="empty")
    data: dict[str, Any] | None = None
    if file:
        async with db.transaction() as tx:
            data = await attachments.for_posting(tx, file, conversation_id, "agent", agent.id)
    rules = await declared.rules(db)
    posted = await posting.post(
        db,
        writer,
        NewEntry(
            conversation_id=conversation_id,
            author=Author("agent", agent.public_id, agent.name),
            author_id=agent.id,
            audience=audience,
            kind="file" if data else "text",
            text=masking.mask(said, rules).text,
            data=data,
            client_id=client_id,
        ),
        rules,
    )
    entry = posted.entry
    return AckFrame(client_id, entry.conversation, entry.seq, entry.at, entry.text if entry.text != text else None)
