"""The people of the demo."""

from __future__ import annotations

from mashang.staff import agents, departments, first_run
from mashang.staff.demo import create_demo


async def test_the_demo_has_every_role_and_somebody_in_each_department(tx):
    people = await create_demo(tx)
    assert [(one.login, one.role) for one in people] == [
        ("wang", "operator"), ("chen", "supervisor"), ("xiaomei", "agent"), ("aqiang", "agent"), ("xiaoya", "agent"),
    ]  # fmt: skip
    assert len({one.password for one in people}) == 5
    assert all(department.people for department in await departments.present(tx))
    assert {one.availability for one in await agents.present(tx) if one.role == "agent"} == {"available"}
    assert not await first_run.awaited(tx)


async def test_whoever_comes_without_a_code_finds_the_general_department(tx):
    await create_demo(tx)
    assert (await departments.present(tx))[0].called("en") == "General"
