"""Who changed what."""

from __future__ import annotations

from datetime import date

import pytest

from mashang.kit.errors import Refusal
from mashang.staff import agents, audit, departments
from mashang.staff.agents import AgentDraft
from mashang.staff.departments import DepartmentDraft

PASSWORD = "correct-horse-7"


async def test_a_change_leaves_a_line_with_what_differs(tx):
    boss = await agents.create(tx, None, AgentDraft("boss", "王店长", "operator", password=PASSWORD))
    made = await departments.create(tx, boss, DepartmentDraft("充值", "Recharge"))
    await departments.edit(tx, boss, made.public_id, DepartmentDraft("充值部", "Recharge"))
    edited, created, *_ = await audit.lines(tx)
    assert (edited.action, edited.subject) == ("department.edited", made.public_id)
    assert edited.by == {"id": boss.public_id, "name": "王店长"}
    assert (edited.before, edited.after) == ({"name": "充值"}, {"name": "充值部"})
    assert (created.action, created.before) == ("department.created", None)


async def test_a_refused_change_leaves_none(database):
    async with database.transaction() as tx:
        await departments.create(tx, None, DepartmentDraft("充值"))

    async def two_of_which_one_is_refused():
        async with database.transaction() as tx:
            await departments.create(tx, None, DepartmentDraft("售后"))
            await departments.create(tx, None, DepartmentDraft("充值"))

    with pytest.raises(Refusal):
        await two_of_which_one_is_refused()
    async with database.transaction() as tx:
        assert len(await audit.lines(tx)) == 1


async def test_passwords_and_their_hashes_are_in_no_line(tx):
    boss = await agents.create(tx, None, AgentDraft("boss", "王店长", "operator", password=PASSWORD))
    await agents.edit(tx, boss, boss.public_id, AgentDraft("boss", "王", "operator", password="another-horse-8"))
    text = await tx.value("select string_agg(a::text, ' ') from audit a")
    stored = await tx.value("select password_hash from agent")
    assert "agent.password_set" in text
    assert not any(secret in text for secret in (PASSWORD, "another-horse-8", stored, "argon2"))


async def test_fields_named_like_secrets_are_dropped_at_any_depth(tx):
    await audit.record(tx, None, "shop.edited", "x", after={
        "name": "n", "secret": "s", "api_token": "s", "secret_sealed": "s", "deep": {"password": "s", "kept": 1},
    })  # fmt: skip
    (line,) = await audit.lines(tx)
    assert line.after == {"name": "n", "deep": {"kept": 1}}
    assert line.by is None


async def test_lines_come_newest_first_and_page_by_page(tx):
    for number in range(5):
        await audit.record(tx, None, "topic.edited", str(number))
    first = await audit.lines(tx, limit=3)
    second = await audit.lines(tx, older_than=first[-1].id, limit=3)
    assert [line.subject for line in first + second] == ["4", "3", "2", "1", "0"]


async def test_lines_are_found_by_who_by_what_and_by_day(tx):
    boss = await agents.create(tx, None, AgentDraft("boss", "王店长", "operator", password=PASSWORD))
    made = await departments.create(tx, boss, DepartmentDraft("充值"))
    await tx.run("update audit set at = '2026-11-20 23:30+08' where subject = %s", (made.public_id,))

    async def found(**wanted):
        return [line.action for line in await audit.lines(tx, audit.Wanted(**wanted))]

    assert await found(by=boss.public_id) == ["department.created"]
    assert await found(by=audit.SYSTEM) == ["agent.created"]
    assert await found(about="agent") == ["agent.created"]
    assert await found(about="department", by=audit.SYSTEM) == []
    assert await found(day=date(2026, 11, 20)) == ["department.created"]  # by the clock of the installation
    assert await found(day=date(2026, 11, 21)) == []
