"""What whoever takes over reads first: facts only, at most eight lines, in both languages."""

from __future__ import annotations

import pytest

from mashang.routing import summary

BOTH = {"zh-CN": "订单 1：已付款", "en": "Order 1: paid"}
ALL = {
    "reason": "not_helpful",
    "because": {"zh-CN": "电脑端要人工看", "en": "A computer needs a person"},
    "topic": {"code": "CZ", "name": "充值问题", "name_en": "Recharge"},
    "statement": {
        "time": {"zh-CN": "11-22 14:00", "en": "11-22 14:00"},
        "result": {"zh-CN": "没到账", "en": "not there"},
    },
    "said": "充值\n怎么 还没到账",
    "unheard": ["快点看看呀"],
    "looked_up": [BOTH, BOTH],
    "tried": ["resend"],
    "shown": [{"title": "充值没到账", "verdict": "not_helpful"}, {"title": "网站打不开"}],
}


def test_every_fact_has_its_line_in_both_languages() -> None:
    assert summary.lines(ALL, "zh-CN") == [
        "转人工原因：给出的答案没有解决；电脑端要人工看",
        "咨询代码：CZ 充值问题",
        "问题：时间 11-22 14:00 · 结果 没到账",
        "用户说：“充值 怎么 还没到账”",
        "还没有回应：“快点看看呀”",
        "已查询：订单 1：已付款；订单 1：已付款",
        "已尝试：resend",
        "已展示：充值没到账（没有解决）；网站打不开",
    ]
    english = summary.lines(ALL, "en")
    assert english[1] == "Code: CZ Recharge"
    assert english[5] == "Looked up: Order 1: paid; Order 1: paid"
    assert len(english) == 8


def test_who_was_called_back_in_between_leaves_its_earlier_reasons_behind_the_one_of_now() -> None:
    facts = {"reason": "taken", "before": [{"reason": "upset"}, {"reason": "playbook", "because": BOTH}]}
    (told,) = summary.lines(facts, "zh-CN")
    assert told == "转人工原因：客服主动接管（此前：用户不满或提到投诉、报警等；诊断流程转人工；订单 1：已付款）"
    (english,) = summary.lines(facts, "en")
    assert english.startswith("Why a person: Taken by an agent (before: ")


def _order(n: int) -> dict[str, str]:
    return {"zh-CN": f"订单 {n}：已付款，充值还在处理中", "en": f"Order {n}: paid, the top-up is being worked on"}


@pytest.mark.parametrize(("locale", "last"), [("zh-CN", "订单 39："), ("en", "Order 39: ")])
@pytest.mark.parametrize("name", ["looked_up", "tried"])
def test_of_much_that_was_looked_up_the_newest_stands_and_is_whole(name: str, locale: str, last: str) -> None:
    (_, told) = summary.lines({"reason": "asked", name: [_order(n) for n in range(40)]}, locale)
    assert last in told
    assert told.endswith(_order(39)[locale])
    assert "…" in told
    assert _order(0)[locale] not in told
    (_, both) = summary.lines({"reason": "asked", name: [_order(1), _order(2)]}, locale)
    assert "…" not in both


def test_one_fact_that_no_line_can_hold_is_cut() -> None:
    (_, told) = summary.lines({"reason": "asked", "looked_up": ["早", "长" * 300]}, "zh-CN")
    assert told.endswith("长…")
    assert "早" not in told


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("zh-CN", "问题：时间 11-22 14:00 · 操作 充值、点卡 · 结果 卡密用不了"),
        ("en", "Matter: time 11-22 14:00 · action Top-up, 点卡 · result card key does not work"),
    ],
)
def test_the_parts_of_the_statement_stand_apart(locale: str, told: str) -> None:
    statement = {
        "time": {"zh-CN": "11-22 14:00", "en": "11-22 14:00"},
        "action": {"zh-CN": "充值、点卡", "en": "Top-up, 点卡"},
        "result": {"zh-CN": "卡密用不了", "en": "card key does not work"},
    }
    assert summary.lines({"reason": "asked", "statement": statement}, locale)[1] == told


def test_what_is_not_known_leaves_its_line_out() -> None:
    assert summary.lines({"reason": "asked"}, "zh-CN") == ["转人工原因：用户要求人工"]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_it_stays_short_however_much_there_is(locale: str) -> None:
    many = {
        **ALL,
        "before": [{"reason": "upset", "because": BOTH}] * 50,
        "said": "啊" * 8000,
        "looked_up": [BOTH] * 500,
        "shown": [{"title": "长" * 300}] * 40,
    }
    told = summary.lines(many, locale)
    assert len(told) <= summary.MOST
    assert all(len(line) < 220 for line in told)


def test_what_was_offered_and_not_chosen_stands_beside_what_was_shown() -> None:
    offered = [{"id": "a", "title": {"zh-CN": "怎么查订单", "en": "Orders"}}, {"id": "b", "title": "退款"}]
    facts = {"reason": "misunderstood", "offered": offered}
    assert summary.lines(facts, "zh-CN")[1:] == ["提供过、没有选：怎么查订单；退款"]
    assert summary.lines(facts, "en")[1:] == ["Offered, not chosen: Orders; 退款"]
    facts["shown"] = [{"title": "开发票", "verdict": "not_helpful"}]
    assert summary.lines(facts, "zh-CN")[1:] == ["已展示：开发票（没有解决）；另提供过、没有选：怎么查订单；退款"]


def test_the_words_that_led_to_a_person_stand_behind_the_first() -> None:
    facts = {"reason": "upset", "said": "怎么开发票", "last": "骗子，我要投诉" + "！" * 200}
    (_, told) = summary.lines(facts, "zh-CN")
    assert told.startswith("用户说：“怎么开发票”；“骗子，我要投诉！")
    assert len(told) < 200
