"""Pictures from strangers, made safe: decoded and encoded again in a process of their own.

Decoders of picture formats are where one file has often been enough to crash or own
a program.  Ours runs in `picture_worker`, limited in memory, time and pixels; what
comes back is a picture that we wrote ourselves, of its pixels only.  One worker is
kept warm while there is work, and replaced when it was killed, by itself or by us.

There is one worker for everybody, so nobody may fill its queue or its time: of the places
that wait one side has two and one address half of them, and the seconds a picture took are
charged to both.

Does not: keep pictures (`storage`) or trust what a file calls itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Timer
from typing import IO

import msgspec

from mashang.kit.errors import Refusal, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.log import log

MEGAPIXELS, FRAMES, SECONDS = 25, 200, 5  # as in picture_worker, which imports nothing of ours
PREVIEW_TYPE = "image/jpeg"
_SCRIPT = Path(__file__).with_name("picture_worker.py")
_KEPT_WARM = 60.0  # seconds without work
_LONGEST_QUEUE = 8
_MOST_OF_ONE, _MOST_OF_AN_ADDRESS = 2, 4  # places in the queue


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
    """One worker process, started when it is needed; pictures take turns."""

    def __init__(self) -> None:
        self._turns = ThreadPoolExecutor(1, "pictures")
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting = Counter[str]()  # pictures, by side and by address
        self._queued = 0
        self._idle: asyncio.TimerHandle | None = None
        # Seconds of work: a side may use ten at once and a tenth of the worker's time for long, an address half of it.
        self._of_one, self._of_an_address = Limiter(0.1, 10), Limiter(0.5, 30)

    async def prepare(self, data: bytes, *, who: str = "", address: str = "") -> Picture:
        """Decode and encode again, for whom the time is charged to; agents have no `address`.

        Raises PictureUnreadable, PictureTooLarge, TooMany when many wait already or this side used its time.
        """
        self._admit(who, address)
        loop = asyncio.get_running_loop()
        sides = Counter(key for key in (who, address) if key)
        self._queued += 1
        self._waiting += sides
        work = self._turns.submit(self._timed, data)
        # Told by the work itself: an upload that is given up has its place and its time as long as they are used.
        work.add_done_callback(lambda done: loop.call_soon_threadsafe(self._left, who, address, sides, done))
        facts, body, _ = await asyncio.wrap_future(work)
        if facts.refused == "unreadable":
            raise PictureUnreadable
        if facts.refused:
            raise PictureTooLarge(megapixels=MEGAPIXELS, frames=FRAMES)
        return Picture(
            body[: facts.size], body[facts.size :], facts.media_type, facts.width, facts.height, facts.animated
        )

    def _admit(self, who: str, address: str) -> None:
        is_full = self._queued >= _LONGEST_QUEUE
        if is_full or self._waiting[who] >= _MOST_OF_ONE or self._waiting[address] >= _MOST_OF_AN_ADDRESS:
            raise TooMany(retry_after=SECONDS)
        if who:
            self._of_one.take(who, 0)
        if address:
            self._of_an_address.take(address, 0)

    def _left(self, who: str, address: str, sides: Counter[str], done: Future[tuple[_Facts, bytes, float]]) -> None:
        """One place is free again, and its time was used."""
        self._queued -= 1
        self._waiting -= sides
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(_KEPT_WARM, self._turns.submit, self._end)
        if done.cancelled() or done.exception():
            return
        seconds = done.result()[2]
        if who:
            self._of_one.charge(who, seconds)
        if address:
            self._of_an_address.charge(address, seconds)

    def close(self) -> None:
        """End the worker, whatever it is doing."""
        if self._idle:
            self._idle.cancel()
        if self._process:
            self._process.kill()
        self._turns.submit(self._end)
        self._turns.shutdown()

    def _timed(self, data: bytes) -> tuple[_Facts, bytes, float]:
        begun = time.monotonic()
        return *self._work(data), time.monotonic() - begun

    def _work(self, data: bytes) -> tuple[_Facts, bytes]:
        """One picture; whatever goes wrong with the worker ends it, so that no answer reaches the next picture."""
        process = self._worker()
        overdue = Timer(SECONDS, process.kill)
        overdue.start()
        try:
            return _ask(process, data)
        except (OSError, EOFError, msgspec.DecodeError):
            self._end()
            log.warning("picture_worker_ended", returncode=process.returncode, size=len(data))
            return _Facts(refused="too_large"), b""
        finally:
            overdue.cancel()
            overdue.join()

    def _worker(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            with contextlib.suppress(OSError):  # what was not written yet has nobody to read it
                process.communicate()


def _ask(process: subprocess.Popen[bytes], data: bytes) -> tuple[_Facts, bytes]:
    reader, writer = process.stdout, process.stdin
    if reader is None or writer is None:
        raise BrokenPipeError
    writer.write(struct.pack(">I", len(data)) + data)
    writer.flush()
    (size,) = struct.unpack(">I", _exactly(reader, 4))
    facts = msgspec.json.decode(_exactly(reader, size), type=_Facts)
    return facts, _exactly(reader, facts.size + facts.preview)


def _exactly(reader: IO[bytes], size: int) -> bytes:
    data = reader.read(size)
    if len(data) < size:
        raise EOFError
    return data
