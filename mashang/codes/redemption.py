"""The code a conversation was opened with or that was entered later, as the customer gave it.

What was typed is kept masked: people paste a card key beside the code.

Does not: put the code on the conversation or its timeline (`intake` does, in the
same transaction).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from mashang.codes.answers import How
from mashang.codes.code import Topic
from mashang.guard import masking
from mashang.guard.masking import NO_RULES, Rules
from mashang.kit.db import Tx
from mashang.kit.text import printable

_KEPT = 200  # characters

Medium = Literal["scene", "link", "qr", "voice", "suggestion", "offer"]
SCENE = r"^[a-z0-9-]{0,40}$"  # the name of a place, as the shop or the desk wrote it


class Way(msgspec.Struct, frozen=True):
    """How a code came when nobody typed it or tapped its button: `medium`, and at which place of the shop."""

    medium: Medium | None = None
    scene: str = ""


BY_HAND = Way()


async def redeem(
    tx: Tx, conversation_id: int, topic: Topic, typed: str, how: How, *, way: Way = BY_HAND, rules: Rules = NO_RULES
) -> None:
    """Write down that this conversation is about `topic`, and how that was said."""
    await tx.run(
        "insert into redemption (conversation_id, topic_id, typed, how, medium, scene) values (%s, %s, %s, %s, %s, %s)",
        (
            conversation_id,
            topic.id,
            masking.mask(printable(typed), rules).text[:_KEPT],
            how,
            way.medium or ("button" if how == "button" else "typed"),
            way.scene,
        ),
    )
