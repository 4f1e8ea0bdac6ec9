"""Another matter in the middle of a playbook: the first is set aside, and come back to."""

from __future__ import annotations

import pytest

from .network import ASKED, SOURCE, another
from .talking import Talk

LOST = "卡密没收到"
BACK = "回到“网站打不开”：是手机还是电脑？"


@pytest.fixture
async def card(talk: Talk, network) -> None:
    """Another matter with its own playbook, whose step is called the same."""
    await talk.walks(LOST, another("card").replace("请切换到流量再试。", "请看短信。"))


async def test_another_matter_in_the_middle_has_its_own_playbook_and_the_first_is_come_back_to(
    talk: Talk, card
) -> None:
    await talk.open(ASKED)
    await talk.say(LOST)
    assert await talk.texts() == ["是手机还是电脑？", "在哪里看的？"]
    await talk.press("pb:which:phone")
    assert (await talk.texts())[2:] == ["请看短信。", BACK]
    await talk.press("pb:which:phone")
    assert (await talk.last())[0] == "请切换到流量再试。"
    assert await talk.value("select run from assistance where conversation_id = %(id)s") is None


async def test_a_button_of_the_matter_set_aside_is_no_answer_to_the_other(talk: Talk, card) -> None:
    await talk.open(ASKED)
    asked = (await talk.said())[-1].seq
    await talk.say(LOST)
    await talk.press("pb:which:desk", asked)
    assert await talk.texts() == ["是手机还是电脑？", "在哪里看的？"]
    assert await talk.status() == "assisted"


async def test_who_speaks_of_the_first_matter_again_is_back_in_it(talk: Talk, card) -> None:
    await talk.open(ASKED)
    await talk.say(LOST)
    await talk.say(ASKED)
    await talk.press("pb:which:phone")
    await talk.press("pb:which:phone")
    assert await talk.texts() == [
        "是手机还是电脑？", "在哪里看的？", BACK, "请切换到流量再试。", "回到“网站打不开”：在哪里看的？", "请看短信。",
    ]  # fmt: skip


async def test_a_person_in_the_other_matter_ends_both(talk: Talk, card) -> None:
    await talk.open(ASKED)
    await talk.say(LOST)
    await talk.press("pb:which:desk")
    assert await talk.status() == "waiting"
    assert await talk.value("select run from assistance where conversation_id = %(id)s") is None


async def test_what_was_read_already_is_not_said_again_when_it_is_come_back_to(talk: Talk) -> None:
    await talk.walks(ASKED, SOURCE.replace("是手机还是电脑？", "网站今天没有故障。\\n是手机还是电脑？"))
    await talk.walks(LOST, another("card"))
    await talk.open(ASKED)
    await talk.say("谢谢")
    assert (await talk.last())[0] == "是手机还是电脑？"
    await talk.say(LOST)
    await talk.press("pb:which:phone")
    text, part = await talk.last()
    assert text == BACK
    assert [one["id"] for one in part["options"]] == ["pb:which:phone", "pb:which:desk", "person"]
    await talk.press("pb:which:phone")
    assert (await talk.last())[0] == "请切换到流量再试。"
