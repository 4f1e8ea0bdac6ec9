"""Codes that answer first, what is offered beside the queue, what ends by itself, and what a dead process leaves."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from mashang import routing
from mashang.bot import playing, turn
from mashang.bot.attending import CONTENT_FOR, SILENT_FOR
from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.desk import consultations
from mashang.kit.errors import Invalid
from mashang.routing import assistance
from mashang.staff import presence
from tests.routing.crashes import Crashed, Fuse, Mortal

from .talking import Talk

LATE = "充值怎么还没到账"


async def a_code(talk: Talk, code: str, **fields) -> None:
    async with talk.database.transaction() as tx:
        draft = TopicDraft(code=code, name="充值问题", department=talk.stage.department.public_id, **fields)
        await topics.create(tx, None, draft, {})


async def is_here(talk: Talk) -> None:
    async with talk.database.transaction() as tx:
        await presence.set_availability(tx, talk.stage.agent, "available")
        await presence.renew(tx, "test", talk.stage.agent.id, "test", timedelta(minutes=5))


# ── codes first ─────────────────────────────────────────────────────────────


async def test_a_code_answers_with_its_article_before_anybody_queues(talk: Talk, articles) -> None:
    await a_code(talk, "CZ", answers_with="article", answer_key="recharge-late")
    await talk.open(entrance="code", code="CZ")
    text, part = await talk.last()
    assert text == "关于充值没到账：先看订单。"
    assert part["article"]["id"] == articles["recharge-late"]
    assert await talk.status() == "assisted"
    assert not await talk.turn()


async def test_a_code_answers_in_the_operators_words_in_both_languages(talk: Talk) -> None:
    await a_code(talk, "CZ", answers_with="template", answer_text="一般十分钟内到账。", answer_text_en="Ten minutes.")
    await talk.open(entrance="code", code="CZ")
    assert (await talk.last())[0] == "一般十分钟内到账。"
    await talk.open(entrance="code", code="CZ", locale="en")
    assert (await talk.last())[0] == "Ten minutes."
    await talk.press("helpful")
    assert await talk.value("select count(*) from assistant_verdict") == 1


async def test_a_code_without_a_first_answer_queues_as_ever(talk: Talk) -> None:
    await a_code(talk, "SH")
    await talk.open(entrance="code", code="SH")
    assert await talk.status() == "waiting"


async def test_a_code_and_a_wish_for_a_person_skip_the_answer(talk: Talk) -> None:
    await a_code(talk, "CZ", answers_with="template", answer_text="一般十分钟内到账。")
    await talk.open(entrance="person", code="CZ")
    assert await talk.status() == "waiting"
    await talk.open("CZ 帮我转人工", entrance="code")
    assert await talk.status() == "waiting"


@pytest.mark.parametrize("entrance", ["assistant", "code"])
async def test_24h_is_a_person_whatever_it_could_answer(talk: Talk, entrance) -> None:
    await a_code(talk, "24H", answers_with="template", answer_text="您好。")
    for fields in ({"code": "24H"}, {"text": "24H 充值"}):
        await talk.open(entrance=entrance, **fields)
        assert await talk.status() == "waiting"
        async with talk.database.transaction() as tx:
            await routing.close(tx, talk.stage.customer, talk.id)


async def test_a_code_whose_article_is_gone_leads_to_a_person(talk: Talk, database) -> None:
    await a_code(talk, "CZ", answers_with="article", answer_key="slow")
    async with database.transaction() as tx:
        await tx.run("update article set status = 'archived' where key = 'slow'")
    await talk.open(entrance="code", code="CZ")
    assert await talk.status() == "waiting"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"answers_with": "article"}, "answer_key"),
        ({"answers_with": "article", "answer_key": "no-such-article"}, "answer_key"),
        ({"answers_with": "template", "answer_text": "  "}, "answer_text"),
    ],
    ids=["no key", "unknown", "no words"],
)
async def test_a_first_answer_that_says_nothing_is_refused(talk: Talk, fields, field) -> None:
    with pytest.raises(Invalid) as refused:
        await a_code(talk, "CZ", **fields)
    assert refused.value.facts["field"] == field


# ── beside the queue ────────────────────────────────────────────────────────


async def test_who_waits_is_offered_up_to_three_once(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, *articles.values())
    await talk.open(LATE, entrance="person")
    _, part = await talk.last()
    assert [one["id"] for one in part["options"]] == [f"article:{one}" for one in articles.values()]
    await talk.say(LATE)
    assert len(await talk.said()) == 1
    assert await talk.status() == "waiting"


async def test_each_new_question_of_who_waits_is_offered_what_it_finds_and_nothing_twice(talk: Talk, articles) -> None:
    late, card, slow = articles.values()
    talk.finder.answers("还有卡密没收到", card, late)
    talk.finder.answers("卡密到底在哪", card, slow)
    talk.finder.answers("充值也还是没到", late, slow, band="suggest")
    talk.finder.answers(LATE, late)
    await talk.open(LATE, entrance="person")
    for text in ("快点", "还有卡密没收到", "谢谢", "卡密到底在哪", "充值也还是没到"):
        await talk.say(text)
    offered = [[one["id"] for one in entry.data["assistant"]["options"]] for entry in await talk.said()]
    assert offered == [[f"article:{late}"], [f"article:{card}"]]
    assert await talk.status() == "waiting"


async def test_an_offer_that_helped_ends_the_waiting_as_solved(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, *articles.values())
    await talk.open(LATE, entrance="person")
    await talk.press(f"article:{articles['slow']}")
    await talk.press("helpful")
    assert await talk.status() == "closed"
    assert (await talk.events("closed"))[0] == {"name": "closed", "by": "customer", "waiting": True, "solved": True}
    assert await talk.value("select count(*) from queue_place") == 0


async def test_an_offer_that_did_not_help_keeps_the_place(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, *articles.values())
    await talk.open(LATE, entrance="person")
    await talk.press(f"article:{articles['slow']}")
    said = len(await talk.said())
    await talk.press("not_helpful")
    assert len(await talk.said()) == said
    assert await talk.status() == "waiting"


async def test_nothing_is_offered_to_whom_somebody_answers_at_once(talk: Talk, articles) -> None:
    await is_here(talk)
    talk.finder.answers(LATE, *articles.values())
    await talk.open(LATE, entrance="person")
    assert await talk.said() == []


async def test_what_is_not_known_and_anger_are_left_to_the_person_who_comes(talk: Talk) -> None:
    await talk.open("听不懂的话", entrance="person")
    await talk.say("谢谢")
    assert await talk.said() == []
    assert await talk.status() == "waiting"


async def test_a_failure_beside_the_queue_is_nobodys_concern(talk: Talk) -> None:
    talk.finder.says["坏了"] = RuntimeError("a bug")
    await talk.open("坏了", entrance="person")
    assert await talk.status() == "waiting"
    assert await talk.events("person_coming") == []


async def test_once_an_agent_served_nothing_is_offered_beside_them(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, *articles.values())
    await talk.open(entrance="person")
    async with talk.database.transaction() as tx:
        await routing.take(tx, talk.stage.agent, talk.id)
    await talk.say(LATE)
    async with talk.database.transaction() as tx:
        await routing.return_to_queue(tx, talk.stage.agent, talk.id)
    assert not await talk.turn()
    assert await talk.said() == []


async def test_whoever_answers_reads_once_what_was_shown_to_who_waited(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, *articles.values())
    await talk.open(LATE, entrance="person")
    await talk.press(f"article:{articles['slow']}")
    for _ in range(2):
        async with talk.database.transaction() as tx:
            await routing.take(tx, talk.stage.agent, talk.id)
            await routing.return_to_queue(tx, talk.stage.agent, talk.id)
    (told,) = await talk.events("handed_over")
    assert [one["title"]["zh-CN"] for one in told["shown"]] == ["网站打不开"]
    assert told["reason"] == "taken"


async def test_only_questions_whose_time_is_over_are_looked_at_for_silence(talk: Talk, clock, monkeypatch) -> None:
    monkeypatch.setattr("mashang.bot.attending._MOST", 1)
    for number in range(2):  # the first, which waits longer, lets its question stay
        key, way = f"silent{number}", number * "timed_out: person, after: 30, "
        await talk.walks(key, SILENT.replace("WAY ", way).replace("KEY", key))
        await talk.open(key, customer=await talk.somebody())
    attending = talk.attending()
    await clock.advance(timedelta(minutes=29))
    await attending.notice_silence()
    assert await talk.status() == "assisted"
    await clock.advance(timedelta(minutes=1))
    await attending.notice_silence()
    assert await talk.status() == "waiting"


SILENT = """
key: KEY
version: 1
title: 静默
title_en: Silent
steps:
  when: {ask: text, text: {zh-CN: "什么时候充的？", en: "When?"}, WAY into: when, next: person}
  person:
    hand_over: {zh-CN: 没有回答, en: No answer came}
"""


@pytest.mark.parametrize("waits", ["look_up", "answer"])
@pytest.mark.parametrize("entrance", ["assistant", "person"])
async def test_a_playbook_nobody_can_read_any_more_leads_to_a_person_once(talk: Talk, entrance, waits) -> None:
    await talk.open(entrance=entrance)
    async with talk.database.transaction() as tx:
        await assistance.note(tx, talk.id, run={"waits": waits, "due_at": "2026-01-01T00:00:00Z"})
    attending = talk.attending()
    await attending.sweep()
    await attending.settled()
    await attending.notice_silence()
    assert await talk.status() == "waiting"
    assert await talk.value("select state from assistance where conversation_id = %(id)s") == "out"


async def test_what_a_shop_says_and_no_table_takes_leads_to_a_person(talk: Talk, monkeypatch) -> None:
    async def lies(*_: object) -> bool:
        raise psycopg.errors.UntranslatableCharacter

    monkeypatch.setattr(playing, "bring", lies)
    await talk.open()
    async with talk.database.transaction() as tx:
        await assistance.note(tx, talk.id, run={"waits": "look_up"})
    attending = talk.attending()
    await attending.sweep()
    await attending.settled()
    assert (await talk.events("handed_over"))[0]["reason"] == "failure"


# ── ends, and what was missed ───────────────────────────────────────────────


@pytest.mark.parametrize(("helped", "after"), [(True, CONTENT_FOR), (False, SILENT_FOR)], ids=["helped", "silent"])
async def test_what_nobody_goes_on_with_ends_by_itself(talk: Talk, articles, clock, helped, after) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    if helped:
        await talk.press("helpful")
    attending = talk.attending()
    await clock.advance(after - timedelta(minutes=1))
    await attending.sweep()
    assert await talk.status() == "assisted"
    await clock.advance(timedelta(minutes=2))
    await attending.sweep()
    assert await talk.status() == "closed"
    assert (await talk.events("closed"))[0]["by"] == "system"


async def test_the_sweep_answers_what_was_missed_and_no_question_ends_by_itself(talk: Talk, articles, clock) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.begin(LATE)  # and its process died
    await clock.advance(SILENT_FOR * 2)
    await talk.attending().sweep()
    assert (await talk.last())[1]["kind"] == "answer"
    assert await talk.status() == "assisted"


class Grave(Fuse):
    """Burnt down, it lets nothing more be done: not even what a failure leads to."""

    async def around(self, connection, statement):
        if self._left <= 0:
            connection.pgconn.finish()
            raise Crashed
        return await super().around(connection, statement)


@pytest.mark.parametrize("words", [LATE, "我要投诉"], ids=["answer", "hand over"])
async def test_a_process_that_dies_at_any_statement_leaves_exactly_one_answer(talk: Talk, articles, words) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    steps = 0
    has_died = True
    while has_died:
        steps += 3
        await talk.begin(words)
        fuse = Grave(steps, late=bool(steps % 2))
        try:
            await turn.take(Mortal(talk.database, fuse), talk.finder, talk.model, talk.id)
            has_died = False
        except Crashed:
            await talk.turn()
        assert not await talk.turn()
        assert await talk.value("select count(*) from assistant_turn where conversation_id = %(id)s") == 1, steps
        assert len(await talk.said()) == (1 if words == "我要投诉" else 2), steps
        assert len(await talk.events("handed_over")) == (words == "我要投诉"), steps
        assert await talk.value("select count(*) from queue_place") == (words == "我要投诉"), steps
        async with talk.database.transaction() as tx:
            await routing.close(tx, talk.stage.customer, talk.id)
    assert steps > 20


async def test_the_figures_count_whom_the_assistant_served_neither_as_left_nor_as_waiting(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    outcome = "select outcome from consultation where conversation_id = %(id)s"
    for by in (None, talk.stage.customer):
        async with talk.database.transaction() as tx:
            if by:
                await routing.close(tx, by, talk.id)
            await consultations.catch_up(tx)
        assert await talk.value(outcome) == "assisted"
