"""Speaking instead of typing: a recording that an endpoint turns into text, the browser's own recogniser, and neither.

The recording is real: Chromium's own MediaRecorder over its made-up microphone, and a small server that reads the real
form.  A recogniser cannot be had here (the browser's maker would have to hear us), so the page is given one.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import psycopg
import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk, Shop
from tests.patience import until
from tests.running import CHROMIUM, SHOWN, running_from

pytestmark = pytest.mark.browser


class Endpoint(BaseHTTPRequestHandler):
    """Transcribes as it is told to: the next of `answers`, and keeps what it was sent."""

    answers: ClassVar[list[tuple[int, Any]]]
    forms: ClassVar[list[bytes]]

    def do_POST(self) -> None:
        """A form came."""
        self.forms.append(self.rfile.read(int(self.headers["content-length"])))
        status, answer = self.answers.pop(0)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[tuple[str, type[Endpoint]]]:
    kept = type("Kept", (Endpoint,), {"answers": [], "forms": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kept)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/audio/transcriptions", kept
    server.shutdown()
    server.server_close()


async def _speak(chat: Chat) -> None:
    await chat.button("语音输入").click()
    await expect(chat.at.get_by_text("正在听，请说出代码或问题")).to_be_visible()


async def test_a_recording_becomes_text_in_the_box_and_nothing_goes_further_by_itself(started_once, endpoint) -> None:
    url, told = endpoint
    told.answers += [(200, {"text": "充值"}), (500, {}), (200, {"text": ""}), (200, {"text": "怎么到账？"})]
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        with running_from(started_once, MASHANG_VOICE_URL=url) as product:
            context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
            await context.add_init_script(SHOWN)
            page = await context.new_page()
            await page.goto(product.url)
            chat = Chat(page)
            await _speak(chat)
            assert await findings(page) == []
            await chat.button("说完了").click()
            await expect(chat.code).to_have_value("充值")
            await expect(chat.code).to_be_focused()
            assert b"\x1a\x45\xdf\xa3" in told.forms[0]
            await chat.button("开始咨询").click()
            await expect(chat.field).to_be_visible()

            await _copies_the_code(chat, page)
            await chat.field.fill("我想问")
            for said in (
                "语音暂时转不成文字，请再试一次或打字；已输入的内容还在。",
                "没有听清。请靠近一些再说一次，或打字。",
            ):
                await _speak(chat)
                await chat.button("说完了").click()
                await expect(chat.at.get_by_role("alert").filter(has_text=said)).to_be_visible()
                await expect(chat.field).to_have_value("我想问")
                await page.keyboard.press("Escape")
                await expect(chat.button("语音输入")).to_be_focused()
            await _speak(chat)
            await chat.button("说完了").click()
            await expect(chat.field).to_have_value("我想问怎么到账？")
            await expect(chat.timeline.get_by_text("我想问怎么到账？")).to_have_count(0)

            shop = await Shop.enter(await context.new_page(), product)
            framed = await shop.widget.open()
            await _speak(framed)
            await framed.button("取消").click()
            with psycopg.connect(product.dsn) as connection:
                media = connection.execute("select medium from redemption").fetchall()
        await chromium.close()
    assert media == [("voice",)]


async def _copies_the_code(chat: Chat, page: Page) -> None:
    """By the clipboard; where there is none by selecting; where that is not let either, it is left selected."""
    told = chat.at.get_by_role("banner").get_by_role("status").filter(has_text=re.compile("."))
    place = await chat.button("复制 CZ").bounding_box()
    await page.context.grant_permissions(["clipboard-read", "clipboard-write", "microphone"])
    await chat.button("复制 CZ").click()
    await expect(told).to_have_text("已复制")
    assert await page.evaluate("navigator.clipboard.readText()") == "CZ"

    async def is_where_it_was() -> bool:
        return await chat.button("复制 CZ").bounding_box() == place

    await until(is_where_it_was, f"the button where it stood, at {place}")
    await page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
    await page.evaluate("() => { document.execCommand = () => false }")
    await chat.button("复制 CZ").click()
    await expect(told).to_have_text("已选中，请手动复制")
    assert await page.evaluate("getSelection().toString()") == "CZ"


RECOGNISER = """
window.said = [];
window.SpeechRecognition = class {
  static available(options) { window.asked = options; return Promise.resolve("available"); }
  start() {
    window.said.push([this.lang, this.processLocally]);
    setTimeout(() => {
      if (window.refuses) { this.onerror({ error: window.refuses }); this.onend(); return; }
      this.onstart();
      this.onresult({ results: [[{ transcript: "售" }]] });
      this.onresult({ results: [[{ transcript: "售后" }]] });
    });
  }
  stop() { this.onend(); }
  abort() { this.onend?.(); }
};
"""


async def test_the_browsers_recogniser_is_there_once_the_operator_switched_it_on(product, open_page) -> None:
    customer = await open_page(phone=True)
    await customer.add_init_script(RECOGNISER)
    await customer.goto(product.url)
    chat = Chat(customer)
    await expect(chat.code).to_be_visible()
    await expect(chat.button("语音输入")).to_have_count(0)
    shop = await Shop.enter(await open_page(), product)
    await shop.widget.open()
    assert await shop.page.locator("iframe").get_attribute("allow") == "clipboard-write"

    wang = await Desk.enter(await open_page(), product, "wang")
    await wang.page.goto(f"{product.url}/desk/admin/voice")
    await expect(wang.page.get_by_text("有些浏览器会把声音发给浏览器厂商识别")).to_be_visible()
    await expect(wang.page.get_by_text("现在用户看不到语音按钮")).to_be_visible()
    await wang.page.get_by_role("switch", name="浏览器自带的语音识别").press("Space")
    await expect(wang.page.get_by_text("现在：浏览器带有语音识别的用户可以说话")).to_be_visible()
    assert await findings(wang.page) == []

    await customer.reload()
    await chat.code.fill("我要")
    await _speak(chat)
    await expect(chat.at.get_by_text("在本机识别。").or_(chat.at.get_by_text("售后", exact=True))).to_be_visible()
    await chat.button("说完了").click()
    await expect(chat.code).to_have_value("我要 售后")
    assert await customer.evaluate("said") == [["zh-CN", True]]
    assert await customer.evaluate("asked") == {"langs": ["zh-CN"], "processLocally": True}
    for why, sentence in (
        ("not-allowed", "这里不能使用麦克风"),
        ("no-speech", "没有听清"),
        ("network", "现在不能识别语音"),
    ):
        await customer.evaluate("why => { window.refuses = why }", why)
        await chat.button("语音输入").click()
        await expect(chat.at.get_by_role("alert").filter(has_text=re.compile(sentence))).to_be_visible()
        await expect(chat.code).to_have_value("我要 售后")
        await chat.button("关闭").click()
    await chat.button("开始咨询").click()
    await expect(chat.field).to_be_visible()
    shop = await Shop.enter(await open_page(), product)  # a browser that has not kept how the button looks
    await shop.widget.open()
    await expect(shop.page.locator("iframe")).to_have_attribute(
        "allow", "clipboard-write;microphone;on-device-speech-recognition"
    )
