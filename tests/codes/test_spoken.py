"""Codes that were read out: what a recogniser writes reaches the same topics, and ordinary words do not."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter

import pytest

from mashang.codes.answers import Ambiguous, Matched
from mashang.codes.judging import named_topic
from mashang.codes.matching import Index
from mashang.codes.spoken import spelled

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CODES = {
    "CZ": "充值", "DD": "订单", "CD": "查单", "AB": "合作", "24H": "人工", "KM": "卡密", "WL": "物流", "D1": "一号",
    "GG": "公告", "NN": "其他", "UU": "优惠", "CU": "客户", "VIP": "会员", "MM": "密码",
}  # fmt: skip
INDEX = Index(named_topic(number, code, name) for number, (code, name) in enumerate(CODES.items()))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("查单", "CD"), ("查单。", "CD"), ("C Z", "CZ"), ("c, z", "CZ"), ("西贼", "CZ"), ("西贼。", "CZ"),
        ("C 贼", "CZ"), ("吸贼", "CZ"), ("see zed", "CZ"), ("See Zee.", "CZ"), ("dee dee", "DD"), ("Dee, Dee!", "DD"),
        ("double D", "DD"), ("double dee", "DD"), ("双D", "DD"), ("双 d", "DD"), ("两个D", "DD"), ("迪迪", "DD"),
        ("诶 比", "AB"), ("诶比", "AB"), ("欸必", "AB"), ("ay bee", "AB"), ("二四H", "24H"), ("二四艾尺", "24H"),
        ("two four aitch", "24H"), ("开艾姆", "KM"), ("kay em", "KM"), ("达不溜艾勒", "WL"), ("double u el", "WL"),
        ("迪幺", "D1"), ("D一", "D1"), ("我要咨询西贼", "CZ"), ("代码是西贼，谢谢", "CZ"), ("代码是西西一", None),
        ("my code is dee dee", "DD"), ("代码 机机", "GG"), ("双G", "GG"), ("V I P", "VIP"), ("西Z", None),
    ],
)  # fmt: skip
def test_a_code_that_was_read_out_reaches_its_topic(said: str, code: str | None) -> None:
    answer = INDEX.match(said, NOW)
    assert (answer.topic.code if isinstance(answer, Matched) else None) == code, answer


@pytest.mark.parametrize(
    "said", ["弟弟", "see you", "第一", "机机", "有有", "嗯嗯", "恩恩", "诶诶", "are you", "双十一", "一比一", "外地"]
)
def test_ordinary_words_that_could_be_letters_route_nobody(said: str) -> None:
    assert not isinstance(INDEX.match(said, NOW), Matched)


def test_what_could_be_a_code_or_an_ordinary_word_is_asked_about() -> None:
    answer = INDEX.match("机机", NOW)
    assert isinstance(answer, Ambiguous)
    assert [topic.code for topic in answer.topics] == ["GG"]


def test_a_correction_by_sound_is_told() -> None:
    answer = INDEX.match("西贼", NOW)
    assert isinstance(answer, Matched)
    assert (answer.how, answer.corrected) == ("spoken", True)


def test_every_way_to_read_it_is_known_and_no_text_takes_long() -> None:
    assert {way.letters for way in spelled(("艾欧贼",))} == {"AOZ", "LZ"}
    began = perf_counter()
    for text in ("艾欧" * 20, "一" * 40, "DEE " * 10, "双双双双双双D", "有机" * 20):
        spelled(tuple(text.split()))
    assert perf_counter() - began < 0.2
