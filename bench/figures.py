"""One measured figure, and the machine it was measured on."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
import psutil


class Figure(msgspec.Struct, kw_only=True):
    """A line of `bin/bench`: `ratio` is value ÷ reference."""

    bench: str
    value: float
    unit: str
    reference: float | None = None
    ratio: float | None = None
    extra: dict[str, Any] = {}

    def line(self) -> str:
        """As JSON."""
        return msgspec.json.encode(self).decode()


def compared(bench: str, value: float, unit: str, reference: float, extra: dict[str, Any]) -> Figure:
    """A figure with its ratio, rounded as far as it means something."""
    return Figure(
        bench=bench,
        value=round(value, 3),
        unit=unit,
        reference=round(reference, 3),
        ratio=round(value / reference, 3) if reference else None,
        extra=extra,
    )


def load() -> dict[str, float]:
    """How busy the machine is, with everything on it: look at it before believing a figure."""
    one, five, _ = os.getloadavg()
    return {
        "load_1m": round(one, 2),
        "load_5m": round(five, 2),
        "busy_percent": psutil.cpu_percent(interval=0.5),
        "fdatasync_ms": milliseconds(_flush()),
    }


def _flush() -> float:
    """Seconds the disk takes to make 8 kB safe, where the databases of the benches lie."""
    took = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(21):
            file.write(bytes(8192))
            file.flush()
            began = perf_counter()
            os.fdatasync(file.fileno())
            took.append(perf_counter() - began)
    return median(took)


def machine() -> dict[str, Any]:
    """What it was measured on."""
    processor = platform.processor()
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        named = [line for line in cpu_info.read_text("utf-8").splitlines() if line.startswith("model name")]
        processor = named[0].partition(":")[2].strip() if named else processor
    return {
        "processors": os.cpu_count(),
        "processor": processor,
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def median(values: Sequence[float]) -> float:
    """The middle one, or the lower of the two in the middle."""
    return sorted(values)[(len(values) - 1) // 2]


def share(values: Sequence[float], part: float) -> float:
    """The value that `part` of them do not exceed (nearest rank)."""
    if not values:
        return 0.0
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, round(part * len(ranked) + 0.5) - 1)]


def milliseconds(seconds: float) -> float:
    """For people."""
    return round(seconds * 1000, 2)
