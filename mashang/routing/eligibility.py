"""Who may serve whom, and who comes first: the rules of the queue as values.

**Order.**  Customers are served in the order of their *virtual arrival*: the instant they
began to wait, less the head start of their priority.  So ageing is built in and its bound is
exact: nobody is overtaken by anybody who came more than the longest head start later.  Who left a
message stands back by a fixed span on top of that.

**Eligible** is an agent of the department whose tier is at least the required one and who has
all skills needed.  Two exceptions keep anybody from waiting unseen:

* When nobody online meets a need at all, whoever is online in the department may serve it once
  the customer has waited for `PATIENCE` (counted from the virtual arrival): those with the
  fewest skills missing first, then the highest tier.
* Who refused a customer is not asked again for `REFUSED_FOR`; when everybody online who could
  has refused, the rest shrinks to `LONE_REST`.

A transfer that names an agent overrides department, tier and skills: a person decided.

Pure.  `ORDER` and `MEETS` say the same in SQL, for whoever counts places (`waiting`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from mashang.codes import Topic
from mashang.customers import Customer

HEAD_START = timedelta(minutes=5)  # for each step of priority
MOST_PRIORITY = 3
STANDS_BACK = timedelta(hours=2)  # who left a message, behind those who wait here
PATIENCE = timedelta(minutes=3)
REFUSED_FOR = timedelta(minutes=5)
LONE_REST = timedelta(seconds=30)

# The order of service, of queue_place as q; the same as `Place.order`.
ORDER = "q.order_at, q.conversation_id"
# Is agent a, of the place's department, up to queue_place q?  The same as `Staff.meets`.
MEETS = "(a.tier >= q.required_tier and a.skills @> q.skills)"

Order = tuple[datetime, int]


class Need(msgspec.Struct, frozen=True):
    """What a conversation asks of whoever answers; `wanted_agent_id` is asked first, whoever they are."""

    required_tier: int = 1
    skills: frozenset[str] = frozenset()
    priority: int = 0
    wanted_agent_id: int | None = None


class Queue(NamedTuple):
    """Those who can be served by the same people: a department, a required tier, the skills needed."""

    department_id: int
    required_tier: int = 1
    skills: frozenset[str] = frozenset()


class Place(msgspec.Struct, frozen=True):
    """A customer who waits and is not on offer to anybody.  `refused` is who refused, and when."""

    conversation_id: int
    department_id: int
    order_at: datetime
    required_tier: int = 1
    skills: frozenset[str] = frozenset()
    wanted_agent_id: int | None = None
    familiar_agent_id: int | None = None
    refused: Mapping[int, datetime] = {}

    @property
    def order(self) -> Order:
        """Who comes first: sort places by this."""
        return self.order_at, self.conversation_id

    @property
    def queue(self) -> Queue:
        """Whose turn it waits for."""
        return Queue(self.department_id, self.required_tier, self.skills)


class Staff(msgspec.Struct, frozen=True):
    """An agent who is here and available; `load` counts conversations and open offers."""

    agent_id: int
    departments: frozenset[int]
    capacity: int
    load: int
    idle_since: datetime
    tier: int = 1
    skills: frozenset[str] = frozenset()

    def meets(self, queue: Queue) -> bool:
        """Of the department, of the tier or above, with the skills."""
        return (
            queue.department_id in self.departments and self.tier >= queue.required_tier and self.skills >= queue.skills
        )


def head_start(priority: int) -> timedelta:
    """By how much this priority comes before an ordinary one."""
    return HEAD_START * max(0, min(priority, MOST_PRIORITY))


def rank_of(tier: str, vip_tiers: Sequence[str]) -> int:
    """The priority of a proved customer of this tier: the first of the list has the most, the last of it 1."""
    return min(MOST_PRIORITY, len(vip_tiers) - vip_tiers.index(tier)) if tier in vip_tiers else 0


def need_of(topic: Topic | None, customer: Customer, vip_tiers: Sequence[str]) -> Need:
    """What a new conversation needs: what its topic asks, and the more urgent of topic and proved customer."""
    rank = rank_of(customer.tier, vip_tiers) if customer.proved else 0
    if topic is None:
        return Need(priority=rank)
    return Need(topic.required_tier, frozenset(topic.skills), max(topic.priority, rank))


def crew(queue: Queue, here: Iterable[Staff]) -> tuple[list[Staff], bool]:
    """Who serves this queue, and whether they only step in because nobody online meets the need.

    Somebody without any capacity serves nobody.
    """
    present = [one for one in here if one.capacity > 0 and queue.department_id in one.departments]
    able = [one for one in present if one.meets(queue)]
    return (able, False) if able else (present, bool(present))


def resting(place: Place, could: Iterable[int], now: datetime) -> set[int]:
    """Who refused this customer too lately to be asked again; `could` are all online who may serve it."""
    recent = {agent_id for agent_id, at in place.refused.items() if at > now - REFUSED_FOR}
    if not recent or not recent.issuperset(could):
        return recent
    return {agent_id for agent_id in recent if place.refused[agent_id] > now - LONE_REST}


def may_serve(agent: Staff, place: Place, here: Sequence[Staff], now: datetime) -> bool:
    """Is this agent, free hands aside, eligible for this customer?  The rule itself; `ranking` does it quickly."""
    able, stand_in = crew(place.queue, here)
    could = {one.agent_id for one in able}
    wanted = place.wanted_agent_id
    if wanted is not None and any(one.agent_id == wanted for one in here):
        could.add(wanted)
    if agent.agent_id not in could or agent.agent_id in resting(place, could, now):
        return False
    return agent.agent_id == wanted or not stand_in or place.order_at <= now - PATIENCE
