"""The diagnoses on what the real demo shop tells: each cause, switched on there, ends in its own next step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from mashang.bot import diagnosing, playing
from mashang.bot.playing import Told
from mashang.bot.run import Happened, Run
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.kit.db import Tx
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.routing import assistance
from mashang.shops import providers
from tests.merchants import alipay_values
from tests.selling import AZHEN, DemoShop
from tests.shops.counter import Counter

PHONE = "13922224321"


class Sickbed:
    """A signed-in customer of the demo shop, and the diagnosis of what ails an order."""

    def __init__(self, counter: Counter, shop: DemoShop, settings: Settings, browser: httpx.Client) -> None:
        self.counter, self.db, self.shop, self.browser = counter, counter.database, shop, browser
        self.sealer = Sealer(settings.secret)
        self.id = 0
        self.said: list[str] = []
        self.options: list[str] = []
        self.ended: tuple[str, str] | None = None

    def buys(self, product: str, method: str = "alipay", target: str = "") -> str:
        """From the product page to the page after the payment; the order's number."""
        placed = self.browser.post("/buy", data={"product": product, "quantity": "1", "target": target})
        number = str(placed.url).rpartition("/")[2]
        if method:
            self.browser.post(f"/pay/{number}", data={"method": method})
        return number

    async def asks(self, key: str, order: str | None = None, subject: str | None = AZHEN) -> None:
        """Begin this diagnosis, for the order that the conversation is about."""
        self.id = await self.counter.begin(subject, order)
        async with self.db.transaction() as tx:
            await assistance.serve(tx, self.id)
            found = await conversations.lock(tx, self.id)
            begun = await playing.begin(tx, found, key, {}, found.locale)
            assert begun is not None
            await self.tell(tx, found, begun)
        await self._bring()

    async def answers(self, text: str = "", choice: str = "") -> None:
        await self.hear(playing.answered(text, choice))

    async def hear(self, happened: Happened) -> None:
        async with self.db.transaction() as tx:
            found = await conversations.lock(tx, self.id)
            known = await assistance.of(tx, self.id)
            assert known
            assert known.run
            told = await playing.hear(tx, known.run, happened)
            assert told
            await self.tell(tx, found, told)
        await self._bring()

    async def tell(self, tx: Tx, conversation: Conversation, told: Told) -> None:
        """As a turn does."""
        self.said += [line.text for line in told.lines]
        self.options = [one.id for one in told.lines[-1].part.options] if told.lines else self.options
        if told.ended:
            self.ended = told.ended.how, told.ended.reason.get("zh-CN", "")
        await diagnosing.tell(tx, conversation, told)

    async def _bring(self) -> None:
        await playing.bring(self.db, self.counter.shops, self.sealer, self.id, self.tell)

    async def facts(self) -> dict[str, Any]:
        """What whoever takes over is told."""
        async with self.db.transaction() as tx:
            known = await assistance.of(tx, self.id)
        assert known
        return known.facts

    async def run(self) -> Run:
        async with self.db.transaction() as tx:
            known = await assistance.of(tx, self.id)
        assert known
        return msgspec.convert(known.run, Run)


@pytest.fixture
async def azhen(counter: Counter, demo_shop: DemoShop, settings: Settings) -> AsyncIterator[Sickbed]:
    """阿珍, signed in; her shop's Alipay may be asked, and she may have things sent again."""
    async with counter.database.transaction() as tx:
        values = alipay_values(f"{demo_shop.url}/gateway.do")
        await providers.connect(tx, Sealer(settings.secret), counter.shop_id, "alipay", values)
        await tx.run(
            'update shop set capabilities = \'{"actions": ["resend"], "proofs": ["last_four"]}\','
            " customer_actions = '{resend}', actions_a_day = 5"
        )
    with demo_shop.member("azhen") as browser:
        yield Sickbed(counter, demo_shop, settings, browser)


# ── recharge not arrived: the five causes ───────────────────────────────────


async def test_the_payment_channel_took_the_money_and_did_not_tell(azhen: Sickbed) -> None:
    with azhen.shop.fault("not_notified"):
        await azhen.asks("recharge-not-arrived", number := azhen.buys("phone-50", target=PHONE))
    assert "请不要再付一次" in azhen.said[-1]
    assert "¥49.80" in azhen.said[-1]
    assert azhen.ended
    assert azhen.ended[0] == "handed_over"
    assert number in azhen.ended[1]
    assert "没有收到通知" in azhen.ended[1]
    assert (await azhen.facts())["statement"]["action"]["en"].endswith(f"¥49.80, 手机话费 50 元, order {number}")


async def test_the_game_is_in_maintenance(azhen: Sickbed) -> None:
    with azhen.shop.fault("game_maintenance"):
        number = azhen.buys("jisu-600", target="104857623")
        await azhen.counter.ask(AZHEN, number)  # what every conversation fetches when it begins
        await azhen.asks("recharge-not-arrived", number)
    assert "正在等维护结束：游戏服务器维护" in azhen.said[-1]
    assert "恢复后自动到账，不用重新下单" in azhen.said[-1]
    assert azhen.ended == ("solved", "")


async def test_the_balance_is_too_low(azhen: Sickbed) -> None:
    with azhen.shop.fault("low_balance"):
        await azhen.asks("recharge-not-arrived", azhen.buys("phone-50", "balance", PHONE))
    assert "余额 ¥1.00，需要 ¥49.80" in azhen.said[-1]
    assert "请先充值余额" in azhen.said[-1]
    assert azhen.ended == ("solved", "")


async def test_the_account_does_not_exist(azhen: Sickbed) -> None:
    with azhen.shop.fault("wrong_account"):
        await azhen.asks("recharge-not-arrived", azhen.buys("jisu-600", target="104857623"))
        assert "104****623 不存在" in azhen.said[-1]
        await azhen.answers("是 204857623，一区")
    assert "客服核对后会充到新账号" in azhen.said[-1]
    assert azhen.ended
    assert "用户给的正确账号：是 204857623，一区" in azhen.ended[1]


async def test_it_is_simply_not_time_yet(azhen: Sickbed) -> None:
    with azhen.shop.fault("not_yet"):
        await azhen.asks("recharge-not-arrived", azhen.buys("phone-50", target=PHONE))
    assert "充值正在进行，没有异常，最晚" in azhen.said[-1]
    assert azhen.ended == ("solved", "")


# ── recharge not arrived: what else it may be ───────────────────────────────


async def test_it_has_arrived(azhen: Sickbed) -> None:
    await azhen.asks("recharge-not-arrived", azhen.buys("phone-50", target=PHONE))
    assert "已充到 139****4321" in azhen.said[-1]
    await azhen.answers(choice="pb:arrived:nothing")
    await azhen.answers(choice="pb:proof_picture:none")
    assert azhen.ended
    assert "向充值渠道核对" in azhen.ended[1]


async def test_the_order_that_was_asked_for_stands_beside_the_conversation(azhen: Sickbed) -> None:
    number = azhen.buys("phone-50", target=PHONE)
    await azhen.asks("recharge-not-arrived")
    await azhen.answers(f"是 {number} 这一笔")
    beside = await azhen.counter.view(azhen.id)
    assert beside.order
    assert (beside.order.number, beside.order.lines[0].delivery.state) == (number, "delivered")


async def test_it_was_never_paid(azhen: Sickbed) -> None:
    await azhen.asks("recharge-not-arrived", azhen.buys("phone-50", "", PHONE))
    assert "还没有付款，没有扣款" in azhen.said[-1]


async def test_the_channel_is_in_maintenance(azhen: Sickbed) -> None:
    with azhen.shop.fault("maintenance"):
        number = azhen.buys("phone-50", target=PHONE)
        await azhen.counter.ask(AZHEN, number)
        await azhen.asks("recharge-not-arrived", number)
    assert "支付通道正在维护" in azhen.said[-1]


@pytest.mark.parametrize("fault", ["down", "garbage"])
async def test_a_shop_that_fails_loses_nothing_and_calls_a_person(azhen: Sickbed, fault: str) -> None:
    number = azhen.buys("phone-50", target=PHONE)
    with azhen.shop.fault(fault):
        await azhen.asks("recharge-not-arrived", number)
    assert "订单不会丢" in azhen.said[-1]
    assert azhen.ended
    assert number in azhen.ended[1]


async def test_who_proved_nothing_is_asked_for_proof_and_told_nothing_of_the_order(azhen: Sickbed) -> None:
    with azhen.shop.fault("wrong_account"):
        await azhen.asks("recharge-not-arrived", azhen.buys("jisu-600", target="104857623"), subject=None)
    assert (await azhen.run()).waits == "proof"
    assert "104****623" not in "".join(azhen.said)


# ── card keys ───────────────────────────────────────────────────────────────


async def test_a_card_that_was_not_issued_is_issued_at_a_press(azhen: Sickbed) -> None:
    with azhen.shop.fault("not_issued"):
        number = azhen.buys("feiyu-30")
    await azhen.asks("card-key-not-received", number)
    assert "还没有发放" in azhen.said[-1]
    await azhen.answers(choice="pb:issue_now:send")
    assert "已补发。请打开订单页" in azhen.said[-1]
    await azhen.answers("看到了")
    assert azhen.ended == ("solved", "")


async def test_a_card_goes_again_to_the_telephone_that_was_given_when_it_was_bought(azhen: Sickbed) -> None:
    await azhen.asks("card-key-not-received", azhen.buys("feiyu-30"))
    assert "预留的手机 139****4321，这个号码对吗" in azhen.said[-1]
    await azhen.answers("对")
    assert "已发送到 139****4321" in azhen.said[-1]
    await azhen.answers("还是没有")
    assert azhen.ended
    assert "用户说没有收到" in azhen.ended[1]


async def test_another_telephone_is_for_a_person(azhen: Sickbed) -> None:
    await azhen.asks("card-key-not-received", azhen.buys("feiyu-30"))
    await azhen.answers("不对")
    assert azhen.ended
    assert azhen.ended[0] == "handed_over"
    assert "请核对身份" in azhen.ended[1]


async def test_a_shop_that_refuses_to_send_again_is_told_and_a_person_called(azhen: Sickbed) -> None:
    number = azhen.buys("feiyu-30")
    with azhen.shop.fault("action_refused"):
        await azhen.asks("card-key-not-received", number)
        await azhen.answers("对")
    assert "补发没有成功" in azhen.said[-1]


async def test_a_key_that_was_opened_may_have_been_redeemed_at_home(azhen: Sickbed) -> None:
    number = azhen.buys("feiyu-30")
    azhen.browser.post(f"/orders/{number}/keys", data={"line": f"{number}-1"})
    await azhen.asks("card-key-invalid", number)
    await azhen.answers("已被使用")
    assert "在您的账户里被查看过" in azhen.said[-1]
    await azhen.answers("没有兑换过")
    await azhen.answers(choice="pb:picture:none")
    assert azhen.ended
    assert "提示：已被使用" in azhen.ended[1]
    assert number in azhen.ended[1]


# ── the others ──────────────────────────────────────────────────────────────


async def test_a_refund_that_nobody_asked_for_is_for_a_person(azhen: Sickbed) -> None:
    await azhen.asks("refund-progress", number := azhen.buys("feiyu-30"))
    assert "还没有退款记录" in azhen.said[-1]
    await azhen.answers("申请过")
    assert azhen.ended
    assert number in azhen.ended[1]


async def test_an_order_that_was_not_issued_is_an_anomaly_that_can_be_mended(azhen: Sickbed) -> None:
    with azhen.shop.fault("not_issued"):
        number = azhen.buys("feiyu-30")
    await azhen.asks("order-anomaly", number)
    assert "已付款，卡密还没有发放" in azhen.said[-1]
    await azhen.answers("补发")
    assert "已补发" in azhen.said[-1]


async def test_whoever_cannot_pay_and_has_paid_is_told_not_to_pay_again(azhen: Sickbed) -> None:
    await azhen.asks("cannot-pay", azhen.buys("phone-50", target=PHONE))
    await azhen.answers("支付宝")
    assert "已经付款成功" in azhen.said[-1]


async def test_too_low_a_balance_is_why_somebody_cannot_pay(azhen: Sickbed) -> None:
    with azhen.shop.fault("low_balance"):
        await azhen.asks("cannot-pay", azhen.buys("phone-50", "balance", PHONE))
        await azhen.answers("余额")
    assert "现在 ¥1.00，这笔订单要 ¥49.80" in azhen.said[-1]


async def test_the_offer_that_is_on_is_told_and_an_unpaid_order_can_still_be_placed_anew(azhen: Sickbed) -> None:
    await azhen.asks("promotion-not-applied", azhen.buys("feiyu-30", ""))
    assert "现在的活动" in azhen.said[-1]
    await azhen.answers("是")
    assert "还没有付款，先别付" in azhen.said[-1]


async def test_what_an_offer_asks_for_stands_beside_what_the_order_came_to(azhen: Sickbed) -> None:
    await azhen.asks("promotion-not-applied", azhen.buys("phone-50", target=PHONE))
    await azhen.answers("是")
    assert "单笔话费充值满 150 元立减 2 元" in azhen.said[-1]
    assert "金额是 ¥49.80" in azhen.said[-1]
    await azhen.answers("没满")
    assert azhen.said[-1].startswith("那这笔订单没有优惠是按活动规则来的")
    assert azhen.ended == ("solved", "")


async def test_of_another_offer_nothing_is_compared(azhen: Sickbed) -> None:
    await azhen.asks("promotion-not-applied", azhen.buys("phone-50", target=PHONE))
    await azhen.answers("不是这个活动")
    await azhen.answers("群里发的新人券")
    assert "截图" in azhen.said[-1]
    assert "150" not in azhen.said[-1]


async def test_the_balance_is_told_to_its_owner_and_to_nobody_else(azhen: Sickbed) -> None:
    with azhen.shop.fault("low_balance"):
        await azhen.asks("balance-query")
        assert "余额是 ¥1.00" in azhen.said[-1]
        azhen.said.clear()
        await azhen.asks("balance-query", subject=None)
        assert (await azhen.run()).waits == "proof"
        await azhen.answers(choice="pb:look:unproved")
    assert "余额只给本人看" in azhen.said[-1]
    assert "¥" not in "".join(azhen.said)


async def test_when_a_recharge_arrives_is_told_to_the_minute(azhen: Sickbed) -> None:
    with azhen.shop.fault("not_yet"):
        await azhen.asks("recharge-arrival-time", azhen.buys("phone-50", target=PHONE))
    assert "正在充值，最晚" in azhen.said[-1]


async def test_a_frozen_account_is_handed_over_with_what_a_person_needs(azhen: Sickbed) -> None:
    await azhen.asks("account-frozen")
    await azhen.answers("余额被冻结")
    await azhen.answers("昨天晚上开始的，换了手机")
    await azhen.answers(choice="pb:picture:none")
    assert azhen.ended == (
        "handed_over",
        "账户冻结（余额被冻结）。用户说：昨天晚上开始的，换了手机。需要：核对身份、查冻结原因、告知申诉材料和时间",
    )
