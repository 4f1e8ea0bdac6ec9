"""The connector's other half, as this shop implements it: actions, what became of them, parcels, readable keys."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from litestar import Request, Response, Router, get, post

from demo.shop import actions, faults, orders, parcels
from demo.shop.connector import Shop, language, verified
from demo.shop.outbox import Outbox

Asking = Request[Any, Any, Any]
_LATE_SECONDS = 9.0  # Mashang listens for eight


@post("/orders/{number:str}/actions", status_code=200)
async def act(request: Asking, shop: Shop, outbox: Outbox, number: str) -> Response[bytes]:
    """Do something for the order's owner, once for each key."""
    try:
        asked = json.loads(await request.body())
        key, action, line = str(asked["key"]), str(asked["action"]), asked.get("line")
        by = "本人" if asked.get("asked_by") == "customer" else "客服"
    except (ValueError, KeyError, TypeError, AttributeError):
        return shop.answer(request, {"code": "invalid"}, status=422)
    if action not in actions.ACTIONS:
        return shop.answer(request, {"code": "invalid"}, status=422)
    answer = actions.act(shop.store, number, key, action, line, by=by)
    outbox.kick()
    broken = faults.switched_on(shop.store)
    if "action_lost" in broken:
        return Response(b"", status_code=502)
    if "action_late" in broken:
        await asyncio.sleep(_LATE_SECONDS)
    return shop.answer(request, answer) if answer else shop.missing(request)


@get("/actions/{key:str}")
async def outcome(request: Asking, shop: Shop, key: str) -> Response[bytes]:
    """What became of an action."""
    known = actions.outcome(shop.store, key)
    return shop.answer(request, known) if known else shop.missing(request)


@get("/orders/{number:str}/shipments")
async def shipments(request: Asking, shop: Shop, number: str) -> Response[bytes]:
    """The parcels of an order, followed by the shop itself."""
    if orders.by_number(shop.store, number) is None:
        return shop.missing(request)
    return shop.answer(request, {"shipments": parcels.of_order(shop.store, number, language(request))})


@post("/orders/{number:str}/keys", status_code=200)
async def keys(request: Asking, shop: Shop, number: str) -> Response[bytes]:
    """The readable keys of a line; its record says that somebody of customer service looked."""
    order = orders.by_number(shop.store, number)
    try:
        wanted = str(json.loads(await request.body())["line"])
    except (ValueError, KeyError, TypeError):
        return shop.answer(request, {"code": "invalid"}, status=422)
    line = next((one for one in order["lines"] if one["id"] == wanted), None) if order else None
    if order is None or line is None:
        return shop.missing(request)
    return shop.answer(request, {"keys": orders.show_keys(shop.store, order, line)})


router = Router("/connector/v1", before_request=verified, route_handlers=[act, outcome, shipments, keys])
