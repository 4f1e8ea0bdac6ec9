"""`start`: how long `bin/up --no-demo` takes to `ready` when the home was started before, and its memory at rest.

Memory is the proportional share (PSS) of the whole process tree, database included:
what would be free again without it.  Reference: LiveHelperChat, 5 s from nothing and
177 MB, measured once elsewhere.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil

from bench import stage
from bench.figures import Figure, compared, load, median

STARTS = 5
REFERENCE_SECONDS = 5.0
_AT_REST_AFTER = 8.0
_PATIENCE = 600.0  # the very first start may set the folder up


async def measure(seconds: float | None) -> Figure:
    """One first start, then several of the same home; `seconds` of rest before the memory is read."""
    before = load()
    with stage.folder() as home:
        first, _ = await _start(home, 0.0)
        again: list[float] = []
        memory: dict[str, int] = {}
        for turn in range(STARTS):
            rest = (seconds or _AT_REST_AFTER) if turn == STARTS - 1 else 0.0
            took, memory = await _start(home, rest)
            again.append(round(took, 2))
    extra: dict[str, Any] = {
        "first_start": round(first, 2),
        "starts": again,
        "memory_mb": round(sum(memory.values()) / 1e6, 1),
        "memory_by_program_mb": {name: round(size / 1e6, 1) for name, size in memory.items()},
        "reference_memory_mb": 177,
        "machine_before": before,
        "machine_after": load(),
    }
    return compared("start", median(again), "s", REFERENCE_SECONDS, extra)


async def _start(home: Path, rest: float) -> tuple[float, dict[str, int]]:
    """Seconds to `ready`, and the memory of each program after a rest; it is ended again."""
    began = time.monotonic()
    port = stage.free_port()
    up = subprocess.Popen(  # noqa: ASYNC220 — nothing else runs on this loop
        [stage.ROOT / "bin" / "up", "--no-demo", "--port", str(port)],
        env=stage.environment({"MASHANG_HOME": str(home / "home")}),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        took = await asyncio.wait_for(asyncio.to_thread(_ready, up, began), _PATIENCE)
        await asyncio.sleep(rest)
        return took, _memory(up.pid) if rest else {}
    finally:
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=60)


def _ready(up: subprocess.Popen[str], began: float) -> float:
    assert up.stdout is not None
    said = []
    for line in up.stdout:
        if line.startswith("ready"):
            return time.monotonic() - began
        said.append(line)
    raise RuntimeError("it ended before it was ready: " + "".join(said)[-1000:])


def _memory(pid: int) -> dict[str, int]:
    sizes: dict[str, int] = {}
    first = psutil.Process(pid)
    for process in [first, *first.children(recursive=True)]:
        name = process.name()
        sizes[name] = sizes.get(name, 0) + int(process.memory_full_info().pss)
    return sizes
