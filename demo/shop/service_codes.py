"""The service code of an order, asked of Mashang while the order's page is drawn.

The shop keeps none: Mashang has one live code for each order and scene, and whoever draws the page
again gets the same.  When it does not answer at once the page is shown without a code.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from demo.shop import signing
from demo.shop.config import Config

_SCENE, _TOPIC = "order", "DD"
_GOOD_FOR = timedelta(days=30)
_PATIENCE = 1.0


async def of_order(config: Config, order: dict[str, Any]) -> str | None:
    """As it is written for people, or None."""
    url = config.event_url.removesuffix("/shop-events") + "/shop-codes"
    wish = {
        "subject": order["customer_id"],
        "order_number": order["number"],
        "scene": _SCENE,
        "topic": _TOPIC,
        "expires_at": (datetime.now(UTC) + _GOOD_FOR).isoformat(timespec="seconds"),
    }
    body = json.dumps(wish).encode()
    signed = signing.request_headers(config.connector_key_id, config.connector_secret, "POST", urlsplit(url).path, body)
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
            answer = await client.post(url, content=body, headers={**signed, "Content-Type": "application/json"})
        return str(answer.json()["code"]) if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError):
        return None
