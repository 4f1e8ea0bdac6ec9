"""Codes near their end: their owner renews them with one tap, and an old printed one leads to what is there now."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.axe import findings
from tests.journeys.places import Shop

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
