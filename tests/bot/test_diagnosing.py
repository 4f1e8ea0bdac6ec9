"""A playbook inside the assistant's turns: it begins in an article's place, is interrupted, and leads to a person."""

from __future__ import annotations

import msgspec
import pytest

from mashang.bot import diagnosing, library
from mashang.bot.playing import Told
from mashang.bot.run import LookedUp, Run
from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.kit import clock
from mashang.routing import assistance, summary

from .diagnosing import WHOLE
from .talking import Talk, publish

SOURCE = """
key: network
version: 1
title: 网站打不开
title_en: The site does not open
steps:
  which:
    ask: choice
    text: {zh-CN: "是手机还是电脑？", en: "A phone or a computer?"}
    options:
      - id: phone
        text: {zh-CN: 手机, en: A phone}
        words: [手机上]
        next: phone
      - id: desk
        text: {zh-CN: 电脑, en: A computer}
        next: person
  phone:
    say: {zh-CN: "请切换到流量再试。", en: "Please try mobile data."}
    next: done
  done: {solved: true}
  person:
    hand_over: {zh-CN: 电脑端要人工看, en: A computer needs a person}
"""
ASKED = "网站打不开了"


@pytest.fixture
async def network(talk: Talk) -> str:
    """The article whose place the playbook takes."""
    async with talk.database.transaction() as tx:
        await library.save(tx, talk.stage.agent, SOURCE, seen=0)
        await library.publish(tx, talk.stage.agent, "network", 1)
    article = await publish(talk.database, "network-down", "网站打不开怎么办", playbook="network")
    talk.finder.answers(ASKED, article)
    return article


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


LOST = "卡密没收到"


@pytest.fixture
async def card(talk: Talk, network) -> str:
    """Another matter with its own playbook, whose step is called the same."""
    source = SOURCE.replace("key: network", "key: card").replace("是手机还是电脑？", "在哪里看的？")
    async with talk.database.transaction() as tx:
        await library.save(tx, talk.stage.agent, source.replace("请切换到流量再试。", "请看短信。"), seen=0)
        await library.publish(tx, talk.stage.agent, "card", 1)
    article = await publish(talk.database, "card-walk", "卡密没收到怎么办", playbook="card")
    talk.finder.answers(LOST, article)
    return article


async def _texts(talk: Talk) -> list[str]:
    return [one.text for one in await talk.said()][1:]


BACK = "我们接着看刚才那件事。"


async def test_another_matter_in_the_middle_has_its_own_playbook_and_the_first_is_come_back_to(
    talk: Talk, card
) -> None:
    await talk.open(ASKED)
    await talk.say(LOST)
    assert await _texts(talk) == ["是手机还是电脑？", "在哪里看的？"]
    await talk.press("pb:which:phone")
    assert (await _texts(talk))[2:] == ["请看短信。", BACK, "是手机还是电脑？"]
    await talk.press("pb:which:phone")
    assert (await talk.last())[0] == "请切换到流量再试。"
    assert await talk.value("select run from assistance where conversation_id = %(id)s") is None


async def test_a_button_of_the_matter_set_aside_is_no_answer_to_the_other(talk: Talk, card) -> None:
    await talk.open(ASKED)
    asked = (await talk.said())[-1].seq
    await talk.say(LOST)
    await talk.press("pb:which:desk", asked)
    assert await _texts(talk) == ["是手机还是电脑？", "在哪里看的？"]
    assert await talk.status() == "assisted"


async def test_who_speaks_of_the_first_matter_again_is_back_in_it(talk: Talk, card) -> None:
    await talk.open(ASKED)
    await talk.say(LOST)
    await talk.say(ASKED)
    await talk.press("pb:which:phone")
    await talk.press("pb:which:phone")
    assert await _texts(talk) == [
        "是手机还是电脑？", "在哪里看的？", BACK, "是手机还是电脑？", "请切换到流量再试。", BACK,
        "在哪里看的？", "请看短信。",
    ]  # fmt: skip


async def test_a_person_in_the_other_matter_ends_both(talk: Talk, card) -> None:
    await talk.open(ASKED)
    await talk.say(LOST)
    await talk.press("pb:which:desk")
    assert await talk.status() == "waiting"
    assert await talk.value("select run from assistance where conversation_id = %(id)s") is None


async def test_the_same_matter_again_is_asked_again_and_not_told_beside_it(talk: Talk, network) -> None:
    await talk.open(ASKED)
    await talk.say(ASKED)
    assert [text.endswith("是手机还是电脑？") for text in await _texts(talk)] == [True, True]


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
    async with talk.database.transaction() as tx:
        await library.save(tx, talk.stage.agent, IN_WORDS, seen=0)
        await library.publish(tx, talk.stage.agent, "in-words", 1)
    talk.finder.answers(ASKED, await publish(talk.database, "words-first", "问一句", playbook="in-words"))
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


NUMBERED = """
key: numbered
version: 1
title: 按订单
title_en: By its order
steps:
  which:
    ask: order
    text: {zh-CN: "哪一笔订单？", en: "Which order?"}
    into: order
    none: known
    next: person
  known:
    decide:
      - when: {statement.at: {known: true}}
        next: person
      - next: when
  when:
    ask: text
    text: {zh-CN: "什么时候付的？", en: "When did you pay?"}
    into: when
    none: person
    next: person
  person:
    hand_over: {zh-CN: "按付款查[，{answer.when}]", en: "By the payment[, {answer.when}]"}
"""


@pytest.fixture
async def numbered(talk: Talk) -> None:
    async with talk.database.transaction() as tx:
        await library.save(tx, talk.stage.agent, NUMBERED, seen=0)
        await library.publish(tx, talk.stage.agent, "numbered", 1)
    talk.finder.answers(ASKED, await publish(talk.database, "late", "没到账", playbook="numbered"))


async def test_who_says_to_know_no_number_is_understood(talk: Talk, numbered) -> None:
    await talk.open(ASKED)
    await talk.say("不知道订单号啊")
    assert (await talk.last())[0] == "什么时候付的？"
    await talk.say("忘了")
    assert (await talk.events("handed_over"))[0]["reason"] == "playbook"


async def test_who_tells_of_the_payment_instead_is_not_asked_for_it_again(talk: Talk, numbered) -> None:
    await talk.open(ASKED)
    await talk.say("昨天晚上8点付的100块")
    told = (await talk.events("handed_over"))[0]
    assert told["reason"] == "playbook"
    assert {"time", "action"} <= set(told["statement"])


async def test_a_payment_told_before_is_no_answer_to_the_question_after_it(talk: Talk, numbered) -> None:
    talk.finder.answers("昨天晚上8点付的100块没到", (await _only(talk)))
    await talk.open("昨天晚上8点付的100块没到")
    await talk.say("嘟嘟囔囔")
    assert await talk.status() == "assisted"
    assert "哪一笔订单？" in (await talk.last())[0]


async def _only(talk: Talk) -> str:
    """The article that was published for it."""
    return str(await talk.value("select public_id from article where key = 'late' and %(id)s = 0"))


async def test_its_own_reason_stands_in_the_summary(talk: Talk, network) -> None:
    await talk.open(ASKED)
    await talk.press("pb:which:desk")
    assert await talk.status() == "waiting"
    told = (await talk.events("handed_over"))[0]
    assert summary.lines(told, "zh-CN")[0] == "转人工原因：诊断流程转人工；电脑端要人工看"
    assert summary.lines(told, "en")[0] == "Why a person: The playbook asked for one; A computer needs a person"


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
    find = talk.finder.find

    async def finds_late(question: str, locale: str, target: float) -> object:
        async with talk.database.transaction() as tx:
            known = await assistance.of(tx, talk.id)
            assert known
            assert known.run
            await assistance.note(tx, talk.id, run={**known.run, "n": 7}, facts={"noted": "订单"})
        talk.finder.find = find  # type: ignore[method-assign]  # once
        return await find(question, locale, target)

    talk.finder.find = finds_late  # type: ignore[assignment, method-assign]
    said = len(await talk.said())
    await talk.say("什么意思")
    assert len(await talk.said()) == said
    assert await talk.turn()  # looked at anew
    assert await talk.value("select run ->> 'n' from assistance where conversation_id = %(id)s") == "8"
    assert await talk.value("select facts ->> 'noted' from assistance where conversation_id = %(id)s") == "订单"


async def test_the_number_in_the_words_that_begin_it_goes_before_the_order_of_the_playbook_before(
    talk: Talk, database
) -> None:
    async with database.transaction() as tx:
        await library.save(tx, talk.stage.agent, WHOLE, seen=0)
        await library.publish(tx, talk.stage.agent, "whole", 1)
    article = await publish(database, "whole-first", "订单没到", playbook="whole")
    asked, again = "订单QN100000000002 充值没到账", "那这个订单呢"
    for words in (asked, again):
        talk.finder.answers(words, article)
    await talk.open("订单QN100000000001 充值没到账")
    async with database.transaction() as tx:
        known = {"order": {"order.number": "QN100000000001", "order.total": "66.00 CNY"}}
        await assistance.note(tx, talk.id, facts=known)
        await conversations.concern(tx, talk.id, "QN100000000001")
    number = "select run -> 'known' ->> 'answer.order' from assistance where conversation_id = %(id)s"
    await talk.say(asked)
    assert await talk.value(number) == "QN100000000002"
    assert "66" not in str(await talk.value("select facts from assistance where conversation_id = %(id)s"))
    async with database.transaction() as tx:
        await assistance.note(tx, talk.id, run=None)
        await conversations.concern(tx, talk.id, "QN100000000003")  # found since
    await talk.say(again)
    assert await talk.value(number) == "QN100000000003"


async def test_what_an_earlier_playbook_looked_up_and_tried_is_told_as_well(talk: Talk, database, network) -> None:
    await talk.open("你好")
    sent, looked = {"zh-CN": "补发了卡密", "en": "Sent again"}, {"zh-CN": "查了订单：已发货", "en": "Sent"}
    async with database.transaction() as tx:
        await assistance.note(tx, talk.id, facts={"looked_up": [looked], "tried": [sent]})
    await talk.say(ASKED)
    await talk.press("pb:which:desk")
    (told,) = await talk.events("handed_over")
    assert (told["looked_up"], told["tried"]) == ([looked], [sent])
    assert "earlier" not in told


async def test_each_playbook_s_own_lines_are_told_once(talk: Talk, database, network) -> None:
    await talk.open(ASKED)
    at = clock.now()
    lines = [LookedUp(what=what, how="missing", at=at) for what in ("incident", "promotion")]
    for so_far in (lines[:1], lines):  # a run tells all of its own each time
        async with database.transaction() as tx:
            known = await assistance.of(tx, talk.id)
            run = msgspec.convert(known.run, Run)
            told = Told(run=msgspec.structs.replace(run, looked_up=so_far))
            await diagnosing.tell(tx, await conversations.lock(tx, talk.id), told)
    assert len(await talk.value("select facts -> 'looked_up' from assistance where conversation_id = %(id)s")) == 2
