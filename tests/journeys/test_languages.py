"""A language is chosen once: it stays, and every window of the browser hears of it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser


async def test_a_chosen_language_stays_and_is_heard_in_every_window(product, open_page) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    await page.get_by_role("button", name="English").click()
    english = page.get_by_role("textbox", name="Service code")
    await expect(english).to_be_visible()
    await page.reload()
    await expect(english).to_be_visible()
    beside = await page.context.new_page()
    await beside.goto(product.url)
    await beside.get_by_role("button", name="中文").click()
    await expect(Chat(page).code).to_be_visible()

    # At the desk, what the server words comes anew too.
    customer = Chat(page)
    await customer.enter("cz")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    await expect(xiaomei.context).to_contain_text("充值问题")
    other = await xiaomei.page.context.new_page()
    await other.goto(f"{product.url}/desk")
    await other.get_by_role("button", name="小美 的菜单").click()
    await other.get_by_role("menuitem", name="English").press("Enter")
    await expect(other.get_by_role("link", name="Work", exact=True)).to_be_visible()
    context = xiaomei.page.get_by_role("complementary", name="Context")
    await expect(context).to_contain_text("Visitor")
    await expect(context).to_contain_text("Recharge")
