"""How a page comes together: language, who is signed in, the widget's tag, and policy.

Every page carries the widget exactly as a real shop would.  One page (`/contact`)
runs under a strict Content-Security-Policy, to prove that the widget needs no more
than its own origin in `script-src`, `frame-src` and `connect-src` (the last for the
button's colour and title; a tag with `data-colour` does without), and the QR codes
of topics `img-src`:

    default-src 'none'; script-src {product}; frame-src {product}; connect-src {product}; style-src 'self';
    img-src 'self' {product}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from litestar import Request, Response
from litestar.response import Redirect

from demo.shop import people, tokens
from demo.shop.config import Config
from demo.shop.connector import open_incidents
from demo.shop.people import Customer
from demo.shop.store import CHINA, Store
from demo.shop.words import word

Asking = Request[Any, Any, Any]
SESSION_COOKIE, LANG_COOKIE = "lime_session", "lime_lang"


class Pages:
    """Draws pages from the templates beside this file."""

    def __init__(self, config: Config, store: Store) -> None:
        self.config = config
        self.store = store
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._templates.filters |= {"yuan": yuan, "when": when}

    def show(
        self, request: Asking, template: str, *, status: int = 200, strict: bool = False, **facts: Any
    ) -> Response[str]:
        """A page as HTML; `strict` puts it under the strict policy."""
        lang, customer = lang_of(request), self.customer(request)
        html = self._templates.get_template(template).render(
            {
                "lang": lang,
                "t": lambda key, **slots: word(key, lang, **slots),
                "customer": customer,
                "token": tokens.token(self.config, customer) if customer else None,
                "config": self.config,
                "incidents": open_incidents(self.store, lang),
                "path": request.url.path,
                "other_lang": _other_language(request, lang),
                "strict": strict,
                "order": None,
                "signed_out": False,
                "place": "",
                "q": "",
                **facts,
            }
        )
        headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
        if strict:
            headers["Content-Security-Policy"] = strict_policy(self.config.product_url)
        answer = Response(html, status_code=status, headers=headers, media_type="text/html; charset=utf-8")
        if request.query_params.get("lang"):
            answer.set_cookie(LANG_COOKIE, lang, max_age=365 * 86400, samesite="lax")
        return answer

    def customer(self, request: Asking) -> Customer | None:
        """Who is signed in."""
        return people.in_session(self.store, request.cookies.get(SESSION_COOKIE))

    def member(self, request: Asking) -> Customer:
        """Who is signed in; raises SignInFirst."""
        customer = self.customer(request)
        if customer is None:
            raise SignInFirst(request)
        return customer


class SignInFirst(Exception):  # it says what is true
    """This page is for members: off to the sign-in, and back."""

    def __init__(self, request: Asking) -> None:
        super().__init__(request.url.path)
        self.next = request.url.path if request.method == "GET" else "/"


def off_to_sign_in(_request: Asking, first: SignInFirst) -> Redirect:
    """The answer to SignInFirst."""
    return go("/sign-in", next=first.next)


def go(path: str, **query: str) -> Redirect:
    """On to another page."""
    return Redirect(f"{path}?{urlencode(query)}" if query else path, status_code=303)


def lang_of(request: Asking) -> str:
    """?lang= wins, then the cookie, then Chinese."""
    asked = request.query_params.get("lang") or request.cookies.get(LANG_COOKIE)
    return "en" if asked == "en" else "zh"


def strict_policy(product_url: str) -> str:
    """The policy of the strict page."""
    return (
        f"default-src 'none'; script-src {product_url}; frame-src {product_url}; connect-src {product_url}; "
        f"style-src 'self'; img-src 'self' {product_url}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def yuan(fen: int) -> str:
    """¥168.00."""
    return f"{'-' if fen < 0 else ''}¥{abs(fen) / 100:,.2f}"


def when(instant: str | None) -> str:
    """An instant for people, in China's time."""
    return datetime.fromisoformat(instant).astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if instant else ""


def _other_language(request: Asking, lang: str) -> str:
    query = {name: str(value) for name, value in request.query_params.items() if name != "lang"}
    return f"{request.url.path}?{urlencode({**query, 'lang': 'zh' if lang == 'en' else 'en'})}"
