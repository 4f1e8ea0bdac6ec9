"""What agents meet at their desk beside the main job."""

from __future__ import annotations

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
