"""An operator reads what the codes achieve: empty at first, then what customers and the staff did."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.journeys import axe
from tests.journeys.places import Chat, Desk, Office

pytestmark = pytest.mark.browser


async def _consult(xiaomei: Desk, customer: Page) -> None:
    """Somebody comes with a code that is corrected, and is answered."""
    await xiaomei.go_online()
    await customer.goto(xiaomei.product.url)
    chat = Chat(customer)
    await chat.enter("czz")
    await expect(xiaomei.offers).to_have_count(1)
    await xiaomei.page.keyboard.press("a")
    for words in ("您好，请稍等", "已经为您补发，请看一下"):
        await xiaomei.field.fill(words)
        await xiaomei.field.press("Enter")
        await expect(chat.timeline.get_by_text(words)).to_be_visible()
    await chat.end()


async def test_an_operator_sees_what_customers_made_of_the_codes(fresh_product, open_page) -> None:
    page = await open_page()
    await Desk.enter(page, fresh_product, "wang")
    await page.get_by_role("link", name="管理").click()
    await Office(page).go_to("代码成效")
    await expect(page.get_by_text("这段时间还没有会话")).to_be_visible()
    assert await axe.findings(page) == []

    await _consult(await Desk.enter(await open_page(), fresh_product, "xiaomei"), await open_page(phone=True))

    await page.reload()
    table = page.get_by_role("table", name="各个代码")
    line = table.get_by_role("row").filter(has_text="CZ 充值问题")
    await expect(line.get_by_role("cell").nth(1)).to_have_text("1")  # a conversation
    await expect(line.get_by_role("cell").nth(2)).to_have_text("1")  # that was corrected
    await expect(line).to_contain_text("1 个 ·")
    await expect(page.get_by_role("region", name="全部部门")).to_contain_text("还不能说")

    await line.get_by_role("button").focus()
    await page.keyboard.press("Enter")
    behind = page.get_by_role("dialog", name="CZ 充值问题")
    await expect(behind.get_by_text("重复了字母")).to_be_visible()
    await expect(behind.get_by_text("没有两位用户输入过同样的写法")).to_be_visible()
    await expect(behind.get_by_role("img", name="一共 1 个会话")).to_be_visible()
    assert await axe.findings(page) == []
    await page.keyboard.press("Escape")
    await expect(behind).to_be_hidden()
    await expect(line.get_by_role("button")).to_be_focused()

    async with page.expect_download() as saved:
        await page.get_by_role("button", name="导出为表格").press("Enter")
    assert (await saved.value).suggested_filename == "code-figures.csv"
    await page.get_by_role("radio", name="最近 7 天").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="最近 30 天")).to_be_checked()
