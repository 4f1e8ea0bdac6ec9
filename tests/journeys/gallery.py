"""Takes pictures of pages: at phone, tablet and desk width, light and dark.

    pytest tests/journeys --pictures DIRECTORY

They are for looking at, by people who mend what they would not be proud of; nothing is
compared.  Passwords and card keys are never on a page that is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "tablet": {"width": 820, "height": 1180},
    "desk": {"width": 1280, "height": 800},
}
SCHEMES = ("light", "dark")
LONG = "欧阳上官诸葛慕容端木司马令狐夏侯公孙皇甫"  # a name that asks much of a page
RECEIPT = """<!doctype html><meta charset=utf-8><style>
body{margin:0;width:360px;font:16px/1.6 sans-serif;background:#f5f6f8;color:#222}
header{background:#1677d2;color:#fff;padding:22px;text-align:center;font-size:19px}
main{margin:14px;background:#fff;border-radius:12px;padding:18px 20px}
b{display:block;font-size:34px;text-align:center;margin:4px 0 14px}
p{display:flex;justify-content:space-between;margin:6px 0;color:#555}p span+span{color:#222}
</style><header>付款成功</header><main><b>¥49.80</b>
<p><span>商品</span><span>手机话费 50 元</span></p><p><span>收款方</span><span>青柠数卡</span></p>
<p><span>付款方式</span><span>支付宝（模拟）</span></p></main>"""


@dataclass
class Gallery:
    """A folder that fills with pictures, named area-state-size-scheme."""

    folder: Path
    area: str

    async def take(self, page: Page, state: str, *, top: Locator | None = None) -> None:
        """The state at every size, light and dark; `top` is brought into sight first."""
        before = page.viewport_size
        for size, viewport in SIZES.items():
            await page.set_viewport_size(viewport)
            for scheme in SCHEMES:
                await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal
                await rest(page)
                if top:
                    await top.scroll_into_view_if_needed()
                await page.screenshot(
                    path=self.folder / f"{self.area}-{state}-{size}-{scheme}.png", animations="disabled"
                )
        if before:
            await page.set_viewport_size(before)
        await page.emulate_media(color_scheme="light")


async def rest(page: Page) -> None:
    """Until what is on the page has stopped moving."""
    for frame in page.frames:
        await frame.evaluate(
            "async () => { for (let n = 0; n < 4; n++) await new Promise((go) => requestAnimationFrame(go));"
            " await Promise.allSettled([...document.images].map((one) => one.decode())) }"
        )


async def receipt(browser: Browser, path: Path) -> Path:
    """What a customer would photograph: a payment's receipt."""
    page = await browser.new_page(viewport={"width": 360, "height": 286})
    await page.set_content(RECEIPT)
    await page.screenshot(path=path)
    await page.close()
    return path


async def for_readers(page: Page, path: Path) -> None:
    """A picture of the page as it is, for a README: at most 200 kB."""
    await rest(page)
    file = BytesIO()
    Image.open(BytesIO(await page.screenshot(animations="disabled"))).convert("RGB").save(file, "PNG", optimize=True)
    assert len(file.getvalue()) <= 200_000
    path.write_bytes(file.getvalue())  # noqa: ASYNC240 — nothing else runs on this loop
