"""A shop floor in memory: the verbs of routing without a database, around the product's own pure ranking.

It keeps what the tables keep: places, offers, refusals, who serves whom.  `dispatch` is the pass of
`mashang.routing.dispatch`, reading memory page by page.  `broken` judges by the rule itself
(`eligibility.may_serve`), not by the ranking that is under test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from mashang.routing.closing import PLACE_KEPT
from mashang.routing.eligibility import MOST_PRIORITY, STANDS_BACK, Need, Place, Staff, head_start, may_serve
from mashang.routing.paging import assign_in_order
from mashang.routing.ranking import Assignment, Floor

from .floors import NOON, Memory, an_agent, at_once

OFFER_LASTS = timedelta(seconds=20)
GRACE = timedelta(minutes=2)


@dataclass
class Person:
    """An agent: what they are, and whether they can be given somebody."""

    staff: Staff
    online: bool = True
    available: bool = True
    gone_at: datetime | None = None

    @property
    def here(self) -> bool:
        return self.online and self.available


@dataclass
class Customer:
    """One conversation: waiting, on offer, served or over."""

    number: int
    came_at: datetime
    department: int
    need: Need
    familiar: int | None = None
    refused: dict[int, datetime] = field(default_factory=dict)
    offered_to: int | None = None
    offer_ends: datetime | None = None
    served_by: int | None = None
    over: bool = False
    aside: bool = False
    came_back: bool = False  # from aside: it counts, even above the capacity
    left_message: bool = False
    left_at: datetime | None = None

    @property
    def waits(self) -> bool:
        return not self.over and self.served_by is None

    @property
    def stands_at(self) -> datetime:
        return self.came_at + STANDS_BACK if self.left_message else self.came_at

    @property
    def place(self) -> Place:
        need = self.need
        return Place(
            self.number, self.department, self.stands_at - head_start(need.priority), need.required_tier, need.skills,
            need.wanted_agent_id, self.familiar, dict(self.refused),
        )  # fmt: skip


class Model:
    """The floor, its people and its customers."""

    def __init__(self) -> None:
        self.now = NOON
        agents = [
            an_agent(1, 1, capacity=1), an_agent(2, 1, 2, capacity=2, skills="a"), an_agent(3, 2, capacity=1, tier=2),
            an_agent(4, 1, 2, capacity=2, tier=3, skills="ab"),
        ]  # fmt: skip
        self.people = {agent.agent_id: Person(agent) for agent in agents}
        self.customers: list[Customer] = []

    # ── what happens ────────────────────────────────────────────────────────

    def arrive(self, department: int, need: Need, familiar: int | None) -> None:
        self.customers.append(Customer(len(self.customers) + 1, self.now, department, need, familiar))

    def accept(self, customer: Customer) -> None:
        if customer.offer_ends and customer.offer_ends > self.now:
            customer.served_by = customer.offered_to
            customer.left_message = False
            self._withdraw(customer)

    def decline(self, customer: Customer) -> None:
        assert customer.offered_to
        self._refuse(customer, customer.offered_to)

    def take(self, customer: Customer, agent_id: int) -> None:
        """Unasked; never beyond capacity."""
        if self.load(agent_id) < self.people[agent_id].staff.capacity:
            self._withdraw(customer)
            customer.served_by, customer.left_message = agent_id, False

    def finish(self, customer: Customer) -> None:
        self._withdraw(customer)
        customer.over, customer.aside = True, False

    def leave_message(self, customer: Customer) -> None:
        """Waits there no longer, and is asked about after those who do."""
        if not customer.left_message:
            customer.left_message = True
            self._withdraw(customer)

    def come_back(self, customer: Customer) -> None:
        customer.left_message = False

    def leave_queue(self, customer: Customer) -> None:
        """The place is kept for a while."""
        self.finish(customer)
        customer.left_at = self.now

    def return_to_queue(self, customer: Customer) -> None:
        if customer.left_at and customer.over:
            if customer.left_at + PLACE_KEPT <= self.now:
                customer.came_at = self.now
            customer.over, customer.left_at, customer.left_message = False, None, False

    def transfer(self, customer: Customer, *, department: int = 0, tier: int = 0, agent: int = 0) -> None:
        """To somebody else, at the old place; whoever had it rests from it."""
        self._withdraw(customer)
        if customer.served_by:
            customer.refused[customer.served_by] = self.now
        customer.served_by, customer.aside = None, False
        if department and department != customer.department:
            customer.department, customer.need = department, Need(priority=customer.need.priority)
        if agent:
            customer.refused.pop(agent, None)
        customer.need = msgspec.structs.replace(
            customer.need, wanted_agent_id=agent or None, required_tier=tier or customer.need.required_tier
        )

    def snooze(self, customer: Customer) -> None:
        customer.aside, customer.came_back = True, False

    def wake(self, customer: Customer) -> None:
        customer.aside, customer.came_back = False, customer.aside or customer.came_back

    def leave(self, person: Person) -> None:
        if person.online:
            person.online, person.gone_at = False, self.now

    def come(self, person: Person) -> None:
        person.online, person.available, person.gone_at = True, True, None

    def pause(self, person: Person) -> None:
        person.available = False

    def pass_time(self, span: timedelta) -> None:
        self.now += span
        for person in self.people.values():
            if person.gone_at and person.gone_at + GRACE <= self.now:
                self._return_all(person.staff.agent_id)

    def _return_all(self, agent_id: int) -> None:
        for customer in self.customers:
            if customer.served_by == agent_id and not customer.over and not customer.aside:
                customer.served_by, customer.familiar = None, agent_id

    # ── the dispatcher ──────────────────────────────────────────────────────

    def dispatch(self) -> list[Assignment]:
        """One pass: what lapsed ends, then hands are filled."""
        for customer in self.customers:
            if customer.offered_to and customer.offer_ends:
                if customer.offer_ends <= self.now:
                    self._refuse(customer, customer.offered_to)
                elif not self.people[customer.offered_to].here:
                    self._end_wish(customer, customer.offered_to)
                    self._withdraw(customer)
        memory = Memory([one.place for one in self.customers if one.waits and one.offered_to is None])
        made = at_once(assign_in_order(Floor(self.here(), self.now), memory.queues(), memory.fetch))
        for one in made:
            customer = self.customers[one.conversation_id - 1]
            assert customer.waits
            assert customer.offered_to is None
            customer.offered_to, customer.offer_ends = one.agent_id, self.now + OFFER_LASTS
        return made

    def here(self) -> list[Staff]:
        return [
            msgspec.structs.replace(person.staff, load=self.load(number))
            for number, person in self.people.items()
            if person.here
        ]

    def load(self, agent_id: int) -> int:
        return sum(not one.aside and agent_id in (one.served_by, one.offered_to) for one in self._there())

    def _there(self) -> list[Customer]:
        return [one for one in self.customers if not one.over]

    # ── the promises ────────────────────────────────────────────────────────

    def broken(self, made: list[Assignment]) -> str | None:
        """The promise that does not hold after a pass, in words."""
        here = self.here()
        left = [one.place for one in self.customers if one.waits and one.offered_to is None]
        for agent in here:
            back = sum(one.came_back and one.served_by == agent.agent_id for one in self._there())
            if agent.load > agent.capacity + back:
                return f"agent {agent.agent_id} has more than they can do"
            if agent.load < agent.capacity and any(may_serve(agent, place, here, self.now) for place in left):
                return f"agent {agent.agent_id} is free while somebody waits for them"
        present = {agent.agent_id for agent in here}
        if any(one.offered_to and one.offered_to not in present for one in self.customers):
            return "somebody is offered to an agent who is not here"
        if any(one.offered_to and not one.waits for one in self.customers):
            return "somebody is offered who does not wait"
        return self._overtaken(made, left, here)

    def _overtaken(self, made: list[Assignment], left: list[Place], here: list[Staff]) -> str | None:
        by_id = {agent.agent_id: agent for agent in here}
        for one in made:
            chosen = self.customers[one.conversation_id - 1]
            if not may_serve(by_id[one.agent_id], chosen.place, here, self.now):
                return f"{chosen.number} was given to {one.agent_id}, who may not serve them"
            for place in left:
                other = self.customers[place.conversation_id - 1]
                # Whom a colleague named is a person's decision; everybody else is bounded by the head start.
                if one.why != "wanted" and may_serve(by_id[one.agent_id], place, here, self.now):
                    if chosen.came_at - other.stands_at > head_start(MOST_PRIORITY):
                        return f"{other.number} was overtaken by {chosen.number}, who came far too late"
                    if place.order < chosen.place.order:
                        return f"{other.number} was passed over for {chosen.number}"
        return None

    def _refuse(self, customer: Customer, agent_id: int) -> None:
        customer.refused[agent_id] = self.now
        self._end_wish(customer, agent_id)
        self._withdraw(customer)

    def _end_wish(self, customer: Customer, agent_id: int) -> None:
        if customer.need.wanted_agent_id == agent_id:
            customer.need = msgspec.structs.replace(customer.need, wanted_agent_id=None)

    def _withdraw(self, customer: Customer) -> None:
        customer.offered_to = customer.offer_ends = None
