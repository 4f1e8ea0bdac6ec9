"""Writes `RESULTS.md`: the machine, the figures beside their goals, and what people added by hand below.

Each figure says when it was measured, and whether the machine was busy; what is not measured again stays.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.figures import Figure, machine

_FILE = Path(__file__).with_name("RESULTS.md")
_QUIET_PERCENT = 15
_BUSY = "busy machine"
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
    "help": "p95 ≤ 60 ms and ratio ≤ 2",
    "answers": "above the reference; precision ≥ 94 %; ≤ 2 ms p99; classifiers of 10,000 phrasings ≤ 5 s, ≤ 350 MB",
}
_MEASURED = re.compile(r"^Measured (\d{4}-\d\d-\d\d \d\d:\d\d) UTC", re.MULTILINE)
_ROW = re.compile(r"^\| (\w+) \|.*\|$", re.MULTILINE)
_RUNS = re.compile(r"<details><summary>(\w+): all runs</summary>.*?</details>", re.DOTALL)
_COLUMNS = 6


def write(figures: list[Figure], file: Path = _FILE) -> None:
    """Put these figures in; other figures, and the part written by hand, stay."""
    generated, _, by_hand = (file.read_text("utf-8") if file.exists() else "").partition(_BY_HAND)
    file.write_text(_generated(figures, generated) + f"\n{_BY_HAND}{by_hand or chr(10)}", "utf-8")


def _generated(figures: list[Figure], before: str) -> str:
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M}"
    rows = _rows_of(before) | {one.bench: _row(one, now) for one in figures}
    runs = {found[1]: found[0] for found in _RUNS.finditer(before)} | {one.bench: _runs(one) for one in figures}
    on = machine()
    lines = [
        "# Results",
        "",
        (
            f"Measured by `bin/bench NAME… --record`, last on {on['processors']} processors ({on['processor']}), "
            f"{on['memory_gib']} GiB, {on['system']}, Python {on['python']}, embedded PostgreSQL with fsync on, "
            "everything over loopback. Ratios carry over to other machines, absolute figures do not."
        ),
        "",
        *_warning(rows),
        "| bench | value | reference | ratio | goal | measured (UTC) |",
        "|---|---|---|---|---|---|",
        *rows.values(),
    ]
    return "\n".join(lines) + "\n\n" + "\n\n".join(runs.values()) + "\n"


def _rows_of(before: str) -> dict[str, str]:
    """Rows by bench; one without its own time was measured when the file says."""
    at = _MEASURED.search(before)
    return {
        found[1]: found[0] if found[0].count(" | ") == _COLUMNS - 1 else f"{found[0]} {at[1] if at else '–'} |"
        for found in _ROW.finditer(before)
        if found[1] in _GOALS
    }


def _row(figure: Figure, now: str) -> str:
    busy = figure.extra.get("machine_before", {}).get("busy_percent", 0)
    cells = [
        figure.bench,
        f"{figure.value:g} {figure.unit}",
        _or_none(figure.reference),
        _or_none(figure.ratio),
        _GOALS[figure.bench],
        now if busy <= _QUIET_PERCENT else f"{now}, {_BUSY} ({busy:g} %)",
    ]
    return f"| {' | '.join(cells)} |"


def _runs(figure: Figure) -> str:
    shown = msgspec.json.format(msgspec.json.encode(figure.extra), indent=1).decode()
    return f"<details><summary>{figure.bench}: all runs</summary>\n\n```json\n{shown}\n```\n</details>"


def _warning(rows: dict[str, str]) -> list[str]:
    """Say so when others used the machine: nobody should have to guess it from the figures."""
    busy = [name for name, row in rows.items() if _BUSY in row]
    if not busy:
        return []
    warning = (
        f"**Not a quiet machine.** Its processors were in use before these began ({', '.join(busy)}): "
        "the absolute figures are too low and the ratios uncertain. Measure again."
    )
    return [warning, ""]


def _or_none(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
