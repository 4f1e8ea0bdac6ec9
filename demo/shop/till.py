"""Buying: place the order, pretend the payment, see that it was received, open the card."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException, ValidationException
from litestar.params import Body
from litestar.response import Redirect

from demo.shop import orders, parcels, people, products, service_codes
from demo.shop.outbox import Outbox
from demo.shop.pages import Pages, go, lang_of

Asking = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@post("/buy", sync_to_thread=False)
def buy(request: Asking, pages: Pages, data: Form) -> Redirect:
    """Place an order; on to the payment."""
    customer = pages.member(request)
    product = products.by_id(data.get("product", ""))
    if product is None:
        raise NotFoundException
    quantity, target = data.get("quantity", "1"), data.get("target", "").strip()
    if not quantity.isdecimal() or not 1 <= int(quantity) <= 10:
        raise ValidationException
    if product.kind == "top_up" and not _is_target(product, target):
        raise ValidationException
    number = orders.place(pages.store, customer, product, int(quantity), target if product.kind == "top_up" else "")
    return go(f"/pay/{number}")


@get("/pay/{number:str}", sync_to_thread=False)
def payment(request: Asking, pages: Pages, number: str, short: str = "") -> Response[str] | Redirect:
    """The pretended payment page."""
    order = _own(request, pages, number)
    if order["status"] != "pending_payment":
        return go(f"/orders/{number}")
    return pages.show(request, "pay.html", order=order, methods=orders.METHODS, short=bool(short))


@post("/pay/{number:str}", sync_to_thread=False)
def pay(request: Asking, pages: Pages, outbox: Outbox, number: str, data: Form) -> Redirect:
    """Pretend that it was paid."""
    order = _own(request, pages, number)
    method = data.get("method", "")
    if method not in orders.METHODS:
        raise ValidationException
    if order["status"] != "pending_payment":
        return go(f"/orders/{number}")
    if not orders.pay(pages.store, order, method):
        return go(f"/pay/{number}", short="1")
    outbox.kick()
    return go(f"/paid/{number}")


@post("/cancel/{number:str}", sync_to_thread=False)
def cancel(request: Asking, pages: Pages, number: str) -> Redirect:
    """Cancel what was not paid."""
    orders.cancel(pages.store, _own(request, pages, number))
    return go(f"/orders/{number}")


@get("/paid/{number:str}", sync_to_thread=False)
def paid(request: Asking, pages: Pages, number: str) -> Response[str] | Redirect:
    """Payment received."""
    order = _own(request, pages, number)
    if order["paid_at"] is None:
        return go(f"/orders/{number}")
    return pages.show(request, "paid.html", order=order)


@get("/orders", sync_to_thread=False)
def my_orders(request: Asking, pages: Pages) -> Response[str]:
    """All my orders."""
    mine = orders.of_customer(pages.store, pages.member(request)["id"])
    return pages.show(request, "orders.html", orders=mine)


@get("/orders/{number:str}")
async def my_order(request: Asking, pages: Pages, number: str) -> Response[str]:
    """One order of mine."""
    return await _order_page(request, pages, _own(request, pages, number), {})


@post("/orders/{number:str}/keys", status_code=200)
async def show_keys(request: Asking, pages: Pages, outbox: Outbox, number: str, data: Form) -> Response[str]:
    """The order with the card keys of one line; noted in its record."""
    order = _own(request, pages, number)
    line = next((line for line in order["lines"] if line["id"] == data.get("line")), None)
    if line is None:
        raise NotFoundException
    keys = orders.open_keys(pages.store, order, line)
    outbox.kick()
    return await _order_page(request, pages, _own(request, pages, number), {line["id"]: keys})


async def _order_page(request: Asking, pages: Pages, order: orders.Order, keys: dict[str, list[str]]) -> Response[str]:
    code = await service_codes.of_order(pages.config, order)
    sent = parcels.of_order(pages.store, order["number"], lang_of(request))
    return pages.show(request, "order.html", order=order, keys=keys, service_code=code, parcels=sent)


def _own(request: Asking, pages: Pages, number: str) -> orders.Order:
    """An order of the customer who is signed in; anybody else's does not exist."""
    customer = pages.member(request)
    order = orders.by_number(pages.store, number)
    if order is None or order["customer_id"] != customer["id"]:
        raise NotFoundException
    return order


def _is_target(product: products.Product, target: str) -> bool:
    if product.category == "phone":
        return people.PHONE.fullmatch(target) is not None
    return 3 <= len(target) <= 30 and target.isprintable()


HANDLERS = [buy, payment, pay, cancel, paid, my_orders, my_order, show_keys]
