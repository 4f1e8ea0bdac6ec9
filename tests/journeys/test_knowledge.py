"""An operator writes an article, looks at it and publishes it; an agent adds a customer's words by one click."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.async_api import FilePayload, Page, Route, expect

from tests.journeys import axe
from tests.journeys.places import Chat, Desk, spaced
from tests.patience import until
from tests.running import Product

pytestmark = pytest.mark.browser

QUESTION = "点卡在哪里激活呀我找不到格子填"
TITLE = "点卡在哪里激活"
BODY = """先打开**我的订单**。

<script>document.title = 'broken'</script>

| 商品 | 多久 |
| --- | --- |
| 点卡 | 马上 |
"""


async def test_an_operator_publishes_an_article_and_an_agent_adds_how_a_customer_asked(
    product, open_page, screenshot
) -> None:
    wang = await Desk.enter(await open_page(), product, "wang")
    await _imports(wang.page)
    await _writes_and_publishes(wang.page, screenshot)
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("cz")
    await chat.say(QUESTION)
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    await _proposes(xiaomei, QUESTION)
    await _answers_with_it(xiaomei, chat)

    await wang.page.reload()
    await wang.page.get_by_role("tab", name=re.compile("^问法")).click()
    await wang.page.get_by_role("button", name=f"采纳“{QUESTION}”").click()
    await expect(wang.page.get_by_text("来自会话")).to_be_visible()
    assert not await axe.findings(wang.page)
    await _found(customer, product)


async def _writes_and_publishes(page: Page, screenshot: Path) -> None:
    """With a picture before anything was saved or even named, a table, and a script that does not survive."""
    await page.get_by_role("navigation").get_by_role("link", name="知识库").click()
    await page.get_by_role("button", name="写文章").first.click()
    await page.get_by_label("正文（Markdown）").fill(BODY)
    preview = page.get_by_role("region", name="预览")
    await page.locator("input[type=file]").set_input_files(screenshot)
    await expect(preview.get_by_role("img", name="payment")).to_be_visible()
    await expect(page.get_by_label("标题").first).to_have_value("未命名文章")
    await expect(page).to_have_url(re.compile(r"/desk/knowledge/(?!new$)\w+$"))  # a reload finds the draft
    await page.get_by_label("标题").first.fill(TITLE)
    await expect(preview.get_by_role("cell", name="马上")).to_be_visible()
    await expect(preview.locator("strong")).to_have_text("我的订单")
    assert await page.title() != "broken"
    await page.get_by_role("button", name=spaced("保存草稿")).click()
    await expect(page.get_by_text("草稿", exact=True)).to_be_visible()
    await expect(page.get_by_label("正文（Markdown）")).to_have_value(re.compile(r"\n!\[payment\]\(\S+\)$"))
    assert await preview.get_by_role("img").evaluate("one => one.decode().then(() => one.naturalWidth > 0)")
    assert not await axe.findings(page)
    await page.get_by_role("button", name=spaced("发布")).click()
    await expect(page.get_by_text("已发布", exact=True)).to_be_visible()


async def _imports(page: Page) -> None:
    """A table as Excel on a Chinese machine saves it; what it would do is shown before it is done."""
    await page.get_by_role("link", name="知识库").click()
    await page.get_by_role("button", name="导入导出").click()
    table = '标识,标题,正文,问法\r\ninvoice-please,怎么开发票,联系客服,"要发票\n开个票"\r\n'
    file = FilePayload(name="知识库.csv", mimeType="text/csv", buffer=table.encode("gb18030"))
    await page.locator("input[type=file]").set_input_files(file)
    await expect(page.get_by_text("文字编码 GB18030 · 新增 1 篇")).to_be_visible()
    await expect(page.get_by_text("新增问法 2 条")).to_be_visible()
    assert not await axe.findings(page)
    held = asyncio.Event()

    async def slowly(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await page.route("**/knowledge/import**", slowly)
    await page.get_by_role("button", name="确认导入，改动 1 篇").click()
    await expect(page.get_by_role("status").filter(has_text="正在导入…")).to_be_visible()
    await expect(page.get_by_role("button", name="确认导入，改动 1 篇")).to_have_class(re.compile("-loading"))
    held.set()
    await expect(page.get_by_role("link", name="查看知识库")).to_be_visible()
    await expect(page.get_by_text("新增了 1 篇")).to_be_visible()
    await page.unroute("**/knowledge/import**")


async def _proposes(xiaomei: Desk, question: str) -> None:
    """From the message itself: what it most likely asks for stands on top, and one press proposes it."""
    asked = xiaomei.timeline.get_by_text(question)
    await asked.hover()
    await xiaomei.timeline.get_by_role("button", name="加入知识库问法").click()
    dialog = xiaomei.page.get_by_role("dialog", name="加入知识库问法")
    likely = dialog.get_by_role("group", name="像是在问").get_by_role("button", name=TITLE)
    await expect(likely).to_be_visible()
    assert not await axe.findings(xiaomei.page)
    await likely.press("Enter")
    await expect(dialog).to_be_hidden()


async def _answers_with_it(xiaomei: Desk, chat: Chat) -> None:
    """The article stands beside the field; its words are put there, and sent like anything typed."""
    await xiaomei.page.get_by_role("list", name="适合这个问题的文章").get_by_role("button", name=TITLE).click()
    dialog = xiaomei.page.get_by_role("dialog", name="知识库文章")
    await dialog.get_by_role("button", name=f"插入正文：{TITLE}").press("Enter")
    await expect(xiaomei.field).to_have_value(re.compile("我的订单"))
    await xiaomei.field.press("Enter")
    await expect(chat.timeline).to_contain_text("先打开我的订单")


async def _found(page: Page, product: Product) -> None:
    """With words that stand nowhere but in what was proposed."""
    address = f"{product.url}/help/search?q={quote('格子填')}"

    async def stands_there() -> bool:
        await page.goto(address)
        return bool(await page.get_by_role("link", name=TITLE).count())

    await until(stands_there, "the article among what was searched")  # the index follows within a second
