"""A card that is late: from the shop's report to the card in the customer's hands, and once only.

The story is docs/journeys/0007-the-shop-behind-the-codes.md, rows 2 to 4.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk, Shop, spaced
from tests.journeys.test_never_identity import PHONE, enters, guesses

pytestmark = pytest.mark.browser


def card_of(chat: Chat) -> Locator:
    """The card of an order over the chat."""
    return chat.at.get_by_role("dialog", name="订单详情")


async def test_a_late_card_is_reported_seen_resent_and_opened_and_two_taps_issue_once(product, open_page) -> None:
    shop = await Shop.enter(await open_page(), product)
    await shop.sign_in("xiaolin")
    number = await shop.open_order("云朵网盘")
    await shop.page.get_by_role("button", name="输入 DD 获取专属客服").click()
    chat = shop.widget.chat
    await expect(chat.timeline).to_contain_text("已识别咨询代码 DD")
    await chat.at.get_by_role("button", name=number).click()
    card = card_of(chat)
    await expect(card).to_contain_text("等待发货")
    for key in ("Shift+Tab", "Tab", "Shift+Tab"):  # from the heading round to the link, which is the last, and back
        await shop.page.keyboard.press(key)
    await expect(card.get_by_role("link").or_(card.get_by_role("button")).last).to_be_focused()
    assert await findings(shop.page) == []

    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("小林")
    await expect(xiaomei.context).to_contain_text(number)
    await expect(xiaomei.context.get_by_role("note").filter(has_text="卡密还没有发放")).to_be_visible()
    await xiaomei.context.get_by_role("button", name=re.compile("^补 ?发$")).click()
    await xiaomei.page.get_by_role("dialog").get_by_role("button", name=re.compile("^补 ?发$")).press("Enter")

    done = re.compile(r"已于 \d\d:\d\d 补发")
    await expect(xiaomei.context.get_by_text(re.compile(r"已于 \d\d:\d\d 补发")).first).to_be_visible()
    await expect(card.get_by_text(done)).to_be_visible()  # the card that is open says so by itself
    await expect(card).to_contain_text("由客服 小美 操作")
    await expect(chat.timeline).to_contain_text("客服 小美 已补发")
    await _she_opens_it(shop, card)
    await expect(xiaomei.context).to_contain_text("本人在订单页查看")
    dialog = await _the_agent_hesitates(xiaomei)
    await _two_taps_are_one_press(shop, card)
    await _what_she_did_meanwhile_is_told(dialog)


async def _she_opens_it(shop: Shop, card: Locator) -> None:
    async with shop.page.context.expect_page() as opened:
        await card.get_by_role("link", name="打开卡密").click()
    page = await opened.value
    await page.get_by_role("button", name="查看卡密").click()
    await expect(page.locator(".keys code").first).to_have_text(re.compile(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}"))
    await page.close()
    await expect(card).to_contain_text("本人在订单页查看")


async def _the_agent_hesitates(desk: Desk) -> Locator:
    """Before the last press of sending it again; the dialog."""
    await desk.context.get_by_role("button", name="再次补发").click()
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name=spaced("取消"))).to_be_visible()
    return dialog


async def _what_she_did_meanwhile_is_told(dialog: Locator) -> None:
    await expect(dialog.get_by_role("status")).to_contain_text("补发")
    await expect(dialog.get_by_role("button", name="知道了")).to_be_visible()
    await expect(dialog.get_by_role("button", name=spaced("取消"))).to_be_hidden()


async def _two_taps_are_one_press(shop: Shop, card: Locator) -> None:
    await card.get_by_role("button", name="再次补发").press("Enter")
    question = card.get_by_role("group", name="再次补发")
    await expect(question).to_contain_text("之前已经做过一次")
    assert await findings(shop.page) == []
    await shop.page.keyboard.press("Escape")
    await expect(card.get_by_role("button", name="再次补发")).to_be_focused()
    await shop.page.keyboard.press("Enter")
    await question.get_by_role("button", name="再次补发").dblclick()
    deeds = card.get_by_text(re.compile(r"已于 \d\d:\d\d 补发"))
    await expect(deeds).to_have_count(2)
    await expect(card.get_by_role("status").filter(has_text="补发到 138****8567")).to_be_focused()
    await shop.page.reload()
    await expect(shop.page.locator(".record")).to_contain_text("客服补发")
    # The first issued what was due, the second sent.
    await expect(shop.page.locator(".record li.resent")).to_have_count(1)


async def test_four_digits_on_the_phone_show_how_far_it_has_come_and_how_to_prove_more(product, open_page) -> None:
    owner = await Shop.enter(await open_page(), product)
    await owner.sign_in("azhen")
    number = await owner.open_order("话费")
    page = await open_page(phone=True)
    chat = await enters(page, product)
    await chat.button("验证身份").click()
    await guesses(chat, number, PHONE[-4:])
    await chat.at.get_by_role("button", name=f"订单 {number} 已验证").click()
    card = card_of(chat)
    await expect(card).to_contain_text("后四位只能查看订单状态")
    await expect(card).to_contain_text("话费")
    await expect(card.get_by_role("button")).to_have_text(["关闭", "用一次性验证码验证"], use_inner_text=True)
    await expect(card).not_to_contain_text("支付")
    assert await findings(page) == []
    await card.get_by_role("button", name="用一次性验证码验证").click()
    await expect(chat.button("一次性验证码")).to_have_attribute("aria-pressed", "true")
    await expect(chat.at.get_by_role("heading", name="验证身份")).to_be_focused()
