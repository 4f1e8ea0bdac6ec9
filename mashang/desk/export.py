"""Tables for people: the conversations of a list, or one conversation, as a CSV file.

Times are on the clock of the installation's zone, which the heads of their columns name, in a form that spreadsheets
read as times.  Rows are read in pages and written as they come, at most `MOST_ROWS`; the whole list is never in memory.

Does not: decide who may export (`views_api`), or know how a cell stays text (`kit.sheet`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from litestar.response import Stream

from mashang.conversations import reading
from mashang.conversations.entry import Entry
from mashang.desk import lists
from mashang.desk.filters import Filters, Narrowed
from mashang.desk.lists import Row
from mashang.kit.db import Database
from mashang.kit.i18n import sentence
from mashang.kit.limits import Limiter
from mashang.kit.sheet import MARK, line
from mashang.staff import Agent, installation

MOST_ROWS = 50_000
EXPORTS = Limiter(0.1, 10)  # by agent
_PAGE = 200
_LIST = (
    "id", "status", "customer", "proved", "tier", "code", "department", "agent", "order", "opened", "last", "words",
)  # fmt: skip
_TIMES = ("at", "last", "opened")
_TALK = ("number", "at", "audience", "who", "name", "words")


def as_file(lines: AsyncIterator[str] | Iterator[str], name: str) -> Stream:
    """The answer a browser keeps as a file."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Stream(lines, media_type="text/csv", headers=headers)


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """A time as spreadsheets read it, on the zone's clock."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""


async def _head(db: Database, names: Sequence[str], locale: str) -> tuple[str, ZoneInfo]:
    """The first line, and the zone it names."""
    async with db.transaction() as tx:
        zone = await installation.zone(tx)
    heads = (
        sentence("export_in_zone", locale, name=name, zone=zone.key) if key in _TIMES else name
        for key, name in ((key, sentence(f"export_{key}", locale)) for key in names)
    )
    return MARK + line(heads), zone


async def of_list(db: Database, agent: Agent, name: Narrowed, filters: Filters, locale: str) -> AsyncIterator[str]:
    """The conversations of a list, as this agent sees it."""
    head, zone = await _head(db, _LIST, locale)
    yield head
    cursor, written = None, 0
    while written < MOST_ROWS:
        async with db.transaction() as tx:
            page = await lists.page(tx, agent, name, cursor=cursor, limit=_PAGE, locale=locale, filters=filters)
        yield "".join(line(_cells(row, zone)) for row in page.rows)
        cursor, written = page.next, written + len(page.rows)
        if cursor is None:
            return


def _cells(row: Row, zone: ZoneInfo) -> list[object]:
    return [
        row.id, row.status, row.customer.label, "1" if row.customer.proved else "0", row.customer.tier,
        row.topic.code if row.topic else "", row.department.name, row.agent.name if row.agent else "",
        row.order_number or "", moment(row.opened_at, zone), moment(row.last.at, zone),
        row.last.preview,
    ]  # fmt: skip


async def of_conversation(db: Database, conversation_id: int, locale: str) -> AsyncIterator[str]:
    """Everything that was said in one conversation, notes included, oldest first."""
    head, zone = await _head(db, _TALK, locale)
    yield head
    seq, written = 0, 0
    while written < MOST_ROWS:
        async with db.transaction() as tx:
            entries = await reading.after(tx, conversation_id, "staff", seq)
        yield "".join(line(_said(entry, zone)) for entry in entries if entry.kind != "event")
        if len(entries) < reading.LARGEST_PAGE:
            return
        seq, written = entries[-1].seq, written + len(entries)


def _said(entry: Entry, zone: ZoneInfo) -> list[object]:
    words = str((entry.data or {}).get("name", "")) if entry.kind == "file" else entry.text
    return [
        entry.seq, moment(entry.at, zone), entry.audience, entry.author.kind,
        entry.author.name or "", words,
    ]  # fmt: skip
