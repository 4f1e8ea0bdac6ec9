"""Strangers' pictures, opened by a process with nothing to lose."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import struct
import zlib

import pytest
from PIL import Image

from mashang.kit import pictures as subject
from mashang.kit.errors import TooMany
from mashang.kit.pictures import Pictures, PictureTooLarge, PictureUnreadable


def encoded(image: Image.Image, kind: str, **extra) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **extra)
    return out.getvalue()


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.effect_noise((width, height), 80).convert(mode)


def animation(kind: str, frames: int, size: tuple[int, int] = (40, 30), **extra) -> bytes:
    rest = [noise(*size) for _ in range(frames - 1)]
    return encoded(noise(*size), kind, save_all=True, append_images=rest, duration=70, loop=0, **extra)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")


@pytest.fixture
async def pictures():
    pictures = Pictures()
    yield pictures
    pictures.close()


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("WEBP", "RGB", "image/webp"),
        ("GIF", "P", "image/gif"),
        ("BMP", "RGB", "image/png"),
    ],
)
async def test_each_kind_comes_back_as_a_picture_that_opens(pictures, kind, mode, becomes) -> None:
    made = await pictures.prepare(encoded(noise(60, 40, mode), kind))
    assert (made.media_type, made.width, made.height, made.animated) == (becomes, 60, 40, False)
    opened(made.data).load()


async def test_nothing_but_pixels_survives(pictures) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    data = encoded(noise(60, 40), "JPEG", exif=exif, comment=b"taken at home") + b"<script>taken at home</script>"
    made = await pictures.prepare(data)
    assert b"taken at home" in data
    assert b"taken at home" not in made.data
    assert b"script" not in made.data
    assert not opened(made.data).getexif()


async def test_a_picture_taken_sideways_stands_upright(pictures) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = await pictures.prepare(encoded(noise(60, 40), "JPEG", exif=exif))
    assert (made.width, made.height) == (40, 60)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_what_moves_keeps_moving(pictures, kind) -> None:
    made = await pictures.prepare(animation(kind, 7))
    again = opened(made.data)
    assert made.animated
    assert again.n_frames == 7
    again.seek(1)
    again.load()
    assert again.info["duration"] == 70


async def test_a_large_picture_has_a_small_still_preview_and_a_small_one_none(pictures) -> None:
    large = await pictures.prepare(encoded(noise(900, 600, "RGBA"), "PNG"))
    preview = opened(large.preview)
    assert (preview.format, preview.size) == ("JPEG", (480, 320))
    assert (await pictures.prepare(encoded(noise(480, 200), "PNG"))).preview == b""
    assert opened((await pictures.prepare(animation("GIF", 3))).preview).format == "JPEG"


@pytest.mark.parametrize("size", [(60_000, 60_000), (6_500, 4_000), (30_000, 900)])
async def test_a_bomb_is_refused_before_it_goes_off(pictures, size) -> None:
    with pytest.raises(PictureTooLarge) as refused:
        await pictures.prepare(png_bomb(*size))
    assert refused.value.facts == {"megapixels": 25, "frames": 200}


async def test_too_many_frames_are_refused(pictures) -> None:
    with pytest.raises(PictureTooLarge):
        await pictures.prepare(animation("GIF", 201, (8, 8)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>1</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00" + bytes(200),
        b"%PDF-1.4",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"\xff\xd8\xff\xe0" + bytes(50),
        encoded(noise(300, 300), "JPEG")[:2000],
    ],
)
async def test_what_is_no_whole_picture_is_refused(pictures, data) -> None:
    with pytest.raises(PictureUnreadable):
        await pictures.prepare(data)


async def test_a_worker_that_was_killed_is_replaced(pictures) -> None:
    picture = encoded(noise(20, 20), "PNG")
    await pictures.prepare(picture)
    first = pictures._process.pid
    os.kill(first, signal.SIGKILL)
    pictures._process.wait()
    assert (await pictures.prepare(picture)).width == 20
    assert pictures._process.pid != first


async def test_a_worker_that_hangs_is_killed_and_the_next_picture_gets_another(pictures, monkeypatch) -> None:
    picture = encoded(noise(20, 20), "PNG")
    await pictures.prepare(picture)
    monkeypatch.setattr(subject, "SECONDS", 0.5)
    os.kill(pictures._process.pid, signal.SIGSTOP)
    with pytest.raises(PictureTooLarge):
        await pictures.prepare(picture)
    monkeypatch.undo()
    assert (await pictures.prepare(picture)).width == 20


async def test_an_upload_that_is_given_up_does_not_leave_its_picture_to_the_next(pictures) -> None:
    given_up = asyncio.ensure_future(pictures.prepare(encoded(noise(2000, 2000), "PNG")))
    await asyncio.wait({given_up}, timeout=0.05)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    assert (await pictures.prepare(encoded(noise(20, 20), "PNG"))).width == 20


async def test_more_than_a_few_at_once_are_asked_to_come_again(pictures) -> None:
    picture = encoded(noise(200, 200), "PNG")
    outcomes = await asyncio.gather(*(pictures.prepare(picture) for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(one, TooMany) for one in outcomes) == 4
    assert sum(getattr(one, "width", 0) == 200 for one in outcomes) == 8


async def test_one_side_leaves_room_in_the_queue_for_the_others(pictures) -> None:
    picture = encoded(noise(200, 200), "PNG")
    greedy = [pictures.prepare(picture, who=f"customer {one % 3}", address="203.0.113.7") for one in range(9)]
    others = [pictures.prepare(picture, who=f"customer 7{one}", address=f"203.0.113.{one}") for one in range(3)]
    outcomes = await asyncio.gather(*greedy, *others, return_exceptions=True)
    assert sum(isinstance(one, TooMany) for one in outcomes[:9]) == 5
    assert [one.width for one in outcomes[9:]] == [200] * 3


async def test_who_has_used_much_time_waits_and_the_others_do_not(pictures, monkeypatch) -> None:
    seconds = iter([0.5, 11.0, 0.1])
    monkeypatch.setattr(pictures, "_timed", lambda data: (*pictures._work(data), next(seconds)))
    picture = encoded(noise(20, 20), "PNG")
    for _ in range(2):
        await pictures.prepare(picture, who="customer 1", address="203.0.113.7")
    with pytest.raises(TooMany) as refusal:
        await pictures.prepare(picture, who="customer 1", address="203.0.113.7")
    assert 10 <= refusal.value.facts["retry_after"] <= 16
    assert (await pictures.prepare(picture, who="customer 2", address="203.0.113.7")).width == 20


async def test_the_worker_has_given_up_its_rights(pictures) -> None:
    await pictures.prepare(encoded(noise(20, 20), "PNG"))
    with open(f"/proc/{pictures._process.pid}/limits") as limits:  # noqa: ASYNC230, PTH123 — a file in memory
        lines = {line[:26].strip(): line[26:].split()[0] for line in limits}
    assert lines["Max file size"] == "0"
    assert lines["Max core file size"] == "0"
    assert int(lines["Max address space"]) <= 1 << 30
