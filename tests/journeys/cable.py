"""The network between a page and the server, to be torn and mended."""

from __future__ import annotations

import json
import re
from itertools import count

from playwright.async_api import Page, WebSocketRoute

from tests.patience import until


class Cable:
    """Runs between a page and the server, HTTP and live sockets; can be torn and mended."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._torn = False
        self._lines: list[WebSocketRoute] = []
        self._lost: list[WebSocketRoute] = []
        self._swallowed: list[str] = []
        self._echoes = 0
        self._numbers = count(1)

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

    def freeze(self) -> None:
        """The sockets look open and carry nothing; the browser notices no lack of a network."""
        self._lost += self._lines
        self._lines = []

    async def mend(self) -> None:
        """The network is back; a socket that was lost stays so."""
        self._torn = False
        await self._page.context.set_offline(offline=False)

    def crowd(self, echoes: int) -> None:
        """From now on the page runs wild: this many empty messages go before each that is said."""
        self._echoes = echoes

    async def _connect(self, line: WebSocketRoute) -> None:
        if self._torn:
            await line.close()
            return
        server = line.connect_to_server()
        self._lines.append(line)
        line.on_message(lambda message: None if line in self._lost else self._carry(server, str(message)))
        server.on_message(lambda message: self._bring(line, str(message)))

    def _bring(self, line: WebSocketRoute, message: str) -> None:
        if line in self._lost:
            self._swallowed.append(message)
        else:
            line.send(message)

    async def swallows(self, words: str) -> None:
        """Wait until the server has sent this, and it was lost on the way."""

        async def swallowed() -> bool:
            return any(words in message for message in self._swallowed)

        await until(swallowed, f"“{words}” on a line that is dead")

    def _carry(self, server: WebSocketRoute, message: str) -> None:
        said = json.loads(message)
        for _ in range(self._echoes if said["t"] == "send" else 0):
            server.send(json.dumps({**said, "client_id": f"echo-{next(self._numbers):08}", "text": " "}))
        server.send(message)
