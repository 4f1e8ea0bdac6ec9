"""`mashang simulate queue` and `mashang simulate week`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.running import ROOT


def simulate(*options: str, what: str = "queue") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mashang.cli", "simulate", what, *options],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300, env={"LANG": "zh_CN.UTF-8"},
    )  # fmt: skip


def test_the_last_line_is_one_object() -> None:
    told = simulate("--scenario", "one-agent", "--days", "3", "--seed", "5", "--json")
    found = json.loads(told.stdout.splitlines()[-1])
    assert told.returncode == 0
    assert found["seed"] == 5
    assert found["scenarios"]["one-agent"]["customers"] > 100
    assert 0 < found["mean"]["error"] < 1


def test_a_person_reads_a_table() -> None:
    told = simulate("--scenario", "one-agent", "--days", "2")
    assert told.returncode == 0
    assert "上限兑现" in told.stdout
    assert "…" not in told.stdout


def test_a_week_with_the_assistant_is_better_than_one_without() -> None:
    told = simulate("--seed", "1", "--consultations", "300", "--json", what="week")
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout.splitlines()[-1])
    assert (found["seed"], found["consultations"]) == (1, 300)
    assert 200 < found["basic"] < 300
    assert min(found["resolution"], found["really_solved"]) >= 0.7  # what is aimed at, with at most so many wrong
    assert found["wrong"] <= 0.05
    assert found["misled"] < 0.02
    assert 0.1 < found["handed_over"] < 0.3
    assert sum(found["reasons"].values()) == round(found["handed_over"] * 300)
    assert found["first_response"]["p50"] < found["first_response_without"]["p50"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--scenario", "rush"], "rush"),
        (["--seed", "-1"], "--seed"),
        (["--days", "100000"], "--days"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(options, word) -> None:
    told = simulate(*options)
    assert told.returncode != 0
    assert word in told.stderr
    assert "Traceback" not in told.stderr
