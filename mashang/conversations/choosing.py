"""What a customer's button says: the label of an option that the assistant showed, as it stands in the timeline.

The page sends which entry and which option; the words come from here, so that nobody puts words behind a button that
it does not have.  An option that is not there, or of another conversation, is no button: what was typed is text.

Does not: act on what was chosen, or tell what was typed instead (`bot`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from mashang.conversations.entry import AssistantPart, Choice
from mashang.kit.db import Json, Tx
from mashang.kit.i18n import sentence

PERSON, NONE, HELPFUL, NOT_HELPFUL = "person", "none", "helpful", "not_helpful"


async def chosen(tx: Tx, conversation_id: int, choice: Choice, locale: str) -> str | None:
    """The words of this option; None when the assistant offered no such thing there."""
    said: dict[str, Any] | None = await tx.value(
        """
        select data -> 'assistant' from entry
        where conversation_id = %s and seq = %s and author = 'assistant' and data ? 'assistant'
        """,
        (conversation_id, choice.seq),
    )
    if said is None:
        return None
    part = msgspec.convert(said, AssistantPart)
    for option in part.options:
        if option.id == choice.id:
            return option.label
    if choice.id == PERSON:
        return sentence("assistant_person", locale)
    if part.asks_helpful and choice.id in (HELPFUL, NOT_HELPFUL):
        return sentence(f"assistant_{choice.id}", locale)
    return None


async def order_of(tx: Tx, conversation_id: int, choice: Choice) -> str | None:
    """The number of the order whose matters were offered there."""
    number: str | None = await tx.value(
        "select data -> 'assistant' ->> 'order_number' from entry"
        " where conversation_id = %s and seq = %s and author = 'assistant'",
        (conversation_id, choice.seq),
    )
    return number


async def mark(tx: Tx, conversation_id: int, seqs: range, choice: Choice) -> None:
    """The customer's words in these entries were this button's.  The caller holds the conversation's row."""
    await tx.run(
        "update entry set data = coalesce(data, '{}') || %s"
        " where conversation_id = %s and seq between %s and %s and author = 'customer' and kind = 'text'"
        " and not coalesce(data ? 'choice', false)",
        (Json({"choice": msgspec.to_builtins(choice)}), conversation_id, seqs.start, seqs.stop - 1),
    )
