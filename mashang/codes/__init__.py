"""Service codes: a short code names what a consultation is about.

    index = await codes.index(tx)
    answer = index.match("你好，代码ｃｚ", now)     # Matched, Ambiguous, Expired, Reference, Minted, Person or Unknown
    await codes.redeem(tx, conversation_id, answer.topic, typed, answer.how)

Does not: open conversations (`intake`) or decide who answers (`routing`).
"""

from mashang.codes.answers import Ambiguous, Answer, Expired, How, Matched, Minted, Person, Reference, Unknown
from mashang.codes.claims import may_hold_a_code, minted_in, note, own, topic_of
from mashang.codes.code import Topic, normalise
from mashang.codes.entering import CodeEntered, enter, entered, is_minted
from mashang.codes.explaining import explain, may_name_an_ended_code, named_in
from mashang.codes.matching import Index, asks_for_a_person, is_all_that_was_said
from mashang.codes.redemption import redeem
from mashang.codes.topics import TopicButton, button, buttons, index

__all__ = [
    "Ambiguous",
    "Answer",
    "CodeEntered",
    "Expired",
    "How",
    "Index",
    "Matched",
    "Minted",
    "Person",
    "Reference",
    "Topic",
    "TopicButton",
    "Unknown",
    "asks_for_a_person",
    "button",
    "buttons",
    "enter",
    "entered",
    "explain",
    "index",
    "is_all_that_was_said",
    "is_minted",
    "may_hold_a_code",
    "may_name_an_ended_code",
    "minted_in",
    "named_in",
    "normalise",
    "note",
    "own",
    "redeem",
    "topic_of",
]
