"""What nobody had written: asked at night, answered by a person, written with one press, and answered the next time.

The story is docs/journeys/0008-asked-at-night.md, rows 1, 8 and 9; the finder is the product's own, learnt again.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys.assisting import answered_with, until_answered_with, until_gathered, until_learnt
from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk, spaced
from tests.running import Product

pytestmark = pytest.mark.browser

ASKED, SEARCHED, IN_OTHER_WORDS = "能帮忙代打上分吗", "帮忙代打上分", "你们帮人代打上分么"
MORE = ("代打怎么收费", "你们接不接代打", "想找人帮我打上分")
ANSWER = "我们不做代打，只卖充值和卡密。请不要把账号交给别人。"


async def test_what_an_agent_answered_once_is_written_with_one_press_and_answered_the_next_time(
    product: Product, open_page
) -> None:
    await until_learnt(product)
    await _a_person_answers(product, await open_page(phone=True), await open_page())
    reader = await open_page(phone=True)
    await reader.goto(f"{product.url}/help/search?q={SEARCHED}")
    await expect(reader.get_by_text("没有找到")).to_be_visible()
    await until_gathered(product, SEARCHED)
    known = await answered_with(reader, product)
    await _is_written(product, await open_page())
    await until_answered_with(reader, product, known + 1)
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.ask_the_assistant()
    await chat.say(IN_OTHER_WORDS)
    await expect(chat.timeline).to_contain_text(ANSWER)
    await reader.reload()
    await expect(reader.locator(".hits a").first).to_contain_text(SEARCHED)


async def _a_person_answers(product: Product, customer: Page, agent: Page) -> None:
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.ask_the_assistant()
    await chat.say(ASKED)
    await expect(chat.timeline).to_contain_text("也可以直接转人工")
    await customer.get_by_role("region", name="智能助手").get_by_role("button", name="转人工").press("Enter")
    await expect(chat.queue).to_contain_text("排队号")
    xiaoya = await Desk.enter(agent, product, "xiaoya")
    await xiaoya.go_online()
    await xiaoya.accept("访客")
    await xiaoya.reply(ANSWER)
    await expect(chat.timeline).to_contain_text(ANSWER)


async def _is_written(product: Product, page: Page) -> None:
    await Desk.enter(page, product, "wang")
    await page.goto(f"{product.url}/desk/knowledge/gaps")
    gap = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="问过 2 次"))
    for told in (ASKED, SEARCHED, "对话 1 次", "帮助中心搜索 1 次", ANSWER):
        await expect(gap).to_contain_text(told)
    assert await findings(page) == []
    await gap.get_by_role("button", name="写成新文章").press("Enter")
    await expect(page.get_by_label("正文（Markdown）")).to_have_value(ANSWER)
    told = page.get_by_role("main").get_by_text("草稿已经写好，看过再发布")  # in the page: nothing lies over its head
    await expect(told).to_be_visible()
    await page.get_by_role("tab", name=re.compile("^问法")).press("Enter")
    for words in (ASKED, SEARCHED):
        await expect(page.get_by_role("listitem").filter(has_text=words).first).to_be_visible()
    await page.get_by_label("添加问法").fill("\n".join(MORE))
    await page.get_by_role("button", name="添加 3 条").press("Enter")
    await expect(page.get_by_text(MORE[-1], exact=True)).to_be_visible()
    await page.get_by_role("button", name=spaced("发布")).press("Enter")
    await expect(page.get_by_text("已发布", exact=True)).to_be_visible()
    await expect(told).to_be_hidden()
