"""`bin/bench NAME… [--json] [--seconds N] [--record]`: measure, and print a JSON object a line."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable

import uvloop

from bench import connections, estimate, latency, messages, record, start, widget
from bench.figures import Figure

BENCHES: dict[str, Callable[[float | None], Awaitable[Figure]]] = {
    "messages": messages.measure,
    "latency": latency.measure,
    "connections": connections.measure,
    "estimate": estimate.measure,
    "start": start.measure,
    "widget": widget.measure,
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
    given = parser.parse_args()
    figures = []
    for name in BENCHES if "all" in given.names else given.names:
        figure = uvloop.run(_measured(name, given.seconds))
        figures.append(figure)
        print(figure.line() if given.json else _short(figure), flush=True)
    if given.record:
        record.write(figures)


async def _measured(name: str, seconds: float | None) -> Figure:
    return await BENCHES[name](seconds)


def _short(figure: Figure) -> str:
    against = "" if figure.reference is None else f"   reference {figure.reference:g}   ratio {figure.ratio:g}"
    return f"{figure.bench:10} {figure.value:g} {figure.unit}{against}"


if __name__ == "__main__":
    main()
