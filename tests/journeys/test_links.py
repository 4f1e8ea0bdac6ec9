"""A code on paper: scanned with WeChat, followed in a chat, printed at the desk."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.async_api import Locator, Page, Request, expect

from mashang.codes import minted
from tests.journeys import axe
from tests.journeys.fitting import TOO_WIDE
from tests.journeys.old_browsers import BROWSERS
from tests.journeys.places import Chat, Desk, Shop, spaced
from tests.patience import until
from tests.running import Product
from tests.scanning import read_png

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
    await _goes_on_with_ones_own_code_on_the_phone(product, open_page)
    new = await open_page(phone=True)
    for code in ("CZ?q", "HD618"):
        await new.goto(f"{product.url}/c/{code}")
        await expect(new.locator(".code-answer")).to_be_visible()
        assert await axe.findings(new) == []


async def _goes_on_with_ones_own_code_on_the_phone(product: Product, open_page) -> None:
    """What stands on the computer's screen is scanned: on the phone she is who she was, with her order."""
    shop = await Shop.enter(await open_page(), product)
    await shop.sign_in("azhen")
    number = await shop.open_order("话费")
    chat = await shop.widget.open()
    await chat.button("在手机上继续").click()
    picture = chat.at.get_by_role("img", name="二维码，用手机扫描后在手机上继续")
    await expect(picture).to_be_visible()
    await picture.scroll_into_view_if_needed()
    (address,) = await _scanned(picture)
    phone = await open_page(phone=True, user_agent=BROWSERS["WeChat"][0])
    await phone.goto(address)
    await phone.get_by_role("button", name="在这里继续").click()
    await expect(phone.locator(".code-ready")).to_be_visible()
    assert "#" not in phone.url
    await Chat(phone).button("开始咨询").click()
    await expect(Chat(phone).field).to_be_visible()
    assert rows(product, "select order_number from conversation where order_number is not null") == [(number,)]
    await chat.button("显示二维码和链接").click()
    own = chat.at.get_by_label("这个专属代码的链接").get_by_role("textbox")
    await expect(own).to_have_value(re.compile(rf"^{product.url}/c\S*#[A-Z0-9]+-\S+$"))


async def _scans_a_topic(product: Product, page: Page) -> Chat:
    await page.goto(f"{product.url}/c/cz?q")
    chat = Chat(page)
    await expect(page.get_by_text("已填好：充值问题")).to_be_visible()
    await expect(chat.code).to_have_value("CZ")
    await expect(page.get_by_role("button", name="找人工客服")).to_be_visible()
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


async def test_the_operator_shows_a_code_and_prints_all_of_them(product: Product, open_page) -> None:
    wang = await Desk.enter(await open_page(dark=True), product, "wang")
    page = wang.page
    await page.goto(f"{product.url}/desk/admin/topics")
    await _shows_one(product, page)
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name="打印二维码").click()
    await _prints_all(product, await opened.value)


async def _shows_one(product: Product, page: Page) -> None:
    button = page.get_by_role("button", name="CZ 的二维码和链接")
    await button.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("链接", exact=True)).to_have_value(f"{product.url}/c/CZ")
    await expect(dialog.get_by_role("alert")).to_contain_text("只有这台电脑自己打得开")
    picture = dialog.get_by_role("img", name="CZ 的二维码")
    assert await _scanned(picture) == [f"{product.url}/c/CZ?q"]  # on a dark page
    assert await axe.findings(page) == []
    async with page.expect_download() as saved:
        await dialog.get_by_role("link", name="下载 SVG").press("Enter")
    assert (await saved.value).suggested_filename == "CZ.svg"
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(button).to_be_focused()


async def _prints_all(product: Product, sheet: Page) -> None:
    """What the paper shows is decoded; the controls stay on the screen, and white stays white."""
    codes = [str(code) for (code,) in rows(product, "select code from topic where expires_at is null")]
    await expect(sheet.get_by_role("img").nth(len(codes) - 1)).to_be_visible()
    assert await axe.findings(sheet) == []
    await sheet.locator("img").evaluate_all("all => Promise.all(all.map((one) => one.decode()))")
    await sheet.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dots an inch
    await sheet.emulate_media(media="print", color_scheme="dark")
    printed = read_png(await sheet.screenshot(full_page=True, scale="device"))
    assert sorted(printed) == sorted(f"{product.url}/c/{code}?q" for code in codes)
    await expect(sheet.get_by_role("button", name=spaced("打印"))).to_be_hidden()
    assert await pages_of(sheet) == 1
    await sheet.emulate_media(media="null")
    await sheet.get_by_text("一页一个").click()

    async def is_one_on_each() -> bool:
        return await pages_of(sheet) == len(codes)

    await until(is_one_on_each, f"{len(codes)} sheets of paper")


async def _scanned(picture: Locator) -> list[str]:
    """What it says, once it is drawn: a picture is visible before it is decoded."""
    await picture.evaluate("one => one.decode()")
    return read_png(await picture.screenshot())


async def pages_of(sheet: Page) -> int:
    """How many sheets of paper it takes."""
    return len(re.findall(rb"/Type /Page\b", await sheet.pdf(prefer_css_page_size=True)))
