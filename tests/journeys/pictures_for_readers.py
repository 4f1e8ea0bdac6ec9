"""The pictures the READMEs show: both sides, the board, the administration, a phone, the desk by night, the assistant.

With it are the help centre, and what an agent reads when the assistant hands over.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.assisting import until_learnt
from tests.journeys.gallery import Album, for_readers, receipt
from tests.journeys.pages import ADMINISTRATION, HELP, SHOP_OF_A_MEMBER, STAFF
from tests.journeys.places import Chat, Desk, Shop
from tests.running import Product

pytestmark = pytest.mark.browser
CHINA = "Asia/Shanghai"  # as the shop tells its times


async def test_the_readmes_pictures(fresh_product, open_page, chromium, pictures, tmp_path) -> None:
    """A customer in the shop, one on the phone, the desk by day and by night, the board, the administration."""
    xiaomei = await Desk.enter(await open_page(timezone_id=CHINA), fresh_product, "xiaomei")
    await xiaomei.page.set_viewport_size({"width": 1440, "height": 900})
    await xiaomei.go_online()
    await _others_are_served(xiaomei, open_page, pictures)
    shop = await Shop.enter(await open_page(timezone_id=CHINA), fresh_product)
    await shop.sign_in("azhen")
    await shop.open_order("话费")
    chat = await shop.widget.open()
    await chat.enter("cz")
    await xiaomei.accept("阿珍")
    await chat.say("付了 49.8 元，两个小时了话费还没到。")
    await chat.send_file(await receipt(chromium, tmp_path / "付款截图.png"))
    await expect(xiaomei.picture("付款截图.png")).to_be_visible()
    await xiaomei.reply("您好，阿珍，我是充值专员小美。您的订单和到账记录我都看到了，不用重复说明。")
    await xiaomei.reply("运营商把这笔充值退回了：号码已停机。钱没有丢，我现在帮您转到新号码或者退款，您选哪一个？")
    await chat.say("退款吧，谢谢！")
    await expect(xiaomei.timeline.get_by_text("退款吧，谢谢！")).to_be_visible()
    await expect(chat.timeline.get_by_text(re.compile("^已读"))).to_be_visible()
    await for_readers(shop.page, pictures.folder / "customer.png")
    await xiaomei.context.get_by_text("运营商退回").scroll_into_view_if_needed()
    await for_readers(xiaomei.page, pictures.folder / "desk.png")
    waiting = await open_page(phone=True, timezone_id=CHINA)
    await waiting.goto(fresh_product.url)
    await Chat(waiting).enter("cz")
    await Chat(waiting).say("充值成功了但是游戏里没有收到，麻烦看一下。")
    await expect(xiaomei.offers).to_contain_text("麻烦看一下")
    await xiaomei.page.emulate_media(color_scheme="dark")
    await for_readers(xiaomei.page, pictures.folder / "desk-dark.png")
    await _who_watches_and_who_sets_up(fresh_product, open_page, pictures)


async def _others_are_served(xiaomei: Desk, open_page, pictures: Album) -> None:
    """One who is signed in at the shop, and a visitor on the phone."""
    shop = await Shop.enter(await open_page(timezone_id=CHINA), xiaomei.product)
    await shop.sign_in("xiaolin")
    await shop.open_order("云朵网盘")
    chat = await shop.widget.open()
    await chat.enter("km")
    await xiaomei.accept("小林")
    await chat.say("付款半小时了，卡密还没收到。")
    await xiaomei.reply("已经在为您补发，稍等一分钟。")
    phone = await open_page(phone=True, timezone_id=CHINA)
    await phone.goto(xiaomei.product.url)
    visitor = Chat(phone)
    await visitor.button("填写账号").click()
    await visitor.at.get_by_label("注册手机号或用户名").fill("13912345678")
    await visitor.button("保存").click()
    await expect(visitor.at.get_by_text("尚未验证")).to_be_visible()
    await phone.get_by_role("heading", name="青柠客服").scroll_into_view_if_needed()
    await for_readers(phone, pictures.folder / "phone.png")
    await visitor.enter("dd")
    await xiaomei.accept("访客")
    await visitor.say("订单显示部分发货，是什么意思？")


async def _who_watches_and_who_sets_up(product: Product, open_page, pictures: Album) -> None:
    aqiang = await Desk.enter(await open_page(timezone_id=CHINA), product, "aqiang")
    await aqiang.go_online()
    chen = await Desk.enter(await open_page(timezone_id=CHINA), product, "chen")
    await chen.page.set_viewport_size({"width": 1440, "height": 900})
    await chen.page.goto(product.url + STAFF["board"].path)
    await expect(chen.page.get_by_role("button", name="充值", exact=True)).to_be_visible()
    await for_readers(chen.page, pictures.folder / "board.png")
    wang = await Desk.enter(await open_page(timezone_id=CHINA), product, "wang")
    await wang.page.set_viewport_size({"width": 1440, "height": 900})
    await wang.page.goto(product.url + ADMINISTRATION["topics"].path)
    await expect(wang.page.get_by_role("row", name=re.compile("^CZ "))).to_be_visible()
    await for_readers(wang.page, pictures.folder / "administration.png")


async def test_the_assistant_in_the_readmes(fresh_product, open_page, pictures) -> None:
    """It looks an order up, hands over, and the agent knows; and the help centre's answers."""
    await until_learnt(fresh_product)
    shop = await Shop.enter(await open_page(timezone_id=CHINA), fresh_product)
    await shop.sign_in("azhen")
    await shop.page.goto(fresh_product.shop_url + SHOP_OF_A_MEMBER["orders"].path)
    chat = await shop.widget.open()
    await chat.ask_the_assistant()
    await chat.say("充值没到账")
    orders = chat.timeline.get_by_role("list", name="您的订单").get_by_role("button")
    await expect(orders.first).to_be_visible()
    await for_readers(shop.page, pictures.folder / "assistant.png")
    await orders.filter(has_text="话费").first.press("Enter")
    await expect(chat.timeline).to_contain_text("没有成功")
    await expect(chat.queue).to_contain_text("排队号")
    xiaoya = await Desk.enter(await open_page(timezone_id=CHINA), fresh_product, "xiaoya")
    await xiaoya.page.set_viewport_size({"width": 1440, "height": 900})
    await xiaoya.go_online()
    await xiaoya.accept("阿珍")
    await expect(xiaoya.conversation.get_by_role("list", name="智能助手交接")).to_be_visible()
    await for_readers(xiaoya.page, pictures.folder / "handed-over.png")
    reader = await open_page(timezone_id=CHINA)
    await reader.goto(f"{fresh_product.url}{HELP['found'].path}")
    await for_readers(reader, pictures.folder / "help.png")
