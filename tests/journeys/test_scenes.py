"""Codes on the shop's own pages: what it marked opens the chat, and what it reported is offered to the order's owner.

The story is docs/journeys/0006-codes-everywhere.md, rows 1 and 2.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import Any

import pytest
from playwright.async_api import FloatRect, Locator, Page, Route, expect

from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk, Shop
from tests.patience import until

pytestmark = pytest.mark.browser
LINE = "输入 DD 获取专属客服"
# How many listeners there are at the document, and whether the page was searched for marks.
WATCH = """(() => {
  window.heard = []; window.searched = [];
  const listen = document.addEventListener, find = Document.prototype.querySelectorAll;
  document.addEventListener = function (kind, ...more) { heard.push(kind); return listen.call(this, kind, ...more); };
  Document.prototype.querySelectorAll = function (what) { searched.push(what); return find.call(this, what); };
})()"""
MARK = """([how, many]) => {
  const place = document.querySelector("main");
  for (let n = 0; n < many; n++) {
    const one = document.createElement(how.tag ?? "button");
    for (const [name, value] of Object.entries(how)) if (name !== "tag") one.setAttribute(name, value);
    one.textContent = "快捷入口 " + n;
    place.append(one);
  }
}"""
RUBBISH = ["<img src=x onerror=alert(1)>", "javascript:alert(1)", "码" * 5000, "😀", "", "CZ; drop table", "../../"]


async def _mark(page: Page, how: dict[str, str], many: int = 1) -> Locator:
    await page.evaluate(MARK, [how, many])
    return page.get_by_text(f"快捷入口 {many - 1}", exact=True).last


async def test_whatever_the_shop_marks_opens_the_chat_with_its_code_or_order(product, open_page) -> None:
    page, said = await open_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(f"thrown: {error}"))
    await page.add_init_script(WATCH)
    shop = await Shop.enter(page, product, "/p/phone-50")
    await expect(shop.widget.button).to_be_visible()
    await _thousands_cost_nothing(shop)
    await _pressed_too_early_it_opens_all_the_same(shop)
    await _before_the_sale(shop)
    await _rubbish_opens_the_chat_as_the_button_does(shop, said)
    await _by_keyboard(shop)
    await _of_an_order(shop)
    await _refused_or_unreachable_nothing_is_offered(shop)
    assert [text for text in said if text.startswith("thrown")] == []


async def _thousands_cost_nothing(shop: Shop) -> None:
    """One listener for clicks and one for keys, before and after; the page is never searched."""
    await _mark(shop.page, {"data-mashang-code": "CZ", "data-mashang-scene": "shelf"}, 5000)
    heard, searched = await shop.page.evaluate("[heard, searched]")
    assert sorted(kind for kind in heard if kind in ("click", "keydown", "pointerdown")).count("keydown") == 1
    assert [what for what in searched if "mashang" in what] == []
    await shop.page.reload()


async def _pressed_too_early_it_opens_all_the_same(shop: Shop) -> None:
    """The button has not come, because it is not known yet how it looks."""
    asked, let = asyncio.Event(), asyncio.Event()

    async def held(route: Route) -> None:
        asked.set()
        await let.wait()
        await route.continue_()

    await shop.page.route("**/widget-look*", held)
    await shop.page.reload()
    async with asyncio.timeout(60):
        await asked.wait()
    await shop.page.get_by_role("button", name="买前先问问").click()
    await expect(shop.widget.button).to_have_count(0)
    let.set()
    chat = shop.widget.chat
    await expect(chat.timeline).to_contain_text("已识别咨询代码 GN：功能使用")
    await chat.end()
    await chat.button("返回").click()
    await chat.button("收起").click()
    await shop.page.unroute("**/widget-look*")


async def _before_the_sale(shop: Shop) -> None:
    """A visitor on a product's page is with its people at once."""
    await shop.page.get_by_role("button", name="买前先问问").click()
    chat = shop.widget.chat
    await expect(chat.timeline).to_contain_text("已识别咨询代码 GN：功能使用")
    await chat.button("收起").click()
    await expect(shop.page.get_by_role("button", name="买前先问问")).to_be_focused()
    await shop.page.get_by_role("button", name="买前先问问").click()
    await chat.say("这个能充副卡吗？")
    await chat.end()
    await chat.button("返回").click()
    await chat.button("收起").click()


async def _rubbish_opens_the_chat_as_the_button_does(shop: Shop, said: list[str]) -> None:
    for rubbish in RUBBISH:
        said.clear()
        marked = await _mark(shop.page, {"data-mashang-code": rubbish})
        await marked.click()
        await expect(shop.widget.chat.code).to_be_visible()
        assert [text for text in said if text.startswith("Mashang: data-mashang-code=")], rubbish
        await shop.widget.chat.button("收起").click()
    said.clear()
    await (await _mark(shop.page, {"data-mashang-code": "NOSUCH"})).click()
    await expect(shop.widget.chat.code).to_be_visible()


async def _by_keyboard(shop: Shop) -> None:
    """What is no button of its own is pressed by Enter and Space; a link inside of a card stays a link."""
    await shop.page.reload()
    marked = await _mark(shop.page, {"tag": "div", "role": "button", "tabindex": "0", "data-mashang-code": "ZK"})
    await marked.focus()
    await shop.page.keyboard.press("Space")
    chat = shop.widget.chat
    await expect(chat.timeline).to_contain_text("已识别咨询代码 ZK：折扣活动")
    await chat.end()
    await shop.page.keyboard.press("Escape")
    await expect(marked).to_be_focused()
    await shop.page.evaluate(
        "document.querySelector('main').innerHTML ="
        """ '<section data-mashang-code="ZK">卡片 <a href="/contact">里面的链接</a></section>'"""
    )
    await shop.page.get_by_role("link", name="里面的链接").click()
    await expect(shop.page.get_by_role("heading", name="联系我们")).to_be_visible()


async def _of_an_order(shop: Shop) -> None:
    """To a stranger it is a number, with a way to prove that it is theirs.

    For her whose it is the order stands there with its one code; pressed twice it is the same conversation.
    """
    await (await _mark(shop.page, {"data-mashang-order": "QN261122000001"})).click()
    await expect(shop.widget.chat.at.get_by_text("QN261122000001")).to_be_visible()
    await expect(shop.widget.chat.button("验证身份").first).to_be_visible()
    await shop.sign_in("azhen")
    number = await shop.open_order("话费")
    code = await shop.service_code()
    await shop.page.goto(f"{shop.product.shop_url}/orders")
    row = shop.page.locator(".order-item").filter(has_text=number)
    await row.get_by_role("button", name="咨询订单").click()
    chat = shop.widget.chat
    await expect(chat.timeline).to_contain_text("已识别咨询代码 DD：订单咨询")
    await chat.button("返回").click()
    await chat.button("收起").click()
    await row.get_by_role("button", name="咨询订单").click()
    await expect(chat.field).to_be_visible()
    await expect(chat.at.get_by_role("log").get_by_text("已识别咨询代码")).to_have_count(1)
    await chat.end()
    await chat.button("返回").click()
    await chat.button("收起").click()
    await shop.open_order("悦听")
    await shop.page.get_by_role("button", name="咨询这个订单").click()
    await expect(chat.at.get_by_text(await shop.service_code()).first).to_be_visible()
    assert code != await shop.service_code()


async def _refused_or_unreachable_nothing_is_offered(shop: Shop) -> None:
    """The shop's page is thrown nothing, not even into its console."""
    for name, answer in (("requestfinished", {"status": 429, "body": "{}"}), ("requestfailed", None)):
        await shop.page.route("**/customer/offers", partial(_answered, answer))
        async with shop.page.expect_event(name, lambda asked: asked.url.endswith("/offers")):
            await shop.page.reload()
        await shop.page.evaluate("new Promise((go) => setTimeout(go))")
        await shop.page.unroute("**/customer/offers")


async def _answered(answer: dict[str, Any] | None, route: Route) -> None:
    await (route.fulfill(**answer) if answer else route.abort())


NO_CLIPBOARD = "delete Navigator.prototype.clipboard"
NOTHING_COPIES = f"{NO_CLIPBOARD}; document.execCommand = () => false"


async def test_the_code_of_an_order_is_copied_where_the_browser_gives_no_clipboard(product, open_page) -> None:
    page = await open_page()
    await page.add_init_script(NO_CLIPBOARD)
    shop = await Shop.enter(page, product)
    await shop.sign_in("azhen")
    await shop.open_order("话费")
    assert await page.evaluate("navigator.clipboard === undefined")
    button = page.locator(".service-code button")
    before = await button.bounding_box()
    await button.press("Enter")
    await expect(button).to_have_text("已复制")
    await until(partial(_stands_at, button, before), f"the button where it stood, at {before}")
    await expect(button).to_be_focused()
    await page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'there'}))")
    await page.locator("#there").press("Control+v")
    await expect(page.locator("#there")).to_have_value(await shop.service_code())
    await page.add_init_script(NOTHING_COPIES)
    await page.reload()
    await button.click()
    await page.wait_for_function("code => String(getSelection()).trim() === code", arg=await shop.service_code())
    await expect(button).to_have_text("复制")


async def _stands_at(button: Locator, place: FloatRect | None) -> bool:
    return await button.bounding_box() == place


@pytest.mark.parametrize("width", [390, 1280])
async def test_what_the_shop_reports_is_offered_to_the_owner_of_the_order_until_she_presses_it_away(
    product, open_page, width: int
) -> None:
    page = await open_page()
    await page.set_viewport_size({"width": width, "height": 720})
    shop = await Shop.enter(page, product)
    await shop.sign_in("azhen")
    number = await _buys_and_gets_nothing(shop)
    line = page.get_by_role("button", name=LINE)
    await expect(line).to_contain_text(f"订单尾号 {number[-4:]}：已付款，还没有发卡")
    assert await page.evaluate("document.activeElement === document.body"), "the focus stays where it was"
    await _covers_nothing(page, shop, line)
    assert await findings(page) == []
    if width == 390:
        await _pressed_away_it_stays_away(shop, line, number)
    else:
        await _taken_it_reaches_an_agent_who_sees_it(shop, line, number, await open_page())


async def _buys_and_gets_nothing(shop: Shop) -> str:
    """A card is paid for and not issued; she is on the page that says so."""
    at, ask = shop.product.shop_url, shop.page.request
    await ask.post(f"{at}/back/faults", form={"fault": "not_issued", "on": "1"})
    await shop.page.goto(f"{at}/p/feiyu-30")
    await shop.page.get_by_role("button", name="立即购买").click()
    await shop.page.get_by_role("button", name="确认支付").click()
    await expect(shop.page.get_by_role("heading", name="支付成功")).to_be_visible()
    number = shop.page.url.rpartition("/")[2]
    await _is_told(shop)
    return number


async def _is_told(shop: Shop) -> None:
    """The shop has told; then the page is looked at again."""
    back = await shop.page.context.new_page()
    await back.goto(f"{shop.product.shop_url}/back")
    told = back.get_by_role("listitem").filter(has_text="订单异常").first

    async def is_delivered() -> bool:
        await back.reload()
        return "已送达" in await told.inner_text()

    await until(is_delivered, "the shop's word of the order")
    await back.close()
    await shop.page.reload()


async def _covers_nothing(page: Page, shop: Shop, line: Locator) -> None:
    """Neither the button nor, at the page's end, anything of the page; and a finger finds both its buttons."""
    away = page.get_by_role("button", name="不再显示这条提示")
    boxes = [await one.bounding_box() for one in (line, away, shop.widget.button)]
    assert all(boxes)
    first, second, button = (box for box in boxes if box)
    assert min(first["height"], second["height"], second["width"]) >= 44
    assert first["x"] >= 0
    assert second["x"] + second["width"] <= button["x"]
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    foot = await page.locator("footer").bounding_box()
    box = await line.bounding_box()
    assert foot
    assert box
    assert foot["y"] + foot["height"] <= box["y"] + 1
    await page.evaluate("scrollTo(0, 0)")


async def _pressed_away_it_stays_away(shop: Shop, line: Locator, number: str) -> None:
    page = shop.page
    async with page.expect_response(re.compile("/offers/")):
        await page.get_by_role("button", name="不再显示这条提示").click()
    await expect(line).to_have_count(0)
    async with page.expect_response(re.compile("/offers$")) as asked:
        await page.goto(f"{shop.product.shop_url}/orders/{number}")
    answer: Any = await (await asked.value).json()
    assert answer == {"offer": None}
    await expect(shop.widget.button).to_be_visible()
    await expect(line).to_have_count(0)
    await _the_chat_suggests_it_where_the_page_does_not_name_it(shop, number)


async def _the_chat_suggests_it_where_the_page_does_not_name_it(shop: Shop, number: str) -> None:
    """On the order's own page the order stands there already, and the topics stay on the first screen."""
    trouble = f"因您的订单 …{number[-6:]} 已付款，还没有发卡"
    chat = await shop.widget.open()
    await expect(chat.at.get_by_text(number)).to_be_visible()
    await expect(chat.at.get_by_role("button", name="折扣活动 ZK")).to_be_in_viewport()
    await expect(chat.at.get_by_text(trouble)).to_have_count(0)
    await shop.page.goto(shop.product.shop_url)
    chat = await shop.widget.open()
    await expect(chat.at.get_by_text(trouble)).to_be_visible()
    await expect(chat.code).to_be_in_viewport()


async def _taken_it_reaches_an_agent_who_sees_it(shop: Shop, line: Locator, number: str, desk: Page) -> None:
    xiaomei = await Desk.enter(desk, shop.product, "xiaomei")
    await xiaomei.go_online()
    await line.click()
    chat: Chat = shop.widget.chat
    await expect(chat.timeline).to_contain_text("已识别咨询代码 DD：订单咨询")
    await expect(line).to_have_count(0)
    await xiaomei.accept("阿珍")
    first = xiaomei.context.get_by_role("note").first
    await expect(first).to_contain_text("已付款，卡密")
    await expect(xiaomei.context).to_contain_text(number)
    await expect(xiaomei.timeline).to_contain_text("来自主动推荐")
    await shop.page.request.post(f"{shop.product.shop_url}/back/issue")
    await expect(xiaomei.context.get_by_text("已付款，卡密")).to_have_count(0)
    await chat.end()
