"""Pictures of the customer's pages, from the start to the end and without a network; see `gallery`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.cable import Cable
from tests.journeys.gallery import LONG, LONG_TEXT, Gallery, receipt
from tests.journeys.places import Chat, Desk, Shop
from tests.journeys.test_never_identity import enters, guesses, invented, proves_the_account

pytestmark = pytest.mark.browser


async def test_the_customers_page(fresh_product, open_page, chromium, pictures, tmp_path) -> None:
    gallery, page = Gallery(pictures, "customer"), await open_page()
    cable = Cable(page)
    await cable.lay()
    chat = Chat(page)
    await _she_begins(chat, page, gallery, fresh_product.url)
    await _she_is_served(chat, await Desk.enter(await open_page(), fresh_product, "aqiang"), chromium, tmp_path)
    await gallery.take(page, "chat")
    await chat.button("结束").click()
    await gallery.take(page, "end question")
    await chat.button("先不结束").click()
    await cable.tear(noticed=True)
    await expect(page.get_by_text("网络连接中断")).to_be_visible()
    await chat.say("网断了也能写")
    await gallery.take(page, "offline")
    await cable.mend()
    await expect(page.get_by_text("网络连接中断")).to_be_hidden()
    await chat.end()
    await gallery.take(page, "closed")
    await chat.button("新的咨询").click()
    await expect(chat.code).to_be_visible()
    await gallery.take(page, "start again")
    for link, state in (("CZ?q", "link"), ("HD618", "link expired"), ("HD6l9", "link unknown")):
        await page.goto(f"{fresh_product.url}/c/{link}")
        await expect(page.locator(".code-answer")).to_be_visible()
        await gallery.take(page, state)


async def _she_begins(chat: Chat, page: Page, gallery: Gallery, url: str) -> None:
    await page.goto(f"{url}/?site=nowhere")
    await expect(page.get_by_role("alert")).to_be_visible()
    await gallery.take(page, "no such site")
    await page.goto(url)
    await expect(chat.code).to_be_visible()
    await gallery.take(page, "start")
    await page.get_by_role("button", name="代码怎么用？").click()
    await gallery.take(page, "what a code is")
    await page.keyboard.press("Escape")
    large = page.get_by_role("button", name="大字版")
    await large.click()
    await gallery.take(page, "start in large letters")
    await large.click()
    await chat.code.fill("充值卡到底什么时候才能到账啊急死人了")
    await chat.button("开始咨询").click()
    await expect(chat.button("直接转人工")).to_be_visible()
    await gallery.take(page, "unknown code", top=chat.code)
    for typed, state, told in (("CK", "code asked about", "您想咨询的是哪一项"), ("hd618", "code expired", "已失效")):
        await chat.code.fill(typed)
        await chat.button("开始咨询").click()
        await expect(chat.at.get_by_text(told)).to_be_visible()
        await gallery.take(page, state, top=chat.code)
    await chat.button("填写账号").click()
    await chat.button("保存").click()
    await gallery.take(page, "claim refused")
    await chat.at.get_by_label("注册手机号或用户名").fill(LONG + "1999")
    await chat.button("保存").click()
    await chat.enter("sh")
    await expect(chat.queue).to_contain_text("排队号")
    await gallery.take(page, "queue")


async def _she_is_served(chat: Chat, aqiang: Desk, chromium: Browser, folder: Path) -> None:
    await chat.say("在吗？")
    await chat.send_file(await receipt(chromium, folder / "付款截图.png"))
    await expect(chat.picture("付款截图.png")).to_be_visible()
    await chat.field.fill(LONG_TEXT)
    await chat.field.press("Enter")
    file = folder / "聊天记录和转账凭证以及运营商通话录音的文字整理（最终版第三稿）.txt"
    file.write_text("记录")
    await chat.send_file(file)
    await aqiang.go_online()
    await aqiang.accept("访客")
    await aqiang.reply("您好，我是售后专员阿强，已经看到您的截图。")
    await aqiang.reply("这笔订单被运营商退回了，我马上给您办理退款，预计十分钟内到账。")
    await expect(chat.timeline.get_by_text("预计十分钟内到账")).to_be_visible()


async def test_proving_who_one_is(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "proof"), await open_page()
    owner = await Shop.enter(await open_page(), fresh_product)
    await owner.sign_in("azhen")
    number = await owner.open_order("话费")
    chat = await enters(page, fresh_product)
    await chat.button("验证身份").click()
    await gallery.take(page, "sheet")
    await guesses(chat, number, "0000")
    await expect(page.get_by_text("信息不符")).to_be_visible()
    await gallery.take(page, "wrong")
    await chat.button("先不验证").click()
    await chat.enter("cz")
    await chat.say(f"我的码是 {invented()}，还没到")
    await gallery.take(page, "claimed")
    await chat.button("验证身份").click()
    await gallery.take(page, "sheet in the conversation")
    await guesses(chat, number, "4321")
    await expect(chat.timeline).to_contain_text("已验证")
    await gallery.take(page, "order proved")
    desk = await Desk.enter(await open_page(), fresh_product, "xiaomei")
    await desk.go_online()
    await desk.accept("访客")
    await expect(desk.context).to_contain_text("声称，未验证")
    await gallery.take(desk.page, "desk")
    await chat.button("返回").click()
    await proves_the_account(chat, owner.page, fresh_product)
    await expect(chat.button("是我的，并入账号")).to_be_visible()
    await gallery.take(page, "join question")
    await chat.button("是我的，并入账号").click()
    await expect(chat.button("撤销")).to_be_visible()
    await gallery.take(page, "joined")
    await expect(desk.context).to_contain_text("身份已核实")
    await gallery.take(desk.page, "desk proved")


async def test_leaving_the_queue(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "leaving"), await open_page()
    await page.goto(fresh_product.url)
    chat = Chat(page)
    await chat.ask_for_a_person()
    await expect(chat.queue).to_contain_text("现在没有客服在线")
    await gallery.take(page, "nobody is there")
    await chat.button("离开").click()
    await expect(chat.button("继续等待")).to_be_focused()
    await gallery.take(page, "question")
    await chat.button("离开排队").click()
    await expect(chat.button("回到排队")).to_be_visible()
    await gallery.take(page, "left")
    await chat.button("回到排队").click()
    await chat.button("不想等？改为留言").click()
    await expect(chat.queue).to_contain_text("请写下您的问题")
    await gallery.take(page, "message")
    await chat.say("订单一直没到账，请尽快处理。")
    await expect(chat.queue).to_contain_text("留言已保存")
    await gallery.take(page, "message kept")


async def test_what_stands_behind_more(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "more"), await open_page()
    await page.goto(fresh_product.url)
    chat = Chat(page)
    await chat.enter("sh")
    await chat.say("我在电脑上问的")
    await chat.button("表情").click()
    await expect(chat.button("👍")).to_be_visible()
    await gallery.take(page, "emoji")
    await chat.button("👍").press("Escape")
    await chat.button("更多").click()
    await gallery.take(page, "menu")
    await chat.button("换设备继续").click()
    await expect(chat.at.get_by_role("img", name=re.compile("二维码"))).to_be_visible()
    link = await chat.at.get_by_role("textbox", name="继续咨询的链接").input_value()
    await gallery.take(page, "continue")
    await page.keyboard.press("Escape")
    await chat.button("更多").click()
    await chat.button("保存聊天记录").click()
    await expect(chat.button("保存为文件")).to_be_visible()
    await gallery.take(page, "transcript")
    other = await open_page()
    await other.goto(link)
    await expect(other.get_by_role("button", name="在这里继续")).to_be_visible()
    await gallery.take(other, "continue here")
    await other.get_by_role("button", name="在这里继续").click()
    await expect(Chat(other).field).to_be_visible()
    await page.goto(link)
    await page.reload()
    await other.goto(link)
    await other.reload()
    await gallery.take(other, "start with a conversation")


async def test_outside_the_hours_and_what_cannot_be_reached(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "closed"), await open_page()
    fresh_product.sql(
        "insert into opening_hours (department_id, week, closed_text)"
        " select id, '[[],[],[],[],[],[],[]]'::jsonb, '国庆期间客服休息，请先留言，节后第一时间处理。' from department"
    )
    await page.goto(fresh_product.url)
    await expect(Chat(page).code).to_be_visible()
    await gallery.take(page, "start")
    await Chat(page).enter("sh")
    await gallery.take(page, "queue")
    fresh = await open_page()
    await fresh.route("**/api/v1/**", lambda route: route.abort())
    await fresh.goto(fresh_product.url)
    await expect(fresh.get_by_role("alert")).to_be_visible()
    await gallery.take(fresh, "unreachable")
