"""What a customer has said of the matter so far, read anew each time: what was taken back is gone.

A talk may hold several matters, and parts of one never stand beside parts of another: what came of something else
begins a matter of its own, and everything after it belongs to that, until something of an earlier one is told again.
What is only asked, and would be asked by anybody (“how long does a refund take?”), tells nothing that happened.

Does not: read single messages (`statement`), or keep anything (`answering`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from mashang.bot import filling, hearing, said, several, statement
from mashang.bot.filling import Filled
from mashang.bot.statement import NOTHING, Statement
from mashang.guard.masking import NO_RULES, Rules
from mashang.kit.db import Tx
from mashang.staff import installation

_NEWEST = 20  # messages
_OPENING = 40  # signs in which a correction announces itself


class Told(msgspec.Struct, frozen=True):
    """What the rules found of the matter, and its messages, oldest first."""

    statement: Statement = NOTHING
    said: tuple[str, ...] = ()

    def with_filled(self, *pointed: Filled) -> tuple[Statement, Filled]:
        """Beside it what a model pointed at, the first of several; as far as it still stands in the messages."""
        values: dict[str, Any] = {}
        for one in reversed(pointed):
            values |= msgspec.to_builtins(filling.held(one, self.said))
        filled = Filled(**values)
        return filling.with_filled(self.statement, filled), filled


async def told(tx: Tx, conversation_id: int, rules: Rules) -> Told:
    """Time, action, result and what belongs to them, as far as they were said."""
    rows = await tx.all(
        """
        select e.text, e.at from entry e join assistance a using (conversation_id)
        where e.conversation_id = %s and e.seq > a.after_seq and e.author = 'customer' and e.kind = 'text'
            and not coalesce(e.data ? 'choice', false)
        order by e.seq desc limit %s
        """,
        (conversation_id, _NEWEST),
    )
    rows.reverse()
    zone = await installation.zone(tx)
    return together([(row["text"], row["at"].astimezone(zone)) for row in rows], rules)


def together(messages: Iterable[tuple[str, datetime]], rules: Rules = NO_RULES) -> Told:
    """What a customer's messages say of the matter they are about last; the oldest first, each with its instant."""
    matters = [Told()]  # the current one last
    for text, at in [(part, at) for message, at in messages for part in several.parts(message[: statement.READ])]:
        found = _told_by(text, at, rules)
        corrects = _corrects(text, found)
        before = next((one for one in reversed(matters) if corrects or _belongs(found, one.statement)), Told())
        matters = [one for one in matters if one is not before]
        matters.append(Told(statement.merged(before.statement, found, corrects=corrects), (*before.said, text)))
    return matters[-1]


def _told_by(text: str, at: datetime, rules: Rules) -> Statement:
    found = statement.extract(text, at, rules)
    if not found.tells_nothing_of_ones_own:
        return found
    if hearing.asks_in_general(text):
        return NOTHING
    is_wish = found.symptom is None and hearing.is_question(text)
    return msgspec.structs.replace(found, action=None) if is_wish else found


def _belongs(found: Statement, before: Statement) -> bool:
    """Words without a result belong to what was said last."""
    return found.symptom is None or not before.kinds or not before.kinds.isdisjoint(found.kinds)


def _corrects(text: str, found: Statement) -> bool:
    """Does it take something back?  “The number is not right” does not: that is what came of it."""
    words = said.said_first(said.evened(text[:_OPENING]), "correction")
    result = found.symptom.span if found.symptom else None
    return words is not None and (result is None or words.span is None or said.is_apart(words.span, [result]))


def pointed_at(facts: dict[str, Any]) -> Filled:
    """What a model pointed at in earlier turns."""
    return msgspec.convert(facts.get("filled") or {}, Filled)
