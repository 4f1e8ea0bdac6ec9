"""A playbook for operators who do not read YAML: its facts, conditions and words, in both languages.

`order.minutes_since_paid: {below: 10}` reads “付款至今不到 10 分钟”; `{order.number}` in a text reads 【订单号】.

Does not: show or lay out anything (the desk), or decide what holds (`conditions`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeGuard

import msgspec

from mashang.bot import wording
from mashang.bot.conditions import ANSWER, fact
from mashang.bot.facts import Known, Value
from mashang.bot.playbook import Ask, Option, Playbook, Step, Texts
from mashang.kit.i18n import LOCALES, catalogue, sentence

_MINUTES = frozenset({"order.minutes", "order.minutes_since_paid", "order.minutes_left"})
_LEFT = "order.minutes_left"
_OF_TIME = {"above": "later", "below": "earlier", "at_least": "not_earlier", "at_most": "not_later"}
_ALIKE = {  # facts whose values have the names of another's, or of a family of the catalogue
    "orders.last_status": "playbook.value.order.status",
    "order.paid_by": "statement.method",
    "payment.provider": "statement.method",
    "statement.method": "statement.method",
    "statement.action": "statement.action",
    "statement.symptom": "statement.symptom",
    "order.anomaly": "anomaly",
}


class Told(msgspec.Struct, frozen=True):
    """One fact of a dry run: its name in the text, what it is called, and its value."""

    name: str
    title: Texts
    value: Texts


def both(say: Callable[[str], str]) -> Texts:
    """The same in both languages."""
    return {locale: say(locale) for locale in LOCALES}


def told(known: Known, zone: str, at: datetime) -> list[Told]:
    """What is known, on the shop's clock; what is not is left out."""

    def one(name: str, value: Value) -> Told:
        of = fact(name)
        if of is None or of.form in ("boolean", "text"):
            return Told(name, both(lambda to: title(name, to)), both(lambda to: _value(name, value, to)))
        slot = dict.fromkeys(LOCALES, f"{{{name}}}")
        filled = both(lambda to: wording.fill(slot, {name: value}, to, zone, at))
        return Told(name, both(lambda to: title(name, to)), filled)

    return [one(name, value) for name, value in known.items() if value is not None]


def title(name: str, locale: str, playbook: Playbook | None = None) -> str:
    """What a fact is called."""
    if not name.startswith(ANSWER):
        return sentence(f"playbook.fact.{name}", locale)
    numbers = [n for n, step in enumerate(playbook.steps.values(), 1) if _keeps(step, name)] if playbook else []
    if not numbers:
        return sentence("playbook.fact.answer", locale)
    return sentence("playbook.fact.answer_of", locale, n=sentence("statement.between", locale).join(map(str, numbers)))


def words(texts: Texts, playbook: Playbook) -> Texts:
    """A text with the names of what is filled in."""

    def named(locale: str) -> str:
        return wording.SLOT.sub(
            lambda slot: sentence("playbook.slot", locale, name=title(slot[1], locale, playbook)), texts[locale]
        )

    return {locale: named(locale) for locale in texts}


def conditions(when: dict[str, Any], playbook: Playbook) -> Texts:
    """All lines of a `when`, as one sentence; none: empty."""
    if not when:
        return {}
    return both(
        lambda locale: sentence("playbook.when.and", locale).join(
            _condition(name, wanted, locale, playbook) for name, wanted in when.items()
        )
    )


def _condition(name: str, wanted: Any, locale: str, playbook: Playbook) -> str:
    called = title(name, locale, playbook)
    how, right = next(iter(wanted.items())) if isinstance(wanted, dict) else ("is", wanted)
    if how == "known":
        return sentence("playbook.when.known" if right else "playbook.when.unknown", locale, fact=called)
    if how in ("is", "not"):
        if isinstance(right, bool):
            return sentence(
                "playbook.when.so" if right is (how == "is") else "playbook.when.not_so", locale, fact=called
            )
        values = [
            sentence("playbook.when.quoted", locale, value=_value(name, one, locale, playbook))
            for one in (right if isinstance(right, list) else [right])
        ]
        joined = sentence("playbook.when.or", locale).join(values)
        return sentence(f"playbook.when.{how}", locale, fact=called, values=joined)
    if name == _LEFT and right == 0:
        return sentence("playbook.when.in_time" if how in ("at_least", "above") else "playbook.when.overdue", locale)
    of = fact(name)
    measure = _OF_TIME[how] if of and of.form == "instant" else how
    other = title(right, locale) if isinstance(right, str) else _amount(name, right, locale)
    return sentence(f"playbook.when.{measure}", locale, fact=called, value=other)


def _value(name: str, value: Value, locale: str, playbook: Playbook | None = None) -> str:
    if isinstance(value, bool):
        return sentence("playbook.value.yes" if value else "playbook.value.no", locale)
    if name.startswith(ANSWER) and playbook:
        return next((one.text[locale] for one in _options(name, playbook) if one.id == value), str(value))
    key = f"{_ALIKE.get(name, f'playbook.value.{name}')}.{value}"
    return sentence(key, locale) if key in catalogue(locale) else str(value)


def _amount(name: str, value: float, locale: str) -> str:
    """A number with its unit; long spans in hours or days."""
    if name not in _MINUTES:
        return f"{value:g}"
    span = timedelta(minutes=value)
    for unit, length in (("days", timedelta(days=1)), ("hours", timedelta(hours=1))):
        if span and span % length == timedelta(0):
            return sentence(f"playbook.span.{unit}", locale, n=span // length)
    return sentence("playbook.span.minutes", locale, n=f"{value:g}")


def _options(name: str, playbook: Playbook) -> list[Option]:
    return [one for step in playbook.steps.values() if _keeps(step, name) for one in step.options]


def _keeps(step: Step, name: str) -> TypeGuard[Ask]:
    return isinstance(step, Ask) and ANSWER + step.into == name
