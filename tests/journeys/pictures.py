"""Pictures of every page, empty, in use, in error and with long Chinese names; and the README's four.

See `gallery`; the shop's are in `pictures_of_the_shop`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.cable import Cable
from tests.journeys.gallery import LONG, SIZES, Gallery, for_readers, receipt
from tests.journeys.pictures_of_the_shop import sign_up
from tests.journeys.places import Chat, Desk, Office, Shop, spaced
from tests.journeys.test_never_identity import enters, guesses, invented, proves_the_account

pytestmark = pytest.mark.browser
CHINA = "Asia/Shanghai"  # as the shop tells its times
LONG_TEXT = (
    "我昨天晚上十一点多在你们这里买的话费，支付宝已经扣款了，页面显示付款成功，但是等到今天早上还没有到账，"
    "打运营商客服说没有收到充值请求。\n请帮我查一下，如果充不上就退款，谢谢。"
    "https://shop.example/orders/QN202611210000000000000000000000000000000000"
)


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


async def _she_begins(chat: Chat, page: Page, gallery: Gallery, url: str) -> None:
    await page.goto(f"{url}/?site=nowhere")
    await expect(page.get_by_role("alert")).to_be_visible()
    await gallery.take(page, "no such site")
    await page.goto(url)
    await expect(chat.code).to_be_visible()
    await gallery.take(page, "start")
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


async def test_the_administration(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "admin"), await open_page()
    await Desk.enter(page, fresh_product, "wang")
    await page.get_by_role("link", name="管理").click()
    office = Office(page)
    await _long_things(office)
    for name, one in (
        ("部门", "充值"), ("人员", "小美"), ("咨询代码", "充值问题"), ("站点", "青柠数卡"), ("店铺连接", "青柠数卡"),
    ):  # fmt: skip
        await office.go_to(name)
        await expect(page.get_by_role("table")).to_be_visible()
        await gallery.take(page, name)
        await office.edit(name, one)
        await gallery.take(page, f"{name} form")
        await office.leave()
    await office.edit("店铺连接", "青柠数卡")
    await office.form.get_by_role("button", name="开始测试").click()
    await expect(office.form.get_by_text("项检查全部通过")).to_be_visible()
    await gallery.take(page, "店铺连接 tested", top=office.form.get_by_text("项检查全部通过"))
    await office.leave()
    await office.add("咨询代码", "添加代码")
    await office.form.get_by_role("button", name=spaced("保存")).click()
    await expect(office.form.get_by_text("请填写此项").first).to_be_visible()
    await gallery.take(page, "咨询代码 refused")
    await office.leave()
    await office.go_to("等待")
    await gallery.take(page, "等待")
    await office.go_to("审计记录")
    await gallery.take(page, "审计记录")
    await page.goto(f"{fresh_product.url}/desk/account")
    await expect(page.get_by_label("当前密码")).to_be_visible()
    await gallery.take(page, "account")


async def _long_things(office: Office) -> None:
    form = await office.add("部门", "添加部门")
    await form.get_by_label("名称", exact=True).fill("游戏直充与会员卡密售前售后综合服务以及投诉处理与大客户关怀一部")
    await form.get_by_label("英文名称").fill("Top-ups and card keys, before and after the sale, complaints")
    await office.save()
    form = await office.add("咨询代码", "添加代码")
    await form.get_by_label("代码", exact=True).fill("ABCD1234")
    await form.get_by_label("名称", exact=True).fill("账号被风控限制以后充值失败或者到账延迟的申诉与资金退回流程咨询")
    await office.choose("部门", "售后")
    for alias in ("账号被风控了怎么办", "充值失败钱什么时候退", "申诉材料要准备什么", "资金冻结", "限制登录", "解封"):
        await form.get_by_label("别名").fill(alias)
        await form.get_by_label("别名").press("Enter")
    await office.save()


async def test_first_run_and_an_empty_installation(empty_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "first run"), await open_page()
    link = next(word for line in empty_product.said for word in line.split() if "/first-run#" in word)
    await page.goto(f"{empty_product.url}/")
    await expect(page.get_by_role("alert").or_(page.get_by_role("main")).first).to_be_visible()
    await gallery.take(page, "customer page before any site")
    await page.goto(link)
    await expect(page.get_by_label("再输入一次")).to_be_visible()
    await gallery.take(page, "form")
    await page.get_by_role("button", name="创建并进入工作台").click()
    await expect(page.get_by_text("请填写此项").first).to_be_visible()
    await gallery.take(page, "refused")
    await page.get_by_label("姓名").fill("店长")
    await page.get_by_label("登录账号").fill("boss")
    await page.get_by_label("密码", exact=True).fill("a long enough one")
    await page.get_by_label("再输入一次").fill("a long enough one")
    await page.get_by_role("button", name="创建并进入工作台").click()
    await expect(page.get_by_text("还没有部门")).to_be_visible()
    office = Office(page)
    for name in ("部门", "咨询代码", "站点", "店铺连接"):
        await office.go_to(name)
        await gallery.take(page, f"no {name}")
    await page.get_by_role("link", name="工作台", exact=True).click()
    await gallery.take(page, "no work")
    await page.context.clear_cookies()
    await page.goto(link)
    await page.reload()
    await expect(page.get_by_text("这个链接已失效")).to_be_visible()
    await gallery.take(page, "dead link")
    await page.goto(f"{empty_product.url}/docs")
    await expect(page.get_by_role("heading", level=2).first).to_be_visible()
    await page.locator("summary").nth(3).click()
    await gallery.take(page, "api")


async def test_the_readmes_four(fresh_product, open_page, chromium, pictures, tmp_path) -> None:
    """A customer in the shop, one on the phone, the desk by day and by night."""
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
    await for_readers(shop.page, pictures / "customer.png")
    await xiaomei.context.get_by_text("运营商退回").scroll_into_view_if_needed()
    await for_readers(xiaomei.page, pictures / "desk.png")
    waiting = await open_page(phone=True, timezone_id=CHINA)
    await waiting.goto(fresh_product.url)
    await Chat(waiting).enter("cz")
    await Chat(waiting).say("充值成功了但是游戏里没有收到，麻烦看一下。")
    await expect(xiaomei.offers).to_contain_text("麻烦看一下")
    await xiaomei.page.emulate_media(color_scheme="dark")
    await for_readers(xiaomei.page, pictures / "desk-dark.png")


async def _others_are_served(xiaomei: Desk, open_page, pictures: Path) -> None:
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
    await for_readers(phone, pictures / "phone.png")
    await visitor.enter("dd")
    await xiaomei.accept("访客")
    await visitor.say("订单显示部分发货，是什么意思？")
