"""Small worlds that are counted by hand: conversations with a code and without, and what is said in them."""

from __future__ import annotations

from datetime import timedelta

from mashang import codes
from mashang.codes import topics
from mashang.codes.redemption import Way
from mashang.codes.topics import TopicDraft
from mashang.conversations import timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.desk import code_figures, consultations
from mashang.kit import clock as product_clock
from mashang.routing import trace

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


class World:
    """Conversations with and without a code, and what is said in them."""

    def __init__(self, floor, clock) -> None:
        self.floor, self.tx, self.clock = floor, floor.tx, clock
        self.topics = {}
        self.customers = 0

    async def code(self, code, department, **draft):
        """A topic."""
        wanted = TopicDraft(code=code, name=f"主题{code}", department=department.public_id, **draft)
        self.topics[code] = await topics.create(self.tx, None, wanted, {})

    async def opened(self, code=None, *, how="exact", typed="", customer="", way=None, department=None):
        """A conversation that 小美 serves; its row number."""
        self.customers += 1
        topic = self.topics.get(code)
        public_id = await self.floor.conversation(
            department or self.floor.recharge,
            agent=self.floor.xiaomei,
            customer=customer or f"c{self.customers}",
            topic=code,
        )
        row = await self.floor.row(public_id)
        placed = (department or self.floor.recharge).id
        await trace.leave(
            self.tx, row, "placed", department_id=placed, number=1, queued_at=product_clock.now().isoformat()
        )
        if topic:
            await codes.redeem(self.tx, row, topic, typed or code, how, way=way or Way())
        return row

    async def said(self, row, text, *, by="agent", **entry):
        """Something in a conversation; its number."""
        agent = self.floor.xiaomei
        author = {"agent": Author("agent", agent.public_id, agent.name), "system": Author("system")}.get(
            by, Author("customer", "c", None)
        )
        author_id = agent.id if by == "agent" else None
        said = NewEntry(conversation_id=row, author=author, author_id=author_id, text=text, **entry)
        return (await timeline.append(self.tx, said)).seq

    async def closed(self, row):
        """Closed, by whom does not matter."""
        await self.tx.run("update conversation set status = 'closed', closed_at = app_now() where id = %s", (row,))

    async def answered(self, code, seconds, **how):
        """A conversation whose first useful answer came after so many seconds."""
        row = await self.opened(code, **how)
        await self.tx.run("update conversation set opened_at = opened_at - %s where id = %s", (seconds * SECOND, row))
        await self.said(row, "已为您补发。")
        return row

    async def counted(self, row):
        """How a conversation is counted now."""
        while not await consultations.catch_up(self.tx):
            pass
        return await self.tx.one("select * from consultation where conversation_id = %s", (row,))

    async def figures(self, days=7, locale="zh-CN"):
        """The page."""
        return await code_figures.figures(self.tx, days, locale)

    async def line(self, code, days=7):
        """One line of the page."""
        return next(one for one in (await self.figures(days)).codes if one.code == code)

    async def detail(self, code, days=7):
        """Behind that line."""
        return await code_figures.detail(self.tx, self.topics[code].public_id, days)
