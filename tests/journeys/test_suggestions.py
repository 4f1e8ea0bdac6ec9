"""Suggested codes and offers: what a customer is recommended, why, and the way to have none of it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys import axe
from tests.journeys.places import Chat

pytestmark = pytest.mark.browser


async def test_who_asked_about_discounts_twice_finds_them_first_and_can_have_none_of_it(product, open_page) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    for _ in range(2):
        await chat.enter("ZK")
        await chat.end()
        await page.reload()
        await expect(chat.code).to_be_visible()
    suggested = page.get_by_role("region", name="为您推荐")
    await expect(suggested.get_by_role("button", name="ZK")).to_contain_text("因您多次咨询折扣活动")
    assert await axe.findings(page) == []
    await suggested.get_by_role("button", name="不再推荐").press("Enter")
    await expect(page.get_by_role("button", name="恢复推荐")).to_be_focused()
    await expect(suggested).to_have_count(0)
    await page.get_by_role("button", name="恢复推荐").press("Enter")
    await suggested.get_by_role("button", name="ZK").tap()
    await expect(chat.timeline).to_contain_text("已识别咨询代码 ZK：折扣活动")
    await chat.end()
