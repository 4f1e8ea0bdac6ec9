"""Every page, in each state people meet it in, light and dark: axe finds nothing."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.journeys.axe import findings
from tests.journeys.fitting import misfits
from tests.journeys.places import Chat, Desk, Office, Shop, spaced

pytestmark = pytest.mark.browser


async def test_the_customers_pages(product, open_page, screenshot) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat, found = Chat(page), {}
    await _on_the_start_page(page, chat, found)
    await chat.enter("sh")
    await chat.send_file(screenshot)
    await expect(chat.picture("payment.png")).to_be_visible()
    await expect(chat.timeline).to_contain_text("已送达")  # what was being sent has given way to what has come
    await expect(chat.queue).to_contain_text("排队号")
    found["queue"] = await _flaws(page)
    await chat.picture("payment.png").click()
    await expect(chat.button("关闭图片")).to_be_visible()
    found["picture"] = await _flaws(page)
    await chat.button("关闭图片").click()
    await chat.button("表情").click()
    await expect(chat.button("👍")).to_be_visible()
    found["emoji"] = await _flaws(page)
    await chat.button("👍").press("Escape")
    await expect(chat.button("表情")).to_be_focused()
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    await aqiang.go_online()
    await aqiang.accept("访客")
    await aqiang.reply("您好，我在。")
    await expect(chat.timeline.get_by_text("您好，我在。")).to_be_visible()
    told = page.locator("[aria-live=polite]")
    await expect(told.get_by_text("阿强：您好，我在。")).to_have_count(1)
    await expect(told.get_by_text("没有这个")).to_have_count(0)  # nobody is read their own words
    found["chat"] = await _flaws(page)
    await chat.button("结束").click()
    found["the question"] = await _flaws(page)
    await chat.button("结束咨询").click()
    await expect(chat.button("继续咨询")).to_be_visible()
    found["closed"] = await _flaws(page)
    assert _of(found) == ""


async def _on_the_start_page(page: Page, chat: Chat, found: dict[str, list[str]]) -> None:
    await expect(chat.code).to_be_visible()
    found["start"] = await _flaws(page)
    await chat.code.fill("没有这个")
    await chat.button("开始咨询").click()
    await expect(chat.button("直接转人工")).to_be_visible()
    found["unknown code"] = await _flaws(page)
    await chat.button("填写账号").click()
    await chat.button("保存").click()
    found["empty claim"] = await _flaws(page)
    await chat.button("取消").click()
    await chat.button("验证身份").click()
    await chat.button("验证").click()
    found["empty proof"] = await _flaws(page)
    await chat.button("一次性验证码").click()
    found["one-time code"] = await _flaws(page)
    await chat.button("先不验证").click()
    await expect(chat.button("验证身份")).to_be_visible()
    await expect(page.locator("*:focus")).to_have_count(1)  # not lost with the sheet


async def test_the_widget_in_the_shop_and_the_shops_pages(product, open_page) -> None:
    page = await open_page(reduced_motion="reduce")  # what the shop reported may come at any moment
    shop, found = await Shop.enter(page, product), {}
    for path in ("/", "/p/xinghai-6480", "/sign-in", "/sign-up", "/contact", "/nothing-here"):
        await page.goto(product.shop_url + path)
        await expect(shop.widget.button).to_be_visible()
        found[path] = await findings(page)
    await shop.sign_in("xiaolin")
    for path in ("/orders", "/account", "/p/xinghai-6480", "/back"):
        await page.goto(product.shop_url + path)
        await expect(shop.widget.button).to_be_visible()
        found[path] = await findings(page)
    await shop.open_order("云朵网盘")
    await shop.widget.open()
    found["order with the widget open"] = await findings(page)
    assert _of(found) == ""


async def test_the_desk(product, open_page, screenshot) -> None:
    page = await open_page()
    await page.goto(f"{product.url}/desk")
    await page.get_by_label("登录账号").fill("nobody")
    await page.get_by_label("密码").fill("wrong")
    await page.get_by_role("button", name=spaced("登录")).click()
    await expect(page.get_by_role("alert").first).to_be_visible()
    found = {"sign-in": await findings(page)}
    xiaomei = await Desk.sign_in(page, product, "xiaomei")
    await xiaomei.go_online()
    await expect(page.get_by_text("您还没有进行中的会话")).to_be_visible()
    found["empty"] = await findings(page)

    shop = await Shop.enter(await open_page(), product)
    await shop.sign_in("azhen")
    await shop.open_order("话费")
    chat = await shop.widget.open()
    await chat.enter("cz")
    await chat.say("怎么还没到？")
    await expect(xiaomei.offers).to_contain_text("阿珍")
    found["offer"] = await findings(page)
    await xiaomei.accept("阿珍")
    await expect(xiaomei.context).to_contain_text("运营商退回")
    await xiaomei.send_file(screenshot)
    await expect(xiaomei.picture("payment.png")).to_be_visible()
    await page.get_by_text("内部备注", exact=True).click()
    found["conversation"] = await findings(page)
    await xiaomei.act("转接")
    await expect(page.get_by_role("radio", name="售后")).to_be_visible()
    found["transfer"] = await findings(page)
    await page.get_by_role("button", name=spaced("取消")).click()
    await chat.end()
    await expect(xiaomei.conversation.get_by_role("button", name="重新打开")).to_be_visible()
    found["closed"] = await findings(page)
    assert _of(found) == ""


async def test_the_administration(product, open_page) -> None:
    page = await open_page()
    await Desk.enter(page, product, "wang")
    await page.get_by_role("link", name="管理").click()
    office, found = Office(page), {}
    for name, one in (
        ("部门", "充值"), ("人员", "小美"), ("咨询代码", "充值问题"), ("站点", "青柠数卡"), ("店铺连接", "青柠数卡"),
    ):  # fmt: skip
        await office.go_to(name)
        await expect(page.get_by_role("table").first).to_be_visible()
        found[name] = await findings(page)
        await office.edit(name, one)
        found[f"{name}: {one}"] = await findings(page)
        await office.leave()
    await office.go_to("等待")
    await expect(page.get_by_text("最近七天没有用户排过队")).to_be_visible()
    found["等待"] = await findings(page)
    await office.go_to("审计记录")
    await expect(page.get_by_role("listitem").first).to_be_visible()
    found["审计记录"] = await findings(page)
    await page.goto(f"{product.url}/desk/account")
    await expect(page.get_by_label("当前密码")).to_be_visible()
    found["account"] = await findings(page)
    assert _of(found) == ""


async def test_first_run_and_the_page_of_the_api(empty_product, open_page) -> None:
    page = await open_page()
    link = next(word for line in empty_product.said for word in line.split() if "/first-run#" in word)
    await page.goto(link)
    await page.get_by_role("button", name="创建并进入工作台").click()
    await expect(page.get_by_text("请填写此项").first).to_be_visible()
    found = {"first run": await findings(page)}
    await page.goto(link.partition("#")[0] + "#secret=nonsense")
    await page.reload()
    await expect(page.get_by_text("这个链接已失效")).to_be_visible()
    found["a dead link"] = await findings(page)
    await _read_the_api(page, empty_product.url)
    found["the API"] = await findings(page)
    assert _of(found) == ""


async def _read_the_api(page: Page, url: str) -> None:
    await page.goto(f"{url}/docs")
    await expect(page.get_by_role("heading", level=2).first).to_be_visible()
    await page.locator("summary").first.click()


async def _flaws(page: Page) -> list[str]:
    """Of a customer's page, for everybody's eyes, ears and fingers."""
    return await findings(page) + await misfits(page)


def _of(found: dict[str, list[str]]) -> str:
    """For people who mend it: the states with something in them."""
    return "\n".join(f"{state}\n  {line}" for state, lines in found.items() for line in lines)
