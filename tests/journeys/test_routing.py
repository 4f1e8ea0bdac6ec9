"""Who gets whom, seen by those who wait and those who answer for it."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.async_api import expect

from tests.journeys.places import Chat, Desk, Shop, spaced
from tests.running import running_from

pytestmark = pytest.mark.browser


def ask(product, sql: str) -> None:
    """Change what a test needs changed, behind the product's back."""
    with psycopg.connect(product.dsn) as connection:
        connection.execute(sql.encode())


async def begins(product, open_page, code: str) -> Chat:
    """A visitor who waits."""
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter(code)
    return chat


async def more(desk: Desk, what: str) -> None:
    """One of the things done seldom with the open conversation."""
    await desk.conversation.get_by_role("button", name="更多操作").click()
    await desk.page.get_by_role("menuitem", name=what).click()


async def test_a_proved_vip_moves_ahead_of_an_earlier_visitor_behind_one_busy_agent(product, open_page) -> None:
    ask(product, "update agent set capacity = 1")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await begins(product, open_page, "cz")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    earlier = await begins(product, open_page, "cz")
    await expect(earlier.queue).to_contain_text("下一位就是您")
    shop = await Shop.enter(await open_page(), product)
    await shop.sign_in("xiaolin")
    chat = await shop.widget.open()
    await chat.enter("cz")
    await expect(chat.queue).to_contain_text("下一位就是您")
    await expect(earlier.queue).to_contain_text("前面还有 1 位")

    await xiaomei.close()
    await xiaomei.accept("小林")
    await expect(earlier.queue).to_contain_text("下一位就是您")
    await more(xiaomei, "分配记录")
    why = xiaomei.page.get_by_role("dialog")
    await expect(why).to_contain_text("享有优先，当作早来 5 分钟排队")
    await expect(why).to_contain_text("派给小美")


@pytest.fixture
def impatient_product(started_once):
    """A product that gives agents six seconds to come back."""
    with running_from(started_once, MASHANG_ABSENCE_GRACE="6") as started:
        yield started


async def test_an_agent_vanishes_and_the_customer_keeps_number_and_place(impatient_product, open_page) -> None:
    product = impatient_product
    page = await open_page()
    xiaomei = await Desk.enter(page, product, "xiaomei")
    await xiaomei.go_online()
    first = await begins(product, open_page, "cz")
    number = await _number(first)
    await xiaomei.accept("访客")
    await expect(first.at.get_by_role("heading", name="小美")).to_be_visible()
    await page.context.close()
    await expect(first.timeline).to_contain_text("客服小美暂时断线了")
    await expect(first.timeline.get_by_text(f"排队号 {number}")).to_have_count(2)

    chen = await Desk.enter(await open_page(), product, "chen")
    await chen.page.get_by_role("complementary", name="会话列表").get_by_text("排队").first.click()
    await chen.page.get_by_role("link", name="访客").filter(has_text="CZ").click()
    await more(chen, "分配记录")
    why = chen.page.get_by_role("dialog")
    await expect(why).to_contain_text("小美断线超过 0.1 分钟，会话回到队列，保留原来的位置和排队号")
    await expect(why).to_contain_text("派给小美")


async def test_a_transfer_shows_who_sent_it_and_why_and_a_refusal_is_told(product, open_page) -> None:
    ask(product, "insert into membership select d.id, a.id from department d, agent a where a.login = 'xiaoya'"
                 " and d.name = '充值'")  # fmt: skip
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await begins(product, open_page, "cz")
    await xiaomei.accept("访客")
    xiaoya = await Desk.enter(await open_page(), product, "xiaoya")
    await xiaoya.go_online()
    await xiaomei.act("转接")
    dialog = xiaomei.page.get_by_role("dialog")
    await dialog.get_by_text("转给客服", exact=True).click()
    await dialog.get_by_role("radio", name=re.compile("^小雅")).check()
    await dialog.get_by_label("备注（仅同事可见，可不填）").fill("熟客，请先看第二笔订单")
    await dialog.get_by_role("button", name=spaced("转接")).click()
    await expect(xiaoya.offers).to_contain_text("小美 转来")
    await expect(xiaoya.offers).to_contain_text("熟客，请先看第二笔订单")
    await xiaoya.offers.get_by_role("button", name=spaced("拒绝")).click()
    await expect(xiaomei.page.get_by_text(re.compile("小雅 谢绝了您转去的会话"))).to_be_visible()


async def _number(chat: Chat) -> str:
    await expect(chat.timeline).to_contain_text("排队号")
    found = re.search(r"排队号 (A\d+)", await chat.timeline.inner_text())
    assert found
    return found[1]
