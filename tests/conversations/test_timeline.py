"""The timeline keeps what it acknowledged: once, in order, from whoever may write."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest

from mashang.conversations import conversation as conversations
from mashang.conversations import reading, timeline
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import SYSTEM, Author, NewEntry
from mashang.conversations.events import EntriesPosted
from mashang.conversations.writer import (
    ConversationClosed,
    DifferentMessage,
    NotInConversation,
    NotStored,
    Posted,
    Writer,
)
from mashang.kit.db import Database
from mashang.kit.errors import Invalid, NotFound
from tests.scene import Scene


def said(stage: Scene, conversation: Conversation, text: str, client_id: str | None = None, **more: Any) -> NewEntry:
    values: dict[str, Any] = {
        "conversation_id": conversation.id,
        "author": Author("customer", stage.customer.public_id),
        "author_id": stage.customer.id,
        "text": text,
        "client_id": client_id,
    }
    return NewEntry(**{**values, **more})


def replied(stage: Scene, conversation: Conversation, text: str, **more: Any) -> NewEntry:
    author = Author("agent", stage.agent.public_id, stage.agent.name)
    return said(stage, conversation, text, author=author, author_id=stage.agent.id, **more)


async def begun(database: Database, stage: Scene) -> Conversation:
    async with database.transaction() as tx:
        return await stage.conversation(tx)


async def served(database: Database, stage: Scene) -> Conversation:
    async with database.transaction() as tx:
        return await stage.served(tx)


async def texts(database: Database, conversation: Conversation, *, staff: bool = True) -> list[tuple[int, str]]:
    async with database.transaction() as tx:
        entries = await reading.after(tx, conversation.id, "staff" if staff else "everyone", 0)
    return [(entry.seq, entry.text) for entry in entries]


async def test_messages_at_the_same_time_are_numbered_without_gaps_in_the_order_they_came(
    database: Database, writer: Writer, stage: Scene
) -> None:
    conversation = await begun(database, stage)
    posted = await asyncio.gather(*(writer.post(said(stage, conversation, f"{n}")) for n in range(600)))
    assert [one.entry.seq for one in posted] == list(range(1, 601))
    assert (await texts(database, conversation))[-1] == (200, "199")  # a page holds 200


async def test_the_same_key_again_is_the_same_message(database: Database, writer: Writer, stage: Scene) -> None:
    conversation = await begun(database, stage)
    first, second = await asyncio.gather(
        *(writer.post(said(stage, conversation, "在吗", "key-0001")) for _ in range(2))
    )
    third = await writer.post(said(stage, conversation, "在吗", "key-0001"))
    assert (first.repeated, second.repeated, third.repeated) == (False, True, True)
    assert first.entry.seq == second.entry.seq == third.entry.seq == 1
    assert await texts(database, conversation) == [(1, "在吗")]


async def test_a_key_used_for_other_words_is_refused(database: Database, writer: Writer, stage: Scene) -> None:
    conversation = await begun(database, stage)
    await writer.post(said(stage, conversation, "一", "key-0001"))
    with pytest.raises(DifferentMessage):
        await writer.post(said(stage, conversation, "二", "key-0001"))


async def test_one_bad_row_refuses_its_sender_and_nobody_else(
    database: Database, writer: Writer, stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "mashang.conversations.writer.storable", lambda _: True
    )  # let the bad one through to the database
    conversation = await begun(database, stage)
    outcomes = await asyncio.gather(
        *(writer.post(said(stage, conversation, text)) for text in ("好", "坏\0", "也好")), return_exceptions=True
    )
    assert [type(one) for one in outcomes] == [Posted, NotStored, Posted]
    assert await texts(database, conversation) == [(1, "好"), (2, "也好")]


async def test_a_held_conversation_keeps_its_order_and_nobody_else_waiting(
    database: Database, writer: Writer, stage: Scene
) -> None:
    held, free = await begun(database, stage), await begun(database, stage)
    before = len(await texts(database, held))
    async with database.transaction() as tx:
        await tx.run("select from conversation where id = %s for update", (held.id,))
        waiting = [writer.post(said(stage, held, word, f"held-{word}")) for word in "abc"]
        for word in "xyz":
            await writer.post(said(stage, free, word, f"free-{word}"))
        assert not any(one.done() for one in waiting)
    await asyncio.gather(*waiting)
    assert [text for _, text in await texts(database, held)][before:] == ["a", "b", "c"]


async def test_nobody_waits_for_ever_for_a_held_conversation(
    database: Database, writer: Writer, stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await begun(database, stage)
    monkeypatch.setattr("mashang.conversations.writer._PATIENCE", 0.0)
    async with database.transaction() as tx:
        await tx.run("select from conversation where id = %s for update", (held.id,))
        with pytest.raises(NotStored):
            await writer.post(said(stage, held, "a", "held-one"))
    assert (await writer.post(said(stage, held, "a", "held-one"))).repeated is False


async def test_text_that_cannot_be_stored_is_refused_before_the_database(
    database: Database, writer: Writer, stage: Scene
) -> None:
    conversation = await begun(database, stage)
    with pytest.raises(Invalid):
        await writer.post(said(stage, conversation, "a\0b"))


async def test_nobody_writes_into_a_closed_conversation(database: Database, writer: Writer, stage: Scene) -> None:
    conversation = await begun(database, stage)
    async with database.transaction() as tx:
        await conversations.close(tx, conversation.id)
    with pytest.raises(ConversationClosed):
        await writer.post(said(stage, conversation, "还在吗"))


async def test_only_the_agent_who_serves_replies_but_a_colleague_may_note(
    database: Database, writer: Writer, stage: Scene
) -> None:
    waiting = await begun(database, stage)
    with pytest.raises(NotInConversation):
        await writer.post(replied(stage, waiting, "您好"))
    note = await writer.post(replied(stage, waiting, "老客户", audience="staff"))
    assert note.entry.seq == 1
    conversation = await served(database, stage)
    assert (await writer.post(replied(stage, conversation, "您好"))).entry.seq == 1


async def test_another_customers_conversation_looks_like_none(database: Database, writer: Writer, stage: Scene) -> None:
    conversation = await begun(database, stage)
    with pytest.raises(NotFound):
        await writer.post(said(stage, conversation, "偷看", author_id=stage.customer.id + 1))
    with pytest.raises(NotFound):
        await writer.post(said(stage, conversation, "没有", conversation_id=conversation.id + 999))


async def test_a_customer_sees_an_unbroken_chain_past_internal_notes(
    database: Database, writer: Writer, stage: Scene
) -> None:
    conversation = await served(database, stage)
    await asyncio.gather(
        writer.post(said(stage, conversation, "问")),
        writer.post(replied(stage, conversation, "内部", audience="staff")),
        writer.post(replied(stage, conversation, "答")),
    )
    async with database.transaction() as tx:
        await timeline.append(tx, timeline.event(conversation.id, "context", staff_only=True))
        await timeline.append(tx, timeline.event(conversation.id, "closed"))
        seen = await reading.after(tx, conversation.id, "everyone", 0)
    assert [(entry.prev_public, entry.seq) for entry in seen] == [(0, 1), (1, 3), (3, 5)]


async def test_entries_of_a_change_and_messages_share_one_numbering_under_load(
    database: Database, writer: Writer, stage: Scene
) -> None:
    conversation = await begun(database, stage)

    async def change() -> None:
        async with database.transaction() as tx:
            await timeline.append(tx, timeline.event(conversation.id, "queued"))

    await asyncio.gather(
        *(writer.post(said(stage, conversation, "m")) for _ in range(60)), *(change() for _ in range(30))
    )
    async with database.transaction() as tx:
        entries = await reading.after(tx, conversation.id, "everyone", 0)
    assert [entry.seq for entry in entries] == list(range(1, 91))
    assert [entry.prev_public for entry in entries] == list(range(90))


async def _append_and_fail(database: Database, conversation: Conversation) -> None:
    async with database.transaction() as tx:
        await timeline.append(tx, timeline.event(conversation.id, "queued"))
        raise LookupError


async def test_what_is_rolled_back_is_neither_stored_nor_announced(
    database: Database, stage: Scene, announced: list[EntriesPosted]
) -> None:
    conversation = await begun(database, stage)
    with pytest.raises(LookupError):
        await _append_and_fail(database, conversation)
    assert announced == []
    assert await texts(database, conversation) == []


async def test_a_message_is_announced_once_and_a_repeat_is_not(
    database: Database, writer: Writer, stage: Scene, announced: list[EntriesPosted]
) -> None:
    conversation = await begun(database, stage)
    for _ in range(3):
        await writer.post(said(stage, conversation, "在吗", "key-0001"))
    assert [entry.text for batch in announced for entry in batch.entries] == ["在吗"]


async def test_the_writer_survives_its_connection_and_the_sender_hears_not_stored(
    database: Database, writer: Writer, stage: Scene
) -> None:
    conversation = await begun(database, stage)
    await writer.post(said(stage, conversation, "一", "key-0001"))
    async with await psycopg.AsyncConnection.connect(database.dsn, autocommit=True) as other:
        await other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like '%with incoming%'"
            " and pid <> pg_backend_pid()"
        )
    outcome = await asyncio.gather(writer.post(said(stage, conversation, "二", "key-0002")), return_exceptions=True)
    assert isinstance(outcome[0], NotStored | Posted)
    again = await writer.post(said(stage, conversation, "二", "key-0002"))
    assert again.entry.seq == 2
    assert await texts(database, conversation) == [(1, "一"), (2, "二")]


async def test_unread_counts_what_the_other_side_said_since_the_mark(
    database: Database, writer: Writer, stage: Scene
) -> None:
    conversation = await served(database, stage)
    for text in ("一", "二", "三"):
        await writer.post(said(stage, conversation, text))
    await writer.post(replied(stage, conversation, "答"))
    async with database.transaction() as tx:
        assert await reading.mark_read(tx, conversation, "staff", 2)
        assert not await reading.mark_read(tx, conversation, "staff", 1)
        unread = await tx.one(
            "select unread_by_staff, unread_by_customer, staff_read from conversation where id = %s", (conversation.id,)
        )
    assert unread == {"unread_by_staff": 1, "unread_by_customer": 1, "staff_read": 2}


async def test_a_mark_never_passes_the_last_entry(database: Database, writer: Writer, stage: Scene) -> None:
    conversation = await begun(database, stage)
    await writer.post(said(stage, conversation, "一"))
    async with database.transaction() as tx:
        await reading.mark_read(tx, conversation, "customer", 2_000_000_000)
        assert await tx.value("select customer_read from conversation where id = %s", (conversation.id,)) == 1


async def test_the_same_opening_twice_is_one_conversation(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        first = await stage.conversation(tx, opening_key="open-0001")
        second = await stage.conversation(tx, opening_key="open-0001")
    assert first.id == second.id


async def test_what_a_list_shows_of_a_conversation_is_what_people_said(database: Database, stage: Scene) -> None:
    conversation = await begun(database, stage)
    async with database.transaction() as tx:
        await timeline.append(tx, said(stage, conversation, "充值没到"))
        await timeline.append(tx, NewEntry(conversation_id=conversation.id, author=SYSTEM, text="您好，马上就来。"))
        await timeline.append(tx, timeline.event(conversation.id, "queued"))
        shown = await tx.first("select last_preview, last_author from conversation where id = %s", (conversation.id,))
    assert shown == {"last_preview": "充值没到", "last_author": "customer"}


async def test_a_bug_in_the_writer_keeps_nobody_waiting(
    database: Database, stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError

    conversation = await begun(database, stage)
    writer = Writer(database, "test")
    monkeypatch.setattr("mashang.conversations.writer._outcome", fail)
    running = asyncio.ensure_future(writer.run())
    with pytest.raises(NotStored):
        await asyncio.wait_for(writer.post(said(stage, conversation, "在吗")), 10)
    with pytest.raises(LookupError):
        await running
