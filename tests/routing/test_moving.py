"""How a conversation comes to somebody else, keeping its place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import codes, routing
from mashang.codes import topics
from mashang.kit.db import Json
from mashang.kit.errors import Invalid
from mashang.routing.events import TransferRefused
from mashang.routing.judging import AgentNotAvailable, NotYours
from mashang.routing.moving import Target

from .conftest import OFFER, Floor


async def test_a_transfer_to_a_department_keeps_place_code_and_context(floor: Floor, clock) -> None:
    other = await floor.department("售后")
    agent, served = await floor.served()
    async with floor.db.transaction() as tx:
        await topics.create(
            tx, None, topics.TopicDraft(code="CZ", name="充值", department=floor.scene.department.public_id), ()
        )
        topic = (await codes.index(tx)).by_code["CZ"]
        await codes.redeem(tx, served.id, topic, "cz", "exact")
        await tx.run(
            "insert into context_snapshot (conversation_id, status, data, asked_at)"
            " values (%s, 'complete', %s, app_now())",
            (served.id, Json({"order": "1"})),
        )
    began = await floor.ask(
        "select facts ->> 'queued_at' from routing_trace where what = 'placed' and conversation_id = %s", served.id
    )
    await clock.advance(timedelta(minutes=10))
    newcomer = await floor.customer_waits(other)
    await floor.do(
        routing.transfer, agent, served.id, Target(department_id=other.id), note="请看第二笔订单，密码：abc12345"
    )
    now, place = await floor.now(served), await floor.place(served)
    assert (now.status, now.agent_id, now.department_id) == ("waiting", None, other.id)
    assert place["queued_at"].isoformat() == began
    assert place["number"] == (await floor.place(newcomer))["number"] + 1
    assert await floor.ask("select count(*) from redemption where conversation_id = %s", served.id) == 1
    assert await floor.ask("select data ->> 'order' from context_snapshot where conversation_id = %s", served.id) == "1"
    taker = await floor.somebody("乙", other, capacity=1)
    await floor.dispatch()
    assert await floor.offered_to(served) == taker.id  # before the newcomer
    note = await floor.ask(
        "select audience || ' ' || text from entry where conversation_id = %s and kind = 'text'", served.id
    )
    assert note == "staff 请看第二笔订单，密码：••••"


async def test_a_transfer_to_an_agent_is_offered_to_them_first(floor: Floor) -> None:
    agent, served = await floor.served()
    await floor.somebody("闲")
    busy = await floor.somebody("忙", capacity=2)
    other = await floor.customer_waits()
    await floor.do(routing.take, busy, other.id)
    await floor.do(routing.transfer, agent, served.id, Target(agent_id=busy.id))
    await floor.dispatch()
    assert await floor.offered_to(served) == busy.id


async def test_when_the_wanted_agent_declines_anybody_else_of_the_department_is_asked(floor: Floor) -> None:
    agent, served = await floor.served()
    wanted, other = await floor.somebody("乙"), await floor.somebody("丙")
    await floor.do(routing.transfer, agent, served.id, Target(agent_id=wanted.id))
    await floor.dispatch()
    await floor.do(routing.decline, wanted, served.id)
    await floor.dispatch()
    assert await floor.offered_to(served) == other.id


async def test_who_gave_a_conversation_away_does_not_get_it_back_at_once(floor: Floor, clock) -> None:
    agent, served = await floor.served()
    await floor.do(routing.return_to_queue, agent, served.id)
    assert await floor.dispatch() == 0
    await clock.advance(timedelta(minutes=6))
    assert await floor.dispatch() == 1
    assert (await floor.happened(served))[-2:] == ["returned", "queued"]


async def test_a_returned_conversation_waits_at_its_old_place_with_its_old_number(floor: Floor, clock) -> None:
    agent, served = await floor.served()
    await clock.advance(timedelta(seconds=1))
    later = await floor.customer_waits()
    await floor.do(routing.return_to_queue, agent, served.id)
    old, new = await floor.place(served), await floor.place(later)
    assert old["queued_at"] < new["queued_at"]
    assert (old["number"], new["number"]) == (1, 2)


async def test_a_transfer_is_refused_when_nobody_could_receive_it(floor: Floor) -> None:
    agent, served = await floor.served()
    away, full = await floor.somebody("乙"), await floor.somebody("丙", capacity=0)
    await floor.goes_away(away)
    for colleague, reason in ((away, "away"), (full, "full")):
        with pytest.raises(AgentNotAvailable) as refused:
            await floor.do(routing.transfer, agent, served.id, Target(agent_id=colleague.id))
        assert refused.value.facts == {"agent": colleague.name, "reason": reason}
    for wrong in (
        {},
        {"agent_id": agent.id},
        {"agent_id": 999},
        {"department_id": 999},
        {"agent_id": 1, "department_id": 1},
    ):
        with pytest.raises(Invalid):
            await floor.do(routing.transfer, agent, served.id, Target(**wrong))
    assert (await floor.now(served)).agent_id == agent.id


async def test_only_who_serves_or_supervises_gives_away_closes_or_returns(floor: Floor) -> None:
    _, served = await floor.served()
    colleague, supervisor = await floor.somebody("乙"), await floor.somebody("主管", role="supervisor")
    here = floor.scene.department.id
    with pytest.raises(NotYours):
        await floor.do(routing.transfer, colleague, served.id, Target(department_id=here))
    with pytest.raises(NotYours):
        await floor.do(routing.close, colleague, served.id)
    with pytest.raises(NotYours):
        await floor.do(routing.return_to_queue, colleague, served.id)
    await floor.do(routing.transfer, supervisor, served.id, Target(department_id=here))
    assert (await floor.now(served)).status == "waiting"


_PLACED = "select facts from routing_trace where what = 'placed' and conversation_id = %s"

# ── to a tier ───────────────────────────────────────────────────────────────


async def test_a_conversation_is_escalated_to_a_tier_of_its_department_at_its_old_place(floor: Floor) -> None:
    agent, served = await floor.served()
    await floor.somebody("闲")
    expert = await floor.somebody("专家", tier=3)
    before = await floor.ask(
        "select facts from routing_trace where what = 'placed' and conversation_id = %s", served.id
    )
    await floor.do(routing.transfer, agent, served.id, Target(tier=3), note="要看代码")
    await floor.dispatch()
    assert await floor.offered_to(served) == expert.id
    place = await floor.place(served)
    assert (place["number"], place["queued_at"].isoformat()) == (before["number"], before["queued_at"])
    assert (place["required_tier"], place["sender_id"], place["note"]) == (3, agent.id, "要看代码")
    assert "transferred_to_tier" in await floor.traced(served)


async def test_another_department_has_tiers_and_skills_of_its_own_and_the_priority_stays(floor: Floor) -> None:
    other = await floor.department("售后")
    agent = await floor.somebody("甲", tier=3, skills=["退款"])
    served = await floor.customer_waits(need=routing.Need(3, frozenset({"退款"}), 2))
    await floor.do(routing.take, agent, served.id)
    await floor.do(routing.transfer, agent, served.id, Target(department_id=other.id))
    place = await floor.place(served)
    assert (place["required_tier"], place["skills"], place["priority"]) == (1, [], 2)
    await floor.do(routing.transfer, await floor.somebody("主管", role="supervisor"), served.id, Target(tier=2))
    assert (await floor.place(served))["required_tier"] == 2


async def test_a_conversation_put_back_still_needs_what_it_needed(floor: Floor) -> None:
    agent = await floor.somebody("甲", tier=2, skills=["退款"])
    served = await floor.customer_waits(need=routing.Need(2, frozenset({"退款"}), 1))
    await floor.do(routing.take, agent, served.id)
    await floor.do(routing.return_to_queue, agent, served.id)
    place = await floor.place(served)
    assert (place["required_tier"], place["skills"], place["priority"]) == (2, ["退款"], 1)


# ── refused ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", ["declined", "timed_out", "withdrawn"])
async def test_who_sent_it_to_a_colleague_hears_that_they_will_not_have_it(floor: Floor, clock, reason) -> None:
    told: list[TransferRefused] = []
    floor.db.events.react({TransferRefused: [told.append]})
    agent, served = await floor.served()
    wanted = await floor.somebody("乙")
    await floor.do(routing.transfer, agent, served.id, Target(agent_id=wanted.id), note="熟客")
    await floor.dispatch()
    match reason:
        case "declined":
            await floor.do(routing.decline, wanted, served.id)
        case "timed_out":
            await clock.advance(OFFER)
            await floor.dispatch()
        case _:
            await floor.leaves(wanted)
            await floor.dispatch()
    assert told == [TransferRefused(served.id, agent.id, "乙", reason)]
    place = await floor.place(served)
    assert (place["wanted_agent_id"], place["sender_id"], place["note"]) == (None, agent.id, "熟客")
    assert (await floor.happened(served))[-1] == "transfer_refused"


async def test_a_supervisor_reassigns_what_somebody_else_serves_or_waits(floor: Floor) -> None:
    supervisor = await floor.somebody("主管", role="supervisor", capacity=0)
    agent, served = await floor.served()
    colleague = await floor.somebody("乙")
    await floor.do(routing.transfer, supervisor, served.id, Target(agent_id=colleague.id))
    await floor.dispatch()
    assert await floor.offered_to(served) == colleague.id
    await floor.do(routing.transfer, supervisor, served.id, Target(agent_id=agent.id))
    assert await floor.offered_to(served) is None
    await floor.dispatch()  # a person decided: the one who lost it is asked all the same when named
    assert await floor.offered_to(served) == agent.id
