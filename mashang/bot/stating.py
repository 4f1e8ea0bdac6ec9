"""What a customer has said of the matter so far, read anew each time: what was taken back is gone.

Does not: read single messages (`statement`), or keep anything (`turn`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from mashang.bot import filling, statement
from mashang.bot.filling import Filled
from mashang.bot.statement import Statement
from mashang.guard.masking import Rules
from mashang.kit.db import Tx
from mashang.staff import installation

_NEWEST = 20  # messages


class Told(msgspec.Struct, frozen=True):
    """What the rules found, and the messages, oldest first."""

    statement: Statement
    said: list[str]

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
    found = statement.from_messages([(row["text"], row["at"].astimezone(zone)) for row in rows], rules)
    return Told(found, [row["text"] for row in rows])


def pointed_at(facts: dict[str, Any]) -> Filled:
    """What a model pointed at in earlier turns."""
    return msgspec.convert(facts.get("filled") or {}, Filled)
