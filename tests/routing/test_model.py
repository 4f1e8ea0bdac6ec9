"""The promises of the dispatcher, on two thousand schedules of everything that can happen."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from mashang.routing.eligibility import LONE_REST, PATIENCE, REFUSED_FOR, Need

from .model import GRACE, OFFER_LASTS, Model

NEEDS = [
    Need(), Need(), Need(priority=1), Need(priority=3), Need(2), Need(3), Need(3, priority=2),
    Need(1, frozenset("a")), Need(2, frozenset("ab")), Need(3, frozenset("c")),
]  # fmt: skip
SPANS = [
    timedelta(seconds=5), OFFER_LASTS, LONE_REST, GRACE, PATIENCE, REFUSED_FOR + timedelta(seconds=1),
    timedelta(minutes=16),
]  # fmt: skip
anybody = st.integers(0, 11)


class Day(RuleBasedStateMachine):
    """A day on the floor; after each thing that happens comes a pass of the dispatcher, and the promises hold."""

    def __init__(self) -> None:
        super().__init__()
        self.floor = Model()

    def _after(self) -> None:
        made = self.floor.dispatch()
        broken = self.floor.broken(made)
        assert not broken, broken

    def _waiting(self):
        return [one for one in self.floor.customers if one.waits]

    def _offered(self):
        return [one for one in self.floor.customers if one.offered_to]

    def _served(self):
        return [one for one in self.floor.customers if one.served_by and not one.over]

    def _gone(self):
        return [one for one in self.floor.customers if one.over and one.left_at]

    @rule(
        department=st.integers(1, 2), need=st.sampled_from(NEEDS), familiar=st.integers(0, 4), burst=st.integers(1, 3)
    )
    def customers_arrive(self, department, need, familiar, burst) -> None:
        for _ in range(burst):
            self.floor.arrive(department, need, familiar or None)
        self._after()

    @precondition(lambda self: self._offered())
    @rule(which=anybody, all_of_them=st.booleans())
    def accepts(self, which, all_of_them) -> None:
        offered = self._offered()
        for customer in offered if all_of_them else [offered[which % len(offered)]]:
            self.floor.accept(customer)
        self._after()

    @precondition(lambda self: self._offered())
    @rule(which=anybody)
    def declines(self, which) -> None:
        offered = self._offered()
        self.floor.decline(offered[which % len(offered)])
        self._after()

    @precondition(lambda self: self._waiting())
    @rule(which=anybody, agent=st.integers(1, 4))
    def takes(self, which, agent) -> None:
        waiting = self._waiting()
        self.floor.take(waiting[which % len(waiting)], agent)
        self._after()

    @precondition(lambda self: self._served())
    @rule(which=anybody)
    def finishes(self, which) -> None:
        served = self._served()
        self.floor.finish(served[which % len(served)])
        self._after()

    @precondition(lambda self: self._served())
    @rule(which=anybody, what=st.sampled_from(["snooze", "wake"]))
    def is_put_aside_or_comes_back(self, which, what) -> None:
        served = self._served()
        getattr(self.floor, what)(served[which % len(served)])
        self._after()

    @precondition(lambda self: self._waiting())
    @rule(which=anybody)
    def gives_up(self, which) -> None:
        waiting = self._waiting()
        self.floor.finish(waiting[which % len(waiting)])
        self._after()

    @precondition(lambda self: self._waiting())
    @rule(which=anybody, what=st.sampled_from(["leave_message", "leave_message", "come_back", "leave_queue"]))
    def steps_aside(self, which, what) -> None:
        waiting = self._waiting()
        getattr(self.floor, what)(waiting[which % len(waiting)])
        self._after()

    @precondition(lambda self: self._gone())
    @rule(which=anybody)
    def returns(self, which) -> None:
        gone = self._gone()
        self.floor.return_to_queue(gone[which % len(gone)])
        self._after()

    @precondition(lambda self: self._waiting() or self._served())
    @rule(which=anybody, to=st.sampled_from([{"department": 1}, {"department": 2}, {"tier": 2}, {"tier": 3}, {}]))
    def transfers(self, which, to) -> None:
        there = self._waiting() + self._served()
        self.floor.transfer(there[which % len(there)], **to)
        self._after()

    @precondition(lambda self: self._waiting() or self._served())
    @rule(which=anybody, agent=st.integers(1, 4))
    def transfers_to_one(self, which, agent) -> None:
        there = self._waiting() + self._served()
        customer = there[which % len(there)]
        if self.floor.people[agent].here and customer.served_by != agent:
            self.floor.transfer(customer, agent=agent)
        self._after()

    @rule(agent=st.integers(1, 4), what=st.sampled_from(["leave", "leave", "come", "come", "pause"]))
    def comes_and_goes(self, agent, what) -> None:
        getattr(self.floor, what)(self.floor.people[agent])
        self._after()

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span) -> None:
        self.floor.pass_time(span)
        self._after()


def test_the_promises_hold_on_every_schedule(cases) -> None:
    run_state_machine_as_test(
        Day,
        settings=settings(
            max_examples=cases(2000), stateful_step_count=20, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_a_day_ends_with_nobody_left_waiting_when_somebody_is_there() -> None:
    """Whoever waits for what nobody online has is served in the end, by whoever is there."""
    floor = Model()
    for number in (2, 3, 4):
        floor.leave(floor.people[number])
    for need in NEEDS:
        floor.arrive(1, need, None)
    for _ in range(40):
        floor.pass_time(timedelta(seconds=15))
        floor.dispatch()
        for customer in [one for one in floor.customers if one.offered_to]:
            floor.accept(customer)
            floor.finish(customer)
    assert not [one for one in floor.customers if one.waits]
