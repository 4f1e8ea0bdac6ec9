"""The connector contract as an OpenAPI 3.1 document, made from `contract`.

    python -m mashang.shops.published docs/integrating/connector.openapi.json

A test fails while the document in the repository is not the one made here.  The
document has two halves: what the shop serves, and (under `webhooks`) what it may
tell us.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from mashang.shops import acting as a
from mashang.shops import contract as c
from mashang.shops import signing
from mashang.shops import telling as t


class Operation(msgspec.Struct, frozen=True):
    """One call of the contract."""

    method: str
    path: str
    id: str
    summary: str
    answer: Any
    body: Any = None
    query: tuple[tuple[str, str, str], ...] = ()
    may_miss: bool = False


_PAGE = (("limit", "integer", "at most so many, 1 to 100"),)
OPERATIONS = (
    Operation("get", "/capabilities", "capabilities", "What this shop can do", c.Capabilities),
    Operation(
        "post", "/proofs", "prove", "Compare a proof of identity; the shop compares", c.ProofAnswer, c.ProofRequest
    ),
    Operation("get", "/customers/{subject}", "account", "An account: balance and tier", c.Account, may_miss=True),
    Operation(
        "get",
        "/customers/{subject}/orders",
        "orders",
        "A customer's orders, newest first",
        c.Orders,
        query=(*_PAGE, ("cursor", "string", "`next` of the page before")),
        may_miss=True,
    ),
    Operation("get", "/orders/{number}", "order", "One order with its card-issue record", c.Order, may_miss=True),
    Operation("get", "/orders/{number}/shipments", "shipments", "The parcels of an order", c.Shipments, may_miss=True),
    Operation(
        "post",
        "/orders/{number}/actions",
        "act",
        "Do something for an order's owner, once for each key",
        a.ActionAnswer,
        a.ActionRequest,
        may_miss=True,
    ),
    Operation(
        "get",
        "/actions/{key}",
        "outcome",
        "What became of the action with this key; 404 as long as it was not taken in",
        a.ActionAnswer,
        may_miss=True,
    ),
    Operation(
        "post",
        "/orders/{number}/keys",
        "keys",
        "The readable keys of a line, for an agent's named reason",
        a.CardKeys,
        a.RevealRequest,
        may_miss=True,
    ),
    Operation(
        "get",
        "/products",
        "products",
        "Products that fit a search",
        c.Products,
        query=(("q", "string", "words"), *_PAGE),
    ),
    Operation("get", "/products/{id}", "product", "One product", c.Product, may_miss=True),
    Operation("get", "/promotions", "promotions", "Offers", c.Promotions),
    Operation("get", "/incidents", "incidents", "What keeps many customers waiting right now", c.Incidents),
)

_ABOUT = (
    "What a shop implements so that Mashang can stand the right specialist beside the right order. "
    "Read connector.md for signatures and a worked example."
)
_REF = "#/components/schemas/{name}"
_SIGNATURE_HEADERS = {
    signing.KEY: "which key signed; both sides use the same",
    signing.TIMESTAMP: "seconds since 1970, at most 300 off",
    signing.NONCE: "16 to 64 characters of A-Z a-z 0-9 _ -, never used twice",
    signing.SIGNATURE: "v1= and the hex HMAC-SHA256, see connector.md",
}


def document() -> dict[str, Any]:
    """The whole OpenAPI document."""
    schemas = _Schemas()
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation, schemas)
    webhooks = {"shopEvent": {"post": _event(schemas)}, "shopCode": {"post": _code(schemas)}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mashang connector contract", "version": c.VERSION, "description": _ABOUT},
        "paths": paths,
        "webhooks": webhooks,
        "components": {"schemas": schemas.components(), "parameters": _signature_parameters()},
    }


class _Schemas:
    """Collects the types that are mentioned; gives references to them."""

    def __init__(self) -> None:
        self._types: list[Any] = []

    def of(self, type_: Any) -> dict[str, Any]:
        self._types.append(type_)
        (schema,), _ = msgspec.json.schema_components([type_], ref_template=_REF)
        return schema

    def components(self) -> dict[str, Any]:
        _, components = msgspec.json.schema_components(self._types, ref_template=_REF)
        return dict(sorted(components.items()))


def _described(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    parameters = [{"$ref": f"#/components/parameters/{name}"} for name in _SIGNATURE_HEADERS]
    parameters += [_parameter(name, "path", "string", "", required=True) for name in _slots(operation.path)]
    parameters += [_parameter(name, "query", kind, about, required=False) for name, kind, about in operation.query]
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            "200": _json("As asked; the answer is signed", schemas.of(operation.answer)),
            "401": _json("The signature is missing, wrong, stale or was used before", schemas.of(c.Problem)),
        },
    }
    if operation.may_miss:
        described["responses"]["404"] = _json("There is none of that name; signed too", schemas.of(c.Problem))
    if operation.body is not None:
        described["requestBody"] = {"required": True, **_content(schemas.of(operation.body))}
        described["responses"]["429"] = _json("Too many attempts; Retry-After says how long", schemas.of(c.Problem))
    return described


def _told_us(schemas: _Schemas, id: str, about: str, body: Any, answers: dict[str, Any]) -> dict[str, Any]:
    """A request of the shop's to us."""
    stranger = {"401": _json("signature_wrong, request_stale or request_replayed", schemas.of(c.Problem))}
    return {
        "operationId": id,
        "summary": f"{about}; the answer is not signed",
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in _SIGNATURE_HEADERS],
        "requestBody": {"required": True, **_content(schemas.of(body))},
        "responses": dict(sorted({**answers, **stranger}.items())),
    }


def _event(schemas: _Schemas) -> dict[str, Any]:
    about = "The shop tells Mashang, at POST {Mashang}/api/v1/shop-events"
    taken = {"202": _json("Stored, now or before", schemas.of(t.EventTaken))}
    return _told_us(schemas, "shopEvent", about, t.ShopEvent, taken)


def _code(schemas: _Schemas) -> dict[str, Any]:
    about = "The shop asks for a service code, at POST {Mashang}/api/v1/shop-codes"
    made = {
        "200": _json("The one live code of this order and scene", schemas.of(t.CodeForOrder)),
        "422": _json("invalid: what does not fit stands in `facts`", schemas.of(c.Problem)),
    }
    return _told_us(schemas, "shopCode", about, t.CodeWish, made)


def _signature_parameters() -> dict[str, Any]:
    return {
        name: {"name": name, "in": "header", "required": True, "description": about, "schema": {"type": "string"}}
        for name, about in _SIGNATURE_HEADERS.items()
    }


def _slots(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _parameter(name: str, place: str, kind: str, about: str, *, required: bool) -> dict[str, Any]:
    described = {"name": name, "in": place, "required": required, "schema": {"type": kind}}
    return {**described, "description": about} if about else described


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, **_content(schema)}


def text() -> str:
    """The document as it is kept in the repository."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), "utf-8")
