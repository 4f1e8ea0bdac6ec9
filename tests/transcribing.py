"""A small server that speaks the transcription protocol as OpenAI-compatible ones do, and lies when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP

import uvicorn


@dataclass
class Endpoint:
    """The server: what it will answer, and what it was sent."""

    url: str = ""
    status: int = 200
    body: bytes = b'{"text": "\xe6\x9f\xa5\xe5\x8d\x95"}'
    content_type: str = "application/json"
    stuck: bool = False  # takes the sound and never answers
    forms: list[dict[str, tuple[str, bytes]]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def says(self, body: str | bytes, status: int = 200, content_type: str = "application/json") -> None:
        """Answer this from now on."""
        self.body = body.encode() if isinstance(body, str) else body
        self.status, self.content_type, self.stuck = status, content_type, False

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]  # an ASGI application
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        sent = b""
        while (message := await receive())["type"] == "http.request":
            sent += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.keys.append(headers.get(b"authorization", b"").decode())
        self.forms.append(_form(headers[b"content-type"], sent))
        if self.stuck:
            await receive()  # until whoever asked gives up
            return
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [(b"content-type", self.content_type.encode())],
            }
        )
        await send({"type": "http.response.body", "body": self.body})


def _form(content_type: bytes, body: bytes) -> dict[str, tuple[str, bytes]]:
    """Each field by its name: content type and value."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n" + body)
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        found[str(name)] = (part.get_content_type(), bytes(part.get_payload(decode=True) or b""))
    return found


@asynccontextmanager
async def transcribing() -> AsyncIterator[Endpoint]:
    """The server, for the length of the block."""
    endpoint = Endpoint()
    server = uvicorn.Server(uvicorn.Config(endpoint, port=0, log_level="error", lifespan="off"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the test's own stay
    task = asyncio.ensure_future(server.serve())
    while not server.started:  # noqa: ASYNC110 — uvicorn has no event for it
        await asyncio.sleep(0.01)
    endpoint.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1/audio/transcriptions"
    try:
        yield endpoint
    finally:
        server.should_exit = True
        server.force_exit = True
        await task
