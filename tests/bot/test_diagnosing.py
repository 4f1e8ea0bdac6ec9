"""A playbook inside the assistant's turns: it begins in an article's place, is interrupted, and leads to a person."""

from __future__ import annotations

import pytest

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.conversations import timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.routing import assistance

from .network import ASKED
from .talking import Talk, publish


async def test_it_asks_in_the_articles_place_and_says_the_step(talk: Talk, network) -> None:
    await talk.open(ASKED)
    text, part = await talk.last()
    assert text == "是手机还是电脑？"
    assert "pb:which:phone" in [one["id"] for one in part["options"]]
    await talk.press("pb:which:phone")
    text, part = await talk.last()
    assert text == "请切换到流量再试。"
    assert part["asks_helpful"]
    await talk.press("helpful")
    assert await talk.value("select verdict from assistant_verdict where conversation_id = %(id)s") == "helpful"
    kept = "select articles[1] from assistant_turn where conversation_id = %(id)s order by id limit 1"
    assert await talk.value(kept) == network


async def test_words_are_as_good_as_buttons_and_an_old_button_says_nothing_more(talk: Talk, network) -> None:
    await talk.open(ASKED)
    asked = (await talk.said())[-1].seq
    await talk.say("手机上")
    assert (await talk.last())[0] == "请切换到流量再试。"
    said = len(await talk.said())
    await talk.press("pb:which:desk", asked)
    assert len(await talk.said()) == said
    assert await talk.status() == "assisted"


@pytest.mark.parametrize("words", ["手机 还是不行啊，快点", "我是手机", "不是电脑，是手机", "my phone, still not"])
async def test_an_option_among_other_words_is_chosen(talk: Talk, network, words: str) -> None:
    await talk.open(ASKED)
    await talk.say(words)
    assert (await talk.last())[1]["asks_helpful"], "the step after it"


async def test_who_wants_a_person_beside_an_option_gets_one(talk: Talk, network) -> None:
    await talk.open(ASKED)
    await talk.say("手机，不行就给我转人工")
    assert await talk.status() == "waiting"


async def test_something_else_is_answered_and_then_the_question_comes_again(talk: Talk, network, articles) -> None:
    talk.finder.answers("卡密呢", articles["card-lost"])
    await talk.open(ASKED)
    await talk.say("卡密呢")
    assert [one.text for one in await talk.said()][-2:] == ["关于卡密没收到：先看订单。", "是手机还是电脑？"]
    await talk.say("谢谢")
    assert (await talk.last())[0] == "是手机还是电脑？"
    await talk.press("pb:which:phone")
    assert (await talk.last())[0] == "请切换到流量再试。"


async def test_the_same_matter_again_is_asked_again_and_not_told_beside_it(talk: Talk, network) -> None:
    await talk.open(ASKED)
    await talk.say(ASKED)
    assert [text.endswith("是手机还是电脑？") for text in await talk.texts()] == [True, True]


async def test_a_picture_instead_of_an_answer_is_kept_and_the_question_comes_again(talk: Talk, network) -> None:
    await talk.open(ASKED)
    async with talk.database.transaction() as tx:
        who = await tx.value("select customer_id from conversation where id = %s", (talk.id,))
        picture = NewEntry(conversation_id=talk.id, author=Author("customer"), author_id=who, kind="file", text="1.png")
        await timeline.append(tx, picture)
    await talk.turn()
    said = [one.text for one in await talk.said()][-2:]
    assert said[0].startswith("图片收到了")
    assert said[1] == "是手机还是电脑？"


async def test_a_question_is_no_answer_where_words_are_asked_for_and_what_tells_something_is(
    talk: Talk, articles
) -> None:
    await talk.walks(ASKED, IN_WORDS)
    for asked in ("多久能退款？", "昨天下午充的，怎么还没到？"):
        talk.finder.answers(asked, articles["slow"])
    await talk.open(ASKED)
    await talk.say("多久能退款？")
    assert [one.text for one in (await talk.said())[-2:]][1] == "什么时候充的？"
    await talk.say("你好")
    assert (await talk.last())[0] == "什么时候充的？"
    await talk.say("昨天下午充的，怎么还没到？")
    assert (await talk.last())[0] == "记下了：昨天下午充的，怎么还没到？"


IN_WORDS = """
key: in-words
version: 1
title: 问一句
title_en: In words
steps:
  when: {ask: text, text: {zh-CN: "什么时候充的？", en: "When?"}, into: when, next: noted}
  noted: {say: {zh-CN: "记下了：{answer.when}", en: "Noted: {answer.when}"}, next: done}
  done: {solved: true}
"""


async def test_two_answers_that_are_none_lead_to_a_person(talk: Talk, network) -> None:
    await talk.open(ASKED)
    await talk.say("嘟嘟囔囔")
    assert await talk.status() == "assisted"
    await talk.say("还是嘟嘟囔囔")
    assert await talk.status() == "waiting"
    assert (await talk.events("handed_over"))[0]["reason"] == "misunderstood"


async def test_a_person_in_the_middle_of_it(talk: Talk, network) -> None:
    await talk.open(ASKED)
    await talk.say("转人工")
    assert await talk.status() == "waiting"
    assert await talk.value("select run from assistance where conversation_id = %(id)s") is None


async def test_a_code_begins_it_before_anybody_queues(talk: Talk, network) -> None:
    async with talk.database.transaction() as tx:
        draft = TopicDraft(
            code="WL", name="网络", department=talk.stage.department.public_id, answers_with="playbook",
            answer_key="network",
        )  # fmt: skip
        await topics.create(tx, None, draft, {})
    await talk.open(entrance="code", code="WL")
    assert (await talk.last())[0] == "是手机还是电脑？"


async def test_it_works_while_one_waits_and_solving_it_leaves_the_queue(talk: Talk, network) -> None:
    await talk.open(ASKED, entrance="person")
    await talk.press(f"article:{network}")
    await talk.say("手机上")
    assert await talk.status() == "waiting"
    await talk.press("helpful")
    assert await talk.status() == "closed"


async def test_a_refund_is_told_and_never_walked_through(talk: Talk, network) -> None:
    refund = await publish(talk.database, "refund", "怎么退款", playbook="network", procedure_only=True)
    talk.finder.answers("我要退款", refund)
    await talk.open("我要退款")
    assert (await talk.last())[0] == "关于怎么退款：先看订单。"


async def test_a_playbook_that_is_gone_leaves_the_article(talk: Talk) -> None:
    article = await publish(talk.database, "network-down", "网站打不开怎么办", playbook="no-such")
    talk.finder.answers(ASKED, article)
    await talk.open(ASKED)
    assert (await talk.last())[0] == "关于网站打不开怎么办：先看订单。"


async def test_what_the_playbook_did_while_the_assistant_thought_is_not_undone(talk: Talk, network) -> None:
    await talk.open(ASKED)

    async def plays_on() -> None:
        async with talk.database.transaction() as tx:
            known = await assistance.of(tx, talk.id)
            assert known
            assert known.run
            await assistance.note(tx, talk.id, run={**known.run, "n": 7}, facts={"noted": "订单"})

    talk.finder.meanwhile["什么意思"] = plays_on
    said = len(await talk.said())
    await talk.say("什么意思")
    assert len(await talk.said()) == said
    assert await talk.turn()  # looked at anew
    assert await talk.value("select run ->> 'n' from assistance where conversation_id = %(id)s") == "8"
    assert await talk.value("select facts ->> 'noted' from assistance where conversation_id = %(id)s") == "订单"
