"""`mashang simulate queue`: how well waits are estimated, on days of which the seed is known."""

from __future__ import annotations

from statistics import fmean
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from mashang.cli import terminal
from mashang.cli.terminal import say
from mashang.kit.trouble import Trouble
from mashang.routing import accuracy
from mashang.routing.accuracy import Accuracy
from mashang.routing.scenarios import SCENARIOS
from mashang.routing.simulation import simulate

simulating = typer.Typer(help=say("cli_simulate"), no_args_is_help=True)

Chosen = Annotated[list[str] | None, typer.Option("--scenario", help=say("cli_scenario", names=", ".join(SCENARIOS)))]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help=say("cli_seed"))]
Days = Annotated[int | None, typer.Option("--days", min=1, max=60, help=say("cli_days"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli_as_json"))]


@simulating.callback()
def _simulating() -> None:
    """Keep `queue` a word of its own, though it is the only one."""


@simulating.command("queue", help=say("cli_simulate_queue"))
def queue(scenario: Chosen = None, seed: Seed = 1, days: Days = None, as_json: AsJson = False) -> None:
    unknown = [name for name in scenario or [] if name not in SCENARIOS]
    if unknown:
        raise Trouble("scenario", name=unknown[0], known=", ".join(SCENARIOS))
    judged = {name: _judge(name, seed, days) for name in dict.fromkeys(scenario or SCENARIOS)}
    if as_json:
        typer.echo(msgspec.json.encode({"seed": seed, "scenarios": judged, "mean": _means(judged)}))
    else:
        _show(judged)


def _judge(name: str, seed: int, days: int | None) -> Accuracy:
    return accuracy.judge(simulate(SCENARIOS[name], seed, days).heard)


def _means(judged: dict[str, Accuracy]) -> dict[str, float]:
    return {
        "error": fmean(one.error for one in judged.values()),
        "by_length": fmean(one.by_length for one in judged.values()),
        "by_last": fmean(one.by_last for one in judged.values()),
    }


def _show(judged: dict[str, Accuracy]) -> None:
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column(say("simulate_scenario"), no_wrap=True)
    for key in ("customers", "mean_wait", "error", "by_length", "by_last", "holds", "width"):
        table.add_column(say(f"simulate_{key}"), justify="right", no_wrap=True)
    for name, one in judged.items():
        table.add_row(
            name,
            f"{one.customers:,}",
            f"{one.mean_wait:.1f}",
            *(f"{error:.2f}" for error in (one.error, one.by_length, one.by_last)),
            f"{one.holds:.0%}",
            f"{one.width:.1f}",
        )
    if len(judged) > 1:
        mean = _means(judged)
        table.add_row(say("simulate_mean"), "", "", *(f"{error:.2f}" for error in mean.values()), style="bold")
    terminal.console.print(table)
    terminal.tell("simulate_legend")
