"""The button on a shop's page: under a strict policy, by keyboard alone, over reloads, and between two people."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import ViewportSize, expect

from tests.journeys.places import Chat, Desk, Shop, focus

pytestmark = pytest.mark.browser
STRICT = "/contact"
# Every frame in which the chat's window was on the screen: was its curtain before it?
WHAT_WAS_SHOWN = """(() => {
  const shown = window.shown = [];
  const look = () => {
    const root = [...document.querySelectorAll("body > div")].map((one) => one.shadowRoot).find(Boolean);
    const chat = root?.querySelector(".window");
    if (chat?.checkVisibility({ visibilityProperty: true })) shown.push(!root.querySelector(".wait").hidden);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""

PUT_A_LINK_AT_THE_TOP = """width => {
  const link = document.querySelector("#at-the-top") ?? document.body.appendChild(document.createElement("a"));
  Object.assign(link, { id: "at-the-top", href: "#" });
  Object.assign(link.style, { position: "fixed", top: "0", right: "0", height: "60px", width });
}"""

# At the middle of the button, is it the button that one would tap?
IS_ON_TOP = """button => {
  const { left, top, width, height } = button.getBoundingClientRect();
  return button.contains(button.getRootNode().elementFromPoint(left + width / 2, top + height / 2));
}"""
# Does the one fill the other?
FILLS = """(both) => {
  const [a, b] = both.map((one) => one.getBoundingClientRect());
  return ["x", "y", "width", "height"].every((side) => a[side] === b[side]);
}"""
# Of the words and of what is behind them; nothing may be seen through, nor be filtered.
COLOURS = """element => {
  const { color, backgroundColor, opacity, filter } = getComputedStyle(element);
  if (opacity !== "1" || filter !== "none" || !backgroundColor.startsWith("rgb(")) throw new Error(backgroundColor);
  return [color, backgroundColor].map((one) => one.match(/\\d+/g).slice(0, 3).map(Number));
}"""


async def test_the_widget_works_by_keyboard_alone_on_a_page_with_a_strict_policy(product, open_page) -> None:
    page, complaints = await open_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    answer = await page.request.get(product.shop_url + STRICT)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    shop = await Shop.enter(page, product, STRICT)
    await expect(shop.widget.button).to_be_visible()

    await focus(page, shop.widget.button)
    await page.keyboard.press("Enter")
    chat = shop.widget.chat
    await expect(chat.code).to_be_visible()
    await focus(page, chat.code)
    await page.keyboard.type("gn")
    await page.keyboard.press("Enter")
    await expect(chat.field).to_be_focused()
    await page.keyboard.type("只用键盘也可以")
    await page.keyboard.press("Enter")
    await expect(chat.timeline.get_by_text("只用键盘也可以")).to_be_visible()

    await page.keyboard.press("Escape")
    await expect(chat.field).to_be_hidden()
    await expect(shop.widget.button).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(chat.field).to_be_visible()
    await chat.end()
    for place in ("side-tab", "top-link"):
        await page.goto(f"{product.shop_url}{STRICT}?place={place}")
        await focus(page, shop.widget.button)
        await page.keyboard.press("Enter")
        await expect(chat.code).to_be_visible()
        await expect(page.locator("iframe[src*='/chat?']")).to_be_in_viewport(ratio=0.99)
        await page.keyboard.press("Escape")
        await expect(shop.widget.button).to_be_focused()
    await page.goto(f"{product.shop_url}{STRICT}?place=inline")
    await _stands_in_the_page(shop)
    assert [text for text in complaints if "Content Security Policy" in text] == []
    await _the_top_link_makes_room(shop)


async def _the_top_link_makes_room(shop: Shop) -> None:
    """It covers nothing that can be pressed: it moves to the other side, or is the floating button."""
    page, button = shop.page, shop.widget.button
    await page.goto(f"{shop.product.shop_url}{STRICT}?place=top-link")
    await expect(button).to_be_visible()
    for width, taken, stands in (
        (390, "50%", "top-link left"),
        (320, "100%", "button right"),
        (390, "0", "top-link right"),
    ):
        await page.evaluate(PUT_A_LINK_AT_THE_TOP, taken)
        await page.set_viewport_size({"width": width, "height": 700})
        await expect(button).to_have_class(re.compile(stands))


async def _stands_in_the_page(shop: Shop) -> None:
    """Without a button, as wide as its place, and not to be folded away."""
    chat = shop.widget.chat
    await shop.page.get_by_role("heading", name="客服入口可以放在哪里").scroll_into_view_if_needed()
    await expect(chat.code).to_be_visible()
    await expect(shop.widget.button).to_have_count(0)
    place, frame = shop.page.locator("[data-mashang-inline]"), shop.page.locator("iframe[src*='/chat?']")
    handles = [await place.element_handle(), await frame.element_handle()]
    await shop.page.wait_for_function(FILLS, arg=handles)  # once it has come in
    await chat.code.press("Escape")
    await expect(chat.code).to_be_visible()
    await expect(chat.button("收起")).to_have_count(0)


async def test_a_reload_keeps_the_conversation_and_the_place_in_the_queue(product, open_page) -> None:
    shop = await Shop.enter(await open_page(), product, STRICT)
    chat = await shop.widget.open()
    await chat.enter("zk")
    await chat.say("满减怎么算？")
    number = await _number(chat)

    await shop.page.reload()
    await expect(chat.timeline.get_by_text("满减怎么算？")).to_be_visible()
    assert await _number(chat) == number
    await chat.end()


async def test_an_open_chat_comes_back_on_the_next_page_as_it_was_left_and_a_folded_one_stays_folded(
    product, open_page
) -> None:
    shop = await Shop.enter(await open_page(), product)
    await shop.page.add_init_script(WHAT_WAS_SHOWN)
    chat = await shop.widget.open()
    await chat.enter("gn")
    await chat.say("昨天是哪位同事接待我的？")
    await chat.field.fill("还没写完")

    await shop.page.goto(product.shop_url + "/contact")
    await expect(shop.widget.button).to_have_accessible_name(re.compile("关闭客服窗口$"))
    await expect(chat.timeline.get_by_text("昨天是哪位同事接待我的？")).to_be_in_viewport(ratio=1)
    await expect(chat.field).to_have_value("还没写完")
    assert await shop.page.evaluate("document.activeElement === document.body"), "the focus stays on the shop's page"
    assert await shop.page.evaluate("shown.length > 0 && shown.every((curtained) => !curtained)")

    await chat.button("返回").click()
    await expect(chat.code).to_be_visible()
    await shop.page.reload()
    await expect(shop.widget.button).to_have_accessible_name(re.compile("关闭客服窗口$"))
    await expect(chat.button("返回咨询").or_(chat.at.get_by_text("返回咨询"))).to_be_visible()

    await chat.button("收起").click()
    await shop.page.reload()
    await expect(chat.at.get_by_text("返回咨询")).to_be_attached()
    await expect(shop.widget.button).to_have_accessible_name(re.compile("打开客服窗口$"))
    await shop.widget.button.click()
    await chat.at.get_by_text("返回咨询").click()
    await chat.end()


async def test_the_button_stays_while_the_page_scrolls_and_the_open_chat_keeps_within_the_window(
    product, open_page
) -> None:
    shop = await Shop.enter(await open_page(), product)
    await _stays_in_sight_and_is_read(shop, {"width": 1280, "height": 500})
    await _stays_in_sight_and_is_read(shop, {"width": 390, "height": 600})
    chat = await shop.widget.open()
    await expect(chat.code).to_be_visible()
    window = shop.page.locator("iframe[src*='/chat?']")
    for width, height, above in ((1280, 800, 140), (1440, 900, 140), (1024, 600, 16), (700, 460, 16)):
        await shop.page.set_viewport_size({"width": width, "height": height})
        box = await window.bounding_box()
        button = await shop.widget.button.bounding_box()
        assert box
        assert button
        assert box["y"] >= above
        assert box["y"] + box["height"] <= button["y"]
        assert box["x"] >= 0


async def _stays_in_sight_and_is_read(shop: Shop, size: ViewportSize) -> None:
    """From the top of the page to its end, in one place; and its words stand out from it at every moment."""
    page, button = shop.page, shop.widget.button
    await page.set_viewport_size(size)
    await page.mouse.move(200, 300)
    place = await button.bounding_box()
    for _ in range(40):
        await expect(button).to_be_in_viewport(ratio=1)
        assert await button.bounding_box() == place
        assert await button.evaluate(IS_ON_TOP)
        if await page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 1"):
            break
        before = await page.evaluate("scrollY")
        await page.mouse.wheel(0, size["height"] / 2)
        await page.wait_for_function("before => scrollY > before", arg=before)
    assert await page.evaluate("scrollY") > size["height"], "the page was too short to show it"
    await button.hover()
    for shown in (await button.evaluate(COLOURS), await button.locator(".badge").evaluate(COLOURS)):
        assert _contrast(*shown) >= 4.5
    await page.evaluate("scrollTo(0, 0)")


def _contrast(words: list[int], ground: list[int]) -> float:
    """As WCAG measures it."""
    dark, light = sorted(map(_luminance, (words, ground)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: list[int]) -> float:
    shares = [part / 255 for part in colour]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


async def test_a_reply_while_the_window_is_closed_is_counted_on_the_button(product, open_page) -> None:
    shop = await Shop.enter(await open_page(), product)
    chat = await shop.widget.open()
    await chat.enter("24h")
    await expect(chat.timeline.get_by_text("您好，请先说说您的问题")).to_be_visible()
    await chat.say("在吗")
    await expect(chat.timeline.get_by_text("已送达")).to_be_visible()  # and so the greeting was read
    await chat.button("收起").click()
    await expect(shop.widget.button).to_have_accessible_name(re.compile("打开客服窗口$"))
    xiaoya = await Desk.enter(await open_page(), product, "xiaoya")
    await xiaoya.go_online()
    await xiaoya.accept("访客")
    await xiaoya.reply("您好，在吗？")
    await expect(shop.widget.button).to_have_accessible_name(re.compile("1 条新消息$"))
    await shop.widget.button.click()
    await expect(chat.timeline.get_by_text("您好，在吗？")).to_be_visible()
    await expect(xiaoya.timeline.get_by_text("已读")).to_be_visible()
    await chat.end()


async def test_signing_out_at_the_shop_makes_the_widget_forget_and_the_next_person_sees_nothing(
    product, open_page
) -> None:
    shop = await Shop.enter(await open_page(), product)
    await shop.sign_in("xiaolin")
    chat = await shop.widget.open()
    await expect(chat.at.get_by_text("小林")).to_be_visible()
    await chat.enter("km")
    await chat.say("卡密还没收到")
    await chat.button("收起").click()

    await shop.sign_out()
    await shop.widget.open()
    await expect(chat.at.get_by_text("访客", exact=True)).to_be_visible()
    await expect(chat.at.get_by_text("小林")).to_have_count(0)
    await expect(chat.at.get_by_text("卡密还没收到")).to_have_count(0)
    await chat.button("收起").click()

    await shop.sign_in("azhen")
    await shop.widget.open()
    await expect(chat.at.get_by_text("阿珍")).to_be_visible()
    await expect(chat.at.get_by_text("小林")).to_have_count(0)
    await expect(chat.at.get_by_text("正在排队，位置已保留")).to_have_count(0)
    await chat.button("收起").click()

    await shop.sign_out()
    await shop.sign_in("xiaolin")
    await shop.widget.open()
    await expect(chat.timeline.get_by_text("卡密还没收到")).to_be_visible()
    await chat.end()


async def _number(chat: Chat) -> str:
    await expect(chat.queue).to_contain_text(re.compile(r"排队号\s*A\d+"))
    found = re.search(r"排队号\s*(A\d+)", await chat.queue.inner_text())
    assert found
    return found[1]
