"""A code is never identity: what a stranger sees, and what a proved owner does.

The story is docs/journeys/0002-a-code-is-never-identity.md.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from mashang.codes import minted
from tests.journeys.places import Chat, Desk, Shop
from tests.patience import until
from tests.running import Product

pytestmark = pytest.mark.browser

PHONE = "13922224321"  # 阿珍's, known to the shop alone


async def test_digits_behind_a_topic_mean_an_order_of_ones_own_and_proof_comes_first(product, open_page) -> None:
    owner = await Shop.enter(await open_page(), product)
    await owner.sign_in("azhen")
    number = await owner.open_order("话费")
    page = await open_page()
    chat = await enters(page, product)
    await asks(chat, f"dd{number[-3:]}")
    await expect(chat.at.get_by_text(f"要查以 {number[-3:]} 结尾的订单，请先在上面验证身份")).to_be_visible()

    await proves_the_account(chat, owner.page, product)
    await expect(chat.field).to_be_visible()  # what had been asked is answered now, without asking again
    await expect(chat.at.get_by_text(number).first).to_be_visible()
    await expect(chat.timeline).to_contain_text(number)
    await chat.button("返回").click()
    await expect(chat.at.get_by_text("阿珍")).to_be_visible()
    await asks(chat, f"dd{number[-3:]}")  # asked again, one goes on where this order is talked about already
    await expect(chat.timeline.get_by_text(f"dd{number[-3:]}", exact=True)).to_have_count(2)

    visitor = await enters(await open_page(), product)
    await visitor.button("验证身份").click()
    await guesses(visitor, number, PHONE[-4:])
    await expect(visitor.at.get_by_text(f"订单 {number} 已验证")).to_be_visible()


async def test_a_foreign_an_expired_and_an_invented_code_look_the_same_to_a_stranger(product, open_page) -> None:
    owner = await Shop.enter(await open_page(), product)
    await owner.sign_in("azhen")
    await owner.open_order("话费")
    chat = await owner.widget.open()
    code = await sees_the_code(chat)
    seen = [await what_a_stranger_sees(await open_page(), product, given) for given in (code, invented())]
    product.sql("update minted_code set expires_at = app_now() - interval '1 day'")
    seen.append(await what_a_stranger_sees(await open_page(), product, code))

    async def alike() -> bool:
        words = [await one() for one in seen]
        return len(set(words)) == 1 and "已记下专属代码" in words[0]

    await until(alike, "the same words for all three")
    await expect(chat.at.get_by_text(code, exact=True)).to_be_visible()  # its owner still sees it
    # Only now: an offer that nobody takes changes what those who wait are told.
    agent = await Desk.enter(await open_page(), product, "xiaomei")
    await agent.go_online()
    await agent.offers.first.get_by_role("button", name=re.compile("接 ?入")).click()
    await expect(agent.context).to_contain_text("声称，未验证")


async def test_wrong_last_four_five_times_from_one_side_while_the_owner_signs_in_and_is_served(
    product, open_page
) -> None:
    owner = await Shop.enter(await open_page(), product)
    await owner.sign_in("azhen")
    number = await owner.open_order("话费")
    guesser = await enters(await open_page(), product)
    await guesser.button("验证身份").click()
    for digits in ("0000", "1111", "2222", "3333", "4444"):
        await guesses(guesser, number, digits)
        await expect(guesser.at.get_by_text("信息不符，未能验证")).to_be_visible()
    await guesses(guesser, number, PHONE[-4:])
    await expect(guesser.at.get_by_text("今天的后四位验证次数已用完")).to_be_visible()
    await expect(guesser.button("一次性验证码")).to_be_visible()

    chat = await owner.widget.open()
    await expect(chat.at.get_by_text(number).first).to_be_visible()
    await chat.enter("cz")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("阿珍")
    await expect(xiaomei.context).to_contain_text("身份已核实")
    await expect(xiaomei.context).to_contain_text("到账记录")


async def test_a_visitor_who_proves_an_order_is_told_its_status_and_joins_the_account_with_a_yes(
    product, open_page
) -> None:
    owner = await Shop.enter(await open_page(), product)
    await owner.sign_in("azhen")
    number = await owner.open_order("话费")
    chat = await enters(await open_page(), product)
    await chat.enter("cz")
    product.sql(f"update conversation set order_number = '{number}'")
    await chat.at.reload()  # type: ignore[union-attr]  # of the three only a frame cannot
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    await expect(xiaomei.context).to_contain_text("自报，未核实")
    await chat.button("验证身份").click()
    await guesses(chat, number, PHONE[-4:])
    await expect(chat.timeline).to_contain_text(f"订单 {number} 已验证")
    await expect(xiaomei.context).to_contain_text("订单已验证（后四位）")
    await expect(xiaomei.context).not_to_contain_text("到账记录")

    await chat.at.reload()  # type: ignore[union-attr]  # of the three only a frame cannot
    await chat.button("返回").click()
    await expect(chat.code).to_be_visible()
    await proves_the_account(chat, owner.page, product)
    await chat.button("是我的，并入账号").click()
    await expect(chat.button("撤销")).to_be_visible()
    await expect(xiaomei.context).to_contain_text("身份已核实")
    await expect(xiaomei.context).to_contain_text("到账记录")
    await chat.button("撤销").click()
    await expect(chat.button("撤销")).to_be_hidden()


async def enters(page: Page, product: Product) -> Chat:
    """A visitor on the phone page."""
    await page.goto(product.url)
    chat = Chat(page)
    await expect(chat.code).to_be_visible()
    return chat


async def asks(chat: Chat, code: str) -> None:
    """Type into the code box and go."""
    await chat.code.fill(code)
    await chat.button("开始咨询").click()


async def guesses(chat: Chat, number: str, digits: str) -> None:
    """One try at the last four."""
    await chat.at.get_by_role("textbox", name="订单号").fill(number)
    await chat.at.get_by_role("textbox", name="手机号后四位").fill(digits)
    await chat.button("验证").click()


async def proves_the_account(chat: Chat, shop: Page, product: Product, login: str = "azhen") -> None:
    """Ask for a one-time code, read it where the shop shows what it sends, and enter it."""
    await expect(chat.button("一次性验证码").or_(chat.button("验证身份")).first).to_be_visible()
    if await chat.button("一次性验证码").count() == 0:
        await chat.button("验证身份").click()
    await chat.button("一次性验证码").click()
    await chat.at.get_by_role("textbox", name="注册手机号或用户名").fill(login)
    await chat.button("获取验证码").click()
    await expect(chat.at.get_by_role("textbox", name="收到的验证码")).to_be_visible()
    await shop.goto(f"{product.shop_url}/back")
    sent = re.search(r"\d{6}", await shop.locator(".ledger li", has_text="核验码").first.inner_text())
    assert sent
    await chat.at.get_by_role("textbox", name="收到的验证码").fill(sent[0])
    await chat.button("验证").click()
    await expect(chat.at.get_by_role("textbox", name="收到的验证码")).to_be_hidden()


async def sees_the_code(chat: Chat) -> str:
    """The service code of the order one came from: minted when its page was drawn."""
    shown = chat.at.locator(".own-code strong")
    await expect(shown).to_have_text(re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}"))
    return await shown.inner_text()


def invented() -> str:
    """A code with a right check character that nobody minted, behind the topic the shop's codes stand behind."""
    return minted.written(minted.draw(), "DD")


async def what_a_stranger_sees(page: Page, product: Product, code: str) -> Callable[[], Awaitable[str]]:
    """The conversation that a code opens, as words whenever it is looked at, without the code and the clock."""
    chat = await enters(page, product)
    await asks(chat, code)
    await expect(chat.timeline).to_contain_text("已记下专属代码")
    await expect(chat.queue).to_contain_text("排队号")
    await expect(chat.button("验证身份")).to_be_visible()

    async def looked_at() -> str:
        told = await page.locator(".conversation").inner_text()
        return re.sub(r"\d+:\d+|排队号 ?A\d+|前面还有 \d+ 位|下一位就是您", "", told.replace(code, "CODE"))

    return looked_at
