"""Starting the process that learns (`learner`) and taking what it learnt.

From much knowledge it learns twice, classifiers at once and calibrated ones a while later; then it examines it.

Does not: load a library that only learning needs.
"""

from __future__ import annotations

import asyncio
import os
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Self

import msgspec

_MUCH = 250_000  # bytes: some thousands of phrasings
_HEAD = struct.Struct(">QB")
UNCALIBRATED, CALIBRATED, EXAMINED = range(3)


class LearningFailed(Exception):
    """The learner ended without a calibrated model; its argument is how it ended."""


class Said(NamedTuple):
    """A packed model, or (EXAMINED) what the doctor found as JSON.

    A model that is not calibrated is to be used with the thresholds of the one before.
    """

    what: int
    content: bytes


class Written(msgspec.Struct, frozen=True):
    """An answer as the learner is told it: its own words, or titles and Markdown that it makes them of."""

    id: str
    phrasings: tuple[str, ...]
    words: str = ""
    texts: tuple[tuple[str, str], ...] = ()


def _command() -> list[str]:
    return [sys.executable, "-m", "mashang.knowledge.learner", str(os.getpid())]


def _environment(request: bytes) -> dict[str, str]:
    threads = (os.cpu_count() or 1) if len(request) > _MUCH else 1  # threads that wait for a little work cost more
    return {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "PYTHONPATH": os.pathsep.join(sys.path)}


class Learner:
    """One in the background that gives way to everybody; `async with` ends it, whatever it has said by then."""

    def __init__(self, request: bytes) -> None:
        self._request = request

    async def __aenter__(self) -> Self:
        # Not the loop's own kind of child: given up while it starts, that one is left behind, and its pipes after it.
        self._process = subprocess.Popen(  # noqa: ASYNC220 — some milliseconds
            [*_command(), "examined", "nice"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(self._request),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.kill()
        await asyncio.to_thread(self._end)

    async def says(self) -> AsyncIterator[Said]:
        """What it says; raises LearningFailed."""
        await asyncio.to_thread(self._ask)
        what = UNCALIBRATED
        while what != EXAMINED:
            said = await asyncio.to_thread(_heard, self._process)
            what = said.what
            yield said

    def _ask(self) -> None:
        """It reads everything before it says anything."""
        if self._process.stdin:
            with suppress(BrokenPipeError), self._process.stdin as asked:
                asked.write(self._request)

    def _end(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                if pipe:
                    pipe.close()


def learnt_at_once(answers: Sequence[Any]) -> Iterator[Said]:
    """Models, the calibrated one last, for a command that somebody waits for; raises LearningFailed."""
    request = msgspec.json.encode(answers)
    with subprocess.Popen(
        _command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(request)
    ) as process:
        if process.stdin:
            with suppress(BrokenPipeError), process.stdin as asked:
                asked.write(request)
        what = UNCALIBRATED
        while what != CALIBRATED:
            said = _heard(process)
            what = said.what
            yield said


def _heard(process: subprocess.Popen[bytes]) -> Said:
    said = process.stdout
    head = said.read(_HEAD.size) if said else b""
    size, what = _HEAD.unpack(head) if len(head) == _HEAD.size else (0, 0)
    content = said.read(size) if said and size else b""
    if not content or len(content) < size:
        raise LearningFailed(process.wait())
    return Said(what, content)


def framed(what: int, said: bytes) -> bytes:
    """Something as the learner says it."""
    return _HEAD.pack(len(said), what) + said
