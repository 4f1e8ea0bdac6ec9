"""The catalogue: every sentence the server says, in zh-CN and in English.

Keys are flat; slots are `{name}`.  A missing key is a bug that a test finds, so
at run time the key itself is shown rather than failing the request.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

LOCALES = ("zh-CN", "en")
DEFAULT = "zh-CN"


@cache
def catalogue(locale: str) -> dict[str, str]:
    """All sentences of one locale."""
    text = (Path(__file__).parent / "locales" / f"{locale}.json").read_text("utf-8")
    sentences: dict[str, str] = json.loads(text)
    return sentences


def sentence(key: str, locale: str, /, **facts: Any) -> str:
    """The sentence under `key`, its slots filled."""
    template = catalogue(locale if locale in LOCALES else DEFAULT).get(key, key)
    try:
        return template.format_map(facts)
    except (KeyError, IndexError, ValueError):
        return template


def negotiate(accept_language: str | None) -> str:
    """The locale for an Accept-Language header (RFC 9110 §12.5.4); zh-CN when in doubt."""
    best, weight = DEFAULT, 0.0
    for part in (accept_language or "")[:200].split(","):
        tag, _, q = part.partition(";q=")
        try:
            quality = float(q) if q else 1.0
        except ValueError:
            continue
        locale = {"zh": "zh-CN", "en": "en"}.get(tag.strip().lower()[:2])
        if locale and quality > weight:
            best, weight = locale, quality
    return best
