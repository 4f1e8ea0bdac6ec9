"""People to test with; events that were published, in order."""

from __future__ import annotations

import pytest

from mashang.kit.db import Database
from mashang.kit.events import Event, Events
from mashang.staff import agents, departments
from mashang.staff import events as told
from mashang.staff.agents import Agent, AgentDraft
from mashang.staff.departments import Department, DepartmentDraft

PASSWORD = "correct-horse-7"


@pytest.fixture
async def recharge(database: Database) -> Department:
    async with database.transaction() as tx:
        return await departments.create(tx, None, DepartmentDraft("充值", "Recharge"))


@pytest.fixture
async def operator(database: Database) -> Agent:
    async with database.transaction() as tx:
        return await agents.create(tx, None, AgentDraft("boss", "王店长", "operator", password=PASSWORD))


@pytest.fixture
async def xiaomei(database: Database, recharge: Department) -> Agent:
    async with database.transaction() as tx:
        draft = AgentDraft("xiaomei", "小美", "agent", 5, [recharge.public_id], PASSWORD)
        return await agents.create(tx, None, draft)


@pytest.fixture
def published(database: Database) -> list[Event]:
    """What the database's transactions told, from the moment the test asks for it."""
    heard: list[Event] = []
    kinds = [kind for kind in vars(told).values() if isinstance(kind, type) and issubclass(kind, Event)]
    database.events = Events()
    database.events.react({kind: [heard.append] for kind in kinds})
    return heard
