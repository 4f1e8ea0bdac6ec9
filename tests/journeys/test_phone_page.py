"""The phone page: for whoever is in a hurry, reads large letters, or has a slow network or none."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.journeys.axe import findings
from tests.journeys.fitting import TOO_WIDE, misfits
from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser

_SIZE = "() => parseFloat(getComputedStyle(document.body).fontSize)"


async def test_somebody_old_and_in_a_hurry_makes_the_letters_large_and_reaches_a_person_by_24h(
    product, open_page
) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat, switch = Chat(page), page.get_by_role("button", name="大字版")
    await expect(chat.code).to_be_visible()
    small = await page.evaluate(_SIZE)
    await switch.tap()
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("status").filter(has_text="大字版已打开")).to_have_count(1)
    assert await page.evaluate(_SIZE) >= 1.4 * small
    assert await findings(page) + await misfits(page) == []
    await _at_twice_the_size(page)

    await page.reload()  # it is kept
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="人工直达").tap()
    await expect(chat.queue).to_contain_text("排队号")
    assert await findings(page) + await misfits(page) == []
    await _at_twice_the_size(page)
    await chat.button("更多").tap()
    await switch.tap()
    await expect(switch).to_have_attribute("aria-pressed", "false")
    assert await page.evaluate(_SIZE) == small
    await _at_twice_the_size(page)

    xiaoya = await Desk.enter(await open_page(), product, "xiaoya")
    await xiaoya.go_online()
    await xiaoya.accept("访客")
    await expect(xiaoya.timeline).to_contain_text("用户发起咨询：人工服务")


async def _at_twice_the_size(page: Page) -> None:
    """The browser's own letters at 200 %, on a narrow phone: nothing leaves the screen."""
    before = page.viewport_size
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate(_SIZE) >= 32
    assert await page.evaluate(TOO_WIDE) == []
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    await page.set_viewport_size(before)
