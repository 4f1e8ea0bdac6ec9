"""`mashang eval codes`: how well typed codes are read, told against a file of what was meant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from mashang.cli import terminal
from mashang.cli.terminal import say
from mashang.codes import judging

evaluating = typer.Typer(help=say("cli_eval"), no_args_is_help=True)

Codes = Annotated[Path, typer.Option("--codes", help=say("cli_eval_codes_file"))]
Inputs = Annotated[Path, typer.Option("--inputs", help=say("cli_eval_inputs_file"))]
Misses = Annotated[Path | None, typer.Option("--misses", help=say("cli_eval_misses_file"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli_as_json"))]


@evaluating.callback()
def _evaluating() -> None:
    """Keep `codes` a word of its own, though it is the only one."""


@evaluating.command("codes", help=say("cli_eval_codes"))
def codes(codes: Codes, inputs: Inputs, misses: Misses = None, as_json: AsJson = False) -> None:
    index, given = judging.read_codes(codes), judging.read_inputs(inputs)
    verdict = judging.judge(index, given)
    if misses:
        misses.write_bytes(msgspec.json.Encoder().encode_lines(judging.misses(index, given)))
    if as_json:
        typer.echo(msgspec.json.encode(verdict))
    else:
        terminal.tell("eval_codes", **_for_people(verdict))


def _for_people(verdict: judging.Verdict) -> dict[str, str]:
    return {
        "inputs": f"{verdict.inputs:,}",
        **{name: f"{getattr(verdict, name):.2%}" for name in ("accuracy", "wrong_rate", "ask_rate")},
        **{name: f"{getattr(verdict, name):.0f}" for name in ("p50_us", "p99_us")},
    }
