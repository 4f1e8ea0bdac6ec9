"""`answers`: whether questions find their answers, and whether nothing is said where nothing is known.

`value` is accuracy@1 on the starter knowledge, asked questions that were written apart from it; the reference is the
nearest neighbour by BM25 over characters and pairs of them, on the same.  In `extra` what `mashang eval answers` tells
of that set, of the smaller sets in `asked` (five seeds, a fifth of their answers left out), of 10,000 phrasings of 500
answers (time, memory), and of `--knowledge FILE --questions FILE`, each with the reference's accuracy@1 beside it.

Without files the sets are this repository's own: how well it finds what strangers ask is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench.answer_cases import asked, grown, parted, starter
from bench.figures import Figure, compared, load, median
from bench.reference.nearest import Nearest
from mashang.kit.memory import resident_mb
from mashang.knowledge import judging
from mashang.knowledge.finder import Answerable
from mashang.knowledge.judging import Question

_SEEDS = (1, 2, 3, 4, 5)
_WITH_ANSWER = 0.8  # of what customers ask
_SHOWN = (
    "accuracy_at_1", "accuracy_at_5", "auroc_rejection", "answered_right", "answered_wrong", "suggested_right",
    "rejected_answered", "precision", "precision_of_mix",
)  # fmt: skip


async def measure(_seconds: float | None) -> Figure:
    """The repository's own sets."""
    return _figure(starter(), "not run")


def measure_files(knowledge: Path, questions: Path) -> Figure:
    """The repository's own sets, and files of somebody else's."""
    answers = judging.read_knowledge(knowledge)
    return _figure(starter(), _told(answers, judging.read_questions(questions, answers)))


def _figure(own: tuple[list[Answerable], list[Question]], files: Any) -> Figure:
    before = load()
    told = _told(*own)
    extra = {
        "starter": told,
        **{f"asked_{language}": _seeded(language) for language in ("zh", "en")},
        "of_10000_phrasings": _times(*grown(500, 20)),
        "files": files,
        "machine_before": before,
        "machine_after": load(),
    }
    return compared("answers", told["accuracy_at_1"], "accuracy@1", told["reference_accuracy_at_1"], extra)


def _told(answers: Sequence[Answerable], questions: Sequence[Question]) -> dict[str, Any]:
    verdict = judging.judge(answers, questions, since_mb=resident_mb())
    inside = [one for one in questions if one.expect is not None]
    nearest = Nearest(answers)
    right = sum(nearest.find(one.text) == one.expect for one in inside)
    return {
        **msgspec.structs.asdict(verdict),
        "precision_of_mix": precision_of_mix(verdict.answered_right, verdict.answered_wrong, verdict.rejected_answered),
        "reference_accuracy_at_1": round(right / max(1, len(inside)), 6),
    }


def precision_of_mix(right: float | None, wrong: float | None, strangers: float | None) -> float | None:
    """Which share of what is answered would be right if four of five questions had an answer; None: not to be told.

    The mixture of facts/nlu.md §2.5: 80 % with an answer, 10 % near questions without one, 10 % far ones.  A file of
    questions marks both kinds by `null` alone, so they are weighed together as one fifth.  For the starter that is the
    same mixture: by reading, 108 of its 210 are near (a shop's matter) and 102 far.  Of the sets in `asked` all are
    near, the harder kind: their figure is a lower one.

    `right` and `wrong` are the shares answered so of questions with an answer, `strangers` the share answered of those
    without.
    """
    if right is None or wrong is None or strangers is None:
        return None
    answered = _WITH_ANSWER * (right + wrong) + (1 - _WITH_ANSWER) * strangers
    return round(_WITH_ANSWER * right / answered, 6) if answered else None


def _seeded(language: str) -> dict[str, Any]:
    """Medians over the seeds; None where too few seeds have a figure."""
    every = [_told(*parted(asked(language), 12, seed)) for seed in _SEEDS]
    found: dict[str, Any] = {"seeds": _SEEDS}
    for name in (*_SHOWN, "reference_accuracy_at_1"):
        figures = [one[name] for one in every if one[name] is not None]
        found[name] = median(figures) if len(figures) > len(every) // 2 else None
    return found


def _times(answers: Sequence[Answerable], questions: Sequence[Question]) -> dict[str, Any]:
    verdict = judging.judge(answers, questions, since_mb=resident_mb())
    return {
        name: getattr(verdict, name) for name in ("p50_ms", "p99_ms", "memory_mb", "classifiers_in_s", "learnt_in_s")
    }
