"""Numbers as people say them: 100, 1,280.50, 一百五, 两千三百, 3百, 半.

Does not: know what is counted (`statement`, `moments`).
"""

from __future__ import annotations

from decimal import Decimal

_DIGITS = {each: value for value, each in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
NUMERALS = "".join(_DIGITS) + "".join(_UNITS)

# A number in a text: digits with thousands and decimals, or a run of numerals; never part of a longer one.
SAID = (
    r"(?>(?<![\d.])\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?|(?<![\d.])\d{1,7}(?:\.\d{1,2})?[百千万]?"
    rf"|[{NUMERALS}半]{{1,9}})"
)


def number(said: str) -> Decimal | None:
    """What `said` counts; None when it is no number."""
    plain = said.replace(",", "")
    if plain[:1].isascii():
        unit = _UNITS.get(plain[-1:], 0)
        try:
            return Decimal(plain.rstrip("百千万")) * (unit or 1)
        except ArithmeticError:
            return None
    if plain == "半":
        return Decimal("0.5")
    if plain.endswith("半"):
        whole = _spoken(plain[:-1])
        return None if whole is None else whole + Decimal("0.5")
    return _spoken(plain)


def _spoken(numerals: str) -> Decimal | None:
    """一百零五 is 105, 一百五 is 150, 二〇二六 is 2026."""
    if not numerals or not set(numerals) <= set(NUMERALS):
        return None
    if not set(numerals) & set(_UNITS):
        return Decimal("".join(str(_DIGITS[each]) for each in numerals))
    total = part = 0
    digit: int | None = None
    last = 1
    for each in numerals:
        if each in _DIGITS:
            digit = _DIGITS[each]
            last = 1 if digit == 0 else last
        elif each == "万":
            total, part, digit, last = (part + (digit or 0) or 1) * 10_000, 0, None, 10_000
        else:
            part += (1 if digit is None else digit) * _UNITS[each]
            digit, last = None, _UNITS[each]
    if digit is None:
        return Decimal(total + part)
    return Decimal(total + part + digit * (last // 10 if last > 10 else 1))  # 一百五 is 150, 二十五 is 25
