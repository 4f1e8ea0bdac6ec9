"""Who is back after days comes with another matter: nothing of the old talk is held against them, or told of them."""

from __future__ import annotations

from datetime import timedelta

from mashang import routing
from mashang.bot.attending import SILENT_FOR
from mashang.routing import summary
from mashang.staff import assistant
from mashang.staff.assistant import Assistant

from .talking import Talk

LATE = "充值没到账"


async def test_the_same_question_is_answered_again(talk: Talk, articles, later) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    await talk.press("helpful")
    await later()
    await talk.say(LATE)
    assert await talk.status() == "assisted"
    assert (await talk.last())[0] == "关于充值没到账：先看订单。"
    await talk.say(LATE)  # now it is asked again in one matter
    assert (await talk.events("handed_over"))[0]["reason"] == "not_helpful"


async def test_choices_nobody_chose_from_are_forgotten(talk: Talk, articles, later) -> None:
    talk.finder.answers("订单", articles["recharge-late"], articles["slow"], band="suggest")
    await talk.open("订单")
    offered = (await talk.last())[1]["options"]
    await later()
    await talk.say("听不懂的话")
    assert await talk.status() == "assisted"
    await talk.say("订单")
    assert (await talk.last())[1]["options"] == offered


async def test_an_answer_that_did_not_help_then_is_no_refusal_now(talk: Talk, articles, later) -> None:
    talk.finder.answers(LATE, articles["recharge-late"], articles["slow"], articles["card-lost"])
    await talk.open(LATE)
    await talk.press("not_helpful")
    await later()
    await talk.say(LATE)
    await talk.press("not_helpful")
    assert (await talk.last())[1]["kind"] == "choices"
    assert await talk.status() == "assisted"


async def test_a_hand_over_tells_nothing_of_the_old_matter(talk: Talk, database, articles, later) -> None:
    said = "昨天下午三点用支付宝充值100元，一直没到账"
    talk.finder.answers("卡密呢", articles["card-lost"])
    await talk.open(said)
    await talk.say("卡密呢")
    await talk.say("转人工")
    async with database.transaction() as tx:
        await routing.take(tx, talk.stage.agent, talk.id)
        await routing.call_assistant(tx, talk.stage.agent, talk.id)
    await later()
    await talk.say("我想改一下收货地址")
    await talk.say("转人工")
    before, now = await talk.events("handed_over")
    assert {"statement", "shown"} <= before.keys()
    assert not {"statement", "shown", "looked_up", "before"} & now.keys()
    assert summary.lines(now, "zh-CN") == ["转人工原因：用户要求人工", "用户说：“我想改一下收货地址”"]


async def test_within_three_days_it_is_the_same_matter(talk: Talk, articles, later) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    await later(timedelta(hours=71))
    told = (await talk.events("handed_over"))[0]
    assert (told["reason"], told["said"]) == ("returned", LATE)
    assert [one["title"]["zh-CN"] for one in told["shown"]] == ["充值没到账"]


async def test_with_the_assistant_off_nobody_is_told_that_they_were_not_helped(talk: Talk, database, later) -> None:
    await talk.open("听不懂的话")
    async with database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=False, name="小码"))
    await later()
    assert await talk.status() == "waiting"
    assert await talk.events("handed_over") == []


async def test_what_was_said_before_the_close_and_never_heard_is_not_answered_days_later(
    talk: Talk, articles, later
) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.begin(LATE)
    await later()
    assert not await talk.turn()


async def test_a_word_of_thanks_then_does_not_hurry_the_close_now(talk: Talk, clock, articles, later) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    await talk.press("helpful")
    await later()
    await talk.say(LATE)
    await clock.advance(timedelta(minutes=11))
    await talk.attending().sweep()
    assert await talk.status() == "assisted"
    await clock.advance(SILENT_FOR)
    await talk.attending().sweep()
    assert await talk.status() == "closed"


async def test_the_newest_messages_tell_what_it_is_about(talk: Talk) -> None:
    await talk.begin("用微信充值")
    for n in range(21):
        await talk.receive(f"嗯{n}")
    await talk.receive("昨天下午三点用支付宝充值100元，一直没到账")
    for amount in (200, 300):
        await talk.receive(f"不对，是充值{amount}元")
    await talk.receive("转人工")
    await talk.turn()
    statement = (await talk.events("handed_over"))[0]["statement"]
    assert "支付宝" in statement["action"]["zh-CN"]
    assert "300" in statement["action"]["zh-CN"]  # in their order: the last correction counts
    assert statement["result"]["zh-CN"]
