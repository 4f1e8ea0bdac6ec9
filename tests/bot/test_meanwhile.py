"""What comes while a playbook waits for something is heard afterwards: words, pictures, proofs nobody told of."""

from __future__ import annotations

from typing import Any

import pytest

from mashang import routing
from mashang.bot import looking_up, turn
from mashang.conversations import recalling, timeline
from mashang.conversations.entry import Author
from mashang.routing import summary

from .network import ASKED, LOOKING_UP, another
from .talking import Talk


@pytest.mark.usefixtures("looking_up_first")
async def test_an_answer_given_while_the_shop_is_asked_counts_when_it_has_answered(talk: Talk) -> None:
    await talk.open(ASKED)
    await talk.say("手机")
    assert await talk.texts() == []
    await talk.settle()
    assert await talk.texts() == ["是手机还是电脑？", "请切换到流量再试。"]


@pytest.mark.usefixtures("looking_up_first")
async def test_words_said_before_a_question_are_no_wrong_answer_to_it(talk: Talk) -> None:
    await talk.open(ASKED)
    await talk.say("快点看看呀")
    await talk.settle()
    assert await talk.texts() == ["是手机还是电脑？"]
    assert not await talk.turn()
    await talk.say("嘟嘟囔囔")
    assert await talk.status() == "assisted"
    assert (await talk.last())[0].startswith("没太明白")


@pytest.mark.usefixtures("looking_up_first")
async def test_words_that_nothing_answered_are_read_by_whoever_takes_over_unless_they_were_taken_back(
    talk: Talk,
) -> None:
    await talk.open(ASKED)
    await talk.say("快点看看呀")
    await talk.settle()
    await talk.say("转人工")
    (told,) = await talk.events("handed_over")
    assert told["unheard"] == ["快点看看呀"]
    assert "还没有回应：“快点看看呀”" in summary.lines(told, "zh-CN")
    seq = next(one.seq for one in await talk.entries() if one.text == "快点看看呀")
    by = Author("customer", talk.stage.customer.public_id)
    async with talk.database.transaction() as tx:
        await recalling.recall(tx, talk.id, seq, by, talk.stage.customer.id)
    assert "快点看看呀" not in str(await talk.events("handed_over"))


@pytest.mark.usefixtures("looking_up_first")
async def test_another_matter_said_while_the_shop_is_asked_begins_when_it_has_answered(talk: Talk) -> None:
    await talk.walks("卡密没收到", another("other", LOOKING_UP))
    await talk.open(ASKED)
    await talk.say("卡密没收到")
    assert await talk.texts() == []
    await talk.settle()
    await talk.settle()
    assert await talk.texts() == ["是手机还是电脑？", "在哪里看的？"]


@pytest.mark.usefixtures("looking_up_first")
async def test_who_wants_a_person_meanwhile_does_not_wait_for_the_shop(talk: Talk) -> None:
    await talk.open(ASKED)
    await talk.say("转人工")
    assert await talk.status() == "waiting"


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What comes of each look-up, in turn."""
    results: list[str] = []

    async def bring(*_: object) -> tuple[str, dict[str, Any]]:
        return results.pop(0), {}

    monkeypatch.setattr(looking_up, "bring", bring)
    return results


async def proves(talk: Talk) -> None:
    """As `codes.proving` writes it; that it happened reaches nobody, for its process dies."""
    async with talk.database.transaction() as tx:
        await timeline.append(tx, timeline.event(talk.id, "proved", method="one_time_code"))


@pytest.mark.usefixtures("looking_up_first")
async def test_a_proof_nobody_told_of_is_found_by_the_sweep(talk: Talk, brought: list[str]) -> None:
    brought += ["unproved", "missing"]
    await talk.open(ASKED)
    await proves(talk)  # of something earlier
    await talk.settle()
    assert (await talk.last())[1]["expects"] == "proof"
    assert brought == ["missing"]
    await proves(talk)
    await talk.settle()
    assert (await talk.last())[0] == "是手机还是电脑？"


@pytest.mark.usefixtures("looking_up_first")
@pytest.mark.parametrize("words", ["QN261123139091", "嘟嘟囔囔"])
async def test_who_says_something_else_instead_of_proving_is_asked_for_the_proof_again(
    talk: Talk, brought: list[str], words: str
) -> None:
    brought += ["unproved", "missing"]
    await talk.open(ASKED, order_number="QN261123139091")
    await talk.settle()
    asked = await talk.last()
    await talk.say(words)
    assert await talk.last() == asked
    assert await talk.texts() == [asked[0], asked[0]]
    await proves(talk)
    await talk.settle()
    assert (await talk.last())[0] == "是手机还是电脑？"


@pytest.mark.usefixtures("looking_up_first")
async def test_who_is_not_understood_twice_instead_of_proving_comes_to_a_person(talk: Talk, brought: list[str]) -> None:
    brought += ["unproved"]
    await talk.open(ASKED)
    await talk.settle()
    await talk.say("嘟嘟囔囔")
    await talk.say("叽叽咕咕")
    assert await talk.status() == "waiting"


async def test_what_cannot_even_be_read_leads_to_a_person(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_: object) -> None:
        raise ValueError("a row that nobody can read")

    monkeypatch.setattr(turn, "look", breaks)
    await talk.open("充值没到账")
    assert await talk.status() == "waiting"
    assert (await talk.events("handed_over"))[0]["reason"] == "failure"


async def test_what_fails_when_a_person_has_taken_over_meanwhile_is_nobodys_failure(talk: Talk) -> None:
    async def taken() -> None:
        async with talk.database.transaction() as tx:
            await routing.hand_over(tx, talk.id, "asked")
            await routing.take(tx, talk.stage.agent, talk.id)

    talk.finder.says["充值没到账"] = ValueError("broken")
    talk.finder.meanwhile["充值没到账"] = taken
    await talk.open("充值没到账")
    assert await talk.status() == "active"
    assert [one["reason"] for one in await talk.events("handed_over")] == ["asked"]
    assert await talk.value("select count(*) from assistant_turn where conversation_id = %(id)s") == 0
