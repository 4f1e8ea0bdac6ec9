"""Several questions in one message: each is offered, the others are offered again, and none is lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from mashang import routing
from mashang.bot import several
from mashang.conversations import recalling
from mashang.conversations.entry import Author
from mashang.insights import questions
from mashang.knowledge import merging, reading, starting
from mashang.routing import summary
from tests.running import ROOT

from .network import ASKED, ASKING_WHEN
from .talking import Talk, publish

LATE, LOST, SLOW = "充值没到账", "卡密怎么找回", "网站怎么打不开"
THREE = f"{LATE}，另外{LOST}，还有{SLOW}"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("充值没到账，另外发票怎么开，还有怎么改密码", ["充值没到账", "发票怎么开", "怎么改密码"]),
        ("充值没到账？发票怎么开？怎么改密码？", ["充值没到账", "发票怎么开", "怎么改密码"]),
        ("卡密用不了 还有怎么退款", ["卡密用不了", "怎么退款"]),
        ("退款多久到账。对了，再问下能开发票吗", ["退款多久到账", "能开发票吗"]),
        ("充值没到账\n怎么改密码", ["充值没到账", "怎么改密码"]),
        (
            "My top-up hasn't arrived, also how do I get an invoice and how do I change my password?",
            ["My top-up hasn't arrived", "how do I get an invoice", "and how do I change my password"],
        ),
        ("收到一封你们的邮件要点链接，安全吗", ["收到一封你们的邮件要点链接，安全吗"]),
        ("我要退钱，不要了", ["我要退钱，不要了"]),
        ("收到你们的邮件。安全吗？", ["收到你们的邮件。安全吗"]),
        ("我还有余额，怎么没了", ["我还有余额，怎么没了"]),
        ("充值完还有100块没到", ["充值完还有100块没到"]),
        ("My card and the code are both wrong", ["My card and the code are both wrong"]),
        ("paid 12.50 CNY for it", ["paid 12.50 CNY for it"]),
        ("怎么又失败，第二回了", ["怎么又失败，第二回了"]),
        ("充值没到账，第二，发票怎么开", ["充值没到账", "发票怎么开"]),
        ("余额可以提现吗？需要多久？", ["余额可以提现吗？需要多久"]),
        ("还没到账吗？我十点付的", ["还没到账吗？我十点付的"]),
        ("怎么退款？我买的卡密用不了", ["怎么退款", "我买的卡密用不了"]),
        ("did it arrive? I don't see it in the game", ["did it arrive? I don't see it in the game"]),
        ("Where is my code? I want an invoice", ["Where is my code", "I want an invoice"]),
        ("？？？", []),
    ],
)
def test_a_message_is_parted_by_sentences_and_by_words_that_begin_another_question(text: str, parts: list[str]) -> None:
    assert several.parts(text) == parts
    assert all(part in text for part in parts)


def test_hardly_any_of_what_is_asked_every_day_is_parted_at_all() -> None:
    starters = [one for article in starting.starters() for many in article.phrasings.values() for one in many]
    asked = [*starters, *_texts("bench/answers/questions.jsonl"), *_texts("bench/answers/dev.jsonl"),
             *_texts("mashang/cli/week/consultations.jsonl")]  # fmt: skip
    assert len(asked) > 6000
    assert len([one for one in asked if len(several.asked_apart(one)) > 1]) <= len(asked) // 1000


def _texts(path: str) -> list[str]:
    return [json.loads(line)["text"] for line in (ROOT / path).read_text("utf-8").splitlines()]


@pytest.fixture
def of(talk: Talk, articles: dict[str, str]) -> dict[str, str]:
    """The article that surely answers each."""
    found = {LATE: articles["recharge-late"], LOST: articles["card-lost"], SLOW: articles["slow"]}
    for asked, article in found.items():
        talk.finder.answers(asked, article)
    return found


def options(part: dict[str, Any]) -> list[str]:
    return [one["id"].removeprefix("article:") for one in part["options"]]


async def test_each_question_has_its_button_and_the_others_are_offered_again(talk: Talk, of) -> None:
    await talk.open(THREE)
    text, part = await talk.last()
    assert "几件事" in text
    assert options(part) == [of[LATE], of[LOST], of[SLOW], "none"]
    await talk.press(f"article:{of[LOST]}")
    answered, offered = (await talk.said())[-2:]
    assert answered.text == "关于卡密没收到：先看订单。"
    assert options(offered.data["assistant"]) == [of[LATE], of[SLOW], "person"]
    await talk.press(f"article:{of[SLOW]}")
    assert options((await talk.last())[1]) == [of[LATE], "person"]
    await talk.press(f"article:{of[LATE]}")
    assert (await talk.last())[0] == "关于充值没到账：先看订单。"
    assert await talk.status() == "assisted"


async def test_a_question_whose_article_was_merged_meanwhile_is_over_once_the_other_told_it(talk: Talk, of) -> None:
    await talk.open(THREE)
    async with talk.database.transaction() as tx:
        kept, gone = [await reading.find(tx, of[one]) for one in (SLOW, LOST)]
        await merging.merge(tx, None, (kept.public_id, kept.version), (gone.public_id, gone.version))
    await talk.press(f"article:{of[LATE]}")
    assert options((await talk.last())[1]) == [of[SLOW], "person"]
    await talk.press(f"article:{of[SLOW]}")
    assert (await talk.last())[0] == "关于网站打不开：先看订单。"
    await talk.say("谢谢")
    assert (await talk.last())[1]["kind"] == "say"


async def test_the_button_of_the_article_that_is_left_is_about_the_question_that_found_the_other(
    talk: Talk, network, of
) -> None:
    talk.finder.answers("退款一般要多久", of[SLOW])
    await talk.open(f"退款一般要多久，另外{ASKED}？还有{LOST}")
    found = (await talk.last())[1]["options"][1]["id"]
    left = await publish(talk.database, "network-too", "网站进不去", playbook="network")
    async with talk.database.transaction() as tx:
        kept, gone = [await reading.find(tx, one) for one in (left, found.removeprefix("article:"))]
        await merging.merge(tx, None, (kept.public_id, kept.version), (gone.public_id, gone.version))
    await talk.press(f"article:{of[LOST]}")
    await talk.press(f"article:{left}")
    assert (await talk.last())[0] == "是手机还是电脑？", "looked into, for it is no general question"


@pytest.mark.parametrize("words", ["没有解决", "not solved"])
async def test_who_says_that_the_first_did_not_help_has_the_next_best_of_that_one_and_keeps_the_others(
    talk: Talk, of, words: str
) -> None:
    other = await publish(talk.database, "other", "充值的另一种情况")
    talk.finder.answers(LATE, of[LATE], other)
    await talk.open(THREE)
    await talk.press(f"article:{of[LATE]}")
    await talk.say(words)
    assert await talk.status() == "assisted"
    assert options((await talk.last())[1]) == [other, "none"]
    await talk.press(f"article:{other}")
    assert options((await talk.last())[1]) == [of[LOST], of[SLOW], "person"]
    await talk.press("person")
    (told,) = await talk.events("handed_over")
    assert told["unheard"] == [LOST, SLOW]
    assert "answered" not in told


async def test_where_nothing_else_is_near_a_person_comes_and_reads_what_is_open(talk: Talk, of) -> None:
    await talk.open(THREE)
    await talk.press(f"article:{of[LATE]}")
    await talk.say("没有解决")
    (told,) = await talk.events("handed_over")
    assert (told["reason"], told["unheard"]) == ("not_helpful", [LOST, SLOW])
    assert [one["verdict"] for one in told["shown"]] == ["not_helpful"]


ALL_OF_THEM = [
    "都要",
    "两个都",
    "都看",
    "三个都想问一下。",
    "全都要",
    "一个一个来",
    "both",
    "All of them, please!",
    "一起看吧",
]


@pytest.mark.parametrize("words", ALL_OF_THEM)
async def test_who_wants_all_of_them_begins_with_the_first(talk: Talk, of, words: str) -> None:
    await talk.open(THREE)
    await talk.say(words)
    assert "关于充值没到账：先看订单。" in await talk.texts()
    assert options((await talk.last())[1]) == [of[LOST], of[SLOW], "person"]
    await talk.say(words)
    assert options((await talk.last())[1]) == [of[SLOW], "person"]


@pytest.mark.parametrize("words", ["都不要", "都看了", "都不是", "都没解决", "that's all", "全错了"])
async def test_who_wants_none_of_them_does_not(talk: Talk, of, words: str) -> None:
    await talk.open(THREE)
    await talk.say(words)
    assert "关于充值没到账：先看订单。" not in await talk.texts()


async def test_all_of_what_may_be_meant_are_no_several_questions(talk: Talk, articles) -> None:
    talk.finder.answers("没到", *articles.values(), band="suggest")
    await talk.open("没到")
    await talk.say("都要")
    assert await talk.status() == "waiting"


async def test_who_says_that_one_helped_is_offered_the_others_again(talk: Talk, of) -> None:
    await talk.open(THREE)
    await talk.press(f"article:{of[LOST]}")
    answered = next(one.seq for one in await talk.said() if "关于卡密没收到" in one.text)
    await talk.press("helpful", answered)
    assert options((await talk.last())[1]) == [of[LATE], of[SLOW], "person"]


async def test_several_that_were_found_are_no_gap_when_a_person_comes_all_the_same(talk: Talk, of) -> None:
    await talk.open(THREE)
    await talk.say("转人工")
    assert await talk.status() == "waiting"
    async with talk.database.transaction() as tx:
        assert (await questions.new(tx, timedelta(days=1)))[0] == []


async def test_in_english_too(talk: Talk, articles) -> None:
    talk.finder.answers("my recharge is late", articles["recharge-late"])
    talk.finder.answers("the website is slow", articles["slow"])
    await talk.open("my recharge is late, by the way the website is slow", locale="en")
    assert (await talk.last())[0].startswith("You asked about several things.")
    await talk.say("1")
    assert (await talk.last())[0].startswith("You also asked about this.")
    assert options((await talk.last())[1]) == [articles["slow"], "person"]


async def test_whoever_takes_over_reads_what_nobody_came_to(talk: Talk, of) -> None:
    await talk.open(THREE + "，顺便问一下老板贵姓")
    await talk.press(f"article:{of[LOST]}")
    await talk.press("person")
    (told,) = await talk.events("handed_over")
    assert told["unheard"] == [LATE, SLOW, "老板贵姓"]
    assert "questions" not in told
    for locale, between in (("zh-CN", "；"), ("en", "; ")):
        lines = summary.lines(told, locale)
        assert len(lines) <= summary.MOST
        assert lines[-2].endswith(f"“{LATE}”{between}“{SLOW}”{between}“老板贵姓”")


async def test_what_is_long_leaves_room_for_every_question() -> None:
    asked = [f"{n}{'长' * 200}" for n in range(5)]
    (line,) = [one for one in summary.lines({"reason": "asked", "unheard": asked}, "zh-CN") if "没有回应" in one]
    assert [f"“{n}长" in line for n in range(5)] == [True] * 5


async def test_what_was_taken_back_is_told_no_more(talk: Talk, of) -> None:
    await talk.open(THREE)
    entry = next(one for one in await talk.entries() if one.author.kind == "customer" and one.text == THREE)
    async with talk.database.transaction() as tx:
        by = Author("customer", talk.stage.customer.public_id)
        await recalling.recall(tx, talk.id, entry.seq, by, talk.stage.customer.id)
    await talk.press("none")
    (told,) = await talk.events("handed_over")
    assert "unheard" not in told


async def test_after_an_agent_called_it_back_nothing_of_it_is_offered(talk: Talk, of) -> None:
    await talk.open(THREE)
    await talk.press("none")
    async with talk.database.transaction() as tx:
        await routing.take(tx, talk.stage.agent, talk.id)
        await routing.call_assistant(tx, talk.stage.agent, talk.id)
    await talk.say(LATE)
    assert (await talk.last())[0] == "关于充值没到账：先看订单。"


async def test_two_parts_with_one_answer_are_one_question(talk: Talk, articles) -> None:
    whole = "充值没到账，另外钱怎么还没到？"
    for asked in (whole, LATE, "钱怎么还没到"):
        talk.finder.answers(asked, articles["recharge-late"])
    await talk.open(whole)
    assert (await talk.last())[1]["kind"] == "answer"


async def test_sentences_that_ask_nothing_tell_one_story(talk: Talk, articles) -> None:
    whole = "订单完成了。可我的钻石没变"
    talk.finder.answers(whole, articles["recharge-late"])
    talk.finder.answers("订单完成了", articles["slow"])
    talk.finder.answers("可我的钻石没变", articles["recharge-late"])
    await talk.open(whole)
    assert (await talk.last())[1]["kind"] == "answer"


async def test_the_others_are_offered_when_the_playbook_of_the_first_has_ended(talk: Talk, network, of) -> None:
    await talk.open(f"{ASKED}，另外{LOST}")
    site, lost = options((await talk.last())[1])[:2]
    await talk.press(f"article:{site}")
    assert (await talk.last())[0] == "是手机还是电脑？"
    await talk.press("pb:which:phone")
    told, offered = (await talk.said())[-2:]
    assert told.text == "请切换到流量再试。"
    assert options(offered.data["assistant"]) == [lost, "person"]


async def test_the_end_of_a_playbook_with_a_person_offers_nothing(talk: Talk, network, of) -> None:
    await talk.open(f"{ASKED}，另外{LOST}")
    await talk.press((await talk.last())[1]["options"][0]["id"])
    await talk.press("pb:which:desk")
    assert await talk.status() == "waiting"
    assert (await talk.last())[0] == "是手机还是电脑？"
    assert (await talk.events("handed_over"))[0]["unheard"] == [LOST]


async def test_who_asks_the_same_again_instead_of_choosing_gets_a_person(talk: Talk, of) -> None:
    await talk.open(THREE)
    await talk.say(THREE)
    assert await talk.status() == "waiting"


async def test_sent_twice_each_question_has_one_button(talk: Talk, of) -> None:
    await talk.begin(THREE)
    await talk.receive(THREE)
    await talk.turn()
    assert options((await talk.last())[1]) == [of[LATE], of[LOST], of[SLOW], "none"]


async def test_sent_again_while_the_first_is_thought_about_it_is_offered_once(talk: Talk, of) -> None:
    async def again() -> None:
        await talk.receive(THREE)

    talk.finder.meanwhile[LATE] = again
    await talk.open(THREE)
    await talk.turn()
    assert [one.data["assistant"]["kind"] for one in (await talk.said())[1:]] == ["choices"]


async def test_thanks_do_not_bring_what_is_offered_already(talk: Talk, of) -> None:
    await talk.open(THREE)
    await talk.say("1")
    await talk.say("谢谢")
    assert [one.data["assistant"]["kind"] for one in (await talk.said())[-2:]] == ["choices", "say"]


@pytest.mark.parametrize("words", ["算了", "没事了", "就这样吧", "bye"])
async def test_who_leaves_in_the_middle_is_asked_nothing_more_and_may_come_back(
    talk: Talk, network, of, words: str
) -> None:
    await talk.open(ASKED)
    await talk.say(words)
    assert (await talk.last())[0] in ("再见，有问题随时回来。", "Goodbye. Come back whenever you have a question.")
    await talk.say("手机")
    assert (await talk.last())[0] == "请切换到流量再试。"


async def test_a_yes_instead_of_choosing_is_asked_which(talk: Talk, of) -> None:
    await talk.open(THREE)
    await talk.say("好的")
    text, part = await talk.last()
    assert text == "您要问的是哪一项？点一下就行；都不是的话，换个说法告诉我。"
    assert options(part) == [of[LATE], of[LOST], of[SLOW], "none"]
    await talk.say("1")
    assert "关于充值没到账：先看订单。" in await talk.texts()


async def test_beside_a_general_question_the_other_is_looked_into(talk: Talk, network, of) -> None:
    talk.finder.answers("退款一般要多久", of[SLOW])
    await talk.open(f"退款一般要多久，另外{ASKED}？")
    await talk.press((await talk.last())[1]["options"][1]["id"])
    assert (await talk.last())[0] == "是手机还是电脑？"


LATER = "我记下了，先把眼前这件看完。"


async def test_several_asked_while_a_playbook_waits_for_a_button_are_offered_when_it_has_ended(
    talk: Talk, network, of
) -> None:
    await talk.open(ASKED)
    await talk.say(f"{LATE}，另外{LOST}")
    assert (await talk.texts())[-2:] == [LATER, "是手机还是电脑？"]
    await talk.press("pb:which:phone")
    assert options((await talk.last())[1]) == [of[LATE], of[LOST], "person"]


@pytest.mark.parametrize("answer", ["用手机打开的", "手机上的。", "好像是手机上打不开"])
async def test_one_question_beside_an_answer_is_offered_when_the_playbook_has_ended(
    talk: Talk, network, of, answer: str
) -> None:
    await talk.open(ASKED)
    await talk.say(f"{answer}，另外{LOST}")
    assert "请切换到流量再试。" in await talk.texts()
    assert options((await talk.last())[1]) == [of[LOST], "person"]


async def test_one_that_the_whole_message_is_found_for_waits_for_the_answer_beside_it_too(
    talk: Talk, network, of
) -> None:
    whole = f"手机打不开，另外{LOST}"
    talk.finder.answers(whole, of[LOST])
    await talk.open(ASKED)
    await talk.say(whole)
    assert "请切换到流量再试。" in await talk.texts()
    assert options((await talk.last())[1]) == [of[LOST], "person"]


async def test_beside_what_is_no_answer_the_one_question_is_answered(talk: Talk, network, of) -> None:
    whole = f"等一下，另外{LOST}"
    talk.finder.answers(whole, of[LOST])
    await talk.open(ASKED)
    await talk.say(whole)
    assert (await talk.texts())[-2:] == ["关于卡密没收到：先看订单。", "是手机还是电脑？"]
    await talk.press("pb:which:phone")
    assert (await talk.last())[0] == "请切换到流量再试。"


async def test_where_a_playbook_waits_for_words_it_asks_again_and_they_are_offered_after_it(talk: Talk, of) -> None:
    await talk.walks(LATE, ASKING_WHEN)
    await talk.open(LATE)
    await talk.say(f"{SLOW}？另外{LOST}")
    assert (await talk.texts())[-2:] == [LATER, "大概什么时候付的？"]
    await talk.say("昨天下午")
    assert options((await talk.last())[1]) == [of[SLOW], of[LOST], "person"]


async def test_an_answer_with_several_questions_is_taken_and_they_are_offered_after_it(talk: Talk, of) -> None:
    await talk.walks(LATE, ASKING_WHEN)
    await talk.open(LATE)
    words = f"昨天下午付的。{SLOW}？另外{LOST}"
    await talk.say(words)
    assert (await talk.texts())[-2] == f"记下了：{words}"
    assert options((await talk.last())[1]) == [of[SLOW], of[LOST], "person"]
    await talk.say("转人工")
    assert (await talk.events("handed_over"))[0]["unheard"] == [SLOW, LOST]


async def test_several_asked_while_something_is_looked_up_wait_too(talk: Talk, looking_up_first, of) -> None:
    await talk.open(ASKED)
    await talk.say(f"{LATE}，另外{LOST}")
    assert await talk.texts() == [LATER]
    await talk.settle()
    await talk.press("pb:which:phone")
    assert options((await talk.last())[1]) == [of[LATE], of[LOST], "person"]


async def test_what_was_asked_beside_a_playbook_stands_in_the_summary(talk: Talk, network, of) -> None:
    await talk.open(ASKED)
    await talk.say(f"{LATE}，另外{LOST}，还有发票怎么开")
    await talk.press("pb:which:desk")
    assert (await talk.events("handed_over"))[0]["unheard"] == [LATE, LOST, "发票怎么开"]


async def test_the_matter_of_the_playbook_itself_is_not_offered_after_it(talk: Talk, network, of) -> None:
    await talk.open(ASKED)
    await talk.say(f"{LOST}，另外{ASKED}")
    await talk.press("pb:which:phone")
    assert options((await talk.last())[1]) == [of[LOST], "person"]


async def test_who_says_the_same_again_instead_of_answering_a_playbook_gets_a_person(talk: Talk, network, of) -> None:
    await talk.open(ASKED)
    for _ in range(3):
        assert await talk.status() == "assisted"
        await talk.say(f"{LATE}，另外{LOST}")
    assert await talk.status() == "waiting"
