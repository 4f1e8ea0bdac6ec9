"""The live board as a table for people: when it was so, the queues, and the staff.

One file, two tables under each other, as the page has them; minutes with one digit.

Does not: know how a cell is made safe or a time is told (`export`), or what a number counts (`board`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mashang.desk.board import Board, BoardAgent, BoardQueue
from mashang.desk.export import moment
from mashang.kit.i18n import sentence
from mashang.kit.sheet import MARK, line

_QUEUE = (
    "department", "tier", "waiting", "messages", "offered", "longest", "online", "free", "served", "left", "told",
    "held", "mean_wait", "error",
)  # fmt: skip
_AGENT = (
    "name", "role", "tier", "departments", "state", "since", "load", "offers", "capacity", "declined", "timed_out",
    "handled",
)  # fmt: skip


def of_board(board: Board, zone: ZoneInfo, locale: str) -> Iterator[str]:
    """The lines of the file."""

    def heads(names: Sequence[str]) -> str:
        return line(sentence(f"board_{name}", locale, zone=zone.key) for name in names)

    yield MARK + line([sentence("board_at", locale, at=moment(board.at, zone), zone=zone.key)])
    yield heads(_QUEUE)
    yield from (line(_queue(one, board.at)) for one in board.queues)
    yield "\r\n" + heads(_AGENT)
    yield from (line(_agent(one, zone, locale)) for one in board.agents)


def _queue(one: BoardQueue, now: datetime) -> list[object]:
    longest = (now - one.longest_since) / timedelta(minutes=1) if one.longest_since else None
    return [
        one.department.name, one.required_tier, one.waiting, one.messages, one.offered, _minutes(longest), one.online,
        one.free, one.served, one.left, one.told, one.held, _minutes(one.mean_wait), _minutes(one.error),
    ]  # fmt: skip


def _agent(one: BoardAgent, zone: ZoneInfo, locale: str) -> list[object]:
    return [
        one.name, sentence(f"board_role_{one.role}", locale), one.tier, " ".join(one.departments),
        sentence(f"board_state_{one.state}", locale), moment(one.since, zone), one.load, one.offers, one.capacity,
        one.declined, one.timed_out, one.handled,
    ]  # fmt: skip


def _minutes(span: float | None) -> str:
    return "" if span is None else f"{max(span, 0):.1f}"
