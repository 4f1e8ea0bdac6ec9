"""Two customers behind one busy agent: what they are told is true, and stays theirs."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.async_api import Locator, Page, expect

from tests.journeys.cable import Cable
from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser
ABOUT = re.compile(r"约 (\d+)–(\d+) 分钟")


async def test_two_behind_one_busy_agent_see_their_places_and_ranges(product, open_page) -> None:
    with psycopg.connect(product.dsn) as connection:
        connection.execute("update agent set capacity = 1")
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    served, second = [await _begins(product, await open_page(phone=True)) for _ in range(2)]
    page = await open_page(phone=True)
    cable = Cable(page)
    await cable.lay()
    third = await _begins(product, page)
    await aqiang.go_online()
    await aqiang.accept("访客")
    await expect(served.at.get_by_role("heading", name="阿强")).to_be_visible()

    await expect(second.queue).to_contain_text("下一位就是您")
    await expect(third.queue).to_contain_text("前面还有 1 位")
    sooner, later = await _range(second.queue), await _range(third.queue)
    assert sooner[0] < later[0]
    assert sooner[1] < later[1]

    number = await _number(third.queue)
    await third.at.reload()
    await expect(third.queue).to_contain_text("前面还有 1 位")
    told = await _range(third.queue)
    assert await _number(third.queue) == number
    assert (told[0] <= later[0], told[1] <= later[1]) == (True, True)  # time passed: it may be less, never more

    # Without a network the queue moves on; her place in it is hers, and told again when the network is back.
    await cable.tear(noticed=True)
    await expect(page.get_by_text("网络连接中断")).to_be_visible()
    await aqiang.close()
    await aqiang.accept("访客")
    await expect(second.at.get_by_role("heading", name="阿强")).to_be_visible()
    fourth = await _begins(product, await open_page(phone=True))
    await expect(third.queue).to_contain_text("前面还有 1 位")
    await cable.mend()
    await expect(page.get_by_text("网络连接中断")).to_be_hidden()
    await expect(third.queue).to_contain_text("下一位就是您")
    assert await _number(third.queue) == number
    await expect(fourth.queue).to_contain_text("前面还有 1 位")
    closer = await _range(third.queue)
    assert closer[1] < later[1]
    await expect(third.queue.get_by_role("status")).to_have_count(1)


async def _begins(product, page: Page) -> Chat:
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter("sh")
    await expect(chat.queue).to_contain_text("排队号")
    return chat


async def _range(card: Locator) -> tuple[int, int]:
    await expect(card).to_contain_text(ABOUT)
    found = ABOUT.search(await card.inner_text())
    assert found
    return int(found[1]), int(found[2])


async def _number(card: Locator) -> str:
    found = re.search(r"排队号 (A\d+)", await card.inner_text())
    assert found
    return found[1]
