"""What stands in a playbook is read by people who do not write YAML."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mashang.bot import explaining, library
from mashang.bot.facts import FACTS
from mashang.bot.playbook import Decide
from mashang.kit.i18n import LOCALES, catalogue
from tests.bot.diagnosing import WHOLE, read


def said(when: dict[str, Any]) -> tuple[str, str]:
    texts = explaining.conditions(when, read(WHOLE))
    return texts["zh-CN"], texts["en"]


@pytest.mark.parametrize(
    ("when", "chinese", "english"),
    [
        ({"order.status": "paid"}, "订单状态是“已付款”", "order status is “paid”"),
        (
            {"order.kind": ["card_key", "parcel"]},
            "商品类型是“卡密”或“实物快递”",
            "kind of product is “card key” or “parcel”",
        ),
        (
            {"order.status": {"not": ["cancelled"]}, "issue.opened": True},
            "订单状态不是“已取消”，并且卡密已被查看",
            "order status is not “cancelled” and the card key was looked at",
        ),
        (
            {"payment.notified": False},
            "不是“店铺已收到付款通知”",
            "not: the shop knows of the payment",
        ),
        (
            {"order.minutes_since_paid": {"above": 43200}},
            "付款至今超过30天",
            "time since the payment is more than 30 d",
        ),
        (
            {"order.minutes_since_paid": {"below": 10}},
            "付款至今不到10分钟",
            "time since the payment is less than 10 min",
        ),
        ({"order.minutes_left": {"below": 0}}, "已过预计到账时间", "the expected time of arrival has passed"),
        (
            {"account.balance": {"below": "order.total"}},
            "账户余额不到订单金额",
            "account balance is less than order total",
        ),
        (
            {"order.placed_at": {"below": "promotion.starts_at"}},
            "下单时间早于活动开始时间",
            "time of the order is earlier than start of the promotion",
        ),
        ({"order.anomaly": {"known": True}}, "知道订单异常", "trouble with the order is known"),
        ({"answer.agree": "agreed"}, "第 5 步的回答是“补发”", "the answer to step 5 is “Send again”"),
        ({"order.anomaly": "the_shops_own"}, "订单异常是“the_shops_own”", "trouble with the order is “the_shops_own”"),
    ],
)
def test_a_condition_is_a_sentence(when: dict[str, Any], chinese: str, english: str) -> None:
    assert said(when) == (chinese, english)


def test_a_text_names_what_is_filled_in() -> None:
    words = explaining.words({"zh-CN": "订单 {order.number}", "en": "It is {answer.agree}"}, read(WHOLE))
    assert words == {"zh-CN": "订单 【订单号】", "en": "It is ‹the answer to step 5›"}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_fact_and_every_value_of_it_has_words(locale: str) -> None:
    names = {explaining.title(name, locale) for name in FACTS}
    values = [explaining._value(name, value, locale) for name, fact in FACTS.items() for value in fact.choices]
    assert [one for one in (*names, *values) if re.fullmatch(r"[a-z]+[._][a-z_.]+", one)] == []
    assert {f"playbook.fact.{name}" for name in FACTS} <= set(catalogue(locale))


def test_no_condition_of_the_shipped_playbooks_shows_an_identifier() -> None:
    cases = [
        explaining.conditions(case.when, playbook)[locale]
        for playbook, _ in library.shipped().values()
        for step in playbook.steps.values()
        if isinstance(step, Decide)
        for case in step.decide
        if case.when
        for locale in LOCALES
    ]
    assert len(cases) > 100
    assert [one for one in cases if re.search(r"[a-z][._][a-z]|_", one)] == []
