"""A code whose time is over, written in a running conversation: both sides are told what it was, and what there is now.

Who types an old code there is with people already; the word spares them to look it up, and the customer the
thought that nothing happened.  Once for each code and conversation.

Every message is asked first whether that can be, of what the process holds in memory: nearly all say no, and cost
no statement.

Does not: move the conversation anywhere (the agent does), or explain minted codes (`claims`).
"""

from __future__ import annotations

from typing import Any

from mashang.codes import topics
from mashang.codes.answers import Expired, Matched
from mashang.codes.code import Topic, fold
from mashang.codes.matching import Index
from mashang.conversations import timeline
from mashang.kit import clock
from mashang.kit.db import Tx

_LONGEST = 200  # characters; in longer ones a code is one word among many


def may_name_an_ended_code(text: str) -> bool:
    """Is it worth a look-up?"""
    if len(text) > _LONGEST:
        return False
    index = topics.held()
    return index is None or _ended_in(index, text) is not None


def named_in(text: str) -> str | None:
    """The topic code that stands in a message of a running conversation, as this process knows the topics."""
    index = topics.held()
    if index is None or len(text) > _LONGEST:
        return None
    folded = fold(text)
    if not any(code in folded for code in index.by_code):
        return None
    answer = index.match(text, clock.now())
    return answer.topic.code if isinstance(answer, Matched) and answer.topic.code in folded else None


async def explain(tx: Tx, conversation_id: int, text: str) -> None:
    """Say in the timeline what the ended code in `text` was, unless that was said there already."""
    found = _ended_in(await topics.index(tx), text)
    if found is None:
        return
    told = await tx.value(
        "select exists (select from entry where conversation_id = %s and kind = 'event'"
        " and data->>'name' = 'code_expired' and data->'topic'->>'code' = %s)",
        (conversation_id, found.topic.code),
    )
    if told:
        return
    facts: dict[str, Any] = {"topic": _named(found.topic)}
    if found.instead:
        facts["instead"] = _named(found.instead)
    await timeline.append(tx, timeline.event(conversation_id, "code_expired", **facts))


def _ended_in(index: Index, text: str) -> Expired | None:
    """By its code, not by its name: people speak of what there was."""
    now = clock.now()
    ended = index.ended.at(now)
    if not ended:
        return None
    folded = fold(text)
    if not any(topic.code in folded for topic in ended):
        return None
    answer = index.match(text, now)
    return answer if isinstance(answer, Expired) and answer.topic.code in folded else None


def _named(topic: Topic) -> dict[str, str]:
    return {"code": topic.code, "name": topic.name, "name_en": topic.name_en}
