"""The network between a page and the server, to be torn and mended."""

from __future__ import annotations

import re

from playwright.async_api import Page, WebSocketRoute


class Cable:
    """Runs between a page and the server, HTTP and live sockets; can be torn and mended."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._torn = False
        self._lines: list[WebSocketRoute] = []
        self._lost: list[WebSocketRoute] = []

    async def lay(self) -> None:
        """Before the page is opened."""
        await self._page.route_web_socket(re.compile("/live/"), self._connect)

    async def tear(self, *, noticed: bool) -> None:
        """No network; `noticed`: the browser closes its sockets, else they look open and carry nothing."""
        self._torn = True
        lines, self._lines = self._lines, []
        self._lost += lines
        await self._page.context.set_offline(offline=True)
        for line in lines if noticed else ():
            await line.close()

    async def mend(self) -> None:
        """The network is back; a socket that was lost stays so."""
        self._torn = False
        await self._page.context.set_offline(offline=False)

    async def _connect(self, line: WebSocketRoute) -> None:
        if self._torn:
            await line.close()
            return
        server = line.connect_to_server()
        self._lines.append(line)
        line.on_message(lambda message: None if line in self._lost else server.send(message))
        server.on_message(lambda message: None if line in self._lost else line.send(message))
