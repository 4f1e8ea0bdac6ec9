"""Where a playbook takes whatever is written, another matter is no answer, and what tells something is one."""

from __future__ import annotations

import pytest

from .network import ASKING_WHEN, another
from .talking import Talk

LATE = "充值没到账"
LOST = "卡密没收到"
ASKED = "大概什么时候付的？"


@pytest.fixture
async def late(talk: Talk) -> str:
    await talk.walks(LATE, ASKING_WHEN)
    card = await talk.walks(LOST, another("card"))
    await talk.open(LATE)
    assert (await talk.texts()) == [ASKED]
    return card


@pytest.mark.parametrize("words", [LOST, "还有我的卡密没收到", "我的卡密怎么没收到", "对了我想改绑定"])
async def test_another_matter_is_walked_first_and_the_question_is_come_back_to(
    talk: Talk, late: str, words: str
) -> None:
    talk.finder.answers(words, late)
    await talk.say(words)
    assert (await talk.texts())[1:] == ["在哪里看的？"]
    await talk.press("pb:which:phone")
    assert (await talk.last())[0] == f"回到“充值没到账”：{ASKED}"
    await talk.say("昨天下午")
    assert (await talk.last())[0] == "记下了：昨天下午"


async def test_a_question_that_may_be_several_things_is_offered_them_and_the_question_stays(
    talk: Talk, late: str, articles: dict[str, str]
) -> None:
    talk.finder.answers("退款多久到账", articles["slow"], late, band="suggest")
    await talk.say("退款多久到账")
    assert (await talk.last())[1]["kind"] == "choices"
    await talk.press(f"article:{articles['slow']}")
    assert (await talk.last())[0] == ASKED
    await talk.say("昨天下午")
    assert (await talk.last())[0] == "记下了：昨天下午"


@pytest.mark.parametrize(
    "words",
    [
        "昨天下午",
        "昨天买的，卡密没收到",
        "支付宝付的，卡密也没有",
        "忘了",
        "上周吧还没到",
        "充值一直没到账",
        "话费充值卡",
    ],
)
async def test_ordinary_words_are_the_answer(talk: Talk, late: str, words: str) -> None:
    talk.finder.answers(words, late)
    await talk.say(words)
    assert (await talk.last())[0] == f"记下了：{words}"
