"""Takes pictures of pages: at phone, tablet and desk width, light and dark, in Chinese and English.

    pytest tests/journeys --pictures DIRECTORY [--only zh-phone,en-desk-dark]

Language and colours are changed under the page as it is, so that a dialog or a half-written form is taken in all.

They are for looking at, by people who mend what they would not be proud of; nothing is
compared.  Passwords and card keys are never on a page that is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Frame, Locator, Page, ViewportSize

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "tablet": {"width": 820, "height": 1180},
    "desk": {"width": 1280, "height": 720},
}
SCHEMES = ("light", "dark")
LANGUAGES = ("zh-CN", "en")
LONG = "欧阳上官诸葛慕容端木司马令狐夏侯公孙皇甫"  # a name that asks much of a page
LONG_TEXT = (
    "我昨天晚上十一点多在你们这里买的话费，支付宝已经扣款了，页面显示付款成功，但是等到今天早上还没有到账，"
    "打运营商客服说没有收到充值请求。\n请帮我查一下，如果充不上就退款，谢谢。"
    "https://shop.example/orders/QN202611210000000000000000000000000000000000"
)
RECEIPT = """<!doctype html><meta charset=utf-8><style>
body{margin:0;width:360px;font:16px/1.6 sans-serif;background:#f5f6f8;color:#222}
header{background:#1677d2;color:#fff;padding:22px;text-align:center;font-size:19px}
main{margin:14px;background:#fff;border-radius:12px;padding:18px 20px}
b{display:block;font-size:34px;text-align:center;margin:4px 0 14px}
p{display:flex;justify-content:space-between;margin:6px 0;color:#555}p span+span{color:#222}
</style><header>付款成功</header><main><b>¥49.80</b>
<p><span>商品</span><span>手机话费 50 元</span></p><p><span>收款方</span><span>青柠数卡</span></p>
<p><span>付款方式</span><span>支付宝（模拟）</span></p></main>"""


# As when somebody chose it in another window of the same browser; both sides follow, and so does the widget's frame.
SPEAK = """(language) => {
  for (const key of ["mashang.locale", "mashang:lang"]) {
    localStorage.setItem(key, language);
    dispatchEvent(new StorageEvent("storage", { key, newValue: language }));
  }
}"""
OURS = "#root, #app"  # what our pages are drawn into; the shop's pages have neither
QUIET = """async () => {
  await new Promise((quiet) => {
    let last = setTimeout(quiet, 120);
    const again = () => { clearTimeout(last); last = setTimeout(quiet, 120); };
    const watch = new MutationObserver(again);
    watch.observe(document, { subtree: true, childList: true, characterData: true });
    setTimeout(quiet, 1500);
  });
  await Promise.allSettled([...document.images].map((one) => one.decode()));
}"""


@dataclass(frozen=True)
class Album:
    """Where pictures go, and which: how the names of kinds (language-size-scheme) begin; none means all."""

    folder: Path
    only: tuple[str, ...] = ()

    def wants(self, kind: str) -> bool:
        return not self.only or kind.startswith(self.only)


@dataclass
class Gallery:
    """An album that fills with pictures, named area-state-language-size-scheme."""

    album: Album
    area: str

    async def take(
        self,
        page: Page,
        state: str,
        *,
        top: Locator | None = None,
        still: bool = False,
        sizes: Iterable[str] = SIZES,
    ) -> None:
        """The state in both languages, at every size, light and dark.

        `top` is brought into sight first; a page of the shop that is `still` is not asked for again in English.
        What stands elsewhere at another width, with all that is open in it, is taken at the `sizes` it was opened at.
        """
        before, sight = page.viewport_size, await top.element_handle() if top else None
        spoken = LANGUAGES[0]
        for language, size, scheme in product(LANGUAGES, sizes, SCHEMES):
            kind = f"{language[:2]}-{size}-{scheme}"
            if not self.album.wants(kind):
                continue
            if language != spoken:
                await speak(page, language, still=still)
                spoken = language
            await page.set_viewport_size(SIZES[size])
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal
            await rest(page)
            if sight:
                await sight.scroll_into_view_if_needed()
            path = self.album.folder / f"{self.area}-{state}-{kind}.png".replace(" ", "_")
            await page.screenshot(path=path, animations="disabled")
        if spoken != LANGUAGES[0]:
            await speak(page, LANGUAGES[0], still=still)
        if before:
            await page.set_viewport_size(before)
        await page.emulate_media(color_scheme="light")


async def speak(page: Page, language: str, *, still: bool) -> None:
    """Let every page of ours in it speak this language from now on; a page of the shop is asked for again."""
    other = page.locator(f"a[hreflang='{language}']")  # the help centre is asked for in another language by its address
    if await other.count():
        await page.goto(str(await other.first.evaluate("(link) => link.href")))
    elif not still and not await page.locator(OURS).count():
        cookie = {"name": "lime_lang", "value": language[:2], "domain": "127.0.0.1", "path": "/"}
        await page.context.add_cookies([cookie])  # type: ignore[list-item]  # a cookie
        await page.goto(page.url)
        await page.wait_for_load_state("networkidle")
    for frame in page.frames:
        if await _is_ours(frame):
            await frame.evaluate(SPEAK, language)
            await frame.wait_for_function("language => document.documentElement.lang === language", arg=language)


async def _is_ours(frame: Frame) -> bool:
    return await frame.locator(OURS).count() > 0


async def rest(page: Page) -> None:
    """Until what is on the page has stopped changing."""
    for frame in page.frames:
        await frame.evaluate(QUIET)


async def receipt(browser: Browser, path: Path) -> Path:
    """What a customer would photograph: a payment's receipt."""
    page = await browser.new_page(viewport={"width": 360, "height": 286})
    await page.set_content(RECEIPT)
    await page.screenshot(path=path)
    await page.close()
    return path


async def for_readers(page: Page, path: Path) -> None:
    """A picture of the page as it is, for a README: at most 250 kB."""
    await rest(page)
    file = BytesIO()
    Image.open(BytesIO(await page.screenshot(animations="disabled"))).convert("RGB").save(file, "PNG", optimize=True)
    assert len(file.getvalue()) <= 250_000
    path.write_bytes(file.getvalue())  # noqa: ASYNC240 — nothing else runs on this loop
