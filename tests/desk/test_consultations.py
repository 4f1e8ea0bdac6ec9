"""How one conversation is counted: its first useful answer, its wrong turns, and that counting keeps up."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import pytest

from mashang.conversations import recalling
from mashang.conversations.entry import Author
from mashang.desk import consultations
from mashang.kit import clock as product_clock
from mashang.routing import moving, opening
from mashang.routing.hours import Interval
from mashang.routing.moving import Target
from mashang.routing.opening import HoursDraft
from tests.desk.counted import HOUR, MINUTE

# ── the first useful answer ─────────────────────────────────────────────────


async def test_the_first_useful_answer_is_none_of_greetings_notes_and_what_others_say(world, clock):
    row = await world.opened("CZ")
    await world.said(row, "您好，马上为您接通。", by="system")
    await clock.advance(MINUTE)
    await world.said(row, "您好！请稍等～")
    await world.said(row, "Hello there, one moment please.")
    await world.said(row, "这位顾客昨天来过", audience="staff")
    await world.said(row, "有人吗？", by="customer")
    assert (await world.counted(row))["outcome"] == "waiting"
    await clock.advance(2 * MINUTE)
    await world.said(row, "您好，已经查到，正在补发。")
    await clock.advance(5 * MINUTE)
    await world.said(row, "已补发。")
    found = await world.counted(row)
    assert found["outcome"] == "answered"
    assert 180 <= found["answer_seconds"] < 190


@pytest.mark.parametrize(
    ("text", "greets"),
    [
        ("在的亲，请问有什么可以帮您的吗？", True), ("您好您好，欢迎光临～稍等一下", True),
        ("👋 hi, how can I help?", True),
        ("亲，您的订单已发货", False), ("您好已补发", False), ("在吗", False), ("好的", False), ("ok", False),
    ],
)  # fmt: skip
async def test_only_what_says_nothing_else_is_a_greeting(world, text, greets):
    row = await world.opened("CZ")
    await world.said(row, text)
    assert ((await world.counted(row))["outcome"] == "waiting") is greets


async def test_a_file_is_an_answer_and_what_was_taken_back_is_none(world, floor, clock):
    row = await world.opened("CZ")
    taken = await world.said(row, "发错了，这是别人的订单")
    agent = floor.xiaomei
    assert (await world.counted(row))["outcome"] == "answered"
    author = Author("agent", agent.public_id, agent.name)
    await recalling.recall(world.tx, row, taken, author, agent.id)
    assert (await world.counted(row))["outcome"] == "waiting"
    await clock.advance(MINUTE)
    await world.said(row, "", kind="file", data={"name": "a.png"})
    assert 60 <= (await world.counted(row))["answer_seconds"] < 70


async def test_who_left_without_an_answer_is_counted_as_such_unless_answered_after_all(world, clock):
    row = await world.opened("CZ")
    await world.closed(row)
    assert (await world.counted(row))["outcome"] == "left"
    assert ((await world.line("CZ")).left, (await world.line("CZ")).answer.n) == (1, 0)
    await clock.advance(HOUR)
    await world.tx.run("update conversation set status = 'active', closed_at = null where id = %s", (row,))
    await world.said(row, "已为您补发。")
    assert (await world.counted(row))["outcome"] == "answered"


async def test_closed_hours_are_no_waiting_and_who_came_in_them_is_told_apart(world, floor, clock):
    local = product_clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    opens, closes = (f"{local + off:%H:%M}" for off in (-HOUR, HOUR))
    week = [[Interval(opens, closes)]] * 7
    await opening.set_hours(world.tx, floor.operator, floor.recharge.public_id, HoursDraft(week))
    early = await world.opened("CZ")
    other = await world.opened("SH", department=floor.after_sale)
    await clock.advance(2 * HOUR)
    late = await world.opened("CZ")
    await clock.advance(21 * HOUR + 30 * MINUTE)
    for row in (early, late, other):
        await world.said(row, "已为您补发。")
    found = await world.counted(early)
    assert not found["while_closed"]
    assert found["answer_seconds"] == pytest.approx(90 * 60, abs=60)  # an hour until it closed, and half of one today
    assert (await world.counted(late))["while_closed"]
    assert (await world.counted(other))["answer_seconds"] == pytest.approx(23.5 * 3600, abs=60)  # never closed
    line = await world.line("CZ")
    assert (line.hits, line.while_closed, line.answer.n) == (2, 1, 1)


# ── wrong turns ─────────────────────────────────────────────────────────────


async def moved(world, row, department):
    await moving.transfer(world.tx, world.floor.supervisor, row, Target(department_id=department.id))


@pytest.mark.parametrize(("said_before", "minutes", "wrong"), [(False, 30, True), (True, 4, True), (True, 6, False)])
async def test_moved_before_the_first_answer_or_within_five_minutes_after_it_was_a_wrong_turn(
    world, clock, said_before, minutes, wrong
):
    row, plain = await world.opened("CZ"), await world.opened()
    if said_before:
        await world.said(row, "这里是充值，我帮您转给售后。")
    await clock.advance(minutes * MINUTE)
    for one in (row, plain):
        await moved(world, one, world.floor.after_sale)
    assert (await world.counted(row))["wrong_turn"] == ("moved" if wrong else None)
    assert (await world.counted(plain))["wrong_turn"] is None  # without a code there was no turn
    assert (await world.line("CZ")).moved == wrong


async def test_given_to_a_colleague_of_the_same_department_is_no_wrong_turn(world, floor):
    row = await world.opened("CZ")
    await moving.transfer(world.tx, floor.supervisor, row, Target(tier=2))
    assert (await world.counted(row))["wrong_turn"] is None


@pytest.mark.parametrize(
    ("then", "after", "said_before", "wrong"),
    [
        ("SH", 9 * MINUTE, False, True), (None, 9 * MINUTE, False, True), ("CZ", 9 * MINUTE, False, False),
        ("SH", 11 * MINUTE, False, False), ("SH", 9 * MINUTE, True, False),
    ],
)  # fmt: skip
async def test_who_chose_again_soon_and_unanswered_had_taken_a_wrong_turn(world, then, after, said_before, wrong):
    row = await world.opened("CZ", customer="阿珍")
    if said_before:
        await world.said(row, "已为您补发。")
    await world.closed(row)
    await world.clock.advance(after)
    await world.opened(then, customer="阿珍")
    assert (await world.counted(row))["wrong_turn"] == ("chose_again" if wrong else None)
    assert (await world.line("CZ")).chose_again == wrong


# ── keeping up ──────────────────────────────────────────────────────────────


async def test_what_is_settled_is_not_looked_at_again_and_all_of_it_can_be_derived_anew(world, floor, clock):
    row, waits = await world.answered("CZ", 60), await world.opened("SH")
    assert not (await world.counted(row))["settled"]
    await clock.advance(11 * MINUTE)
    settled = await world.counted(row)
    assert settled["settled"]
    await clock.advance(MINUTE)
    assert (await world.counted(row))["looked_at"] == settled["looked_at"] < (await world.counted(waits))["looked_at"]
    await world.tx.run("delete from consultation")
    assert {**await world.counted(row), "looked_at": 0} == {**settled, "looked_at": 0}


async def test_a_large_past_is_counted_in_bites_and_the_page_says_so(world, monkeypatch):
    rows = [await world.opened("CZ") for _ in range(5)]
    monkeypatch.setattr(consultations, "_NEW", consultations._NEW.replace("limit 500", "limit 2"))
    monkeypatch.setattr(consultations, "_MOST", 2)
    seen = [await world.figures() for _ in range(3)]
    assert [page.complete for page in seen] == [False, False, True]
    assert [page.codes[0].hits for page in seen] == [2, 4, 5]
    assert len(rows) == 5


async def test_the_sweep_counts_though_nobody_looks_and_several_at_once_do_no_harm(committed, database):
    for _ in range(3):
        await committed.conversation(committed.floor.recharge)
    await asyncio.gather(*(consultations.sweep(database) for _ in range(3)))
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from consultation where outcome = 'waiting'") == 3
