"""What somebody sees who opened a file's address that leads nowhere for them: a small page in their language.

Programs and pictures in a page are answered as everywhere; a tab of a browser asks for HTML, and whoever looks at it
is told what to do.

Does not: tell a missing file from one that is somebody else's.
"""

from __future__ import annotations

from html import escape
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException

from mashang.conversations.attachments import FileAddressExpired
from mashang.kit import i18n
from mashang.kit.edge import Asking, answer_http_exception, answer_refusal, body_of, locale_of
from mashang.kit.errors import NotFound, Refusal

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language",
}
_PAGE = """<!doctype html>
<html lang="{locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ground: #f3f5f8; --surface: #fff; --text: #17202e; --soft: #56606f;
  --line: #dde2ea }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ground: #10151c; --surface: #1c232d; --text: #eef2f7; --soft: #a9b4c2; --line: #313b48 }}
}}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--text);
  font: 16px/1.7 -apple-system, BlinkMacSystemFont, "PingFang SC", "HarmonyOS Sans", "MiSans", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif }}
main {{ box-sizing: border-box; width: min(27rem, 100% - 32px); padding: 32px 28px; border: 1px solid var(--line);
  border-radius: 18px; background: var(--surface); text-align: center; text-wrap: balance }}
svg {{ width: 44px; height: 44px; fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-linecap: round;
  stroke-linejoin: round }}
h1 {{ margin: 12px 0 4px; font-size: 20px; line-height: 1.4 }}
p {{ margin: 0 }}
p + p {{ margin-top: 12px; color: var(--soft); font-size: 14px }}
</style>
<main>
<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M14 3H6v18h12V7zM14 3v4h4M9.5 11.5l5 5M14.5 11.5l-5 5"/></svg>
<h1>{title}</h1>
<p>{sentence}</p>{hint}
</main>
</html>
"""


def answer(request: Asking, refusal: Refusal) -> Response[Any]:
    """A refusal to show a file."""
    return _page(request, refusal, refusal.status) if _is_a_tab(request) else answer_refusal(request, refusal)


def answer_malformed(request: Asking, error: HTTPException) -> Response[Any]:
    """An address that was cut off or altered: to people it leads nowhere, like any other."""
    told = answer_http_exception(request, error)
    return _page(request, NotFound(), told.status_code or 400) if _is_a_tab(request) else told


def _is_a_tab(request: Asking) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _page(request: Asking, refusal: Refusal, status: int) -> Response[Any]:
    locale = locale_of(request)
    # An address that was good once says itself what to do.
    hint = "" if isinstance(refusal, FileAddressExpired) else i18n.sentence("file.page.hint", locale)
    page = _PAGE.format(
        locale=locale,
        title=escape(i18n.sentence("file.page.title", locale)),
        sentence=escape(body_of(refusal.code, refusal.facts, locale).message),
        hint=f"\n<p>{escape(hint)}</p>" if hint else "",
    )
    return Response(page, status_code=status, media_type="text/html", headers=_HEADERS)
