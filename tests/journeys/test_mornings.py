"""A morning at the desk from sign-in to sign-out: an agent's and a supervisor's.

The stories are docs/journeys/0004-two-mornings-at-the-desk.md.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.journeys.axe import findings
from tests.journeys.listening import hears, listen, times_said
from tests.journeys.places import Chat, Desk, spaced

pytestmark = pytest.mark.browser

WIDE = {"width": 1680, "height": 1050}


def _pane(desk: Desk, words: str) -> Locator:
    """The conversation in which something was said."""
    panes = desk.page.get_by_role("region", name=re.compile("^与 .+ 的会话$"))
    return panes.filter(has=desk.page.get_by_role("log").filter(has_text=words))


async def _asks(page: Page, product, words: str) -> Chat:
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter("cz")
    await chat.say(words)
    return chat


async def test_an_agents_morning(product, open_page, screenshot: Path) -> None:
    page = await open_page()
    await listen(page)
    desk = await Desk.sign_in(page, product, "xiaomei")
    keys = page.keyboard
    await page.set_viewport_size(WIDE)
    await expect(desk.presence).to_be_checked()
    caller = await open_page(phone=True)
    await listen(caller)
    first = await _asks(caller, product, "第一件事")
    await hears(page, "第一件事")
    await hears(caller, "下一位就是您")
    assert await findings(page) == []
    await keys.press("a")
    one = _pane(desk, "第一件事")
    await expect(one).to_be_visible()
    await page.wait_for_url("**/c/*")
    row = page.locator(f"a[href$='/c/{page.url.rpartition('/')[2]}']")
    await _answers_and_notes(desk, first)
    assert await times_said(caller, "话费一般 10 分钟内到账") == 1

    await page.get_by_role("log").focus()
    await keys.press("s")
    second = await _asks(await open_page(phone=True), product, "第二件事")
    await expect(desk.offers).to_have_count(1)
    await keys.press("a")
    two = _pane(desk, "第二件事")
    await expect(two).to_be_visible()
    await _writes_in_both(desk, one, two, screenshot)
    await _is_told_of_what_comes_beside(desk, one, two, second)
    await _puts_away_and_takes_back(desk, one, two, row)
    await one.get_by_role("textbox").press("Enter")
    await expect(first.picture("payment.png")).to_be_visible()
    await page.reload()
    await expect(two.get_by_role("textbox")).to_have_value("给第二位的话")

    await _folds_and_finds(desk, one, two)
    await _puts_aside_until_they_write(desk, two, second)
    await _hands_on_and_goes_home(desk, one, two, first)


async def _answers_and_notes(desk: Desk, chat: Chat) -> None:
    """A canned reply for the customer, a note for the supervisor; no hand on the mouse."""
    keys = desk.page.keyboard
    await keys.press("r")
    await expect(desk.field).to_be_focused()
    await keys.type("/dz")
    await expect(desk.page.get_by_role("listbox", name="快捷回复").get_by_role("option").first).to_be_visible()
    await keys.press("Enter")
    await expect(desk.field).to_have_value(re.compile("^话费一般 10 分钟内到账"))
    await keys.press("Enter")
    await expect(chat.timeline).to_contain_text("话费一般 10 分钟内到账")
    await desk.timeline.focus()
    await keys.press("n")
    note = desk.page.get_by_role("textbox", name="备注内容")
    await expect(note).to_be_focused()
    await keys.type("请 @陈")
    await expect(desk.page.get_by_role("listbox", name="提到同事").get_by_role("option")).to_have_count(1)
    await keys.press("Enter")
    await expect(note).to_have_value("请 @陈主管 ")
    await keys.type("看一下能不能退")
    await keys.press("Enter")
    await expect(desk.timeline.get_by_text("@陈主管")).to_be_visible()
    await expect(chat.timeline).not_to_contain_text("能不能退")
    await desk.timeline.focus()
    await keys.press("r")


async def _writes_in_both(desk: Desk, one: Locator, two: Locator, screenshot: Path) -> None:
    """Each draft and each file stays where it was begun; the keys change sides."""
    keys = desk.page.keyboard
    await keys.press("r")
    await expect(two.get_by_role("textbox")).to_be_focused()
    await keys.type("给第二位的话")
    await keys.press("Control+[")
    await expect(one.get_by_role("textbox")).to_be_focused()
    await keys.type("给第一位的话")
    await one.locator("input[type=file]").set_input_files(screenshot)
    await expect(one.get_by_role("button", name="移除 payment.png")).to_be_visible()
    await expect(one.get_by_role("textbox")).to_have_value("给第一位的话")
    await expect(two.get_by_role("textbox")).to_have_value("给第二位的话")


async def _is_told_of_what_comes_beside(desk: Desk, one: Locator, two: Locator, second: Chat) -> None:
    """It is counted there and read only when one goes there, and no second voice reads it out."""
    await second.say("还在吗？")
    await expect(two.get_by_role("heading")).to_contain_text("1 条未读")
    await expect(two.get_by_role("log")).to_contain_text("还在吗？")
    assert await times_said(desk.page, "还在吗？") == 0
    assert await findings(desk.page) == []
    await one.get_by_role("textbox").press("Control+]")
    await expect(two.get_by_role("heading")).not_to_contain_text("未读")
    await second.say("我再等等")
    await expect(two.get_by_role("log")).to_contain_text("我再等等")
    assert await times_said(desk.page, "我再等等") == 1


async def _puts_away_and_takes_back(desk: Desk, one: Locator, two: Locator, row: Locator) -> None:
    """With its draft and its file, by keyboard."""
    keys = desk.page.keyboard
    await keys.press("Control+[")
    await one.get_by_role("log").focus()
    await keys.press("x")
    await expect(one).to_have_count(0)
    await expect(two).to_be_focused()
    await keys.press("s")
    await row.press("Enter")
    await expect(one.get_by_role("textbox")).to_have_value("给第一位的话")
    await expect(one.get_by_role("button", name="移除 payment.png")).to_be_visible()


async def _folds_and_finds(desk: Desk, one: Locator, two: Locator) -> None:
    """A narrower window shows one; the other is a tab.  What was said is found by half of its words."""
    page, keys = desk.page, desk.page.keyboard
    await expect(one).to_be_visible()
    await page.set_viewport_size({"width": 1280, "height": 720})
    await expect(two).to_have_count(0)
    await expect(page.get_by_role("navigation", name="打开的会话").get_by_role("link")).to_have_count(2)
    assert await findings(page) == []
    await keys.press("/")
    field = page.get_by_role("combobox", name="查找")
    await expect(field).to_be_focused()
    await keys.type("第二件")
    await expect(page.get_by_role("option").first).to_contain_text("第二件事")
    assert await findings(page) == []
    await keys.press("Enter")
    await expect(two.locator("[data-wanted]")).to_be_focused()
    await expect(two.get_by_role("textbox")).to_have_value("给第二位的话")


async def _puts_aside_until_they_write(desk: Desk, two: Locator, second: Chat) -> None:
    """What comes back by itself is told; what one fetches back oneself is not."""
    page, head = desk.page, two.get_by_role("heading").locator("..")
    for fetches in (True, False):
        await two.get_by_role("button", name="更多操作").click()
        await page.get_by_role("menuitem", name="稍后处理").click()
        dialog = page.get_by_role("dialog", name="稍后处理")
        await dialog.get_by_role("radio", name="等用户回复").check()
        assert await findings(page) == []
        await dialog.get_by_role("button", name="稍后处理").click()
        await expect(head).to_contain_text("稍后处理，等用户回复")
        if fetches:
            await two.get_by_role("button", name="现在处理").click()
            await expect(head).not_to_contain_text("稍后处理")
            await expect(page.get_by_text("的会话回来了")).to_have_count(0)
    await second.say("我回来了")
    await expect(page.get_by_text("的会话回来了")).to_be_visible()
    await expect(two.get_by_role("log")).to_contain_text("用户回复了，会话回到接待中")
    await expect(second.timeline).not_to_contain_text("稍后处理")


async def _hands_on_and_goes_home(desk: Desk, one: Locator, two: Locator, first: Chat) -> None:
    """One to after-sale, one to its end, by keys; with one left, who signs out is asked first."""
    page, keys = desk.page, desk.page.keyboard
    await two.get_by_role("log").focus()
    await keys.press("[")
    await expect(one).to_be_focused()
    await keys.press("t")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name=re.compile("^售后")).press("Space")
    await dialog.get_by_label("备注（仅同事可见，可不填）").fill("请退款")
    assert await findings(page) == []
    await dialog.get_by_role("button", name=spaced("转接")).press("Enter")
    await expect(first.timeline).to_contain_text("已转到“售后”")
    await expect(one).to_have_count(0)
    await expect(two).to_be_visible()

    menu = page.get_by_role("button", name="小美 的菜单")
    await menu.press("Enter")
    await page.get_by_role("menuitem", name="退出登录").click()
    await expect(dialog).to_contain_text("您还有 1 个会话没有结束")
    await dialog.get_by_role("button", name="留下继续").press("Enter")
    await expect(dialog).to_be_hidden()
    await two.get_by_role("log").focus()
    await keys.press("e")
    await dialog.get_by_role("button", name=spaced("结束")).press("Enter")
    await expect(two.get_by_role("button", name="重新打开")).to_be_visible()
    await menu.press("Enter")
    await page.get_by_role("menuitem", name="退出登录").click()
    await expect(page.get_by_label("登录账号")).to_be_visible()


async def test_a_supervisors_morning(product, open_page) -> None:
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await expect(xiaomei.presence).to_be_checked()
    customer = await open_page(phone=True)
    chat = await _asks(customer, product, "钱付了没到账")
    await xiaomei.accept("访客")
    chen = await Desk.sign_in(await open_page(), product, "chen")
    page = chen.page
    await page.keyboard.press("b")
    await expect(page.get_by_role("heading", name="实时看板")).to_be_visible()
    assert await findings(page) == []
    waiting = await open_page(phone=True)
    await waiting.goto(product.url)
    await Chat(waiting).enter("sh")
    await expect(page.get_by_role("listitem").filter(has_text="无人可接")).to_contain_text("售后")
    await _whispers_and_reads_why(chen, xiaomei)
    await _joins(chen, xiaomei, chat)
    await _sets_away_and_reassigns(chen, xiaomei, chat)
    await _narrows_and_exports(chen)
    await page.get_by_role("button", name="陈主管 的菜单").press("Enter")
    await page.get_by_role("menuitem", name="退出登录").click()
    await expect(page.get_by_label("登录账号")).to_be_visible()


async def _whispers_and_reads_why(chen: Desk, xiaomei: Desk) -> None:
    page = chen.page
    await page.get_by_role("button", name="小美", exact=True).press("Enter")
    await page.get_by_role("button", name="悄悄话").press("Enter")
    await page.get_by_role("textbox", name="只有同事能看到").fill("先查渠道再答复")
    assert await findings(page) == []
    await page.get_by_role("button", name=spaced("发送")).press("Enter")
    await expect(xiaomei.timeline.get_by_text("先查渠道再答复")).to_be_visible()
    await page.get_by_role("button", name="分配记录").press("Enter")
    why = page.get_by_role("dialog", name=re.compile("^分配记录"))
    await expect(why).to_contain_text("派给小美")
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await expect(why).to_be_hidden()


async def _joins(chen: Desk, xiaomei: Desk, chat: Chat) -> None:
    page = chen.page
    await page.get_by_role("link", name="访客").press("Enter")
    await expect(xiaomei.page.get_by_text("陈主管也在看")).to_be_visible()
    await chen.act("更多操作")
    await page.get_by_role("menuitem", name="加入会话").click()
    await page.get_by_role("dialog").get_by_role("button", name="加入会话").press("Enter")
    await expect(chat.timeline.get_by_text("主管 陈主管 加入会话")).to_be_visible()
    await page.keyboard.press("r")
    await chen.reply("我是主管，马上处理")
    await expect(chat.timeline.get_by_text("我是主管，马上处理")).to_be_visible()
    await expect(chat.timeline.get_by_text("先查渠道再答复")).to_have_count(0)
    await expect(xiaomei.page.get_by_text("陈主管已加入")).to_be_visible()
    assert await findings(page) == []
    await chen.act("退出会话")
    await expect(chat.timeline.get_by_text("主管 陈主管 离开会话")).to_be_visible()
    await expect(xiaomei.page.get_by_text("陈主管已加入")).to_have_count(0)


async def _sets_away_and_reassigns(chen: Desk, xiaomei: Desk, chat: Chat) -> None:
    page = chen.page
    await chen.timeline.focus()
    await page.keyboard.press("b")
    await page.get_by_role("button", name="把小美设为离开").press("Enter")
    await page.get_by_role("dialog").get_by_role("button", name="设为离开").press("Enter")
    await expect(xiaomei.presence).not_to_be_checked()
    await page.get_by_role("button", name="小美", exact=True).press("Enter")
    await page.get_by_role("button", name=spaced("改派")).press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("^转接"))
    await dialog.get_by_role("radio", name=re.compile("^售后")).press("Space")
    await dialog.get_by_role("button", name=spaced("转接")).press("Enter")
    await expect(chat.timeline).to_contain_text("已转到“售后”")
    await expect(dialog).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog").locator("visible=true")).to_have_count(0)
    banner = xiaomei.page.get_by_role("alert").filter(has_text="陈主管已将您设为离开")
    assert await findings(xiaomei.page) == []
    await banner.get_by_role("button", name=spaced("恢复在线")).press("Enter")
    await expect(xiaomei.presence).to_be_checked()
    await expect(banner).to_have_count(0)


async def _narrows_and_exports(chen: Desk) -> None:
    """A list is narrowed, kept under a name, kept as a file, and whole again."""
    page = chen.page
    await page.get_by_role("link", name="工作台", exact=True).press("Enter")
    lists = page.get_by_role("complementary", name="会话列表")
    await lists.get_by_text(re.compile("^全部")).click()
    await lists.get_by_role("button", name="筛选").press("Enter")
    dialog = page.get_by_role("dialog", name="筛选会话")
    await dialog.get_by_role("textbox", name="咨询代码").fill("km")
    await dialog.get_by_role("textbox", name="视图名称").fill("卡密的")
    await dialog.get_by_role("button", name="保存为视图").press("Enter")
    await expect(dialog.get_by_role("list", name="视图")).to_contain_text("卡密的")
    assert await findings(page) == []
    async with page.expect_download() as saved:
        await dialog.get_by_role("button", name="导出当前列表").press("Enter")
    assert (await saved.value).suggested_filename == "conversations.csv"
    await page.keyboard.press("Escape")
    focused = await page.evaluate("document.activeElement.textContent")
    assert focused == "筛选 1"  # at once: the next key is meant for it
    await expect(lists.get_by_text("没有符合筛选的会话")).to_be_visible()
    await expect(lists).to_contain_text("卡密的")
    await lists.get_by_role("button", name="清除筛选").press("Enter")
    await expect(lists.get_by_role("link", name="访客").first).to_be_visible()
