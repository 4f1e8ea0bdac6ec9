"""Writes `RESULTS.md`: the machine, the figures beside their goals, and what people added by hand below."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.figures import Figure, machine

_FILE = Path(__file__).with_name("RESULTS.md")
_QUIET_PERCENT = 15
_BY_HAND = "<!-- below this line: written by hand -->"
_GOALS = {
    "messages": "ratio ≥ 0.5, reference ≥ 0.45 of the ceiling, nothing lost or repeated",
    "latency": "ratio ≤ 3, and ≤ 10 ms on a quiet machine",
    "connections": "ratio ≤ 2, and ≤ 40 kB",
    "dispatch": "≥ 500/s; the cost of one at 10,000 waiting < 3 × that at 100",
    "estimate": "≤ 0.40 and below both rules; P90 holds for 85–95 %, P90 ÷ P50 ≤ 3; simulator within 5 % of Erlang-A",
    "codes": "no class worse; ≤ 0.3 % of keyboard and ≤ 1.5 % of random slips wrong; no sentence; ≤ 50 µs",
    "match": "p99 ≤ 2 ms, ratio ≤ 3; a stranger's times within 5 %",
    "start": "≤ 5 s; ≤ 250 MB at rest",
    "widget": "≤ 15 kB in 2 requests; ≤ 45 kB until one can type",
    "page": "≤ 30 ms and ratio ≤ 2; largest paint ≤ 1 s; ≤ 200 rows in the page",
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
        *_warning(figures),
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


def _warning(figures: list[Figure]) -> list[str]:
    """Say so when others used the machine: nobody should have to guess it from the figures."""
    busy = {figure.bench: figure.extra.get("machine_before", {}).get("busy_percent", 0) for figure in figures}
    if max(busy.values(), default=0) <= _QUIET_PERCENT:
        return []
    told = ", ".join(f"{name} {percent:g} %" for name, percent in busy.items())
    warning = (
        f"**Not a quiet machine.** Its processors were in use before each bench began ({told}): "
        "the absolute figures are too low and the ratios uncertain. Measure again."
    )
    return [warning, ""]


def _or_none(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
