"""Whose page asks.

Browsers always send Origin with a WebSocket and let any page open one anywhere, so
this check is what keeps foreign pages out.  A form of ours that needs no cookie is
kept for our own pages likewise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mashang.kit.limits import address_block
from mashang.kit.settings import Settings


def is_own(scope: Any, settings: Settings, *, required: bool) -> bool:
    """Does this socket come from one of our pages?  Programs send no Origin: allowed unless `required`."""
    headers = dict(scope["headers"])
    asked = headers.get(b"origin")
    return not required if asked is None else _is_ours(asked, headers, settings)


def is_own_form(scope: Any, settings: Settings) -> bool:
    """Was this form sent from one of our pages?

    Browsers say so; those before 2023 (Safari 14) and every page without TLS name only where they stood.  One that says
    nothing at all is a program: a browser on another site's page would at least hide where it stood ("null").
    """
    headers = dict(scope["headers"])
    said = headers.get(b"sec-fetch-site")
    if said is not None:
        return said in {b"same-origin", b"none"}
    stood = headers.get(b"origin", headers.get(b"referer"))
    return stood is None or _is_ours(stood, headers, settings)


def _is_ours(address: bytes, headers: Mapping[bytes, bytes], settings: Settings) -> bool:
    host = _host(address.decode("latin-1"))
    own = {headers.get(b"host", b"").decode("latin-1"), _host(settings.public_url)}
    return bool(host) and host in own


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:  # "http://[": nobody's
        return ""


def address_of(scope: Any) -> str:
    """The side a socket comes from (the server believes configured proxies only)."""
    return address_block(scope["client"][0] if scope.get("client") else "")
