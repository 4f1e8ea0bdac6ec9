"""Writes `RESULTS.md`: the machine, the figures beside their goals, and what people added by hand below."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.figures import Figure, machine

_FILE = Path(__file__).with_name("RESULTS.md")
_BY_HAND = "<!-- below this line: written by hand -->"
_GOALS = {
    "messages": "ratio ≥ 0.5, reference ≥ 0.45 of the ceiling, nothing lost or repeated",
    "latency": "ratio ≤ 3, and ≤ 10 ms on a quiet machine",
    "start": "≤ 5 s; ≤ 250 MB at rest",
    "widget": "≤ 15 kB in 2 requests; ≤ 45 kB until one can type",
}


def write(figures: list[Figure]) -> None:
    """Put these figures in; the part written by hand stays."""
    old = _FILE.read_text("utf-8") if _FILE.exists() else ""
    by_hand = old.partition(_BY_HAND)[2]
    _FILE.write_text(_generated(figures) + f"\n{_BY_HAND}{by_hand or chr(10)}", "utf-8")


def _generated(figures: list[Figure]) -> str:
    on = machine()
    lines = [
        "# Results",
        "",
        (
            f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC by `bin/bench --record` on {on['processors']} processors "
            f"({on['processor']}), {on['memory_gib']} GiB, {on['system']}, Python {on['python']}, "
            "embedded PostgreSQL with "
            "fsync on, everything over loopback. Ratios carry over to other machines, absolute figures do not."
        ),
        "",
        "| bench | value | reference | ratio | goal |",
        "|---|---|---|---|---|",
        *(
            f"| {f.bench} | {f.value:g} {f.unit} | {_or_none(f.reference)} | {_or_none(f.ratio)} | {_GOALS[f.bench]} |"
            for f in figures
        ),
    ]
    for figure in figures:
        shown = msgspec.json.format(msgspec.json.encode(figure.extra), indent=1).decode()
        lines += [
            "",
            f"<details><summary>{figure.bench}: all runs</summary>",
            "",
            "```json",
            shown,
            "```",
            "</details>",
        ]
    return "\n".join(lines) + "\n"


def _or_none(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
