"""The help centre: a question typed as pinyin, an article, and a person who is told what was searched."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys import axe
from tests.journeys.fitting import TOO_WIDE, misfits
from tests.journeys.places import Chat, Shop
from tests.running import Product

pytestmark = pytest.mark.browser


async def fits(page: Page) -> None:
    assert await axe.findings(page) == []
    assert await page.evaluate(TOO_WIDE) == []


async def test_pinyin_leads_to_an_article_and_to_a_person_with_the_words(product: Product, open_page) -> None:
    page, wrong = await open_page(phone=True), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(product.url)
    await page.get_by_role("button", name="帮助中心").click()
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name="打开完整的帮助中心").click()
    page = await opened.value
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await expect(page.get_by_role("searchbox", name="搜索")).to_be_visible()
    await fits(page)
    await _finds_while_typing(page)
    await _reads_and_says_it_did_not_help(page)
    await _reaches_a_person(page)
    assert wrong == []
    await _is_whole_without_a_script(product, page)


async def test_the_help_is_searched_and_read_in_the_chat_and_the_words_go_along_to_a_person(
    product: Product, open_page
) -> None:
    await _fits_a_phone(product, await open_page(phone=True))
    shop = await Shop.enter(await open_page(phone=True), product)
    chat = await shop.widget.open()
    await chat.button("帮助中心").press("Enter")
    sheet = chat.at.get_by_role("dialog", name="帮助中心")
    await sheet.get_by_role("searchbox", name="搜索帮助").fill("chongzhimeidao")
    first = sheet.get_by_role("listitem").get_by_role("button").first
    await expect(first).to_contain_text("充值没有到账")
    await expect(first.locator("mark").first).to_have_text("充值没")
    assert await axe.findings(shop.page) == []
    await first.press("Enter")
    await expect(sheet.get_by_role("heading", name="充值没有到账怎么办")).to_be_focused()
    assert await axe.findings(shop.page) == []
    await sheet.get_by_role("button", name="返回搜索结果").press("Enter")
    await sheet.get_by_role("searchbox", name="搜索帮助").press("Escape")
    await expect(sheet).to_be_hidden()
    await chat.ask_for_a_person()
    await chat.button("更多").press("Enter")
    await chat.button("搜索帮助").press("Enter")
    await sheet.get_by_role("searchbox", name="搜索帮助").fill("退款")
    await first.press("Enter")
    title = await sheet.get_by_role("heading", level=3).first.inner_text()
    await sheet.get_by_role("button", name="联系人工客服").press("Enter")
    await expect(sheet).to_be_hidden()
    await expect(chat.timeline.get_by_text(f"我看了帮助《{title}》，还想问：退款", exact=True)).to_have_count(1)
    await expect(chat.field).to_have_value("")
    product.sql("update article set status = 'draft', published_version = null")
    other = await open_page(phone=True)
    await other.goto(product.url)
    await expect(other.get_by_role("button", name=re.compile("(转|找)人工客服"))).to_be_visible()
    await expect(other.get_by_role("button", name="帮助中心")).to_be_hidden()


async def _fits_a_phone(product: Product, page: Page) -> None:
    await page.goto(product.url)
    await page.get_by_role("button", name="帮助中心").press("Enter")
    sheet = page.get_by_role("dialog", name="帮助中心")
    await sheet.get_by_role("searchbox", name="搜索帮助").fill("充值")
    await expect(sheet.get_by_role("listitem").first).to_be_visible()
    assert await axe.findings(page) + await misfits(page) == []
    await sheet.get_by_role("listitem").get_by_role("button").first.press("Enter")
    await expect(sheet.get_by_role("heading", level=3).first).to_be_focused()
    assert await axe.findings(page) + await misfits(page) == []
    await sheet.get_by_role("button", name="返回搜索结果").press("Enter")
    await expect(sheet.get_by_role("heading", name="帮助中心")).to_be_focused()


async def _finds_while_typing(page: Page) -> None:
    field = page.get_by_role("searchbox", name="搜索")
    await field.press_sequentially("chongzhimeidao")
    first = page.locator(".hits a").first
    await expect(first).to_contain_text("充值没有到账")
    await expect(first.locator("mark").first).to_have_text("充值没")
    await expect(page.get_by_role("heading", name="大家都在看")).to_be_hidden()
    await field.press("Enter")
    await expect(page).to_have_url(re.compile(r"/help/search\?.*q=chongzhimeidao"))
    await fits(page)
    await first.press("Enter")


async def _reads_and_says_it_did_not_help(page: Page) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text("充值没有到账怎么办")
    await fits(page)
    await page.get_by_role("button", name="没有").click()
    await expect(page.get_by_role("status")).to_contain_text("抱歉没能帮上忙")
    await fits(page)


async def _reaches_a_person(page: Page) -> None:
    await page.get_by_role("link", name="联系人工客服").click()
    await expect(page.get_by_text("会一起带过去")).to_be_visible()
    assert "#" not in page.url
    await fits(page)
    chat = Chat(page)
    await chat.ask_for_a_person()
    said = "我看了帮助《充值没有到账怎么办》，还想问：chongzhimeidao"
    await expect(chat.timeline.get_by_text(said, exact=True)).to_have_count(1)
    await expect(chat.field).to_have_value("")


async def _is_whole_without_a_script(product: Product, page: Page) -> None:
    browser = page.context.browser
    assert browser
    plain = await (await browser.new_context(java_script_enabled=False, locale="en-GB")).new_page()
    await plain.goto(f"{product.url}/help")
    await plain.get_by_role("searchbox").fill("refnud")
    await plain.get_by_role("button", name="Search").click()
    await plain.locator(".hits a").first.click()
    await expect(plain.get_by_role("heading", level=1)).to_contain_text("refund")
    await plain.get_by_role("button", name="Yes").click()
    await expect(plain.get_by_role("status")).to_have_text("Thank you, noted.")
    await plain.get_by_role("link", name="简体中文").click()
    await expect(plain.get_by_role("heading", level=1)).to_contain_text("退款")
    await plain.context.close()
