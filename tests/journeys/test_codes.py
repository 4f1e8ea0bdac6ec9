"""Codes typed as people type them: one that can only mean one thing leads on and says so, anything else asks."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("typed", ["cz1", "冲值", "chongzhi"])
async def test_a_slip_that_can_mean_one_thing_leads_on_and_the_customer_is_told(product, open_page, typed: str) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter(typed)
    await expect(chat.timeline).to_contain_text(f"已为您接入【充值问题】（代码 CZ，您输入的是“{typed}”）")
    await expect(chat.timeline).to_contain_text("这里是充值客服")
    await chat.end()


async def test_a_slip_that_may_mean_several_asks_and_none_of_these_leads_to_a_person(product, open_page) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.code.fill("CK")
    await chat.button("开始咨询").tap()
    await expect(chat.at.get_by_text("您想咨询的是哪一项？")).to_be_visible()
    choices = chat.at.get_by_role("region", name="咨询代码").get_by_role("listitem")
    await expect(choices).to_have_count(2)
    await expect(chat.code).to_have_value("CK")  # what was typed stays
    await chat.button("都不是，转人工").tap()
    await expect(chat.timeline).to_contain_text("您请求了人工客服")
    await expect(chat.timeline.get_by_text("CK", exact=True)).to_be_visible()
    await chat.end()


async def test_a_choice_takes_along_what_was_typed_and_the_agent_reads_it(product, open_page) -> None:
    page = await open_page()
    await page.goto(product.url)
    chat = Chat(page)
    await chat.code.fill("订单在哪看")
    await chat.button("开始咨询").click()
    await expect(chat.at.get_by_text("您想咨询的是“订单咨询”吗？")).to_be_visible()
    await chat.at.get_by_role("button", name="订单咨询 DD").click()
    await expect(chat.timeline.get_by_text("订单在哪看")).to_be_visible()
    await chat.end()


async def test_the_agent_reads_what_was_typed_for_the_code(product, open_page) -> None:
    page = await open_page()
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter("czz")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    await expect(xiaomei.timeline).to_contain_text("用户输入“czz”，已识别为充值问题")
    await chat.end()


async def test_an_expired_code_says_so_and_offers_what_to_take_instead(product, open_page) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.code.fill("hd618")
    await chat.button("开始咨询").tap()
    await expect(
        chat.at.get_by_text("代码 HD618（年中大促）已失效。可以改选“折扣活动”，或直接转人工。")
    ).to_be_visible()
    await chat.at.get_by_role("button", name="折扣活动 ZK").tap()
    await expect(chat.timeline).to_contain_text("已识别咨询代码 ZK：折扣活动")
    await chat.end()


async def test_six_digits_nobody_asked_for_are_kept_by_nobody_and_their_sender_is_warned(product, open_page) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.code.fill("482917")
    await chat.button("开始咨询").tap()
    warning = "客服不会向您索要验证码"
    await expect(chat.at.get_by_role("alert").filter(has_text=warning)).to_be_visible()
    await expect(chat.code).to_have_value("")
    await chat.enter("cz")
    await chat.field.fill("４８２ ９１７")
    await chat.field.press("Enter")
    await expect(chat.timeline.get_by_text("••••", exact=True)).to_be_visible()
    await expect(chat.timeline).to_contain_text(warning)
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    await expect(xiaomei.timeline).to_contain_text("像验证码的数字已遮盖")
    await expect(xiaomei.page.get_by_text("917")).to_have_count(0)
    await chat.end()
