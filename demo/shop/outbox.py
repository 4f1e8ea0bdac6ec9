"""What this shop tells Mashang by itself: signed events, repeated until they are taken.

An event is a row in the transaction of what it tells.  It is sent at once, and again
with growing pauses; every try has a nonce of its own, and the event's id lets
Mashang know a repeat.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from demo.shop import faults, signing
from demo.shop.config import Config
from demo.shop.store import Store, now

_PAUSE = 2.0
_LONGEST_PAUSE = 300.0


def put(store: Store, kind: str, **facts: Any) -> None:
    """Write an event, within the caller's block."""
    event_id, at = f"ev-{secrets.token_hex(8)}", now()
    body = {"id": event_id, "kind": kind, "at": at, **facts}
    store.add("event", id=event_id, at=at, kind=kind, body=json.dumps(body, ensure_ascii=False), next_at=at)


class Outbox:
    """Sends what is due; `kick` after a change."""

    def __init__(self, store: Store, config: Config) -> None:
        self._store = store
        self._config = config
        self._kicked = asyncio.Event()

    def kick(self) -> None:
        """Something new may be there."""
        self._kicked.set()

    async def run(self) -> None:
        """Send for ever."""
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
            while True:
                self._kicked.clear()
                for event in self._store.all(
                    "select * from event where sent_at is null and next_at <= ? order by at limit 20", now()
                ):
                    await self._send(client, event)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._kicked.wait(), _PAUSE)

    async def _send(self, client: httpx.AsyncClient, event: dict[str, Any]) -> None:
        url, body = self._config.event_url, event["body"].encode()
        wrong = "wrong_signature" in faults.switched_on(self._store)
        secret = secrets.token_hex(32) if wrong else self._config.connector_secret
        signed = signing.request_headers(self._config.connector_key_id, secret, "POST", urlsplit(url).path, body)
        try:
            answer = await client.post(url, content=body, headers={**signed, "Content-Type": "application/json"})
            told = f"{answer.status_code}"
        except httpx.HTTPError as error:
            told = type(error).__name__
        pause = min(_LONGEST_PAUSE, _PAUSE * 2 ** event["tries"])
        next_at = (datetime.now(UTC) + timedelta(seconds=pause)).isoformat(timespec="seconds")
        with self._store as store:
            store.run(
                "update event set tries = tries + 1, answer = ?, next_at = ?, sent_at = ? where id = ?",
                told,
                next_at,
                now() if told == "202" else None,
                event["id"],
            )
