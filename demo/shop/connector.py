"""The connector contract, as this shop implements it (docs/integrating/connector.md).

Every request is verified before anything is looked up, every answer is signed.  The
shop compares proofs itself, counts attempts, and never sends a full telephone
number or a card key.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.params import Parameter

from demo.shop import actions, faults, orders, people, products, signing
from demo.shop.config import Config
from demo.shop.store import Store, now
from demo.shop.words import word

Asking = Request[Any, Any, Any]
_ATTEMPTS_A_DAY = 5
_CODE_GOOD_FOR = timedelta(minutes=10)


class Shop:
    """What the handlers need, and how they answer."""

    def __init__(self, config: Config, store: Store) -> None:
        self.config = config
        self.store = store

    async def problem(self, request: Asking) -> Response[bytes] | None:
        """The refusal of a request that is not Mashang's, or a fault that is switched on."""
        target = request.scope["raw_path"].decode("latin-1")
        query = request.scope["query_string"].decode("latin-1")
        wrong = signing.problem(
            self.store,
            self.config.connector_key_id,
            self.config.connector_secret,
            method=request.method,
            target=f"{target}?{query}" if query else target,
            body=await request.body(),
            headers=request.headers,
        )
        if wrong:
            return self.answer(request, {"code": wrong}, status=401)
        on = faults.switched_on(self.store)
        if "slow" in on:
            await asyncio.sleep(3)
        if "down" in on:
            return Response(b"", status_code=503)
        if "garbage" in on:
            return self._signed(request, b'{"number": [true, "<b>", ', 200)
        return None

    def answer(self, request: Asking, body: Any, *, status: int = 200) -> Response[bytes]:
        """A signed answer."""
        return self._signed(request, json.dumps(body, ensure_ascii=False).encode(), status)

    def missing(self, request: Asking) -> Response[bytes]:
        """There is none of that name."""
        return self.answer(request, {"code": "not_found"}, status=404)

    def _signed(self, request: Asking, body: bytes, status: int) -> Response[bytes]:
        wrong = "wrong_signature" in faults.switched_on(self.store)
        secret = secrets.token_hex(32) if wrong else self.config.connector_secret
        headers = signing.answer_headers(secret, status, body, request.headers.get("x-mashang-nonce", ""))
        return Response(body, status_code=status, headers=headers, media_type="application/json")


async def verified(request: Asking) -> Response[bytes] | None:
    """Before each handler: only Mashang may ask."""
    shop: Shop = request.app.state.shop
    return await shop.problem(request)


@get("/capabilities")
async def capabilities(request: Asking, shop: Shop) -> Response[bytes]:
    """What this shop can do."""
    return shop.answer(
        request,
        {
            "contract": "1",
            "name": word("shop", language(request)),
            "proofs": ["last_four", "one_time_code"],
            "order_number_shapes": ["QN999999999999"],
            "card_key_shapes": ["XXXX-XXXX-XXXX-XXXX"],
            "actions": list(actions.ACTIONS),
            "shipments": True,
            "reveals": True,
        },
    )


@get("/customers/{subject:str}")
async def account(request: Asking, shop: Shop, subject: str) -> Response[bytes]:
    """An account with balance and tier."""
    found = people.by_id(shop.store, subject)
    if found is None:
        return shop.missing(request)
    return shop.answer(
        request,
        {
            "subject": found["id"],
            "name": found["name"],
            "tier": found["tier"],
            "balance": orders.money(found["balance"]),
            "since": found["since"],
            "phone_masked": people.masked_phone(found["phone"]),
        },
    )


@get("/customers/{subject:str}/orders")
async def customer_orders(
    request: Asking, shop: Shop, subject: str, limit: Annotated[int, Parameter(ge=1, le=100)] = 20, cursor: str = ""
) -> Response[bytes]:
    """A customer's orders, newest first."""
    if people.by_id(shop.store, subject) is None:
        return shop.missing(request)
    found = orders.of_customer(shop.store, subject, limit=limit + 1, before=cursor)
    page = found[:limit]
    body: dict[str, Any] = {"orders": [_summary(order, language(request)) for order in page]}
    if len(found) > limit:
        body["next"] = page[-1]["placed_at"]
    return shop.answer(request, body)


@get("/orders/{number:str}")
async def order(request: Asking, shop: Shop, number: str) -> Response[bytes]:
    """One order with its card-issue record."""
    found = orders.by_number(shop.store, number)
    if found is None:
        return shop.missing(request)
    ours = shop.config.shop_url or str(request.base_url).rstrip("/")
    return shop.answer(request, {**_order(found, language(request)), "url": f"{ours}/orders/{number}"})


@get("/products")
async def product_list(
    request: Asking, shop: Shop, q: str = "", limit: Annotated[int, Parameter(ge=1, le=100)] = 20
) -> Response[bytes]:
    """Products that fit a search."""
    found = products.search(q)[:limit]
    return shop.answer(request, {"products": [_product(one, request, shop) for one in found]})


@get("/products/{id:str}")
async def product(request: Asking, shop: Shop, id: str) -> Response[bytes]:
    """One product."""
    found = products.by_id(id)
    return shop.answer(request, _product(found, request, shop)) if found else shop.missing(request)


@get("/promotions")
async def promotions(request: Asking, shop: Shop) -> Response[bytes]:
    """The offers on the front page."""
    lang, today = language(request), datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return shop.answer(
        request,
        {
            "promotions": [
                {
                    "id": offer,
                    "title": word(f"promotion.{offer}", lang),
                    "text": word(f"promotion.{offer}.text", lang),
                    "starts_at": today.isoformat(),
                    "ends_at": (today + timedelta(days=7)).isoformat(),
                    "url": f"{shop.config.shop_url or str(request.base_url).rstrip('/')}/",
                    "codes": list(codes),
                }
                for offer, codes in products.PROMOTIONS.items()
            ]
        },
    )


@get("/incidents")
async def incidents(request: Asking, shop: Shop) -> Response[bytes]:
    """The maintenance of a channel or of the games, while it is switched on."""
    return shop.answer(request, {"incidents": open_incidents(shop.store, language(request))})


@post("/proofs", status_code=200)
async def prove(request: Asking, shop: Shop) -> Response[bytes]:
    """Compare a proof."""
    try:
        asked = json.loads(await request.body())
        match asked["kind"]:
            case "last_four":
                return _last_four(request, shop, str(asked["order_number"]), str(asked["last_four"]))
            case "send_code":
                return _send_code(request, shop, str(asked["account"]))
            case "verify_code":
                return _verify_code(request, shop, str(asked["proof"]), str(asked["code"]))
    except (ValueError, KeyError, TypeError):
        pass
    return shop.answer(request, {"code": "invalid"}, status=422)


def open_incidents(store: Store, lang: str) -> list[dict[str, Any]]:
    """What keeps many customers waiting right now, as the contract writes it."""
    on = faults.switched_on(store)
    return [
        {
            "id": f"{name.replace('_', '-')}-{on[name][:16].replace(':', '')}",
            "title": word(f"incident.{name}", lang),
            "text": word(f"incident.{name}.text", lang),
            "starts_at": on[name],
            "ends_at": (datetime.fromisoformat(on[name]) + timedelta(hours=2)).isoformat(),
            "codes": ["CZ"],
        }
        for name in faults.INCIDENTS
        if name in on
    ]


def _last_four(request: Asking, shop: Shop, number: str, last_four: str) -> Response[bytes]:
    if not _may_try(shop.store, f"order:{number}"):
        return shop.answer(request, {"code": "too_many"}, status=429)
    found = shop.store.first(
        "select c.id, c.phone from orders o join customer c on c.id = o.customer_id where o.number = ?", number
    )
    fits = found is not None and hmac.compare_digest(found["phone"][-4:].encode(), last_four.encode())
    return shop.answer(
        request, {"outcome": "proved", "subject": found["id"]} if found and fits else {"outcome": "not_proved"}
    )


def _send_code(request: Asking, shop: Shop, account: str) -> Response[bytes]:
    """The same answer whether the account exists or not."""
    if not _may_try(shop.store, f"send:{account}"):
        return shop.answer(request, {"code": "too_many"}, status=429)
    found = shop.store.first("select * from customer where login = ? or phone = ?", account, account)
    proof, code = f"pr-{secrets.token_hex(8)}", f"{secrets.randbelow(1_000_000):06d}"
    expires = datetime.now(UTC) + _CODE_GOOD_FOR
    with shop.store as store:
        store.add(
            "proof",
            id=proof,
            customer_id=found["id"] if found else None,
            code_hash=_hashed(code),
            expires_at=expires.isoformat(),
        )
        if found:
            text = word("message.code", "zh", code=code)
            store.add("message", at=now(), to_masked=people.masked_phone(found["phone"]), text=text)
    return shop.answer(request, {"outcome": "sent", "proof": proof, "expires_at": expires.isoformat()})


def _verify_code(request: Asking, shop: Shop, proof: str, code: str) -> Response[bytes]:
    with shop.store as store:
        tried = store.run("update proof set tries = tries + 1 where id = ? and tries < ?", proof, _ATTEMPTS_A_DAY)
        found = store.first("select * from proof where id = ? and expires_at > ?", proof, datetime.now(UTC).isoformat())
        fits = bool(tried and found and hmac.compare_digest(found["code_hash"], _hashed(code)))
        if fits:
            store.run("delete from proof where id = ?", proof)
    if fits and found and found["customer_id"]:
        return shop.answer(request, {"outcome": "proved", "subject": found["customer_id"]})
    return shop.answer(request, {"outcome": "not_proved"})


def _may_try(store: Store, subject: str) -> bool:
    day_ago = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    with store:
        tries = store.all("select at from attempt where subject = ? and at > ?", subject, day_ago)
        if len(tries) < _ATTEMPTS_A_DAY:
            store.add("attempt", subject=subject, at=now())
    return len(tries) < _ATTEMPTS_A_DAY


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def language(request: Asking) -> str:
    """The reader's language."""
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


def _summary(order: dict[str, Any], lang: str) -> dict[str, Any]:
    first = order["lines"][0]
    return {
        "number": order["number"],
        "placed_at": order["placed_at"],
        "status": order["status"],
        "status_text": word(f"status.{order['shown']}", lang),
        "total": orders.money(order["total"]),
        "title": f"{first['product'].words(lang)['name']} ×{first['quantity']}",
        **_anomaly(order, lang),
    }


def _order(order: dict[str, Any], lang: str) -> dict[str, Any]:
    told = {name: value for name, value in _summary(order, lang).items() if name != "title"}
    told |= {"subject": order["customer_id"], "lines": [_line(line, lang) for line in order["lines"]]}
    if order["method"]:
        told["payment"] = {
            "method": order["method"],
            "status": "refunded" if order["status"] == "refunded" else "paid",
            "paid_at": order["paid_at"],
            "reference_masked": f"{order['reference'][:4]}****{order['reference'][-4:]}",
        }
    elif order["tried"]:
        told["payment"] = {"method": order["tried"], "status": "failed"}
    return told


def _line(line: dict[str, Any], lang: str) -> dict[str, Any]:
    delivery = {"kind": line["product"].kind, "state": line["state"]}
    if line["state_at"]:
        delivery["at"] = line["state_at"]
    if line["expected_at"]:
        delivery["expected_at"] = line["expected_at"]
    if line["target"]:
        delivery["recharge_target_masked"] = orders.masked_target(line["target"])
    told = ("at", "action", "source", "key_masked", "to_masked")
    return {
        "id": line["id"],
        "product": line["product"].words(lang)["name"],
        "quantity": line["quantity"],
        "price": orders.money(line["price"]),
        "delivery": delivery,
        "issue_record": [{name: entry[name] for name in told if entry[name]} for entry in line["record"]],
    }


def _anomaly(order: dict[str, Any], lang: str) -> dict[str, Any]:
    if not order["anomaly"]:
        return {}
    text = word(f"anomaly.{order['anomaly']}", lang)
    return {"anomaly": {"kind": order["anomaly"], "text": text, "since": order["anomaly_since"]}}


def _product(one: products.Product, request: Asking, shop: Shop) -> dict[str, Any]:
    words = one.words(language(request))
    ours = shop.config.shop_url or str(request.base_url).rstrip("/")
    return {
        "id": one.id,
        "name": words["name"],
        "price": orders.money(one.price),
        "url": f"{ours}/p/{one.id}",
        "image_url": f"{ours}/static/products/{one.id}.webp",
        "kind": one.kind,
        "in_stock": True,
        "summary": words["short"],
        "delivery_time": word(f"delivery_time.{one.delivery}", language(request)),
    }


router = Router(
    "/connector/v1",
    before_request=verified,
    route_handlers=[
        capabilities,
        account,
        customer_orders,
        order,
        product_list,
        product,
        promotions,
        incidents,
        prove,
    ],
)
