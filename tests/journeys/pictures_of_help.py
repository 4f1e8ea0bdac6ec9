"""Pictures of the help centre; see `gallery`."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.gallery import Gallery
from tests.journeys.pages import HELP

pytestmark = pytest.mark.browser


async def test_the_help_centre(product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "help"), await open_page()
    for state, stop in HELP.items():
        await page.goto(product.url + stop.path)
        await expect(page.get_by_text(stop.seen).first).to_be_visible()
        await gallery.take(page, state)
    await page.goto(product.url + HELP["start"].path)
    await page.get_by_role("link", name="全部").first.click()
    await gallery.take(page, "category")
    await page.goto(f"{product.url}/help/search?q=chongzhimeidao")
    await page.locator(".hits a").first.click()
    await gallery.take(page, "article")
    await page.emulate_media(media="print")
    await gallery.take(page, "printed", sizes=["desk"])
    await page.emulate_media(media="screen")
    await page.get_by_role("button", name="没有").click()
    await gallery.take(page, "did not help")
    await page.get_by_role("link", name="联系人工客服").click()
    await expect(page.get_by_text("会一起带过去")).to_be_visible()
    await gallery.take(page, "on the way to a person")
