"""The button on a shop's page: under a strict policy, by keyboard alone, over reloads, and between two people."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.places import Chat, Desk, Shop, focus

pytestmark = pytest.mark.browser
STRICT = "/contact"


async def test_the_widget_works_by_keyboard_alone_on_a_page_with_a_strict_policy(product, open_page) -> None:
    page, complaints = await open_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    answer = await page.request.get(product.shop_url + STRICT)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    shop = await Shop.enter(page, product, STRICT)
    await expect(shop.widget.button).to_be_visible()

    await focus(page, shop.widget.button)
    await page.keyboard.press("Enter")
    chat = shop.widget.chat
    await expect(chat.code).to_be_visible()
    await focus(page, chat.code)
    await page.keyboard.type("gn")
    await page.keyboard.press("Enter")
    await expect(chat.field).to_be_focused()
    await page.keyboard.type("只用键盘也可以")
    await page.keyboard.press("Enter")
    await expect(chat.timeline.get_by_text("只用键盘也可以")).to_be_visible()

    await page.keyboard.press("Escape")
    await expect(chat.field).to_be_hidden()
    await expect(shop.widget.button).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(chat.field).to_be_visible()
    await chat.end()
    assert [text for text in complaints if "Content Security Policy" in text] == []


async def test_a_reload_keeps_the_conversation_and_the_place_in_the_queue(product, open_page) -> None:
    shop = await Shop.enter(await open_page(), product, STRICT)
    chat = await shop.widget.open()
    await chat.enter("zk")
    await chat.say("满减怎么算？")
    number = await _number(chat)

    await shop.page.reload()
    await shop.widget.button.click()
    await expect(chat.timeline.get_by_text("满减怎么算？")).to_be_visible()
    assert await _number(chat) == number
    await chat.end()


async def test_a_reply_while_the_window_is_closed_is_counted_on_the_button(product, open_page) -> None:
    shop = await Shop.enter(await open_page(), product)
    chat = await shop.widget.open()
    await chat.enter("24h")
    await chat.button("收起").click()
    await expect(shop.widget.button).to_have_accessible_name(re.compile("打开客服窗口$"))
    xiaoya = await Desk.enter(await open_page(), product, "xiaoya")
    await xiaoya.go_online()
    await xiaoya.accept("访客")
    await xiaoya.reply("您好，在吗？")
    await expect(shop.widget.button).to_have_accessible_name(re.compile("1 条新消息$"))
    await shop.widget.button.click()
    await expect(chat.timeline.get_by_text("您好，在吗？")).to_be_visible()
    await expect(xiaoya.timeline.get_by_text("已读")).to_be_visible()
    await chat.end()


async def test_signing_out_at_the_shop_makes_the_widget_forget_and_the_next_person_sees_nothing(
    product, open_page
) -> None:
    shop = await Shop.enter(await open_page(), product)
    await shop.sign_in("xiaolin")
    chat = await shop.widget.open()
    await expect(chat.at.get_by_text("小林")).to_be_visible()
    await chat.enter("km")
    await chat.say("卡密还没收到")
    await chat.button("收起").click()

    await shop.sign_out()
    await shop.widget.open()
    await expect(chat.at.get_by_text("访客", exact=True)).to_be_visible()
    await expect(chat.at.get_by_text("小林")).to_have_count(0)
    await expect(chat.at.get_by_text("卡密还没收到")).to_have_count(0)
    await chat.button("收起").click()

    await shop.sign_in("azhen")
    await shop.widget.open()
    await expect(chat.at.get_by_text("阿珍")).to_be_visible()
    await expect(chat.at.get_by_text("小林")).to_have_count(0)
    await expect(chat.at.get_by_text("正在排队，位置已保留")).to_have_count(0)
    await chat.button("收起").click()

    await shop.sign_out()
    await shop.sign_in("xiaolin")
    await shop.widget.open()
    await expect(chat.timeline.get_by_text("卡密还没收到")).to_be_visible()
    await chat.end()


async def _number(chat: Chat) -> str:
    await expect(chat.queue).to_contain_text(re.compile(r"排队号\s*\d+"))
    found = re.search(r"排队号\s*(\d+)", await chat.queue.inner_text())
    assert found
    return found[1]
