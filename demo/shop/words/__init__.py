"""Every word of the shop, in Chinese and English."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

LANGS = ("zh", "en")


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All words of one language."""
    words: dict[str, str] = json.loads((Path(__file__).parent / f"{lang}.json").read_text("utf-8"))
    return words


def word(key: str, lang: str, **facts: object) -> str:
    """The word or sentence under `key`, its slots filled."""
    return catalogue(lang if lang in LANGS else "zh")[key].format_map(facts)
