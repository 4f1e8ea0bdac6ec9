"""Pictures from strangers, made safe: decoded and encoded again in a process of their own.

Decoders of picture formats are where one file has often been enough to crash or own
a program.  Ours runs in `picture_worker`, limited in memory, time and pixels; what
comes back is a picture that we wrote ourselves, of its pixels only.  One worker is
kept warm while there is work, and replaced when it was killed, by itself or by us.

Does not: keep pictures (`storage`) or trust what a file calls itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
import sys
from pathlib import Path

import msgspec

from mashang.kit.errors import Refusal, TooMany
from mashang.kit.log import log

MEGAPIXELS, FRAMES, SECONDS = 25, 200, 5  # as in picture_worker, which imports nothing of ours
PREVIEW_TYPE = "image/jpeg"
_SCRIPT = Path(__file__).with_name("picture_worker.py")
_KEPT_WARM = 60.0  # seconds without work
_LONGEST_QUEUE = 8


class PictureUnreadable(Refusal):
    """It is damaged, or not a picture at all."""

    status, code = 415, "picture_unreadable"


class PictureTooLarge(Refusal):
    """More pixels or frames than we open, or more work than we give a picture: `megapixels`, `frames`."""

    status, code = 413, "picture_too_large"


class Picture(msgspec.Struct, frozen=True):
    """A picture written by us; `preview` is a still one of at most 480 pixels, empty when it is that small itself."""

    data: bytes
    preview: bytes
    media_type: str
    width: int
    height: int
    animated: bool


class _Facts(msgspec.Struct):
    refused: str = ""
    media_type: str = ""
    width: int = 0
    height: int = 0
    animated: bool = False
    size: int = 0
    preview: int = 0


class Pictures:
    """One worker process, started when it is needed."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._queued = 0
        self._idle: asyncio.TimerHandle | None = None

    async def prepare(self, data: bytes) -> Picture:
        """Decode and encode again.  Raises PictureUnreadable, PictureTooLarge, TooMany when many wait already."""
        if self._queued >= _LONGEST_QUEUE:
            raise TooMany(retry_after=SECONDS)
        self._queued += 1
        try:
            async with self._turn:
                facts, body = await self._work(data)
        finally:
            self._queued -= 1
        if facts.refused == "unreadable":
            raise PictureUnreadable
        if facts.refused:
            raise PictureTooLarge(megapixels=MEGAPIXELS, frames=FRAMES)
        return Picture(
            body[: facts.size], body[facts.size :], facts.media_type, facts.width, facts.height, facts.animated
        )

    def close(self) -> None:
        """End the worker."""
        if self._idle:
            self._idle.cancel()
        if self._process and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        self._process = None

    async def _work(self, data: bytes) -> tuple[_Facts, bytes]:
        if self._idle:
            self._idle.cancel()
        process = await self._worker()
        done = False
        try:
            async with asyncio.timeout(SECONDS):
                answer = await _ask(process, data)
            done = True
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            log.warning("picture_worker_ended", returncode=process.returncode, size=len(data))
            return _Facts(refused="too_large"), b""
        finally:
            if not done:  # also when the request was cancelled: its answer must not reach the next one
                self.close()
        self._idle = asyncio.get_running_loop().call_later(_KEPT_WARM, self.close)
        return answer

    async def _worker(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", str(_SCRIPT),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                env={}, cwd="/", start_new_session=True, limit=2**20,
            )
        return self._process


async def _ask(process: asyncio.subprocess.Process, data: bytes) -> tuple[_Facts, bytes]:
    reader, writer = process.stdout, process.stdin
    if reader is None or writer is None:
        raise BrokenPipeError
    writer.write(struct.pack(">I", len(data)) + data)
    await writer.drain()
    (size,) = struct.unpack(">I", await reader.readexactly(4))
    facts = msgspec.json.decode(await reader.readexactly(size), type=_Facts)
    return facts, await reader.readexactly(facts.size + facts.preview)
