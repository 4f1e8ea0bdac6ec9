"""Whose page opens a socket.

Browsers always send Origin with a WebSocket and let any page open one anywhere, so
this check is what keeps foreign pages out.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from mashang.kit.limits import address_block
from mashang.kit.settings import Settings


def is_own(scope: Any, settings: Settings, *, required: bool) -> bool:
    """Does this socket come from one of our pages?  Programs send no Origin: allowed unless `required`."""
    headers = dict(scope["headers"])
    asked = headers.get(b"origin")
    if asked is None:
        return not required
    host = urlsplit(asked.decode("latin-1")).netloc
    own = {headers.get(b"host", b"").decode("latin-1"), urlsplit(settings.public_url).netloc}
    return bool(host) and host in own


def address_of(scope: Any) -> str:
    """The side a socket comes from (the server believes configured proxies only)."""
    return address_block(scope["client"][0] if scope.get("client") else "")
