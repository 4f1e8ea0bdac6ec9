"""A code answers before anybody queues, as the operator set it; a person is one tap away."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.places import Chat, Desk, Office

pytestmark = pytest.mark.browser


async def test_a_code_answers_in_the_operators_words_and_leads_to_a_person(product, open_page) -> None:
    page = await open_page()
    await Desk.enter(page, product, "wang")
    await page.get_by_role("link", name="管理").click()
    office = Office(page)
    form = await office.add("咨询代码", "添加代码")
    await form.get_by_label("代码", exact=True).fill("dz")
    await form.get_by_label("名称", exact=True).fill("到账时间")
    await office.choose("部门", "充值")
    await office.choose("先由智能助手回复", "一段固定内容")
    await form.get_by_label("先回复的内容", exact=True).fill("一般十分钟内到账，高峰时最多一小时。")
    await office.save()

    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("dz")
    await expect(chat.timeline).to_contain_text("一般十分钟内到账")
    await chat.at.get_by_role("button", name="转人工").first.tap()
    await expect(chat.timeline).to_contain_text("前面说过的不用重复")
    await expect(chat.timeline).to_contain_text("队列，排队号")
    await expect(chat.timeline).to_contain_text(re.compile("前面说过的不用重复.*排队号", re.DOTALL))
    await expect(chat.timeline).not_to_contain_text(re.compile("排队号.*前面说过的不用重复", re.DOTALL))
