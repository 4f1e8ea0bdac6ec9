"""The people and departments of the demo shop, with random passwords.

Does not: make the codes, sites and shop of the demo; their packages do.
"""

from __future__ import annotations

import secrets

import msgspec

from mashang.kit.db import Tx
from mashang.staff import agents, departments
from mashang.staff.agents import AgentDraft, Role
from mashang.staff.departments import DepartmentDraft

GENERAL, RECHARGE, AFTER_SALE, FEATURES = "人工服务", "充值", "售后", "功能咨询"
# The first department answers whoever comes without a code.
_DEPARTMENTS = ((GENERAL, "General"), (RECHARGE, "Recharge"), (AFTER_SALE, "After-sale"), (FEATURES, "Features"))
DEMO_DEPARTMENTS = frozenset(name for name, _ in _DEPARTMENTS)
_PEOPLE: tuple[tuple[str, str, Role, tuple[str, ...], int], ...] = (
    ("wang", "王店长", "operator", (), 1),
    ("chen", "陈主管", "supervisor", (), 1),
    ("xiaomei", "小美", "agent", (RECHARGE,), 2),
    ("aqiang", "阿强", "agent", (AFTER_SALE,), 3),
    ("xiaoya", "小雅", "agent", (FEATURES, GENERAL), 1),
)


class DemoPerson(msgspec.Struct, frozen=True):
    """A sign-in to print."""

    login: str
    name: str
    role: Role
    password: str
    departments: tuple[str, ...] = ()


async def create_demo(tx: Tx) -> list[DemoPerson]:
    """Make departments and people.  The agents are available as soon as their desk is open."""
    made = {}
    for position, (name, name_en) in enumerate(_DEPARTMENTS):
        department = await departments.create(tx, None, DepartmentDraft(name, name_en, position))
        made[name] = department.public_id
    people = []
    for login, name, role, groups, tier in _PEOPLE:
        person = DemoPerson(login, name, role, secrets.token_urlsafe(9), groups)
        draft = AgentDraft(login, name, role, 5, [made[group] for group in groups], person.password, tier)
        agent = await agents.create(tx, None, draft)
        if role == "agent":
            await tx.run(
                "update agent set availability = 'available', available_since = app_now() where id = %s", (agent.id,)
            )
        people.append(person)
    return people
