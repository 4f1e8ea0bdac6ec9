"""The supervisors' board: what each of its numbers counts, who may look, and that looking stays cheap."""

from __future__ import annotations

from datetime import timedelta

from mashang.desk import board
from mashang.desk.board import LAST, Boards
from mashang.kit import clock as product_clock
from mashang.staff import presence
from tests.desk.conftest import PASSWORD

MINUTE = timedelta(minutes=1)


async def come(floor, agent, *, available=True):
    await presence.renew(floor.tx, agent.login, agent.id, "p", timedelta(hours=2))
    if available:
        await presence.set_availability(floor.tx, agent, "available")


async def queue(floor, department, tier=1):
    found = await board.board(floor.tx, "zh-CN")
    return next(q for q in found.queues if (q.department.id, q.required_tier) == (department.public_id, tier))


async def person(floor, agent):
    return next(one for one in (await board.board(floor.tx, "zh-CN")).agents if one.id == agent.public_id)


async def waited(floor, minutes, *, ago=timedelta(0), outcome="accepted", told=None, tier=1):
    """A wait in the recharge queue that ended `ago`; `told` is the estimated median and the upper end, in minutes."""
    conversation = await floor.row(await floor.conversation(floor.recharge, agent=floor.xiaomei))
    wait = await floor.tx.value(
        """
        insert into wait (conversation_id, department_id, required_tier, priority, began_at, ended_at, outcome)
        select %s, %s, %s, 0, app_now() - %s - %s, app_now() - %s, %s returning id
        """,
        (conversation, floor.recharge.id, tier, ago, minutes * MINUTE, ago, outcome),
    )
    if told:
        await floor.tx.run(
            """
            insert into announcement (wait_id, at, low_minutes, high_minutes, ahead, privileged, slots, queue, median,
                upper, calculated)
            values (%s, app_now(), 1, %s, 0, 0, 1, 0, %s, %s, %s)
            """,
            (wait, told[1], told[0], told[1], told[0]),
        )


async def refused(floor, agent, answer, *, ago=timedelta(0), lasted=timedelta(seconds=20)):
    conversation = await floor.row(await floor.conversation(floor.recharge))
    await floor.tx.run(
        """
        insert into offer (conversation_id, agent_id, offered_at, expires_at, answered_at, answer)
        select %s, %s, now - %s - %s, now - %s, now - %s, %s from app_now() as now
        """,
        (conversation, agent.id, ago, lasted, ago, ago, answer),
    )


# ── queues ──────────────────────────────────────────────────────────────────


async def test_a_queue_counts_who_waits_who_is_on_offer_and_since_when_the_longest(floor, clock):
    first = await floor.conversation(floor.recharge)
    since = product_clock.now()
    await clock.advance(7 * MINUTE)
    await floor.conversation(floor.recharge)
    await floor.conversation(floor.after_sale)
    await floor.offer(first, floor.xiaomei)
    found = await queue(floor, floor.recharge)
    assert (found.waiting, found.offered, found.department.name) == (2, 1, "充值")
    assert abs(found.longest_since - since) < timedelta(seconds=5)
    assert (await queue(floor, floor.after_sale)).waiting == 1


async def test_who_could_serve_is_here_available_of_the_department_and_of_the_tier(floor):
    await floor.tx.run("update agent set tier = 2 where id = %s", (floor.xiaomei.id,))
    await floor.conversation(floor.recharge)
    await floor.tx.run("update queue_place set required_tier = 3")
    assert [(q.online, q.free) for q in (await board.board(floor.tx, "zh-CN")).queues] == [(0, 0)] * 3
    await come(floor, floor.xiaomei)
    await come(floor, floor.aqiang, available=False)
    await floor.conversation(floor.recharge, agent=floor.xiaomei)
    assert [(q.required_tier, q.online, q.free) for q in (await board.board(floor.tx, "zh-CN")).queues] == [
        (1, 1, 4),
        (3, 0, 0),
        (1, 0, 0),
    ]


async def test_the_last_hour_is_that_of_the_wait_records(floor):
    await waited(floor, 4, told=(3, 5))
    await waited(floor, 8, told=(3, 5))
    await waited(floor, 30, outcome="left")
    await waited(floor, 90, ago=LAST + MINUTE)
    found = await queue(floor, floor.recharge)
    assert (found.served, found.left, found.told, found.held) == (2, 1, 2, 1)
    assert (round(found.mean_wait), round(found.error)) == (6, 3)


async def test_a_quiet_department_is_on_the_board_and_a_quiet_tier_is_not(floor):
    await waited(floor, 2, tier=2)
    found = (await board.board(floor.tx, "en")).queues
    assert [(q.department.name, q.required_tier, q.waiting) for q in found] == [
        ("Recharge", 1, 0),
        ("Recharge", 2, 0),
        ("After-sale", 1, 0),
    ]


# ── people ──────────────────────────────────────────────────────────────────


async def test_a_person_is_available_away_or_gone_since_an_instant(floor, clock):
    assert ((await person(floor, floor.xiaomei)).state, (await person(floor, floor.xiaomei)).since) == ("offline", None)
    for step, state in (
        (lambda: come(floor, floor.xiaomei, available=False), "away"),
        (lambda: presence.set_availability(floor.tx, floor.xiaomei, "available"), "available"),
        (lambda: presence.drop(floor.tx, floor.xiaomei.login), "offline"),
        (lambda: come(floor, floor.xiaomei), "available"),
    ):
        await clock.advance(10 * MINUTE)
        await step()
        began = product_clock.now()
        await clock.advance(MINUTE)
        await presence.renew(floor.tx, "another window", floor.xiaomei.id, "p", MINUTE) if state != "offline" else None
        found = await person(floor, floor.xiaomei)
        assert found.state == state
        assert abs(found.since - began) < timedelta(seconds=5)


async def test_load_offers_and_what_was_refused_today_are_told_apart(floor):
    await floor.conversation(floor.recharge, agent=floor.xiaomei)
    await floor.conversation(floor.recharge, agent=floor.xiaomei, closed=True)
    await floor.offer(await floor.conversation(floor.recharge), floor.xiaomei)
    await refused(floor, floor.xiaomei, "declined")
    await refused(floor, floor.xiaomei, "timed_out")
    await refused(floor, floor.xiaomei, "timed_out")
    await refused(floor, floor.xiaomei, "timed_out", ago=timedelta(days=1))
    await refused(floor, floor.xiaomei, "declined", lasted=timedelta(0))  # gave one away: was not asked
    found = await person(floor, floor.xiaomei)
    assert (found.load, found.offers, found.capacity, found.declined, found.timed_out) == (1, 1, 5, 1, 2)


async def test_handled_today_counts_for_whoever_served_it_last(floor):
    for number, ago in enumerate((timedelta(0), timedelta(0), timedelta(days=1))):
        made = await floor.conversation(floor.recharge, agent=floor.xiaomei, closed=number == 1)
        await floor.tx.run("update conversation set assigned_at = app_now() - %s where public_id = %s", (ago, made))
    assert (await person(floor, floor.xiaomei)).handled == 2


# ── looking ─────────────────────────────────────────────────────────────────


async def test_only_those_who_watch_may_look(committed, browser):
    for login, status in (("xiaomei", 403), ("chen", 200), ("boss", 200)):
        page = browser()
        await page.sign_in(login, PASSWORD)
        department = committed.floor.recharge.public_id
        for path in ("", f"/people/{committed.floor.xiaomei.public_id}", f"/waiting?department={department}"):
            assert (await page.get(f"/desk/board{path}")).status_code == status


async def test_behind_a_number_stand_its_conversations(committed, browser):
    served = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    offered = await committed.conversation(committed.floor.recharge)
    await committed.offer(offered, committed.floor.xiaomei)
    await committed.conversation(committed.floor.after_sale)
    chen = browser()
    await chen.sign_in("chen", PASSWORD)
    theirs = (await chen.get(f"/desk/board/people/{committed.floor.xiaomei.public_id}")).json()
    assert [row["id"] for row in theirs] == [served, offered]
    department = committed.floor.recharge.public_id
    waits = (await chen.get("/desk/board/waiting", params={"department": department, "tier": 1})).json()
    assert [row["id"] for row in waits] == [offered]
    assert (await chen.get("/desk/board/waiting", params={"department": department, "tier": 4})).status_code == 422


async def test_many_who_look_at_one_moment_cost_one_look(database, committed, queries, clock):
    boards = Boards(database)
    await boards.look("zh-CN")
    queries.clear()
    assert await boards.look("zh-CN") is await boards.look("zh-CN")
    assert len(queries) == 0
    await committed.conversation(committed.floor.recharge)
    boards.moved()
    assert sum(q.waiting for q in (await boards.look("zh-CN")).queues) == 1
    await committed.conversation(committed.floor.recharge)
    await clock.advance(MINUTE)  # nobody said that anything moved
    assert sum(q.waiting for q in (await boards.look("zh-CN")).queues) == 2
