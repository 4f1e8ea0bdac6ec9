"""Which topic a customer's words name."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.codes.code import Topic
from mashang.codes.matching import Ambiguous, Index, Matched, Unknown

CODES = ("CZ", "SH", "GN", "DD", "ZK", "KM", "24H")


def a_topic(code: str, *aliases: str) -> Topic:
    return Topic(
        id=CODES.index(code) + 1, public_id=code, code=code, name=code, name_en="", department_id=1,
        department_public_id="d", department="充值", department_en="", greeting="", greeting_en="", icon="", context=(),
        shown=True, position=0, aliases=aliases,
    )  # fmt: skip


INDEX = Index(
    [a_topic("CZ", "充值问题", "Top-up!"), a_topic("KM", "卡密未到账"), *map(a_topic, ("SH", "GN", "DD", "ZK", "24H"))]
)


def named(text: str) -> tuple[str, str] | tuple[str, ...] | None:
    match INDEX.match(text):
        case Matched(topic, how):
            return topic.code, how
        case Ambiguous(topics):
            return tuple(topic.code for topic in topics)
        case Unknown():
            return None


@pytest.mark.parametrize("text", ["CZ", "cz", "ｃｚ", " C Z ", "【ｃz】", "c\u200bz", "“CZ”。", "C-Z", "C\u0000Z"])
def test_a_code_alone_is_exact_however_it_is_typed(text: str) -> None:
    assert named(text) == ("CZ", "exact")


@pytest.mark.parametrize(
    ("text", "code"), [("充值问题", "CZ"), ("充 值 问 题！", "CZ"), ("top up", "CZ"), ("卡密未到账。", "KM")]
)
def test_an_alias_names_its_topic(text: str, code: str) -> None:
    assert named(text) == (code, "alias")


@pytest.mark.parametrize("text", ["售后维权", " 售后 维权。", "after-sale"])
def test_the_name_on_a_button_names_its_topic(text: str) -> None:
    topic = msgspec.structs.replace(a_topic("SH"), name="售后维权", name_en="After-sale")
    assert Index([topic, a_topic("CZ")]).match(text) == Matched(topic, "alias")


def test_a_name_that_two_topics_have_is_a_question_and_an_alias_goes_before_it() -> None:
    one, other = (msgspec.structs.replace(a_topic(code), name="订单") for code in ("DD", "SH"))
    assert Index([one, other]).match("订单") == Ambiguous((one, other))
    third = a_topic("CZ", "订单")
    assert Index([one, other, third]).match("订单") == Matched(third, "alias")


@pytest.mark.parametrize(
    "text",
    [
        "你好，代码CZ",
        "我要咨询 CZ 充值问题",
        "代码:cz。",
        "请输入ｃｚ谢谢",
        "我的代码是【CZ】吗",
        "I need CZ, please",
        "代码 C Z 谢谢",
        "cz?有人吗",
        "CZ 1234",
        "_CZ_ 你好",
    ],
)
def test_a_code_is_found_inside_a_sentence(text: str) -> None:
    assert named(text) == ("CZ", "in_text")


@pytest.mark.parametrize(
    "text",
    [
        "czar你好",
        "我的id是abcz",
        "CZ1",
        "1CZ",
        "CZSH",
        "请看DD-2024-0017",
        "DD20240017到账了吗",
        "cz_1 是我的账号",
        "éCZ 你好",
        "ЖCZ ok",
        "https://cz.example/cz 打不开",
        "发到 cz@shop.example 了",
        "124h在线",
        "你好",
        "充值怎么弄",
        "v2.24H.1 更新",
    ],
)
def test_a_code_inside_a_longer_word_number_or_address_names_nothing(text: str) -> None:
    assert named(text) is None


def test_several_codes_are_a_question() -> None:
    assert named("CZ还是SH？") == ("CZ", "SH")
    assert named("cz/sh") == ("CZ", "SH")
    assert named("CZ CZ 又是CZ") == ("CZ", "in_text")


def test_at_most_three_are_offered_in_the_order_they_were_named() -> None:
    assert named("ZK, GN, DD, CZ, SH") == ("ZK", "GN", "DD")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "。。。",
        "A" * 10_000,
        "CZ " * 4000,
        "😀" * 10_000,
        "'; drop table topic; --",
        "\u202e" * 500,
        "\u0000",
        "\ud800",
        "1' OR '1'='1",
        "<script>",
        "a" + "\u0301\u0316" * 900,
        "\ufdfa" * 2000,
        "C-" * 1000,
        "@" * 2000,
        "A." * 999 + "@",
    ],
)
def test_absurd_input_is_unknown_at_once(text: str) -> None:
    began = time.perf_counter()
    assert named(text) is None
    assert time.perf_counter() - began < 0.25


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(INDEX.match(text), Matched | Ambiguous | Unknown)


@given(
    st.sampled_from(CODES),
    st.text("你好请问我要咨询，。！？ 【】“”", max_size=12),
    st.text("谢谢，怎么办。！ 】", max_size=12),
)
def test_a_code_among_chinese_words_is_always_found(code: str, before: str, after: str) -> None:
    answer = INDEX.match(f"{before}{code}{after}")
    assert isinstance(answer, Matched)
    assert answer.topic.code == code


@given(st.sampled_from(CODES), st.from_regex(r"[A-Za-z0-9]{1,6}", fullmatch=True), st.booleans())
def test_a_longer_word_names_nothing_unless_it_is_a_code_itself(code: str, more: str, behind: bool) -> None:
    word = code + more if behind else more + code
    assert word.upper() in CODES or named(f"我的账号{word}登不上") is None
