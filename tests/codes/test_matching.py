"""Which topic a customer's words name."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.ordinary import sentences
from mashang.codes import minted
from mashang.codes.answers import Ambiguous, Answer, Expired, Matched, Minted, Person, Reference, Unknown
from mashang.codes.code import Topic
from mashang.codes.matching import Index, is_all_that_was_said

NOW = datetime(2026, 11, 21, tzinfo=UTC)
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


# As the demo shop has them.
SHOP = Index(
    msgspec.structs.replace(a_topic(code), name=name, takes_reference=code == "DD", position=position)
    for position, (code, name) in enumerate(
        zip(CODES, ("充值问题", "售后维权", "功能使用", "订单咨询", "折扣活动", "卡密问题", "人工服务"), strict=True)
    )
)  # fmt: skip


def of_shop(text: str) -> Answer:
    return SHOP.match(text, NOW)


def named(text: str, index: Index = INDEX) -> tuple[str, str] | tuple[str, ...] | None:
    match index.match(text, NOW):
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
    assert Index([topic, a_topic("CZ")]).match(text, NOW) == Matched(topic, "alias")


def test_a_name_that_two_topics_have_is_a_question_and_an_alias_goes_before_it() -> None:
    one, other = (msgspec.structs.replace(a_topic(code), name="订单") for code in ("DD", "SH"))
    assert Index([one, other]).match("订单", NOW) == Ambiguous((one, other))
    third = a_topic("CZ", "订单")
    assert Index([one, other, third]).match("订单", NOW) == Matched(third, "alias")


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
    assert isinstance(INDEX.match(text, NOW), Matched | Ambiguous | Unknown)


@pytest.mark.parametrize(
    "text",
    [
        "24H",
        "２４ｈ",
        "2 4 H",
        "24小时",
        "我要24H",
        "转人工",
        "代码24H，谢谢",
        "人工 客服！",
        "https://a.example/?code=24h",
    ],
)
def test_24h_is_a_person_where_no_topic_has_it_and_that_topic_where_one_has(text: str) -> None:
    assert Index([a_topic("CZ", "充值")]).match(text, NOW) == Person()
    answer = INDEX.match(text, NOW)
    assert isinstance(answer, Matched)
    assert answer.topic.code == "24H"


def test_a_24h_whose_time_is_over_is_still_a_person_and_anothers_alias_stays_its_own() -> None:
    over = msgspec.structs.replace(a_topic("24H"), expires_at=NOW - timedelta(days=1))
    assert Index([over]).match("24h", NOW) == Person()
    assert named("人工", Index([a_topic("CZ", "人工")])) == ("CZ", "alias")


@pytest.mark.parametrize("text", ["人工智能会员", "24", "24HH00", "是不是人工审核的"])
def test_words_that_only_contain_it_ask_for_nobody(text: str) -> None:
    assert named(text, Index([a_topic("CZ", "充值")])) is None


@given(
    st.sampled_from(("CZ", "SH", "GN", "DD", "ZK")),  # KM and 24H are words of everyday
    st.text("你好请问我要咨询，。！？ 【】“”", max_size=12),
    st.text("谢谢，怎么办。！ 】", max_size=12),
)
def test_a_code_among_chinese_words_is_always_found(code: str, before: str, after: str) -> None:
    answer = INDEX.match(f"{before}{code}{after}", NOW)
    assert isinstance(answer, Matched)
    assert answer.topic.code == code


@given(st.sampled_from(CODES), st.from_regex(r"[A-Za-z0-9]{1,6}", fullmatch=True), st.booleans())
def test_a_longer_word_names_nothing_unless_it_is_a_code_itself(code: str, more: str, behind: bool) -> None:
    word = code + more if behind else more + code
    assert word.upper() in CODES or named(f"我的账号{word}登不上") is None


@pytest.mark.parametrize(
    ("typed", "code", "how"),
    [
        ("CZ1", "CZ", "trailing"), ("cz12", "CZ", "trailing"), ("ｃｚ１", "CZ", "trailing"), ("CCZ", "CZ", "doubled"),
        ("CZZ", "CZ", "doubled"), ("zc", "CZ", "transposed"), ("2H4", "24H", "transposed"),
        ("24j", "24H", "neighbour"), ("czx", "CZ", "added"),
        ("chongzhi", "CZ", "pinyin"), ("Chong Zhi", "CZ", "pinyin"), ("congzi", "CZ", "pinyin"),
        ("chongzhj", "CZ", "pinyin"), ("chngzhi", "CZ", "pinyin"),
        ("冲值", "CZ", "homophone"), ("充直", "CZ", "homophone"),
        ("我要冲值", "CZ", "homophone"), ("定单", "DD", "homophone"), ("请输入cz1谢谢", "CZ", "trailing"),
        ("我要咨询，代码CZZ", "CZ", "doubled"),
    ],
)  # fmt: skip
def test_a_slip_that_can_mean_one_thing_is_corrected(typed: str, code: str, how: str) -> None:
    assert named(typed, SHOP) == (code, how)
    answer = of_shop(typed)
    assert isinstance(answer, Matched)
    assert answer.corrected


@pytest.mark.parametrize(
    ("typed", "code", "how"),
    [
        ("充值", "CZ", "alias"), ("我要充值", "CZ", "alias"), ("咨询充值问题，谢谢", "CZ", "alias"),
        ("訂單諮詢", "DD", "alias"),
        ("我要諮詢，代碼CZ", "CZ", "in_text"), ("請輸入cz", "CZ", "in_text"), ("my code is cz", "CZ", "in_text"),
        ("老板说输入代码cz就行，是吗", "CZ", "in_text"), ("手机上写着“cz”是什么", "CZ", "in_text"),
        ("充值没到账 cz", "CZ", "in_text"), ("https://shop.example/s?code=cz", "CZ", "exact"),
    ],
)  # fmt: skip
def test_what_was_meant_exactly_is_not_called_a_correction(typed: str, code: str, how: str) -> None:
    assert named(typed, SHOP) == (code, how)
    answer = of_shop(typed)
    assert isinstance(answer, Matched)
    assert not answer.corrected


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("xz", ("CZ",)),
        ("dk", ("DD", "ZK")),
        ("czq", ("CZ",)),
        ("我的cz没到账", ("CZ",)),
        ("充值失败", ("CZ",)),
        ("充值怎么弄", ("CZ",)),
        ("CZ123", ("CZ",)),
    ],
)
def test_what_may_mean_something_else_is_a_question(typed: str, asked: tuple[str, ...]) -> None:
    found = named(typed, SHOP)
    assert found is not None
    assert set(asked) <= set(found)
    assert isinstance(of_shop(typed), Ambiguous)
    assert len(found) <= 3


@pytest.mark.parametrize(
    "text",
    ["OK", "hi", "QQ", "vx", "VIP", "666", "hhhh", "women", "gain", "long", "can he", "zai", "hao de",
     "24h营业吗", "重置密码",
     "13800138000", "QN202411210001", "RTX4060", "iPhone15", "https://cz.example/cz",
     "the DD in my text is no code you see"],
)  # fmt: skip
def test_ordinary_words_and_numbers_lead_nowhere(text: str) -> None:
    assert not isinstance(of_shop(text), Matched | Reference | Expired)


def test_a_word_that_only_sounds_like_a_name_is_asked_about() -> None:
    assert named("重置", SHOP) == ("CZ",)


@pytest.mark.parametrize("seed", range(3))
def test_ordinary_sentences_are_never_routed(seed: int, cases: Callable[[int], int]) -> None:
    for text in sentences(cases(1000), random.Random(seed)):  # noqa: S311 — the same each time
        assert not isinstance(of_shop(text), Matched | Reference | Expired), text


@pytest.mark.parametrize(
    "text", ["DD123", "dd 123", "ＤＤ１２３", "我要咨询，代码DD123", "DD尾号123", "你好，DD-123", "昨天买的DD123到了吗"]
)
def test_digits_behind_a_topic_that_takes_them_name_an_order(text: str) -> None:
    answer = of_shop(text)
    assert isinstance(answer, Reference)
    assert (answer.topic.code, answer.digits) == ("DD", "123")


@pytest.mark.parametrize(("text", "digits"), [("DD20240017", "20240017"), ("DD 2024-0017", "20240017")])
def test_a_reference_may_be_a_whole_number(text: str, digits: str) -> None:
    answer = of_shop(text)
    assert isinstance(answer, Reference)
    assert answer.digits == digits


@pytest.mark.parametrize("text", ["DD1", "DD12", "dd 9"])
def test_one_or_two_digits_are_a_slip_even_there(text: str) -> None:
    assert named(text, SHOP) == ("DD", "trailing")


@pytest.mark.parametrize("text", ["我的账号dd123登不上", "XDD123", "SH123", "DD123X"])
def test_digits_behind_something_else_are_no_reference(text: str) -> None:
    assert not isinstance(of_shop(text), Reference)


def test_a_minted_code_is_seen_and_never_corrected() -> None:
    body = minted.draw()
    for text in (
        body,
        minted.written(body),
        f"你好，代码{minted.written(body, 'DD')}，谢谢",
        minted.written(body).lower(),
    ):
        answer = of_shop(text)
        assert isinstance(answer, Minted)
        assert answer.body == body
    assert of_shop(minted.written(body, "DD")).topic.code == "DD"
    wrong = ("3" if body[0] != "3" else "4") + body[1:]
    assert not isinstance(of_shop(minted.written(wrong)), Minted | Matched)


def test_an_expired_code_says_so_and_offers_its_neighbour() -> None:
    over = msgspec.structs.replace(a_topic("ZK"), name="大促", position=3, expires_at=NOW)
    near, far = (msgspec.structs.replace(a_topic(code), position=place) for code, place in (("GN", 2), ("SH", 9)))
    index = Index([far, near, over])
    assert index.match("zk", NOW) == Expired(over, near)
    assert index.match("大促", NOW - timedelta(seconds=1)) == Matched(over, "alias")
    assert Index([over]).match("zk1", NOW) == Expired(over, None)


def test_an_expired_topic_is_no_choice() -> None:
    over = msgspec.structs.replace(a_topic("ZK"), expires_at=NOW)
    current = a_topic("SH")
    assert Index([over, current]).match("ZK还是SH", NOW) == Ambiguous((current,))


@pytest.mark.parametrize("size", [500, 1000, 2000])
@pytest.mark.parametrize("piece", ["我要", "CZ ", "cz", "输入", "代码是", "D1", "A-", "充", "👍", "é", "问题"])
def test_the_time_is_linear_whatever_is_repeated(piece: str, size: int) -> None:
    began = time.process_time()
    of_shop(piece * (size // len(piece)))
    assert time.process_time() - began < 0.02 + size * 20e-6


def test_three_hundred_topics_are_read_as_quickly_as_seven() -> None:
    draw = random.Random(1)  # noqa: S311 — the same texts each time
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    codes = {"".join(draw.choices(letters, k=3)) for _ in range(330)} | {"CZ"}
    many = Index(
        msgspec.structs.replace(
            a_topic("CZ"), id=n, code=code, name=f"{draw.choice('充退订售')}{draw.choice('值款单后')}{n}"
        )
        for n, code in enumerate(sorted(codes))
    )
    texts = sentences(1000, draw) + [code + "X" for code in list(codes)[:300]]
    began = time.process_time()
    for text in texts:
        many.match(text, NOW)
    assert (time.process_time() - began) / len(texts) < 250e-6


@pytest.mark.parametrize(
    ("text", "is_all"),
    [
        ("CZ", True), ("cz1", True), ("西贼", True), ("充值问题", True), ("充值", True), ("我要咨询充值，谢谢", True),
        ("chongzhi", True), ("冲值", True), ("Recharge", True),
        ("充值没到账", False), ("充值没到账！", False), ("chongzhimeidaozhang", False), ("冲值没道账", False),
        ("no diamonds", False), ("CZ 充值没到账", False),
    ],
)  # fmt: skip
def test_an_alias_that_is_a_sentence_of_the_customers_is_kept_as_what_was_said(text: str, is_all: bool) -> None:
    recharge = a_topic("CZ", "充值", "充值没到账", "No diamonds")
    index = Index([msgspec.structs.replace(recharge, name="充值问题", name_en="Recharge"), a_topic("KM", "卡密")])
    answer = index.match(text, NOW)
    assert isinstance(answer, Matched)
    assert answer.topic.code == "CZ"
    assert is_all_that_was_said(answer, text) == is_all
