"""What operators do in the desk is true at the customer's side at once; and a shop that fails keeps nobody out."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Route, expect

from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk, Office, Shop, spaced
from tests.merchants import wechat_values

pytestmark = pytest.mark.browser


async def test_a_code_made_in_the_desk_works_at_once(product, open_page) -> None:
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.code.fill("fp")
    await chat.button("开始咨询").tap()
    await expect(chat.at.get_by_text("没有找到“fp”")).to_be_visible()
    await expect(chat.code).to_have_value("fp")

    office = await _office(await open_page(), product, "wang")
    form = await office.add("咨询代码", "添加代码")
    await form.get_by_label("代码", exact=True).fill("fp")
    await form.get_by_label("名称", exact=True).fill("发票开具")
    await office.choose("部门", "售后")
    await form.get_by_label("别名").fill("开发票")
    await form.get_by_label("别名").press("Enter")
    await form.get_by_label("欢迎语", exact=True).fill("您好，开票专员马上就来。")
    await office.save()

    await chat.enter("开 发票")
    await expect(chat.timeline).to_contain_text("已识别咨询代码 FP：发票开具")
    await expect(chat.timeline).to_contain_text("您好，开票专员马上就来。")
    await chat.end()
    await customer.reload()
    await expect(chat.at.get_by_role("button", name="发票开具 FP", exact=True)).to_be_visible()


async def test_enter_takes_no_article_that_what_is_typed_did_not_find(product, open_page) -> None:
    office = await _office(await open_page(), product, "wang")
    held = asyncio.Event()

    async def slow(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await office.page.route("**/desk/knowledge/articles?q=%E5%8F%91%E7%93%A2*", slow)
    form = await office.add("咨询代码", "添加代码")
    await office.choose("先由智能助手回复", "一篇文章")
    box = form.get_by_role("combobox", name="文章")
    found = office.page.locator(".ant-select-item-option:visible")
    await box.click()
    await expect(found.nth(1)).to_be_visible()
    await box.fill("发瓢")
    await box.press("Enter")  # the list still shows what was there before
    await expect(box).to_have_attribute("aria-expanded", "true")
    await expect(box).to_have_value("发瓢")
    held.set()
    await expect(found).to_have_text(["怎么开发票"])
    await box.press("Enter")
    await expect(box).to_have_attribute("aria-expanded", "false")
    await expect(form.get_by_title("怎么开发票")).to_be_visible()


async def test_the_connection_test_tells_what_the_shop_does_right_and_wrong(fresh_product, open_page) -> None:
    office = await _office(await open_page(), fresh_product, "wang")
    await office.edit("店铺连接", "青柠数卡")
    await office.form.get_by_role("button", name="开始测试").click()
    await expect(office.form.get_by_text("项检查全部通过")).to_be_visible()

    shop = await Shop.enter(await open_page(), fresh_product)
    await shop.switch_fault("签名错误", on=True)
    await office.form.get_by_role("button", name="开始测试").click()
    await expect(office.form.get_by_text("项检查未通过")).to_be_visible()


async def test_a_shop_that_is_down_is_named_and_the_customer_queues_all_the_same(fresh_product, open_page) -> None:
    shop = await Shop.enter(await open_page(), fresh_product)
    await shop.sign_in("azhen")
    await shop.switch_fault("接口宕机", on=True)
    number = await shop.open_order("话费")
    chat = await shop.widget.open()
    await chat.enter("cz")
    await expect(chat.queue).to_contain_text(re.compile(r"排队号\s*A\d+"))

    xiaomei = await Desk.enter(await open_page(), fresh_product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("阿珍")
    await expect(xiaomei.context).to_contain_text("店铺未应答")
    await expect(xiaomei.context).to_contain_text("订单与发卡记录")
    await expect(xiaomei.context).not_to_contain_text("运营商退回")

    back = await Shop.enter(await open_page(), fresh_product)
    await back.switch_fault("接口宕机", on=False)
    await xiaomei.context.get_by_role("button", name=re.compile("重 ?试")).click()
    await expect(xiaomei.context).to_contain_text("运营商退回")
    await expect(xiaomei.context).to_contain_text(number)
    await expect(xiaomei.context.get_by_text("店铺未应答")).to_have_count(0)


async def test_a_supervisor_reads_the_settings_and_changes_none(product, open_page) -> None:
    office = await _office(await open_page(), product, "chen")
    await office.go_to("咨询代码")
    await expect(office.page.get_by_role("note")).to_contain_text("只有运营人员可以修改")
    await expect(office.page.get_by_role("button", name="添加代码")).to_have_count(0)
    await office.page.get_by_role("button", name="充值问题").click()
    await expect(office.page.get_by_label("名称", exact=True)).to_be_disabled()


async def _office(page, product, login: str) -> Office:
    await Desk.enter(page, product, login)
    await page.get_by_role("link", name="管理").click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    return Office(page)


async def test_the_menu_folds_remembers_what_stands_open_and_fits_on_every_screen(product, open_page) -> None:
    page = await open_page()
    office = await _office(page, product, "wang")
    menu = page.get_by_role("navigation", name="管理")
    team, codes, answers = (menu.get_by_role("button", name=name) for name in ("团队", "代码", "回复"))
    await expect(team).to_have_attribute("aria-expanded", "true")
    await expect(menu.get_by_role("link", name="咨询代码")).to_have_count(0)
    await team.press("Enter")
    await expect(menu.get_by_role("link", name="部门")).to_be_visible()  # one is there
    await codes.press("Space")
    await expect(menu.get_by_role("link", name="咨询代码")).to_be_visible()
    await answers.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="智能助手", level=1)).to_be_visible()
    await expect(menu.get_by_role("link", name="部门")).to_have_count(0)
    await office.go_to("审计记录")
    await answers.press("Enter")
    await page.reload()
    await expect(menu.get_by_role("link", name="审计记录")).to_have_attribute("aria-current", "page")
    await expect(codes).to_have_attribute("aria-expanded", "true")
    await expect(answers).to_have_attribute("aria-expanded", "false")
    await expect(menu.get_by_role("link", name="演示数据")).to_be_in_viewport(ratio=1)
    assert await findings(page) == []
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(menu).to_have_count(0)
    opener = page.get_by_role("button", name="管理 运行 · 审计记录")
    await opener.press("Enter")
    await expect(codes).to_have_attribute("aria-expanded", "true")
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(opener).to_be_focused()
    await opener.press("Enter")
    await menu.get_by_role("link", name="活动码").press("Enter")
    await expect(page.get_by_role("heading", name="活动码", level=1)).to_be_visible()
    await expect(menu).to_have_count(0)


async def test_outside_opening_hours_a_customer_reads_so_and_leaves_a_message(product, open_page) -> None:
    """The operator and the customer are in London, the shop is in Shanghai."""
    office = await _office(await open_page(timezone_id="Europe/London"), product, "wang")
    banner = office.page.get_by_role("complementary").filter(has_text="Asia/Shanghai")
    await expect(banner).to_contain_text("您的电脑在 Europe/London")
    assert await findings(office.page) == []
    await banner.get_by_role("button", name="知道了").click()
    await expect(banner).to_have_count(0)
    form = await office.edit("服务时间", "全部部门（默认）")
    for day in ("周一", "周二", "周三", "周四", "周五", "周六", "周日"):
        await form.get_by_role("button", name=f"删除{day}第 1 段").click()
    await form.get_by_label("休息时显示的话", exact=True).fill("客服休息了，请留言。")
    await office.save()
    await expect(office.page.get_by_text("休息中").first).to_be_visible()
    await office.go_to("审计记录")
    told = office.page.locator("main time").first
    at = datetime.fromisoformat(await told.get_attribute("datetime") or "").astimezone(ZoneInfo("Asia/Shanghai"))
    await expect(told).to_have_text(f"{at:%Y/%m/%d %H:%M}")
    await expect(office.page.get_by_text("按店铺时间（Asia/Shanghai）")).to_be_visible()

    customer = await open_page(phone=True, timezone_id="Europe/London")
    await customer.goto(product.url)
    chat = Chat(customer)
    await expect(chat.at.get_by_role("region", name="客服休息了，请留言。")).to_contain_text(
        "店铺在 Asia/Shanghai 时区"
    )
    await expect(chat.at.get_by_role("button", name="充值问题 休息中 CZ")).to_be_visible()
    assert await findings(customer) == []
    await chat.at.get_by_role("button", name="给客服留言").tap()
    await expect(chat.queue).to_contain_text("客服休息了，请留言。")
    await expect(chat.queue).to_contain_text("店铺在 Asia/Shanghai 时区")
    await chat.say("订单还没到账")
    await chat.queue.get_by_role("button", name="不想等？改为留言").tap()
    await expect(chat.queue).not_to_contain_text("客服休息了")


async def test_an_operator_of_ones_own_takes_the_demo_away_and_stays(product, open_page) -> None:
    product.sql(
        "insert into agent (public_id, login, name, role, password_hash)"
        " select 'boss', 'boss', '老板', 'operator', password_hash from agent where login = 'wang'"
    )
    office = Office(await open_page())
    await office.page.goto(f"{product.url}/desk")
    await office.page.get_by_label("登录账号").fill("boss")
    await office.page.get_by_label("密码").fill(product.passwords["wang"])
    await office.page.keyboard.press("Enter")
    await office.page.get_by_role("link", name="管理").click()
    await office.go_to("演示数据")
    await expect(office.page.get_by_text("王店长、陈主管、小美、阿强、小雅")).to_be_visible()
    await office.page.get_by_role("button", name="删除演示数据").click()
    sure = office.page.get_by_role("dialog", name="确定删除演示数据吗？")
    await sure.get_by_label("请输入“青柠数卡”确认").fill("青柠")
    await office.page.keyboard.press("Enter")
    await expect(sure.get_by_role("alert")).to_contain_text("请原样输入")
    assert await findings(office.page) == []
    await sure.get_by_label("请输入“青柠数卡”确认").fill("青柠数卡")
    await office.page.keyboard.press("Enter")
    await expect(office.page.get_by_text("没有演示数据，或已经删除。")).to_be_visible()
    await office.go_to("人员")
    await expect(office.page.get_by_role("button", name="老板", exact=True)).to_be_visible()
    await expect(office.page.get_by_text("王店长")).to_have_count(0)
    await expect(office.page.get_by_role("link", name="演示数据", include_hidden=True)).to_have_count(0)


async def test_a_payment_account_is_connected_with_help_and_its_keys_are_never_shown_again(product, open_page) -> None:
    office = await _office(await open_page(), product, "wang")
    shop = await office.edit("店铺连接", "青柠数卡")
    await expect(shop.get_by_text("不能： 核验：查询密码")).to_have_count(0)  # not asked yet
    await shop.get_by_role("button", name="开始测试").click()
    await expect(shop.get_by_text("项检查全部通过")).to_be_visible()
    await expect(shop.get_by_role("listitem").filter(has_text="核验：查询密码")).to_contain_text("不能")
    await shop.get_by_role("button", name="接入 微信支付").press("Enter")
    account = office.page.get_by_role("dialog", name="青柠数卡 · 微信支付")
    await expect(account.get_by_text("不能收款、退款或关闭交易")).to_be_visible()
    entered = wechat_values("https://api.mch.weixin.qq.com")
    for field, name in (
        ("商户号", "mchid"),
        ("商户 API 证书序列号", "serial_no"),
        ("微信支付公钥", "platform_key"),
        ("微信支付公钥 ID", "platform_key_id"),
    ):
        await account.get_by_label(field, exact=True).fill(entered[name])
    await account.get_by_label("商户 API 私钥").fill("MIIE")
    await account.get_by_role("button", name=spaced("保存")).press("Enter")
    await expect(account.locator(".ant-form-item-explain-error")).to_have_count(1)
    await account.get_by_label("商户 API 私钥").fill(entered["private_key"])
    await account.get_by_role("button", name=spaced("保存")).press("Enter")
    await expect(shop.get_by_role("button", name="更改 微信支付")).to_be_visible()
    await shop.get_by_role("button", name="更改 微信支付").press("Enter")
    kept = account.get_by_label("商户 API 私钥")
    await expect(kept).to_have_value("")
    await expect(kept).to_have_attribute("placeholder", "已保存，留空则不变")
    assert "PRIVATE KEY" not in await office.page.content()
    assert await findings(office.page) == []
