"""The places people are in, the shop, the chat and the desk, and what they do there.

Everything is found by its role and its visible words, as people and screen readers
find it.  Waiting is for something to be seen, never for time to pass.

Does not: check anything of its own, beyond having arrived where it was going.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyotp
from playwright.async_api import FrameLocator, Locator, Page, expect

from tests.running import Product

# Playwright and axe see into open shadow roots only; nothing else about the widget changes.
OPEN_SHADOWS = """(() => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) { return attach.call(this, { ...how, mode: "open" }); };
})()"""
DESK_WORDS = "工作台"


@dataclass
class Chat:
    """The customer's side of a conversation: in the widget's frame, or as a page of its own."""

    at: Page | FrameLocator

    def button(self, name: str) -> Locator:
        return self.at.get_by_role("button", name=name, exact=True)

    @property
    def code(self) -> Locator:
        """The code box."""
        return self.at.get_by_role("textbox", name="咨询代码")

    @property
    def queue(self) -> Locator:
        """The card with the place in the queue."""
        return self.at.get_by_role("region", name="排队情况")

    @property
    def field(self) -> Locator:
        """Where one writes."""
        return self.at.get_by_role("textbox", name="写消息")

    @property
    def timeline(self) -> Locator:
        """What was said."""
        return self.at.get_by_role("log")

    async def enter(self, code: str) -> None:
        """Type a code and go; arrives in a conversation."""
        await self.code.fill(code)
        await self.button("开始咨询").click()
        await expect(self.field).to_be_visible()

    async def ask_for_a_person(self) -> None:
        """The other entrance."""
        await self.at.get_by_role("button", name=re.compile("(转|找)人工客服")).click()
        await expect(self.field).to_be_visible()

    async def ask_the_assistant(self) -> None:
        """The entrance beside it, where there is one."""
        await self.at.get_by_role("button", name="问智能助手").click()
        await expect(self.field).to_be_visible()

    async def say(self, text: str) -> None:
        """Write and send; it stands in the timeline."""
        await self.field.fill(text)
        await self.field.press("Enter")
        await expect(self.timeline.get_by_text(text, exact=True)).to_be_visible()

    async def send_file(self, path: Path) -> None:
        """Pick a file from the device."""
        await self.at.locator("input[type=file]").set_input_files(path)

    def picture(self, name: str) -> Locator:
        """A picture that has come."""
        return self.timeline.get_by_role("img", name=f"图片 {name}")

    async def end(self) -> None:
        """End the conversation from the customer's side."""
        await self._one_of("结束", "离开").click()
        await self._one_of("结束咨询", "离开排队").click()
        await expect(self._one_of("继续咨询", "回到排队")).to_be_visible()

    def _one_of(self, *names: str) -> Locator:
        """The button for where one stands: served or waiting."""
        return self.at.get_by_role("button", name=re.compile(f"^({'|'.join(names)})$"))


@dataclass
class Widget:
    """The button on a page of the shop, and the chat behind it."""

    page: Page

    @property
    def button(self) -> Locator:
        """Whether the chat is open or not."""
        return self.page.get_by_role("button", name=re.compile("(打开|关闭)客服窗口"))

    @property
    def chat(self) -> Chat:
        return Chat(self.page.frame_locator("iframe[src*='/chat?']"))

    async def open(self) -> Chat:
        """Tap the button; the chat is there."""
        await self.button.click()
        await expect(self.chat.at.locator("main, footer").first).to_be_visible()
        return self.chat


@dataclass
class Shop:
    """The demo shop in one browser."""

    page: Page
    product: Product

    @classmethod
    async def enter(cls, page: Page, product: Product, path: str = "/") -> Shop:
        """Open a page of the shop."""
        await page.add_init_script(OPEN_SHADOWS)
        await page.goto(product.shop_url + path)
        return cls(page, product)

    @property
    def widget(self) -> Widget:
        return Widget(self.page)

    async def sign_in(self, login: str) -> None:
        """As one of the demo's customers."""
        await self.page.goto(f"{self.product.shop_url}/sign-in")
        await self.page.get_by_label("用户名或手机号").fill(login)
        await self.page.get_by_label("密码", exact=True).fill(self.product.customer_passwords[login])
        await self.page.locator("main").get_by_role("button", name="登录").click()
        await expect(self.page.get_by_role("button", name="退出")).to_be_visible()

    async def sign_out(self) -> None:
        """From any page."""
        await self.page.get_by_role("button", name="退出").click()
        await expect(self.page.get_by_role("link", name="登录", exact=True)).to_be_visible()

    async def open_order(self, containing: str) -> str:
        """The order of a product; its number."""
        await self.page.goto(f"{self.product.shop_url}/orders")
        await self.page.get_by_role("link", name=re.compile(containing)).first.click()
        await expect(self.page.get_by_role("heading", name="订单详情")).to_be_visible()
        return self.page.url.rsplit("/", 1)[1]

    async def service_code(self) -> str:
        """The code on the page of an order."""
        return await self.page.locator(".service-code code").inner_text()

    async def switch_fault(self, name: str, *, on: bool) -> None:
        """On the demo's back page."""
        await self.page.goto(f"{self.product.shop_url}/back")
        switch = self.page.get_by_role("switch", name=name)
        if await switch.get_attribute("aria-checked") != str(on).lower():
            await switch.click()
        await expect(switch).to_have_attribute("aria-checked", str(on).lower())


@dataclass
class Desk:
    """The desk in one browser."""

    page: Page
    product: Product

    @classmethod
    async def enter(cls, page: Page, product: Product, login: str) -> Desk:
        """Open the desk as one of the demo's people, whose browser signs in behind the page."""
        browser, api = page.context.request, f"{product.url}/api/v1/staff"
        await browser.get(f"{api}/first-run")
        token = next(one["value"] for one in await page.context.cookies() if one["name"] == "mashang_csrf")  # type: ignore[typeddict-item]  # always there
        credentials = {"login": login, "password": product.passwords[login]}
        await expect(await browser.post(f"{api}/sign-in", data=credentials, headers={"x-csrf-token": token})).to_be_ok()
        await page.goto(f"{product.url}/desk")
        return await cls._arrived(page, product)

    @classmethod
    async def sign_in(cls, page: Page, product: Product, login: str) -> Desk:
        """The same by the page, as people do."""
        await page.goto(f"{product.url}/desk")
        await page.get_by_label("登录账号").fill(login)
        await page.get_by_label("密码").fill(product.passwords[login])
        await page.get_by_role("button", name=re.compile("登 ?录$")).click()
        return await cls._arrived(page, product)

    @classmethod
    async def _arrived(cls, page: Page, product: Product) -> Desk:
        await expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
        return cls(page, product)

    @property
    def presence(self) -> Locator:
        """The switch between online and away."""
        return self.page.get_by_role("switch", name=re.compile("接待状态"))

    async def go_online(self) -> None:
        """Ready for conversations."""
        await self.presence.set_checked(True)
        await expect(self.presence).to_be_checked()

    @property
    def offers(self) -> Locator:
        """What is offered to me."""
        return self.page.get_by_role("region", name="待接入的会话").get_by_role("article")

    async def accept(self, customer: str) -> None:
        """Take what is offered; the conversation is open."""
        offer = self.offers.filter(has_text=customer)
        await offer.get_by_role("button", name=re.compile("接 ?入")).click()
        await expect(self.field).to_be_visible()

    @property
    def conversation(self) -> Locator:
        """The open conversation."""
        return self.page.get_by_role("region", name=re.compile("的会话$"))

    @property
    def timeline(self) -> Locator:
        """What was said in it."""
        return self.page.get_by_role("log", name="会话内容")

    @property
    def field(self) -> Locator:
        """Where one answers."""
        return self.page.get_by_role("textbox", name="回复内容")

    @property
    def context(self) -> Locator:
        """What the shop knows of it."""
        return self.page.get_by_role("complementary", name="前置信息")

    async def reply(self, text: str) -> None:
        """Write and send; it stands in the timeline."""
        await self.field.fill(text)
        await self.field.press("Enter")
        await expect(self.timeline.get_by_text(text, exact=True)).to_be_visible()

    async def send_file(self, path: Path) -> None:
        """Attach a file and send it."""
        await self.conversation.locator("input[type=file]").set_input_files(path)
        await expect(self.page.get_by_role("button", name=f"移除 {path.name}")).to_be_visible()
        await self.act("发送")

    def picture(self, name: str) -> Locator:
        """A picture in the timeline."""
        return self.timeline.get_by_role("button", name=f"查看大图：{name}").locator("img")

    async def act(self, name: str) -> None:
        """Press one of the conversation's buttons.  (Ant Design puts a space between two characters.)"""
        await self.conversation.get_by_role("button", name=spaced(name)).click()

    async def transfer(self, department: str, note: str) -> None:
        """Hand the conversation on."""
        await self.act("转接")
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("radio", name=re.compile(f"^{department}")).check()
        await dialog.get_by_label("备注（仅同事可见，可不填）").fill(note)
        await dialog.get_by_role("button", name=spaced("转接")).click()
        await expect(dialog).to_be_hidden()

    async def close(self) -> None:
        """End the conversation."""
        await self.act("结束")
        await self.page.get_by_role("dialog").get_by_role("button", name=spaced("结束")).press("Enter")
        await expect(self.conversation.get_by_role("button", name="重新打开")).to_be_visible()


def spaced(name: str) -> re.Pattern[str]:
    """The whole name, whether or not two characters were set apart."""
    return re.compile("^" + " ?".join(map(re.escape, name)) + "$")


@dataclass
class Office:
    """The administration, behind the desk's sign-in."""

    page: Page

    async def go_to(self, page: str) -> None:
        """One of its pages, by the menu, where its group may have to be unfolded."""
        menu = self.page.get_by_role("navigation", name="管理")
        link = self.page.get_by_role("link", name=page, include_hidden=True)
        await expect(menu.locator(link)).to_have_count(1)
        if not await menu.locator(link).is_visible():
            await menu.locator("section").filter(has=link).get_by_role("button").click()
        await menu.locator(link).click()
        await expect(self.page.get_by_role("heading", name=page, level=1)).to_be_visible()

    @property
    def form(self) -> Locator:
        """The drawer with the form."""
        return self.page.get_by_role("dialog").filter(has=self.page.get_by_role("button", name=spaced("保存")))

    async def add(self, page: str, button: str) -> Locator:
        """Begin something new on a page; its form."""
        await self.go_to(page)
        await self.page.get_by_role("button", name=button).first.click()
        await expect(self.form).to_be_visible()
        return self.form

    async def edit(self, page: str, name: str) -> Locator:
        """Open what there is; its form."""
        await self.go_to(page)
        await self.page.get_by_role("button", name=name, exact=True).click()
        await expect(self.form).to_be_visible()
        return self.form

    async def choose(self, field: str, option: str) -> None:
        """One entry of a drop-down list, which stays open where one may choose several."""
        box = self.form.get_by_role("combobox", name=field)
        await box.click()
        await self.page.locator(".ant-select-item-option").get_by_text(option, exact=True).click()
        if (
            await self.form.locator(".ant-select-multiple")
            .filter(has=self.page.get_by_role("combobox", name=field))
            .count()
        ):
            await box.press("Escape")
        await expect(box).to_have_attribute("aria-expanded", "false")

    async def leave(self) -> None:
        """Close the form without a change."""
        await self.form.get_by_role("button", name=spaced("取消")).click()
        await expect(self.form).to_be_hidden()

    async def save(self) -> None:
        """Press save; it is said to be saved."""
        await self.form.get_by_role("button", name=spaced("保存")).click()
        await expect(self.page.get_by_text("已保存", exact=True).last).to_be_visible()


async def set_up_factor(page: Page, password: str) -> tuple[str, list[str]]:
    """The three steps, with an app; the secret, and the recovery codes."""
    await page.get_by_label("当前密码").first.fill(password)
    await page.get_by_role("button", name="下一步").click()
    await expect(page.get_by_role("img", name="两步验证的二维码")).to_be_visible()
    secret = (await page.locator("code").first.inner_text()).replace(" ", "")
    await page.get_by_label("验证码").fill(pyotp.TOTP(secret).now())
    await page.get_by_role("button", name="验证并开启").click()
    await expect(page.get_by_text("每个可以代替一次验证码")).to_be_visible()
    codes = await page.get_by_role("list", name="恢复码").get_by_role("listitem").all_inner_texts()
    await page.get_by_role("button", name="我已保存").click()
    return secret, codes


async def focus(page: Page, target: Locator, presses: int = 60) -> None:
    """With the Tab key alone."""
    for _ in range(presses):
        await page.keyboard.press("Tab")
        if await target.evaluate("node => node === node.getRootNode().activeElement"):
            return
    await expect(target).to_be_focused(timeout=1)


async def type_until(field: Locator, seen: Locator) -> None:
    """Keep typing, as people do, until the other side sees it: a page tells it at most every three seconds."""
    for _ in range(60):
        await field.press_sequentially("嗯")
        try:
            await expect(seen).to_be_visible(timeout=250)
        except AssertionError:
            continue
        return
    await expect(seen).to_be_visible()
