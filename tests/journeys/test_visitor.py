"""A visitor on a phone: nothing proved, nobody there at first, and still nothing lost."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser


async def test_a_visitor_on_a_phone_claims_waits_and_is_served_when_somebody_comes(
    product, open_page, screenshot
) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)

    # What she says about herself is kept, shortened, and called what it is.
    await chat.button("填写账号").tap()
    claim = chat.at.get_by_label("注册手机号或用户名")
    await claim.fill("1")
    await chat.button("保存").tap()
    await expect(chat.at.get_by_role("alert").filter(has_text=re.compile("."))).to_be_visible()
    await expect(claim).to_have_value("1")  # what was typed wrongly stays, to be mended
    await claim.fill("13912345678")
    await chat.button("保存").tap()
    await expect(chat.at.get_by_text("尚未验证")).to_be_visible()
    await expect(chat.at.get_by_text(re.compile(r"139\W+5678"))).to_be_visible()

    await chat.at.get_by_role("button", name="功能使用").tap()
    await expect(chat.queue).to_contain_text("现在没有客服在线")
    await expect(chat.queue).to_contain_text("您的留言和排队位置都已保存")
    await expect(chat.queue).to_contain_text(re.compile(r"排队号\s*A\d+"))
    await chat.say("会员卡怎么用？")
    await chat.send_file(screenshot)
    await expect(chat.picture("payment.png")).to_be_visible()

    xiaoya = await Desk.enter(await open_page(), product, "xiaoya")
    await xiaoya.go_online()
    await xiaoya.accept("访客")
    for timeline in (xiaoya.timeline, chat.timeline):
        words = timeline.get_by_text("会员卡怎么用？")
        await expect(words).to_be_visible()
        await expect(words).to_have_css("unicode-bidi", "isolate")
    await expect(xiaoya.picture("payment.png")).to_be_visible()
    await expect(xiaoya.context).to_contain_text("自报身份，未核实")
    await expect(xiaoya.context).to_contain_text(re.compile(r"139\W+5678"))
    await expect(xiaoya.conversation.get_by_role("heading", level=2)).to_contain_text(re.compile(r"访客.*139\W+5678"))
    await expect(xiaoya.page.get_by_text("13912345678")).to_have_count(0)
    await expect(chat.at.get_by_role("heading", name="小雅")).to_be_visible()
    await expect(chat.timeline.get_by_text("已读")).to_be_visible()

    await xiaoya.reply("在“我的”里点激活就行。")
    await expect(chat.timeline.get_by_text("在“我的”里点激活就行。")).to_be_visible()
    await chat.button("结束").tap()
    await chat.button("结束咨询").tap()
    await expect(chat.button("继续咨询")).to_be_visible()
    await expect(xiaoya.conversation.get_by_role("button", name="重新打开")).to_be_visible()
    await expect(xiaoya.timeline).to_contain_text("会话由用户结束")


async def test_a_link_to_no_site_tells_the_customer_where_to_go_and_the_integrator_what_is_wrong(
    product, open_page
) -> None:
    page, console = await open_page(phone=True), []
    page.on("console", lambda message: console.append(message.text))
    await page.goto(f"{product.url}/?site=nowhere")
    await expect(page.get_by_role("alert")).to_contain_text("请回到您购买商品的网站")
    await expect(page.get_by_role("alert")).not_to_contain_text("data-site")
    assert [text for text in console if "data-site" in text and "nowhere" in text]


async def test_a_visitor_can_take_back_her_way_with_the_phones_back_gesture(product, open_page) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.ask_for_a_person()
    await page.go_back()
    await expect(chat.at.get_by_text("正在排队，位置已保留")).to_be_visible()
    await chat.button("返回咨询").or_(chat.at.get_by_role("button", name="返回咨询")).first.tap()
    await chat.end()


async def test_an_unknown_code_keeps_what_was_typed_and_offers_a_person(product, open_page) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.code.fill("QQQQ")
    await chat.button("开始咨询").tap()
    await expect(chat.at.get_by_role("alert").filter(has_text="没有找到“QQQQ”")).to_be_visible()
    await expect(chat.code).to_have_value("QQQQ")
    await expect(chat.button("折扣活动 ZK")).to_be_visible()
    await expect(chat.at.get_by_role("button", name=re.compile("24H"))).to_have_count(1)
    await chat.button("直接转人工").tap()
    await expect(chat.timeline).to_contain_text("QQQQ")
    await chat.end()


async def test_the_last_words_stay_in_sight_when_the_keyboard_opens_and_the_phone_is_turned(product, open_page) -> None:
    product.sql("update assistant set is_on = false")  # what it offers who waits would stand below her words
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter("sh")
    for number in range(1, 13):
        await chat.say(f"第 {number} 句")
    last = chat.timeline.get_by_text("第 12 句")
    for width, height in ((390, 420), (390, 844), (844, 390), (390, 844)):
        await page.set_viewport_size({"width": width, "height": height})
        await expect(last).to_be_in_viewport(ratio=1)
    await chat.button("离开").click()
    await expect(last).to_be_in_viewport(ratio=1)
    await chat.button("离开排队").click()
    await expect(last).to_be_in_viewport(ratio=1)
