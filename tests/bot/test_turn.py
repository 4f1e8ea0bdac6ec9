"""What the assistant answers, asks, offers and hands over: one answer to what was said, and a person when in doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import routing
from mashang.conversations.happened import happened
from mashang.customers import customer
from mashang.knowledge import merging
from mashang.routing import assistance
from mashang.staff import assistant
from mashang.staff.assistant import Assistant
from tests.conftest import Clock

from .talking import Talk

LATE = "充值怎么还没到账"


async def test_it_says_first_that_it_is_a_program(talk: Talk) -> None:
    await talk.open()
    assert await talk.status() == "assisted"
    text, _ = await talk.last()
    assert "小码" in text
    assert "不是真人" in text
    happenings = [happened(one.data or {}, "zh-CN") for one in await talk.entries() if one.kind == "event"]
    assert [one for one in happenings if one and "助手" in one] == [], "once is enough"


@pytest.mark.parametrize(
    ("locale", "names", "first"),
    [
        ("zh-CN", {"name": "智能助手", "name_en": "Assistant"}, "您好，我是智能助手，由程序自动回答，不是真人。请用"),
        ("en", {"name": "智能助手", "name_en": "Assistant"}, "Hello, this is the shop's assistant. I answer"),
        ("en", {"name": "智能助手"}, "Hello, this is the shop's assistant. I answer"),
        ("en", {"name": "智能助手", "name_en": "Robin"}, "Hello, this is Robin. I answer"),
        ("en", {"name": "小码"}, "Hello, this is 小码. I answer"),
    ],
)
async def test_it_introduces_itself_naturally_with_and_without_a_name(
    talk: Talk, locale: str, names: dict[str, str], first: str
) -> None:
    async with talk.database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=True, **names))
    await talk.open(locale=locale)
    text, _ = await talk.last()
    assert text.startswith(first)


async def test_who_goes_on_with_it_after_the_end_is_told_again_that_it_is_the_assistant(
    talk: Talk, clock: Clock
) -> None:
    await talk.open()
    await _ends(talk)
    await clock.advance(assistance.SAME_MATTER + timedelta(seconds=1))
    async with talk.database.transaction() as tx:
        by = await customer.by_id(tx, await tx.value("select customer_id from conversation where id = %s", (talk.id,)))
        await routing.reopen(tx, by, talk.id)
    assert await talk.status() == "assisted"
    told = [happened(one.data or {}, "zh-CN") for one in await talk.entries() if one.kind == "event"]
    assert told[-1] == "智能助手正在为您服务，随时可以转人工"


async def _ends(talk: Talk) -> None:
    async with talk.database.transaction() as tx:
        by = await customer.by_id(tx, await tx.value("select customer_id from conversation where id = %s", (talk.id,)))
        await routing.close(tx, by, talk.id, solved=True)


async def test_a_sure_answer_is_the_articles_own_words(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    text, part = await talk.last()
    assert text == "关于充值没到账：先看订单。"
    assert part["kind"] == "answer"
    assert part["asks_helpful"]
    assert part["article"] == {"id": articles["recharge-late"], "title": "充值没到账"}
    assert len(await talk.said()) == 2
    assert await talk.value("select p from assistant_turn where conversation_id = %(id)s") == pytest.approx(0.97)


async def test_english_is_answered_in_english(talk: Talk, articles) -> None:
    talk.finder.answers("no money", articles["recharge-late"])
    await talk.open("no money", locale="en")
    assert (await talk.last())[0] == "About recharge-late."
    assert (await talk.said())[0].author.name == "Mashang"


async def test_what_may_be_meant_is_offered_with_a_way_to_a_person(talk: Talk, articles) -> None:
    talk.finder.answers("没到", *articles.values(), band="suggest")
    await talk.open("没到")
    _, part = await talk.last()
    assert [one["id"] for one in part["options"]] == [*(f"article:{one}" for one in articles.values()), "none"]
    await talk.press(f"article:{articles['card-lost']}")
    assert (await talk.last())[0] == "关于卡密没收到：先看订单。"
    assert await talk.status() == "assisted"


async def test_none_of_these_leads_to_a_person(talk: Talk, articles) -> None:
    talk.finder.answers("没到", *articles.values(), band="suggest")
    await talk.open("没到")
    await talk.press("none")
    assert await talk.status() == "waiting"


async def test_what_is_not_understood_is_asked_for_once_and_handed_over_the_second_time(talk: Talk) -> None:
    await talk.open("嘟嘟囔囔的一句话")
    assert (await talk.last())[1]["options"] == [{"id": "person", "label": "转人工"}]
    await talk.say("还是嘟嘟囔囔")
    assert await talk.status() == "waiting"
    assert (await talk.events("handed_over"))[0]["reason"] == "misunderstood"


async def test_an_answer_between_two_misunderstandings_begins_the_count_anew(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open("听不懂的话")
    await talk.say(LATE)
    await talk.say("又一句听不懂的话")
    assert await talk.status() == "assisted"


async def test_a_choice_whose_article_was_merged_meanwhile_is_answered_by_the_one_that_is_left(
    talk: Talk, articles
) -> None:
    talk.finder.answers("怎么收不到", articles["card-lost"], articles["slow"], band="suggest")
    await talk.open("怎么收不到")
    async with talk.database.transaction() as tx:
        await merging.merge(tx, None, (articles["slow"], 2), (articles["card-lost"], 2))
    await talk.press(f"article:{articles['card-lost']}")
    text, part = await talk.last()
    assert "网站打不开" in text
    assert part["kind"] == "answer"


async def test_words_instead_of_a_choice_that_are_not_understood_either_lead_to_a_person(talk: Talk, articles) -> None:
    talk.finder.answers("没到", *articles.values(), band="suggest")
    talk.finder.answers("就是没到", *articles.values(), band="suggest")
    await talk.open("没到")
    await talk.say("就是没到")
    assert await talk.status() == "waiting"


async def test_of_what_was_not_understood_only_the_missing_part_is_asked(talk: Talk) -> None:
    await talk.open("昨天买的点卡有点问题")
    assert "结果是怎样的" in (await talk.last())[0]
    await talk.say("用不了")
    handed_over = (await talk.events("handed_over"))[0]
    assert handed_over["statement"]["result"]["zh-CN"] == "卡密用不了"
    assert handed_over["statement"]["action"]["zh-CN"] == "购买、点卡"


async def test_small_talk_gets_a_word_and_is_no_misunderstanding(talk: Talk) -> None:
    await talk.open("您好！！")
    await talk.say("听不懂的话")
    await talk.say("谢谢~")
    await talk.say("在吗")
    assert await talk.status() == "assisted"
    assert talk.finder.asked == ["听不懂的话"]


@pytest.mark.parametrize("said", ["我想问问", "想咨询一下", "有个问题", "I have a question"])
async def test_who_only_announces_a_question_is_asked_for_it(talk: Talk, articles: dict[str, str], said: str) -> None:
    talk.finder.answers(said, *articles.values(), band="suggest")
    await talk.open(said)
    assert (await talk.last())[0] in ("请说说您的问题。", "Please tell me your question.")
    assert talk.finder.asked == []
    await talk.say("转人工")
    before = len(await talk.said())
    await talk.say(said)
    assert len(await talk.said()) == before, "in the queue nothing"


@pytest.mark.parametrize("said", ["1", "B", "ｘ。"])
async def test_one_sign_that_stands_for_nothing_is_not_understood(
    talk: Talk, articles: dict[str, str], said: str
) -> None:
    talk.finder.answers(said, *articles.values(), band="suggest")
    await talk.open(said)
    assert (await talk.last())[1]["kind"] == "ask"
    assert talk.finder.asked == []


async def test_one_sign_that_stands_for_an_option_chooses_it(talk: Talk, articles: dict[str, str]) -> None:
    talk.finder.answers("没到", *articles.values(), band="suggest")
    await talk.open("没到")
    await talk.say("1")
    assert (await talk.last())[1]["kind"] == "answer"


async def test_a_number_alone_is_asked_about_whatever_it_resembles(talk: Talk, articles: dict[str, str]) -> None:
    for number in ("QN261123139091", "13900001111"):
        talk.finder.answers(number, articles["recharge-late"])
        await talk.open(number)
        _, part = await talk.last()
        assert (part["kind"], part["expects"]) == ("ask", "text")
    assert talk.finder.asked == []


async def test_a_number_alone_is_no_misunderstanding_the_first_time(talk: Talk) -> None:
    await talk.open("13900001111")
    assert (await talk.last())[0] == "收到这个号码了。是关于什么事呢？请用一句话说说，比如“充值没到账”。"
    await talk.say("13900001111")
    assert (await talk.last())[0].startswith("我没有听懂")
    assert await talk.status() == "assisted"
    await talk.say("13900001111")
    assert (await talk.events("handed_over"))[0]["reason"] == "misunderstood"


async def test_off_or_without_knowledge_everybody_queues(talk: Talk, database) -> None:
    async with database.transaction() as tx:
        await tx.run("update article set status = 'archived'")
    await talk.open("充值")
    assert await talk.status() == "waiting"
    async with database.transaction() as tx:
        await tx.run("update article set status = 'published'")
        await assistant.put_settings(tx, None, Assistant(is_on=False, name="小码"))
    await talk.open("充值")
    assert await talk.status() == "waiting"


@pytest.mark.parametrize(
    "fields", [{"entrance": "person"}, {"text": "24H"}, {"text": "转人工"}], ids=["person", "24H", "words"]
)
async def test_who_wants_a_person_queues_at_once(talk: Talk, fields) -> None:
    await talk.open(**fields)
    assert await talk.status() == "waiting"
    assert await talk.said() == []
