"""What the codes achieve as a table for people: the period, the codes, and with a code beside without one.

One file, two tables under each other, as the page has them; times in seconds.

Does not: know how a cell is made safe (`export`), or what a number counts (`code_figures`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mashang.desk.code_figures import CodeFigures, Comparison, Figures, Side
from mashang.desk.spreads import Spread
from mashang.kit.i18n import sentence
from mashang.kit.sheet import MARK, line

_SPREAD = ("answered", "median", "q1", "q3", "p05", "p95")
_COUNTED = ("left", "waiting", "while_closed")
_CODE = (
    "code", "name", "department", "state", "hits", "corrected", "asked", "chosen", "chose_another", "chose_person",
    "moved", "chose_again", "expired", "archived_tries", *_SPREAD, *_COUNTED,
)  # fmt: skip
_SIDE = ("department", "side", *_SPREAD, *_COUNTED, "ratio", "ratio_low", "ratio_high", "verdict")


def of_figures(figures: Figures, locale: str) -> Iterator[str]:
    """The lines of the file."""

    def heads(names: Sequence[str]) -> str:
        return line(sentence(f"code_figures_{name}", locale) for name in names)

    yield MARK + line([sentence("code_figures_period", locale, since=figures.since, until=figures.until)])
    yield heads(_CODE)
    yield from (line(_code(one, locale)) for one in figures.codes)
    yield "\r\n" + heads(_SIDE)
    for one in figures.comparisons:
        yield line(_side(one, one.coded, "coded", locale))
        yield line(_side(one, one.plain, "plain", locale))


def _code(one: CodeFigures, locale: str) -> list[object]:
    state = sentence(f"code_figures_{'archived' if one.archived else 'in_use'}", locale)
    return [
        one.code, one.name, one.department, state, one.hits, one.corrected, one.asked, one.chosen, one.chose_another,
        one.chose_person, one.moved, one.chose_again, one.expired, one.archived_tries, *_spread(one.answer), one.left,
        one.waiting, one.while_closed,
    ]  # fmt: skip


def _side(one: Comparison, side: Side, kind: str, locale: str) -> list[object]:
    department = one.department.name if one.department else sentence("code_figures_all", locale)
    told = [_plain(one.ratio.ratio), _plain(one.ratio.low), _plain(one.ratio.high)]
    verdict = sentence(f"code_figures_{one.ratio.verdict}", locale)
    return [
        department, sentence(f"code_figures_{kind}", locale), *_spread(side.answer), side.left, side.waiting,
        side.while_closed, *told, verdict,
    ]  # fmt: skip


def _spread(spread: Spread) -> list[object]:
    return [spread.n, *map(_plain, (spread.median, spread.q1, spread.q3, spread.p05, spread.p95))]


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
