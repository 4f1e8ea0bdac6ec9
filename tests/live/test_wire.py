"""The shortcut under our sockets puts on the wire what plain ASGI would, and gives up on who does not read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
import websockets

from mashang.cli.serving import Web, started
from mashang.live.socket import Socket
from mashang.live.wire import EXTENSION, Wire

SIZES = (0, 1, 125, 126, 127, 65_535, 65_536, 70_000)


@asynccontextmanager
async def serving(talk: Callable[[Socket, Callable[[], Awaitable[Any]]], Awaitable[None]]) -> AsyncIterator[str]:
    """A server that accepts every socket and leaves the rest to `talk`; its address."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        socket = Socket(send, "everyone", 1, "zh-CN")
        socket.wire = scope["extensions"][EXTENSION]
        await talk(socket, receive)

    config = uvicorn.Config(
        app, port=0, ws=Wire, ws_per_message_deflate=False, ws_ping_interval=None, lifespan="off", log_level="critical"
    )
    server = Web(config)
    task = asyncio.ensure_future(server.serve())
    async with asyncio.timeout(10):
        await started(server, task)
    yield f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


@pytest.mark.parametrize("letter", ["a", "码"])
async def test_texts_of_every_length_arrive_whole_and_in_order(letter: str) -> None:
    async def talk(socket: Socket, receive: Callable[[], Awaitable[Any]]) -> None:
        for size in SIZES:
            socket.send((letter * size).encode())
        await receive()

    async with serving(talk) as address, websockets.connect(address, compression=None) as connection:
        heard = [await connection.recv() for _ in SIZES]
    assert heard == [letter * size for size in SIZES]


async def test_what_is_said_before_a_close_arrives_before_it() -> None:
    async def talk(socket: Socket, receive: Callable[[], Awaitable[Any]]) -> None:
        socket.send(b"last words")
        socket.close(4401)
        await receive()

    async with serving(talk) as address, websockets.connect(address, compression=None) as connection:
        assert await connection.recv() == "last words"
        with pytest.raises(websockets.ConnectionClosed):
            await connection.recv()
        assert connection.close_code == 4401


async def test_many_messages_at_once_are_all_heard_in_order() -> None:
    async def talk(socket: Socket, receive: Callable[[], Awaitable[Any]]) -> None:
        for _ in range(200):
            message = await receive()
            await asyncio.sleep(0)  # slower than they come
            socket.send(message["text"].encode())
        await receive()

    async with serving(talk) as address, websockets.connect(address, compression=None) as connection:
        for number in range(200):
            await connection.send(str(number))
        assert [await connection.recv() for _ in range(200)] == [str(number) for number in range(200)]


async def test_a_reader_that_does_not_read_is_cut_and_the_server_goes_on() -> None:
    gone = asyncio.Event()

    async def talk(socket: Socket, receive: Callable[[], Awaitable[Any]]) -> None:
        async def pour() -> None:
            while True:
                socket.send(b"x" * 60_000)
                await asyncio.sleep(0)

        pouring = asyncio.ensure_future(pour())
        message = await receive()
        pouring.cancel()
        assert message["type"] == "websocket.disconnect"
        gone.set()

    async with serving(talk) as address:
        connection = await websockets.connect(address, compression=None, max_queue=1)
        async with asyncio.timeout(20):
            await gone.wait()
        connection.transport.abort()
