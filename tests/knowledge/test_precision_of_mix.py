"""Precision is also told as if four of five questions had an answer."""

from __future__ import annotations

import pytest

from bench.finding import precision_of_mix


@pytest.mark.parametrize(
    ("right", "wrong", "strangers", "told"),
    [
        (0.5, 0.0, 0.0, 1.0),
        (0.5, 0.1, 0.0, 0.833333),
        (0.25, 0.05, 0.3, 0.666667),
        (0.0, 0.0, 1.0, 0.0),
        (0.0, 0.0, 0.0, None),
        (None, None, 0.5, None),
        (0.5, 0.1, None, None),
    ],
    ids=["all", "wrong", "strangers", "only-strangers", "silent", "no-inside", "no-outside"],
)
def test_a_fifth_of_the_mixture_has_no_answer(
    right: float | None, wrong: float | None, strangers: float | None, told: float | None
) -> None:
    assert precision_of_mix(right, wrong, strangers) == told
