"""The operator's first morning: from the one-time link of an empty installation to customers on a page of one's own.

Described in docs/journeys/0005-an-operators-first-morning.md.  Every page is looked at with axe on the way.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from playwright.async_api import Page, expect

from tests.journeys.axe import findings
from tests.journeys.places import OPEN_SHADOWS, Office, Widget, set_up_factor, spaced
from tests.upgrade.morning import mashang

pytestmark = pytest.mark.browser
PASSWORD = "a long enough one"
DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
LINK = re.compile(r"http://\S+/desk/first-run#\S+")


async def test_an_operators_first_morning(empty_product, open_page, tmp_path) -> None:
    link = next(found.group() for line in empty_product.said if (found := LINK.search(line)))
    early = await open_page(phone=True)
    await early.goto(empty_product.url)
    await expect(early.get_by_role("alert")).to_contain_text("客服还没有开通")
    office = await _claim(await open_page(), link)
    await _set_up(office)
    with _small_shop() as shop:
        snippet, (kid, secret) = await _add_a_site(office, shop.origin)
        token = _token(snippet, kid, secret)
        shop.page = f"<!doctype html><h1>店铺</h1>{snippet.replace('async', f'data-token={token}')}"
        await office.leave()
        await office.go_to("开始使用")
        await expect(office.page.get_by_text("还没有看到，正在等待…")).to_be_visible()
        await _a_signed_in_customer_queues(await open_page(), shop.origin)
        await expect(office.page.get_by_text(f"在 {shop.origin} 看到了“青柠数卡”的客服按钮")).to_be_visible()
        await expect(office.page.get_by_text("全部完成")).to_be_visible()
        assert await findings(office.page) == []
    await office.page.get_by_role("button", name="收起引导").click()
    await expect(office.page.get_by_role("button", name="找回使用引导")).to_be_visible()
    await _protect(office, empty_product.url)
    assert mashang(empty_product.home, "backup", str(tmp_path / "first.backup"))[0] == 0
    status, said = mashang(empty_product.home, "check", str(tmp_path / "first.backup"))
    assert status == 0, said
    await _read_the_audit(office)

    await early.reload()
    await expect(early.get_by_role("button", name="充值问题 CZ")).to_be_visible()
    stranger = await open_page()
    await stranger.goto(link)
    await expect(stranger.get_by_text("这个链接已失效")).to_be_visible()
    await expect(stranger.get_by_label("密码")).to_have_count(0)


async def _claim(page: Page, link: str) -> Office:
    await page.goto(link)
    await page.get_by_label("姓名").fill("店长")
    await page.get_by_label("登录账号").fill("boss")
    await page.get_by_label("密码", exact=True).fill(PASSWORD)
    await page.get_by_label("再输入一次").fill(PASSWORD)
    await page.get_by_role("button", name="创建并进入工作台").click()
    await expect(page.get_by_role("heading", name="开始使用")).to_be_visible()
    await expect(page.get_by_text("已完成 0/5")).to_be_visible()
    await page.get_by_role("button", name="建立部门").click()
    await expect(page.get_by_text("还没有部门")).to_be_visible()
    return Office(page)


async def _set_up(office: Office) -> None:
    form = await office.add("部门", "添加部门")
    await form.get_by_label("名称", exact=True).fill("充值")
    await office.save()
    form = await office.add("人员", "添加人员")
    await form.get_by_label("姓名").fill("小美")
    await form.get_by_label("登录账号").fill("xiaomei")
    await office.choose("所属部门", "充值")
    await expect(form.get_by_label("密码")).not_to_have_value("")
    await form.get_by_label("技能").fill("话费")
    await form.get_by_label("技能").press("Enter")
    assert await findings(office.page) == []
    password = await form.get_by_label("密码").input_value()
    await office.save()
    await expect(office.page.get_by_role("dialog").get_by_text(password)).to_be_visible()
    await office.page.get_by_role("button", name="我已保存").click()
    form = await office.add("咨询代码", "添加代码")
    await form.get_by_label("代码", exact=True).fill("cz")
    await form.get_by_label("名称", exact=True).fill("充值问题")
    await office.choose("部门", "充值")
    await office.save()
    await expect(office.page.get_by_role("cell", name="CZ 复制CZ")).to_be_visible()
    await _try_codes(office)
    await _set_hours(office)


async def _try_codes(office: Office) -> None:
    """A new code that is easily mistaken is named at once; what customers will type is tried."""
    form = await office.add("咨询代码", "添加代码")
    await form.get_by_label("代码", exact=True).fill("cx")
    await expect(form.get_by_text("与 CZ（充值问题）只差键盘上相邻的一个键。")).to_be_visible()
    assert await findings(office.page) == []
    await form.get_by_label("代码", exact=True).fill("tuik")
    await expect(form.get_by_text("容易混淆")).to_have_count(0)
    await form.get_by_role("button", name=spaced("取消")).click()
    await office.page.get_by_role("button", name=spaced("放弃修改")).click()
    await expect(office.form).to_be_hidden()
    await office.page.get_by_label("试一试").fill("冲值问题")
    await expect(office.page.get_by_text("直接进入：充值问题 (CZ)、并告诉用户已更正")).to_be_visible()
    assert await findings(office.page) == []


async def _set_hours(office: Office) -> None:
    form = await office.edit("服务时间", "全部部门（默认）")
    for number in range(7):
        await form.get_by_label(f"{DAYS[number]}第 1 段开始时间").fill("00:00")
        await form.get_by_label(f"{DAYS[number]}第 1 段结束时间").fill("24:00")
    assert await findings(office.page) == []
    await office.save()
    await expect(office.page.get_by_text("服务中").first).to_be_visible()


async def _protect(office: Office, url: str) -> None:
    """The shop is connected, and one's own account gets a second factor."""
    form = await office.add("店铺连接", "连接店铺")
    await form.get_by_label("名称", exact=True).fill("青柠数卡")
    await form.get_by_label("接口地址").fill("https://shop.example/connector/v1")
    await office.save()
    assert await findings(office.page) == []
    await office.page.goto(f"{url}/desk/account")
    await office.page.get_by_role("button", name=spaced("开启")).click()
    await set_up_factor(office.page, PASSWORD)
    await expect(office.page.get_by_text("已开启")).to_be_visible()
    assert await findings(office.page) == []


async def _read_the_audit(office: Office) -> None:
    """What was done this morning, by whom."""
    await office.page.get_by_role("link", name="管理").click()
    await office.go_to("审计记录")
    lines = office.page.locator("main ol")
    for done in (
        "添加了部门",
        "添加了人员",
        "添加了咨询代码",
        "设置了服务时间",
        "创建了登录密钥",
        "连接了店铺",
        "开启了自己的两步验证",
    ):
        await expect(lines).to_contain_text(done)
    assert await findings(office.page) == []


async def _add_a_site(office: Office, origin: str) -> tuple[str, list[str]]:
    """The embed snippet, and a signing key: kid, secret."""
    form = await office.add("站点", "添加站点")
    await form.get_by_label("名称", exact=True).fill("青柠数卡")
    await form.get_by_label("网站来源").fill(origin)
    await form.get_by_label("网站来源").press("Enter")
    await expect(form.get_by_text(re.compile(r"对比度 [\d.]+ : 1，清晰可见"))).to_be_visible()
    assert await findings(office.page) == []
    await office.save()
    await expect(form.get_by_text("只差一步")).to_be_in_viewport()  # the drawer stays: now it has what the shop needs
    await expect(form.locator("pre")).to_be_in_viewport(ratio=1)
    snippet = await form.locator("pre").inner_text()
    await form.get_by_role("button", name="创建密钥").click()
    told = office.page.get_by_role("dialog", name="新密钥").locator("code")
    await expect(told).to_have_count(2)
    key = await told.all_inner_texts()
    await office.page.get_by_role("button", name="我已保存").click()
    return snippet, key


def _token(snippet: str, kid: str, secret: str) -> str:
    """As a shop signs it, about 阿珍."""
    site = re.findall(r'data-site="(\w+)"', snippet)[0]
    claims = {"aud": site, "sub": "c-1", "name": "阿珍", "exp": int(time.time()) + 600}
    return jwt.encode({"alg": "HS256", "kid": kid}, claims, OctKey.import_key(secret))


async def _a_signed_in_customer_queues(page: Page, shop: str) -> None:
    await page.add_init_script(OPEN_SHADOWS)
    await page.goto(shop)
    chat = await Widget(page).open()
    await expect(chat.at.get_by_text("阿珍")).to_be_visible()
    await expect(chat.at.get_by_text("账号已确认")).to_be_visible()
    await chat.enter("cz")
    await expect(chat.queue).to_contain_text("现在没有客服在线")


class SmallShop(HTTPServer):
    """Whatever somebody who has just installed the product puts the snippet into: one page."""

    page = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: SmallShop

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.page.encode())

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def _small_shop() -> Iterator[SmallShop]:
    with SmallShop(("127.0.0.1", 0), _Answer) as shop:
        serving = Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        serving.start()
        yield shop
        shop.shutdown()
        serving.join()
