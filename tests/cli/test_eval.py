"""`mashang eval codes`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT

CODES = "\ufeffcode,name,more\ncz,充值,x\nSH,售后,\nDD,订单,\n"


def evaluate(codes: Path, inputs: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mashang.cli", "eval", "codes", "--codes", codes, "--inputs", inputs, *options],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, env={"LANG": "zh_CN.UTF-8"},
    )  # fmt: skip


@pytest.fixture
def files(tmp_path: Path):
    def make(codes: str | bytes, inputs: str | bytes) -> tuple[Path, Path]:
        paths = tmp_path / "codes.csv", tmp_path / "inputs.jsonl"
        for path, content in zip(paths, (codes, inputs), strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return paths

    return make


def lines(*inputs: tuple[str, object]) -> str:
    return "\n".join(json.dumps({"text": text, "expect": expect}) for text, expect in inputs)


def test_the_last_line_is_one_object(files) -> None:
    inputs = lines(
        ("cz1", "CZ"), ("冲值", "cz"), ("你好", None), ("XH", ["SH"]), ("DD", ["SH", "CZ"]), ("chongzhi", "SH"),
        ("今天天气不错", "CZ"), ("xz", None), ("cz", None), ("XH", "SH"),
    )  # fmt: skip
    told = evaluate(*files(CODES, inputs), "--json")
    found = json.loads(told.stdout.splitlines()[-1])
    assert told.returncode == 0
    # right: cz1, 冲值, 你好, XH asked where the list allows it, xz asked where nothing was to be routed
    assert (found["inputs"], found["accuracy"], found["wrong_rate"], found["ask_rate"]) == (10, 0.5, 0.3, 0.3)
    assert 0 < found["p50_us"] <= found["p99_us"]


def test_what_was_missed_is_named_in_a_file(files, tmp_path: Path) -> None:
    inputs = lines(("cz1", "CZ"), ("chongzhi", "SH"), ("XH", "SH"), ("cz", None), ("今天天气不错", "CZ"))
    told = evaluate(*files(CODES, inputs), "--misses", str(tmp_path / "missed.jsonl"))
    missed = [json.loads(line) for line in (tmp_path / "missed.jsonl").read_text("utf-8").splitlines()]
    assert told.returncode == 0
    assert [(one["text"], one["expect"]) for one in missed] == [
        ("chongzhi", "SH"), ("XH", "SH"), ("cz", None), ("今天天气不错", "CZ"),
    ]  # fmt: skip
    assert (missed[0]["got"], "SH" in missed[1]["got"], missed[2]["got"], missed[3]["got"]) == ("CZ", True, "CZ", None)


def test_a_person_reads_a_sentence(files) -> None:
    told = evaluate(*files(CODES, lines(("cz", "CZ"))))
    assert told.returncode == 0
    assert "符合预期 100.00%" in told.stdout


@pytest.mark.parametrize(
    ("codes", "inputs", "word"),
    [
        ("name\n充值", lines(("cz", "CZ")), "code 和 name"),
        ("", lines(("cz", "CZ")), "code 和 name"),
        ("code,name\n", lines(("cz", "CZ")), "没有内容"),
        ("code,name\nC,充值\n", lines(("cz", "CZ")), "第 2 行"),
        ("code,name\nCZ\n", lines(("cz", "CZ")), "第 2 行"),
        ("code,name\nCZ,充值\ncz,售后\n", lines(("cz", "CZ")), "出现了两次"),
        (b"\xff\xfe\x00", lines(("cz", "CZ")), "UTF-8"),
        (CODES, "", "没有内容"),
        (CODES, "{}", "第 1 行"),
        (CODES, '{"text": 1, "expect": "CZ"}', "第 1 行"),
        (CODES, '{"text": "cz", "expect": 3}', "第 1 行"),
        (CODES, '{"text": "cz"', "第 1 行"),
        (CODES, b"\x00\x80\xff", "UTF-8"),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(files, codes, inputs, word) -> None:
    told = evaluate(*files(codes, inputs), "--json")
    assert told.returncode != 0
    assert told.stdout == ""
    assert word in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    told = evaluate(tmp_path / "no.csv", tmp_path / "no.jsonl")
    assert told.returncode != 0
    assert "no.csv" in told.stderr
