"""A small shop's desk for tests: one department, people, a site, customers and their conversations."""

from __future__ import annotations

from typing import Any

import msgspec

from mashang import customers
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation, Opening
from mashang.customers import Customer
from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.shops import site as sites
from mashang.shops.looks import Looks
from mashang.shops.site import Site
from mashang.staff import Agent, agents, departments
from mashang.staff.agents import AgentDraft
from mashang.staff.departments import Department, DepartmentDraft

PASSWORD = "correct horse battery"


class Scene(msgspec.Struct):
    """What most tests begin with."""

    department: Department
    agent: Agent
    site: Site
    customer: Customer

    async def conversation(self, tx: Tx, **changes: Any) -> Conversation:
        """A new waiting conversation of the customer."""
        opening = Opening(
            **{
                "site_id": self.site.id,
                "customer_id": self.customer.id,
                "department_id": self.department.id,
                "opening_key": ids.public_id(),
                **changes,
            }
        )
        return (await conversations.begin(tx, opening))[0]

    async def served(self, tx: Tx, **changes: Any) -> Conversation:
        """A conversation that the agent serves."""
        begun = await self.conversation(tx, **changes)
        await conversations.assign(tx, begun.id, self.agent.id)
        return await conversations.by_id(tx, begun.id)


async def build(tx: Tx) -> Scene:
    """One department with one agent, one site with one visitor."""
    department = await departments.create(tx, None, DepartmentDraft("充值", "Recharge"))
    agent = await an_agent(tx, "xiaomei", "小美", department)
    site = await sites.create(tx, name="小店", origins=["https://shop.example"], shop_id=None, looks=Looks())
    return Scene(department, agent, site, await a_visitor(tx, site))


async def an_agent(
    tx: Tx, login: str, name: str, *of: Department, role: str = "agent", capacity: int = 5, **draft: Any
) -> Agent:
    """Somebody of the staff."""
    written = AgentDraft(
        login=login,
        name=name,
        role=role,  # type: ignore[arg-type]  # a plain str is easier to write in tests
        capacity=capacity,
        departments=[one.public_id for one in of],
        password=PASSWORD,
        **draft,
    )
    return await agents.create(tx, None, written)


async def a_visitor(tx: Tx, site: Site) -> Customer:
    """Somebody who proved nothing."""
    return await customers.recognise(tx, site.id, site.shop_id, None, "zh-CN")
