"""A provider beside the shop: who took the payment or carries the parcel, asked with the shop's own account there.

The shop says what it believes; the provider says what happened.  What comes back is
checked before anybody sees it, and what does not fit is an outage of the provider,
never a half-read answer.  What it sent is not logged: it may hold people's data.

Does not: keep rows (`providers`), or decide whose order it is (`payments`, `tracking`).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Literal

import httpx
import msgspec

from mashang.kit.errors import Invalid, Outage
from mashang.shops import wire
from mashang.shops.connector import ShopFailed
from mashang.shops.fields import Field

KindName = Literal["alipay", "wechat_pay", "kuaidi100"]
Part = Literal["payment", "shipments"]
Values = Mapping[str, str]

CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")  # an error code of theirs that may be told to an operator


class ProviderFailed(Outage):
    """The provider gave no answer that can be used.

    `reason`: as of `ShopFailed`, and another (a good answer, but about something else) · used_up (the account
    there has no queries left) · phone_wrong (the digits do not fit the parcel).
    `detail` is for the operator who connects it, at most an error code; it is not logged.
    """

    def __init__(self, reason: str, detail: str = "", *, kind: str = "provider") -> None:
        super().__init__(kind, reason)
        self.detail = detail

    @property
    def looks_down(self) -> bool:
        """Is it the whole provider that failed, not one answer of it?"""
        return self.reason in ("unreachable", "timed_out", "unavailable")


class Tested(msgspec.Struct, frozen=True):
    """One thing that was tried when an operator pressed the test button; `facts` fill its sentence."""

    name: str
    ok: bool
    facts: dict[str, Any] = {}


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of provider: what must be entered, what it can and cannot do, and how it is tried.

    `check` raises Invalid for keys that are none; `probe` asks for something that is not there (or for
    `reference`, where the operator gave one) and tells how that went.
    """

    name: KindName
    part: Part
    fields: list[Field]
    can: list[str]
    cannot: list[str]
    check: Callable[[Values], None]
    probe: Callable[[httpx.AsyncClient, Values, str], Awaitable[list[Tested]]]


class Answer(msgspec.Struct, frozen=True):
    """What came back, whole, and not believed yet."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def is_json(self) -> bool:
        """Does it say that it is JSON?"""
        said: str = self.headers.get("content-type", "")
        return said.partition(";")[0].strip().lower() == "application/json"


async def ask(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: dict[str, str],
    within: timedelta = wire.ANSWERS_WITHIN,
) -> Answer:
    """One request and its answer.  Raises ProviderFailed."""
    sent = {"Accept": "application/json", "User-Agent": "mashang", **headers}
    try:
        response, content = await wire.exchange(client, method, url, body=body, headers=sent, within=within)
    except ShopFailed as failure:
        raise ProviderFailed(failure.reason, failure.detail) from failure
    if response.status_code >= 500:
        raise ProviderFailed("unavailable", f"HTTP {response.status_code}")
    if response.is_redirect:
        raise ProviderFailed("redirected", f"HTTP {response.status_code}")
    if response.status_code == 429:
        raise ProviderFailed("too_many", "HTTP 429")
    return Answer(response.status_code, response.headers, content)


def check_digits(values: Values, name: str) -> None:
    """An account's number is digits alone; raises Invalid."""
    if not (values[name].isascii() and values[name].isdigit()):
        raise Invalid(field=name, reason="number")


def place(error: Exception) -> str:
    """Where in an answer the decoder stopped; never what stood there."""
    found = re.search(r"\$[.\w\[\]]*", str(error))
    return found.group() if found else ""
