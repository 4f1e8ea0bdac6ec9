"""Every branch of the diagnoses that come with the product is reached, and each says something that helps.

All answers, all ways a look-up or a press may come back, and orders of every kind, through the interpreter alone;
that the facts are such as a real shop tells is tests/bot/test_diagnoses.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mashang.bot import library, walking
from mashang.bot.facts import BROUGHT, Known
from mashang.bot.playbook import Ask, Playbook
from mashang.bot.run import Answered, Brought, Happened, Outcome
from mashang.kit.i18n import LOCALES, sentence

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
_MOST_WALKS = 60_000


def at(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


def an_order(**changes: Any) -> Known:
    """A recharge that is paid and waits."""
    told: Known = {
        "number": "QN261122000123", "title": "话费 50 元 ×1", "status": "paid", "status_text": "已付款",
        "status_only": False, "placed_at": at(-30), "minutes": 30, "total": "50.00 CNY", "lines": 1, "line": "1",
        "product": "话费 50 元", "quantity": 1, "kind": "top_up", "state": "waiting", "delivered_at": None,
        "target": "139****4321", "paid_by": "alipay", "payment": "paid", "paid_at": at(-29), "minutes_since_paid": 29,
        **changes,
    }  # fmt: skip
    return {f"order.{name}": value for name, value in told.items()}


_WRONG = {"state": "failed", "anomaly_text": "账号不存在"}
_UNPAID = {"status": "pending_payment", "payment": None, "paid_at": None, "minutes_since_paid": None, "paid_by": None}
ORDERS: list[Known] = [
    an_order(),
    an_order(expected_at=at(5), minutes_left=5),
    an_order(expected_at=at(-5), minutes_left=-5),
    an_order(minutes_since_paid=3),
    an_order(**_WRONG, anomaly="wrong_account"),
    an_order(**_WRONG, anomaly="top_up_failed"),
    an_order(anomaly="refund_stuck", anomaly_text="退款还没有到账"),
    an_order(kind="card_key", anomaly="paid_not_issued", anomaly_text="已付款，还没有发卡"),
    an_order(state="failed", anomaly_text="渠道退回"),
    an_order(status="delivered", state="delivered", delivered_at=at(-20)),
    an_order(status="delivered", kind="card_key", state="issued"),
    an_order(kind="card_key"),
    an_order(kind="parcel", state="issued"),
    an_order(status="refunded", state="issued"),
    an_order(status="refunded", state="issued", paid_by="balance"),
    an_order(status="cancelled", **{name: None for name in _UNPAID if name != "status"}),
    an_order(**_UNPAID),
    an_order(**{**_UNPAID, "paid_by": "balance", "payment": "failed"}),
    an_order(status="partly_delivered", placed_at=at(-60 * 24 * 40)),
    an_order(paid_at=at(-60 * 24 * 400), minutes_since_paid=60 * 24 * 400),
    # A shop tells less than it might: no account, no time, no total.
    an_order(target=None, total=None, state="failed", anomaly="wrong_account", anomaly_text=None),
    an_order(target=None, total=None, status="delivered", state="delivered"),
    an_order(target=None, kind="card_key", state="waiting"),
    an_order(status="refunded", total=None, paid_by="balance"),
    *(
        {name: value for name, value in an_order(status=status, status_only=True).items() if name in told}
        for told in [(
            "order.number", "order.title", "order.status", "order.status_text", "order.status_only", "order.placed_at",
            "order.minutes",
        )]
        for status in ("paid", "delivered", "pending_payment", "refunded")
    ),
]  # fmt: skip
FOUND: dict[str, list[Known]] = {
    "order": ORDERS,
    "payment": [
        {"payment.status": "paid", "payment.paid_at": at(-20), "payment.amount": "50.00 CNY"},
        {"payment.status": "refunded"},
        {"payment.status": "waiting"},
    ],
    "account": [
        {"account.balance": "1.00 CNY", "account.phone": "139****4321"},
        {"account.balance": "500.00 CNY", "account.phone": "139****4321"},
        {"account.balance": "500.00 USD"},
        {"account.name": "阿珍"},
    ],
    "issue": [
        {"issue.last_action": action, "issue.last_at": at(-15), "issue.key": "•••• 7Q2K", "issue.opened": opened}
        for action, opened in (("issued", False), ("opened", True), ("resent", True), ("reissued", False))
    ]
    + [{"issue.last_action": "refunded", "issue.last_at": at(-15), "issue.key": "•••• 7Q2K", "issue.opened": False}]
    + [{"issue.last_action": "resent", "issue.last_at": at(-15), "issue.opened": opened} for opened in (False, True)],
    "incident": [
        {"incident.title": "游戏服务器维护", "incident.text": "会晚到。", "incident.ends_at": at(90)},
        {"incident.title": "游戏服务器维护"},
    ],
    "promotion": [
        {"promotion.title": "买二减一", "promotion.text": "两件九折。", "promotion.starts_at": at(-60 * 24),
         "promotion.ends_at": at(60 * 24)},
        {"promotion.title": "买二减一", "promotion.starts_at": at(-60 * 24)},
    ],
    "resend": [{"act.state": "done", "act.to": "139****4321"}, {"act.state": "done"}],
}  # fmt: skip
_NOT_NOW = [{"act.why_not": why} for why in ("limit", "under_way", "not_permitted")]
GIVEN: list[Known] = [
    {}, {"statement.at": at(-30)}, {"statement.at": at(-30), "statement.method": "alipay"}, {"statement.amount": 50.0},
    {"statement.amount": 50.0, "statement.method": "alipay"},
]  # fmt: skip


def next_of(playbook: Playbook, outcome: Outcome) -> Iterator[Happened]:
    """Everything that may happen now."""
    run, step = outcome.run, playbook.steps[outcome.run.step]
    if outcome.need:
        what = outcome.need.look_up or outcome.need.act or ""
        yield from (Brought(n=run.n, how="found", known=known) for known in FOUND[what])
        yield from (Brought(n=run.n, how=how) for how in ("failed", "timed_out", "missing"))
        if what == "resend":
            yield from (Brought(n=run.n, how="missing", known=known) for known in _NOT_NOW)
        if outcome.need.needs:
            yield Brought(n=run.n, how="unproved")
    elif run.waits == "proof":
        yield Answered(option="unproved")
    elif isinstance(step, Ask):
        yield from (Answered(option=one.id) for one in step.options)
        if step.none:
            yield Answered(option="none")
        given: dict[str, Happened] = {
            "order": Answered(order="QN261122000123"),
            "text": Answered(text="昨天晚上10点"),
            "picture": Answered(picture=True),
        }
        if step.ask in given:
            yield given[step.ask]


def walked(playbook: Playbook, locale: str = "zh-CN") -> Iterator[Outcome]:
    """Every turn that there may be; a place that was seen with the same facts is not gone into again."""
    seen: set[tuple[Any, ...]] = set()
    ahead = [walking.start(playbook, known, at=NOW, locale=locale, zone="Asia/Shanghai") for known in GIVEN]
    for _ in range(_MOST_WALKS):
        if not ahead:
            return
        outcome = ahead.pop()
        run = outcome.run
        facts = tuple(sorted((name, value) for name, value in run.known.items() if value is not None))
        place = run.step, run.waits, facts, bool(outcome.ended)
        if place in seen:
            continue
        seen.add(place)
        yield outcome
        if not outcome.ended:
            ahead += [walking.resume(playbook, run, one, at=NOW) for one in next_of(playbook, outcome)]
    raise AssertionError("a playbook of too many ways")


def is_well_said(text: str, locale: str) -> bool:
    """Nothing is missing in it, and it is in the reader's language."""
    unknown = sentence("playbook.not_known", locale)
    plain = re.sub(
        r"“[^”]*”|\([^)]*\)|游戏服务器维护|会晚到。|买二减一|两件九折。|昨天晚上10点|账号不存在|渠道退回|已付款，还没有发卡|退款还没有到账",
        "",
        text,
    )
    return unknown not in text and (locale == "zh-CN" or not re.search("[\u4e00-\u9fff]", plain.replace("已付款", "")))


@pytest.mark.parametrize("key", sorted(library.shipped()))
def test_every_step_is_reached_and_says_something_that_helps(key: str) -> None:
    playbook, _ = library.shipped()[key]
    reached: set[str] = set()
    wrong: set[str] = set()
    for locale in LOCALES:
        for outcome in walked(playbook, locale):
            reached.update(outcome.run.path)
            said = [*outcome.says, *([outcome.ask.text] if outcome.ask else [])]
            told = [*said, *([outcome.ended.reason.get(locale, "")] if outcome.ended else [])]
            wrong.update(f"{outcome.run.step}: {text}" for text in told if not is_well_said(text, locale))
            if outcome.ended and outcome.ended.because == "playbook":
                wrong.update([] if outcome.says else [f"{outcome.run.step} says nothing"])
    assert set(playbook.steps) - reached == set()
    assert wrong == set()


@pytest.mark.parametrize("key", sorted(library.shipped()))
def test_proof_is_asked_where_something_is_shown_and_never_first(key: str) -> None:
    playbook, _ = library.shipped()[key]
    start = walking.start(playbook, {}, at=NOW)
    about_me = key == "balance-query"  # what is asked for is about the account, there is nothing to ask before
    assert bool(start.need and start.need.needs) is about_me


def test_the_facts_of_these_tests_are_facts() -> None:
    told = {name for found in FOUND.values() for known in found for name in known}
    assert told <= {name for brought in BROUGHT.values() for name in brought}
