"""To whom a conversation can be given, and what keeps somebody or something from leaving."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang.desk import archiving
from mashang.desk.archiving import AgentInUse, DepartmentInUse
from mashang.desk.directory import directory
from mashang.kit.errors import NotFound
from mashang.staff import agents, departments, presence
from mashang.staff.agents import LastOperator


async def come(floor, agent):
    await presence.renew(floor.tx, agent.login, agent.id, "p", timedelta(minutes=1))
    await presence.set_availability(floor.tx, agent, "available")


async def seen(floor, agent):
    found = await directory(floor.tx, "zh-CN")
    return next(one for one in found.agents if one.id == agent.public_id)


async def test_only_somebody_online_and_available_has_a_free_hand(floor, clock):
    assert ((await seen(floor, floor.xiaomei)).online, (await seen(floor, floor.xiaomei)).free) == (False, 0)
    await come(floor, floor.xiaomei)
    assert ((await seen(floor, floor.xiaomei)).online, (await seen(floor, floor.xiaomei)).free) == (True, 5)
    await presence.set_availability(floor.tx, floor.xiaomei, "away")
    assert ((await seen(floor, floor.xiaomei)).online, (await seen(floor, floor.xiaomei)).free) == (True, 0)
    await clock.advance(timedelta(minutes=2))
    assert not (await seen(floor, floor.xiaomei)).online


async def test_what_is_served_and_what_is_on_offer_takes_a_hand(floor):
    await come(floor, floor.xiaomei)
    await floor.conversation(floor.recharge, agent=floor.xiaomei)
    await floor.conversation(floor.recharge, agent=floor.xiaomei, closed=True)
    await floor.offer(await floor.conversation(floor.recharge), floor.xiaomei)
    assert (await seen(floor, floor.xiaomei)).free == 3


async def test_a_department_adds_up_its_people(floor):
    await come(floor, floor.xiaomei)
    found = (await directory(floor.tx, "en")).departments
    assert [(one.name, one.online, one.capacity_free) for one in found] == [("Recharge", 1, 5), ("After-sale", 0, 0)]


async def test_who_is_online_comes_first_and_who_left_not_at_all(floor):
    await come(floor, floor.aqiang)
    await agents.archive(floor.tx, floor.operator, floor.xiaomei)
    found = await directory(floor.tx, "zh-CN")
    assert [one.name for one in found.agents] == ["阿强", "王店长", "陈主管"]


async def test_the_directory_is_two_statements(floor, queries):
    queries.clear()
    await directory(floor.tx, "zh-CN")
    assert len(queries) == 2


async def test_a_department_with_open_conversations_or_topics_stays(floor):
    public_id = floor.recharge.public_id
    made = await floor.conversation(floor.recharge)
    with pytest.raises(DepartmentInUse) as refused:
        await archiving.archive_department(floor.tx, floor.operator, public_id)
    assert refused.value.facts == {"reason": "in_use", "name": "充值", "topics": 0, "conversations": 1}
    await floor.tx.run("delete from queue_place; delete from conversation")
    assert made
    await floor.tx.run(
        "insert into topic (public_id, code, name, department_id) values ('t', 'CZ', '充值', %s)", (floor.recharge.id,)
    )
    with pytest.raises(DepartmentInUse):
        await archiving.archive_department(floor.tx, floor.operator, public_id)
    await floor.tx.run("update topic set archived_at = app_now()")
    await archiving.archive_department(floor.tx, floor.operator, public_id)
    assert [one.name for one in await departments.present(floor.tx)] == ["售后"]


async def test_closed_conversations_keep_no_department_and_nobody(floor):
    await floor.conversation(floor.recharge, agent=floor.xiaomei, closed=True)
    await archiving.archive_person(floor.tx, floor.operator, floor.xiaomei.public_id)
    await archiving.archive_department(floor.tx, floor.operator, floor.recharge.public_id)


async def test_somebody_who_serves_stays(floor):
    await floor.conversation(floor.recharge, agent=floor.xiaomei)
    with pytest.raises(AgentInUse) as refused:
        await archiving.archive_person(floor.tx, floor.operator, floor.xiaomei.public_id)
    assert refused.value.facts["conversations"] == 1


async def test_the_last_operator_stays(floor):
    with pytest.raises(LastOperator):
        await archiving.archive_person(floor.tx, floor.operator, floor.operator.public_id)


@pytest.mark.parametrize("verb", [archiving.archive_department, archiving.archive_person])
async def test_what_is_not_there_cannot_leave(floor, verb):
    with pytest.raises(NotFound):
        await verb(floor.tx, floor.operator, "nowhere")
