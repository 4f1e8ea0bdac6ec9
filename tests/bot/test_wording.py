"""A playbook's words at their limits: what is not known, other clocks, other years, other money, long names."""

from __future__ import annotations

import pytest

from mashang.bot import shop_facts, wording
from tests.bot.diagnosing import NOW, WHOLE, Walk, problems

PARTS = {
    "zh-CN": "[最晚 {order.expected_at}|今天之内]到账[，充到 {order.target}]",
    "en": "You get it [by {order.expected_at}|today][, at {order.target}]",
}
TIME = {"zh-CN": "{order.paid_at}", "en": "{order.paid_at}"}


def said(texts: dict[str, str], locale: str = "zh-CN", zone: str = "Asia/Shanghai", **known: str) -> str:
    return wording.fill(texts, {name.replace("_", ".", 1): value for name, value in known.items()}, locale, zone, NOW)


def test_what_stands_in_brackets_is_left_out_where_a_fact_is_not_known_or_said_in_other_words() -> None:
    assert said(PARTS) == "今天之内到账"
    assert said(PARTS, order_target="") == "今天之内到账"
    assert said(PARTS, order_target="139****4321") == "今天之内到账，充到 139****4321"
    assert said(PARTS, order_expected_at="2026-11-22T07:30:00+00:00") == "最晚 11月22日 15:30到账"
    assert said(PARTS, "en") == "You get it today"


@pytest.mark.parametrize(
    ("locale", "zone", "told"),
    [
        ("zh-CN", "Asia/Shanghai", "11月22日 14:00"),
        ("zh-CN", "America/St_Johns", "11月22日 02:30（UTC-3:30）"),
        ("en", "Asia/Shanghai", "14:00 on 22 Nov (UTC+8)"),
        ("en", "UTC", "06:00 on 22 Nov (UTC+0)"),
    ],
    ids=["home", "half hours", "english", "utc"],
)
def test_a_time_is_on_the_shops_clock_which_is_named_where_it_may_be_mistaken(
    locale: str, zone: str, told: str
) -> None:
    assert said(TIME, locale, zone, order_paid_at=NOW.isoformat()) == told


def test_a_time_of_another_year_says_its_year() -> None:
    assert said(TIME, order_paid_at="2019-03-01T00:00:00+00:00") == "2019年3月1日 08:00"
    assert said(TIME, "en", order_paid_at="2026-12-31T17:00:00+00:00") == "01:00 on 1 Jan 2027 (UTC+8)"


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("49.80 CNY", "¥49.80"),
        ("12.00 USD", "$12.00"),
        ("1200 JPY", "1200 JPY"),
        ("9999999999.99 VND", "9999999999.99 VND"),
    ],
    ids=["yuan", "dollars", "yen", "many"],
)
def test_money_keeps_its_currency(amount: str, told: str) -> None:
    assert said({"zh-CN": "{order.total}"}, order_total=amount) == told


@pytest.mark.parametrize("wrong", ["[最晚 {order.expected_at}到账", "最晚 {order.expected_at}]到账"])
def test_a_bracket_without_its_partner_is_refused(wrong: str) -> None:
    source = WHOLE.replace("zh-CN: 我请人工来看", f'zh-CN: "{wrong}"')
    assert [code for _, code in problems(source)] == ["open_part"]


def test_a_long_name_is_cut_within_a_sentence() -> None:
    assert shop_facts.short("字" * 300) == "字" * 39 + "…"
    assert shop_facts.short("云朵网盘") == "云朵网盘"


def test_two_orders_in_one_message_are_taken_one_after_the_other() -> None:
    walk = Walk()
    outcome = walk.answer("QN100000000001 和 QN100000000002 都没到，手机 13900001111")
    assert outcome.need is not None
    assert outcome.need.order_number == "QN100000000001"
    assert outcome.says == ["我们一笔一笔来，先看 QN100000000001；看完再告诉我下一笔。"]
    assert Walk().answer("QN100000000001，QN100000000001").says == []


def test_a_number_that_was_given_and_is_not_theirs_is_asked_for_and_not_looked_up_again() -> None:
    walk = Walk(WHOLE.replace("missing: which", "missing: again").replace("  where:\n", AGAIN + "  where:\n"),
                known={"answer.order": "QN100000000001"})  # fmt: skip
    outcome = walk.bring("missing")
    assert outcome.ask is not None
    assert outcome.ask.text == "没有 QN100000000001，再发一次"
    assert outcome.need is None


AGAIN = """  again:
    ask: order
    text: {zh-CN: "没有 {answer.order}，再发一次", en: "No {answer.order}, once more"}
    into: order
    next: look
"""


def test_only_words_with_a_figure_are_an_account_and_two_without_lead_to_a_person() -> None:
    walk = Walk(ACCOUNT)
    again = walk.answer("多久能退款？")
    assert again.ask is not None
    assert again.ask.text.endswith("哪个账号")
    assert Walk(ACCOUNT).answer("204857623，一区").says == ["204857623，一区"]
    outcome = walk.answer("什么")
    assert outcome.ended is not None
    assert outcome.ended.because == "misunderstood"
    assert [code for _, code in problems(ACCOUNT.replace("ask: text", "ask: picture"))] == ["number_of_text"]


ACCOUNT = """
key: account
version: 1
title: 账号
title_en: Account
steps:
  which: {ask: text, number: true, text: {zh-CN: 哪个账号, en: Which account}, into: account, next: told}
  told: {say: {zh-CN: "{answer.account}", en: "{answer.account}"}, next: done}
  done: {solved: true}
"""
