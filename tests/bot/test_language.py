"""The assistant answers in the language the customer writes in, whatever the language of the page."""

from __future__ import annotations

import pytest

from mashang.knowledge import editing
from mashang.knowledge.article import ArticleDraft, Text
from mashang.routing import summary

from .network import ASKED
from .talking import Talk

WHERE = "where is my refund"


async def test_english_on_a_chinese_page_is_answered_in_english(talk: Talk, articles) -> None:
    talk.finder.answers(WHERE, articles["recharge-late"])
    await talk.open(WHERE)
    text, part = await talk.last()
    assert text == "About recharge-late."
    assert part["article"]["title"] == "On recharge-late"
    greeting = (await talk.said())[0]
    assert "Mashang" in greeting.text
    assert greeting.author.name == "小码"  # the name over it is the page's


async def test_chinese_on_an_english_page_is_answered_in_chinese(talk: Talk, articles) -> None:
    talk.finder.answers("充值没到", articles["recharge-late"])
    await talk.open("充值没到", locale="en")
    assert (await talk.last())[0] == "关于充值没到账：先看订单。"


async def test_choices_and_its_own_words_follow_too_and_a_code_alone_changes_nothing(talk: Talk, articles) -> None:
    talk.finder.answers(WHERE, *articles.values(), band="suggest")
    await talk.open(WHERE)
    text, part = await talk.last()
    assert text.isascii()
    assert [one["label"] for one in part["options"]][:1] == ["On recharge-late"]
    assert all(one["label"].isascii() for one in part["options"])
    await talk.press(f"article:{articles['slow']}")
    assert (await talk.last())[0] == "About slow."
    await talk.say("ABCD-EFGH-IJKL")
    assert (await talk.last())[0].isascii()


async def test_who_goes_back_to_chinese_is_followed(talk: Talk, articles) -> None:
    talk.finder.answers(WHERE, articles["recharge-late"])
    talk.finder.answers("卡密没收到", articles["card-lost"])
    await talk.open(WHERE)
    await talk.say("卡密没收到")
    assert (await talk.last())[0] == "关于卡密没收到：先看订单。"


async def test_whoever_takes_over_reads_in_their_own_language_which_article_was_shown(talk: Talk, articles) -> None:
    talk.finder.answers(WHERE, articles["recharge-late"])
    await talk.open(WHERE)
    await talk.press("not_helpful")
    (told,) = await talk.events("handed_over")
    assert "已展示：充值没到账（没有解决）" in summary.lines(told, "zh-CN")
    assert "Shown: On recharge-late (did not help)" in summary.lines(told, "en")


async def test_an_article_in_one_language_is_told_in_it(talk: Talk) -> None:
    async with talk.database.transaction() as tx:
        texts = {"zh-CN": Text("只有中文", "退款三天到账。")}
        made = await editing.create(tx, None, ArticleDraft(key="chinese-only", texts=texts))
        article = (await editing.publish(tx, None, made.public_id, version=made.version)).public_id
    talk.finder.answers(WHERE, article)
    await talk.open(WHERE)
    assert (await talk.last())[0] == "退款三天到账。"


@pytest.fixture
async def in_english_too(talk: Talk, network: str) -> None:
    """The playbook that two questions lead to."""
    talk.finder.answers("i can't open your site", network)


@pytest.mark.usefixtures("in_english_too")
async def test_a_playbook_begins_and_goes_on_in_the_language_it_was_asked_in(talk: Talk) -> None:
    await talk.open("i can't open your site")
    assert (await talk.last())[0] == "A phone or a computer?"
    await talk.press("pb:which:phone")
    assert (await talk.last())[0] == "Please try mobile data."


@pytest.mark.usefixtures("in_english_too")
async def test_an_english_question_in_the_middle_of_a_playbook_turns_it_to_english(talk: Talk, articles) -> None:
    talk.finder.answers("how do i use a gift card code?", articles["card-lost"])
    await talk.open(ASKED)
    assert (await talk.last())[0] == "是手机还是电脑？"
    await talk.say("how do i use a gift card code?")
    said = (await talk.said())[-2:]
    assert [one.text for one in said] == ["About card-lost.", "A phone or a computer?"]
    await talk.press("pb:which:phone")
    assert (await talk.last())[0] == "Please try mobile data."


@pytest.mark.usefixtures("in_english_too")
async def test_a_playbook_that_does_not_understand_says_so_in_the_language_spoken(talk: Talk) -> None:
    await talk.open("i can't open your site", locale="en")
    await talk.say("嘟嘟囔囔")
    text, part = await talk.last()
    assert text.startswith("没太明白")
    assert text.endswith("是手机还是电脑？")
    assert [one["label"] for one in part["options"]][:2] == ["手机", "电脑"]
