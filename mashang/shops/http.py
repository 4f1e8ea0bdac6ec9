"""Asking a shop over HTTP, as the connector contract says.

Everything that comes back is checked before anybody sees it: the signature over
status and body, the content type, at most 1 MiB, and the exact shapes of
`contract`.  What does not fit is an outage of the shop, never a half-read answer.
What the shop sent is not logged: it may hold people's data.
"""

from __future__ import annotations

import asyncio
import socket
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec

from mashang.kit import clock, http
from mashang.kit.sealing import Sealer, Unreadable
from mashang.kit.settings import Settings
from mashang.shops import contract, signing
from mashang.shops.connector import ShopFailed

T = TypeVar("T")
BODY_LIMIT = 1024 * 1024
ANSWERS_WITHIN = timedelta(seconds=2)
SECRET_PURPOSE = "shop secret"  # noqa: S105  # a purpose of kit.sealing, no secret


class Keys(msgspec.Struct, frozen=True):
    """Where a shop is and how we sign to it."""

    base_url: str
    key_id: str
    secret: str


class Answer(msgspec.Struct, frozen=True):
    """What came back, its signature already verified."""

    status: int
    body: bytes


class HttpShop:
    """A shop that implements the connector contract."""

    def __init__(self, client: httpx.AsyncClient, keys: Keys, *, within: timedelta = ANSWERS_WITHIN) -> None:
        self._client = client
        self._keys = keys
        self._within = within

    async def capabilities(self) -> contract.Capabilities:
        """GET /capabilities."""
        return await self._get("/capabilities", contract.Capabilities)

    async def prove(self, request: contract.ProofRequest) -> contract.ProofAnswer:
        """POST /proofs."""
        answer = await self.ask("POST", "/proofs", body=msgspec.json.encode(request))
        return _decoded(_expect_ok(answer), contract.ProofAnswer)  # type: ignore[arg-type]  # a union is no type[T]

    async def account(self, subject: str) -> contract.Account | None:
        """GET /customers/{subject}."""
        return await self._find("/customers/{}", subject, contract.Account)

    async def orders(self, subject: str, *, limit: int = 20, cursor: str = "") -> contract.Orders:
        """GET /customers/{subject}/orders; nobody of that name has no orders."""
        found = await self._find("/customers/{}/orders", subject, contract.Orders, limit=limit, cursor=cursor)
        return found or contract.Orders(orders=[])

    async def order(self, number: str) -> contract.Order | None:
        """GET /orders/{number}; an answer about another order is malformed."""
        found = await self._find("/orders/{}", number, contract.Order)
        if found is not None and found.number != number:
            raise ShopFailed("malformed", "the answer is about another order")
        return found

    async def products(self, query: str = "", *, limit: int = 20) -> contract.Products:
        """GET /products."""
        return await self._get("/products", contract.Products, q=query, limit=limit)

    async def product(self, id: str) -> contract.Product | None:
        """GET /products/{id}."""
        return await self._find("/products/{}", id, contract.Product)

    async def promotions(self) -> contract.Promotions:
        """GET /promotions."""
        return await self._get("/promotions", contract.Promotions)

    async def incidents(self) -> contract.Incidents:
        """GET /incidents."""
        return await self._get("/incidents", contract.Incidents)

    async def ask(self, method: str, path: str, *, body: bytes = b"", signed: dict[str, str] | None = None) -> Answer:
        """One signed request and its verified answer; `signed` replaces the headers (for `check`).

        Raises ShopFailed.  Answers 4xx come back to the caller, signed as they must be.
        """
        url = self._keys.base_url.rstrip("/") + path
        given = signed or self.sign(method, path, body)
        response, content = await self._exchange(method, url, body, given)
        if response.status_code >= 500:
            raise ShopFailed("unavailable", f"HTTP {response.status_code}")
        if response.is_redirect:
            raise ShopFailed("redirected", f"HTTP {response.status_code}")
        if response.status_code == 401:
            return Answer(401, content)  # of a stranger the shop cannot sign to
        self._verify(response, content, given[signing.NONCE])
        return Answer(response.status_code, content)

    def sign(
        self, method: str, path: str, body: bytes = b"", *, secret: str = "", now: datetime | None = None
    ) -> dict[str, str]:
        """The headers of a request; another secret or time only to try the shop's refusals."""
        target = httpx.URL(self._keys.base_url.rstrip("/") + path).raw_path.decode()
        return signing.headers(
            self._keys.key_id, secret or self._keys.secret, method, target, body, now=now or clock.now()
        )

    async def _exchange(
        self, method: str, url: str, body: bytes, headers: dict[str, str]
    ) -> tuple[httpx.Response, bytes]:
        sent = {**headers, "Accept": "application/json", "Accept-Language": "zh-CN", "Accept-Encoding": "identity"}
        if body:
            sent["Content-Type"] = "application/json"
        try:
            async with (
                asyncio.timeout(self._within.total_seconds()),
                self._client.stream(method, url, content=body, headers=sent) as response,
            ):
                return response, await http.read_limited(response, BODY_LIMIT)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise ShopFailed("timed_out") from error
        except http.PrivateAddress as error:
            raise ShopFailed("private_address") from error
        except http.BodyTooLarge as error:
            raise ShopFailed("too_large", f"more than {BODY_LIMIT} bytes") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ShopFailed("unreachable", type(error).__name__) from error

    def _verify(self, response: httpx.Response, content: bytes, nonce: str) -> None:
        found = signing.read_answer(response.headers, nonce)
        if found is None:
            raise ShopFailed("unsigned", f"HTTP {response.status_code}")
        if not signing.fits(self._keys.secret, "ANSWER", str(response.status_code), content, found):
            raise ShopFailed("wrong_signature", f"HTTP {response.status_code}")
        if not signing.is_timely(found.timestamp, clock.now()):
            raise ShopFailed("wrong_signature", "the answer's timestamp is more than 5 minutes off")
        if response.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise ShopFailed("wrong_type", "the content type is not application/json")

    async def _get(self, path: str, into: type[T], **query: Any) -> T:
        return _decoded(_expect_ok(await self.ask("GET", path + _query(query))), into)

    async def _find(self, path: str, name: str, into: type[T], **query: Any) -> T | None:
        """One thing by its name; what has not the form of a name does not exist, and is not asked for."""
        if not contract.is_id(name):
            return None
        answer = await self.ask("GET", path.format(quote(name, safe="")) + _query(query))
        return None if answer.status == 404 else _decoded(_expect_ok(answer), into)


class Shops:
    """How this process reaches its shops: one HTTP client, and the key to their secrets."""

    def __init__(self, settings: Settings, sealer: Sealer) -> None:
        self._sealer = sealer
        self.client = http.client(permitted(settings))

    def connector(self, base_url: str, key_id: str, secret_sealed: bytes) -> HttpShop:
        """A shop to ask; raises ShopFailed when our key does not open its secret."""
        try:
            secret = self._sealer.open(secret_sealed, SECRET_PURPOSE).decode()
        except Unreadable:
            raise ShopFailed("secret_unreadable") from None
        return HttpShop(self.client, Keys(base_url, key_id, secret))

    async def close(self) -> None:
        """Let the connections go."""
        await self.client.aclose()


def permitted(settings: Settings) -> http.Permitted:
    """Which addresses shops may have: public ones; all when configured; in a demo its own shop's, beside us."""
    if settings.allow_private_addresses:
        return lambda _address, _port: True
    if settings.demo:
        ours = _addresses(settings.host)
        return lambda address, port: (
            http.is_public(address, port) or (port == settings.shop_port and (address.is_loopback or address in ours))
        )
    return http.is_public


def _addresses(host: str) -> frozenset[http.Address]:
    """The addresses of a host we listen on ourselves, as it is when we start."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return frozenset()
    return frozenset(ip_address(entry[4][0]) for entry in found)


def base_url_problem(base_url: str) -> str | None:
    """What is wrong with this address of a connector, or None."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "scheme"
    if parts.username or parts.password or parts.query or parts.fragment:
        return "parts"
    return None


def _query(values: dict[str, Any]) -> str:
    given = {name: value for name, value in values.items() if value not in ("", None)}
    return "?" + urlencode(given, quote_via=quote) if given else ""


def _expect_ok(answer: Answer) -> bytes:
    if answer.status == 401:
        raise ShopFailed("refused_us", "HTTP 401")
    if answer.status == 429:
        raise ShopFailed("too_many", "HTTP 429")
    if answer.status != 200:
        raise ShopFailed("malformed", f"HTTP {answer.status} was not expected")
    return answer.body


def _decoded(body: bytes, into: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=into)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ShopFailed("malformed", str(error)) from error
