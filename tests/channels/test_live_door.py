"""The live line of a page: who may hold one, what closes it, and that what is sent twice or too fast does no harm."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack

import psycopg
import pytest
import websockets

from mashang.channels.web.state import StateTeller
from tests.channels.conftest import Served


async def test_a_null_character_in_a_message_is_refused_and_the_socket_lives(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(code="CZ")
    async with page.live(opened["id"]) as socket:
        await socket.send("send", conversation=opened["id"], client_id="bad-message-1", text="a\0b")
        refused = await socket.frame("refused", client_id="bad-message-1")
        assert refused["code"] == "invalid"
        assert refused["message"]
        await socket.send("send", conversation=opened["id"], client_id="good-message-1", text="好")
        await socket.frame("ack", client_id="good-message-1")


async def test_a_message_that_is_repeated_is_stored_once(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(code="CZ")
    async with page.live(opened["id"]) as socket:
        for _ in range(3):
            await socket.send("send", conversation=opened["id"], client_id="same-message", text="在吗")
        seqs = [(await socket.frame("ack", client_id="same-message"))["seq"] for _ in range(3)]
    assert len(set(seqs)) == 1
    entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    assert [
        entry["text"] for entry in entries if entry["kind"] == "text" and entry["author"]["kind"] == "customer"
    ] == ["在吗"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("not json", 4400),
        ('{"t":"nonsense"}', 4400),
        ('{"t":"ping"}', 4401),
        ('{"t":"hello","session":"wrong"}', 4401),
        ('{"t":"hello","session":"x","extra":1}', 4400),
        ('{"t":"hello","watch":' + json.dumps([{"conversation": "a", "after": -1}]) + "}", 4400),
        ("\ud800".encode("utf-8", "surrogatepass"), 1007),
        (b"\x00\x01", 4400),
        ('{"a":' + "[" * 20_000 + "]" * 20_000 + ',"t":"ping"}', 4400),
    ],
)
async def test_a_malformed_or_unauthenticated_first_frame_closes_the_socket(
    served: Served, said: str | bytes, code: int
) -> None:
    async with served.socket("/live/customer") as socket:
        if code == 1007:
            await socket.connection.send(said, text=True)
        else:
            await socket.connection.send(said)
        assert await socket.closed_with() == code


async def test_an_oversized_frame_closes_the_socket_and_what_was_stored_stays(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(code="CZ")
    async with page.live(opened["id"]) as socket:
        await socket.send("send", conversation=opened["id"], client_id="first-message", text="一")
        await socket.frame("ack")
        await socket.connection.send("x" * 70_000)
        assert await socket.closed_with() == 1009
    entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    assert entries[-1]["text"] == "一"


@pytest.mark.parametrize(
    ("path", "origin"),
    [("/live/customer", "https://evil.example"), ("/live/desk", None), ("/live/desk", "https://evil.example")],
)
async def test_a_foreign_page_gets_no_socket(served: Served, path: str, origin: str | None) -> None:
    async with served.socket(path, origin=origin) as socket:
        assert await socket.closed_with() == 4403


async def test_a_flood_from_one_page_is_refused_and_told_when_to_go_on(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(code="CZ")
    async with page.live(opened["id"]) as socket:
        for n in range(60):
            await socket.send("send", conversation=opened["id"], client_id=f"flooding-{n:03}", text="刷")
        refused = await socket.frame("refused")
        assert refused["code"] == "too_many"
        assert refused["facts"]["retry_after"] >= 1
    entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    assert len(entries) < 60


async def test_too_many_sockets_from_one_address_are_turned_away(served: Served) -> None:
    page = await served.visitor()
    held: list[websockets.ClientConnection] = []
    for _ in range(served.settings.sockets_per_address):
        connection = await websockets.connect(served.url.replace("http", "ws") + "/live/customer", compression=None)
        await connection.send(json.dumps({"t": "hello", "session": page.session["session"]}))
        await connection.recv()
        held.append(connection)
    async with served.socket("/live/customer") as socket:
        assert await socket.closed_with() == 4429
    await asyncio.gather(*(connection.close() for connection in held))


async def test_sockets_that_never_say_who_they_are_count_too(served: Served) -> None:
    async with AsyncExitStack() as held:
        for _ in range(served.settings.sockets_per_address):
            await held.enter_async_context(served.socket("/live/customer"))
        async with served.socket("/live/customer") as socket:
            assert await socket.closed_with() == 4429


async def test_a_database_that_fails_during_the_hello_leaves_no_socket_behind(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise psycopg.OperationalError

    page = await served.visitor()
    opened = await page.open(code="CZ")
    with monkeypatch.context() as away:
        away.setattr(StateTeller, "tell", fail)
        for _ in range(served.settings.sockets_per_address):
            async with page.live(opened["id"]) as socket:
                await socket.closed_with()
    async with page.live(opened["id"]) as socket:
        await socket.frame("caught_up")
