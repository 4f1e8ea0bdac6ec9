"""Old WebViews and WeChat's browser: the whole way works without what they lack, frozen, enlarged, half covered."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys.cable import Cable
from tests.journeys.fitting import TOO_WIDE
from tests.journeys.old_browsers import BROWSERS
from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser


async def test_a_visitor_is_served_in_chromium_80_safari_14_and_wechat(product, open_page, screenshot) -> None:
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    await aqiang.page.get_by_role("switch", name=re.compile("接待状态")).set_checked(True)
    for name, (agent, lacking) in BROWSERS.items():
        page, wrong = await open_page(phone=True, user_agent=agent), []
        page.on("pageerror", lambda error, name=name, wrong=wrong: wrong.append(f"{name}: {error}"))
        await page.add_init_script(lacking)
        cable = Cable(page)
        await cable.lay()
        chat = await _begins(product, page)
        await aqiang.accept("访客")
        await chat.send_file(screenshot)
        await expect(chat.picture("payment.png")).to_be_visible()
        await _resumes_after_the_background(page, chat, cable, aqiang)
        await _stands_enlarged(page, chat)
        await chat.end()
        await aqiang.page.goto(f"{product.url}/desk")
        assert wrong == []
        await page.close()
    agent, lacking = BROWSERS["WeChat"]
    page = await open_page(phone=True, user_agent=agent)
    await page.add_init_script(lacking)
    await _keeps_the_field_above_the_keys(page, await _begins(product, page))


async def _keeps_the_field_above_the_keys(page: Page, chat: Chat) -> None:
    """An iPhone's keyboard covers the page and leaves it as high as it was."""
    await chat.field.focus()
    await page.evaluate("keyboard(300)")
    field = await chat.field.bounding_box()
    assert field
    assert field["y"] + field["height"] <= 844 - 300
    await expect(chat.button("返回")).to_be_in_viewport(ratio=1)
    await page.evaluate("keyboard(0)")
    field = await chat.field.bounding_box()
    assert field
    assert field["y"] > 844 - 100


async def _begins(product, page: Page) -> Chat:
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter("sh")
    await chat.say("在吗？")
    return chat


async def _resumes_after_the_background(page: Page, chat: Chat, cable: Cable, agent: Desk) -> None:
    """A phone freezes what is not looked at; the socket is dead and looks open, until the page is shown again."""
    cable.freeze()
    await agent.reply("您好，我在。")
    await cable.swallows("您好，我在。")
    await expect(chat.timeline.get_by_text("您好，我在。")).to_have_count(0)
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await expect(chat.timeline.get_by_text("您好，我在。")).to_be_visible()


async def _stands_enlarged(page: Page, chat: Chat) -> None:
    """WeChat's own setting of the letters, at its largest, and on the smallest phone: nothing leaves the screen."""
    for width, letters in ((390, "150%"), (320, "100%"), (320, "150%"), (320, "200%")):
        await page.set_viewport_size({"width": width, "height": 700})
        await page.evaluate("size => (document.documentElement.style.fontSize = size)", letters)
        assert await page.evaluate(TOO_WIDE) == [], (width, letters)
        await expect(chat.field).to_be_in_viewport(ratio=0.9)
    await page.evaluate("document.documentElement.style.fontSize = ''")
    await page.set_viewport_size({"width": 390, "height": 844})
