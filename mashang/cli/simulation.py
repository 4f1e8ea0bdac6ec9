"""`mashang simulate`: how well waits are estimated, and what the assistant would do, in a time whose seed is known."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.table import Table

from mashang.cli import terminal
from mashang.cli.terminal import say
from mashang.kit.trouble import Trouble
from mashang.knowledge import starting
from mashang.routing import accuracy
from mashang.routing.accuracy import Accuracy
from mashang.routing.scenarios import SCENARIOS
from mashang.routing.simulation import simulate

if TYPE_CHECKING:
    from mashang.insights.week import Report

_CONSULTATIONS = Path(__file__).with_name("week") / "consultations.jsonl"

simulating = typer.Typer(help=say("cli_simulate"), no_args_is_help=True)

Chosen = Annotated[list[str] | None, typer.Option("--scenario", help=say("cli_scenario", names=", ".join(SCENARIOS)))]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help=say("cli_seed"))]
Days = Annotated[int | None, typer.Option("--days", min=1, max=60, help=say("cli_days"))]
Number = Annotated[int, typer.Option("--consultations", min=100, max=1_000_000, help=say("cli_consultations"))]
Slots = Annotated[int, typer.Option("--slots", min=1, max=1000, help=say("cli_slots"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli_as_json"))]


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


@simulating.command("week", help=say("cli_simulate_week"))
def week(seed: Seed = 1, consultations: Number = 5000, slots: Slots = 12, as_json: AsJson = False) -> None:
    from mashang.insights import week as weeks  # noqa: PLC0415 — with all that a finder needs
    from mashang.knowledge import learning  # noqa: PLC0415 — as above
    from mashang.knowledge.finder import Answerable  # noqa: PLC0415 — as above

    drawn = msgspec.json.Decoder(weeks.Consultation).decode_lines(_CONSULTATIONS.read_bytes())
    known = [Answerable(one.key, one.asked, one.words) for one in starting.starters()]
    model = learning.learn(known)
    report = weeks.simulate(model, drawn, seed=seed, number=consultations, slots=slots)
    if as_json:
        typer.echo(msgspec.json.encode(report))
    else:
        _tell_week(report)


def _tell_week(report: Report) -> None:
    figures = msgspec.to_builtins(report)
    shares = ("resolution", "really_solved", "wrong", "misled", "handed_over")
    told = {name: f"{figures[name]:.1%}" for name in shares}
    firsts = {
        f"{name}_{part}": f"{figures[name][part]:,.0f}"
        for name in ("first_response", "first_response_assisted", "first_response_without")
        for part in ("p50", "p90")
    }
    words = {reason: say(f"week_reason_{reason}") for reason in report.reasons}
    reasons = " · ".join(f"{words[reason]} {n:,}" for reason, n in report.reasons.items())
    facts = {name: f"{figures[name]:,}" for name in ("consultations", "basic", "slots")}
    terminal.tell("simulate_week", **facts, **told, **firsts, reasons=reasons, seed=report.seed)


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
