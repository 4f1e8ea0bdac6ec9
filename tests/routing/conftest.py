"""A shop floor whose people come and go, and customers who wait on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from mashang import routing
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.kit import ids
from mashang.kit.db import Database, Tx
from mashang.routing import Need
from mashang.routing.dispatch import dispatch
from mashang.staff import Agent, departments, presence
from mashang.staff.departments import Department, DepartmentDraft
from tests import scene
from tests.scene import Scene


class Floor(msgspec.Struct):
    """The scene of one department, its database, and what happens there."""

    db: Database
    scene: Scene

    async def do(self, verb: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
        """One verb in a transaction of its own."""
        async with self.db.transaction() as tx:
            return await verb(tx, *args, **kwargs)

    async def ask(self, sql: str, *params: Any) -> Any:
        async with self.db.transaction() as tx:
            return await tx.value(sql, params)

    async def department(self, name: str) -> Department:
        return await self.do(departments.create, None, DepartmentDraft(name))

    async def somebody(self, name: str, *of: Department, **draft: Any) -> Agent:
        """An agent who is here and available."""
        agent = await self.do(scene.an_agent, f"login-{name}", name, *(of or (self.scene.department,)), **draft)
        await self.comes(agent)
        return agent

    async def comes(self, agent: Agent) -> None:
        async with self.db.transaction() as tx:
            await presence.set_availability(tx, agent, "available")
            await presence.renew(tx, f"socket-{agent.id}", agent.id, "test", timedelta(hours=1))

    async def leaves(self, agent: Agent) -> None:
        await self.do(presence.drop, f"socket-{agent.id}")

    async def goes_away(self, agent: Agent) -> None:
        await self.do(presence.set_availability, agent, "away")

    async def customer_waits(self, department: Department | None = None, need: Need | None = None) -> Conversation:
        """A new customer with a new conversation in the queue."""
        async with self.db.transaction() as tx:
            return await self._wait(tx, department or self.scene.department, need)

    async def served(self, agent: Agent | None = None) -> tuple[Agent, Conversation]:
        """A conversation that an agent accepted."""
        agent = agent or await self.somebody("甲")
        waiting = await self.customer_waits()
        await self.dispatch()
        await self.do(routing.accept, agent, waiting.id)
        return agent, waiting

    async def customers_wait(self, number: int, department: Department | None = None) -> list[Conversation]:
        async with self.db.transaction() as tx:
            return [await self._wait(tx, department or self.scene.department) for _ in range(number)]

    async def _wait(self, tx: Tx, department: Department, need: Need | None = None) -> Conversation:
        customer = await scene.a_visitor(tx, self.scene.site)
        begun = await self.scene.conversation(
            tx, customer_id=customer.id, department_id=department.id, opening_key=ids.public_id()
        )
        await routing.place(tx, begun.id, department.id, need)
        return begun

    async def dispatch(self) -> int:
        return await dispatch(self.db)

    async def now(self, conversation: Conversation) -> Conversation:
        return await self.do(conversations.by_id, conversation.id)

    async def offered_to(self, conversation: Conversation) -> int | None:
        """The agent to whom it is on offer."""
        return await self.ask(
            "select agent_id from offer where conversation_id = %s and answered_at is null", conversation.id
        )

    async def place(self, conversation: Conversation) -> dict[str, Any] | None:
        async with self.db.transaction() as tx:
            return await tx.first("select * from queue_place where conversation_id = %s", (conversation.id,))

    async def traced(self, conversation: Conversation) -> list[str]:
        async with self.db.transaction() as tx:
            rows = await tx.all(
                "select what from routing_trace where conversation_id = %s order by id", (conversation.id,)
            )
        return [row["what"] for row in rows]

    async def happened(self, conversation: Conversation) -> list[str]:
        """The names of the events in its timeline."""
        async with self.db.transaction() as tx:
            rows = await tx.all(
                "select data ->> 'name' as name from entry where conversation_id = %s and kind = 'event' order by seq",
                (conversation.id,),
            )
        return [row["name"] for row in rows]


OFFER = timedelta(seconds=21)


@pytest.fixture
async def floor(database: Database) -> Floor:
    async with database.transaction() as tx:
        return Floor(database, await scene.build(tx))
