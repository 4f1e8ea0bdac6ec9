"""`bin/bench NAME… [--json] [--seconds N] [--record]`: measure, and print a JSON object a line."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from bench import (
    codes,
    connections,
    dispatch,
    estimate,
    finding,
    help_pages,
    latency,
    match,
    messages,
    page,
    record,
    start,
    widget,
)
from bench.figures import Figure

BENCHES: dict[str, Callable[[float | None], Awaitable[Figure]]] = {
    "messages": messages.measure,
    "latency": latency.measure,
    "connections": connections.measure,
    "dispatch": dispatch.measure,
    "estimate": estimate.measure,
    "codes": codes.measure,
    "match": match.measure,
    "answers": finding.measure,
    "start": start.measure,
    "widget": widget.measure,
    "page": page.measure,
    "help": help_pages.measure,
}


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measures the product beside references.")
    parser.add_argument(
        "names", nargs="+", choices=[*BENCHES, "all"], metavar="NAME", help=" · ".join([*BENCHES, "all"])
    )
    parser.add_argument("--json", action="store_true", help="the whole figure, one JSON object a line")
    parser.add_argument("--seconds", type=float, help="length of one measured run")
    parser.add_argument("--record", action="store_true", help="write the figures into bench/RESULTS.md")
    parser.add_argument("--codes", type=Path, help="`codes`: another file of codes (CSV with code and name) …")
    parser.add_argument("--inputs", type=Path, help="… and of what was typed (JSON lines with text and expect)")
    parser.add_argument("--knowledge", type=Path, help="`answers`: also a file of answers (JSON lines) …")
    parser.add_argument("--questions", type=Path, help="… and of questions (JSON lines with text and expect)")
    given = parser.parse_args()
    if (given.codes is None) != (given.inputs is None):
        parser.error("--codes and --inputs belong together")
    if (given.knowledge is None) != (given.questions is None):
        parser.error("--knowledge and --questions belong together")
    figures = []
    for name in BENCHES if "all" in given.names else given.names:
        figure = _on_files(name, given) or uvloop.run(_measured(name, given.seconds))
        figures.append(figure)
        print(figure.line() if given.json else _short(figure), flush=True)
    if given.record:
        record.write(figures)


def _on_files(name: str, given: argparse.Namespace) -> Figure | None:
    if name == "codes" and given.inputs:
        return codes.measure_files(given.codes, given.inputs)
    if name == "answers" and given.questions:
        return finding.measure_files(given.knowledge, given.questions)
    return None


async def _measured(name: str, seconds: float | None) -> Figure:
    return await BENCHES[name](seconds)


def _short(figure: Figure) -> str:
    against = "" if figure.reference is None else f"   reference {figure.reference:g}"
    against += "" if figure.ratio is None else f"   ratio {figure.ratio:g}"
    return f"{figure.bench:10} {figure.value:g} {figure.unit}{against}"


if __name__ == "__main__":
    main()
