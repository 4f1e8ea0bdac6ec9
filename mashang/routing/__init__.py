"""Who answers: the queue, the dispatcher that empties it, and what agents do with what they are offered.

    await routing.place(tx, conversation_id, department_id, need)     # it waits
    await routing.accept(tx, agent, conversation_id)                  # somebody answers

Does not: open conversations (`intake`) or push to browsers (`live`).
"""

from mashang.routing.aside import come_back, leave_message
from mashang.routing.closing import close, reopen
from mashang.routing.dispatcher import Dispatcher
from mashang.routing.eligibility import Need, need_of
from mashang.routing.handing_over import ask_for_a_person, assist, call_assistant, hand_over
from mashang.routing.handling import accept, decline, take
from mashang.routing.joining import join, leave, leave_all
from mashang.routing.moving import Target, return_all, return_to_queue, transfer
from mashang.routing.queue import Placed, place
from mashang.routing.snoozing import snooze, wake
from mashang.routing.waiting import Waiting, waiting

__all__ = [
    "Dispatcher",
    "Need",
    "Placed",
    "Target",
    "Waiting",
    "accept",
    "ask_for_a_person",
    "assist",
    "call_assistant",
    "close",
    "come_back",
    "decline",
    "hand_over",
    "join",
    "leave",
    "leave_all",
    "leave_message",
    "need_of",
    "place",
    "reopen",
    "return_all",
    "return_to_queue",
    "snooze",
    "take",
    "transfer",
    "waiting",
    "wake",
]
