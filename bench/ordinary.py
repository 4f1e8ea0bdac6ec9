"""Ordinary sentences, Chinese and English, that name no service code but are full of what looks like one.

Grown from word lists: games and models (CF, RTX4060, 24h), short forms (QQ, VX,
WIFI), prices, order and telephone numbers, chat (zai, dui, OK, 666), and English
words that read like pinyin (women, he, can, long, gain).

Does not: contain anything anybody wrote to a shop.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

_FILE = Path(__file__).with_name("ordinary.txt")
_SECTION = re.compile(r"^\[([a-z_]+)\].*\n((?:[^\n].*\n?)+)", re.MULTILINE)
_PARTS: dict[str, list[str]] = {
    title: [part for line in lines.splitlines() for part in line.split("|")]
    for title, lines in _SECTION.findall(_FILE.read_text("utf-8"))
}


def sentences(number: int, draw: random.Random) -> list[str]:
    """So many of them; short ones come back often, as they do in a shop."""
    kinds = (_chinese, _chinese, _chinese, _english, _short, _numbers, _chat)
    return [draw.choice(kinds)(draw) for _ in range(number)]


def _chinese(draw: random.Random) -> str:
    parts = [draw.choice(_PARTS[part]) for part in ("who", "when", "did", "what", "how")]
    if draw.random() < 0.3:
        parts.insert(draw.randrange(5), draw.choice("，。 ！ "))
    return "".join(parts[draw.randrange(3) :])


def _english(draw: random.Random) -> str:
    words = [draw.choice(_PARTS[f"english_{part}"]) for part in ("who", "did", "what", "how")]
    said = " ".join(words[: draw.randrange(2, 5)])
    return said.upper() if draw.random() < 0.05 else said


def _short(draw: random.Random) -> str:
    return draw.choice(_PARTS["short"])


def _numbers(draw: random.Random) -> str:
    return re.sub(r"\{(\d+)\}", lambda places: _digits(int(places[1]), draw), draw.choice(_PARTS["numbers"]))


def _digits(number: int, draw: random.Random) -> str:
    return "".join(draw.choice("0123456789") for _ in range(number))


def _chat(draw: random.Random) -> str:
    return f"{draw.choice(_PARTS['short'])}{draw.choice('， 。 ')}{draw.choice((_chinese, _english, _short))(draw)}"
