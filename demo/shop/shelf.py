"""The pages anybody may see: front page and search, product, contact."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from demo.shop import products
from demo.shop.pages import Pages

Asking = Request[Any, Any, Any]


@get("/", sync_to_thread=False)
def home(request: Asking, pages: Pages, q: str = "", category: str = "", bye: str = "") -> Response[str]:
    """The front page, a category, or what was searched."""
    category = category if category in products.CATEGORIES else ""
    return pages.show(
        request,
        "home.html",
        products=products.search(q[:50], category),
        categories=products.CATEGORIES,
        promotions=products.PROMOTIONS,
        q=q[:50],
        category=category,
        signed_out=bool(bye),
    )


@get("/p/{id:str}", sync_to_thread=False)
def product(request: Asking, pages: Pages, id: str) -> Response[str]:
    """One product, with its form to buy."""
    found = products.by_id(id)
    if found is None:
        raise NotFoundException
    others = sorted((one for one in products.PRODUCTS if one.id != id), key=lambda one: one.category != found.category)
    return pages.show(request, "product.html", product=found, others=others[:3])


@get("/contact", sync_to_thread=False)
def contact(request: Asking, pages: Pages) -> Response[str]:
    """Contact; the page under the strict policy."""
    asked = request.query_params.get("place", "")
    return pages.show(request, "contact.html", strict=True, place=asked if asked in PLACES else "")


PLACES = ("button", "side-tab", "top-link", "inline")  # where the widget can stand; the contact page shows each
HANDLERS = [home, product, contact]
