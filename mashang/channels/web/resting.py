"""Whom one would reach outside opening hours, told before one enters a queue: the person, and the codes.

Does not: say so in a conversation (`views`), or decide when it is open (`routing.opening`).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mashang import codes
from mashang.channels.web import views
from mashang.channels.web.views import ClosedView
from mashang.codes import TopicButton
from mashang.kit.db import Tx
from mashang.routing import opening
from mashang.staff import departments


class Resting(msgspec.Struct, frozen=True):
    """`closed`: who comes without a code would wait until then; `topics`: so would who comes with these codes."""

    closed: ClosedView | None
    topics: list[str]


async def resting(tx: Tx, offered: Sequence[TopicButton], locale: str) -> Resting:
    """Whom one would not reach now."""
    first = await departments.without_code(tx)
    shown = {one.code for one in offered}
    reached = {one.code: one.department_id for one in (await codes.index(tx)).topics if one.code in shown}
    closed = await opening.closed(tx, [*([first] if first else []), *reached.values()])
    told = views.closed_view(closed[first], locale == "en") if first in closed else None
    return Resting(told, [code for code, one in reached.items() if one in closed])
