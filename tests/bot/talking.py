"""A shop with an assistant that is on, articles it may tell, and a finder that says what the test wants."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from mashang import intake
from mashang.bot import library, turn
from mashang.bot.attending import Attending
from mashang.bot.model import Model
from mashang.conversations import reading
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import Choice, Entry
from mashang.conversations.writer import Writer
from mashang.customers import Customer
from mashang.intake import Inbound
from mashang.kit import ids
from mashang.kit.db import Database
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.knowledge import editing
from mashang.knowledge.article import ArticleDraft, Text
from mashang.staff import assistant
from mashang.staff.assistant import Assistant
from tests import scene
from tests.conftest import KEY
from tests.conversations.conftest import writer
from tests.scene import Scene

__all__ = ["articles", "stage", "talk", "writer"]


class Fit(msgspec.Struct, frozen=True):
    id: str
    score: float = 0.0


class Fits(msgspec.Struct, frozen=True):
    candidates: tuple[Fit, ...] = ()
    p: float = 0.0
    band: Literal["answer", "suggest", "hand_over"] = "hand_over"


class Finder:
    """Says what it was told to say, by question; it knows nothing else."""

    def __init__(self) -> None:
        self.says: dict[str, Fits | Exception] = {}
        self.asked: list[str] = []
        self.meanwhile: dict[str, Callable[[], Awaitable[None]]] = {}  # by question, once

    def answers(self, question: str, *articles: str, band: Literal["answer", "suggest"] = "answer") -> None:
        self.says[question] = Fits(tuple(map(Fit, articles)), 0.97 if band == "answer" else 0.6, band)

    async def find(self, question: str, locale: str, target: float) -> Fits:  # noqa: ARG002 — as the product's
        self.asked.append(question)
        if question in self.meanwhile:
            await self.meanwhile.pop(question)()
        answer = self.says.get(question, Fits())
        if isinstance(answer, Exception):
            raise answer
        return answer


class Talk:
    """A customer and the assistant."""

    def __init__(self, database: Database, writer: Writer, stage: Scene, finder: Finder) -> None:
        self.database, self.writer, self.stage, self.finder = database, writer, stage, finder
        self.sealer = Sealer(KEY)
        self.model = Model(Settings(home=Path(), secret=KEY), database)  # none is named: the product without one
        self.id = 0

    def inbound(self, **fields: Any) -> Inbound:
        fields = {"customer": self.stage.customer, **fields}
        return Inbound(site_id=self.stage.site.id, key=ids.public_id(), **fields)

    async def somebody(self) -> Customer:
        """Another customer."""
        async with self.database.transaction() as tx:
            return await scene.a_visitor(tx, self.stage.site)

    async def open(self, text: str = "", **fields: Any) -> Conversation:
        """Begin, and let the assistant have its turn."""
        opened = await self.begin(text, **fields)
        await self.turn()
        return opened

    async def begin(self, text: str = "", **fields: Any) -> Conversation:
        """Begin; the assistant's turn is somebody else's matter."""
        fields = {"entrance": "assistant", **fields}
        opened = await intake.begin(self.database, self.sealer, self.inbound(text=text, **fields))
        self.id = opened.id
        return opened

    async def say(self, text: str, **fields: Any) -> None:
        """Say something, and let the assistant have its turn."""
        await self.receive(text, **fields)
        await self.turn()

    async def receive(self, text: str, **fields: Any) -> None:
        """Say something; the assistant's turn is somebody else's matter."""
        await intake.receive(self.database, self.writer, self.sealer, self.id, self.inbound(text=text, **fields))

    async def press(self, option: str, seq: int | None = None) -> None:
        """Press a button, of the assistant's last entry that has some."""
        choice = Choice(seq if seq is not None else (await self.said())[-1].seq, option)
        await self.say(option, choice=choice)

    async def walks(self, asked: str, source: str) -> str:
        """A playbook in use, begun by these words; the public id of the article whose place it takes."""
        playbook = library.demand(source)
        async with self.database.transaction() as tx:
            await library.save(tx, self.stage.agent, source, seen=0)
            await library.publish(tx, self.stage.agent, playbook.key, 1)
        article = await publish(
            self.database, f"{playbook.key}-article", f"{playbook.title}怎么办", playbook=playbook.key
        )
        self.finder.answers(asked, article)
        return article

    async def turn(self) -> bool:
        return await turn.take(self.database, self.finder, self.model, self.id)

    def attending(self) -> Attending:
        """The task, as a process runs it."""
        return Attending(self.database, self.finder, self.model, None, self.sealer)  # type: ignore[arg-type]  # no shop is asked

    async def settle(self) -> None:
        """Two sweeps of a process, and what they sent for."""
        attending = self.attending()
        for _ in range(2):
            await attending.sweep()
            await attending.settled()

    async def entries(self) -> list[Entry]:
        async with self.database.transaction() as tx:
            return await reading.after(tx, self.id, "staff", 0)

    async def said(self) -> list[Entry]:
        """What the assistant wrote."""
        return [one for one in await self.entries() if one.author.kind == "assistant"]

    async def texts(self) -> list[str]:
        """Its words, without the greeting."""
        return [one.text for one in await self.said()][1:]

    async def last(self) -> tuple[str, dict[str, Any]]:
        """Its last words, and what they are."""
        entry = (await self.said())[-1]
        return entry.text, (entry.data or {})["assistant"]

    async def events(self, name: str) -> list[dict[str, Any]]:
        return [one.data for one in await self.entries() if one.data and one.data.get("name") == name]

    async def value(self, sql: str) -> Any:
        async with self.database.transaction() as tx:
            return await tx.value(sql, {"id": self.id})

    async def status(self) -> str:
        return str(await self.value("select status from conversation where id = %(id)s"))


@pytest.fixture
async def stage(database: Database) -> Scene:
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        await assistant.put_settings(tx, None, Assistant(is_on=True, name="小码", name_en="Mashang"))
    return stage


@pytest.fixture
async def articles(database: Database) -> dict[str, str]:
    """Public ids by key."""
    return {
        key: await publish(database, key, title)
        for key, title in (("recharge-late", "充值没到账"), ("card-lost", "卡密没收到"), ("slow", "网站打不开"))
    }


async def publish(database: Database, key: str, title: str, **facts: Any) -> str:
    """An article that may be told; its public id."""
    async with database.transaction() as tx:
        texts = {"zh-CN": Text(title, f"关于**{title}**：先看订单。"), "en": Text(f"On {key}", f"About **{key}**.")}
        made = await editing.create(tx, None, ArticleDraft(key=key, texts=texts, **facts))
        return (await editing.publish(tx, None, made.public_id, version=made.version)).public_id


@pytest.fixture
def talk(database: Database, writer: Writer, stage: Scene, articles: dict[str, str]) -> Talk:
    return Talk(database, writer, stage, Finder())
