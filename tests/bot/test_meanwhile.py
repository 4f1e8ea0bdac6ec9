"""What comes while a playbook waits for something is heard afterwards: words, pictures, proofs nobody told of."""

from __future__ import annotations

from typing import Any

import pytest

from mashang.bot import library, looking_up, turn
from mashang.conversations import recalling, timeline
from mashang.conversations.entry import Author
from mashang.routing import summary

from .talking import Talk, publish

SOURCE = """
key: network
version: 1
title: 网站打不开
title_en: The site does not open
steps:
  look:
    look_up: order
    needs: order
    next: which
    missing: which
    failed: which
    timed_out: which
    unproved: which
  which:
    ask: choice
    text: {zh-CN: "是手机还是电脑？", en: "A phone or a computer?"}
    options:
      - id: phone
        text: {zh-CN: 手机, en: A phone}
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
async def network(talk: Talk) -> None:
    """A playbook that looks something up before it asks."""
    async with talk.database.transaction() as tx:
        await library.save(tx, talk.stage.agent, SOURCE, seen=0)
        await library.publish(tx, talk.stage.agent, "network", 1)
    talk.finder.answers(ASKED, await publish(talk.database, "network-down", "网站打不开怎么办", playbook="network"))


async def all_done(talk: Talk) -> None:
    """Two sweeps of a process, and what they sent for."""
    attending = talk.attending()
    for _ in range(2):
        await attending.sweep()
        await attending.settled()


async def texts(talk: Talk) -> list[str]:
    return [one.text for one in await talk.said()][1:]  # the greeting is none of it


@pytest.mark.usefixtures("network")
async def test_an_answer_given_while_the_shop_is_asked_counts_when_it_has_answered(talk: Talk) -> None:
    await talk.open(ASKED)
    await talk.say("手机")
    assert await texts(talk) == []
    await all_done(talk)
    assert await texts(talk) == ["是手机还是电脑？", "请切换到流量再试。"]


@pytest.mark.usefixtures("network")
async def test_words_said_before_a_question_are_no_wrong_answer_to_it(talk: Talk) -> None:
    await talk.open(ASKED)
    await talk.say("快点看看呀")
    await all_done(talk)
    assert await texts(talk) == ["是手机还是电脑？"]
    assert not await talk.turn()
    await talk.say("嘟嘟囔囔")
    assert await talk.status() == "assisted"
    assert (await talk.last())[0].startswith("没太明白")


@pytest.mark.usefixtures("network")
async def test_words_that_nothing_answered_are_read_by_whoever_takes_over_unless_they_were_taken_back(
    talk: Talk,
) -> None:
    await talk.open(ASKED)
    await talk.say("快点看看呀")
    await all_done(talk)
    await talk.say("转人工")
    (told,) = await talk.events("handed_over")
    assert told["unheard"] == ["快点看看呀"]
    assert "还没有回应：“快点看看呀”" in summary.lines(told, "zh-CN")
    seq = next(one.seq for one in await talk.entries() if one.text == "快点看看呀")
    by = Author("customer", talk.stage.customer.public_id)
    async with talk.database.transaction() as tx:
        await recalling.recall(tx, talk.id, seq, by, talk.stage.customer.id)
    assert "快点看看呀" not in str(await talk.events("handed_over"))


@pytest.mark.usefixtures("network")
async def test_another_matter_said_while_the_shop_is_asked_begins_when_it_has_answered(talk: Talk) -> None:
    other = SOURCE.replace("key: network", "key: other").replace("是手机还是电脑？", "在哪里看的？")
    async with talk.database.transaction() as tx:
        await library.save(tx, talk.stage.agent, other, seen=0)
        await library.publish(tx, talk.stage.agent, "other", 1)
    talk.finder.answers("卡密没收到", await publish(talk.database, "other-a", "卡密", playbook="other"))
    await talk.open(ASKED)
    await talk.say("卡密没收到")
    assert await texts(talk) == []
    await all_done(talk)
    await all_done(talk)
    assert await texts(talk) == ["是手机还是电脑？", "在哪里看的？"]


@pytest.mark.usefixtures("network")
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


@pytest.mark.usefixtures("network")
async def test_a_proof_nobody_told_of_is_found_by_the_sweep(talk: Talk, brought: list[str]) -> None:
    brought += ["unproved", "missing"]
    await talk.open(ASKED)
    await proves(talk)  # of something earlier
    await all_done(talk)
    assert (await talk.last())[1]["expects"] == "proof"
    assert brought == ["missing"]
    await proves(talk)
    await all_done(talk)
    assert (await talk.last())[0] == "是手机还是电脑？"


async def test_what_cannot_even_be_read_leads_to_a_person(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_: object) -> None:
        raise ValueError("a row that nobody can read")

    monkeypatch.setattr(turn, "look", breaks)
    await talk.open("充值没到账")
    assert await talk.status() == "waiting"
    assert (await talk.events("handed_over"))[0]["reason"] == "failure"
