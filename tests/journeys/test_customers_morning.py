"""One customer's morning, from the shop's page to the text she keeps; docs/journeys/0003 tells it.

She types the code with a slip, leaves the queue and is back, writes while her network is gone, takes words back,
goes on in WeChat on the telephone, and ends it.  axe looks at every place on the way.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.journeys.axe import findings
from tests.journeys.cable import Cable
from tests.journeys.fitting import misfits
from tests.journeys.places import Chat, Desk, Shop

pytestmark = pytest.mark.browser
WECHAT = (
    "Mozilla/5.0 (Linux; Android 10; V1986A Build/QP1A.190711.020; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/80.0.3987.99 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.2.1860(0x28000234) Process/tools"
)
Found = dict[str, list[str]]


async def test_a_customers_morning(product, open_page, screenshot, tmp_path) -> None:
    page, found = await open_page(), Found()
    cable = Cable(page)
    await cable.lay()
    shop = await Shop.enter(page, product)
    chat = await shop.widget.open()
    await chat.code.fill("cz1")
    await chat.button("开始咨询").click()
    await expect(chat.timeline).to_contain_text("代码 CZ，您输入的是“cz1”")
    await _leaves_the_queue_and_is_back(chat, page, found)
    await _writes_without_a_network(chat, cable, screenshot)

    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    await expect(xiaomei.timeline.get_by_text("充了 50 元没有到账")).to_be_visible()
    await expect(xiaomei.picture("payment.png")).to_be_visible()
    await _takes_words_back(chat, xiaomei, page, found)

    link = await _link(chat)
    found["the link"] = await findings(page)
    phone = await open_page(phone=True, user_agent=WECHAT)
    other = await _goes_on_there(phone, link, found)
    await expect(chat.at.get_by_text("已在另一台设备上继续，这里照常可用。")).to_be_visible()
    await xiaomei.reply("已经到账了。")
    await expect(other.timeline.get_by_text("已经到账了。")).to_be_visible()
    await other.say("收到了，谢谢")
    await other.button("这条消息可以…").last.tap()
    await expect(other.button("复制")).to_be_visible()
    found["one's own words there"] = await findings(phone) + await misfits(phone)
    await _shows_a_text_to_copy(other, phone, found)

    await page.keyboard.press("Escape")
    await expect(chat.button("更多")).to_be_focused()
    kept = await _saved(chat, page, tmp_path)
    assert "我：收到了，谢谢\n" in kept
    assert "您撤回了一条消息" in kept
    assert "小白" not in kept
    await _ends_it_there(chat, other, phone, link)
    await chat.end()
    await expect(xiaomei.timeline).to_contain_text("会话由用户结束")
    found["the end"] = await findings(page)
    assert {place: lines for place, lines in found.items() if lines} == {}
    assert link.partition("#continue=")[2].partition("&")[0] not in "\n".join(product.said)


async def _leaves_the_queue_and_is_back(chat: Chat, page: Page, found: Found) -> None:
    await expect(chat.queue).to_contain_text("现在没有客服在线")
    await expect(chat.queue).to_contain_text(re.compile(r"排队号 ?A\d+"))
    number = re.search(r"排队号 ?A\d+", await chat.queue.inner_text())
    assert number
    await chat.button("离开").click()
    await expect(chat.button("继续等待")).to_be_focused()
    found["the question"] = await findings(page)
    await page.keyboard.press("Escape")
    await expect(chat.button("离开")).to_be_focused()
    await chat.button("离开").click()
    await chat.button("离开排队").click()
    await expect(chat.timeline).to_contain_text("您离开了排队")
    await expect(chat.at.get_by_text(re.compile(r"\d\d:\d\d 前回来，位置不变"))).to_be_visible()
    found["left"] = await findings(page)
    await chat.button("回到排队").click()
    await expect(chat.timeline).to_contain_text("您回到了排队，原来的位置还在")
    await expect(chat.queue).to_contain_text(number[0])


async def _writes_without_a_network(chat: Chat, cable: Cable, screenshot: Path) -> None:
    """What she thinks better of is never sent; the rest goes by itself."""
    await cable.tear(noticed=True)
    await chat.say("充了 50 元没有到账")
    await chat.say("算了不问了")
    await expect(chat.timeline.get_by_text("网络恢复后自动发送")).to_have_count(2)
    await chat.button("不发了").last.click()
    await expect(chat.timeline.get_by_text("算了不问了")).to_have_count(0)
    await cable.mend()
    await expect(chat.timeline.get_by_text("网络恢复后自动发送")).to_have_count(0)
    await chat.send_file(screenshot)
    await expect(chat.picture("payment.png").and_(chat.at.locator("button img"))).to_be_visible()


async def _takes_words_back(chat: Chat, desk: Desk, page: Page, found: Found) -> None:
    """By keyboard; the agent who has seen them sees them go, and nothing of them stays."""
    await chat.say("我的密保答案是小白")
    await expect(desk.timeline.get_by_text("我的密保答案是小白")).to_be_visible()
    opener = chat.button("这条消息可以…").last
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(chat.button("撤回")).to_be_focused()
    found["one's own words"] = await findings(page)
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await chat.button("撤回").press("Enter")
    await expect(chat.timeline).to_contain_text("您撤回了一条消息")
    await expect(desk.timeline).to_contain_text(re.compile("访客.* 撤回了一条消息"))
    await expect(desk.page.get_by_text("小白")).to_have_count(0)
    await expect(chat.button("重新编辑")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(chat.field).to_be_focused()
    await expect(chat.field).to_have_value("我的密保答案是小白")
    await chat.say("密保我记得，需要时再说")


async def _link(chat: Chat) -> str:
    await chat.button("更多").click()
    await chat.button("换设备继续").click()
    await expect(chat.at.get_by_role("img", name=re.compile("二维码"))).to_be_visible()
    return await chat.at.get_by_role("textbox", name="继续咨询的链接").input_value()


async def _goes_on_there(phone: Page, link: str, found: Found) -> Chat:
    await phone.goto(link)
    await expect(phone.get_by_text("您将以“访客”的身份继续。")).to_be_visible()
    assert "continue" not in phone.url
    found["the question there"] = await findings(phone)
    await phone.get_by_role("button", name="在这里继续").click()
    other = Chat(phone)
    await expect(other.timeline.get_by_text("充了 50 元没有到账")).to_be_visible()
    await expect(other.timeline.get_by_text("我的密保答案是小白")).to_have_count(0)
    return other


async def _shows_a_text_to_copy(chat: Chat, page: Page, found: Found) -> None:
    """WeChat's browser saves no files: the text is shown, and copied."""
    await chat.button("更多").click()
    await chat.button("保存聊天记录").click()
    text = chat.at.get_by_role("textbox", name="文字版聊天记录")
    await expect(text).to_have_value(re.compile("充了 50 元没有到账"))
    await expect(chat.button("保存为文件")).to_have_count(0)
    found["the transcript"] = await findings(page)
    await chat.button("复制全部").click()
    await expect(chat.at.get_by_text(re.compile("已复制全部内容|请长按文字"))).to_be_visible()
    await chat.button("关闭").click()


async def _saved(chat: Chat, page: Page, folder: Path) -> str:
    await chat.button("更多").click()
    await chat.button("保存聊天记录").click()
    async with page.expect_download() as saving:
        await chat.button("保存为文件").click()
    saved = await saving.value
    assert re.fullmatch(r"充值问题-\d{4}-\d\d-\d\d\.txt", saved.suggested_filename)
    await saved.save_as(folder / "saved.txt")
    await chat.button("关闭").click()
    return (folder / "saved.txt").read_bytes().decode()


async def _ends_it_there(chat: Chat, other: Chat, phone: Page, link: str) -> None:
    """The telephone forgets it, and the link was good once."""
    await chat.button("更多").click()
    await chat.button("换设备继续").click()
    await chat.button("结束那边").click()
    await expect(chat.at.get_by_text("那边已结束。")).to_be_visible()
    await chat.button("关闭").click()
    await expect(other.code).to_be_visible()
    await phone.goto(link)
    await expect(phone.get_by_text("这个链接已经用过了")).to_be_visible()
    await phone.get_by_role("button", name="先不继续").click()
    await expect(other.code).to_be_visible()
