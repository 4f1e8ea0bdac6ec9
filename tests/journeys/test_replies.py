"""An agent answers with words that were written before: found by a slash, filled in, never sent with a gap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.journeys import axe
from tests.journeys.cable import Cable
from tests.journeys.places import Chat, Desk, Shop, spaced

pytestmark = pytest.mark.browser


async def test_an_agent_answers_with_canned_replies_by_keyboard_alone(product, open_page, screenshot) -> None:
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("cz")
    desk = await Desk.enter(await open_page(), product, "xiaomei")
    await desk.go_online()
    await desk.accept("访客")

    menu = desk.page.get_by_role("listbox", name="快捷回复")
    await desk.field.press_sequentially("/")
    await expect(menu.get_by_role("option")).to_have_count(12)
    assert not await axe.findings(desk.page)
    await desk.field.press_sequentially("dzs")
    await expect(menu.get_by_role("option")).to_have_count(1)
    await desk.field.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(desk.field).to_have_value("/dzs")
    await desk.field.fill("")

    await desk.field.press_sequentially("/dz")
    await desk.field.press("Enter")
    await expect(desk.field).to_have_value(re.compile("^话费一般 10 分钟内到账"))
    await desk.field.press("Enter")
    await expect(chat.timeline).to_contain_text("话费一般 10 分钟内到账")

    # What nobody knows is pointed at, and does not leave with braces in it.
    await desk.field.press_sequentially("/cx")
    await desk.field.press("Tab")
    await expect(desk.page.get_by_role("status").filter(has_text="还有内容没有填")).to_contain_text("订单号")
    await desk.field.press("Enter")
    await expect(desk.field).to_have_value(re.compile(r"\{\{order\}\}"))
    await desk.page.keyboard.type("QN2026")
    await expect(desk.field).to_have_value(re.compile("^订单 QN2026 我正在核对"))
    await desk.field.press("Enter")
    await expect(chat.timeline).to_contain_text("订单 QN2026 我正在核对")

    await _writes_one_of_her_own(desk, screenshot)
    await desk.field.fill("")
    await desk.field.press_sequentially("/fk")
    await desk.field.press("Enter")
    await expect(desk.field).to_have_value("亲，按图上的步骤付款就可以。")
    await desk.field.press("Enter")
    await expect(chat.picture(screenshot.name)).to_be_visible()
    await expect(chat.timeline).to_contain_text("按图上的步骤付款就可以")

    await _hands_over_with_one_macro(desk, chat)


async def _hands_over_with_one_macro(desk: Desk, chat: Chat) -> None:
    """Several steps in one: what is said, and where the conversation goes."""
    await desk.field.press_sequentially("/zsh")
    await desk.field.press("Enter")
    await expect(chat.timeline).to_contain_text("这个问题由专门的同事处理更快")
    await expect(chat.timeline).to_contain_text("售后")
    await expect(desk.field).to_be_hidden()


async def _writes_one_of_her_own(desk: Desk, picture: Path) -> None:
    """With a picture, without leaving the conversation."""
    await desk.field.press_sequentially("/")
    await desk.page.get_by_role("button", name="我的快捷回复").click()
    await desk.page.get_by_role("button", name="添加快捷回复").click()
    form = desk.page.get_by_role("dialog").filter(has=desk.page.get_by_role("button", name=spaced("保存")))
    await form.get_by_label("快捷词").fill("bz")
    await form.get_by_label("标题").fill("付款步骤")
    await form.get_by_label("内容", exact=True).fill("{{customer|亲}}，按图上的步骤付款就可以。")
    await form.locator("input[type=file]").set_input_files(picture)
    await expect(form.get_by_role("img", name=picture.name)).to_be_visible()
    await form.get_by_role("button", name=spaced("保存")).click()
    await expect(desk.page.get_by_role("button", name="/bz 付款步骤")).to_be_visible()
    await (
        desk.page.get_by_role("dialog", name="我的快捷回复")
        .get_by_role("button", name=re.compile("Close|关闭"))
        .click()
    )
    await expect(desk.field).to_be_focused()


async def test_what_was_recalled_is_gone_from_every_page_even_one_that_was_away(product, open_page) -> None:
    customer = await open_page(phone=True)
    cable = Cable(customer)
    await cable.lay()
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("cz")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    chen = await Desk.enter(await open_page(), product, "chen")
    await chen.page.goto(xiaomei.page.url)
    await xiaomei.reply("这是发给别人的话")
    await expect(chat.timeline).to_contain_text("这是发给别人的话")
    await expect(chen.timeline).to_contain_text("这是发给别人的话")

    await cable.tear(noticed=True)
    await xiaomei.timeline.get_by_text("这是发给别人的话").hover()
    await xiaomei.timeline.get_by_role("button", name="撤回").click()
    await expect(xiaomei.timeline).to_contain_text("您 撤回了一条消息")
    await expect(chen.timeline).to_contain_text("小美 撤回了一条消息")
    for desk in (xiaomei, chen):
        await expect(desk.timeline.get_by_text("这是发给别人的话")).to_have_count(0)
    await expect(chat.timeline).to_contain_text("这是发给别人的话")
    await cable.mend()
    await expect(chat.timeline).to_contain_text("客服撤回了一条消息")
    await expect(chat.timeline.get_by_text("这是发给别人的话")).to_have_count(0)
    await chen.page.reload()
    await expect(chen.timeline).to_contain_text("小美 撤回了一条消息")

    await xiaomei.timeline.get_by_role("button", name="重新编辑").click()
    await expect(xiaomei.field).to_have_value("这是发给别人的话")


async def test_a_colleague_who_is_named_in_a_note_is_led_to_it_however_late_they_come(product, open_page) -> None:
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("cz")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    await xiaomei.conversation.get_by_text("内部备注", exact=True).click()
    note = xiaomei.page.get_by_role("textbox", name="备注内容")
    await note.press_sequentially("请 @陈")
    menu = xiaomei.page.get_by_role("listbox", name="提到同事")
    await expect(menu.get_by_role("option")).to_have_count(1)
    await note.press("Enter")
    await expect(note).to_have_value("请 @陈主管 ")
    await note.press_sequentially("看一下能不能退")
    await note.press("Enter")
    await expect(xiaomei.timeline.get_by_text("@陈主管")).to_be_visible()

    chen = await Desk.enter(await open_page(), product, "chen")
    await chen.page.get_by_role("button", name="提到我的，1 条未看").click()
    await chen.page.get_by_role("link", name=re.compile("小美.*看一下能不能退")).click()
    await expect(chen.timeline.get_by_text("看一下能不能退")).to_be_visible()
    await expect(chen.page.get_by_role("button", name="提到我的", exact=True)).to_be_visible()
    assert not await axe.findings(chen.page)
    await expect(chat.timeline.get_by_text("看一下能不能退")).to_have_count(0)


async def test_a_card_of_the_shop_leads_the_customer_there_beside_the_chat(product, open_page) -> None:
    shop = await Shop.enter(await open_page(), product)
    chat = await shop.widget.open()
    await chat.enter("cz")
    desk = await Desk.enter(await open_page(), product, "xiaomei")
    await desk.go_online()
    await desk.accept("访客")
    await desk.conversation.get_by_role("button", name="发送商品卡片").click()
    dialog = desk.page.get_by_role("dialog", name="发送商品卡片")
    await expect(dialog.get_by_role("listitem").filter(has_text="星海纪元")).to_be_visible()
    await dialog.get_by_role("textbox", name="按名称查找商品").fill("话费")
    await expect(dialog.get_by_role("listitem").filter(has_text="星海纪元")).to_have_count(0)
    await dialog.get_by_role("button", name=re.compile("^发送“手机话费 50")).click()
    await expect(dialog).to_be_hidden()
    await expect(desk.field).to_be_focused()
    link = chat.timeline.get_by_role("link", name=re.compile("查看商品"))
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", re.compile("noopener"))
    await expect(link).to_have_attribute("href", re.compile("^" + re.escape(product.shop_url) + "/p/"))
    await expect(chat.timeline.get_by_text(re.compile("^¥"))).to_be_visible()
    async with shop.page.context.expect_page() as opened:
        await link.click()
    await expect((await opened.value).get_by_role("heading", name=re.compile("话费")).first).to_be_visible()

    # An address of somebody else's site stays the words it is.
    await desk.reply("https://elsewhere.example/p/1")
    await expect(chat.timeline.get_by_role("link", name="https://elsewhere.example/p/1", exact=True)).to_be_visible()
