"""An incident from opening to end: banner, first answer, mark, and one message to everybody it concerned.

The story is docs/journeys/0007-the-shop-behind-the-codes.md.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from mashang.kit import clock
from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk, Shop, spaced
from tests.running import Product

pytestmark = pytest.mark.browser
TITLE = "支付宝通道维护"


def banner(chat: Chat) -> Locator:
    """What keeps many waiting, at the top of a customer's page."""
    return chat.at.get_by_role("region", name="公告", exact=True)


async def test_an_incident_is_told_to_everybody_it_concerns_from_opening_to_end(product, open_page) -> None:
    early = await _on_the_phone_page(product, await open_page(phone=True))
    await early.enter("CZ")
    await expect(early.timeline).to_contain_text("已识别咨询代码 CZ")
    chief = await Desk.enter(await open_page(), product, "chen")
    await _opened(chief)

    await expect(banner(early)).to_contain_text(TITLE)
    await expect(early.timeline).to_contain_text("您的排队位置不受影响")
    late = await _on_the_phone_page(product, await open_page(phone=True, timezone_id=_where_it_is_noon()))
    await expect(banner(late)).to_contain_text(re.compile("今天 .*起"))
    await banner(late).locator("summary").press("Enter")
    await expect(banner(late)).to_contain_text("充值会晚到")
    assert await findings(late.at) == []
    await late.enter("CZ")
    await expect(late.timeline.get_by_text("充值会晚到")).to_be_visible()
    await expect(late.queue).to_be_visible()

    await _the_agent_sees_it(await open_page(), product)
    await late.button(f"收起“{TITLE}”").press("Enter")
    await expect(banner(late)).to_be_hidden()
    await _ended(chief)
    for chat in (early, late):
        await expect(chat.timeline.get_by_text("支付宝恢复了，请再试一次。")).to_have_count(1)
    await expect(banner(early)).to_be_hidden()
    await expect(chief.page.get_by_role("row", name=re.compile(TITLE))).to_contain_text("已通知结束 2 人")


def _where_it_is_noon() -> str:
    """Where a day does not end between two steps.  (In these names what is east of Greenwich has a minus.)"""
    return f"Etc/GMT{clock.now().hour - 12:+d}"


async def _on_the_phone_page(product: Product, page: Page) -> Chat:
    await page.goto(product.url)
    chat = Chat(page)
    await expect(chat.code).to_be_visible()
    return chat


async def _opened(chief: Desk) -> None:
    page = chief.page
    await page.goto(f"{chief.product.url}/desk/admin/incidents")
    await page.get_by_role("button", name="发布公告").first.press("Enter")
    form = page.get_by_role("dialog", name="发布公告")
    await form.get_by_label("标题", exact=True).fill(TITLE)
    await form.get_by_label("说明", exact=True).fill("充值会晚到，不会少。")
    codes = form.get_by_role("combobox", name="涉及的咨询代码")
    await codes.fill("CZ")
    await expect(page.get_by_role("option", name=re.compile("CZ")).first).to_be_attached()
    await codes.press("Enter")
    await expect(codes).to_have_attribute("aria-expanded", "true")
    await codes.press("Escape")
    await expect(codes).to_have_attribute("aria-expanded", "false")
    await expect(form.get_by_text("第一条答复（CZ）")).to_be_visible()
    await form.get_by_role("button", name=spaced("保存")).press("Enter")
    row = page.get_by_role("row", name=re.compile(TITLE))
    await expect(row).to_contain_text("1 个会话受影响")
    assert await findings(page) == []


async def _the_agent_sees_it(page: Page, product: Product) -> None:
    agent = await Desk.enter(page, product, "xiaomei")
    await agent.go_online()
    await agent.offers.first.get_by_role("button", name=re.compile("接 ?入")).click()
    await expect(agent.context.get_by_text("已标记受影响")).to_be_visible()
    await expect(agent.conversation.get_by_text(f"受“{TITLE}”影响")).to_be_attached()
    assert await findings(page) == []


async def _ended(chief: Desk) -> None:
    page = chief.page
    await page.get_by_role("button", name=f"结束“{TITLE}”").press("Enter")
    dialog = page.get_by_role("dialog", name=f"结束“{TITLE}”？")
    await dialog.get_by_label("结束消息（中文）").fill("支付宝恢复了，请再试一次。")
    await dialog.get_by_role("button", name="结束并通知 2 人").press("Enter")
    await expect(dialog).to_be_hidden()


async def test_what_the_shop_announces_stands_on_its_pages_until_the_shop_says_it_is_over(product, open_page) -> None:
    shop = await Shop.enter(await open_page(), product)
    await shop.switch_fault("支付通道维护", on=True)
    await shop.page.goto(product.shop_url)
    chat = await shop.widget.open()
    await expect(banner(chat)).to_contain_text(TITLE)
    await chat.enter("CZ")
    await expect(chat.timeline).to_contain_text(TITLE)
    chief = await Desk.enter(await open_page(), product, "chen")
    await chief.page.goto(f"{product.url}/desk/admin/incidents")
    await expect(chief.page.get_by_role("row", name=re.compile(TITLE))).to_contain_text("来自店铺")
    other = await Shop.enter(await open_page(), product)
    await other.switch_fault("支付通道维护", on=False)
    await expect(chat.timeline).to_contain_text(re.compile(f"“{TITLE}.*”已经结束"))
    await expect(banner(chat)).to_be_hidden()
