"""A topic's code in a conversation that the assistant serves: from then on this is what it is about.

The answers of the shop's knowledge end with a code to send when they did not help, and customers send it where they
are.  Nothing but the code, and the words people wrap it in, counts: in a sentence it is one word among many.

Does not: answer or hand over (`bot`), or hear codes while a person serves (the agent moves the conversation).
"""

from __future__ import annotations

from mashang.codes import claims, cues, proving
from mashang.codes.code import Topic, fold
from mashang.codes.minted import minted_body
from mashang.codes.redemption import redeem
from mashang.codes.topics import index
from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.customers import customer
from mashang.guard.masking import NO_RULES, Rules
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.kit.events import Event
from mashang.staff import departments

_LONGEST = 200  # characters


class CodeEntered(Event, frozen=True):
    """It is about another topic now: what stands beside it is to be asked of the shop again."""

    conversation_id: int


async def entered(tx: Tx, text: str) -> Topic | None:
    """The topic whose code, or a code minted for it, is all that `text` says; None where it says anything else."""
    if not 0 < len(text) <= _LONGEST:
        return None
    if not is_minted(text):
        return (await index(tx)).entered(text, clock.now())
    found = await claims.minted_in(tx, text)
    return await claims.topic_of(tx, found, None) if found else None


def is_minted(text: str) -> bool:
    """Is a minted code all that `text` says?  Of which order it is, and whose, it does not tell."""
    if len(text) > _LONGEST or not claims.may_hold_a_code(text):
        return False
    folded = fold(text)
    found = minted_body(folded, lambda _code: True)
    return found is not None and cues.is_around(f"{folded[: found.start]} {folded[found.end :]}")


async def enter(tx: Tx, found: Conversation, topic: Topic, typed: str, rules: Rules = NO_RULES) -> Conversation:
    """The conversation is about this topic and belongs to its department; both sides are told.  The caller holds it."""
    if found.topic_code == topic.code or not await departments.keep(tx, topic.department_id):
        return found
    await conversations.name(tx, found.id, topic.code, topic.department_id)
    named = {"code": topic.code, "name": topic.name, "name_en": topic.name_en}
    await timeline.append(tx, timeline.event(found.id, "code_entered", topic=named))
    await redeem(tx, found.id, topic, typed, "exact", rules=rules)
    named_now = await conversations.by_id(tx, found.id)
    await proving.ask_again(tx, named_now, await customer.by_id(tx, found.customer_id), found.order_number)
    tx.emit(CodeEntered(found.id))
    return named_now
