"""“充值没到账”, with each of the five causes switched on in the shop, each ending in its own next step; and a card
that is sent again inside the chat.

The story is docs/journeys/0008-asked-at-night.md.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from tests.journeys.assisting import until_learnt
from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk, Shop
from tests.running import OpenPage, Product

pytestmark = pytest.mark.browser


class Buyer:
    """Somebody new at the shop, who buys and then asks the assistant."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.at, self.asks = shop, shop.product.shop_url, shop.page.request

    @classmethod
    async def come(cls, open_page: OpenPage, product: Product, number: int) -> Buyer:
        shop = await Shop.enter(await open_page(), product)
        form = {
            "login": f"buyer{number}",
            "name": f"买家{number}",
            "phone": f"1390000000{number}",
            "password": "p4ssword-",
        }
        await shop.page.request.post(f"{product.shop_url}/sign-up", form=form)
        return cls(shop)

    async def buys(self, product: str, method: str, target: str = "") -> str:
        """The order's number."""
        form = {"product": product, "quantity": "1", "target": target}
        placed = await self.asks.post(f"{self.at}/buy", form=form)
        number = placed.url.rpartition("/")[2]
        await self.asks.post(f"{self.at}/pay/{number}", form={"method": method})
        return number

    @asynccontextmanager
    async def while_on(self, fault: str) -> AsyncIterator[None]:
        """The fault is on in the shop."""
        await self.asks.post(f"{self.at}/back/faults", form={"fault": fault, "on": "1"})
        yield
        await self.asks.post(f"{self.at}/back/faults", form={"fault": fault, "on": "0"})

    async def complains(self, words: str, number: str) -> Chat:
        """To the assistant, which asks which order it is."""
        await self.shop.page.goto(self.at)
        chat = await self.shop.widget.open()
        await chat.ask_the_assistant()
        await chat.say(words)
        await expect(chat.timeline).to_contain_text(re.compile("是哪一笔订单"))
        await chat.say(number)
        return chat


async def test_each_cause_has_its_own_next_step_and_a_card_is_sent_again_in_the_chat(product, open_page) -> None:
    await until_learnt(product)
    buyers = [await Buyer.come(open_page, product, number) for number in range(6)]
    await _the_payment_channel(buyers[0])
    await _the_game(buyers[1])
    await _the_balance(buyers[2])
    await _the_account(buyers[3])
    await _not_yet(buyers[4])
    await _a_card_is_sent_again(buyers[5])

    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("买家0")
    told = xiaomei.conversation.get_by_role("list", name="智能助手交接")
    await expect(told).to_contain_text("店铺没有收到通知")


async def _the_payment_channel(buyer: Buyer) -> None:
    async with buyer.while_on("not_notified"):
        chat = await buyer.complains("充值没到账", await buyer.buys("phone-50", "alipay", "13900000001"))
        await expect(chat.timeline).to_contain_text("请不要再付一次")
        await expect(chat.queue).to_be_visible()  # a person completes the order


async def _the_game(buyer: Buyer) -> None:
    async with buyer.while_on("game_maintenance"):
        chat = await buyer.complains("充值没到账", await buyer.buys("jisu-600", "alipay", "104857623"))
        await expect(chat.timeline).to_contain_text("正在等维护结束：游戏服务器维护")
        await expect(chat.timeline).to_contain_text("不用重新下单")


async def _the_balance(buyer: Buyer) -> None:
    await buyer.asks.post(f"{buyer.at}/account/recharge", form={"amount": "10000"})
    async with buyer.while_on("low_balance"):
        chat = await buyer.complains("充值没到账", await buyer.buys("phone-50", "balance", "13900000003"))
        await expect(chat.timeline).to_contain_text("余额 ¥1.00，需要 ¥49.80")
        await expect(chat.timeline).to_contain_text("请先充值余额")


async def _the_account(buyer: Buyer) -> None:
    async with buyer.while_on("wrong_account"):
        chat = await buyer.complains("充值没到账", await buyer.buys("jisu-600", "alipay", "104857623"))
        await expect(chat.timeline).to_contain_text("104****623 不存在")
        await chat.say("204857623，一区")
        await expect(chat.timeline).to_contain_text("会充到新账号，您不用重新下单")
        await expect(chat.queue).to_be_visible()


async def _not_yet(buyer: Buyer) -> None:
    async with buyer.while_on("not_yet"):
        chat = await buyer.complains("充值没到账", await buyer.buys("phone-50", "alipay", "13900000005"))
        await expect(chat.timeline).to_contain_text("没有异常，最晚")


async def _a_card_is_sent_again(buyer: Buyer) -> None:
    chat = await buyer.complains("卡密没收到", await buyer.buys("feiyu-30", "alipay"))
    await expect(chat.timeline).to_contain_text("预留的手机 139****0005，这个号码对吗")
    assert await findings(buyer.shop.page) == []
    await chat.at.get_by_role("button", name="对，重新发送").press("Enter")
    await expect(chat.timeline).to_contain_text("已发送到 139****0005")
    await chat.at.get_by_role("button", name="收到了").press("Enter")
    await expect(chat.timeline).to_contain_text("请尽快兑换")
