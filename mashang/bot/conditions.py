"""The small language of `when`: a fact, and what it must be.

    order.status: paid                  equal
    order.status: [paid, delivered]     one of them
    order.status: {not: paid}           anything else (and known)
    order.minutes_since_paid: {below: 10}      above · below · at_least · at_most
    account.balance: {below: order.total}      compared with another fact of the same form
    order.anomaly: {known: false}

Nothing is evaluated: it is a table.  A fact that is not known, and amounts in two currencies, fit no condition.

Does not: know steps (`walking`), or where a condition stands (`checking`).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from mashang.bot import facts
from mashang.bot.facts import FACTS, Fact, Known, Value

COMPARISONS = ("above", "below", "at_least", "at_most")
ANSWER = "answer."  # what an ask kept, by the name of its `into`
_ANSWER = Fact("text")


def fact(name: str) -> Fact | None:
    """The fact of this name; an answer is a text."""
    return _ANSWER if name.startswith(ANSWER) else FACTS.get(name)


def holds(when: dict[str, Any], known: Known) -> bool:
    """Is all of it so?"""
    return all(_is_so(name, wanted, known) for name, wanted in when.items())


def why_not(name: str, wanted: Any) -> str:
    """Why this condition cannot be meant: a code of a problem; empty: it can."""
    of = fact(name)
    if of is None:
        return "unknown_fact"
    if isinstance(wanted, list):
        return "" if wanted and all(_is_value(of, one) for one in wanted) else "value_form"
    if isinstance(wanted, dict):
        return _why_not_compared(name, of, wanted)
    return "" if _is_value(of, wanted) else "value_form"


def _why_not_compared(name: str, of: Fact, wanted: dict[str, Any]) -> str:
    op, right = next(iter(wanted.items()), ("", None))
    if len(wanted) != 1 or op not in ("known", "not", *COMPARISONS) or (op == "not" and isinstance(right, dict)):
        return "condition_form"
    if op == "not":
        return why_not(name, right)
    is_meant = isinstance(right, bool) if op == "known" else _is_comparable(of, right)
    return "" if is_meant else "value_form"


def _is_value(of: Fact, value: Any) -> bool:
    match of.form:
        case "text":
            return isinstance(value, str) and (not of.choices or value in of.choices)
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
    return False  # amounts and instants are compared, never equal by chance


def _is_comparable(of: Fact, right: Any) -> bool:
    if isinstance(right, str):
        other = FACTS.get(right)
        return other is not None and other.form == of.form and of.form in ("number", "money", "instant")
    return of.form in ("number", "money") and isinstance(right, int | float) and not isinstance(right, bool)


def _is_so(name: str, wanted: Any, known: Known) -> bool:
    value = known.get(name)
    if isinstance(wanted, dict):
        op, right = next(iter(wanted.items()))
        if op == "known":
            return (value is not None) is bool(right)
        if op == "not":
            return value is not None and not _is_so(name, right, known)
        return value is not None and _compared(name, value, op, right, known)
    if value is None:
        return False
    return value in wanted if isinstance(wanted, list) else bool(value == wanted)


def _compared(name: str, value: Value, op: str, right: Any, known: Known) -> bool:
    of = fact(name)
    left = _measure(of, value)
    other = _measure(of, known.get(right)) if isinstance(right, str) else _plain(left, right)
    if left is None or other is None or left[1] != other[1]:
        return False
    match op:
        case "above":
            return bool(left[0] > other[0])
        case "below":
            return bool(left[0] < other[0])
        case "at_least":
            return bool(left[0] >= other[0])
    return bool(left[0] <= other[0])


def _measure(of: Fact | None, value: Value) -> tuple[Any, str] | None:
    """What can be compared, and in what unit."""
    if of is None or value is None:
        return None
    match of.form:
        case "money":
            return facts.amount(str(value))
        case "instant":
            found: datetime | None = facts.instant(str(value))
            return (found, "") if found else None
    return (Decimal(str(value)), "") if isinstance(value, int | float) else None


def _plain(left: tuple[Any, str] | None, right: Any) -> tuple[Any, str] | None:
    return (Decimal(str(right)), left[1]) if left else None
