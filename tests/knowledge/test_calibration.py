"""What is answered is right as often as the operator wishes, in each language."""

from __future__ import annotations

import numpy as np
import pytest

from mashang.knowledge.calibration import NOWHERE, Calibration, Sample, calibrate, weighed

TARGET = 0.95


def drawn(seed: int, chinese: int, other: int) -> Sample:
    """Findings of one figure, which says much of Chinese questions and little of others; a quarter have no answer."""
    draw = np.random.default_rng(seed)
    count = chinese + other
    is_chinese = np.arange(count) < chinese
    inside = draw.random(count) < 0.75
    figure = draw.normal(size=count) + np.where(inside, 0.5, -1.5)
    likely = 1 / (1 + np.exp(-np.where(is_chinese, 4 * figure + 3, 2 * figure + 1)))
    right = inside & (draw.random(count) < likely)
    kind = np.where(inside, 0, draw.integers(1, 3, count))
    return Sample(
        figure[:, None], weighed(kind), np.where(right, 0, NOWHERE), kind, draw.integers(0, 50, count),
        np.zeros(count, np.int64), np.arange(count), is_chinese,
    )  # fmt: skip


def given(calibration: Calibration, sample: Sample) -> np.ndarray:
    return calibration.likely(sample.figures) >= calibration.thresholds(TARGET)[sample.chinese.astype(int)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_language_is_as_right_as_wished(seed: int) -> None:
    calibration, asked = calibrate(drawn(seed, 3000, 1500)), drawn(seed + 10, 6000, 6000)
    for language in (asked.chinese, ~asked.chinese):
        of_it = given(calibration, asked) & language
        assert asked.right[of_it].mean() > TARGET - 0.025
    assert calibration.thresholds(TARGET)[0] > calibration.thresholds(TARGET)[1]


def test_a_language_that_hardly_occurs_is_answered_as_all_are() -> None:
    latin, chinese = calibrate(drawn(1, 3000, 50)).thresholds(TARGET)
    assert latin == pytest.approx(chinese, abs=0.05)


def test_a_higher_wish_is_never_a_lower_threshold() -> None:
    calibration = calibrate(drawn(4, 1000, 1000))
    assert (np.diff(calibration.answer_from) >= 0).all()
