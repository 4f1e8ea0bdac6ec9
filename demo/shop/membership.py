"""Signing up, in and out; the account with its balance; a fresh token for the widget."""

from __future__ import annotations

import time
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import ValidationException
from litestar.params import Body
from litestar.response import Redirect

from demo.shop import people, tokens
from demo.shop.pages import SESSION_COOKIE, Pages, go

Asking = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
AMOUNTS = (5000, 10000, 20000, 50000)
_failures: dict[str, list[float]] = {}


@get("/sign-in", sync_to_thread=False)
def sign_in_page(request: Asking, pages: Pages, next: str = "/") -> Response[str]:  # the field's name
    """The sign-in."""
    return pages.show(request, "sign_in.html", next=_local(next), wrong="", login="")


@post("/sign-in", sync_to_thread=False)
def sign_in(request: Asking, pages: Pages, data: Form) -> Response[Any]:
    """Sign in."""
    login, password = data.get("login", "").strip()[:50], data.get("password", "")[:200]
    if _has_failed_too_often(login):
        return _sign_in_again(request, pages, data, "sign_in.too_many", 429)
    customer = people.by_password(pages.store, login, password)
    if customer is None:
        _failures.setdefault(login, []).append(time.monotonic())
        return _sign_in_again(request, pages, data, "sign_in.wrong", 401)
    _failures.pop(login, None)
    return _signed_in(pages, customer, _local(data.get("next", "/")))


@get("/sign-up", sync_to_thread=False)
def sign_up_page(request: Asking, pages: Pages) -> Response[str]:
    """The sign-up."""
    return pages.show(request, "sign_up.html", wrong="", given={})


@post("/sign-up", sync_to_thread=False)
def sign_up(request: Asking, pages: Pages, data: Form) -> Response[Any]:
    """Make an account."""
    given = {name: data.get(name, "").strip()[:200] for name in ("login", "name", "phone", "password")}
    wrong = _wrong_in(given)
    customer = None if wrong else people.sign_up(pages.store, **given)
    if customer is None:
        given.pop("password")
        return pages.show(request, "sign_up.html", wrong=wrong or "sign_up.wrong.taken", given=given, status=422)
    return _signed_in(pages, customer, "/")


@post("/sign-out", sync_to_thread=False)
def sign_out(request: Asking, pages: Pages) -> Redirect:
    """Sign out; the front page tells the widget."""
    people.end_session(pages.store, request.cookies.get(SESSION_COOKIE))
    answer = go("/", bye="1")
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@get("/account", sync_to_thread=False)
def account(request: Asking, pages: Pages, added: int = 0) -> Response[str]:
    """Balance, tier, movements."""
    customer = pages.member(request)
    ledger = pages.store.all("select * from ledger where customer_id = ? order by id desc limit 20", customer["id"])
    return pages.show(
        request,
        "account.html",
        ledger=ledger,
        amounts=AMOUNTS,
        added=added if added in AMOUNTS else 0,
        phone=people.masked_phone(customer["phone"]),
    )


@post("/account/recharge", sync_to_thread=False)
def recharge(request: Asking, pages: Pages, data: Form) -> Redirect:
    """Pretend a payment into the balance."""
    customer = pages.member(request)
    amount = data.get("amount", "")
    if not amount.isdecimal() or int(amount) not in AMOUNTS:
        raise ValidationException
    with pages.store as store:
        people.move_balance(store, customer["id"], int(amount), "recharge")
    return go("/account", added=amount)


@get("/widget-token", media_type="text/plain", sync_to_thread=False)
def widget_token(request: Asking, pages: Pages) -> Response[str]:
    """A fresh token, for a page that has been open for long; 204 when nobody is signed in."""
    customer = pages.customer(request)
    token = tokens.token(pages.config, customer) if customer else ""
    return Response(token, status_code=200 if token else 204, headers={"Cache-Control": "no-store"})


def _signed_in(pages: Pages, customer: people.Customer, path: str) -> Redirect:
    answer = go(path)
    answer.set_cookie(SESSION_COOKIE, people.begin_session(pages.store, customer), httponly=True, samesite="lax")
    return answer


def _sign_in_again(request: Asking, pages: Pages, data: dict[str, str], wrong: str, status: int) -> Response[str]:
    return pages.show(
        request,
        "sign_in.html",
        status=status,
        wrong=wrong,
        login=data.get("login", ""),
        next=_local(data.get("next", "/")),
    )


def _wrong_in(given: dict[str, str]) -> str:
    """The first thing that is wrong in a sign-up."""
    if not people.LOGIN.fullmatch(given["login"]):
        return "sign_up.wrong.login"
    if not 1 <= len(given["name"]) <= 20:
        return "sign_up.wrong.name"
    if not people.PHONE.fullmatch(given["phone"]):
        return "sign_up.wrong.phone"
    return "" if len(given["password"]) >= 8 else "sign_up.wrong.password"


def _has_failed_too_often(login: str) -> bool:
    recent = [at for at in _failures.get(login, []) if at > time.monotonic() - 300]
    _failures[login] = recent
    return len(recent) >= 10


def _local(path: str) -> str:
    """Only a path of this shop."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


HANDLERS = [sign_in_page, sign_in, sign_up_page, sign_up, sign_out, account, recharge, widget_token]
