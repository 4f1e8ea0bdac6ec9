"""The words of a playbook with its `{slots}` filled, as one customer reads them.

`[until {order.expected_at}]` is left out where something in it is not known; `[until {…}|later]` then says “later”.
Times are on the shop's clock, which is named wherever the reader would take it for another; the year is, when it is
not this one.

Does not: decide what is said (`walking`).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from mashang.bot import facts
from mashang.bot.conditions import ANSWER, fact
from mashang.bot.facts import Known
from mashang.kit.i18n import sentence

SLOT = re.compile(r"\{([^{}\n]{1,80})\}")
PART = re.compile(r"\[([^\[\]|\n]*\{[^\[\]|\n]*)(?:\|([^\[\]|\n]*))?\]")
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_LONGEST_ANSWER = 60
_CHINA = timedelta(hours=8)


def slots(text: str) -> list[str]:
    """The names of what is to be filled in."""
    return SLOT.findall(text)


def fill(texts: dict[str, str], known: Known, locale: str, zone: str, now: datetime) -> str:
    """The words in the customer's language, on the shop's clock."""

    def part(found: re.Match[str]) -> str:
        return found[1] if all(_is_known(name, known) for name in slots(found[1])) else found[2] or ""

    def slot(found: re.Match[str]) -> str:
        return _said(found[1], known, locale, now.astimezone(ZoneInfo(zone)))

    template = texts.get(locale) or texts.get("zh-CN", "")
    return SLOT.sub(slot, PART.sub(part, template)).strip()


def _is_known(name: str, known: Known) -> bool:
    return fact(name) is not None and known.get(name) not in (None, "")


def label_of(name: str) -> str:
    """Where the words of a pressed button are kept, beside its id."""
    return f"{name} said"


def _said(name: str, known: Known, locale: str, now: datetime) -> str:
    of, value = fact(name), known.get(label_of(name), known.get(name))
    if of is None or value is None:
        return sentence("playbook.not_known", locale)
    if name.startswith(ANSWER):
        return str(value)[:_LONGEST_ANSWER]
    if of.form == "money" and (money := facts.amount(str(value))):
        return _money(*money)
    if of.form == "instant" and (at := facts.instant(str(value))):
        return _instant(at, locale, now)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _money(number: Decimal, currency: str) -> str:
    sign = _SIGNS.get(currency)
    return f"{sign}{number}" if sign else f"{number} {currency}"


def _instant(at: datetime, locale: str, now: datetime) -> str:
    there = at.astimezone(now.tzinfo)
    form = "playbook.instant" if there.year == now.year else "playbook.instant_dated"
    said = sentence(form, locale, year=there.year, month=_month(there, locale), day=there.day, clock=f"{there:%H:%M}")
    if locale == "zh-CN" and there.utcoffset() == _CHINA:
        return said  # who reads Chinese takes a time for one of China
    return sentence("playbook.instant_zoned", locale, instant=said, zone=_offset(there))


def _month(at: datetime, locale: str) -> str:
    return str(at.month) if locale == "zh-CN" else f"{at:%b}"


def _offset(at: datetime) -> str:
    """UTC+8, UTC-3:30."""
    hours, minutes = f"{at:%z}"[:3], f"{at:%z}"[3:5]
    return f"UTC{int(hours):+d}" + (f":{minutes}" if minutes != "00" else "")
