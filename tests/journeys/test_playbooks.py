"""An operator makes a playbook of the product their own: refused with its line, mended, saved and published."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.axe import findings
from tests.journeys.pages import ADMINISTRATION
from tests.journeys.places import Desk, spaced

pytestmark = pytest.mark.browser


async def test_a_shipped_playbook_becomes_one_s_own_and_a_mistake_is_shown_on_its_line(product, open_page) -> None:
    page = await open_page()
    await Desk.enter(page, product, "wang")
    await page.goto(product.url + ADMINISTRATION["playbooks"].path)
    await page.get_by_role("link", name="账户被冻结").click()
    text = page.get_by_label("流程内容")
    await expect(text).to_have_value(re.compile("^(#.*\n)*key: account-frozen"))
    whole = await text.input_value()
    await expect(page.get_by_role("button", name="保存新版本")).to_be_disabled()

    await text.fill(whole.replace("hand_over:", "hand_ower:", 1))
    problem = page.get_by_role("list", name="需要改正的地方").get_by_role("button").first
    await expect(problem).to_contain_text("hand_ower")
    await problem.press("Enter")
    await expect(text).to_be_focused()
    assert await text.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == "hand_ower:"
    assert await findings(page) == []
    await page.get_by_role("button", name="保存新版本").press("Enter")
    await expect(page.get_by_text("这份诊断流程有误")).to_be_visible()
    await expect(text).to_have_value(whole.replace("hand_over:", "hand_ower:", 1))  # nothing typed is lost

    await text.fill(whole.replace("title: 账户被冻结", "title: 账号冻结了"))
    await expect(page.get_by_text("写法没有问题")).to_be_visible()
    await page.get_by_role("button", name="保存新版本").press("Enter")
    await expect(page.get_by_text("已保存为第 1 版")).to_be_visible()
    await page.get_by_role("tab", name="版本").press("Enter")
    await page.get_by_role("button", name=spaced("发布")).press("Enter")
    await expect(page.get_by_text("停止使用自己的版本")).to_be_visible()
    assert await findings(page) == []
    await page.goto(product.url + ADMINISTRATION["playbooks"].path)
    await expect(page.get_by_role("row", name="账号冻结了")).to_contain_text("自己的第 1 版")
