"""What is told of a new code before customers find out."""

from __future__ import annotations

import time

import msgspec
import pytest

from mashang.codes import lint
from mashang.codes.judging import named_topic
from mashang.kit.i18n import sentence

OTHERS = [
    named_topic(number, code, name)
    for number, (code, name) in enumerate({"CZ": "充值问题", "SH": "售后", "KFD": "客服", "OO1": "一号"}.items())
]  # fmt: skip


def told(code: str, name: str = "某某", *aliases: str) -> list[tuple[str, str]]:
    return [(one.kind, one.other) for one in lint.warnings(code, name, aliases, OTHERS)]


@pytest.mark.parametrize(
    ("code", "kind", "other"),
    [
        ("CX", "neighbour", "CZ"), ("CY", "wrong", "CZ"), ("ZC", "transposed", "CZ"), ("CZZ", "doubled", "CZ"),
        ("CZ1", "digits_behind", "CZ"), ("CZ24", "digits_behind", "CZ"), ("A", "", ""), ("0O1", "lookalike", "OO1"),
        ("KF", "missing", "KFD"), ("KFXD", "added", "KFD"), ("CHONGZHI", "pinyin", "CZ"), ("SHOUHOU", "pinyin", "SH"),
        ("OK", "everyday", ""), ("WIFI", "everyday", ""), ("315", "digits", ""),
    ],
)  # fmt: skip
def test_a_code_near_another_or_an_everyday_word_is_told(code: str, kind: str, other: str) -> None:
    assert (told(code)[:1] or [("", "")]) == [(kind, other)]


@pytest.mark.parametrize(
    ("name", "kind"), [("充值", "same_name"), ("冲值", "same_sound"), ("充值服务", "same_name"), ("退款", None)]
)
def test_a_name_like_anothers_is_told(name: str, kind: str | None) -> None:
    assert told("TUIK", name) == ([(kind, "CZ")] if kind else [])
    assert told("TUIK", "某某", name) == ([(kind, "CZ")] if kind else [])


def test_a_code_far_from_all_others_is_silent() -> None:
    assert told("TUIK", "退款", "退钱") == []


def test_every_warning_has_a_sentence_in_both_languages() -> None:
    kinds = {"digits", "everyday", "neighbour", "lookalike", "transposed", "doubled", "digits_behind", "added",
             "missing",
             "wrong", "pinyin", "same_name", "same_sound", "same_pinyin"}  # fmt: skip
    facts = msgspec.structs.asdict(lint.Confusion("code", "x", "CX", "CZ", "充值"))
    for kind in kinds:
        zh, en = (sentence(f"lint_{kind}", locale, **facts) for locale in ("zh-CN", "en"))
        assert zh != en
        assert "lint_" not in zh + en


def test_three_hundred_codes_are_looked_at_at_once() -> None:
    many = [named_topic(n, f"A{n:03}", f"充值售后订单{n}") for n in range(300)]
    began = time.process_time()
    assert lint.warnings("A001", "充值售后订单", ["冲值"] * 100, many)
    assert time.process_time() - began < 3
