"""Employing people, and departments."""

from __future__ import annotations

import asyncio

import pytest

from mashang.kit.errors import Invalid, NotFound
from mashang.staff import agents, departments
from mashang.staff.agents import AgentDraft, LastOperator, LoginTaken
from mashang.staff.departments import DepartmentDraft, DepartmentNameTaken
from mashang.staff.events import AgentChanged, DepartmentChanged
from mashang.staff.passwords import PasswordTooCommon

PASSWORD = "correct-horse-7"


def draft(login="aqiang", name="阿强", role="agent", **more):
    return AgentDraft(login, name, role, **{"password": PASSWORD, **more})


async def test_somebody_employed_has_the_departments_given(tx):
    one = await departments.create(tx, None, DepartmentDraft("充值", "Recharge", 1))
    two = await departments.create(tx, None, DepartmentDraft("售后", "", 0))
    agent = await agents.create(tx, None, draft(departments=[one.public_id, two.public_id, one.public_id]))
    assert [department.name for department in agent.departments] == ["售后", "充值"]
    assert [department.called("en") for department in agent.departments] == ["售后", "Recharge"]
    assert (agent.capacity, agent.availability, agent.sees_everything) == (5, "away", False)


async def test_a_department_that_is_not_there_is_refused(tx):
    with pytest.raises(Invalid):
        await agents.create(tx, None, draft(departments=["nowhere"]))


async def test_a_person_needs_a_password_and_a_good_one(tx):
    with pytest.raises(Invalid):
        await agents.create(tx, None, draft(password=None))
    with pytest.raises(PasswordTooCommon):
        await agents.create(tx, None, draft(password="aqiang12345"))


@pytest.mark.parametrize("login", ["AQiang", " aqiang", "ａｑｉａｎｇ"])
async def test_a_login_is_used_once_in_any_case_and_width(tx, login):
    await agents.create(tx, None, draft())
    with pytest.raises(LoginTaken):
        await agents.create(tx, None, draft(login))


async def test_a_change_without_password_keeps_the_password(tx):
    agent = await agents.create(tx, None, draft())
    stored = "select password_hash from agent"
    before = await tx.value(stored)
    changed = await agents.edit(
        tx, None, agent.public_id, draft("qiang", "阿强强", "supervisor", capacity=9, password=None)
    )
    assert (changed.login, changed.name, changed.role, changed.capacity) == ("qiang", "阿强强", "supervisor", 9)
    assert await tx.value(stored) == before


async def test_a_change_to_somebody_elses_login_is_refused(tx):
    await agents.create(tx, None, draft())
    other = await agents.create(tx, None, draft("other"))
    with pytest.raises(LoginTaken):
        await agents.edit(tx, None, other.public_id, draft("AQIANG", password=None))


async def test_the_login_of_somebody_who_left_is_free(tx):
    await agents.create(tx, None, draft("boss", role="operator"))
    gone = await agents.create(tx, None, draft())
    await agents.archive(tx, None, gone)
    assert (await agents.create(tx, None, draft())).public_id != gone.public_id
    with pytest.raises(NotFound):
        await agents.find(tx, gone.public_id)


async def test_the_last_operator_stays_one(tx):
    boss = await agents.create(tx, None, draft("boss", role="operator"))
    with pytest.raises(LastOperator):
        await agents.edit(tx, boss, boss.public_id, draft("boss", role="agent", password=None))
    with pytest.raises(LastOperator):
        await agents.archive(tx, boss, boss)


async def test_two_operators_cannot_dismiss_each_other_at_once(database):
    async with database.transaction() as tx:
        bosses = [await agents.create(tx, None, draft(f"boss{number}", role="operator")) for number in range(2)]

    async def dismiss(by, whom):
        async with database.transaction() as tx:
            await agents.archive(tx, by, await agents.lock(tx, whom.public_id))

    outcomes = await asyncio.gather(dismiss(*bosses), dismiss(*reversed(bosses)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LastOperator", "NoneType"]


async def test_a_change_of_people_is_told(database, xiaomei, recharge, published):
    async with database.transaction() as tx:
        await agents.edit(tx, None, xiaomei.public_id, draft("xiaomei", "小美", capacity=1, password=None))
        await departments.edit(tx, None, recharge.public_id, DepartmentDraft("充值部"))
    assert published == [AgentChanged(xiaomei.id), DepartmentChanged(recharge.id)]


async def test_departments_come_in_the_operators_order_with_their_people(tx):
    await departments.create(tx, None, DepartmentDraft("售后", position=2))
    first = await departments.create(tx, None, DepartmentDraft("充值", position=1))
    await agents.create(tx, None, draft(departments=[first.public_id]))
    assert [(one.name, one.people) for one in await departments.present(tx)] == [("充值", 1), ("售后", 0)]


async def test_a_department_name_is_used_once(tx):
    await departments.create(tx, None, DepartmentDraft("充值"))
    other = await departments.create(tx, None, DepartmentDraft("售后"))
    with pytest.raises(DepartmentNameTaken):
        await departments.create(tx, None, DepartmentDraft(" 充值 "))
    with pytest.raises(DepartmentNameTaken):
        await departments.edit(tx, None, other.public_id, DepartmentDraft("充值"))


async def test_the_name_of_an_archived_department_brings_it_back(tx):
    gone = await departments.create(tx, None, DepartmentDraft("充值", "Recharge"))
    agent = await agents.create(tx, None, draft(departments=[gone.public_id]))
    await departments.archive(tx, None, gone)
    assert await departments.present(tx) == []
    assert (await agents.find(tx, agent.public_id)).departments == ()
    back = await departments.create(tx, None, DepartmentDraft("充值", "Top-up"))
    assert (back.public_id, back.name_en) == (gone.public_id, "Top-up")


@pytest.mark.parametrize("verb", [agents.find, departments.find])
async def test_what_is_not_there_is_not_found(tx, verb):
    with pytest.raises(NotFound):
        await verb(tx, "nowhere")
