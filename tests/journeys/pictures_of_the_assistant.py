"""Pictures of what the assistant says, asks and offers, as customers and the desk see it; see `gallery`."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys.assisting import Scribe, options, shown_again, until_learnt
from tests.journeys.axe import findings
from tests.journeys.fitting import misfits
from tests.journeys.gallery import LONG, Gallery
from tests.journeys.places import Chat, Desk
from tests.journeys.test_recharge_not_arrived import Buyer
from tests.running import Product

pytestmark = pytest.mark.browser

ARTICLE = {"id": "arrival", "title": "充值没有到账怎么办"}
ANSWER = (
    "一般 10 分钟内到账，高峰时最长 2 小时。\n"
    "1. 打开“我的订单”，确认状态是“已完成”。\n"
    "2. 核对充值账号，填错的账号不能撤回。\n"
    "3. 退出游戏重新登录，余额会刷新。\n"
    "订单页：https://shop.example/orders"
)
CHOICES = (
    "充值没有到账怎么办",
    "卡密提示已被使用怎么办",
    f"{LONG}买错了还能不能换成别的面值或者退款",
    "都不是，转人工",
)


async def test_the_assistant_on_both_sides(fresh_product: Product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "assistant"), await open_page(phone=True)
    chat = Chat(page)
    await page.goto(fresh_product.url)
    await expect(page.get_by_role("button", name="问智能助手")).to_be_visible()
    await _pictured(gallery, page, "entrances")
    large = page.get_by_role("button", name="大字版")
    await large.click()
    await _pictured(gallery, page, "entrances in large letters")
    await large.click()
    await chat.ask_the_assistant()
    await expect(chat.timeline).to_contain_text("不是真人")
    fresh_product.sql("update assistance set state = 'out'")  # it says what is put into its mouth, and nothing more
    async with Scribe.of(fresh_product) as assistant:
        await _serves(assistant, chat, page, gallery)
        await _asks(assistant, chat, page, gallery)
        await _stands_beside(assistant, chat, page, gallery)
    await _at_the_desk(Gallery(pictures, "desk"), await open_page(), fresh_product)


async def test_a_member_chooses_among_her_own_orders_while_the_desk_looks_on(
    fresh_product: Product, open_page, pictures
) -> None:
    await until_learnt(fresh_product)
    buyer = await Buyer.come(open_page, fresh_product, 1)
    for bought in ("feiyu-30", "phone-50"):
        await buyer.buys(bought, "alipay", "13900000001")
    page, gallery = buyer.shop.page, Gallery(pictures, "assistant")
    await page.goto(fresh_product.shop_url)
    chat = await buyer.shop.widget.open()
    await chat.ask_the_assistant()
    await chat.say("充值没到账")
    orders = chat.timeline.get_by_role("list", name="您的订单").get_by_role("button")
    await expect(orders).to_have_count(2)
    await gallery.take(page, "own orders to choose from")
    await orders.first.press("Enter")
    await expect(chat.timeline.get_by_role("textbox", name="订单号")).to_have_count(0)
    await gallery.take(page, "looked up")
    desk = await Desk.enter(await open_page(), fresh_product, "xiaoya")
    await desk.page.get_by_role("radio", name=re.compile("^全部")).dispatch_event("click")
    await desk.page.get_by_role("radio", name=re.compile("^智能助手")).dispatch_event("click")
    await desk.page.get_by_role("link", name=re.compile("买家1")).click()
    await expect(desk.timeline).to_contain_text("充值没到账")
    found = await findings(desk.page)
    assert not found, found
    await Gallery(pictures, "desk").take(desk.page, "assisted")


async def _pictured(gallery: Gallery, page: Page, state: str) -> None:
    assert await findings(page) + await misfits(page) == []
    await gallery.take(page, state)


async def _serves(assistant: Scribe, chat: Chat, page: Page, gallery: Gallery) -> None:
    await assistant.says("您好，我是智能助手。请直接说您遇到的问题，随时可以转人工。")
    await shown_again(page)
    await _pictured(gallery, page, "greets")
    await _says(chat, "充值没到账")
    await assistant.says("您是想问：", kind="choices", options=options(*CHOICES))
    await shown_again(page)
    await _pictured(gallery, page, "choices")
    await chat.button(CHOICES[0]).press("Enter")
    await expect(page.locator(".option.chosen")).to_have_text(f"已选：{CHOICES[0]}")
    await _is_stored(chat)
    await assistant.says(ANSWER, kind="answer", article=ARTICLE, asks_helpful=True)
    await shown_again(page)
    await _pictured(gallery, page, "answer")


async def _asks(assistant: Scribe, chat: Chat, page: Page, gallery: Gallery) -> None:
    await _says(chat, "还是没有")
    await assistant.asks("请选择要查的订单，或填写订单号。", expects="order")
    await shown_again(page)
    await chat.button("提交").click()
    await _pictured(gallery, page, "asks for the order")
    await page.get_by_role("textbox", name="订单号").fill("QN20261121000001")
    await page.get_by_role("textbox", name="订单号").press("Enter")
    await _is_stored(chat)
    await assistant.asks("请发一张付款截图。", expects="picture", options=options("没有截图", "不发了"))
    await shown_again(page)
    await _pictured(gallery, page, "asks for a picture")
    await _says(chat, "没有截图")
    await assistant.asks("请先验证身份，验证后我就能查这笔订单。", expects="proof", options=options("不验证", "转人工"))
    await shown_again(page)
    await _pictured(gallery, page, "asks for a proof")
    await chat.button("验证身份").last.click()
    await expect(page.get_by_role("heading", name="验证身份")).to_be_visible()
    await gallery.take(page, "proves while the assistant waits")
    await page.keyboard.press("Escape")


async def _stands_beside(assistant: Scribe, chat: Chat, page: Page, gallery: Gallery) -> None:
    await page.context.set_offline(True)
    await page.get_by_role("region", name="智能助手").get_by_role("button", name="转人工").click()
    await gallery.take(page, "person wanted without a network")
    await page.context.set_offline(False)
    await expect(chat.queue).to_contain_text("排队号")
    await assistant.says(ANSWER, kind="answer", article=ARTICLE, asks_helpful=True)
    await shown_again(page)
    await _pictured(gallery, page, "answer while waiting")


async def _at_the_desk(gallery: Gallery, page: Page, product: Product) -> None:
    product.sql("update assistant set greeting = repeat('请慢慢说，', 40), risk_words = '{律师,12315,退一赔三}'")
    await Desk.enter(page, product, "wang")
    await page.goto(f"{product.url}/desk/admin/assistant")
    await expect(page.get_by_label("名称", exact=True)).to_be_visible()
    await page.get_by_label("名称", exact=True).fill(LONG[:20])
    await gallery.take(page, "assistant changed")
    await page.context.clear_cookies()
    desk = await Desk.enter(page, product, "xiaoya")
    await desk.go_online()
    await desk.accept("访客")
    await expect(page.get_by_role("button", name="智能助手交接")).to_be_visible()
    found = await findings(page)
    assert not found, found
    await gallery.take(page, "handed over")


async def _says(chat: Chat, text: str) -> None:
    """It has a number before anything else gets one."""
    await chat.say(text)
    await _is_stored(chat)


async def _is_stored(chat: Chat) -> None:
    await expect(chat.timeline.locator(".unsent")).to_have_count(0)
