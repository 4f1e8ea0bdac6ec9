"""The hub brings each entry to each reader once and in order, whatever happened to the announcement."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest

from mashang.conversations import reading, timeline
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import Author, NewEntry
from mashang.conversations.events import EntriesPosted
from mashang.conversations.writer import Writer
from mashang.kit.db import Database
from mashang.live.hub import Hub
from mashang.live.socket import TOO_SLOW, Socket
from tests import scene
from tests.scene import Scene


class Browser:
    """The far end of a socket: keeps the frames it got."""

    def __init__(self, audience: str, reader: int) -> None:
        self.frames: list[dict[str, Any]] = []
        self.closed: int | None = None
        self.reads = asyncio.Event()
        self.reads.set()
        self.socket = Socket(self._send, audience, reader, "zh-CN")  # type: ignore[arg-type]  # a literal

    async def _send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        if message["type"] == "websocket.close":
            self.closed = message["code"]
        else:
            self.frames.append(msgspec.json.decode(message["text"]))

    def seqs(self) -> list[int]:
        return [frame["entry"]["seq"] for frame in self.frames if frame["t"] == "entry"]

    async def has(self, seq: int) -> None:
        """Until the entry with this number is here (the test's own time-out bounds it)."""
        await until(lambda: seq in self.seqs())

    def heads(self, kind: str) -> list[int]:
        return [frame["head"] for frame in self.frames if frame["t"] == kind]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 — what it waits for has no event of its own
            await asyncio.sleep(0)


class Stage:
    """A conversation that is served, watched by a customer and its agent."""

    def __init__(self, database: Database, hub: Hub, writer: Writer, scene: Scene, conversation: Conversation) -> None:
        self.database, self.hub, self.writer, self.scene, self.conversation = database, hub, writer, scene, conversation
        self.customer = self.watching("everyone", scene.customer.id)
        self.agent = self.watching("staff", scene.agent.id)

    def watching(self, audience: str, reader: int, after: int = 0) -> Browser:
        browser = Browser(audience, reader)
        self.hub.join(browser.socket)
        self.hub.watch(browser.socket, self.conversation.id, self.conversation.public_id, after)
        return browser

    async def say(self, text: str, *, note: bool = False) -> int:
        entry = NewEntry(
            conversation_id=self.conversation.id,
            author=Author("agent", self.scene.agent.public_id, "小美"),
            author_id=self.scene.agent.id,
            audience="staff" if note else "everyone",
            text=text,
        )
        return (await self.writer.post(entry)).entry.seq


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[Stage]:
    hub, writer = Hub(database), Writer(database, "test")
    database.events.react({EntriesPosted: [lambda event: hub.deliver(event.entries)]})
    async with database.transaction() as tx:
        built = await scene.build(tx)
        conversation = await built.served(tx)
    running = asyncio.ensure_future(writer.run())
    yield Stage(database, hub, writer, built, conversation)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_both_sides_get_every_entry_they_may_see_once_and_in_order(stage: Stage) -> None:
    for n in range(20):
        last = await stage.say(str(n), note=n % 3 == 0)
    await asyncio.gather(stage.customer.has(last), stage.agent.has(last))
    assert stage.agent.seqs() == list(range(1, 21))
    assert stage.customer.seqs() == [n + 1 for n in range(20) if n % 3]


async def test_prev_names_what_the_same_reader_saw_before(stage: Stage) -> None:
    for n in range(12):
        last = await stage.say(str(n), note=n % 2 == 0)
    await asyncio.gather(stage.customer.has(last), stage.agent.has(last))
    for browser in (stage.customer, stage.agent):
        entries = [frame["entry"] for frame in browser.frames if frame["t"] == "entry"]
        assert [entry["prev"] for entry in entries] == [0, *browser.seqs()[:-1]]


async def test_lost_announcements_are_made_good_by_the_next_one(stage: Stage) -> None:
    turns = itertools.cycle([True, False, True, True, False])
    stage.hub.drop_announcements = lambda: next(turns)
    for n in range(40):
        await stage.say(str(n))
    stage.hub.drop_announcements = lambda: False
    last = await stage.say("end")
    await asyncio.gather(stage.customer.has(last), stage.agent.has(last))
    assert stage.customer.seqs() == stage.agent.seqs() == list(range(1, 42))


async def test_when_every_announcement_is_lost_comparing_heads_brings_all(stage: Stage) -> None:
    await until(lambda: stage.customer.heads("caught_up") and stage.agent.heads("caught_up"))  # reads by itself no more
    stage.hub.drop_announcements = lambda: True
    for n in range(5):
        last = await stage.say(str(n))
    assert stage.customer.seqs() == []
    await stage.hub.compare_heads()
    await asyncio.gather(stage.customer.has(last), stage.agent.has(last))
    assert stage.customer.seqs() == [1, 2, 3, 4, 5]


async def test_who_reconnects_gets_what_was_missed_and_nothing_twice(stage: Stage) -> None:
    for n in range(5):
        await stage.say(str(n))
    stage.hub.leave(stage.customer.socket)
    for n in range(5):
        await stage.say(str(n))
    back = stage.watching("everyone", stage.scene.customer.id, after=5)
    last = await stage.say("new")
    await back.has(last)
    assert back.seqs() == [6, 7, 8, 9, 10, 11]


async def test_who_missed_too_much_is_told_to_load_the_page(stage: Stage) -> None:
    for n in range(reading.LARGEST_PAGE + 5):
        last = await stage.say(str(n))
    late = stage.watching("everyone", stage.scene.customer.id)
    await until(lambda: late.heads("caught_up"))
    newest = await stage.say("new")
    await late.has(newest)
    assert late.heads("reload") == [last]
    assert late.seqs() == [newest]


async def test_entries_of_changes_and_messages_mix_without_a_gap_under_load(stage: Stage) -> None:
    async def change() -> None:
        async with stage.database.transaction() as tx:
            await timeline.append(tx, timeline.event(stage.conversation.id, "queued"))

    await asyncio.gather(*(stage.say("m") for _ in range(40)), *(change() for _ in range(20)))
    await asyncio.gather(stage.customer.has(60), stage.agent.has(60))
    assert stage.customer.seqs() == stage.agent.seqs() == list(range(1, 61))


async def test_a_reader_that_does_not_read_is_cut_and_the_others_are_not(stage: Stage) -> None:
    stage.customer.reads.clear()
    for _ in range(1100):
        stage.customer.socket.send(b"x")
    stage.customer.reads.set()
    last = await stage.say("still here")
    await stage.agent.has(last)
    await until(lambda: stage.customer.closed is not None)
    assert stage.customer.closed == TOO_SLOW


async def test_another_process_that_names_a_number_makes_us_read_it(stage: Stage) -> None:
    stage.hub.drop_announcements = lambda: True
    last = await stage.say("from elsewhere")
    stage.hub.behind(stage.conversation.id, last)
    await asyncio.gather(stage.customer.has(last), stage.agent.has(last))


async def test_a_note_of_another_process_does_not_keep_a_customers_socket_reading(stage: Stage) -> None:
    await until(lambda: stage.customer.heads("caught_up"))
    stage.hub.drop_announcements = lambda: True
    note = await stage.say("for colleagues", note=True)
    stage.hub.behind(stage.conversation.id, note)
    await stage.agent.has(note)
    await until(lambda: not stage.hub._lagging)
    assert stage.customer.seqs() == []


async def test_asking_again_from_an_earlier_number_while_a_read_is_under_way_leaves_no_hole(stage: Stage) -> None:
    stage.hub.drop_announcements = lambda: True
    last = [await stage.say(str(n)) for n in range(6)][-1]
    browser = stage.watching("everyone", stage.scene.customer.id, after=4)
    await asyncio.sleep(0)  # the first read begins
    stage.hub.watch(browser.socket, stage.conversation.id, stage.conversation.public_id, 1)
    await browser.has(last)
    assert browser.seqs() == [2, 3, 4, 5, 6]
