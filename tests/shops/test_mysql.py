"""A server that speaks MySQL and means no good gets nothing, and harms nobody."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from mashang.kit.settings import Settings
from mashang.shops import mysql
from mashang.shops.connector import ShopFailed
from mashang.shops.mysql import Databases, Place

PASSWORD = "lychee-of-the-shop"
OK = b"\x00\x00\x00\x02\x00\x00\x00"
_ABLE = 0x8 | 0x200 | 0x8000 | 1 << 19  # a database named at once, protocol 4.1, plugins


def packet(number: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "little") + bytes([number]) + payload


def greeting() -> bytes:
    return packet(
        0,
        b"\x0a8.0.40\x00" + struct.pack("<I", 1) + b"A" * 8 + b"\x00" + struct.pack("<H", _ABLE & 0xFFFF)
        + b"\x21\x02\x00" + struct.pack("<H", _ABLE >> 16) + bytes([21]) + bytes(10) + b"B" * 12 + b"\x00"
        + b"mysql_native_password\x00",
    )  # fmt: skip


@asynccontextmanager
async def a_server(answers: Callable[[bytes], bytes]) -> AsyncIterator[tuple[int, bytearray]]:
    """Its port, and all that it was sent; it answers each packet with the payload of `answers`."""
    heard = bytearray()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting())
        while head := await reader.read(4):
            sent = await reader.readexactly(int.from_bytes(head[:3], "little"))
            heard.extend(sent)
            writer.write(packet((head[3] + 1) % 256, answers(sent)))
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], heard


async def failure(settings: Settings, port: int) -> ShopFailed:
    databases = Databases(mysql.permitted(settings))
    place = Place(host="127.0.0.1", port=port, database="shop", user="mashang", password=PASSWORD)
    with pytest.raises(ShopFailed) as failed:
        await databases.rows(place, "select 1")
    databases.close()
    return failed.value


@pytest.mark.parametrize("way", ["mysql_clear_password", "dialog", "client_ed25519"])
async def test_a_server_that_wants_the_password_itself_gets_none(settings: Settings, way: str) -> None:
    switch = b"\xfe" + way.encode() + b"\x00" + (b"\x04Password: " if way == "dialog" else b"N" * 32)
    async with a_server(lambda _sent: switch) as (port, heard):
        failed = await failure(settings, port)
    assert (failed.reason, failed.detail) == ("refused_us", "MySQL 2059 another way to sign in is needed")
    assert PASSWORD.encode() not in heard


async def test_a_server_that_asks_for_a_file_gets_none(settings: Settings) -> None:
    async with a_server(lambda sent: OK if not sent.startswith(b"\x03set session max") else b"\xfb/etc/hostname") as (
        port,
        heard,
    ):
        failed = await failure(settings, port)
    assert failed.reason == "malformed"
    assert b"select 1" not in heard
