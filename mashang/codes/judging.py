"""How well the matcher reads what people typed, told against what they meant.

A file of codes (columns `code,name`; others are passed over) and a file of inputs, a
JSON object a line: `{"text": …, "expect": …}`.  `expect` is a code (must be routed
there), null (must not be routed) or a list (routed to one of these, or asked).

*Routed wrongly* is routed anywhere that `expect` does not allow; a question is never
that, and is right only where the list allows it or nothing was to be routed.

Does not: hold a set of inputs; the repository's own grows in `bench`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter_ns
from typing import Any

import msgspec

from mashang.codes.answers import Ambiguous, Answer, Matched
from mashang.codes.code import Topic, is_topic_code, normalise
from mashang.codes.matching import Index
from mashang.kit.given import lines_of, text_of
from mashang.kit.trouble import Trouble

_NOW = datetime(2000, 1, 1, tzinfo=UTC)  # nothing in these files expires
_WARMED = 300


class Input(msgspec.Struct, frozen=True):
    """What was typed, and what it is to lead to."""

    text: str
    expect: str | list[str] | None


class Miss(msgspec.Struct, frozen=True):
    """An input that was not read as expected, and what it was taken for: a code, a list that is asked, or null."""

    text: str
    expect: str | list[str] | None
    got: str | list[str] | None


class Verdict(msgspec.Struct, frozen=True):
    """Shares of all inputs, and microseconds of one."""

    inputs: int
    accuracy: float
    wrong_rate: float
    ask_rate: float
    mean_us: float
    p50_us: float
    p99_us: float


def read_codes(path: Path) -> Index:
    """The codes of a file; raises Trouble, in one sentence, for a file that is none."""
    rows = csv.DictReader(io.StringIO(text_of(path)), strict=True)
    try:
        if not {"code", "name"} <= set(rows.fieldnames or ()):
            raise Trouble("eval_columns", path=path)
        topics = [_topic(path, rows.line_num, number, row) for number, row in enumerate(rows)]
    except csv.Error as error:
        raise Trouble("eval_line", path=path, line=rows.line_num, reason=error) from None
    if not topics:
        raise Trouble("eval_empty", path=path)
    seen: set[str] = set()
    for topic in topics:
        if topic.code in seen:
            raise Trouble("eval_twice", path=path, name=topic.code)
        seen.add(topic.code)
    return Index(topics)


def _topic(path: Path, line: int, number: int, row: dict[str, Any]) -> Topic:
    code, name = normalise(row["code"] or ""), (row["name"] or "").strip()
    if not is_topic_code(code) or not name:
        raise Trouble("eval_code", path=path, line=line)
    return named_topic(number, code, name)


def named_topic(number: int, code: str, name: str) -> Topic:
    """A topic of which only code and name matter."""
    return Topic(
        id=number, public_id=code, code=code, name=name, name_en="", department_id=0, department_public_id="",
        department="", department_en="", greeting="", greeting_en="", icon="", context=(), shown=True, position=number,
    )  # fmt: skip


def read_inputs(path: Path) -> list[Input]:
    """The inputs of a file; raises Trouble, in one sentence, for a file that is none."""
    return [line for _, line in lines_of(path, Input)]


def judge(index: Index, inputs: Sequence[Input]) -> Verdict:
    """Ask for every input, and compare."""
    for each in inputs[:_WARMED]:
        index.match(each.text, _NOW)
    right = wrong = asked = 0
    took: list[float] = []
    for each in inputs:
        began = perf_counter_ns()
        answer = index.match(each.text, _NOW)
        took.append((perf_counter_ns() - began) / 1000)
        routed = answer.topic.code if isinstance(answer, Matched) else None
        right += is_right(answer, each.expect)
        wrong += routed is not None and routed not in _allowed(each.expect)
        asked += isinstance(answer, Ambiguous)
    took.sort()
    return Verdict(
        inputs=len(inputs),
        accuracy=round(right / len(inputs), 6),
        wrong_rate=round(wrong / len(inputs), 6),
        ask_rate=round(asked / len(inputs), 6),
        mean_us=round(sum(took) / len(took), 2),
        p50_us=round(_share(took, 0.5), 2),
        p99_us=round(_share(took, 0.99), 2),
    )


def misses(index: Index, inputs: Sequence[Input]) -> list[Miss]:
    """Which inputs were not read as expected."""
    answers = ((each, index.match(each.text, _NOW)) for each in inputs)
    return [Miss(each.text, each.expect, _got(answer)) for each, answer in answers if not is_right(answer, each.expect)]


def _got(answer: Answer) -> str | list[str] | None:
    match answer:
        case Matched(topic):
            return topic.code
        case Ambiguous(topics):
            return [topic.code for topic in topics]
    return None


def is_right(answer: Answer, expect: str | Iterable[str] | None) -> bool:
    """Does this answer do what was expected?"""
    match answer:
        case Matched(topic):
            return topic.code in _allowed(expect)
        case Ambiguous():
            return not isinstance(expect, str)
        case _:
            return expect is None


def _allowed(expect: str | Iterable[str] | None) -> set[str]:
    codes = [expect] if isinstance(expect, str) else expect or ()
    return set(map(normalise, codes))


def _share(ranked: list[float], part: float) -> float:
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))]
