"""To a person: for words of anger, risk or a wish for one; afterwards it stays out until it is called back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import routing
from mashang.staff import assistant
from mashang.staff.assistant import Assistant

from .talking import Talk

LATE = "充值怎么还没到账"


@pytest.mark.parametrize(
    "words", ["转人工", "我要投诉你们", "这是诈骗吧", "帮我转人工快点", "You are a SCAM", "I want a real person"]
)
async def test_anger_and_a_wish_for_a_person_need_no_finding(talk: Talk, words: str) -> None:
    await talk.open()
    await talk.say(words)
    assert await talk.status() == "waiting"
    assert talk.finder.asked == []


async def test_the_operators_own_words_of_risk_lead_to_a_person(talk: Talk, database) -> None:
    async with database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=True, name="小码", risk_words=["工信部"]))
    await talk.open("我要打工信部电话")
    assert (await talk.events("handed_over"))[0]["reason"] == "upset"


@pytest.mark.parametrize(("words", "is_handed_over"), [("我要投诉", False), ("my lawyer?", False), ("我要报警", True)])
async def test_words_the_operator_took_out_call_nobody(talk: Talk, database, words, is_handed_over) -> None:
    async with database.transaction() as tx:
        taken_out = Assistant(is_on=True, name="小码", ignored_words=["投诉", "Lawyer"])
        await assistant.put_settings(tx, None, taken_out)
    await talk.open(words)
    assert bool(await talk.events("handed_over")) == is_handed_over


@pytest.mark.parametrize("words", ["没用😡😡", "答非所问"], ids=["angry", "risk"])
async def test_anger_about_an_answer_is_more_than_a_judgement_of_it(talk: Talk, articles, database, words) -> None:
    async with database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=True, name="小码", risk_words=["答非所问"]))
    talk.finder.answers("充值没到账", articles["recharge-late"])
    await talk.open("充值没到账")
    await talk.say(words)
    assert [one["reason"] for one in await talk.events("handed_over")] == ["upset"]


async def test_the_place_in_the_queue_is_that_of_the_arrival(talk: Talk, clock) -> None:
    opened = await talk.open("听不懂的话")
    await clock.advance(timedelta(minutes=9))
    await talk.press("person")
    queued_at = await talk.value("select queued_at from queue_place where conversation_id = %(id)s")
    assert queued_at == opened.opened_at
    assert [one["reason"] for one in await talk.events("person_coming")] == ["asked"]


async def test_a_person_at_any_moment_and_a_second_press_changes_nothing(talk: Talk, database) -> None:
    await talk.open()
    for _ in range(2):
        async with database.transaction() as tx:
            await routing.ask_for_a_person(tx, talk.stage.customer, talk.id)
    assert await talk.status() == "waiting"
    assert len(await talk.events("queued")) == 1


async def test_after_the_hand_over_it_stays_out(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    await talk.say("转人工")
    before = len(await talk.said())
    await talk.say(LATE)
    await talk.press("not_helpful", (await talk.said())[-1].seq)
    assert not await talk.turn()
    assert len(await talk.said()) == before
    assert await talk.status() == "waiting"


async def test_who_finds_the_answer_helpful_after_all_need_not_wait_any_longer(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    await talk.say("转人工")
    await talk.press("helpful", (await talk.said())[-1].seq)
    assert await talk.status() == "closed"
    assert (await talk.events("closed"))[0]["solved"]


async def test_an_agent_calls_it_back_and_it_hands_over_again_at_the_old_place(talk: Talk, database, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open("转人工帮忙")
    queued_at = await talk.value("select queued_at from queue_place where conversation_id = %(id)s")
    async with database.transaction() as tx:
        await routing.take(tx, talk.stage.agent, talk.id)
        await routing.call_assistant(tx, talk.stage.agent, talk.id)
    assert await talk.status() == "assisted"
    assert not await talk.turn()
    await talk.say(LATE)
    assert (await talk.last())[1]["kind"] == "answer"
    await talk.say("转人工")
    assert await talk.value("select queued_at from queue_place where conversation_id = %(id)s") == queued_at
