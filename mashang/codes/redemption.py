"""The code a conversation was opened with, as the customer gave it.

What was typed is kept masked: people paste a card key beside the code.

Does not: put the code on the conversation or its timeline (`intake` does, in the
same transaction).
"""

from __future__ import annotations

from mashang.codes.code import Topic
from mashang.codes.matching import How
from mashang.guard import masking
from mashang.guard.masking import NO_RULES, Rules
from mashang.kit.db import Tx
from mashang.kit.text import printable

_KEPT = 200  # characters


async def redeem(tx: Tx, conversation_id: int, topic: Topic, typed: str, how: How, *, rules: Rules = NO_RULES) -> None:
    """Write down that this conversation is about `topic`."""
    await tx.run(
        "insert into redemption (conversation_id, topic_id, typed, how) values (%s, %s, %s, %s)",
        (conversation_id, topic.id, masking.mask(printable(typed), rules).text[:_KEPT], how),
    )
