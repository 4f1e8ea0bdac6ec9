"""Getting in: a second factor set up by its owner, a forgotten password, and a role that must have both."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.journeys.axe import findings
from tests.journeys.places import Desk, Office, set_up_factor, spaced
from tests.running import Product

pytestmark = pytest.mark.browser
CHOSEN = "neues-Passwort-2026"


async def _office(page: Page, product: Product) -> Office:
    await Desk.enter(page, product, "wang")
    await page.get_by_role("link", name="管理").click()
    return Office(page)


async def test_an_agent_sets_up_a_second_factor_forgets_the_password_and_gets_in_again(product, open_page) -> None:
    page = await open_page()
    await Desk.enter(page, product, "xiaomei")
    await page.goto(f"{product.url}/desk/account")
    await page.get_by_role("button", name=spaced("开启")).click()
    _, codes = await set_up_factor(page, product.passwords["xiaomei"])
    await expect(page.get_by_text("已开启")).to_be_visible()
    await expect(page.get_by_text("还有 10 个恢复码")).to_be_visible()
    assert await findings(page) == []

    office = await _office(await open_page(), product)
    await office.edit("人员", "小美")
    await office.page.get_by_role("button", name="重设密码的链接").click()
    link = await office.page.get_by_role("dialog", name="请把链接交给小美").locator("code").inner_text()

    other = await open_page()
    await other.goto(link)
    await expect(other.get_by_text("为 小美（xiaomei）设置新密码")).to_be_visible()
    await other.get_by_label("新密码").fill(CHOSEN)
    await other.get_by_label("再输入一次").fill(CHOSEN)
    await other.get_by_role("button", name="设置新密码").click()
    await expect(page.get_by_label("登录账号")).to_be_visible()  # her desk was signed out
    await other.get_by_role("button", name="登录工作台").click()
    await other.get_by_label("登录账号").fill("xiaomei")
    await other.get_by_label("密码", exact=True).fill(CHOSEN)
    await other.keyboard.press("Enter")
    await expect(other.get_by_label("验证码")).to_be_focused()
    await other.keyboard.type(codes[0])
    await other.keyboard.press("Enter")
    await expect(other.get_by_role("button", name="小美 的菜单")).to_be_visible()


async def test_a_role_that_must_have_a_second_factor_sets_it_up_before_anything_else(product, open_page) -> None:
    office = await _office(await open_page(), product)
    page = await open_page()
    await Desk.enter(page, product, "xiaomei")
    await office.go_to("人员")
    await office.page.get_by_role("switch", name="客服必须使用两步验证").click()
    await expect(office.page.get_by_role("switch", name="客服必须使用两步验证")).to_be_checked()
    await page.reload()
    await expect(page.get_by_role("heading", name="设置两步验证")).to_be_visible()
    await set_up_factor(page, product.passwords["xiaomei"])
    await expect(page.get_by_role("button", name="小美 的菜单")).to_be_visible()
