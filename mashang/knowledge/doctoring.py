"""The knowledge doctor: what the knowledge says of itself when parts of it are held back.

Answers that are taken for each other are to be merged or told apart (at a fifth of the phrasings that is right
eight times in ten; facts: measured on 93 overlapping answers); answers with few phrasings want more; and how many
more questions would find their answer with twice the phrasings is read from how it went with fewer.

Does not: change anything; an editor decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log2
from time import perf_counter

import msgspec
import numpy as np

from mashang.knowledge import calibration as calibrating
from mashang.knowledge import holding_back
from mashang.knowledge.calibration import Calibration, Sample
from mashang.knowledge.finder import TARGET, Answerable, Model
from mashang.knowledge.holding_back import Task
from mashang.knowledge.learning import Learnt, learnt, too_few
from mashang.knowledge.packing import packed

CONFUSED = 0.2  # of an answer's phrasings lead to the other
THIN = 8  # phrasings
_EXAMPLES = 6  # of each way
_MOST_SHOWN = 60
_PARTS = (0.25, 0.5)
_CHOICES = 3  # offered at once
_TIMED = 200  # questions


class Strayed(msgspec.Struct, frozen=True):
    """A phrasing of `answer` that led elsewhere, as it is read; `phrasing`: which one that is, for who shows it."""

    answer: str
    text: str
    phrasing: str = ""


class Pair(msgspec.Struct, frozen=True):
    """Two answers taken for each other; `share` is the larger of both directions."""

    one: str
    other: str
    share: float
    examples: list[Strayed]


class Held(msgspec.Struct, frozen=True):
    """How an answer is asked for, and which share of that led to it when held back (None: none could be)."""

    answer: str
    phrasings: int
    right: float | None


class Point(msgspec.Struct, frozen=True):
    """With so many phrasings an answer, this share was right."""

    phrasings: float
    right: float


class Examination(msgspec.Struct, frozen=True, kw_only=True):
    """The findings, by public ids of articles; shares are of phrasings held back (None: too few to hold any back)."""

    answers: int
    phrasings: int
    right: float | None = None
    answered_right: float | None = None
    answered_wrong: float | None = None
    related_answered: float | None = None
    accuracy_at_5: float | None = None
    mrr: float | None = None
    auroc: float | None = None
    suggested_right: float | None = None
    precision: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    memory_mb: float | None = None
    silent: str = ""
    pairs: list[Pair] = []
    thin: list[Held] = []
    weakest: list[Held] = []
    curve: list[Point] = []
    with_twice: float | None = None


def examine(answers: Sequence[Answerable], known: Learnt) -> Examination:
    """Examine what was learnt and calibrated."""
    task, model, sample = known
    if task is None:
        return Examination(answers=0, phrasings=0)
    sizes = np.bincount(task.owners[task.is_asked], minlength=len(model.ids))
    silent = model.calibration.silent(TARGET)
    thin = [Held(model.ids[at], int(sizes[at]), None) for at in np.argsort(sizes, kind="stable") if sizes[at] < THIN]
    found = Examination(answers=len(model.ids), phrasings=int(sizes.sum()), silent=silent, thin=thin[:_MOST_SHOWN])
    if sample is None:
        return found
    curve = _curve(answers, sample, float(sizes.mean()))
    return msgspec.structs.replace(
        found,
        **_shares(sample, model.calibration),
        **_ranked(sample),
        **_cost(task, model),
        right=round(sample.found, 4),
        pairs=_pairs(sample, task, model),
        weakest=_weakest(sample, model, sizes.tolist()),
        curve=curve,
        with_twice=_with_twice(curve),
    )


def _shares(sample: Sample, calibration: Calibration) -> dict[str, float | None]:
    likely = calibrating.unseen(sample)
    given = likely >= calibration.thresholds(TARGET)[sample.chinese.astype(int)]
    offered = ~given & (likely >= calibration.suggest_from) & (sample.place < _CHOICES)
    inside, related = sample.in_scope, sample.kind == 1
    answered = float(sample.counts[given].sum())
    return {
        "auroc": calibrating.separated(likely, inside),
        "suggested_right": round(float(offered[inside].mean()), 4),
        "precision": round(float(sample.counts[given & sample.right].sum()) / answered, 4) if answered else None,
        "answered_right": round(float((given & sample.right)[inside].mean()), 4),
        "answered_wrong": round(float((given & ~sample.right)[inside].mean()), 4),
        "related_answered": round(float(given[related].mean()), 4) if related.any() else 0.0,
    }


def _ranked(sample: Sample) -> dict[str, float]:
    """How far up the right answer stands; what is not among the best counts nothing."""
    places = sample.place[sample.in_scope]
    return {
        "accuracy_at_5": round(float((places < 5).mean()), 4),
        "mrr": round(float(np.where(places < calibrating.NOWHERE, 1 / (places + 1), 0).mean()), 4),
    }


def _cost(task: Task, model: Model) -> dict[str, float]:
    """How long finding takes here, in milliseconds, and how large what was learnt is as it is kept."""
    took = []
    for text in task.texts[:: max(1, len(task.texts) // _TIMED)]:
        began = perf_counter()
        model.find(text)
        took.append(1000 * (perf_counter() - began))
    return {
        "p50_ms": round(float(np.percentile(took, 50)), 2),
        "p99_ms": round(float(np.percentile(took, 99)), 2),
        "memory_mb": round(len(packed(model)) / 2**20, 1),
    }


def _pairs(sample: Sample, task: Task, model: Model) -> list[Pair]:
    inside = sample.in_scope
    asked: Counter[int] = Counter(sample.group[inside].tolist())
    strayed: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for own, first, row in zip(sample.group[inside], sample.first[inside], sample.row[inside], strict=True):
        if own != first:
            strayed[int(own), int(first)].append(int(row))
    share = {way: len(rows) / asked[way[0]] for way, rows in strayed.items() if len(rows) > 1}
    pairs = {(min(way), max(way)): max(part, share.get(way[::-1], 0.0)) for way, part in share.items()}
    found = [
        Pair(
            model.ids[one], model.ids[other], round(part, 3),
            [
                Strayed(model.ids[way[0]], task.texts[row])
                for way in ((one, other), (other, one)) for row in strayed[way][:_EXAMPLES]
            ],
        )
        for (one, other), part in pairs.items() if part >= CONFUSED
    ]  # fmt: skip
    return sorted(found, key=lambda pair: (-pair.share, pair.one, pair.other))[:_MOST_SHOWN]


def _weakest(sample: Sample, model: Model, sizes: Sequence[int]) -> list[Held]:
    asked = Counter(sample.group[sample.in_scope].tolist())
    right = Counter(sample.group[sample.in_scope & sample.right].tolist())
    held = [Held(model.ids[at], sizes[at], round(right[at] / number, 3)) for at, number in asked.items()]
    return sorted((one for one in held if (one.right or 0) < 0.5), key=lambda one: (one.right or 0, one.answer))[:10]


def _curve(answers: Sequence[Answerable], sample: Sample, mean: float) -> list[Point]:
    """Learnt again from parts: from half of the phrasings takes an eighth of the time."""
    whole = Point(round(mean, 1), round(sample.found, 4))
    points = []
    for part in _PARTS:
        # every so many-th, so that titles' languages stay mixed as they are
        fewer = [
            msgspec.structs.replace(
                one, phrasings=tuple(text for at, text in enumerate(one.phrasings) if at * part % 1 < part)
            )
            for one in answers
        ]
        other, model = learnt(fewer)
        if other is not None and not too_few(other, model):
            sizes = np.bincount(other.owners[other.is_asked], minlength=len(model.ids))
            points.append(Point(round(float(sizes.mean()), 1), round(holding_back.judged(other, model).found, 4)))
    return [*points, whole]


def _with_twice(curve: Sequence[Point]) -> float | None:
    """As much more as the last doubling brought, for a curve that goes on as it went; less where it nears the top."""
    if len(curve) < 2:
        return None
    before, now = curve[-2], curve[-1]
    steps = log2(max(now.phrasings / max(before.phrasings, 0.1), 1.01))
    gained = max(0.0, (now.right - before.right) / steps)
    return round(min(0.99, now.right + gained * (1 - now.right) / max(1 - before.right, 0.01)), 4)
