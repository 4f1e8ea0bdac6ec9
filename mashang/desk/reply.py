"""What an agent says, by socket or by HTTP: masked, posted, acknowledged.

Access was checked by whoever calls; that the agent serves the conversation, or writes a note,
is a condition of the statement that stores it (`conversations.timeline`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from mashang.codes import declared
from mashang.conversations import attachments, mentioning, posting
from mashang.conversations.entry import Audience, Author, NewEntry
from mashang.conversations.writer import Posted, Writer
from mashang.desk import cards
from mashang.desk.cards import Card
from mashang.guard import masking
from mashang.guard.masking import NO_RULES
from mashang.kit.db import Database
from mashang.kit.errors import Invalid
from mashang.kit.text import storable, undirected
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
    mentions: Sequence[str] = (),
) -> AckFrame:
    """Store an agent's message, or a note that may name colleagues.

    Raises what `Writer.post` and `mentioning.note` raise, and Invalid for an empty one.

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
    masked = masking.mask(said, rules).text
    written = NewEntry(
        conversation_id=conversation_id,
        author=Author("agent", agent.public_id, agent.name),
        author_id=agent.id,
        audience=audience,
        kind="file" if data else "text",
        text=masked,
        data=data or await _link(db, masked),
        client_id=client_id,
    )
    if mentions:
        posted = await _note(db, written, mentions)
    else:
        posted = await posting.post(db, writer, written, rules)
    entry = posted.entry
    return AckFrame(client_id, entry.conversation, entry.seq, entry.at, entry.text if entry.text != text else None)


async def post_card(
    db: Database, writer: Writer, agent: Agent, conversation_id: int, *, client_id: str, card: Card
) -> AckFrame:
    """Store a card of the shop's; raises what `Writer.post` raises."""
    if card.picture:
        async with db.transaction() as tx:
            await attachments.for_posting(tx, card.picture.id, conversation_id, "agent", agent.id)
    written = NewEntry(
        conversation_id=conversation_id,
        author=Author("agent", agent.public_id, agent.name),
        author_id=agent.id,
        text=cards.words(card),
        data={"card": msgspec.to_builtins(card)},
        client_id=client_id,
    )
    entry = (await posting.post(db, writer, written, NO_RULES)).entry
    return AckFrame(client_id, entry.conversation, entry.seq, entry.at, entry.text)


async def _link(db: Database, text: str) -> dict[str, Any] | None:
    """The card of a text that is one address of ours."""
    if not text.lstrip().startswith("http"):
        return None
    async with db.transaction() as tx:
        card = await cards.link(tx, text)
    return {"card": msgspec.to_builtins(card)} if card else None


async def _note(db: Database, written: NewEntry, mentions: Sequence[str]) -> Posted:
    """Customers hear of nobody's name; and what is shown to them names nobody."""
    if written.audience != "staff" or written.kind != "text":
        raise Invalid(field="mentions", reason="not_a_note")
    if not storable(written.text):
        raise Invalid(field="text", reason="characters")
    async with db.transaction() as tx:
        return await mentioning.note(tx, written, mentions)
