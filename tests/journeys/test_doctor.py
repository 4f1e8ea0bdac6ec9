"""Two answers are asked for in the same words: the doctor names them, an editor sorts them out and merges them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys import axe
from tests.journeys.confusing import confused
from tests.journeys.places import Desk, spaced

pytestmark = pytest.mark.browser

NOTHING = "truncate phrasing, article_text, article_department, article_picture, article cascade"


async def test_an_editor_moves_a_phrasing_and_merges_what_the_doctor_named(fresh_product, open_page) -> None:
    page = await open_page()
    await Desk.enter(page, fresh_product, "wang")
    fresh_product.sql(NOTHING)
    kept, other = await confused(page, fresh_product, ("怎么申请退款", "退款申请在哪里"))
    await page.goto(f"{fresh_product.url}/desk/knowledge/doctor")
    await expect(page.get_by_role("link", name="给“开发票”补充问法").first).to_be_visible()
    await expect(page.get_by_role("region", name="体检结果")).to_contain_text("先处理下面“容易混淆的答案”")
    assert not await axe.findings(page)
    await page.get_by_role("link", name="合并或区分").and_(page.locator(f'[href*="{kept}"]')).click()

    mistaken = page.get_by_role("list", name="被认错的问法").get_by_role("listitem")
    first = mistaken.first
    words = await first.locator("q").inner_text()
    assert not await axe.findings(page)
    await first.get_by_role("button", name="移到").click()
    await expect(mistaken.filter(has=page.get_by_text(words, exact=True))).to_have_count(0)

    await page.get_by_role("button", name="合并，保留这一篇：“怎么申请退款”").press("Enter")
    await page.get_by_role("dialog").get_by_role("button", name=spaced("合并"), exact=True).press("Enter")
    await page.wait_for_url(f"**/desk/knowledge/{kept}")
    await expect(page.get_by_role("tab", name="问法 30")).to_be_visible()
    await page.goto(f"{fresh_product.url}/help/{other}")
    await expect(page.get_by_role("heading", name="怎么申请退款")).to_be_visible()
    await page.goto(f"{fresh_product.url}/desk/knowledge/{other}")
    await page.get_by_role("link", name="怎么申请退款").click()
    await page.wait_for_url(f"**/desk/knowledge/{kept}")
