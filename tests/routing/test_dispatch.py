"""The dispatcher on a real database: who is asked, when, and never wrongly."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

from mashang import routing
from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.routing import dispatcher as subject
from mashang.routing.dispatch import Pass, one_pass
from mashang.routing.dispatcher import Dispatcher
from mashang.routing.events import ConversationOffered, OfferEnded
from mashang.staff import presence

from .conftest import OFFER, Floor
from .promises import broken


async def test_a_waiting_customer_is_offered_to_whoever_is_here(floor: Floor) -> None:
    agent, waiting = await floor.somebody("小丽"), await floor.customer_waits()
    assert await floor.dispatch() == 1
    assert await floor.offered_to(waiting) == agent.id
    assert (await floor.now(waiting)).status == "waiting"
    assert await floor.traced(waiting) == ["placed", "offered"]


async def test_with_nobody_here_the_customer_waits(floor: Floor) -> None:
    waiting = await floor.customer_waits()
    assert await floor.dispatch() == 0
    assert await floor.offered_to(waiting) is None


async def test_nobody_offline_away_without_capacity_or_of_another_department_is_asked(floor: Floor) -> None:
    other = await floor.department("售后")
    offline, away = await floor.somebody("离线"), await floor.somebody("离开")
    await floor.leaves(offline)
    await floor.goes_away(away)
    await floor.somebody("零", capacity=0)
    await floor.somebody("售后", other)
    await floor.customer_waits()
    assert await floor.dispatch() == 0


async def test_a_lease_that_ran_out_is_nobody_here(floor: Floor, clock) -> None:
    await floor.somebody("小丽")
    await floor.customer_waits()
    await clock.advance(timedelta(hours=2))
    assert await floor.dispatch() == 0


async def test_first_come_first_served_and_never_over_capacity(floor: Floor) -> None:
    agent = await floor.somebody("小丽", capacity=2)
    waiting = await floor.customers_wait(5)
    assert await floor.dispatch() == 2
    assert [await floor.offered_to(one) for one in waiting] == [agent.id, agent.id, None, None, None]
    await floor.do(routing.accept, agent, waiting[0].id)
    assert await floor.dispatch() == 0
    await floor.do(routing.close, agent, waiting[0].id)
    assert await floor.dispatch() == 1
    assert await floor.offered_to(waiting[2]) == agent.id


async def test_the_work_is_spread(floor: Floor) -> None:
    people = [await floor.somebody(name) for name in "甲乙丙"]
    waiting = await floor.customers_wait(6)
    await floor.dispatch()
    asked = [await floor.offered_to(one) for one in waiting]
    assert sorted(asked) == sorted([person.id for person in people] * 2)
    assert len(set(asked[:3])) == 3


async def test_an_offer_nobody_answers_goes_to_the_next_and_not_back(floor: Floor, clock) -> None:
    first, waiting = await floor.somebody("甲"), await floor.customer_waits()
    await floor.dispatch()
    second = await floor.somebody("乙")
    assert await floor.dispatch() == 0
    await clock.advance(OFFER)
    assert await floor.dispatch() == 1
    assert await floor.offered_to(waiting) == second.id
    await clock.advance(OFFER)
    assert await floor.dispatch() == 0  # both let it pass
    assert (await floor.traced(waiting))[-1] == "timed_out"
    await clock.advance(timedelta(minutes=5))
    assert await floor.dispatch() == 1
    assert await floor.offered_to(waiting) in (first.id, second.id)


async def test_the_customer_behind_is_offered_when_the_one_in_front_was_refused(floor: Floor) -> None:
    agent = await floor.somebody("甲", capacity=1)
    front, behind = await floor.customers_wait(2)
    await floor.dispatch()
    await floor.do(routing.decline, agent, front.id)
    assert await floor.dispatch() == 1
    assert await floor.offered_to(front) is None
    assert await floor.offered_to(behind) == agent.id


async def test_hands_left_by_a_refused_page_find_the_customers_behind_it(floor: Floor) -> None:
    agent = await floor.somebody("甲", capacity=2)
    waiting = await floor.customers_wait(7)
    for one in waiting[:5]:
        await floor.ask(
            "insert into offer (conversation_id, agent_id, offered_at, expires_at, answered_at, answer)"
            " select %s, %s, n, n, n, 'declined' from app_now() n returning id",
            one.id, agent.id,
        )  # fmt: skip
    assert await floor.dispatch() == 2
    assert [await floor.offered_to(one) for one in waiting[5:]] == [agent.id, agent.id]


async def test_a_place_is_kept_over_refused_offers(floor: Floor, clock) -> None:
    agent, waiting = await floor.somebody("甲"), await floor.customer_waits()
    before = await floor.place(waiting)
    await floor.dispatch()
    await floor.do(routing.decline, agent, waiting.id)
    await clock.advance(timedelta(minutes=1))
    await floor.customer_waits()
    assert await floor.place(waiting) == before


async def test_an_agent_who_leaves_loses_the_offer_without_blame(floor: Floor) -> None:
    first, waiting = await floor.somebody("甲"), await floor.customer_waits()
    await floor.dispatch()
    await floor.leaves(first)
    second = await floor.somebody("乙")
    assert await floor.dispatch() == 1
    assert await floor.offered_to(waiting) == second.id
    await floor.do(routing.decline, second, waiting.id)
    await floor.comes(first)
    assert await floor.dispatch() == 1
    assert await floor.offered_to(waiting) == first.id


async def test_an_agent_of_two_departments_takes_the_longest_waiting_of_both(floor: Floor) -> None:
    other = await floor.department("售后")
    agent = await floor.somebody("甲", floor.scene.department, other, capacity=1)
    earlier = await floor.customer_waits(other)
    later = await floor.customer_waits()
    assert await floor.dispatch() == 1
    assert await floor.offered_to(earlier) == agent.id
    assert await floor.offered_to(later) is None


async def test_what_happened_is_told_after_the_commit(floor: Floor, clock) -> None:
    heard: list[object] = []
    floor.db.events.react({ConversationOffered: [heard.append], OfferEnded: [heard.append]})
    agent, waiting = await floor.somebody("甲"), await floor.customer_waits()
    await floor.dispatch()
    await clock.advance(OFFER)
    await floor.dispatch()
    offered, ended = heard
    assert isinstance(offered, ConversationOffered)
    assert (offered.conversation_id, offered.agent_id) == (waiting.id, agent.id)
    assert ended == OfferEnded(waiting.id, agent.id, "timed_out")


async def test_dispatchers_that_run_at_once_offer_each_customer_once_and_fill_no_one_twice(floor: Floor) -> None:
    people = [await floor.somebody(name, capacity=3) for name in "甲乙丙"]
    await floor.customers_wait(20)
    made = await asyncio.gather(*(floor.dispatch() for _ in range(5)))
    assert sum(made) == 9
    for person in people:
        assert await floor.ask("select count(*) from offer where agent_id = %s and answered_at is null", person.id) == 3


async def test_an_empty_queue_costs_one_question(floor: Floor, queries) -> None:
    await floor.somebody("甲")
    queries.clear()
    await floor.dispatch()
    assert len(queries) == 1


async def test_no_more_statements_for_many_than_for_one(floor: Floor, queries) -> None:
    await floor.somebody("甲", capacity=50)
    await floor.customer_waits()
    queries.clear()
    await floor.dispatch()
    for_one = len(queries)
    await floor.customers_wait(40)
    queries.clear()
    assert await floor.dispatch() == 40
    assert len(queries) == for_one


async def test_the_task_offers_at_a_kick_and_again_when_an_offer_runs_out(floor: Floor, monkeypatch) -> None:
    """Not because it looks every second anyway: here it would look after an hour."""
    monkeypatch.setattr(subject, "SWEEP_EVERY", timedelta(hours=1))
    passed = asyncio.Event()

    async def noted(db: Database) -> Pass:
        outcome = await one_pass(db)
        passed.set()
        return outcome

    monkeypatch.setattr(subject, "one_pass", noted)
    offered: asyncio.Queue[ConversationOffered] = asyncio.Queue()
    floor.db.events.react({ConversationOffered: [offered.put_nowait]})
    dispatcher = Dispatcher(floor.db)
    running = asyncio.ensure_future(dispatcher.run())
    try:
        await asyncio.wait_for(passed.wait(), 60)
        first, second = await floor.somebody("甲"), await floor.somebody("乙")
        waiting = await floor.customer_waits()
        dispatcher.kick()
        one = (await asyncio.wait_for(offered.get(), 60)).agent_id
        async with floor.db.transaction() as tx:
            await tx.run("update offer set expires_at = app_now() + interval '1 second'")
        dispatcher.kick()  # there is nothing to do yet; when there is, is read anew
        other = (await asyncio.wait_for(offered.get(), 60)).agent_id
        assert {one, other} == {first.id, second.id}
        assert await floor.offered_to(waiting) == other
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_task_looks_again_though_nobody_kicks_it(floor: Floor) -> None:
    offered: asyncio.Queue[ConversationOffered] = asyncio.Queue()
    floor.db.events.react({ConversationOffered: [offered.put_nowait]})
    running = asyncio.ensure_future(Dispatcher(floor.db).run())
    try:
        agent = await floor.somebody("甲")
        await floor.customer_waits()
        assert (await asyncio.wait_for(offered.get(), 60)).agent_id == agent.id
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_task_survives_a_pass_that_fails(floor: Floor, monkeypatch) -> None:
    offered: asyncio.Queue[ConversationOffered] = asyncio.Queue()
    floor.db.events.react({ConversationOffered: [offered.put_nowait]})
    await floor.somebody("甲")
    await floor.customer_waits()
    failed = asyncio.Event()
    monkeypatch.setattr(log, "exception", lambda *_: failed.set())
    async with floor.db.transaction() as tx:
        await tx.run("alter table queue_place rename to hidden")
    running = asyncio.ensure_future(Dispatcher(floor.db).run())
    try:
        await asyncio.wait_for(failed.wait(), 60)
        async with floor.db.transaction() as tx:
            await tx.run("alter table hidden rename to queue_place")
        assert await asyncio.wait_for(offered.get(), 60)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_in_a_busy_hour_the_promises_hold_after_every_commit(floor: Floor, clock, cases) -> None:
    """Random arrivals, answers, departures and time: no idle eligible agent, no double offer, nobody over capacity."""
    chance = random.Random(20261121)  # noqa: S311 — a schedule, not a secret
    other = await floor.department("售后")
    here = floor.scene.department
    people = [
        await floor.somebody("甲", here, capacity=2), await floor.somebody("乙", other, capacity=1),
        await floor.somebody("丙", here, other, capacity=2),
    ]  # fmt: skip
    for _ in range(cases(60)):
        person = chance.choice(people)
        match chance.choice(["arrive", "arrive", "accept", "accept", "decline", "close", "leave", "come", "time"]):
            case "arrive":
                await floor.customer_waits(chance.choice([here, other]))
            case "leave":
                await floor.leaves(person)
            case "come":
                await floor.comes(person)
            case "time":
                await clock.advance(timedelta(seconds=chance.choice([5, 25, 320])))
                for one in people:
                    await floor.do(presence.renew, f"socket-{one.id}", one.id, "test", timedelta(hours=1))
            case verb:
                await _answer(floor, person, verb)
        await floor.dispatch()
        assert await broken(floor.db) == {}


async def _answer(floor: Floor, person, verb: str) -> None:
    rows = {
        "close": "select id from conversation where agent_id = %s and status = 'active' limit 1",
        "accept": "select conversation_id from offer where agent_id = %s and answered_at is null limit 1",
    }
    found = await floor.ask(rows.get(verb, rows["accept"]), person.id)
    if found:
        await floor.do(getattr(routing, verb), person, found)
