"""Asking a shop over HTTP, as the connector contract says.

Everything that comes back is checked before anybody sees it: the signature over
status and body, the content type, at most 1 MiB (`wire`), and the exact shapes of
`contract`.  What does not fit is an outage of the shop, never a half-read answer.
What the shop sent is not logged: it may hold people's data.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec

from mashang.kit import clock
from mashang.shops import acting, contract, signing, wire
from mashang.shops.connector import ShopFailed

T = TypeVar("T")
ACTS_WITHIN = timedelta(seconds=8)  # it may write and send; nobody is held up by it


class Keys(msgspec.Struct, frozen=True):
    """Where a shop is and how we sign to it."""

    base_url: str
    key_id: str
    secret: str


class Answer(msgspec.Struct, frozen=True):
    """What came back, its signature already verified."""

    status: int
    body: bytes
    date: str = ""  # its own time as the server says it, of a refusal only


class HttpShop:
    """A shop that implements the connector contract."""

    def __init__(self, client: httpx.AsyncClient, keys: Keys, *, within: timedelta = wire.ANSWERS_WITHIN) -> None:
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

    async def shipments(self, number: str) -> list[contract.Shipment] | None:
        """GET /orders/{number}/shipments."""
        found = await self._find("/orders/{}/shipments", number, contract.Shipments)
        return None if found is None else found.shipments

    async def act(self, number: str, request: acting.ActionRequest) -> acting.ActionAnswer | None:
        """POST /orders/{number}/actions."""
        return await self._tell("/orders/{}/actions", number, request, acting.ActionAnswer)  # type: ignore[arg-type]  # a union is no type[T]

    async def outcome(self, key: str) -> acting.ActionAnswer | None:
        """GET /actions/{key}."""
        answer = await self.ask("GET", f"/actions/{quote(key, safe='')}")
        return None if answer.status == 404 else _decoded(_expect_ok(answer), acting.ActionAnswer)  # type: ignore[arg-type]  # a union is no type[T]

    async def keys(self, number: str, request: acting.RevealRequest) -> acting.CardKeys | None:
        """POST /orders/{number}/keys."""
        return await self._tell("/orders/{}/keys", number, request, acting.CardKeys)

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

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        signed: dict[str, str] | None = None,
        within: timedelta | None = None,
    ) -> Answer:
        """One signed request and its verified answer; `signed` replaces the headers (for `check`).

        Raises ShopFailed.  Answers 4xx come back to the caller, signed as they must be.
        """
        url = self._keys.base_url.rstrip("/") + path
        given = signed or self.sign(method, path, body)
        response, content = await self._exchange(method, url, body, given, within or self._within)
        if response.status_code >= 500:
            raise ShopFailed("unavailable", f"HTTP {response.status_code}")
        if response.is_redirect:
            raise ShopFailed("redirected", f"HTTP {response.status_code}")
        if response.status_code == 401:
            return Answer(401, content, response.headers.get("date", ""))  # of a stranger the shop cannot sign to
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
        self, method: str, url: str, body: bytes, headers: dict[str, str], within: timedelta
    ) -> tuple[httpx.Response, bytes]:
        sent = {**headers, "Accept": "application/json", "Accept-Language": "zh-CN"}
        if body:
            sent["Content-Type"] = "application/json"
        return await wire.exchange(self._client, method, url, body=body, headers=sent, within=within)

    def _verify(self, response: httpx.Response, content: bytes, nonce: str) -> None:
        found = signing.read_answer(response.headers, nonce)
        if found is None:
            raise ShopFailed("unsigned", f"HTTP {response.status_code}")
        if not signing.fits(self._keys.secret, "ANSWER", str(response.status_code), content, found):
            raise ShopFailed("wrong_signature", f"HTTP {response.status_code}")
        if not signing.is_timely(found.timestamp, clock.now()):
            raise ShopFailed("clocks_differ", _apart(datetime.fromtimestamp(int(found.timestamp), UTC)))
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

    async def _tell(self, path: str, name: str, request: msgspec.Struct, into: type[T]) -> T | None:
        """Have something done about a thing; None when there is no such thing."""
        if not contract.is_id(name):
            return None
        body = msgspec.json.encode(request)
        answer = await self.ask("POST", path.format(quote(name, safe="")), body=body, within=ACTS_WITHIN)
        return None if answer.status == 404 else _decoded(_expect_ok(answer), into)


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


def refused(answer: Answer) -> ShopFailed:
    """Why the shop does not take our signature: the clocks, as far as it says so, or the secret.

    Nobody signs this answer, so it is good for a hint to the operator and for nothing else.
    """
    try:
        code = msgspec.json.decode(answer.body, type=contract.Problem).code
    except (msgspec.DecodeError, UnicodeDecodeError):
        code = ""
    try:
        theirs: datetime | None = parsedate_to_datetime(answer.date).astimezone(UTC)
    except (ValueError, OverflowError):
        theirs = None
    if code == "request_stale" or (theirs and abs(theirs - clock.now()) > signing.TOLERANCE):
        return ShopFailed("clocks_differ", _apart(theirs) if theirs else "HTTP 401")
    return ShopFailed("refused_us", "HTTP 401")


def _apart(theirs: datetime) -> str:
    seconds = round((theirs - clock.now()).total_seconds())
    return f"the shop's clock is {abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} ours"


def _expect_ok(answer: Answer) -> bytes:
    if answer.status == 401:
        raise refused(answer)
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
