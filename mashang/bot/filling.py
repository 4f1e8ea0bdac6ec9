"""The parts of a matter that the rules did not find, pointed at by a model in the customer's own words.

The model may point, and nothing else: each value is a run of signs that the customer wrote, taken from there and not
from the answer, so nothing that a message, a product's name or an article talks it into can become a fact.  A run that
cuts off a “not” beside it is kept as the whole clause; a piece of a number or of a word is none.

Does not: decide when a part is needed (`helping`), or read what the rules can (`statement`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from mashang.bot import grounding
from mashang.bot.model import Model
from mashang.bot.said import Part, evened
from mashang.bot.statement import READ, Quoted, Statement
from mashang.kit.text import printable

_LONGEST = 200  # tokens of an answer
_LONGEST_QUOTE = 80  # characters
_MOST_SAID = 20
_NEAR = 6  # signs around a quote in which a “not” turns its meaning
_WANTED = (
    "In `said`, words of one customer, find the parts named in `wanted`: time (when it happened), action (what the"
    " customer did or wants), result (what went wrong), order_number, product. Copy each part letter by letter from"
    " `said`, as short as can be; leave out what is not said. `about` only tells what the matter may be."
    ' Return {"time": "…", "action": "…", "result": "…", "order_number": "…", "product": "…"}.'
)
_ORDER = re.compile(r"[A-Za-z]{0,4}-?\d[A-Za-z\d-]{3,31}")
_REST = re.compile(r"[^,.!?;\u3001\u3002\n]*")  # of a clause, in signs as `evened` leaves them


class Filled(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was pointed at; empty where nothing was."""

    time: str = ""
    action: str = ""
    result: str = ""
    order_number: str = ""
    product: str = ""


NONE = Filled()


async def fill(model: Model, said: Sequence[str], about: Sequence[str], wanted: Sequence[str], locale: str) -> Filled:
    """The wanted parts as far as the customer said them; none where there is no model.

    `said`: the messages, oldest first; `about`: what the shop and the articles call the matter, never a source.
    """
    read = [one[:READ] for one in said if one.strip()][-_MOST_SAID:]
    if not read or not wanted:
        return NONE
    given = {"said": read, "about": list(about), "wanted": list(wanted), "locale": locale}
    answer = await model.ask("statement", _WANTED, given, Filled, longest=_LONGEST)
    if answer is None:
        return NONE
    pointed = Filled(**{name: value for name, value in msgspec.structs.asdict(answer).items() if name in wanted})
    found = held(pointed, read)
    if _count(found) < _count(pointed):
        await model.refused()
    return found


def held(pointed: Filled, said: Sequence[str]) -> Filled:
    """Only what stands in these words, as it stands there; also of what was pointed at before one was taken back."""
    number = _quote(pointed.order_number, said, whole=False)
    return Filled(
        time=_quote(pointed.time, said),
        action=_quote(pointed.action, said),
        result=_quote(pointed.result, said),
        order_number=number if _ORDER.fullmatch(number) else "",
        product=_quote(pointed.product, said, whole=False),
    )


def with_filled(statement: Statement, filled: Filled) -> Statement:
    """What the rules found, and beside it what was pointed at where they found nothing."""
    number, product = (Part(one, one) if one else None for one in (filled.order_number, filled.product))
    quoted = Quoted(filled.time, filled.action, filled.result)
    return msgspec.structs.replace(
        statement,
        order_number=statement.order_number or number,
        product=statement.product or product,
        quoted=None if quoted == Quoted() else quoted,
    )


def _count(filled: Filled) -> int:
    return sum(map(bool, msgspec.structs.asdict(filled).values()))


def _quote(pointed: str, said: Sequence[str], *, whole: bool = True) -> str:
    """The customer's signs that were pointed at; `whole`: with their clause, where a “not” stands beside them."""
    wanted = _folded(pointed.strip())
    if not 1 < len(wanted) <= _LONGEST_QUOTE or printable(pointed) != pointed:
        return ""
    for text in said:
        folded = _folded(text)
        at = folded.find(wanted)
        while at >= 0:
            if _stands_alone(folded, at, at + len(wanted)):
                start, end = _unturned(folded, at, at + len(wanted)) if whole else (at, at + len(wanted))
                return text[start:end].strip() if end - start <= _LONGEST_QUOTE else ""
            at = folded.find(wanted, at + 1)
    return ""


def _folded(text: str) -> str:
    """Width, script and case are nothing; every sign stays at its place."""
    return "".join(low if len(low := sign.lower()) == 1 else sign for sign in evened(text))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Is it no piece of a longer number or word?"""
    around = ((text[start - 1 : start], text[start]), (text[end - 1], text[end : end + 1]))
    return not any(left.isascii() and left.isalnum() and right.isascii() and right.isalnum() for left, right in around)


def _unturned(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause in its place, where what was cut off would turn the meaning."""
    before, after = _REST.match(text[:start][::-1]), _REST.match(text, end)
    first, last = start - (before.end() if before else 0), after.end() if after else end
    cut_off = text[max(first, start - _NEAR) : start], text[end : min(last, end + _NEAR)]
    return (first, last) if any(map(grounding.negates, cut_off)) else (start, end)
