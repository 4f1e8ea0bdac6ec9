"""A code on paper: scanned with WeChat, followed in a chat, printed at the desk."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.async_api import Page, Request, expect

from mashang.codes import minted
from tests.journeys import axe
from tests.journeys.fitting import TOO_WIDE
from tests.journeys.old_browsers import BROWSERS
from tests.journeys.places import Chat
from tests.running import Product

pytestmark = pytest.mark.browser


def rows(product: Product, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(product.dsn) as connection:
        return connection.execute(question).fetchall()


async def test_a_scan_with_wechat_fills_the_box_and_one_tap_begins(product: Product, open_page) -> None:
    agent, lacking = BROWSERS["WeChat"]
    page, wrong = await open_page(phone=True, user_agent=agent), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.add_init_script(lacking)
    chat = await _scans_a_topic(product, page)
    await _finds_it_again_after_a_reload(product, page, chat)
    await _scans_a_code_of_ones_own(product, page)
    await _reads_what_is_over_or_unknown_and_reaches_a_person(product, page)
    assert wrong == []
    new = await open_page(phone=True)
    for code in ("CZ?q", "HD618"):
        await new.goto(f"{product.url}/c/{code}")
        await expect(new.locator(".code-answer")).to_be_visible()
        assert await axe.findings(new) == []


async def _scans_a_topic(product: Product, page: Page) -> Chat:
    await page.goto(f"{product.url}/c/cz?q")
    chat = Chat(page)
    await expect(page.get_by_text("已填好：充值问题")).to_be_visible()
    await expect(chat.code).to_have_value("CZ")
    await expect(page.get_by_role("button", name="转人工客服")).to_be_visible()
    assert rows(product, "select 1 from conversation") == []
    assert await page.evaluate(TOO_WIDE) == []
    await chat.button("开始咨询").click()
    await expect(chat.queue.or_(chat.field).first).to_be_visible()
    assert rows(product, "select medium from redemption") == [("qr",)]
    return chat


async def _finds_it_again_after_a_reload(product: Product, page: Page, chat: Chat) -> None:
    assert page.url == f"{product.url}/"
    await page.reload()
    await expect(chat.field).to_be_visible()
    await page.goto(f"{product.url}/c/SH")  # somebody sent her another one meanwhile
    await expect(page.get_by_text("已填好：售后维权")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("充值问题"))).to_be_visible()  # the open one


async def _scans_a_code_of_ones_own(product: Product, page: Page) -> None:
    """Nothing that leaves the browser before the tap holds it but the question what it is, in its body."""
    code, asked = minted.written(minted.draw(), "DD"), []

    def note(request: Request) -> None:
        asked.append(request.url + str(request.headers))

    page.on("request", note)
    await page.goto(f"{product.url}/c?q#{code}")
    await expect(page.get_by_text("已填好：订单")).to_be_visible()
    await expect(Chat(page).code).to_have_value(code)
    assert page.url == f"{product.url}/c?q"
    assert [one for one in asked if code in one.partition("#")[0]] == []
    page.remove_listener("request", note)


async def _reads_what_is_over_or_unknown_and_reaches_a_person(product: Product, page: Page) -> None:
    chat = Chat(page)
    await page.goto(f"{product.url}/c/HD618?q")
    await expect(page.get_by_role("alert").get_by_text("HD618")).to_be_visible()
    await expect(chat.button("直接转人工")).to_be_visible()
    await page.goto(f"{product.url}/c/{'乱写的' * 400}%FF")
    await expect(page.get_by_role("alert").get_by_text("没有找到")).to_be_visible()
    assert await page.evaluate(TOO_WIDE) == []
    await chat.button("直接转人工").click()
    await expect(chat.field).to_be_visible()
