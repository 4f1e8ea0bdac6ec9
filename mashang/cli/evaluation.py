"""`mashang eval`: how well codes are read and answers found, told against files of what was meant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from mashang.cli import terminal
from mashang.cli.terminal import say
from mashang.codes import judging
from mashang.kit.memory import resident_mb

evaluating = typer.Typer(help=say("cli_eval"), no_args_is_help=True)

Codes = Annotated[Path, typer.Option("--codes", help=say("cli_eval_codes_file"))]
Inputs = Annotated[Path, typer.Option("--inputs", help=say("cli_eval_inputs_file"))]
Misses = Annotated[Path | None, typer.Option("--misses", help=say("cli_eval_misses_file"))]
Knowledge = Annotated[Path, typer.Option("--knowledge", help=say("cli_eval_knowledge_file"))]
Questions = Annotated[Path, typer.Option("--questions", help=say("cli_eval_questions_file"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli_as_json"))]


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


@evaluating.command("answers", help=say("cli_eval_answers"))
def answers(knowledge: Knowledge, questions: Questions, as_json: AsJson = False) -> None:
    before = resident_mb()
    from mashang.knowledge import judging as knowledge_judging  # noqa: PLC0415 — its memory is part of what is told

    known = knowledge_judging.read_knowledge(knowledge)
    verdict = knowledge_judging.judge(known, knowledge_judging.read_questions(questions, known), since_mb=before)
    if as_json:
        typer.echo(msgspec.json.encode(verdict))
        return
    shares = {name: _share(getattr(verdict, name)) for name in _SHARES}
    terminal.tell("eval_answers", **shares, questions=f"{verdict.questions:,}", p50=verdict.p50_ms, p99=verdict.p99_ms)
    if verdict.silent:
        terminal.tell(f"eval_answers_{verdict.silent}")


_SHARES = (
    "accuracy_at_1", "accuracy_at_5", "answered_right", "answered_wrong", "suggested_right", "rejected_answered",
    "precision",
)  # fmt: skip


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _for_people(verdict: judging.Verdict) -> dict[str, str]:
    return {
        "inputs": f"{verdict.inputs:,}",
        **{name: f"{getattr(verdict, name):.2%}" for name in ("accuracy", "wrong_rate", "ask_rate")},
        **{name: f"{getattr(verdict, name):.0f}" for name in ("p50_us", "p99_us")},
    }
