"""Anger, the law and danger are for people, as is whoever asks for one; ordinary questions with like words are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mashang.bot import hearing
from mashang.knowledge import starting

FOLDER = Path(hearing.__file__).parent
# Of these even an ordinary question may call a person.
GRAVE = {"complaint", "account-stolen", "unauthorized-payment", "minor-recharge", "scam-check"}
UPSET = (
    "你们就是坑人", "再不给我处理我就曝光", "我要打12315", "信不信我把你们挂到网上", "你听不懂人话是吧",
    "律师函准备好了",
    "我不想活了", "活不下去了", "我去跳楼算了", "You SCAMMED me", "I will report you to the police",
    "I want to hurt myself",
    "liars!",
)  # fmt: skip
CALM = (
    "坑位还有吗", "这个副本有坑吗", "今天跳楼价吗", "skill card for my hunter", "is the issue solved", "滚动条不动了",
    "充值到账了，谢谢", "媒婆皮肤怎么买",
)  # fmt: skip


def said(kind: str) -> list[str]:
    """The sentences of this kind, in both languages."""
    lines = map(json.loads, Path(__file__).with_name("people.jsonl").read_text("utf-8").splitlines())
    return [line["said"] for line in lines if line["is"] == kind]


@pytest.mark.parametrize("text", said("wants_nobody"))
def test_who_denies_the_wish_or_means_something_else_wants_no_person(text):
    assert not hearing.asks_for_a_person(text)


@pytest.mark.parametrize("text", said("wants_a_person"))
def test_no_wish_for_a_person_is_lost_to_a_no_beside_it(text):
    assert hearing.asks_for_a_person(text)


@pytest.mark.parametrize("text", said("means_no_harm"))
def test_who_denies_the_deed_or_means_something_else_is_not_upset(text):
    assert not hearing.is_upset(text)


@pytest.mark.parametrize("text", said("means_it"))
def test_no_anger_or_danger_is_lost_to_a_no_beside_it(text):
    assert hearing.is_upset(text)


@pytest.mark.parametrize("text", UPSET)
def test_who_is_upset_or_in_danger_gets_a_person(text):
    assert hearing.is_upset(text)


@pytest.mark.parametrize("text", CALM)
def test_words_that_only_look_alike_call_nobody(text):
    assert not hearing.is_upset(text)
    assert not hearing.asks_for_a_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "叫个人来",
        "给我接主管",
        "能不能来个人",
        "人工人工人工",
        "我要转人工",
        "a human please",
        "客服呢？",
        "人呢",
        "有客服吗",
    ],
)
def test_who_asks_for_a_person_is_heard(text):
    assert hearing.asks_for_a_person(text)


def test_ordinary_questions_of_the_starter_knowledge_call_nearly_nobody():
    asked = [
        text
        for one in starting.starters()
        if one.key not in GRAVE
        for texts in one.phrasings.values()
        for text in texts
    ]
    assert sum(map(hearing.is_upset, asked)) <= 5
    assert sum(map(hearing.asks_for_a_person, asked)) <= 5


@pytest.mark.parametrize("name", ["upset.txt", "person.txt"])
def test_a_word_stands_once(name):
    words = [line for line in (FOLDER / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert len({word.casefold() for word in words}) == len(words)


@pytest.mark.parametrize("text", ["😡😡😡", "都三天了😡😡", "🤬", "😠😠"])
def test_angry_faces_are_anger(text):
    assert hearing.is_upset(text)


@pytest.mark.parametrize("text", ["😡", "😂😂😂", "🙏🙏"])
def test_one_face_or_a_friendly_one_is_not(text):
    assert not hearing.is_upset(text)


@pytest.mark.parametrize(
    ("text", "pressed"),
    [
        ("没用！！", "not_helpful"), ("还是不行", "not_helpful"), ("不懂", "not_helpful"),
        ("没用的废话", "not_helpful"),
        ("没用\n试过了", "not_helpful"), ("it didn't help", "not_helpful"), ("解决了", "helpful"),
        ("不行\n好像解决了", ""),
        ("优惠券没用", ""), ("", ""), ("没用，怎么开发票", ""),
    ],
)  # fmt: skip
def test_words_that_only_judge_the_answer_are_as_a_press_on_its_button(text, pressed):
    said = hearing.judging(hearing.Said(seq=7, text=text), 5)
    assert [(one.seq, one.id) for one in said.choices] == ([(5, pressed)] if pressed else [])
    assert said.text == ("" if pressed else text)


def test_words_beside_a_picture_are_no_judgement():
    said = hearing.Said(seq=7, text="没用", has_file=True)
    assert hearing.judging(said, 5) == said


@pytest.mark.parametrize(
    "text",
    [
        "不知道订单号",
        "没有订单号啊",
        "忘了",
        "我不记得订单号了",
        "订单号在哪看？",
        "I don't know the order number",
        "no idea",
        "没截图",
        "现在截不了图",
        "没有照片",
    ],
)
def test_who_has_not_what_is_asked_for_is_understood(text):
    assert hearing.has_it_not(text)


@pytest.mark.parametrize(
    "text", ["QN261123139091", "13900001111", "６２２２021234567890", "2026-11-23", "DD-20261122 \n139 0000 1111"]
)
def test_numbers_alone_are_no_question(text):
    assert hearing.is_number(text)


@pytest.mark.parametrize("text", ["404", "12315", "充100没到", "订单号 QN261123139091", "abc@qq.com", "2", ""])
def test_what_says_more_than_a_number_or_is_a_short_one_may_be_a_question(text):
    assert not hearing.is_number(text)


@pytest.mark.parametrize("text", ["你是机器人吗", "你们是不是机器人", "是 AI 吗？", "你是人还是机器人"])
def test_who_asks_whom_they_talk_to_is_understood(text):
    assert hearing.small_talk(text) == "who"


@pytest.mark.parametrize(
    "text", ["订单号", "没有到账", "没收到卡密", "截图发了", "DD20261122", "怎么查余额", "no money came", ""]
)
def test_other_words_say_something(text):
    assert not hearing.has_it_not(text)
