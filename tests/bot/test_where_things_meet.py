"""What is said at the wrong moment: before an answer was read, while the shop is asked, days later, by accident."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from mashang.bot import filling, hearing, looking_up
from mashang.conversations import timeline
from mashang.desk import lists
from mashang.staff import assistant
from mashang.staff.assistant import Assistant

from .network import ASKED, LOOKING_UP, another
from .talking import Talk, publish

LATE = "充值没到账"


def said_during(talk: Talk, question: str, words: str) -> None:
    """The customer writes these words while the answer to the question is looked for, once."""
    talk.finder.meanwhile[question] = partial(talk.receive, words)


async def test_what_was_said_before_the_answer_was_there_is_no_judgement_of_it(talk: Talk, articles: Any) -> None:
    talk.finder.answers(LATE, articles["recharge-late"], articles["slow"])
    said_during(talk, LATE, "不行")
    await talk.open(LATE)
    await talk.turn()
    assert "不行" in [one.text for one in await talk.entries()]
    assert await talk.value("select count(*) from assistant_verdict") == 0


async def test_who_writes_two_messages_each_time_is_not_asked_for_other_words_for_ever(
    talk: Talk, articles: Any
) -> None:
    for n in range(4):
        asked = f"听不懂的话{n}"
        said_during(talk, asked, f"听不懂的啊{n}")
        await (talk.say(asked) if n else talk.open(asked))
        await talk.turn()
    assert await talk.status() == "waiting"


async def test_who_is_back_after_days_stands_in_the_list_with_what_it_is_about_now(
    talk: Talk, articles: Any, later: Any
) -> None:
    await talk.open("昨天买的点卡一直没有收到卡密怎么回事")
    await talk.say("转人工")
    await later()
    await talk.receive("改地址")
    async with talk.database.transaction() as tx:
        [one] = await lists.rows(tx, None, [talk.id], "zh-CN")
    assert one.row.matter == "改地址"


async def test_a_number_after_days_picks_nothing_that_was_offered_then(talk: Talk, articles: Any, later: Any) -> None:
    talk.finder.answers("订单", articles["recharge-late"], articles["slow"], band="suggest")
    await talk.open("订单")
    await later()
    before = len(await talk.texts())
    await talk.say("1")
    assert await talk.value("select count(*) from assistant_turn where move = 'answer'") == 0
    assert len(await talk.texts()) > before


async def test_a_proof_made_while_a_matter_is_set_aside_is_not_asked_for_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.walks(ASKED, LOOKING_UP)
    await talk.walks("卡密没收到", another("card"))
    is_proved = False

    async def bring(*_: Any, **__: Any) -> tuple[str, dict[str, Any]]:
        return ("found", {}) if is_proved else ("unproved", {})

    monkeypatch.setattr(looking_up, "bring", bring)
    await talk.open(ASKED)
    await talk.settle()
    await talk.say("卡密没收到")
    is_proved = True
    async with talk.database.transaction() as tx:
        await timeline.append(tx, timeline.event(talk.id, "proved"))
    await talk.settle()
    await talk.press("pb:which:phone")
    await talk.settle()
    assert (await talk.texts())[-1] == "是手机还是电脑？"


@pytest.mark.usefixtures("looking_up_first")
async def test_the_model_is_not_asked_again_and_again_while_the_shop_is(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def fill(*_: Any, **__: Any) -> Any:
        asked.append(1)
        return filling.NONE

    class There:
        is_there = True
        patience = timedelta(seconds=5)

        async def may(self, _task: str) -> bool:
            return True

    monkeypatch.setattr(filling, "fill", fill)
    talk.model = There()  # type: ignore[assignment]  # all that a turn asks of it
    await talk.open(ASKED)
    first = len(asked)
    await talk.receive("听不懂的话")
    for _ in range(5):
        await talk.turn()
    assert len(asked) - first <= 1


async def test_switched_off_it_offers_no_matter_to_begin_with(talk: Talk) -> None:
    await publish(talk.database, "refund-progress", "退款多久到", playbook="refund-progress", codes=["SH"])
    await talk.begin("", order_number="MS20261121000001")
    async with talk.database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=False, name="小码"))
    await talk.turn()
    assert not [text for text in await talk.texts() if "点一下就开始" in text]
    assert await talk.status() == "waiting"


@pytest.mark.parametrize(
    ("words", "chosen"),
    [("没用支付宝付", None), ("我没用微信", None), ("支付宝付的", "alipay"), ("用的是微信", "wechat")],
)
def test_what_was_not_used_is_not_chosen(words: str, chosen: str | None) -> None:
    options = [("alipay", ["支付宝", "Alipay"]), ("wechat", ["微信", "WeChat Pay"])]
    assert (hearing.named(words, options, among_others=True) or None) == chosen
