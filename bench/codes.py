"""`codes`: what the matcher makes of slips, pinyin, sound-alikes and ordinary sentences, by class of error.

`value` is the share of keyboard slips that are routed wrongly; the reference is the same of the recommended
policy of the project's study, written again in `reference/safe_policy.py`, on the same set.  In `extra` the
shares of each class, of both: routed right, asked with the right one among at most three, routed wrongly.  The
own set grows from a seed; `--codes FILE.csv --inputs FILE.jsonl` measures another one, as `mashang eval codes`.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import process_time_ns

import msgspec

from bench import code_cases, ordinary
from bench.code_cases import Case
from bench.figures import Figure, compared, share
from bench.reference.safe_policy import Routed, SafePolicy
from mashang.codes import judging
from mashang.codes.answers import Ambiguous, Matched
from mashang.codes.matching import Index

_SEED = 7
_SENTENCES = 100_000
_NOW = datetime(2000, 1, 1, tzinfo=UTC)
_MANY = 300  # topics


async def measure(_seconds: float | None) -> Figure:
    """Both readers on the own set, and the product on many sentences; half a minute."""
    cases = code_cases.cases(_SEED)
    index = Index(judging.named_topic(i, code, name) for i, (code, name) in enumerate(code_cases.CODES.items()))
    policy = SafePolicy(code_cases.CODES)
    ours, took = told(index, cases)
    theirs = [outcome(case, policy.read(case.text)) for case in cases]
    value = _wrong(cases, ours, code_cases.KEYBOARD)
    extra = {
        "seed": _SEED,
        "cases": len(cases),
        "routed_wrongly_of_random_slips": _wrong(cases, ours, code_cases.RANDOM),
        "reference_of_random_slips": _wrong(cases, theirs, code_cases.RANDOM),
        "sentences": _SENTENCES,
        "sentences_routed": _routed_sentences(index),
        "mean_us": round(sum(took) / len(took), 1),
        "p99_us": round(share(took, 0.99), 1),
        "mean_us_300_topics": _with_many(cases),
        "worse_than_reference": _worse(cases, ours, theirs),
        "classes": {kind: [_shares(cases, outcomes, kind) for outcomes in (ours, theirs)] for kind in _kinds(cases)},
    }
    return compared(
        "codes",
        value * 100,
        "% of keyboard slips routed wrongly",
        _wrong(cases, theirs, code_cases.KEYBOARD) * 100,
        extra,
    )


def measure_files(codes: Path, inputs: Path) -> Figure:
    """The product and the policy on somebody else's set."""
    index, read = judging.read_codes(codes), judging.read_inputs(inputs)
    verdict = judging.judge(index, read)
    policy = SafePolicy({topic.code: topic.name for topic in index.topics})
    wrong = sum(_wrongly(policy.read(each.text), each.expect) for each in read) / len(read)
    extra = msgspec.structs.asdict(verdict)
    return compared("codes", verdict.wrong_rate * 100, "% routed wrongly", wrong * 100, extra)


def _wrongly(routed: Routed, expect: str | list[str] | None) -> bool:
    allowed = [expect] if isinstance(expect, str) else expect or []
    return routed[0] == "route" and routed[1][0] not in allowed


def told(index: Index, cases: list[Case]) -> tuple[list[str], list[float]]:
    """What became of each case, and the microseconds it took."""
    outcomes, took = [], []
    for case in cases[:500]:
        index.match(case.text, _NOW)
    for case in cases:
        began = process_time_ns()
        answer = index.match(case.text, _NOW)
        took.append((process_time_ns() - began) / 1000)
        routed: Routed = ("none", ())
        if isinstance(answer, Matched):
            routed = "route", (answer.topic.code,)
        elif isinstance(answer, Ambiguous):
            routed = "ask", tuple(topic.code for topic in answer.topics)
        outcomes.append(outcome(case, routed))
    return outcomes, took


def outcome(case: Case, routed: Routed) -> str:
    """Right, asked (with the right one among the choices), asked in vain, wrong or missed."""
    match routed:
        case "route", (code,):
            return "right" if code == case.code else "wrong"
        case "ask", codes:
            return "right" if case.code is None else "asked" if case.code in codes else "asked in vain"
        case _:
            return "missed" if case.code else "right"


def _kinds(cases: list[Case]) -> list[str]:
    return list(dict.fromkeys(case.kind for case in cases))


def _shares(cases: list[Case], told: list[str], kind: str) -> dict[str, float]:
    counted = Counter(outcome for case, outcome in zip(cases, told, strict=True) if case.kind == kind)
    number = counted.total()
    return {"cases": number, **{name: round(counted[name] / number, 4) for name in ("right", "asked", "wrong")}}


def _wrong(cases: list[Case], told: list[str], kinds: tuple[str, ...]) -> float:
    those = [outcome for case, outcome in zip(cases, told, strict=True) if case.kind in kinds]
    return round(those.count("wrong") / len(those), 5)


def _worse(cases: list[Case], ours: list[str], theirs: list[str]) -> list[str]:
    """The classes in which fewer are routed right, fewer are helped at all, or more routed wrongly."""
    found = []
    for kind in _kinds(cases):
        mine, other = (
            Counter(outcome for case, outcome in zip(cases, outcomes, strict=True) if case.kind == kind)
            for outcomes in (ours, theirs)
        )
        helped = mine["right"] + mine["asked"] >= other["right"] + other["asked"]
        if mine["right"] < other["right"] or mine["wrong"] > other["wrong"] or not helped:
            found.append(kind)
    return found


def _routed_sentences(index: Index) -> int:
    draw = random.Random(_SEED + 1)  # noqa: S311 — the same set from the same seed
    sentences = ordinary.sentences(_SENTENCES, draw)
    return sum(isinstance(index.match(sentence, _NOW), Matched) for sentence in sentences)


def _with_many(cases: list[Case]) -> float:
    draw = random.Random(_SEED)  # noqa: S311 — as above
    codes = [*code_cases.CODES, *{"".join(draw.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=3)) for _ in range(_MANY)}][:_MANY]
    names = "".join(code_cases.CODES.values())
    index = Index(
        judging.named_topic(i, code, code_cases.CODES.get(code) or "".join(draw.choices(names, k=4)))
        for i, code in enumerate(codes)
    )
    began = process_time_ns()
    for case in cases:
        index.match(case.text, _NOW)
    return round((process_time_ns() - began) / 1000 / len(cases), 1)
