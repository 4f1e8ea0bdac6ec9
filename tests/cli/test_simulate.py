"""`mashang simulate queue`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.running import ROOT


def simulate(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mashang.cli", "simulate", "queue", *options],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, env={"LANG": "zh_CN.UTF-8"},
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
