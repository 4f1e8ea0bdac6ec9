"""What the payment provider says stands beside what the shop says, about one's own order only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec import UNSET
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bench.stage import free_port
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import gathering, payments, providers
from mashang.shops import shop as shops
from mashang.shops.context import View
from mashang.shops.providing import ProviderFailed
from mashang.shops.questions import Ask
from mashang.shops.shop import DOWN_FOR
from tests.conftest import Clock
from tests.keypairs import pair
from tests.merchants import AlipayServer, WeChatServer, alipay_values, wechat_values
from tests.patience import quickest
from tests.selling import XIAOLIN, DemoShop, RogueShop
from tests.shops.counter import Counter

NUMBER, OWNER = "QN2026001", "c-1"
PAID = {
    "trade_no": "2026112222001404980501234567",
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "168.00",
    "send_pay_date": "2026-11-22 14:02:11",
    "buyer_logon_id": "159****5620",
}
FEN = {"transaction_id": "4200002000202611221234567890", "trade_state": "SUCCESS", "amount": {"total": 16800}}
PARTS = ("order", "payment")


def order(status: str = "pending_payment", **changes: Any) -> bytes:
    line = {
        "id": "l1", "product": "年卡", "quantity": 1, "price": {"amount": "168.00", "currency": "CNY"},
        "delivery": {"kind": "card_key", "state": "waiting"},
    }  # fmt: skip
    whole = {
        "number": NUMBER, "subject": OWNER, "placed_at": "2026-11-22T06:00:00Z", "status": status,
        "status_text": "待付款", "total": {"amount": "168.00", "currency": "CNY"}, "lines": [line],
    }  # fmt: skip
    return msgspec.json.encode({**whole, **changes})


@dataclass
class Till:
    """A shop whose answers the test decides, connected with real providers."""

    counter: Counter
    shop: RogueShop
    sealer: Sealer

    async def connect(self, kind: Any, values: dict[str, str]) -> int:
        async with self.counter.database.transaction() as tx:
            return (await providers.connect(tx, self.sealer, self.counter.shop_id, kind, values)).id

    async def provider(self, id: int) -> dict[str, Any]:
        async with self.counter.database.transaction() as tx:
            return await tx.one("select *, down_until > app_now() as is_down from provider where id = %s", (id,))

    def says(self, status: str = "pending_payment", **changes: Any) -> None:
        self.shop.says(f"/orders/{NUMBER}", order(status, **changes))

    async def ask(self, subject: str | None = OWNER, parts: tuple[str, ...] = PARTS) -> View:
        return await self.counter.ask(subject, NUMBER, parts)


@pytest.fixture
def till(rogue_counter: Counter, rogue: RogueShop, settings: Settings) -> Till:
    made = Till(rogue_counter, rogue, Sealer(settings.secret))
    made.says()
    return made


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with capture_logs() as lines:
        yield lines


async def test_paid_and_the_shop_was_not_told(till: Till, alipay: AlipayServer) -> None:
    alipay.orders[NUMBER] = PAID
    await till.connect("alipay", alipay_values(alipay.gateway))
    seen = await till.ask()
    assert msgspec.to_builtins(seen.payment) == {
        "provider": "alipay",
        "status": "paid",
        "paid_at": "2026-11-22T14:02:11+08:00",
        "amount": {"amount": "168.00", "currency": "CNY"},
        "reference_masked": "2026****4567",
    }
    assert seen.status == "complete"


async def test_when_the_shop_is_told_it_stands_there_too(till: Till, alipay: AlipayServer) -> None:
    alipay.orders[NUMBER] = PAID
    await till.connect("alipay", alipay_values(alipay.gateway))
    conversation_id = await till.counter.begin(OWNER, NUMBER, PARTS)
    await till.counter.fetch(conversation_id)
    till.says("paid", payment={"method": "alipay", "status": "paid"})
    await till.counter.refresh(conversation_id)
    seen = await till.counter.view(conversation_id)
    assert seen.payment
    assert seen.payment.notified


async def test_what_it_said_before_stays_beside_what_the_shop_says_now(till: Till, alipay: AlipayServer) -> None:
    alipay.orders[NUMBER] = PAID
    await till.connect("alipay", alipay_values(alipay.gateway))
    conversation_id = await till.counter.begin(OWNER, NUMBER, PARTS)
    await till.counter.fetch(conversation_id)
    alipay.signs_as = "stranger"
    till.says("paid")
    await till.counter.refresh(conversation_id)
    seen = await till.counter.view(conversation_id)
    assert seen.payment
    assert seen.payment.notified
    assert (seen.status, seen.missing, seen.payment_reason) == ("partial", ["payment"], "wrong_signature")


async def test_another_amount_than_the_order_is_marked(till: Till, alipay: AlipayServer) -> None:
    alipay.orders[NUMBER] = {**PAID, "total_amount": "16.80"}
    await till.connect("alipay", alipay_values(alipay.gateway))
    seen = await till.ask()
    assert seen.payment
    assert seen.payment.differs


@pytest.mark.parametrize("written", ["168", "168.0", "168.00"])
async def test_the_same_amount_may_be_written_in_other_ways(till: Till, alipay: AlipayServer, written: str) -> None:
    alipay.orders[NUMBER] = {**PAID, "total_amount": written}
    await till.connect("alipay", alipay_values(alipay.gateway))
    seen = await till.ask()
    assert seen.payment
    assert not seen.payment.differs


async def test_somebody_elses_order_is_not_asked_for(till: Till, alipay: AlipayServer) -> None:
    alipay.orders[NUMBER] = PAID
    await till.connect("alipay", alipay_values(alipay.gateway))
    till.says(subject="c-2")
    seen = await till.ask()
    assert (seen.payment, seen.missing, alipay.asked) == (UNSET, [], [])


async def test_nobody_who_proved_nothing_is_asked_for(till: Till, alipay: AlipayServer) -> None:
    await till.connect("alipay", alipay_values(alipay.gateway))
    seen = await till.ask(None)
    assert (seen.payment, alipay.asked) == (UNSET, [])


async def test_a_shop_without_a_provider_misses_nothing(till: Till) -> None:
    seen = await till.ask()
    assert (seen.status, seen.missing, seen.payment) == ("complete", [], UNSET)


async def test_it_is_asked_under_the_number_the_shop_gave_the_provider(till: Till, alipay: AlipayServer) -> None:
    alipay.orders["PAY-77"] = PAID
    await till.connect("alipay", alipay_values(alipay.gateway))
    till.says(payment={"method": "alipay", "status": "pending", "reference": "PAY-77"})
    seen = await till.ask()
    assert seen.payment
    assert (seen.payment.status, alipay.asked) == ("paid", ["PAY-77"])


async def test_the_one_the_shop_names_is_asked_alone(till: Till, alipay: AlipayServer, wechat: WeChatServer) -> None:
    wechat.orders[NUMBER] = FEN
    await till.connect("alipay", alipay_values(alipay.gateway))
    await till.connect("wechat_pay", wechat_values(wechat.gateway))
    till.says(payment={"method": "wechat_pay", "status": "pending"})
    seen = await till.ask()
    assert seen.payment
    assert (seen.payment.provider, alipay.asked) == ("wechat_pay", [])


async def test_without_a_name_each_is_asked_and_who_knows_it_counts(
    till: Till, alipay: AlipayServer, wechat: WeChatServer
) -> None:
    wechat.orders[NUMBER] = FEN
    await till.connect("alipay", alipay_values(alipay.gateway))
    await till.connect("wechat_pay", wechat_values(wechat.gateway))
    seen = await till.ask()
    assert seen.payment
    assert (seen.payment.provider, seen.payment.status, alipay.asked) == ("wechat_pay", "paid", [NUMBER])


async def test_a_payment_nobody_knows_is_told_and_one_made_elsewhere_is_not(till: Till, alipay: AlipayServer) -> None:
    await till.connect("alipay", alipay_values(alipay.gateway))
    seen = await till.ask()
    assert seen.payment
    assert seen.payment.status == "none"
    till.says("paid", payment={"method": "balance", "status": "paid"})
    assert (await till.ask()).payment is UNSET


async def test_who_knows_it_counts_though_the_other_is_down(
    till: Till, alipay: AlipayServer, wechat: WeChatServer
) -> None:
    alipay.orders[NUMBER] = PAID
    await till.connect("alipay", alipay_values(alipay.gateway))
    dead = await till.connect("wechat_pay", wechat_values(f"http://127.0.0.1:{free_port()}"))
    seen = await till.ask()
    assert seen.payment
    assert (seen.payment.status, seen.missing) == ("paid", [])
    assert (await till.provider(dead))["is_down"]
    del alipay.orders[NUMBER]
    assert (await till.ask()).missing == ["payment"]  # perhaps the other knows it


@pytest.mark.parametrize(
    "gone_wrong",
    ["wrong_signature", "unavailable", "too_large"],
)
async def test_nothing_of_a_wrong_answer_is_shown_and_the_rest_is(
    till: Till, alipay: AlipayServer, gone_wrong: str
) -> None:
    alipay.orders[NUMBER] = PAID
    bends: dict[str, Any] = {
        "wrong_signature": lambda status, headers, body: (status, headers, body.replace(b"168.00", b"1.00")),
        "unavailable": lambda *_answer: (502, {}, b"<html>"),
        "too_large": lambda *_answer: (200, {}, b" " * 10_000_000),
    }
    alipay.bend = bends[gone_wrong]
    one = await till.connect("alipay", alipay_values(alipay.gateway))
    seen = await till.ask()
    assert (seen.payment, seen.missing, seen.payment_reason) == (UNSET, ["payment"], gone_wrong)
    assert seen.order
    assert seen.reason is UNSET  # the shop did nothing wrong
    assert (await till.counter.shop())["last_error"] is None
    assert (await till.provider(one))["last_error"] == gone_wrong


async def test_one_that_is_late_is_left_behind_and_then_left_alone(
    till: Till, alipay: AlipayServer, clock: Clock
) -> None:
    alipay.orders[NUMBER] = PAID
    alipay.late = asyncio.Event()
    one = await till.connect("alipay", alipay_values(alipay.gateway))

    async def asked_in_vain() -> timedelta:
        async with till.counter.database.transaction() as tx:
            await tx.run("update provider set down_until = null")
        start = time.monotonic()
        seen = await till.ask()
        took = timedelta(seconds=time.monotonic() - start)
        assert (seen.payment_reason, seen.order is UNSET) == ("timed_out", False)
        return took

    assert await quickest(asked_in_vain, timedelta(seconds=4)) < timedelta(seconds=4)
    assert (await till.provider(one))["is_down"]
    alipay.late.set()
    asked = len(alipay.asked)
    assert (await till.ask()).payment_reason == "left_alone"
    assert len(alipay.asked) == asked
    await clock.advance(DOWN_FOR + timedelta(seconds=1))
    seen = await till.ask()
    assert seen.payment
    assert seen.payment.status == "paid"


async def test_keys_that_our_master_key_does_not_open_are_told_to_the_operator(
    till: Till, alipay: AlipayServer
) -> None:
    till.sealer = Sealer(b"x" * 32)
    one = await till.connect("alipay", alipay_values(alipay.gateway))
    assert (await till.ask()).payment_reason == "secret_unreadable"
    assert (await till.provider(one))["last_error"] == "secret_unreadable"


async def test_logs_hold_neither_keys_nor_people(till: Till, alipay: AlipayServer, logged: list[Any]) -> None:
    alipay.orders[NUMBER] = PAID
    alipay.signs_as = "stranger"
    await till.connect("alipay", alipay_values(alipay.gateway))
    await till.ask()
    assert [line["event"] for line in logged] == ["provider_failed"]
    told = repr(logged)
    assert not any(word in told for word in ("5620", "168.00", "2026112222", pair("merchant").private[60:90]))


async def test_the_demo_shop_is_told_later_than_the_provider(
    counter: Counter, demo_shop: DemoShop, settings: Settings
) -> None:
    async with counter.database.transaction() as tx:
        values = alipay_values(f"{demo_shop.url}/gateway.do")
        await providers.connect(tx, Sealer(settings.secret), counter.shop_id, "alipay", values)
    with demo_shop.fault("not_notified"), demo_shop.member() as browser:
        placed = browser.post("/buy", data={"product": "yunpan-year", "quantity": "1"})
        number = str(placed.url).rpartition("/")[2]
        browser.post(f"/pay/{number}", data={"method": "alipay"})
        conversation_id = await counter.begin(XIAOLIN, number, PARTS)
        await counter.fetch(conversation_id)
        before = await counter.view(conversation_id)
    await counter.refresh(conversation_id)
    after = await counter.view(conversation_id)
    assert before.order
    assert before.payment
    assert (before.order.status, before.payment.status, before.payment.notified) == ("pending_payment", "paid", False)
    assert after.order
    assert after.payment
    assert (after.order.status, after.payment.notified, after.payment.differs) == ("delivered", True, False)


async def test_two_who_keep_at_once_how_everybody_did_wait_for_each_other(till: Till) -> None:
    first = await till.connect("alipay", alipay_values())
    second = await till.connect("wechat_pay", wechat_values())
    database, shop_id = till.counter.database, till.counter.shop_id
    asked = payments.Asked(answered=[second], failed={first: ProviderFailed("timed_out")})

    async def noting() -> None:
        async with database.transaction() as tx:
            ask = Ask(shop_id=shop_id, subject=OWNER, order_number=NUMBER, parts=["payment", "incidents"])
            turn = await gathering.prepared(tx, ask)
            await gathering.note(tx, turn, {"payment": asked, "incidents": []}, {})

    async with database.transaction() as tx:
        await providers.note_answer(tx, first)
        noted = asyncio.ensure_future(noting())
        while not await tx.value("select exists (select from pg_stat_activity where wait_event_type = 'Lock')"):
            pass
        await providers.note_answer(tx, second)
        await shops.note_answer(tx, shop_id, error=None)
    await noted
    assert (await till.provider(first))["last_error"] == "timed_out"
