"""Codes near their end: their owner renews them with one tap, and an old printed one leads to what is there now."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk, Shop, spaced

pytestmark = pytest.mark.browser


async def test_the_owner_reads_one_line_renews_with_one_tap_and_it_is_gone(product, open_page) -> None:
    page = await open_page(phone=True)
    shop = await Shop.enter(page, product)
    await shop.sign_in("xiaolin")
    for order in ("光影视频", "云朵网盘"):
        await shop.open_order(order)
        await shop.service_code()
    product.sql(
        "update minted_code set minted_at = app_now() - interval '27 days',"
        " expires_at = app_now() + interval '73 hours'"
    )
    await page.goto(product.shop_url)
    chat = await shop.widget.open()
    line = chat.at.get_by_text(re.compile(r"^您有 2 个专属代码快到期了，最早的[34] 天后到期$"))
    await expect(line).to_be_visible()
    assert await findings(page) == []
    await chat.button("全部续期").tap()
    await expect(chat.at.get_by_role("status").filter(has_text="已续期，有效至")).to_be_focused()
    await page.reload()
    chat = await shop.widget.open()
    await expect(chat.code).to_be_visible()
    await expect(chat.at.get_by_text("个专属代码快到期了")).to_be_hidden()


async def test_the_operator_names_what_follows_on_an_old_code_and_who_types_it_is_led_there(product, open_page) -> None:
    page = await open_page()
    await Desk.enter(page, product, "wang")
    answer = asyncio.Event()

    async def slow(route: Route) -> None:
        await answer.wait()
        await route.continue_()

    await page.route("**/api/v1/admin/topics", slow)
    await page.goto(f"{product.url}/desk/admin/ending")
    await page.get_by_role("button", name="HD618 年中大促").click()
    drawer = page.get_by_role("dialog", name="HD618 年中大促")
    box = drawer.get_by_role("combobox", name="失效后改用")
    await expect(box).to_be_disabled()  # what is typed before the codes are there would be lost
    answer.set()
    await box.fill("SH")
    await box.press("Enter")
    await drawer.get_by_role("button", name=spaced("保存")).press("Enter")
    await expect(page.get_by_text("已保存", exact=True)).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("HD618")).get_by_text("SH", exact=True)).to_be_visible()
    assert await findings(page) == []

    phone = await open_page(phone=True)
    await phone.goto(product.url)
    chat = Chat(phone)
    await chat.code.fill("hd618")
    await chat.button("开始咨询").tap()
    await expect(phone.get_by_text("代码 HD618（年中大促）已失效。可以改选“售后维权”，或直接转人工。")).to_be_visible()
    await phone.get_by_role("button", name="售后维权 SH").tap()
    await expect(chat.timeline).to_contain_text("已识别咨询代码 SH：售后维权")
    await chat.end()
    await chat.button("新的咨询").tap()
    product.sql("update topic set expires_at = app_now() where code = 'GN'")  # while the page is open
    await phone.get_by_role("button", name="功能使用 GN").tap()
    await expect(phone.get_by_text("代码 GN（功能使用）已失效。")).to_be_visible()
    await expect(chat.button("直接转人工")).to_be_visible()
