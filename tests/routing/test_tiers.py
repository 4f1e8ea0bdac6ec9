"""Tiers, skills, priority and rests on a real database: the same rules as the pure ones, read from rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import routing
from mashang.conversations import conversation as conversations
from mashang.kit import ids
from mashang.routing import Need, learning
from mashang.routing.eligibility import LONE_REST, PATIENCE
from mashang.routing.priority import sweep_priority
from mashang.staff import presence

from .conftest import OFFER, Floor

EXPERT = Need(required_tier=3)
REFUNDS = Need(skills=frozenset({"退款", "发票"}))


async def test_an_expert_is_kept_for_those_who_need_one(floor: Floor) -> None:
    junior, expert = await floor.somebody("新手", capacity=1), await floor.somebody("专家", capacity=1, tier=3)
    plain, hard = await floor.customer_waits(), await floor.customer_waits(need=EXPERT)
    await floor.dispatch()
    assert [await floor.offered_to(one) for one in (plain, hard)] == [junior.id, expert.id]


async def test_only_who_has_every_skill_is_asked(floor: Floor) -> None:
    await floor.somebody("会一样", skills=["退款"])
    both = await floor.somebody("都会", skills=["发票", "退款", "英语"], capacity=1)
    first, second = await floor.customer_waits(need=REFUNDS), await floor.customer_waits(need=REFUNDS)
    await floor.dispatch()
    assert [await floor.offered_to(one) for one in (first, second)] == [both.id, None]


async def test_hands_are_found_behind_those_who_need_somebody_else(floor: Floor) -> None:
    junior = await floor.somebody("新手", capacity=1)
    await floor.somebody("专家", tier=3, capacity=0)
    await floor.somebody("忙", tier=3, capacity=1)
    for _ in range(4):
        await floor.customer_waits(need=EXPERT)
    plain = await floor.customer_waits()
    assert await floor.dispatch() == 2  # one hard case to the expert, the plain one to the junior
    assert await floor.offered_to(plain) == junior.id


async def test_when_nobody_online_is_up_to_it_somebody_steps_in_after_a_while(floor: Floor, clock) -> None:
    senior = await floor.somebody("高级", tier=2)
    await floor.somebody("新手")
    hard = await floor.customer_waits(need=EXPERT)
    assert await floor.dispatch() == 0
    await clock.advance(PATIENCE)
    assert await floor.dispatch() == 1
    assert await floor.offered_to(hard) == senior.id


async def test_hands_are_shared_among_departments_and_tiers(floor: Floor) -> None:
    other = await floor.department("售后")
    expert = await floor.somebody("专家", floor.scene.department, other, tier=3, capacity=2)
    junior = await floor.somebody("新手", other, capacity=2)
    here = [await floor.customer_waits(need=Need(2)) for _ in range(2)]
    there = await floor.customers_wait(2, other)
    assert await floor.dispatch() == 4
    assert {await floor.offered_to(one) for one in here} == {expert.id}
    assert {await floor.offered_to(one) for one in there} == {junior.id}


# ── priority ────────────────────────────────────────────────────────────────


async def test_priority_goes_before_those_who_came_a_little_earlier_and_not_before_those_long_before(
    floor: Floor, clock
) -> None:
    long_before = await floor.customer_waits()
    await clock.advance(timedelta(minutes=8))
    just_before = await floor.customer_waits()
    await clock.advance(timedelta(minutes=1))
    urgent = await floor.customer_waits(need=Need(priority=1))
    agent = await floor.somebody("甲", capacity=1)
    order = []
    for _ in range(3):
        await floor.dispatch()
        served = await floor.ask("select conversation_id from offer where answered_at is null")
        await floor.do(routing.accept, agent, served)
        await floor.do(routing.close, agent, served)
        order.append(served)
    assert order == [long_before.id, urgent.id, just_before.id]


async def test_who_proves_a_tier_while_waiting_moves_ahead_and_keeps_the_number(floor: Floor, clock) -> None:
    await floor.ask("update site set vip_tiers = '{钻石,金卡}' where id = %s returning id", floor.scene.site.id)
    earlier = await floor.customer_waits()
    await clock.advance(timedelta(minutes=1))
    mine = await floor.customer_waits()
    assert await sweep_priority(floor.db) == 0
    await floor.ask(
        "update customer set subject = '1001', tier = '金卡', name = '小林' where id = %s returning id",
        mine.customer_id,
    )
    assert await sweep_priority(floor.db) == 1
    assert await sweep_priority(floor.db) == 0
    place, before = await floor.place(mine), await floor.place(earlier)
    assert place["order_at"] < before["order_at"]
    assert (place["number"], place["priority"]) == (2, 1)
    assert (await floor.traced(mine))[-1] == "raised"


async def test_who_was_moved_ahead_is_counted_among_those_who_come_first_once(floor: Floor, clock) -> None:
    await floor.ask("update site set vip_tiers = '{金卡}' where id = %s returning id", floor.scene.site.id)
    mine = await floor.customer_waits()
    await floor.do(learning.learn)
    await floor.ask("update customer set subject = '1', tier = '金卡' where id = %s returning id", mine.customer_id)
    await sweep_priority(floor.db)
    for _ in range(2):
        await floor.do(learning.learn)
    learned = await floor.ask("select learned from queue_experience")
    assert learning.experience_in(learned).privileged == {1: pytest.approx(1.0)}


# ── whom one knows ──────────────────────────────────────────────────────────


async def _again(floor: Floor, former) -> conversations.Conversation:
    """The same customer with another matter."""
    async with floor.db.transaction() as tx:
        begun = await floor.scene.conversation(tx, customer_id=former.customer_id, opening_key=ids.public_id())
        await routing.place(tx, begun.id, begun.department_id)
        return begun


async def test_a_customer_meets_the_agent_of_the_same_day_again_when_free(floor: Floor, clock) -> None:
    agent, served = await floor.served()
    await floor.somebody("乙")
    again = await _again(floor, served)
    await floor.dispatch()
    assert await floor.offered_to(again) == agent.id
    await floor.do(routing.close, None, again.id)
    await clock.advance(timedelta(days=1, minutes=1))
    for one in ("甲", "乙"):
        who = await floor.ask("select id from agent where name = %s", one)
        await floor.do(presence.renew, f"socket-{who}", who, "test", timedelta(hours=1))
    later = await _again(floor, served)
    await floor.dispatch()
    assert await floor.offered_to(later) != agent.id


# ── alone ───────────────────────────────────────────────────────────────────


async def test_the_only_one_there_is_asked_again_after_a_short_rest(floor: Floor, clock) -> None:
    agent, waiting = await floor.somebody("甲"), await floor.customer_waits()
    await floor.dispatch()
    await floor.do(routing.decline, agent, waiting.id)
    assert await floor.dispatch() == 0
    await clock.advance(LONE_REST + timedelta(seconds=1))
    assert await floor.dispatch() == 1
    await clock.advance(OFFER)
    assert await floor.dispatch() == 0  # let it pass, and rests again
    second = await floor.somebody("乙")
    assert await floor.dispatch() == 1
    assert await floor.offered_to(waiting) == second.id


# ── why ─────────────────────────────────────────────────────────────────────


async def test_the_trace_says_why_this_agent_and_who_was_passed_over(floor: Floor) -> None:
    chosen = await floor.somebody("小丽", tier=2, skills=["退款"], capacity=3)
    await floor.somebody("新手")
    await floor.somebody("没技能", tier=2)
    full = await floor.somebody("已满", tier=2, skills=["退款"], capacity=1)
    refuses = await floor.somebody("谢绝", tier=2, skills=["退款"])
    await floor.goes_away(await floor.somebody("离开", tier=3))
    await floor.somebody("专家", tier=3, skills=["退款"])
    await floor.do(routing.take, full, (await floor.customer_waits()).id)
    waiting = await floor.customer_waits(need=Need(2, frozenset({"退款"})))
    await floor.ask(
        "insert into offer (conversation_id, agent_id, offered_at, expires_at, answered_at, answer)"
        " select %s, %s, n, n, n, 'declined' from app_now() n returning id",
        waiting.id, refuses.id,
    )  # fmt: skip
    await floor.dispatch()
    assert await floor.offered_to(waiting) == chosen.id
    facts = await floor.ask(
        "select facts from routing_trace where what = 'offered' and conversation_id = %s", waiting.id
    )
    assert (facts["agent"], facts["why"], facts["load"], facts["capacity"]) == ("小丽", "turn", 0, 3)
    assert facts["behind"] == 1  # the expert stays free
    assert {reason: group["names"] for reason, group in facts["over"].items()} == {
        "busy": ["已满"],
        "refused": ["谢绝"],
        "tier": ["新手"],
        "skill": ["没技能"],
        "away": [floor.scene.agent.name, "离开"],
    }
