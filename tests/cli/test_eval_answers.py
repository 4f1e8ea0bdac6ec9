"""`mashang eval answers`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bench.answer_cases import asked, parted
from tests.running import ROOT

KNOWN = '{"id": "a", "answer": "甲", "phrasings": ["怎么退款"]}\n{"id": "b", "answer": "乙", "phrasings": ["开发票"]}'
QUESTION = '{"text": "退款", "expect": "a"}'


def evaluate(knowledge: Path, questions: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mashang.cli", "eval", "answers"]
    return subprocess.run(
        [*command, "--knowledge", knowledge, "--questions", questions, *options],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120, env={"LANG": "zh_CN.UTF-8"},
    )  # fmt: skip


@pytest.fixture
def files(tmp_path: Path):
    def make(knowledge: str | bytes, questions: str | bytes) -> tuple[Path, Path]:
        paths = tmp_path / "knowledge.jsonl", tmp_path / "questions.jsonl"
        for path, content in zip(paths, (knowledge, questions), strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return paths

    return make


def lines(every: list[msgspec.Struct]) -> bytes:
    return msgspec.json.Encoder().encode_lines(every)


def test_the_last_line_is_one_object(files) -> None:
    answers, questions = parted(asked("zh"), 12, seed=2)
    told = evaluate(*files(lines(answers), lines(questions)), "--json")
    assert told.returncode == 0
    found = json.loads(told.stdout.splitlines()[-1])
    inside = sum(one.expect is not None for one in questions)
    assert (found["questions"], found["in_scope"]) == (len(questions), inside)
    assert 0.7 < found["accuracy_at_1"] <= found["mrr"] <= found["accuracy_at_5"] <= 1
    assert found["answered_right"] + found["answered_wrong"] + found["suggested_right"] <= 1
    outside = (len(questions) - inside) * found["rejected_answered"]
    wrong = inside * found["answered_wrong"] + outside
    assert found["precision"] == pytest.approx(1 - wrong / (wrong + inside * found["answered_right"]), abs=1e-4)
    assert 0.5 < found["auroc_rejection"] <= 1
    assert 0 < found["p50_ms"] <= found["p99_ms"]
    assert 0 < found["memory_mb"] < 200


def test_what_cannot_be_told_is_null(files) -> None:
    none = json.loads(evaluate(*files(KNOWN, '{"text": "你好", "expect": null}'), "--json").stdout.splitlines()[-1])
    assert (none["accuracy_at_1"], none["mrr"], none["answered_right"], none["auroc_rejection"]) == (None,) * 4
    assert none["rejected_answered"] == 0
    all_in = json.loads(evaluate(*files(KNOWN, QUESTION), "--json").stdout.splitlines()[-1])
    assert (all_in["accuracy_at_1"], all_in["rejected_answered"], all_in["auroc_rejection"]) == (1, None, None)


def test_a_person_reads_sentences(files) -> None:
    told = evaluate(*files(KNOWN, QUESTION))
    assert told.returncode == 0
    assert "首位正确 100.0%" in told.stdout


@pytest.mark.parametrize(
    ("knowledge", "questions", "word"),
    [
        ("", QUESTION, "没有内容"),
        (KNOWN, " \n\n", "没有内容"),
        (KNOWN + '\n{"id": "a", "answer": "", "phrasings": []}', QUESTION, "第 3 行的 id a"),
        (KNOWN + '\n{"id": "c", "phrasings": "怎么"}', QUESTION, "第 3 行"),
        ('{"id": 3, "answer": "", "phrasings": []}', QUESTION, "第 1 行"),
        ('{"answer": "", "phrasings": []}', QUESTION, "第 1 行"),
        ("[]", QUESTION, "第 1 行"),
        (b"\xff\xfe", QUESTION, "UTF-8"),
        (KNOWN, QUESTION + '\n{"text": "x", "expect": "z"}', "第 2 行期望的答案 z"),
        (KNOWN, '{"text": "x"}', "第 1 行"),
        (KNOWN, '{"text": null, "expect": null}', "第 1 行"),
        (KNOWN, '{"text": "x", "expect": ["a"]}', "第 1 行"),
        (KNOWN, '{"text": "x"', "第 1 行"),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(files, knowledge, questions, word) -> None:
    told = evaluate(*files(knowledge, questions), "--json")
    assert told.returncode != 0
    assert told.stdout == ""
    assert word in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    told = evaluate(tmp_path / "no.jsonl", tmp_path / "none.jsonl")
    assert told.returncode != 0
    assert "no.jsonl" in told.stderr
