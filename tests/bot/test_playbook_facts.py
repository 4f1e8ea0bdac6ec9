"""What a playbook knows as it begins, and what of it is told to whoever takes over."""

from __future__ import annotations

import msgspec
import pytest

from mashang.bot import diagnosing
from mashang.bot.playing import Told
from mashang.bot.run import LookedUp, Run
from mashang.conversations import conversation as conversations
from mashang.kit import clock
from mashang.routing import assistance, summary

from .diagnosing import WHOLE
from .network import ASKED
from .talking import Talk

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
async def numbered(talk: Talk) -> str:
    """The article whose place it takes."""
    return await talk.walks(ASKED, NUMBERED)


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
    talk.finder.answers("昨天晚上8点付的100块没到", numbered)
    await talk.open("昨天晚上8点付的100块没到")
    await talk.say("嘟嘟囔囔")
    assert await talk.status() == "assisted"
    assert "哪一笔订单？" in (await talk.last())[0]


async def test_its_own_reason_stands_in_the_summary(talk: Talk, network) -> None:
    await talk.open(ASKED)
    await talk.press("pb:which:desk")
    assert await talk.status() == "waiting"
    told = (await talk.events("handed_over"))[0]
    assert summary.lines(told, "zh-CN")[0] == "转人工原因：诊断流程转人工；电脑端要人工看"
    assert summary.lines(told, "en")[0] == "Why a person: The playbook asked for one; A computer needs a person"


async def test_the_number_in_the_words_that_begin_it_goes_before_the_order_of_the_playbook_before(
    talk: Talk, database
) -> None:
    asked, again = "订单QN100000000002 充值没到账", "那这个订单呢"
    talk.finder.answers(again, await talk.walks(asked, WHOLE))
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
