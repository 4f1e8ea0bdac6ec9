"""The main job: an order, a code, the right specialist, who sees the order; and everything after.

The story is docs/journeys/0001-a-code-reaches-its-specialist.md.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.journeys.places import Chat, Desk, Shop, type_until

pytestmark = pytest.mark.browser


async def test_a_code_on_the_order_page_reaches_the_specialist_who_sees_the_order(
    product, open_page, screenshot
) -> None:
    shop = await Shop.enter(await open_page(), product)
    await shop.sign_in("azhen")
    number = await shop.open_order("话费")
    code = await shop.service_code()
    await shop.page.reload()
    assert await shop.service_code() == code  # however often the page is drawn
    await expect(shop.page.get_by_text("它不是短信验证码")).to_be_visible()
    chat = await shop.widget.open()
    await _asks(chat, number)
    xiaomei = await Desk.sign_in(await open_page(), product, "xiaomei")
    await _is_served(chat, xiaomei, number)
    await _they_talk(chat, xiaomei, screenshot)
    await xiaomei.transfer("售后", "运营商退回，请退款")
    await expect(chat.timeline).to_contain_text("已转到“售后”，您不用重复描述问题")
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    await _the_next_one_knows_it_all(chat, aqiang, number)
    await _it_ends_and_goes_on(chat, aqiang)


async def test_the_record_of_a_card_stands_beside_the_conversation_and_so_does_what_the_shop_tells_meanwhile(
    product, open_page
) -> None:
    shop = await Shop.enter(await open_page(), product)
    await shop.sign_in("xiaolin")
    await shop.open_order("光影视频")
    await shop.page.get_by_role("button", name="查看卡密").click()
    key = await shop.page.locator(".keys code").first.inner_text()
    assert re.fullmatch(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}", key)
    chat = await shop.widget.open()
    await chat.enter("我的卡密用不了，km")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await expect(xiaomei.offers).to_contain_text("卡密用不了")
    await chat.field.fill(f"卡密是 {key}")
    await chat.field.press("Enter")
    await expect(chat.timeline.get_by_text("敏感信息已自动隐藏")).to_be_visible()

    await xiaomei.accept("小林")
    await expect(xiaomei.context).to_contain_text("发卡记录")
    await expect(xiaomei.context).to_contain_text("补发")
    await expect(xiaomei.context).to_contain_text(f"•••• {key[-4:]}")
    await expect(xiaomei.timeline).to_contain_text("卡密是")
    assert key not in await xiaomei.page.content()
    await chat.end()
    await _what_the_shop_tells_meanwhile(shop, xiaomei)


async def _what_the_shop_tells_meanwhile(shop: Shop, xiaomei: Desk) -> None:
    """She pays and gets her card while they talk: the desk sees each step by itself, and a maintenance too."""
    at, ask = shop.product.shop_url, shop.page.request
    placed = await ask.post(f"{at}/buy", form={"product": "feiyu-30", "quantity": "1"})
    number = placed.url.rpartition("/")[2]
    await shop.page.goto(f"{at}/orders/{number}")
    chat = await shop.widget.open()
    await chat.enter("km")
    await xiaomei.accept("小林")
    await expect(xiaomei.context).to_contain_text(number)
    await expect(xiaomei.context).not_to_contain_text("已支付")

    await ask.post(f"{at}/back/faults", form={"fault": "not_issued", "on": "1"})
    await ask.post(f"{at}/pay/{number}", form={"method": "alipay"})
    await expect(xiaomei.context).to_contain_text("已支付")
    anomaly = xiaomei.context.get_by_role("note").filter(has_text="已付款，卡密还没有发放")
    await expect(anomaly).to_be_visible()
    await ask.post(f"{at}/back/issue")
    await expect(xiaomei.context).to_contain_text("客服补发")
    await expect(anomaly).to_have_count(0)

    await ask.post(f"{at}/back/faults", form={"fault": "maintenance", "on": "1"})
    await expect(xiaomei.context).to_contain_text("支付宝通道维护，直充到账延迟")
    await ask.post(f"{at}/back/faults", form={"fault": "maintenance", "on": "0"})
    await expect(xiaomei.context).not_to_contain_text("支付宝通道维护，直充到账延迟")
    await chat.end()


async def _asks(chat: Chat, number: str) -> None:
    """Nothing typed but the code, in full width: her name and her order are there."""
    await expect(chat.at.get_by_text("阿珍")).to_be_visible()
    await expect(chat.at.get_by_text("账号已确认")).to_be_visible()
    await expect(chat.at.get_by_text(number)).to_be_visible()
    await chat.enter("ｃｚ")
    await expect(chat.timeline).to_contain_text("已识别咨询代码 CZ：充值问题")
    await expect(chat.queue).to_contain_text(re.compile(r"排队号\s*A\d+"))
    await chat.say("付了 50 元，话费一直没到。")


async def _is_served(chat: Chat, xiaomei: Desk, number: str) -> None:
    """The offer; then the order and its record beside the first message."""
    await xiaomei.go_online()
    await expect(xiaomei.offers).to_contain_text("充值问题")
    await xiaomei.accept("阿珍")
    await expect(xiaomei.timeline).to_contain_text("付了 50 元，话费一直没到。")
    await expect(xiaomei.context).to_contain_text("身份已核实")
    await expect(xiaomei.context).to_contain_text(number)
    await expect(xiaomei.context).to_contain_text("到账记录")
    await expect(xiaomei.context).to_contain_text("运营商退回")
    await expect(xiaomei.context).not_to_contain_text("13922224321")
    await expect(chat.timeline).to_contain_text("客服 小美 已接入，为您服务")
    await expect(chat.queue).to_be_hidden()


async def _they_talk(chat: Chat, xiaomei: Desk, screenshot: Path) -> None:
    """Each sees the other write, and that what was written was read."""
    await type_until(xiaomei.field, chat.at.get_by_text("小美 正在输入"))
    await xiaomei.reply("您好，阿珍，运营商把这笔充值退回了。")
    await expect(chat.timeline.get_by_text("您好，阿珍，运营商把这笔充值退回了。")).to_be_visible()
    await expect(xiaomei.timeline.get_by_text("已读")).to_be_visible()
    await type_until(chat.field, xiaomei.page.get_by_text("对方正在输入…"))
    await chat.say("那钱呢？")
    await expect(xiaomei.timeline.get_by_text("那钱呢？")).to_be_visible()
    await expect(chat.timeline.get_by_text("已读")).to_be_visible()
    await xiaomei.send_file(screenshot)
    await _is_drawn(chat, screenshot.name)


async def _is_drawn(chat: Chat, name: str) -> None:
    await expect(chat.picture(name)).to_be_visible()
    await expect(chat.picture(name)).to_have_js_property("complete", value=True)
    assert await chat.picture(name).evaluate("image => image.naturalWidth") > 0


async def _the_next_one_knows_it_all(chat: Chat, aqiang: Desk, number: str) -> None:
    """Note, words, picture, code and order; she sees nothing of the note and repeats nothing."""
    await aqiang.go_online()
    await aqiang.accept("阿珍")
    await expect(aqiang.timeline).to_contain_text("运营商退回，请退款")
    await expect(aqiang.timeline).to_contain_text("付了 50 元，话费一直没到。")
    await expect(aqiang.picture("payment.png")).to_be_visible()
    await expect(aqiang.context).to_contain_text("CZ")
    await expect(aqiang.context).to_contain_text(number)
    await expect(aqiang.context).to_contain_text("运营商退回")
    await expect(chat.timeline).to_contain_text("客服 阿强 已接入，为您服务")
    await expect(chat.timeline).not_to_contain_text("请退款")


async def _it_ends_and_goes_on(chat: Chat, aqiang: Desk) -> None:
    await aqiang.reply("已为您退回 50 元。")
    await expect(chat.timeline.get_by_text("已为您退回 50 元。")).to_be_visible()
    await aqiang.close()
    await expect(chat.timeline).to_contain_text("客服结束了本次咨询")
    await chat.button("继续咨询").click()
    await chat.say("到账了，谢谢！")
    await expect(aqiang.timeline.get_by_text("到账了，谢谢！")).to_be_visible()
    await chat.end()
    await expect(aqiang.conversation.get_by_role("button", name="重新打开")).to_be_visible()
