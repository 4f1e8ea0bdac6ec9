"""The three parts of a matter: when it was, what was done, and what came of it.

“今天14:00用支付宝充值100元点卡，订单号123456，到账失败” holds all of them; most messages hold one.  They
are pulled out of what was said and out of the order that was found, so that only the missing part is
asked, and whoever takes over reads three facts instead of the whole talk.

Only what is there is taken: a number without a word that tells what it counts is nothing, and what was
masked stays masked.  The order is fact and stands before what was said about it.

Does not: find the order (`looking_up`), decide what to do (`playbook`), or read more than the first seven
hundred signs of a message: who writes more begins with the matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Literal

import msgspec

from mashang.bot import facts, said
from mashang.bot.facts import Known, Value
from mashang.bot.moments import Moment, moments
from mashang.bot.said import Amount, Part, Time
from mashang.guard.masking import NO_RULES, Rules
from mashang.kit import i18n

READ = 700
Missing = Literal["result", "action", "time"]


class Quoted(msgspec.Struct, frozen=True, omit_defaults=True):
    """The customer's own words for a part that no rule reads (`filling`)."""

    time: str = ""
    action: str = ""
    result: str = ""


_SILENT = Quoted()


class Statement(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a matter; what nobody said is left out."""

    at: Time | None = None
    action: Part | None = None
    amount: Amount | None = None
    face: Part | None = None  # 6480点券: what was bought, in its own units
    method: Part | None = None
    order_number: Part | None = None
    product: Part | None = None
    account: Part | None = None
    symptom: Part | None = None
    later: Part | None = None  # another symptom, told after it
    quoted: Quoted | None = None

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, name) is None for name in self.__struct_fields__)

    @property
    def tells_nothing_of_ones_own(self) -> bool:
        """Neither when, how much, for whom, which order nor how it was paid: everybody might say that."""
        return not any((self.at, self.amount, self.account, self.order_number, self.method))

    @property
    def kinds(self) -> frozenset[str]:
        """What kind of matter it may be; empty where nothing tells."""
        by_action = _KINDS_OF_ACTION.get(self.action.value, "") if self.action else ""
        by_symptom = _KINDS_OF_SYMPTOM[self.symptom.value] if self.symptom else ""
        both = frozenset(by_action.split()), frozenset(by_symptom.split())
        return (both[0] & both[1]) or both[1] or both[0]


NOTHING = Statement()

# What is bought or paid for may be of any kind.
_KINDS_OF_ACTION = {"refund": "refund", "recharge": "recharge", "redemption": "key", "sign_in": "account"}
_KINDS_OF_SYMPTOM = {
    "wrong_account": "recharge key",  # a key is sent to a number, too
    "paid_twice": "payment recharge key",
    "promotion_not_applied": "promotion payment recharge",
    "refund_pending": "refund",
    "invalid_key": "key",
    "key_not_received": "key",
    "frozen": "account",
    "paid_not_shown": "payment recharge key",
    "cannot_pay": "payment recharge key",
    "amount_short": "recharge",
    "cannot_sign_in": "account",
    "not_arrived": "recharge refund key payment",
}


def extract(text: str, now: datetime, rules: Rules = NO_RULES) -> Statement:
    """What `text` says of a matter; `now` is the instant it was written, in the installation's zone."""
    plain = said.evened(text[:READ])
    numbers, order_number = said.order_number(plain, rules)
    account = said.account(plain, numbers)
    taken = [*numbers, *said.telephones(plain), *([account.span] if account and account.span else [])]
    times = [one for one in moments(plain, now) if said.is_apart((one.start, one.end), taken)]
    taken += [(one.start, one.end) for one in times]
    symptom, action = said.first_that_fits(plain, "symptom"), said.said_first(plain, "action")
    amount = said.amount(plain, taken)
    return Statement(
        at=_meant(plain, times, action),
        action=action,
        amount=amount,
        face=said.face(plain, [*taken, *([amount.span] if amount and amount.span else [])]),
        method=said.said_first(plain, "method"),
        order_number=order_number,
        product=said.product(plain, numbers),
        account=account,
        symptom=symptom,
    )


def matter(text: str, now: datetime, rules: Rules = NO_RULES) -> str:
    """What `text` asks or tells, without the details that are each customer's own; "" where it has none.

    A finder knows how people ask, and nobody has asked with this time, this sum and this number before.
    """
    plain, found = said.evened(text[:READ]), extract(text, now, rules)
    numbers, _ = said.order_number(plain, rules)
    spans = [*numbers, *said.telephones(plain), *((one.start, one.end) for one in moments(plain, now))]
    spans += [part.span for part in (found.account, found.method) if part and part.span]
    spans += [said.sum_alone(found.amount.span, plain)] if found.amount and found.amount.span else []
    if not spans:
        return ""
    signs = list(text)
    for start, end in (said.with_what_leads(span, plain) for span in spans):
        signs[start:end] = " " * (end - start)
    return " ".join("".join(signs).split())


def merged(earlier: Statement, later: Statement, *, corrects: bool = False) -> Statement:
    """Two messages of one matter: what was missing is added, an order's number replaced, all else only corrected.

    What came of it may go on: of a further symptom both are told, the first and the last.
    """
    kept: dict[str, Part | Time | None] = {}
    for name in earlier.__struct_fields__:
        old, new = getattr(earlier, name), getattr(later, name)
        is_fact = old is not None and old.source == "order"
        replaces = new is not None and (name == "order_number" or (corrects and not is_fact))
        kept[name] = new if old is None or replaces else old
    if not corrects and (closer := _closer(earlier.at, later.at)):
        kept["at"] = closer
    if not corrects and (symptom := later.symptom) and _is_further(symptom, earlier):
        closer_said = earlier.symptom and symptom.value in _CLOSER_THAN.get(earlier.symptom.value, ())
        kept["symptom" if closer_said else "later"] = symptom
    return Statement(**kept)  # type: ignore[arg-type]  # each under its own name


# What the first says, the others say more exactly.
_CLOSER_THAN = {"not_arrived": ("refund_pending", "key_not_received", "paid_not_shown", "amount_short")}


def _is_further(symptom: Part, earlier: Statement) -> bool:
    told = [part.value for part in (earlier.symptom, earlier.later) if part]
    return bool(told) and symptom.value not in told and not set(told) & {*_CLOSER_THAN.get(symptom.value, ())}


def with_found(statement: Statement, found: Known, zone: tzinfo) -> Statement:
    """What was said, and what the order tells that it is about: its time, amount, product and way of payment.

    What was said of something else than orders of this kind stands alone.
    """
    kind = "recharge" if found.get("order.kind") == "top_up" else "key recharge"
    if statement.kinds and not statement.kinds & {"refund", "payment", "promotion", *kind.split()}:
        return statement
    at = facts.instant(str(found.get("order.paid_at") or found.get("order.placed_at") or ""))
    total = facts.amount(str(found.get("order.total") or ""))
    number, product, method = (_fact(found.get(f"order.{name}")) for name in ("number", "product", "paid_by"))
    doing = Part("recharge" if found.get("order.kind") == "top_up" else "purchase", source="order")
    return msgspec.structs.replace(
        statement,
        at=Time(at.astimezone(zone), at.astimezone(zone), "minute", source="order") if at else statement.at,
        action=statement.action or (doing if number else None),
        amount=Amount(str(total[0]), source="order", currency=total[1]) if total else statement.amount,
        method=method or statement.method,
        order_number=number or statement.order_number,
        product=product or statement.product,
    )


def _fact(value: Value) -> Part | None:
    return Part(str(value), source="order") if value else None


def missing(statement: Statement) -> Missing | None:
    """The part to ask for next; None when all are known, or nothing is that one could ask on from."""
    quoted = statement.quoted or _SILENT
    matter = (statement.action, statement.amount, statement.product, statement.order_number, quoted.action)
    known: dict[Missing, bool] = {
        "result": bool(statement.symptom or quoted.result),
        "action": any(matter),
        "time": bool(statement.at or statement.order_number or quoted.time),
    }
    if not (known["result"] or known["action"]):
        return None
    return next((part for part, is_known in known.items() if not is_known), None)


_PARTS: tuple[Literal["time", "action", "result"], ...] = ("time", "action", "result")


def three_parts(statement: Statement, locale: str) -> dict[Literal["time", "action", "result"], str]:
    """Time, action and result in words for agents, the customer's own in quotes; what is not known is empty."""
    quoted = statement.quoted or _SILENT
    parts: dict[Literal["time", "action", "result"], str] = {
        "time": _time_in_words(statement.at, locale) if statement.at else "",
        "action": i18n.sentence("statement.between", locale).join(_action_in_words(statement, locale)),
        "result": _result_in_words(statement, locale),
    }
    own: dict[str, str] = msgspec.structs.asdict(quoted)
    return {part: words or (f"“{own[part]}”" if own[part] else "") for part, words in parts.items()}


def in_both(statement: Statement) -> dict[str, dict[str, str]]:
    """The parts that are known, each in every language, as they are kept for whoever takes over."""
    parts = {locale: three_parts(statement, locale) for locale in i18n.LOCALES}
    both = {part: {locale: parts[locale][part] for locale in i18n.LOCALES} for part in _PARTS}
    return {part: words for part, words in both.items() if any(words.values())}


def _time_in_words(time: Time, locale: str) -> str:
    if time.precise == "day":
        return f"{time.at:%m-%d}"
    if time.precise == "part":
        return f"{time.at:%m-%d %H:%M}–{time.until:%H:%M}"
    said = f"{time.at:%m-%d %H:%M}"
    return i18n.sentence("statement.about", locale, time=said) if time.precise == "about" else said


def _result_in_words(statement: Statement, locale: str) -> str:
    told = (statement.symptom, statement.later)
    words = [i18n.sentence(f"statement.symptom.{part.value}", locale) for part in told if part]
    return i18n.sentence("statement.later", locale, first=words[0], then=words[1]) if words[1:] else "".join(words)


def _action_in_words(statement: Statement, locale: str) -> Iterable[str]:
    if statement.action:
        yield i18n.sentence(f"statement.action.{statement.action.value}", locale)
    if statement.method:
        method = statement.method.value
        yield i18n.sentence(f"statement.method.{method}", locale) if _is_known(method) else method
    if statement.amount:
        currency, sum_ = statement.amount.currency, statement.amount.value
        yield i18n.sentence("statement.amount", locale, amount=sum_) if currency == "CNY" else f"{sum_} {currency}"
    if statement.product:
        yield statement.product.value
    if statement.face and not (statement.product and statement.face.value in statement.product.value):
        yield statement.face.said
    if statement.order_number:
        yield i18n.sentence("statement.order", locale, number=statement.order_number.value)
    if statement.account:
        yield i18n.sentence("statement.account", locale, account=statement.account.value)


def _is_known(method: str) -> bool:
    return f"statement.method.{method}" in i18n.catalogue(i18n.DEFAULT)


_CLAUSE = re.compile(r"[，。！？；,!?;\n]")
_CLOSENESS = {"minute": 3, "about": 2, "part": 1, "day": 0}


def _meant(text: str, times: list[Moment], action: Part | None) -> Time | None:
    """Of several times the one beside what was done; among these the closest said."""
    if not times:
        return None

    def weight(one: Moment) -> tuple[bool, int]:
        start, end = action.span if action and action.span else (-1, -1)
        between = text[min(one.end, end) : max(one.start, start)]
        return start >= 0 and _CLAUSE.search(between) is None, _CLOSENESS[one.precise]

    one = max(times, key=weight)
    return Time(one.at, one.until, one.precise, text[one.start : one.end], (one.start, one.end), is_dated=one.is_dated)


def _closer(old: Time | None, new: Time | None) -> Time | None:
    """The same time said more exactly: 昨天, then 下午三点; None when it is another."""
    if old is None or new is None or old.source == "order" or _CLOSENESS[new.precise] <= _CLOSENESS[old.precise]:
        return None
    if old.at.date() == new.at.date():
        return new
    if new.is_dated or old.precise != "day":
        return None
    shift = old.at.date() - new.at.date()
    return msgspec.structs.replace(new, at=new.at + shift, until=new.until + shift, is_dated=True)
