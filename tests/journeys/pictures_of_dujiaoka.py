"""Pictures of what customers and agents see of a dujiaoka order; see `gallery`."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.dujiaoka import NUMBER, PASSWORD
from tests.journeys.gallery import Gallery
from tests.journeys.places import Desk, Office
from tests.journeys.test_dujiaoka import cards, enters, mariadb, product, tries

__all__ = ["cards", "mariadb", "product"]

pytestmark = pytest.mark.browser


async def test_an_order_and_its_look_up_password(product, open_page, pictures) -> None:
    gallery, chat = Gallery(pictures, "dujiaoka"), await enters(product, open_page)
    page = chat.at
    await chat.button("验证身份").click()
    await gallery.take(page, "sheet")
    await tries(chat, "wrong")
    await expect(page.get_by_text("信息不符")).to_be_visible()
    await chat.button("显示").click()
    await gallery.take(page, "wrong")
    await chat.button("先不验证").click()
    await chat.enter("dd")
    product.sql(f"update conversation set order_number = '{NUMBER}'")
    await page.reload()
    await chat.button("验证身份").click()
    await tries(chat, PASSWORD)
    await expect(chat.timeline).to_contain_text(f"订单 {NUMBER} 已验证")
    await gallery.take(page, "proved")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    await expect(xiaomei.context).to_contain_text("7Q2K")
    await gallery.take(xiaomei.page, "desk")
    await page.get_by_role("button", name=NUMBER).click()
    await expect(page.get_by_text("7Q2K").first).to_be_visible()
    await gallery.take(page, "card")


async def test_connecting_a_dujiaoka_shop(product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "dujiaoka"), await open_page()
    office = Office((await Desk.enter(page, product, "wang")).page)
    await page.goto(f"{product.url}/desk/admin/shops")
    await page.get_by_role("button", name="连接店铺").first.click()
    await office.form.get_by_text("独角数卡", exact=True).click()
    await expect(office.form.get_by_label("数据库地址")).to_be_visible()
    await gallery.take(page, "form", top=office.form.get_by_label("数据库地址"))
    await page.goto(f"{product.url}/desk/admin/shops")
    await page.get_by_role("button", name="卡密小铺", exact=True).click()
    await office.form.get_by_role("button", name="开始测试").click()
    tested = office.form.get_by_text("项检查全部通过")
    await expect(tested).to_be_visible()
    await gallery.take(page, "tested", top=tested)
