"""Time, action and result: pulled out of what customers write, and out of the order."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.bot import moments
from mashang.bot.statement import (
    NOTHING,
    Part,
    Statement,
    extract,
    in_both,
    merged,
    missing,
    three_parts,
    with_found,
)
from mashang.guard.masking import Rules, mask

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 16, 20, tzinfo=CHINA)  # a Sunday
RULES = Rules(order_numbers=["QN999999999999"])
FIELDS = ("at", "action", "amount", "face", "method", "order_number", "product", "account", "symptom")
LINES = [json.loads(line) for line in Path(__file__).with_name("statements.jsonl").read_text("utf-8").splitlines()]


def told(statement: Statement) -> dict[str, str]:
    """What was found, written as the sentences' file writes it."""
    found = {name: part.value for name in FIELDS if isinstance(part := getattr(statement, name), Part)}
    if statement.at:
        found["at"] = f"{statement.at.at:%Y-%m-%dT%H:%M}/{statement.at.precise}"
    return found


def wanted(line: dict[str, str]) -> dict[str, str]:
    known = {name: line[name] for name in FIELDS if name in line}
    return known | ({"at": f"{line['at']}/{line['precise']}"} if "at" in line else {})


def same(name: str, said: str, meant: str) -> bool:
    return float(said) == float(meant) if name in ("amount", "face") else said == meant


def measured(half: str) -> dict[str, tuple[float, float, int]]:
    """Precision, recall and how often it was said, by field."""
    right, found, there = Counter[str](), Counter[str](), Counter[str]()
    for line in LINES:
        if line["half"] == half:
            said, meant = told(extract(line["text"], NOW, RULES)), wanted(line)
            found.update(said.keys())
            there.update(meant.keys())
            right.update(name for name in said.keys() & meant.keys() if same(name, said[name], meant[name]))
    return {
        name: (right[name] / max(1, found[name]), right[name] / max(1, there[name]), there[name]) for name in FIELDS
    }


# The patterns were made better on `dev` and, later, on `fresh`; `test` and `held` were looked at by nobody who changed
# them, and are what to expect.  Before its errors were looked at, `fresh` had: action .90 right and .93 found, symptom
# .95 and .76, time .79 and .92.  All were written by the same hands: customers will be harder.
_FLOORS = {
    "dev": {"at": (0.97, 0.97), "action": (0.95, 0.97), "amount": (0.97, 0.97), "face": (0.99, 0.99),
            "method": (0.97, 0.97), "order_number": (0.99, 0.99), "product": (0.95, 0.95), "account": (0.99, 0.99),
            "symptom": (0.96, 0.96)},
    "test": {"at": (0.95, 0.95), "action": (0.86, 0.95), "amount": (0.95, 0.90), "face": (0.99, 0.99),
             "method": (0.95, 0.95), "order_number": (0.99, 0.99), "product": (0.95, 0.95), "account": (0.99, 0.99),
             "symptom": (0.90, 0.88)},
    "fresh": {"at": (0.90, 0.95), "action": (0.97, 0.93), "amount": (0.99, 0.99), "method": (0.99, 0.99),
              "product": (0.99, 0.99), "symptom": (0.94, 0.92)},
    "held": {"action": (0.97, 0.90), "product": (0.99, 0.80), "symptom": (0.95, 0.70)},
}  # fmt: skip


@pytest.mark.parametrize("half", sorted(_FLOORS))
def test_what_is_found_is_right_and_what_was_said_is_found(half: str) -> None:
    figures = measured(half)
    for name, (precision, recall, many) in figures.items():
        print(f"{half:4} {name:13} precision {precision:.2f}  recall {recall:.2f}  of {many}")  # noqa: T201
    floors = _FLOORS[half]
    assert [
        name for name, (right, found) in floors.items() if figures[name][0] < right or figures[name][1] < found
    ] == []


def test_there_are_enough_sentences_and_english_ones_among_them() -> None:
    assert len({line["text"] for line in LINES}) >= 200
    assert sum(line["text"].isascii() for line in LINES) >= 50


def test_the_sentence_of_the_brief_is_told_in_three_parts() -> None:
    said = "今天14:00用支付宝充值100元点卡,订单号123456,到账失败"
    found = extract(said, NOW, RULES)
    assert three_parts(found, "zh-CN") == {
        "time": "11-22 14:00", "action": "充值、支付宝、100 元、点卡、订单 123456", "result": "没有到账",
    }  # fmt: skip
    assert three_parts(found, "en")["action"] == "Top-up, Alipay, ¥100, 点卡, order 123456"
    parts = [part for name in FIELDS if (part := getattr(found, name))]
    assert all(part.span and said[slice(*part.span)] for part in parts)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Statement) == found


@pytest.mark.parametrize(
    ("said", "account"),
    [
        ("手机号13812345678", None),
        ("我的手机号13812345678，充了100没到账", None),
        ("手机号13812345678，充的点券没到", None),
        ("联系手机13812345678 充值没到", None),
        ("充值账号13812345678", "13812345678"),
        ("充到13812345678", "13812345678"),
        ("给13812345678充了50", "13812345678"),
        ("给138****5678 充了50", "138****5678"),
        ("话费没到，手机号13812345678", "13812345678"),
        ("充值手机号13812345678，点券没到", "13812345678"),
    ],
    ids=str,
)
def test_a_telephone_is_the_account_where_the_words_say_so(said: str, account: str | None) -> None:
    found = extract(said, NOW, RULES)
    assert (found.account.value if found.account else None) == account
    assert found.amount is None or found.amount.value in ("50", "100")


@given(st.integers(0, 15 * 366 * 1440), st.integers(0, len(LINES) - 1))
def test_no_time_lies_in_the_future(minutes: int, index: int) -> None:
    asked = datetime(2020, 1, 1, tzinfo=CHINA) + timedelta(minutes=minutes)
    for one in moments.moments(LINES[index]["text"], asked):
        assert one.at <= asked
        assert one.until <= asked


def test_what_was_masked_stays_masked() -> None:
    said = mask("卡密 ABCD-EFGH-JKLM-7Q2K 密码abc123 兑换失败", RULES).text
    assert "7Q2K" in said
    assert extract(said, NOW, RULES) == extract(said.replace("7Q2K", "••••"), NOW, RULES)


@given(st.text(max_size=300))
def test_nothing_that_is_written_is_too_strange(text: str) -> None:
    msgspec.json.encode(extract(text, NOW, RULES))


@given(st.lists(st.sampled_from([line["text"] for line in LINES] + list("点0一.:元·- aG卡没没没充")), max_size=60))
def test_nothing_that_customers_write_in_a_row_is_too_strange(pieces: list[str]) -> None:
    msgspec.json.encode(extract("".join(pieces), NOW, RULES))


_LONG = {
    "digits": "1" * 8000,
    "numerals": "一" * 8000,
    "hundreds": "百" * 8000,
    "blanks": " " * 8000,
    "clocks": "14:00" * 1600,
    "marks": "•" * 8000,
    "letters": "a" * 8000,
    "orders": "订单号" * 2700,
    "not yet": "没" * 8000,
    "keys not": "卡密没" * 2700,
    "sentences": "".join(line["text"] for line in LINES)[:8000],
    "english": "I have not the never no without " * 250,
}


@pytest.mark.parametrize("name", sorted(_LONG))
def test_a_very_long_message_is_read_in_a_moment(name: str) -> None:
    extract(_LONG[name], NOW, RULES)

    def taken() -> float:
        before = time.thread_time()
        extract(_LONG[name], NOW, RULES)
        return time.thread_time() - before

    assert any(taken() < 0.005 for _ in range(1000))  # a processor that is slow for a moment is no slow reading


def test_the_order_is_fact() -> None:
    order = {
        "order.number": "QN261121000123", "order.placed_at": "2026-11-21T07:00:00+00:00",
        "order.paid_at": "2026-11-21T07:01:00+00:00", "order.total": "98.00 CNY", "order.product": "月卡",
        "order.paid_by": "alipay", "order.kind": "top_up",
    }  # fmt: skip
    known = with_found(extract("今天微信充了100块没到账", NOW, RULES), order, CHINA)
    assert told(known) == {
        "at": "2026-11-21T15:01/minute", "action": "recharge", "amount": "98.00", "method": "alipay",
        "order_number": "QN261121000123", "product": "月卡", "symptom": "not_arrived",
    }  # fmt: skip
    again = merged(known, extract("不对，是50块", NOW, RULES), corrects=True)
    assert again.amount == known.amount
    assert in_both(with_found(NOTHING, order, CHINA))["action"] == {
        "zh-CN": "充值、支付宝、98.00 元、月卡、订单 QN261121000123",
        "en": "Top-up, Alipay, ¥98.00, 月卡, order QN261121000123",
    }
    assert with_found(NOTHING, {}, CHINA) == NOTHING


def test_an_order_of_another_kind_tells_nothing_of_the_matter() -> None:
    order = {"order.number": "QN261121000123", "order.total": "98.00 CNY", "order.kind": "top_up"}
    for said in ("卡密用不了", "登录不了"):
        found = extract(said, NOW, RULES)
        assert with_found(found, order, CHINA) == found
    assert with_found(extract("卡密用不了", NOW, RULES), {**order, "order.kind": "card"}, CHINA).amount


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("充值没到账", "time"),
        ("没到账", "action"),
        ("昨天用支付宝充的", "result"),
        ("昨天充的没到", None),
        ("充值没到账 订单QN261121000123", None),
        ("在吗", None),
        ("昨天", None),
    ],
)
def test_only_what_is_missing_is_asked(said: str, asked: str | None) -> None:
    assert missing(extract(said, NOW, RULES)) == asked


def test_nothing_is_known_of_a_greeting() -> None:
    assert extract("你好，在吗", NOW, RULES) == NOTHING
    assert NOTHING.is_empty
    assert in_both(NOTHING) == {}
