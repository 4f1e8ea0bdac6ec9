"""Of several messages only what belongs together is told: nobody said what two matters say side by side."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from mashang.bot import several
from mashang.bot.statement import NOTHING, in_both, merged
from mashang.bot.stating import Told, together
from mashang.conversations.entry import LONGEST_TEXT
from mashang.desk import lists
from mashang.routing import summary

from .talking import Talk
from .test_statement import LINES, NOW, RULES, extract, told


def heard(*said: str) -> Told:
    return together([(text, NOW + timedelta(minutes=at)) for at, text in enumerate(said)], RULES)


def in_words(*said: str) -> str:
    parts = in_both(heard(*said).statement)
    return " · ".join(parts[name]["zh-CN"] for name in ("result", "action", "time") if name in parts)


def test_several_messages_are_one_matter() -> None:
    found = heard("充值没到账", "昨天充的", "下午三点左右", "100块 支付宝", "订单号 QN261121000123")
    assert told(found.statement) == {
        "at": "2026-11-21T15:00/about",
        "action": "recharge", "amount": "100", "method": "alipay", "order_number": "QN261121000123",
        "symptom": "not_arrived",
    }  # fmt: skip
    assert len(found.said) == 5


def test_a_correction_replaces_what_was_said_and_a_mention_does_not() -> None:
    first = extract("昨天充了100块没到账", NOW, RULES)
    assert merged(first, extract("我还想买50块的", NOW, RULES)).amount == first.amount
    assert told(heard("昨天充了100块没到账", "不对，是前天，50块").statement) == {
        "at": "2026-11-20T00:00/day", "action": "recharge", "amount": "50", "symptom": "not_arrived",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        (["退款一般多久到账", "我充值没到账"], "没有到账 · 充值"),
        (["退款多久到账", "充了一百没到账"], "没有到账 · 充值、100 元"),
        (["可以退款吗", "我的一百块没到账"], "没有到账 · 100 元"),
        (["昨天申请的退款怎么还没到", "另外刚充的点卡用不了"], "卡密用不了 · 充值、点卡 · 11-22 16:06 左右"),
        (["卡密没收到", "还有我的账号被冻结了"], "账户被冻结或限制"),
        (["退款一般多久到账，另外我充值没到账"], "没有到账 · 充值"),
        (["充值没到账。另外卡密也用不了"], "卡密用不了"),
        (["I want to know how long a refund usually takes", "my recharge has not arrived"], "没有到账 · 充值"),
    ],
)
def test_another_matter_leaves_nothing_of_the_one_before(said: list[str], matter: str) -> None:
    assert in_words(*said) == matter


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        (["我昨天申请了退款", "还没到账"], "没有到账 · 退款 · 11-21"),
        (["昨天充了100没到账", "算了，帮我退款吧"], "没有到账 · 充值、100 元 · 11-21"),
        (["充了100没到账", "还扣了两次款"], "没有到账，后来说重复扣款 · 充值、100 元"),
        (["充了100没到账", "还扣了两次款", "就是没到账"], "没有到账，后来说重复扣款 · 充值、100 元"),
        (["卡密没收到", "号码不对"], "没有收到卡密，后来说账号、号码或区服不对"),
        (["卡密没收到", "一直没到账"], "没有收到卡密"),
        (["买的东西没到账", "卡密没收到"], "没有收到卡密 · 购买"),
        (["卡密没收到", "不对，是卡密用不了"], "卡密用不了"),
        (["昨天买的点卡有问题", "用不了"], "卡密用不了 · 购买、点卡 · 11-21"),
    ],
)
def test_more_of_the_same_matter_is_added(said: list[str], matter: str) -> None:
    assert in_words(*said) == matter


def test_who_comes_back_to_an_earlier_matter_has_all_of_it_again() -> None:
    first, aside, again = "昨天用支付宝充了100没到账", "我的账号被冻结了", "所以充值一直没到账是怎么回事"
    assert in_words(first, aside, again) == in_words(first)
    assert heard(first, aside, again).said == (first, again)


@pytest.mark.parametrize("sign", [" ", "\n", "\n ", "abcd!"])
def test_long_messages_of_gaps_or_of_many_parts_are_read_in_no_time(sign: str) -> None:
    message = f"充值{sign * 8000}"[: LONGEST_TEXT - 4] + "没到账"
    began = time.process_time()
    heard(*[message] * 20)
    several.parts(message)
    assert time.process_time() - began < 1.5


def test_what_is_only_asked_tells_nothing_that_happened() -> None:
    assert heard("退款一般多久到账").statement == NOTHING
    assert in_words("怎么退款") == ""
    assert in_words("前几天充的") == "充值"
    assert in_words("我昨天申请的退款，一般多久到账") != ""


def test_what_one_message_tells_is_told_unless_everybody_might_ask_it() -> None:
    told_of = [line["text"] for line in LINES if extract(line["text"], NOW, RULES).symptom]
    silent = [text for text in told_of if heard(text).statement.symptom is None]
    assert len(silent) <= len(told_of) // 50, silent


async def test_who_waits_stands_in_the_list_with_the_matter_they_came_to_and_not_with_two(talk: Talk) -> None:
    await talk.open("退款的钱几天了还没到")
    await talk.say("另外我充了100没到账")
    await talk.say("转人工")
    async with talk.database.transaction() as tx:
        zh, en = [(await lists.rows(tx, None, [talk.id], locale))[0].row.matter for locale in ("zh-CN", "en")]
    assert zh == "没有到账 · 充值、100 元"
    assert en == "has not arrived · Top-up, ¥100"
    (told,) = await talk.events("handed_over")
    assert "问题：操作 充值、100 元 · 结果 没有到账" in summary.lines(told, "zh-CN")
