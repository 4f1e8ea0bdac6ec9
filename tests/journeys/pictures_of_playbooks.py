"""Pictures of playbooks: the list, one that comes with the product, one that is wrong, a dry run, its versions."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.bot.diagnosing import WHOLE
from tests.journeys.gallery import Gallery
from tests.journeys.pages import ADMINISTRATION
from tests.journeys.places import Chat, Desk, spaced

pytestmark = pytest.mark.browser

LONG = WHOLE.replace("哪一笔订单", "请选择或输入您要查询的那一笔订单的完整订单号" * 3).replace(
    "key: whole", "key: long-one"
)


async def test_playbooks(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "playbooks"), await open_page()
    customer = await open_page(phone=True)
    await customer.goto(fresh_product.url)
    chat = Chat(customer)
    await chat.enter("cz")
    await chat.say("充值没到账")
    await Desk.enter(page, fresh_product, "wang")
    await page.goto(fresh_product.url + ADMINISTRATION["playbooks"].path)
    await expect(page.get_by_role("row", name="refund-progress")).to_be_visible()
    await gallery.take(page, "list")
    await _shipped(page, gallery, fresh_product.url)
    await page.goto(f"{fresh_product.url}/desk/admin/playbooks/new")
    await _write(page, WHOLE.replace("next: where", "next: nowhere").replace("en: No", "en: ''"))
    await page.get_by_role("button", name="第 19 行").press("Enter")
    await gallery.take(page, "wrong")
    for source in (WHOLE, LONG):
        await page.goto(f"{fresh_product.url}/desk/admin/playbooks/new")
        await _write(page, source)
        await page.get_by_role("button", name="保存新版本").press("Enter")
        await expect(page.get_by_text("已保存为第 1 版")).to_be_visible()
    await gallery.take(page, "steps")
    await page.get_by_role("tab", name="试走").click()
    await page.get_by_role("combobox", name="选一个以前的会话").press("ArrowDown")
    await page.locator(".ant-select-item-option").first.click()
    await page.get_by_role("button", name=spaced("试走一遍")).press("Enter")
    await expect(page.get_by_text("在这里等用户回答")).to_be_visible()
    await gallery.take(page, "trial")
    await page.get_by_text("现在问店铺").click()
    await page.get_by_role("button", name=spaced("试走一遍")).press("Enter")
    await expect(page.get_by_text("用的是店铺现在的回答")).to_be_visible()
    await gallery.take(page, "trial, the shop asked now")
    await page.get_by_role("tab", name="版本").click()
    await page.get_by_role("button", name=spaced("发布")).press("Enter")
    await expect(page.get_by_text("正在使用")).to_be_visible()
    await gallery.take(page, "versions")
    await page.goto(fresh_product.url + ADMINISTRATION["playbooks"].path)
    await expect(page.get_by_role("row", name="long-one")).to_be_visible()
    await gallery.take(page, "list of one's own")


async def _write(page: Page, source: str) -> None:
    await page.get_by_label("流程内容").fill(source)


async def _shipped(page: Page, gallery: Gallery, url: str) -> None:
    await page.goto(f"{url}/desk/admin/playbooks/recharge-not-arrived")
    decided = page.get_by_role("listitem").filter(has_text="订单状态是“已退款”").first
    await expect(decided).to_be_visible()
    await gallery.take(page, "shipped")
    await gallery.take(page, "shipped decides", top=decided)
