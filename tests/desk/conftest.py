"""A small shop floor: two departments, one of each role, and conversations written straight into the rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from mashang.kit.db import Database, Tx
from mashang.staff import agents, departments
from mashang.staff.agents import Agent, AgentDraft
from mashang.staff.departments import Department, DepartmentDraft
from tests.browsing import Browser, signing_in
from tests.desk.counted import World

PASSWORD = "correct-horse-7"


@dataclass
class Floor:
    """Who works here, and a way to put conversations onto the floor."""

    tx: Tx
    recharge: Department
    after_sale: Department
    operator: Agent
    supervisor: Agent
    xiaomei: Agent  # recharge
    aqiang: Agent  # after-sale

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self.customers: dict[str, int] = {}

    async def customer(self, name: str = "", *, subject: str | None = None) -> int:
        """A customer by name; an account when it has a subject."""
        if name not in self.customers:
            self.customers[name] = await self.tx.value(
                """
                insert into customer (public_id, site_id, shop_id, subject, name)
                select %s, site.id, case when %s::text is not null then site.shop_id end, %s, %s from site returning id
                """,
                (f"customer{len(self.customers)}x7kq{len(self.customers)}", subject, subject, name),
            )
        return self.customers[name]

    async def conversation(
        self,
        department: Department,
        *,
        agent: Agent | None = None,
        closed: bool = False,
        customer: str = "",
        topic: str | None = None,
        active_ago: timedelta = timedelta(0),
    ) -> str:
        """A conversation: waiting, or served by `agent`, or closed.  Answers its public id."""
        number = next(self._numbers)
        status = "closed" if closed else "active" if agent else "waiting"
        row = await self.tx.value(
            """
            insert into conversation (public_id, site_id, customer_id, status, department_id, agent_id, topic_code,
                opening_key, closed_at, opened_at, last_entry_at)
            values (%(public_id)s, (select id from site), %(customer)s, %(status)s, %(department)s, %(agent)s,
                %(topic)s, %(public_id)s,
                case when %(status)s = 'closed' then app_now() end, app_now(), app_now() - %(ago)s)
            returning id
            """,
            {
                "public_id": f"conversation{number}", "customer": await self.customer(customer), "status": status,
                "department": department.id, "agent": agent.id if agent else None, "topic": topic, "ago": active_ago,
            },
        )  # fmt: skip
        if status == "waiting":
            await self.tx.run(
                """
                insert into queue_place (conversation_id, department_id, queued_at, order_at, number)
                select %s, %s, now, now, %s from app_now() as now
                """,
                (row, department.id, number),
            )
        return f"conversation{number}"

    async def row(self, public_id: str) -> int:
        """The row number of a conversation."""
        return await self.tx.value("select id from conversation where public_id = %s", (public_id,))

    async def offer(self, public_id: str, agent: Agent) -> None:
        """Offer a waiting conversation to an agent."""
        await self.tx.run(
            """
            insert into offer (conversation_id, agent_id, offered_at, expires_at)
            values (%s, %s, app_now(), app_now() + interval '30 s')
            """,
            (await self.row(public_id), agent.id),
        )


async def furnish(tx: Tx) -> Floor:
    """The floor with its people, in the database of `tx`."""
    await tx.run(
        """
        insert into shop (public_id, name, base_url, key_id, secret_sealed)
        values ('shop1', '小店', 'http://x', 'k', '');
        insert into site (public_id, name, shop_id) select 'site1', '小店官网', id from shop
        """
    )
    recharge = await departments.create(tx, None, DepartmentDraft("充值", "Recharge", 1))
    after_sale = await departments.create(tx, None, DepartmentDraft("售后", "After-sale", 2))

    async def person(login: str, name: str, role: str, department: Department | None = None) -> Agent:
        groups = [department.public_id] if department else []
        return await agents.create(tx, None, AgentDraft(login, name, role, 5, groups, PASSWORD))

    return Floor(
        tx,
        recharge,
        after_sale,
        await person("boss", "王店长", "operator"),
        await person("chen", "陈主管", "supervisor"),
        await person("xiaomei", "小美", "agent", recharge),
        await person("aqiang", "阿强", "agent", after_sale),
    )


@pytest.fixture
async def floor(tx: Tx) -> Floor:
    """The floor in a transaction that is rolled back."""
    return await furnish(tx)


class Committed:
    """The floor in a database that others see, each step in a transaction of its own."""

    def __init__(self, database: Database, floor: Floor) -> None:
        self._database = database
        self.floor = floor

    async def conversation(self, department: Department, **how: Any) -> str:
        """As `Floor.conversation`."""
        async with self._database.transaction() as tx:
            self.floor.tx = tx
            return await self.floor.conversation(department, **how)

    async def offer(self, public_id: str, agent: Agent) -> None:
        """As `Floor.offer`."""
        async with self._database.transaction() as tx:
            self.floor.tx = tx
            await self.floor.offer(public_id, agent)


@pytest.fixture
async def committed(database: Database) -> Committed:
    """The floor for tests over HTTP."""
    async with database.transaction() as tx:
        floor = await furnish(tx)
    return Committed(database, floor)


@pytest.fixture
def desk(browser: Callable[..., Browser], committed: Committed) -> Callable[[str], Awaitable[Browser]]:
    """A browser in which this person is signed in, by login: `chen`, `xiaomei`."""
    assert committed.floor
    return signing_in(browser, PASSWORD)


@pytest.fixture
async def served(committed: Committed) -> str:
    """A conversation of 阿珍's that 小美 serves."""
    return await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei, customer="阿珍")


@pytest.fixture
async def world(floor, clock) -> World:
    """Two codes: CZ leads to recharge, SH to after-sale."""
    world = World(floor, clock)
    await world.code("CZ", floor.recharge)
    await world.code("SH", floor.after_sale)
    return world
