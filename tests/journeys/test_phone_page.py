"""The phone page: for whoever is in a hurry, reads large letters, or has a slow network or none."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import CDPSession, Page, expect

from tests.journeys.axe import findings
from tests.journeys.fitting import TOO_WIDE, misfits
from tests.journeys.places import Chat, Desk
from tests.patience import until

pytestmark = pytest.mark.browser

_AT_WORK = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/?");
  return registration?.active?.state === "activated";
}"""
# Eight seconds are over when the test says so, however long a busy machine takes to look.
_LASTS = """(() => {
  const soon = window.setTimeout;
  window.over = [];
  window.setTimeout = (then, after, ...more) => (after === 8000 ? over.push(then) && 0 : soon(then, after, ...more));
})()"""
# What is kept that is neither the page nor one of its files; and the page is kept as said, or as it is.
_KEPT = """async (said) => {
  const strange = [];
  for (const name of await caches.keys()) {
    const kept = await caches.open(name);
    const paths = (await kept.keys()).map((one) => new URL(one.url).pathname);
    strange.push(...paths.filter((path) => path !== "/" && !path.startsWith("/assets/")));
    const page = said ? new Response(said) : await fetch("/");
    await kept.put("/", page);
  }
  return strange;
}"""
_SIZE = "() => parseFloat(getComputedStyle(document.body).fontSize)"


async def test_somebody_old_and_in_a_hurry_makes_the_letters_large_and_reaches_a_person_by_24h(
    product, open_page
) -> None:
    page = await open_page(phone=True, first_time=True)
    await page.add_init_script(_LASTS)
    await page.goto(product.url)
    chat, switch = Chat(page), page.get_by_role("button", name="大字版")
    await _is_shown_what_a_code_is(page)
    small = await page.evaluate(_SIZE)
    await switch.tap()
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("status").filter(has_text="大字版已打开")).to_have_count(1)
    assert await page.evaluate(_SIZE) >= 1.4 * small
    assert await findings(page) + await misfits(page) == []
    await _at_twice_the_size(page)

    await page.reload()  # it is kept
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="人工直达").tap()
    await expect(chat.queue).to_contain_text("排队号")
    assert await findings(page) + await misfits(page) == []
    await _at_twice_the_size(page)
    await chat.button("更多").tap()
    await switch.tap()
    await expect(switch).to_have_attribute("aria-pressed", "false")
    assert await page.evaluate(_SIZE) == small
    await _at_twice_the_size(page)

    xiaoya = await Desk.enter(await open_page(), product, "xiaoya")
    await xiaoya.go_online()
    await xiaoya.accept("访客")
    await expect(xiaoya.timeline).to_contain_text("用户发起咨询：人工服务")


async def _is_shown_what_a_code_is(page: Page) -> None:
    """Once, for at most eight seconds, in nobody's way; again for whoever asks."""
    shown, chat = page.get_by_role("complementary", name="用代码，少解释"), Chat(page)
    await expect(shown).to_contain_text("充值问题")
    await expect(page.locator("*:focus")).to_have_count(0)
    assert await findings(page) + await misfits(page) == []
    await page.evaluate("over.forEach((then) => then())")
    await expect(shown).to_have_count(0)

    await page.evaluate("localStorage.removeItem('mashang:shown-how')")
    await page.reload()
    await expect(shown).to_be_visible()
    await chat.code.press_sequentially("c")
    await expect(shown).to_have_count(0)
    await expect(chat.code).to_have_value("c")

    await page.reload()
    await expect(page.locator("link[rel=manifest]")).to_have_count(1)  # it has settled in, and decided
    await expect(shown).to_have_count(0)
    asks = page.get_by_role("button", name="代码怎么用？")
    await asks.press("Enter")
    await expect(shown.get_by_role("button", name="知道了")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(shown).to_have_count(0)
    await expect(asks).to_be_focused()


async def test_a_slow_network_is_asked_for_little_and_none_at_all_still_opens_the_page(product, open_page) -> None:
    page = await open_page(phone=True)
    asked = await _Asked.listening(page)
    await page.goto(product.url)
    chat = Chat(page)
    await expect(chat.code).to_be_editable()
    await asked.session.detach()  # it would hide from the page that the network is gone
    assert asked.bytes < 45_000
    assert asked.rounds <= 3  # the page, its files, then words and session at once

    await page.wait_for_url(lambda url: url.endswith("/?"))  # it has settled in
    await until(lambda: page.evaluate(_AT_WORK), "what opens the page without a network")
    assert await page.evaluate(_KEPT, "an old page") == []
    await page.reload()  # with a network nothing kept is in the way
    await expect(chat.code).to_be_editable()
    assert await page.evaluate(_KEPT, "") == []
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("alert")).to_contain_text("现在没有网络")
    await page.context.set_offline(False)
    await expect(chat.code).to_be_editable()  # by itself

    await page.goto(f"{product.url}/desk")
    assert await page.evaluate("() => navigator.serviceWorker.controller") is None


async def _at_twice_the_size(page: Page) -> None:
    """The browser's own letters at 200 %, on a narrow phone: nothing leaves the screen."""
    before = page.viewport_size
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate(_SIZE) >= 32
    assert await page.evaluate(TOO_WIDE) == []
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    await page.set_viewport_size(before)


class _Asked:
    """What a page asks our server for: bytes on the wire, and how many answers it has to wait for in turn."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session
        self.bytes = self.rounds = 0
        self._round: dict[str, int] = {}

    @classmethod
    async def listening(cls, page: Page) -> _Asked:
        asked = cls(await page.context.new_cdp_session(page))
        asked.session.on("Network.requestWillBeSent", asked._sent)
        asked.session.on("Network.loadingFinished", asked._came)
        await asked.session.send("Network.enable")
        return asked

    def _sent(self, event: dict[str, Any]) -> None:
        initiator = event["initiator"]
        frames = initiator.get("stack", {}).get("callFrames", [])
        by = initiator.get("url") or next((frame["url"] for frame in frames), "")
        self._round[event["request"]["url"]] = self._round.get(by, 0) + 1
        self.rounds = max(self._round.values())

    def _came(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])
