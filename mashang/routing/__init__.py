"""Who answers: the queue, the dispatcher that empties it, and what agents do with what they are offered.

    await routing.place(tx, conversation_id, department_id, need)     # it waits
    await routing.accept(tx, agent, conversation_id)                  # somebody answers

Does not: open conversations (`intake`) or push to browsers (`live`).
"""

from mashang.routing.dispatcher import Dispatcher
from mashang.routing.eligibility import Need, need_of
from mashang.routing.handling import accept, close, decline, reopen, return_to_queue, take, transfer
from mashang.routing.queue import Placed, place
from mashang.routing.waiting import Waiting, waiting

__all__ = [
    "Dispatcher",
    "Need",
    "Placed",
    "Waiting",
    "accept",
    "close",
    "decline",
    "need_of",
    "place",
    "reopen",
    "return_to_queue",
    "take",
    "transfer",
    "waiting",
]
