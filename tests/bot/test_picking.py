"""Who types a choice instead of pressing it chose: by its number or its label, and only where choices stand."""

from __future__ import annotations

from typing import Literal

import pytest

from mashang.bot import hearing, library, walking
from mashang.bot.run import Answered, Run
from mashang.conversations.entry import AssistantPart, Option

from .diagnosing import NOW
from .talking import Talk

LATE = "充值怎么还没到账"
OPTIONS = [Option("article:a1", "充值没到账"), Option("article:a2", "卡密没收到"), Option("none", "都不是，转人工")]
CHOICES = AssistantPart("choices", options=OPTIONS)


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("1", "article:a1"),
        ("２．", "article:a2"),
        ("②", "article:a2"),
        ("第一个", "article:a1"),
        ("我选 2", "article:a2"),
        ("第三个吧", "none"),
        ("the second one", "article:a2"),
        ("充值没到账。", "article:a1"),
        ("都不是，转人工", "none"),
        ("4", None),
        ("0", None),
        ("12", None),
        ("1 还没到", None),
        ("一共 2 笔", None),
        ("。", None),
        ("", None),
    ],
    ids=str,
)
def test_a_number_or_a_label_and_nothing_else_is_a_choice(typed: str, option: str | None) -> None:
    assert hearing.picked(typed, CHOICES) == option


NAMED = [
    ("phone", ["手机", "A phone", "手机上"]), ("desk", ["电脑", "A computer", "台式机"]), ("agreed", ["好", "OK"]),
    ("came", ["到账", "It came"]), ("late", ["没到账", "It did not come"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("手机 还是不行啊，快点", "phone"),
        ("我是手机", "phone"),
        ("应该是在手机上吧", "phone"),
        ("不是手机，是电脑", "desk"),
        ("it's my phone, hurry", "phone"),
        ("not a phone", None),
        ("a smartphone", None),
        ("不是手机", None),
        ("手机和电脑都不行", None),
        ("钱一直没到账啊", "late"),
        ("已经到账了呀", "came"),
        ("好像不行", None),
        ("好", "agreed"),
        ("ok but no", None),
        ("第二个", "desk"),
        ("嘟嘟囔囔", None),
    ],
    ids=str,
)
def test_the_one_that_is_named_among_other_words_is_meant(said: str, option: str | None) -> None:
    assert hearing.named(said, NAMED, among_others=True) == option


@pytest.mark.parametrize(
    ("key", "step", "said", "option"),
    [
        ("refund-progress", "asked", "没申请", "not_yet"),
        ("refund-progress", "asked", "还没申请", "not_yet"),
        ("refund-progress", "asked", "没有申请过", "not_yet"),
        ("refund-progress", "asked", "我还没有申请过退款呢", "not_yet"),
        ("refund-progress", "asked", "还没呢", "not_yet"),
        ("refund-progress", "asked", "I haven't asked for one yet", "not_yet"),
        ("refund-progress", "back", "not yet", "nothing"),
        ("refund-progress", "asked", "没到", ""),
        ("refund-progress", "asked", "没退款", ""),
        ("refund-progress", "asked", "没申请吗？", ""),
        ("card-key-not-received", "sent_already", "没找到", "send"),
        ("card-key-not-received", "sent_already", "不对", "another"),
        ("card-key-not-received", "phone", "不发", ""),
        ("card-key-not-received", "issue_now", "不补发", "wait"),
        ("recharge-not-arrived", "unpaid_as_told", "还没扣款", "not_taken"),
        ("cannot-pay", "general", "还不可以", "still"),
        ("promotion-not-applied", "told", "不是这个活动", "another"),
    ],
    ids=str,
)
def test_who_denies_what_was_asked_says_no(key: str, step: str, said: str, option: str) -> None:
    playbook, _ = library.shipped()[key]
    run = Run(playbook=key, version=playbook.version, step=step, waits="answer", locale="zh-CN", since=NOW)
    heard = walking.understands(playbook, run, Answered(text=said))
    after = walking.resume(playbook, run, Answered(text=said), at=NOW)
    pressed = walking.resume(playbook, run, Answered(option=option), at=NOW)
    assert heard == bool(option)
    assert after == pressed


async def test_one_of_the_answers_that_were_offered_may_be_named_among_other_words(
    talk: Talk, articles: dict[str, str]
) -> None:
    talk.finder.answers(LATE, *articles.values(), band="suggest")
    await talk.open(LATE)
    await talk.say("就是那个卡密没收到呀")
    assert (await talk.last())[1]["article"]["id"] == articles["card-lost"]


@pytest.mark.parametrize(
    "part",
    [
        AssistantPart("ask", options=[Option("person", "转人工")], expects="text"),
        AssistantPart("ask", options=[Option("person", "转人工")], expects="order"),
        AssistantPart("say"),
    ],
    ids=["text", "order", "say"],
)
def test_where_something_else_is_asked_a_number_is_an_answer(part: AssistantPart) -> None:
    assert hearing.picked("1", part) is None


@pytest.mark.parametrize(
    ("expects", "typed", "option"),
    [
        ("picture", "没有截图", "pb:shot:none"),
        ("proof", "暂不验证。", "pb:look:unproved"),
        ("text", "不清楚", "pb:when:none"),
        ("picture", "没有截图，怎么办", None),
        ("text", "", None),
    ],
)
def test_where_something_else_is_asked_a_button_is_meant_by_its_whole_label(
    expects: Literal["picture", "proof", "text"], typed: str, option: str | None
) -> None:
    labels = {"picture": ("pb:shot:none", "没有截图"), "proof": ("pb:look:unproved", "暂不验证")}
    none = Option(*labels.get(expects, ("pb:when:none", "不清楚")))
    asked = AssistantPart("ask", options=[none, Option("person", "转人工")], expects=expects)
    assert hearing.picked(typed, asked) == option


@pytest.mark.parametrize("typed", ["2", "第二个", "卡密没收到"])
async def test_what_was_typed_is_answered_and_kept_as_pressed(talk: Talk, articles: dict[str, str], typed: str) -> None:
    talk.finder.answers(LATE, *articles.values(), band="suggest")
    await talk.open(LATE)
    offered = (await talk.said())[-1].seq
    await talk.say(typed)
    text, part = await talk.last()
    assert (text, part["article"]["id"]) == ("关于卡密没收到：先看订单。", articles["card-lost"])
    (entry,) = [one for one in await talk.entries() if one.text == typed]
    assert entry.data == {"choice": {"seq": offered, "id": f"article:{articles['card-lost']}"}}
    assert talk.finder.asked == [LATE]


async def test_only_of_what_was_said_last(talk: Talk, articles: dict[str, str]) -> None:
    talk.finder.answers(LATE, *articles.values(), band="suggest")
    await talk.open(LATE)
    await talk.press(f"article:{articles['slow']}")
    await talk.say("1")
    assert (await talk.last())[1]["kind"] == "ask"
    assert [one.data for one in await talk.entries() if one.text == "1"] == [None]


async def test_the_last_of_the_choices_is_a_person(talk: Talk, articles: dict[str, str]) -> None:
    talk.finder.answers(LATE, articles["slow"], articles["card-lost"], band="suggest")
    await talk.open(LATE)
    await talk.say("3")
    assert await talk.status() == "waiting"
