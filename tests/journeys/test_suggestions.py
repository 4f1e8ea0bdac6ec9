"""Suggested codes and offers by rules: what a customer is recommended and why, and how an operator decides it.

The story is docs/journeys/0006-codes-everywhere.md, rows 9 and 10.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.journeys.axe import findings
from tests.journeys.places import Desk, Shop
from tests.running import Product

pytestmark = pytest.mark.browser
ALWAYS = "update offer_limits set quiet_from = null, quiet_until = null, per_day = 9, per_week = 9"
ELEVEN_MORE = """
    insert into offer_view (site_id, day, visitor, path)
    select site_id, day, decode(md5(n::text), 'hex'), path from offer_view, generate_series(1, 11) n
    where path = '/p/phone-50'
"""
LOW = "update offer_rule set is_on = true where name = '余额不足'"


async def _asked(page: Page, path: str) -> Any:
    """Open a page of the shop; what it was offered."""
    async with page.expect_response(re.compile("/offers$")) as asked:
        await page.goto(path)
    return (await (await asked.value).json())["offer"]


async def test_a_low_balance_is_offered_the_code_with_the_shops_promotion_and_leads_to_its_people(
    product, open_page
) -> None:
    product.sql(f"{ALWAYS}; {LOW}")
    page = await open_page(phone=True)
    shop = await Shop.enter(page, product)
    await shop.sign_in("azhen")
    line = page.get_by_role("button", name="输入 CZ 获取专属客服")
    await expect(line).to_contain_text("余额不多了，充值遇到问题随时问。 店铺优惠：话费满 150 减 2")
    assert await findings(page) == []
    await _pressed_away_it_stays_away(page, product)
    product.sql("delete from offer_outcome")
    await page.reload()
    await line.tap()
    chat = shop.widget.chat
    await expect(chat.timeline).to_contain_text("已识别咨询代码 CZ：充值问题")
    await chat.end()
    await _the_second_time_it_stands_first_until_she_wants_none(shop)


async def _pressed_away_it_stays_away(page: Page, product: Product) -> None:
    async with page.expect_response(re.compile("/offers/")):
        await page.get_by_role("button", name="不再显示这条提示").tap()
    product.sql("update offer_outcome set shown_at = shown_at - interval '60 days'")
    assert await _asked(page, f"{product.shop_url}/contact") is None


async def _the_second_time_it_stands_first_until_she_wants_none(shop: Shop) -> None:
    page = shop.page
    await page.reload()
    chat = await shop.widget.open()
    await chat.enter("CZ")
    await chat.end()
    await page.reload()
    chat = await shop.widget.open()
    suggested = chat.at.get_by_role("region", name="为您推荐")
    await expect(suggested.get_by_role("button", name="CZ")).to_contain_text("因您多次咨询充值问题")
    assert await findings(page) == []
    await suggested.get_by_role("button", name="不再推荐").press("Enter")
    back = chat.at.get_by_role("button", name="恢复推荐")
    await expect(back).to_be_focused()
    await page.wait_for_function("localStorage.getItem('mashang.offers') === 'none'")  # also when she has signed out
    shop.product.sql("delete from offer_outcome")
    assert await _asked(page, f"{shop.product.shop_url}/contact") is None, "who wants none is offered none"
    chat = await shop.widget.open()
    await chat.at.get_by_role("button", name="恢复推荐").press("Enter")
    await expect(chat.at.get_by_role("region", name="为您推荐")).to_be_visible()
    await page.wait_for_function("localStorage.getItem('mashang.offers') !== 'none'")


async def _one_for_everybody_needs_its_number(page: Page, product: Product) -> None:
    product.sql(ELEVEN_MORE)
    switch = page.get_by_role("switch", name="开启“问问再买”")
    await switch.press("Enter")
    dialog = page.get_by_role("dialog", name="会向大多数访客推荐")
    await expect(dialog).to_contain_text("最近 7 天的 12 位访客里，这条规则最多会向 12 位推荐")
    number = dialog.get_by_label("确认人数")
    await expect(number).to_be_focused()
    for typed in ("11", "12"):
        await expect(switch).not_to_be_checked()
        await number.fill(typed)
        async with page.expect_response(re.compile("/offer-rules/")):
            await number.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(switch).to_be_checked()
    await expect(switch).to_be_focused()


async def test_an_operator_writes_a_rule_tries_it_on_last_week_and_switches_it_on(product, open_page) -> None:
    product.sql(ALWAYS)
    visitor = await open_page()
    shop = await Shop.enter(visitor, product)
    assert await _asked(visitor, f"{product.shop_url}/p/phone-50") is None
    desk = await Desk.sign_in(await open_page(), product, "wang")
    page = desk.page
    await page.goto(f"{product.url}/desk/admin/offers")
    await page.get_by_role("button", name="添加规则").first.click()
    form = page.get_by_role("dialog")
    await form.get_by_role("button", name="购买前：对比和适用范围").click()
    await form.get_by_label("名称").fill("问问再买")
    await form.get_by_role("button", name="用最近 7 天试算").click()
    await expect(form.get_by_role("status")).to_contain_text("最近 7 天的 1 位访客里，会向 1 位推荐。")
    await expect(form.get_by_role("list", name="例子")).to_contain_text("/p/phone-50")
    assert await findings(page) == []
    await form.get_by_role("button", name="保存").press("Enter")
    await expect(form).to_be_hidden()
    await _one_for_everybody_needs_its_number(page, product)
    offer = await _asked(visitor, f"{product.shop_url}/p/phone-50")
    assert offer["why"] == "不确定适不适合您？买之前先问一句。"
    line = visitor.get_by_role("button", name="输入 GN 获取专属客服")
    await line.click()
    await expect(shop.widget.chat.timeline).to_contain_text("已识别咨询代码 GN")
    await page.reload()
    row = page.get_by_role("row").filter(has_text="问问再买")
    await expect(row).to_contain_text("展示 1 · 接受 1 · 关闭 0 · 咨询 1")
    await expect(page.get_by_role("heading", name="每个人最多看到多少")).to_be_visible()
    assert await findings(page) == []
