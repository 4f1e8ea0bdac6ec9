"""Messages that come twice, many at once, empty, strange or with buttons that are not there."""

from __future__ import annotations

from functools import partial

import pytest

from mashang.conversations.entry import NewEntry
from mashang.intake import author_of
from mashang.kit.errors import Invalid

from .talking import Talk

LATE = "充值怎么还没到账"


async def test_the_same_question_again_is_not_answered_the_same_way(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"], articles["slow"])
    await talk.open(LATE)
    await talk.say(LATE)
    assert (await talk.last())[1]["kind"] == "choices"


@pytest.mark.parametrize("others", [["slow"], []], ids=["another_near", "no_other"])
async def test_a_question_sent_twice_before_its_answer_has_one_answer(talk: Talk, articles, others) -> None:
    talk.finder.answers(LATE, articles["recharge-late"], *(articles[one] for one in others))
    await _sent_twice(talk, LATE)
    assert [one.data["assistant"]["kind"] for one in (await talk.said())[1:]] == ["answer"]
    assert await talk.status() == "assisted"
    await talk.say(LATE)
    assert len(await talk.said()) > 2 or await talk.events("handed_over"), "after the answer it was not the answer"


@pytest.mark.parametrize("kind", ["choices", "ask"])
async def test_what_is_sent_twice_before_it_is_asked_back_is_asked_back_once(talk: Talk, articles, kind) -> None:
    offered = {"choices": list(articles.values()), "ask": []}[kind]
    talk.finder.answers("没到", *offered, band="suggest")
    await _sent_twice(talk, "没到")
    assert [one.data["assistant"]["kind"] for one in (await talk.said())[1:]] == [kind]
    assert await talk.status() == "assisted"


async def test_another_matter_said_before_an_answer_has_its_own(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    talk.finder.answers("还有卡密没收到", articles["card-lost"])
    await _sent_twice(talk, LATE, "还有卡密没收到")
    assert [one.text for one in (await talk.said())[1:]] == ["关于充值没到账：先看订单。", "关于卡密没收到：先看订单。"]


async def _sent_twice(talk: Talk, text: str, then: str = "") -> None:
    """The second is written while the assistant thinks about the first."""
    await talk.begin(text)
    talk.finder.meanwhile[text] = partial(talk.receive, then or text)
    assert await talk.turn()
    assert await talk.turn()


async def test_whatever_fails_leads_to_a_person_and_says_so(talk: Talk) -> None:
    talk.finder.says["坏了"] = RuntimeError("a bug")
    await talk.open("坏了")
    assert await talk.status() == "waiting"
    assert [one["reason"] for one in await talk.events("person_coming")] == ["failure"]
    assert not await talk.turn()


async def test_an_article_that_was_withdrawn_meanwhile_is_not_told(talk: Talk, database, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    async with database.transaction() as tx:
        await tx.run("update article set status = 'archived' where key = 'recharge-late'")
    await talk.open(LATE)
    assert await talk.status() == "waiting"


@pytest.mark.parametrize(
    "text", ["😀😀😀", "？？？！", "啊" * 8000, "a" * 8000], ids=["emoji", "signs", "long", "latin"]
)
async def test_strange_words_are_not_understood_and_nothing_is_lost(talk: Talk, text: str) -> None:
    await talk.open(text)
    assert (await talk.last())[1]["kind"] == "ask"
    assert all(len(one) <= 500 for one in talk.finder.asked)
    assert await talk.status() == "assisted"


async def test_nothing_said_is_refused(talk: Talk) -> None:
    await talk.open()
    with pytest.raises(Invalid):
        await talk.say("  ")


@pytest.mark.parametrize("option", ["article:nosuch", "pb:a:b", "helpful", "rm -rf"])
async def test_a_button_that_is_not_there_is_what_was_typed(talk: Talk, option: str) -> None:
    await talk.open()
    first = (await talk.said())[0].seq
    for seq in (first, 999):
        await talk.press(option.replace(" ", "-"), seq)
    typed = [one for one in await talk.entries() if one.author.kind == "customer" and one.kind == "text"]
    assert [one.data for one in typed] == [None, None]


async def test_a_button_of_another_conversation_is_what_was_typed(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    theirs = (await talk.said())[-1].seq
    await talk.open()
    await talk.press("helpful", theirs)
    assert await talk.value("select count(*) from assistant_verdict") == 0


async def test_a_button_pressed_twice_counts_once(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    answer = (await talk.said())[-1].seq
    await talk.press("helpful", answer)
    said = len(await talk.said())
    await talk.press("helpful", answer)
    assert len(await talk.said()) == said
    assert await talk.value("select count(*) from assistant_verdict") == 1


async def test_several_messages_in_a_row_are_one_question(talk: Talk) -> None:
    await talk.open()
    for text in ("昨天充的", "还没到"):
        await talk.writer.post(_message(talk, text))
    await talk.turn()
    assert talk.finder.asked == ["昨天充的\n还没到", "充的 还没到"]  # and without its time
    assert not await talk.turn()


def _message(talk: Talk, text: str):
    customer = talk.stage.customer
    return NewEntry(conversation_id=talk.id, author=author_of(customer), author_id=customer.id, text=text)
