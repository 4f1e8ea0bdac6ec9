"""What agents meet at their desk beside the main job."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.places import Chat, Desk, spaced

pytestmark = pytest.mark.browser


async def test_the_last_words_stay_in_sight_while_a_long_answer_grows_and_the_window_shrinks(
    product, open_page
) -> None:
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("sh")
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    await aqiang.go_online()
    await aqiang.accept("访客")
    for number in range(1, 13):
        await chat.say(f"第 {number} 句")
    last = aqiang.timeline.get_by_text("第 12 句")
    await expect(last).to_be_in_viewport(ratio=1)
    await aqiang.field.fill("一行\n" * 12)
    await expect(last).to_be_in_viewport(ratio=1)
    await aqiang.page.set_viewport_size({"width": 1024, "height": 560})
    await expect(last).to_be_in_viewport(ratio=1)
    await aqiang.page.set_viewport_size({"width": 390, "height": 844})
    await expect(last).to_be_in_viewport(ratio=1)
    await chat.end()


async def test_a_declined_conversation_keeps_its_place_and_waits_for_somebody_else(product, open_page) -> None:
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("gn")
    xiaoya = await Desk.enter(await open_page(), product, "xiaoya")
    await xiaoya.go_online()
    await xiaoya.offers.get_by_role("button", name=spaced("拒绝")).click()
    await expect(xiaoya.offers).to_have_count(0)
    await expect(chat.queue).to_contain_text("下一位就是您")

    chen = await Desk.enter(await open_page(), product, "chen")
    await chen.page.get_by_role("complementary", name="会话列表").get_by_text("排队").first.click()
    await chen.page.get_by_role("link", name="访客").filter(has_text="GN").click()
    await chen.act("接入")
    await expect(chat.at.get_by_role("heading", name="陈主管")).to_be_visible()
    await chat.end()

    # What is over is apart from what is open, and the count is of what is open.
    lists = chen.page.get_by_role("complementary", name="会话列表")
    await lists.get_by_text(re.compile("^全部")).click()
    await expect(lists.get_by_role("radio", name="全部 0")).to_be_checked()
    await expect(lists.get_by_text("现在没有进行中的会话")).to_be_visible()
    await lists.get_by_text("已结束", exact=True).click()
    await expect(lists.get_by_role("link", name="访客").filter(has_text="GN")).to_be_visible()


async def test_on_a_phone_the_most_urgent_offer_stands_for_the_others_until_they_are_asked_for(
    product, open_page
) -> None:
    aqiang = await Desk.enter(await open_page(phone=True), product, "aqiang")
    for words in ("第一位", "第二位"):
        page = await open_page(phone=True)
        await page.goto(product.url)
        await Chat(page).enter("sh")
        await Chat(page).say(words)
    await aqiang.go_online()
    await expect(aqiang.page.get_by_role("button", name="还有 1 位")).to_be_visible()
    await expect(aqiang.offers).to_have_count(1)
    await aqiang.page.get_by_role("button", name="还有 1 位").tap()
    await expect(aqiang.offers).to_have_count(2)
    await aqiang.offers.filter(has_text="第一位").get_by_role("button", name=spaced("接入")).tap()
    await expect(aqiang.offers).to_have_count(1)
    await expect(aqiang.page.get_by_role("button", name=re.compile("^还有|^收起$"))).to_have_count(0)
