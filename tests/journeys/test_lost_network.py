"""The agent's network goes for forty seconds while the customer writes on: nothing missing, doubled or disordered.

The forty seconds pass on the clock of the agent's page, which Playwright moves; that page's
own rules (35 s of silence are too many, up to 10 s between attempts) act as they would.  The
server is told of nothing: to it the agent's socket is one that does not answer.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.journeys.cable import Cable
from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser
AN_OUTAGE = 40_000  # milliseconds
WORDS = [f"第 {number} 句" for number in range(1, 9)]


@pytest.mark.parametrize("noticed", [True, False], ids=["socket closed", "socket dead and open"])
async def test_an_agent_offline_for_forty_seconds_misses_nothing(product, open_page, screenshot, noticed) -> None:
    chat = await _visitor(product, await open_page(phone=True))
    page = await open_page()
    await page.clock.install()
    cable = Cable(page)
    await cable.lay()
    aqiang = await Desk.enter(page, product, "aqiang")
    await aqiang.go_online()
    await aqiang.accept("访客")
    await chat.say(WORDS[0])
    await expect(aqiang.timeline.get_by_text(WORDS[0])).to_be_visible()

    await cable.tear(noticed=noticed)
    for words in WORDS[1:-1]:
        await chat.say(words)
    await page.clock.run_for(AN_OUTAGE)
    await expect(page.get_by_text("连接已断开，正在自动重连")).to_be_visible()
    await aqiang.reply("我在，请稍等")
    await expect(aqiang.timeline.get_by_text("发送中…")).to_be_visible()
    await chat.say(WORDS[-1])
    await chat.send_file(screenshot)
    await expect(chat.picture("payment.png")).to_be_visible()  # the customer's page has heard of what came since
    await expect(chat.timeline.get_by_text("我在，请稍等")).to_have_count(0)

    await cable.mend()
    await expect(page.get_by_text("连接已断开，正在自动重连")).to_be_hidden()
    await expect(aqiang.timeline.get_by_text(re.compile("^第 . 句$"))).to_have_text(WORDS)
    await expect(aqiang.picture("payment.png")).to_have_count(1)
    told = chat.timeline.get_by_text(re.compile("^(第 . 句|我在，请稍等)$"))
    await expect(told).to_have_text([*WORDS, "我在，请稍等"])
    await expect(aqiang.timeline.get_by_text("发送中…")).to_have_count(0)
    await expect(aqiang.timeline.get_by_text("我在，请稍等")).to_have_count(1)
    await chat.end()


async def test_what_a_customer_sends_without_a_network_goes_by_itself_files_too(
    product, open_page, screenshot, tmp_path
) -> None:
    page = await open_page(phone=True)
    cable = Cable(page)
    await cable.lay()
    chat = await _visitor(product, page)
    await cable.tear(noticed=True)
    empty = tmp_path / "empty.txt"
    empty.touch()
    await chat.send_file(empty)
    await expect(chat.timeline.get_by_text("这是一个空文件")).to_be_visible()
    await expect(chat.button("重新发送")).to_have_count(0)
    await chat.button("不发了").click()
    await chat.send_file(screenshot)
    await chat.say("没有网络也能写")
    await expect(chat.timeline.get_by_text("网络恢复后自动发送")).to_have_count(2)

    await cable.mend()
    await expect(chat.picture("payment.png").and_(page.locator("button img"))).to_be_visible()
    await expect(chat.timeline.get_by_text("网络恢复后自动发送")).to_have_count(0)
    await _too_many_files_at_once_stay_with_the_reason(chat, tmp_path)
    await chat.end()


async def _too_many_files_at_once_stay_with_the_reason(chat: Chat, folder: Path) -> None:
    files = [folder / f"截图 {number}.txt" for number in range(40)]
    for file in files:
        file.write_text("看")
    await chat.at.locator("input[type=file]").set_input_files(files)
    refused = chat.timeline.get_by_role("alert").filter(has_text=re.compile("操作太频繁，请 . 秒后再试。.*重新发送"))
    await expect(refused.first).to_be_visible()
    await expect(chat.timeline.get_by_text(re.compile("正在上传|发送中"))).to_have_count(0)
    for file in files:
        await expect(chat.timeline.get_by_text(file.name, exact=True)).to_have_count(1)


async def _visitor(product, page: Page) -> Chat:
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter("sh")
    return chat
