"""`widget`: what a shop's customer downloads until the button can be pressed, and until one can type.

A page of another origin embeds the loader, in a real Chromium with an empty cache;
the browser's own network log is counted.  Bytes are those on the wire, headers
included.  Reference: LiveHelperChat, 38.7 kB in 5 requests until the button shows,
259 kB in all, measured once elsewhere.
"""

from __future__ import annotations

import asyncio
import gzip
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import httpx
import msgspec
from playwright.async_api import CDPSession, Page, async_playwright

from bench import installation, stage
from bench.figures import Figure, compared, load, milliseconds

REFERENCE_BYTES = 38_700
_PAGE = """<!doctype html><meta charset="utf-8"><title>shop</title><link rel="icon" href="data:,">
<h1>A shop</h1><script src="http://127.0.0.1:{port}/widget.js" data-site="{site}" async></script>"""


class Loaded(msgspec.Struct):
    """One request of the network log."""

    address: str
    kind: str
    status: int = 0
    encoding: str = ""
    bytes: int = 0


class NetworkLog:
    """What the page asked our server for."""

    def __init__(self, port: int) -> None:
        self._own = f"//127.0.0.1:{port}/"
        self._by_id: dict[str, Loaded] = {}

    async def listen(self, session: CDPSession) -> None:
        """Note every request of this target."""
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)
        await session.send("Network.enable")
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    @property
    def loaded(self) -> list[Loaded]:
        """In the order asked."""
        return list(self._by_id.values())

    @property
    def bytes(self) -> int:
        """So far."""
        return sum(one.bytes for one in self._by_id.values())

    def _asked(self, event: dict[str, Any]) -> None:
        address = event["request"]["url"]
        if self._own in address:
            self._by_id[event["requestId"]] = Loaded(address.split(self._own)[1].split("?")[0], event.get("type", ""))

    def _answered(self, event: dict[str, Any]) -> None:
        one = self._by_id.get(event["requestId"])
        if one is not None:
            headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
            one.status, one.encoding = event["response"]["status"], headers.get("content-encoding", "")

    def _finished(self, event: dict[str, Any]) -> None:
        one = self._by_id.get(event["requestId"])
        if one is not None:
            one.bytes = int(event["encodedDataLength"])


async def measure(_seconds: float | None) -> Figure:
    """Load the shop's page, wait for the button, press it, wait until a field takes text."""
    before = load()
    with stage.folder() as home, stage.postgres(home) as database:
        port, shop_port = stage.free_port(), stage.free_port()
        server = installation.server(home / "home", port, database.dsn)
        server.start()
        try:
            await server.answers(port)
            link = await installation.first_run_link(server)
            operator, _, site = await installation.founded(port, link, f"http://127.0.0.1:{shop_port}")
            await operator.close()
            async with _shop(shop_port, _PAGE.format(port=port, site=site)):
                return await _in_chromium(port, shop_port, before)
        finally:
            server.stop()


@asynccontextmanager
async def _shop(port: int, page: str) -> AsyncIterator[None]:
    """A page of somebody else's, on a port of its own."""
    body = page.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    async with server:
        yield


async def _in_chromium(port: int, shop_port: int, before: dict[str, float]) -> Figure:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-site-isolation-trials"]
        )
        try:
            page = await browser.new_page()
            session = await page.context.new_cdp_session(page)
            log = NetworkLog(port)
            await log.listen(session)
            began = perf_counter()
            await page.goto(f"http://127.0.0.1:{shop_port}/")
            place = await _button(session)
            shown_after = perf_counter() - began
            await asyncio.sleep(1)  # whatever comes without a click counts
            until_button, button_bytes = log.loaded, log.bytes
            pressed = perf_counter()
            await page.mouse.click(*place)
            await _field(page)
            typed_after = perf_counter() - pressed
            await asyncio.sleep(1)
            extra = {
                "requests_until_button": len(until_button),
                "button_after_ms": milliseconds(shown_after),
                "bytes_until_typing": log.bytes,
                "requests_until_typing": len(log.loaded),
                "typing_after_ms": milliseconds(typed_after),
                "reference_bytes_in_all": 259_000,
                "requests": [msgspec.to_builtins(one) for one in log.loaded],
                "gzipped_bodies": await _bodies(port, [one.address for one in log.loaded if one.status == 200]),
                "machine_before": before,
            }
            return compared("widget", button_bytes, "bytes", REFERENCE_BYTES, extra)
        finally:
            await browser.close()


async def _button(session: CDPSession) -> tuple[float, float]:
    """The middle of the button: it stands in a closed shadow root, which only the debugger sees into."""
    for _ in range(400):
        found = await session.send("DOM.getDocument", {"depth": -1, "pierce": True})
        button = _find(found["root"], "BUTTON")
        if button is not None:
            box = await session.send("DOM.getBoxModel", {"nodeId": button["nodeId"]})
            corners = box["model"]["content"]
            return (corners[0] + corners[4]) / 2, (corners[1] + corners[5]) / 2
        await asyncio.sleep(0.01)
    raise RuntimeError("the button did not appear")


def _find(node: dict[str, Any], name: str) -> dict[str, Any] | None:
    if node["nodeName"] == name:
        return node
    for child in [*node.get("shadowRoots", []), *node.get("children", [])]:
        found = _find(child, name)
        if found is not None:
            return found
    return None


async def _field(page: Page) -> None:
    """Wait until something in the chat's frame takes text."""
    for _ in range(600):
        for frame in page.frames[1:]:
            field = frame.locator("textarea:visible, input:visible:not([type=file])").first
            if await field.count() and await field.is_editable():
                return
        await asyncio.sleep(0.01)
    raise RuntimeError("nothing to type into appeared in the chat")


async def _bodies(port: int, addresses: list[str]) -> dict[str, int]:
    """Each body as gzip makes it, whatever the server did: what it could be."""
    sizes = {}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/", trust_env=False) as client:
        for address in dict.fromkeys(addresses):
            answer = await client.get(address)
            if answer.status_code == 200:
                sizes[address] = len(gzip.compress(answer.content, 9))
    return sizes
