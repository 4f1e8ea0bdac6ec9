"""Files on disk: whole or not there."""

from __future__ import annotations

import os

import pytest

from mashang.kit.storage import Storage


async def read(storage: Storage, key: str) -> bytes:
    return b"".join([chunk async for chunk in await storage.open(key)])


async def test_what_was_put_is_read_in_chunks(tmp_path) -> None:
    storage, key, data = Storage(tmp_path), Storage.new_key(), os.urandom(700_000)
    await storage.put(key, data)
    assert await read(storage, key) == data


async def test_a_file_that_is_not_there_is_told_before_the_first_byte(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        await Storage(tmp_path).open(Storage.new_key())


async def test_deleting_twice_is_deleting_once(tmp_path) -> None:
    storage, key = Storage(tmp_path), Storage.new_key()
    await storage.put(key, b"x")
    await storage.delete(key)
    await storage.delete(key)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch) -> None:
    storage, key = Storage(tmp_path), Storage.new_key()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        await storage.put(key, b"half")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 39, "A" * 40, "a" * 40 + "\n"])
async def test_only_our_own_names_lead_to_a_file(tmp_path, key) -> None:
    with pytest.raises(ValueError, match="key"):
        await Storage(tmp_path).open(key)
