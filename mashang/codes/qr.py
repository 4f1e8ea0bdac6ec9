"""The QR code of a service code: its link as squares, the code in letters beneath, and what it is about.

Black on white with a quiet zone of four modules, whatever the page around it looks like: cameras expect it so.
Level Q (a quarter of it may be dirt or a fold), because it is printed on cards and paper.  The letters belong to
the picture, so that whoever cannot scan it types the code.

Does not: know what the link is (`links`) or who may have it (the doors).
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import escape

import segno

_QUIET = 4
_LINE = 20.0  # widths of a Latin letter twice: so many Chinese characters of a name stand on one line
_FONT = "system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"


@lru_cache(maxsize=1024)
def svg(url: str, code: str = "", name: str = "") -> str:
    """`url` as a picture, with `code` and `name` written beneath where they are given."""
    matrix = segno.make(url, error="q", micro=False).matrix
    width = len(matrix) + 2 * _QUIET
    texts: list[str] = []
    height = float(width)
    for size, text, weight in _lines(width, code, name):
        height += size * (1.15 if texts else 0.9)
        texts.append(
            f'<text x="{width / 2:g}" y="{height - size * 0.2:.2f}" font-size="{size:.2f}" font-weight="{weight}"'
            f' text-anchor="middle" font-family="{_FONT}">{escape(text)}</text>'
        )
    height += 2 if texts else 0
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.2f}" width="{width * 8}"'
        f' height="{height * 8:.0f}" role="img"><title>{escape(" ".join(filter(None, (code, name))) or "QR")}</title>'
        f'<path fill="#fff" d="M0 0h{width}v{height:.2f}H0z"/>'
        f'<path shape-rendering="crispEdges" d="{"".join(_runs(matrix))}"/>{"".join(texts)}</svg>'
    )


def data_address(picture: str) -> str:
    """A picture as an address that needs no request, so that a log has nothing to hold."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()


def _runs(matrix: tuple[bytearray, ...]) -> Iterator[str]:
    """Neighbouring dark modules of a row as one stroke: adjoining squares would show hairlines between them."""
    for y, row in enumerate(matrix, _QUIET):
        start = None
        for x, dark in enumerate([*row, 0], _QUIET):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield f"M{start} {y}h{x - start}v1h{start - x}z"
                start = None


def _lines(width: int, code: str, name: str) -> Iterator[tuple[float, str, int]]:
    """What is written beneath: size, text, weight."""
    if code:
        yield min(width / 6.5, width * 0.92 / (_span(code) * 1.3)), code, 700
    for line in _folded(name):
        yield min(width / 13, width * 0.92 / _span(line)), line, 400


def _folded(name: str) -> list[str]:
    """A long name on two lines of about one length."""
    if not name or _span(name) <= _LINE / 2:
        return [name] if name else []
    half = next(at for at in range(1, len(name) + 1) if _span(name[:at]) >= _span(name) / 2)
    gap = name.rfind(" ", 0, half + 1)
    half = gap if gap > len(name) // 4 else half
    return [name[:half].strip(), name[half:].strip()]


def _span(text: str) -> float:
    """About how wide it is, in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WF" else 0.58 for one in text)
