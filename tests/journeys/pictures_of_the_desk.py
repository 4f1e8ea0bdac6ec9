"""Pictures of the agent's desk, empty, in use, in error and with long names, and of the board; see `gallery`."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys.cable import Cable
from tests.journeys.gallery import LONG, LONG_TEXT, SIZES, Gallery, receipt
from tests.journeys.pages import STAFF
from tests.journeys.pictures_of_the_shop import sign_up
from tests.journeys.places import Chat, Desk, Shop, spaced

pytestmark = pytest.mark.browser


async def test_the_desk(fresh_product, open_page, chromium, pictures, tmp_path) -> None:
    gallery, page = Gallery(pictures, "desk"), await open_page()
    cable = Cable(page)
    await cable.lay()
    await _stand_before_the_desk(page, gallery, fresh_product.url)
    xiaomei = await Desk.enter(page, fresh_product, "xiaomei")
    await xiaomei.go_online()
    await gallery.take(page, "empty")
    shop = await Shop.enter(await open_page(), fresh_product)
    await shop.sign_in("azhen")
    await shop.open_order("话费")
    chat = await shop.widget.open()
    await chat.enter("cz")
    await chat.say("付了 50 元，两个小时了话费还没到，会不会是骗人的？")
    await xiaomei.accept("阿珍")
    await chat.send_file(await receipt(chromium, tmp_path / "付款截图.png"))
    await expect(xiaomei.picture("付款截图.png")).to_be_visible()
    await xiaomei.reply("您好，阿珍，别担心。我已经看到这笔订单：运营商把充值退回了。")
    await _with_a_conversation(xiaomei, gallery)
    await _with_others_waiting(xiaomei, gallery, open_page)
    await cable.tear(noticed=True)
    await expect(page.get_by_text("连接已断开")).to_be_visible()
    await xiaomei.reply("断网时写的也不会丢。")
    await gallery.take(page, "offline")
    await cable.mend()
    await expect(page.get_by_text("连接已断开")).to_be_hidden()
    await xiaomei.close()
    await gallery.take(page, "closed")
    await page.goto(f"{fresh_product.url}/desk/c/aaaaaaaaaaaaaaaa")
    await expect(page.get_by_text("没有找到这个会话")).to_be_visible()
    await gallery.take(page, "no such conversation")


async def _stand_before_the_desk(page: Page, gallery: Gallery, url: str) -> None:
    await page.goto(f"{url}/desk")
    await expect(page.get_by_label("登录账号")).to_be_visible()
    await gallery.take(page, "sign-in")
    await page.get_by_label("登录账号").fill("nobody")
    await page.get_by_label("密码").fill("wrong")
    await page.get_by_role("button", name=spaced("登录")).click()
    await expect(page.get_by_role("alert").first).to_be_visible()
    await gallery.take(page, "sign-in refused")


async def _with_a_conversation(xiaomei: Desk, gallery: Gallery) -> None:
    page = xiaomei.page
    await expect(xiaomei.context).to_contain_text("运营商退回")
    await gallery.take(page, "conversation")
    await page.get_by_text("内部备注", exact=True).click()
    await page.get_by_role("textbox", name="备注内容").fill("已联系运营商，工单 8812，等回复。")
    await page.get_by_role("textbox", name="备注内容").press("Enter")
    await gallery.take(page, "note")
    await page.get_by_text("回复", exact=True).click()
    await xiaomei.act("转接")
    await expect(page.get_by_role("radio", name="售后")).to_be_visible()
    await gallery.take(page, "transfer")
    await page.get_by_role("button", name=spaced("取消")).click()
    conversation = page.url
    await page.set_viewport_size(SIZES["tablet"])
    await page.goto(f"{conversation}/context")
    await expect(page.get_by_text("到账记录").first).to_be_visible()
    await gallery.take(page, "context")
    await page.goto(conversation)
    await page.set_viewport_size(SIZES["desk"])


async def _with_others_waiting(xiaomei: Desk, gallery: Gallery, open_page) -> None:
    """A long name that is proved, a long claim, and a visitor; nobody accepts."""
    shop = await Shop.enter(await open_page(), xiaomei.product)
    await sign_up(shop.page, xiaomei.product.shop_url)
    chat = await shop.widget.open()
    await chat.enter("km")
    await chat.say(LONG_TEXT)
    for claim in ("13912345678", LONG + "1999"):
        page = await open_page(phone=True)
        await page.goto(xiaomei.product.url)
        visitor = Chat(page)
        await visitor.button("填写账号").click()
        await visitor.at.get_by_label("注册手机号或用户名").fill(claim)
        await visitor.button("保存").click()
        await visitor.enter("dd")
    await expect(xiaomei.offers).to_have_count(3)
    await gallery.take(xiaomei.page, "offers")
    await xiaomei.page.get_by_role("complementary", name="会话列表").get_by_text("排队").first.click()
    await gallery.take(xiaomei.page, "waiting")


async def test_what_opens_at_the_desk(fresh_product, open_page, chromium, pictures, tmp_path) -> None:
    """Menus, dialogs and lists over a conversation."""
    gallery, page = Gallery(pictures, "desk over"), await open_page()
    customer = await open_page(phone=True)
    await customer.goto(fresh_product.url)
    chat = Chat(customer)
    xiaomei = await Desk.enter(page, fresh_product, "xiaomei")
    await xiaomei.go_online()
    await chat.enter("cz")
    await xiaomei.accept("访客")
    await chat.say("我想把 STEAM 礼品卡退掉，可以吗？")
    await chat.send_file(await receipt(chromium, tmp_path / "付款截图.png"))
    await xiaomei.reply("可以的，请稍等。")
    await _writing(xiaomei, gallery)
    await _dialogs(xiaomei, gallery)
    await _finding(xiaomei, gallery)
    await xiaomei.timeline.get_by_text("可以的，请稍等。").hover()
    await xiaomei.timeline.get_by_role("button", name="撤回").click()
    await gallery.take(page, "recalled")
    await xiaomei.picture("付款截图.png").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await gallery.take(page, "lightbox")
    await page.keyboard.press("Escape")
    await xiaomei.context.get_by_role("link", name="用户主页和全部历史").click()
    await expect(page.get_by_role("textbox", name="下次接待时同事需要知道的事")).to_be_visible()
    await gallery.take(page, "customer")
    await page.get_by_role("button", name=spaced("屏蔽")).click()
    await page.get_by_role("dialog").get_by_role("button", name=spaced("屏蔽")).click()
    await expect(page.get_by_text("请填写此项")).to_be_visible()
    await gallery.take(page, "block refused")
    await page.goto(f"{fresh_product.url}/desk/customers/aaaaaaaaaaaaaaaa")
    await expect(page.get_by_text("没有找到这位用户")).to_be_visible()
    await gallery.take(page, "no such customer")


async def _writing(xiaomei: Desk, gallery: Gallery) -> None:
    await xiaomei.field.press_sequentially("/")
    await expect(xiaomei.page.get_by_role("listbox", name="快捷回复").get_by_role("option").first).to_be_visible()
    await gallery.take(xiaomei.page, "replies")
    await xiaomei.field.press_sequentially("cx")
    await xiaomei.field.press("Tab")
    await expect(xiaomei.page.get_by_role("status").filter(has_text="还有内容没有填")).to_be_visible()
    await gallery.take(xiaomei.page, "gaps")
    await xiaomei.field.fill("")


async def _dialogs(xiaomei: Desk, gallery: Gallery) -> None:
    page = xiaomei.page
    await xiaomei.conversation.get_by_role("button", name="发送商品卡片").click()
    await expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
    await gallery.take(page, "cards")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await xiaomei.act("更多操作")
    await expect(page.get_by_role("menuitem", name="稍后处理")).to_be_visible()
    await gallery.take(page, "more")
    await page.get_by_role("menuitem", name="稍后处理").click()
    await expect(page.get_by_role("dialog", name="稍后处理")).to_be_visible()
    await gallery.take(page, "snooze")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    lists = page.get_by_role("complementary", name="会话列表")
    conversation = page.url
    await page.goto(f"{xiaomei.product.url}/desk")
    await lists.get_by_role("button", name="筛选").click()
    await expect(page.get_by_role("dialog", name="筛选会话")).to_be_visible()
    await gallery.take(page, "narrowing")
    await page.goto(conversation)
    await page.get_by_role("button", name=re.compile("的菜单$")).click()
    await expect(page.get_by_role("menuitem").first).to_be_visible()
    await gallery.take(page, "own menu")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menuitem").first).to_be_hidden()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    await gallery.take(page, "keys")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def _finding(xiaomei: Desk, gallery: Gallery) -> None:
    page = xiaomei.page
    await page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="查找")
    await expect(field).to_be_focused()
    await gallery.take(page, "search")
    await field.fill("礼品卡")
    await expect(page.get_by_role("option").first).to_be_visible()
    await gallery.take(page, "search found")
    await field.fill("完全没有的词")
    await expect(page.get_by_text("没有找到", exact=True)).to_be_visible()
    await gallery.take(page, "search nothing")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_the_board(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "board"), await open_page()
    chen = await Desk.enter(page, fresh_product, "chen")
    await page.goto(fresh_product.url + STAFF["board"].path)
    await expect(page.get_by_role("heading", name=STAFF["board"].seen)).to_be_visible()
    await gallery.take(page, "quiet")
    fresh_product.sql(f"update agent set name = '{LONG}' where login = 'aqiang'")
    xiaomei = await Desk.enter(await open_page(), fresh_product, "xiaomei")
    await xiaomei.go_online()
    for code in ("cz", "sh", "dd", "km", "sh"):
        customer = await open_page(phone=True)
        await customer.goto(fresh_product.url)
        await Chat(customer).enter(code)
        await Chat(customer).say("在吗？订单没到账")
        if code == "cz":  # before the offer lapses on a busy machine
            await xiaomei.accept("访客")
    await expect(page.get_by_role("listitem").filter(has_text="无人可接").first).to_be_visible()
    fresh_product.sql("update queue_place set queued_at = queued_at - interval '6 minutes' where queued_at is not null")
    await page.reload()
    await expect(page.get_by_role("listitem").filter(has_text="无人可接").first).to_be_visible()
    await gallery.take(page, "busy")
    await page.get_by_role("button", name="数字说明").click()
    await gallery.take(page, "help")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="小美", exact=True).click()
    await expect(page.get_by_role("button", name="悄悄话")).to_be_visible()
    await gallery.take(page, "behind")
    await page.get_by_role("button", name="悄悄话").click()
    await expect(page.get_by_role("textbox", name="只有同事能看到")).to_be_visible()
    await gallery.take(page, "whisper")
    await page.goto(xiaomei.page.url)
    await expect(chen.timeline).to_be_visible()
    await gallery.take(page, "supervisor in a conversation")
    await page.route("**/api/v1/desk/board*", lambda route: route.abort())
    await page.goto(fresh_product.url + STAFF["board"].path)
    await expect(page.get_by_role("button", name=spaced("重试"))).to_be_visible()
    await gallery.take(page, "unreachable")
