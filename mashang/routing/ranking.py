"""Who gets whom: the order of waiting customers and the choice among free agents.

Pure.  Customers are served first come, first served.  Each goes to the agent whom a
transfer named, when that one is free, and otherwise, of the free agents of its
department who did not just refuse it, to the least loaded by share of capacity;
among those to the one who has been without a new customer longest.

One pass is maximal: afterwards no free agent is left who may serve a customer that
is left.  An agent of several departments has one set of hands for all of them.

Skills, tiers and priority enter in two places: `service_order` and `may_serve`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec


class Place(msgspec.Struct, frozen=True):
    """A customer who waits and is not on offer to anybody."""

    conversation_id: int
    department_id: int
    queued_at: datetime
    wanted_agent_id: int | None = None
    refused_by: frozenset[int] = frozenset()  # declined or let pass within the last minutes


class FreeAgent(msgspec.Struct, frozen=True):
    """An agent who is here, available and below capacity; `load` counts conversations and open offers."""

    agent_id: int
    departments: frozenset[int]
    capacity: int
    load: int
    idle_since: datetime


class Assignment(NamedTuple):
    """This conversation is to be offered to this agent, who had that much to do already."""

    conversation_id: int
    agent_id: int
    load: int
    capacity: int


def service_order(place: Place) -> tuple[datetime, int]:
    """Who comes first: sort places by this."""
    return place.queued_at, place.conversation_id


def may_serve(agent: FreeAgent, place: Place) -> bool:
    """Is this agent eligible for this customer, free hands aside?"""
    if agent.agent_id in place.refused_by:
        return False
    return place.department_id in agent.departments or place.wanted_agent_id == agent.agent_id


# (share of capacity, turn of the last assignment in this pass, idle since, agent, load): the smallest
# is chosen.  An entry whose load is no longer the agent's is stale and skipped.
_Entry = tuple[float, int, datetime, int, int]


class Floor:
    """The free agents, as assignments use up their hands.  A pass may be continued with more places."""

    def __init__(self, agents: Iterable[FreeAgent]) -> None:
        self._agents = {agent.agent_id: agent for agent in agents if agent.load < agent.capacity}
        self._load = {agent.agent_id: agent.load for agent in self._agents.values()}
        self._ready: dict[int, list[_Entry]] = {}
        self._turns = 0
        for agent in self._agents.values():
            self._line_up(agent, 0)

    def hands(self) -> dict[int, int]:
        """How many customers each department's free agents could still take."""
        free: dict[int, int] = {}
        for agent in self._agents.values():
            for department_id in agent.departments:
                free[department_id] = free.get(department_id, 0) + agent.capacity - self._load[agent.agent_id]
        return {department_id: hands for department_id, hands in free.items() if hands > 0}

    def assign(self, places: Iterable[Place]) -> list[Assignment]:
        """Give out these places, in service order, as far as hands go."""
        given: list[Assignment] = []
        for place in sorted(places, key=service_order):
            agent = self._wanted(place) or self._least_loaded(place)
            if agent:
                load = self._load[agent.agent_id]
                given.append(Assignment(place.conversation_id, agent.agent_id, load, agent.capacity))
                self._load[agent.agent_id] = load + 1
                self._turns += 1
                self._line_up(agent, self._turns)
        return given

    def _wanted(self, place: Place) -> FreeAgent | None:
        agent = self._agents.get(place.wanted_agent_id or 0)
        if agent and may_serve(agent, place) and self._load[agent.agent_id] < agent.capacity:
            return agent
        return None

    def _least_loaded(self, place: Place) -> FreeAgent | None:
        line = self._ready.get(place.department_id, [])
        passed_over: list[_Entry] = []
        chosen = None
        while line and chosen is None:
            entry = heapq.heappop(line)
            agent = self._agents[entry[3]]
            if entry[4] != self._load[agent.agent_id]:
                continue
            if may_serve(agent, place):
                chosen = agent
            else:
                passed_over.append(entry)
        for entry in passed_over:
            heapq.heappush(line, entry)
        return chosen

    def _line_up(self, agent: FreeAgent, turn: int) -> None:
        load = self._load[agent.agent_id]
        if load < agent.capacity:
            entry = (load / agent.capacity, turn, agent.idle_since, agent.agent_id, load)
            for department_id in agent.departments:
                heapq.heappush(self._ready.setdefault(department_id, []), entry)
