"""Who gets whom: the choice among free agents, customer by customer in the order of service.

Pure.  Each customer goes to the agent whom a transfer named, when that one is free; else to
the agent who served this customer lately, when free; else, of the free agents who may serve
them (`eligibility`), to the lowest sufficient tier, so that experts stay free; among those to
the least loaded by share of capacity, and then to the one who has been without a new customer
longest.

One pass is maximal: afterwards no free agent is left who may serve a customer that
is left.  An agent of several departments has one set of hands for all of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from mashang.routing.eligibility import PATIENCE, Place, Queue, Staff, crew, resting

SHOWN = 3  # so many of a group are named
Why = Literal["wanted", "familiar", "turn", "stand_in"]


class Group(NamedTuple):
    """So many agents, and the first few of them."""

    number: int
    some: tuple[int, ...]


class PassedOver(NamedTuple):
    """Of those who may serve a customer, who did not get them: at capacity, refused lately, further back in line."""

    busy: Group
    refused: Group
    behind: int


class Assignment(NamedTuple):
    """This conversation is to be offered to this agent, who had that much to do already."""

    conversation_id: int
    agent_id: int
    queue: Queue
    load: int
    capacity: int
    why: Why
    over: PassedOver


# (how well they fit, share of capacity, turn of the last assignment in this pass, idle since, agent,
# load): the smallest is chosen.  An entry whose load is no longer the agent's is stale; as loads only
# grow in a pass, it stands too far in front, never too far behind.
_Entry = tuple[tuple[int, int], float, int, datetime, int, int]


class _Crew:
    """Who serves one queue, lined up."""

    def __init__(self, queue: Queue, here: Iterable[Staff]) -> None:
        self.members, self.stands_in = crew(queue, here)
        self.ids = {agent.agent_id for agent in self.members}
        self.line: list[_Entry] = []
        self.full: list[int] = []
        self._skills = queue.skills

    def fit(self, agent: Staff) -> tuple[int, int]:
        """The lowest sufficient tier; of those who stand in, whoever lacks least."""
        return (len(self._skills - agent.skills), -agent.tier) if self.stands_in else (0, agent.tier)


class Floor:
    """The agents who are here, as assignments use up their hands.  A pass may be continued with more places."""

    def __init__(self, here: Iterable[Staff], now: datetime) -> None:
        self._here = {agent.agent_id: agent for agent in here}
        self._members: dict[int, list[Staff]] = {}
        for agent in self._here.values():
            for department_id in agent.departments:
                self._members.setdefault(department_id, []).append(agent)
        self._now = now
        self._load = {agent.agent_id: agent.load for agent in self._here.values()}
        self._turn: dict[int, int] = {}
        self._turns = 0
        self._crews: dict[Queue, _Crew] = {}

    def hands(self, queue: Queue | None = None) -> int:
        """How many more customers of this queue could be taken; of all queues together without one."""
        serving = self._here.values() if queue is None else self._crew(queue).members
        return sum(max(0, agent.capacity - self._load[agent.agent_id]) for agent in serving)

    def served_until(self, queue: Queue) -> datetime | None:
        """Nobody with a later `order_at` can be served from this queue yet; None when anybody can."""
        return self._now - PATIENCE if self._crew(queue).stands_in else None

    def assign(self, places: Iterable[Place]) -> list[Assignment]:
        """Give out these places, in the order of service, as far as hands go."""
        given: list[Assignment] = []
        for place in sorted(places, key=lambda one: one.order):
            choice = self._choose(place)
            if choice:
                given.append(self._give(place, *choice))
        return given

    def _give(self, place: Place, agent: Staff, why: Why) -> Assignment:
        load, over = self._load[agent.agent_id], self._passed_over(place, agent)
        self._load[agent.agent_id] = load + 1
        self._turns += 1
        self._turn[agent.agent_id] = self._turns
        if load + 1 >= agent.capacity:
            for serving in self._crews.values():
                if agent.agent_id in serving.ids:
                    serving.full.append(agent.agent_id)
        return Assignment(place.conversation_id, agent.agent_id, place.queue, load, agent.capacity, why, over)

    def _passed_over(self, place: Place, chosen: Staff) -> PassedOver:
        serving = self._crew(place.queue)
        refused = sorted(self._rests(place, serving) & serving.ids)
        busy = [one for one in serving.full if one not in refused] if refused else serving.full
        others = len(serving.ids) - (chosen.agent_id in serving.ids)
        return PassedOver(
            Group(len(busy), tuple(busy[:SHOWN])),
            Group(len(refused), tuple(refused[:SHOWN])),
            others - len(busy) - len(refused),
        )

    def _rests(self, place: Place, serving: _Crew) -> set[int]:
        """Who refused this customer too lately."""
        if not place.refused:
            return set()
        named = {place.wanted_agent_id} if place.wanted_agent_id in self._here else set()
        return resting(place, serving.ids | named, self._now)

    def _choose(self, place: Place) -> tuple[Staff, Why] | None:
        serving = self._crew(place.queue)
        rests = self._rests(place, serving)
        wanted = self._free(place.wanted_agent_id, rests)
        if wanted:
            return wanted, "wanted"
        if serving.stands_in and place.order_at > self._now - PATIENCE:
            return None
        if place.familiar_agent_id in serving.ids:
            familiar = self._free(place.familiar_agent_id, rests)
            if familiar:
                return familiar, "familiar"
        first = self._next(serving, rests)
        return None if first is None else (first, "stand_in" if serving.stands_in else "turn")

    def _free(self, agent_id: int | None, rests: set[int]) -> Staff | None:
        """This agent, when here, with a free hand, and not resting from this customer."""
        agent = self._here.get(agent_id or 0)
        if agent is None or agent.agent_id in rests or self._load[agent.agent_id] >= agent.capacity:
            return None
        return agent

    def _next(self, serving: _Crew, rests: set[int]) -> Staff | None:
        """The first of the line who does not rest; stale entries are lined up anew on the way."""
        line, passed_over = serving.line, []
        chosen = None
        while line and chosen is None:
            entry = line[0]
            agent = self._here[entry[4]]
            load = self._load[agent.agent_id]
            if load >= agent.capacity:
                heapq.heappop(line)
            elif load != entry[5]:
                heapq.heapreplace(line, self._entry(serving, agent))
            elif agent.agent_id in rests:
                passed_over.append(heapq.heappop(line))
            else:
                chosen = agent
        for entry in passed_over:
            heapq.heappush(line, entry)
        return chosen

    def _crew(self, queue: Queue) -> _Crew:
        serving = self._crews.get(queue)
        if serving is None:
            serving = self._crews[queue] = _Crew(queue, self._members.get(queue.department_id, ()))
            serving.full = [one.agent_id for one in serving.members if self._load[one.agent_id] >= one.capacity]
            serving.line = [
                self._entry(serving, one) for one in serving.members if self._load[one.agent_id] < one.capacity
            ]
            heapq.heapify(serving.line)
        return serving

    def _entry(self, serving: _Crew, agent: Staff) -> _Entry:
        load = self._load[agent.agent_id]
        turn = self._turn.get(agent.agent_id, 0)
        return (serving.fit(agent), load / agent.capacity, turn, agent.idle_since, agent.agent_id, load)
