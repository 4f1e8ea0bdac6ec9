"""The seeded set of what customers type: every class of error, and the promises about it."""

from __future__ import annotations

from collections import Counter

import pytest

from bench import code_cases, codes
from bench.reference.safe_policy import SafePolicy
from mashang.codes import judging
from mashang.codes.matching import Index

ALWAYS_RIGHT = ("case", "full width", "signs", "asked for", "doubled", "pinyin", "name", "traditional")


@pytest.fixture(scope="module")
def seeded():
    return code_cases.cases(7)


@pytest.fixture(scope="module")
def told(seeded) -> dict[str, Counter[str]]:
    index = Index(judging.named_topic(i, code, name) for i, (code, name) in enumerate(code_cases.CODES.items()))
    return _counted(seeded, codes.told(index, seeded)[0])


@pytest.fixture(scope="module")
def policy_told(seeded) -> dict[str, Counter[str]]:
    policy = SafePolicy(code_cases.CODES)
    return _counted(seeded, [codes.outcome(case, policy.read(case.text)) for case in seeded])


def _counted(seeded, outcomes) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for case, outcome in zip(seeded, outcomes, strict=True):
        found.setdefault(case.kind, Counter())[outcome] += 1
    return found


def test_the_same_seed_makes_the_same_set(seeded) -> None:
    assert code_cases.cases(7) == seeded
    assert code_cases.cases(8) != seeded


def test_every_class_has_cases(seeded) -> None:
    found = Counter(case.kind for case in seeded)
    assert min(found[kind] for kind in (*code_cases.CLASSES, "sentence")) >= 10


@pytest.mark.parametrize("kind", ALWAYS_RIGHT)
def test_what_is_no_slip_of_a_letter_is_always_routed_right(told, kind: str) -> None:
    assert set(told[kind]) == {"right"}


@pytest.mark.parametrize("kind", [*code_cases.CLASSES, "sentence"])
def test_no_class_is_read_worse_than_by_the_recommended_policy(told, policy_told, kind: str) -> None:
    ours, theirs = told[kind], policy_told[kind]
    assert ours["right"] >= theirs["right"]
    assert ours["wrong"] <= theirs["wrong"]
    assert ours["right"] + ours["asked"] >= theirs["right"] + theirs["asked"]


@pytest.mark.parametrize(("kinds", "most"), [(code_cases.KEYBOARD, 0.003), (code_cases.RANDOM, 0.015)])
def test_slips_are_hardly_ever_routed_wrongly(told, kinds, most) -> None:
    found = sum((told[kind] for kind in kinds), Counter())
    assert found["wrong"] / found.total() <= most


def test_no_sentence_is_routed(told) -> None:
    assert told["sentence"]["wrong"] == 0
