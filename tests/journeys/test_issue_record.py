"""The card beside the talk: sent again once however many press, and read whole for a reason only.

The story is docs/journeys/0007-the-shop-behind-the-codes.md.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.axe import findings
from tests.journeys.places import Desk, Shop, spaced
from tests.patience import until

pytestmark = pytest.mark.browser


async def test_two_who_press_at_once_have_a_card_sent_once_and_only_the_supervisor_reads_it(product, open_page) -> None:
    shop = await Shop.enter(await open_page(), product)
    await shop.sign_in("xiaolin")
    await shop.open_order("光影视频")
    await shop.page.get_by_role("button", name="查看卡密").click()
    key = await shop.page.locator(".keys code").first.inner_text()
    chat = await shop.widget.open()
    await chat.enter("我的卡密收不到，km")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("小林")
    chen = await Desk.enter(await open_page(), product, "chen")
    await chen.page.goto(xiaomei.page.url)
    before = len(await _resent(xiaomei))

    await _press_at_once(xiaomei, chen)
    for desk in (xiaomei, chen):
        await expect(desk.context.get_by_text(re.compile(r"^已于 .*\d\d:\d\d 补发（(小美|陈主管)）"))).to_have_count(1)
        await expect(desk.context.get_by_role("button", name="再次补发")).to_be_visible()

    async def is_told() -> bool:
        return len(await _resent(chen)) > before

    await until(is_told, "what the shop says of the press, asked after it was answered")

    await expect(xiaomei.context.get_by_text("完整卡密只有主管和运营可以查看")).to_be_visible()
    await expect(xiaomei.context.get_by_role("button", name="查看卡密")).to_have_count(0)
    await _a_wish_that_does_not_arrive_keeps_what_was_written(chen)
    await _read_for_a_reason(chen, key)
    assert len(await _resent(chen)) == before + 1
    await chen.page.goto(f"{product.url}/desk/admin/audit")
    line = chen.page.get_by_role("listitem").filter(has_text="查看了卡密").first
    await expect(line).to_contain_text("陈主管")
    await line.get_by_text("查看改动").click()
    await expect(line).to_contain_text("核对用户截图中的卡密")
    assert key not in await chen.page.content()
    assert key not in await xiaomei.page.content()


async def _resent(desk: Desk) -> list[dict[str, Any]]:
    """What the shop has of cards of the order that were sent again."""
    conversation = desk.page.url.rpartition("/")[2]

    async def order() -> dict[str, Any] | None:
        answer = await desk.page.request.get(f"{desk.product.url}/api/v1/desk/conversations/{conversation}/context")
        told: dict[str, Any] = await answer.json()
        return told.get("order")

    known = await until(order, "the order beside the conversation")
    return [entry for line in known["lines"] for entry in line["issue_record"] if entry["action"] == "resent"]


async def _press_at_once(*desks: Desk) -> None:
    """Each has read what will happen before either presses; who comes later may only be told, and has seen it."""
    pressing: list[Locator] = []
    for desk in desks:
        await desk.context.get_by_role("button", name=spaced("补发"), exact=True).click()
        dialog = desk.page.get_by_role("dialog", name="补发")
        await expect(dialog.get_by_text(re.compile("再次发送到"))).to_be_visible()
        pressing.append(dialog.locator("footer, .ant-modal-footer").get_by_role("button").last)
    await asyncio.gather(*(button.press("Enter") for button in pressing))
    for desk in desks:
        dialog = desk.page.get_by_role("dialog")
        told = dialog.get_by_role("button", name="知道了")

        async def is_over(told: Locator = told, dialog: Locator = dialog) -> bool:
            return await told.count() > 0 or await dialog.count() == 0

        await until(is_over, "the end of the dialog, or that a colleague did it")
        if await told.count():
            await expect(dialog.get_by_text(re.compile(r"^已于 .*\d\d:\d\d 补发（(小美|陈主管)）"))).to_be_visible()
            await told.press("Enter")
        await expect(dialog).to_be_hidden()


async def _a_wish_that_does_not_arrive_keeps_what_was_written(chen: Desk) -> None:
    page = chen.page
    await page.route("**/api/v1/desk/conversations/*/actions", lambda route: route.abort())
    await chen.context.get_by_role("button", name=spaced("换发"), exact=True).click()
    dialog = page.get_by_role("dialog", name="换发")
    press = dialog.get_by_role("button", name=spaced("换发"), exact=True)
    await press.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("请填写此项")
    await dialog.get_by_role("textbox", name="原因").fill("用户说卡密无效")
    await press.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("连接不上服务器")
    await expect(dialog.get_by_role("textbox", name="原因")).to_have_value("用户说卡密无效")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(chen.context.get_by_role("button", name=spaced("换发"), exact=True)).to_be_focused()


async def _read_for_a_reason(chen: Desk, key: str) -> None:
    page = chen.page
    await chen.context.get_by_role("button", name="查看卡密").click()
    dialog = page.get_by_role("dialog", name="查看完整卡密")
    show = dialog.get_by_role("button", name=spaced("查看"), exact=True)
    await show.press("Enter")
    await expect(dialog.get_by_text("请选择原因")).to_be_visible()
    assert await findings(page) == []
    await dialog.get_by_role("radio", name="核对用户截图中的卡密").check()
    await show.press("Enter")
    await expect(dialog.get_by_text(key)).to_be_visible()
    await expect(dialog.get_by_role("timer")).to_be_visible()
    await dialog.get_by_role("button", name=spaced("隐藏")).press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(chen.timeline.get_by_text("核对用户截图中的卡密")).to_be_visible()
    assert key not in await page.content()
    await _hides_itself(chen)


async def _hides_itself(chen: Desk) -> None:
    """A server whose second is soon over: who only looks on has nothing to press."""
    page, told = chen.page, {"keys": ["TEST-OVER-SOON"], "hide_after_seconds": 1}
    await page.route("**/api/v1/desk/conversations/*/keys", lambda route: route.fulfill(json=told))
    await chen.context.get_by_role("button", name="查看卡密").click()
    dialog = page.get_by_role("dialog", name="查看完整卡密")
    await dialog.get_by_role("radio", name="用户打不开领取页面").check()
    await dialog.get_by_role("button", name=spaced("查看"), exact=True).press("Enter")
    await expect(page.get_by_text("卡密已隐藏")).to_be_visible()
    await expect(dialog).to_be_hidden()
    await expect(chen.context.get_by_role("button", name="查看卡密")).to_be_focused()
    assert "TEST-OVER-SOON" not in await page.content()
