"""Tables for people: the conversations of a list, or one conversation, as a CSV file.

UTF-8 with the mark that Excel asks for.  A cell that a spreadsheet would take for a formula
gets an apostrophe before it: customers choose the words.  Rows are read in pages and written as
they come, at most `MOST_ROWS`; the whole list is never in memory.

Does not: decide who may export (`export_api`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence

from mashang.conversations import reading
from mashang.conversations.entry import Entry
from mashang.desk import lists
from mashang.desk.filters import Filters, Narrowed
from mashang.desk.lists import Row
from mashang.kit.db import Database
from mashang.kit.i18n import sentence
from mashang.staff import Agent

MOST_ROWS = 50_000
_PAGE = 200
_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LIST = (
    "id", "status", "customer", "proved", "tier", "code", "department", "agent", "order", "opened", "last", "words",
)  # fmt: skip
_TALK = ("number", "at", "audience", "who", "name", "words")


def line(cells: Iterable[object]) -> str:
    """One line of the file."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([_safe(str(cell)) for cell in cells])
    return written.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _head(names: Sequence[str], locale: str) -> str:
    return _MARK + line(sentence(f"export_{name}", locale) for name in names)


async def of_list(db: Database, agent: Agent, name: Narrowed, filters: Filters, locale: str) -> AsyncIterator[str]:
    """The conversations of a list, as this agent sees it."""
    yield _head(_LIST, locale)
    cursor, written = None, 0
    while written < MOST_ROWS:
        async with db.transaction() as tx:
            page = await lists.page(tx, agent, name, cursor=cursor, limit=_PAGE, locale=locale, filters=filters)
        yield "".join(line(_cells(row)) for row in page.rows)
        cursor, written = page.next, written + len(page.rows)
        if cursor is None:
            return


def _cells(row: Row) -> list[object]:
    return [
        row.id, row.status, row.customer.label, "1" if row.customer.proved else "0", row.customer.tier,
        row.topic.code if row.topic else "", row.department.name, row.agent.name if row.agent else "",
        row.order_number or "", row.opened_at.isoformat(timespec="seconds"),
        row.last.at.isoformat(timespec="seconds"), row.last.preview,
    ]  # fmt: skip


async def of_conversation(db: Database, conversation_id: int, locale: str) -> AsyncIterator[str]:
    """Everything that was said in one conversation, notes included, oldest first."""
    yield _head(_TALK, locale)
    seq, written = 0, 0
    while written < MOST_ROWS:
        async with db.transaction() as tx:
            entries = await reading.after(tx, conversation_id, "staff", seq)
        yield "".join(line(_said(entry)) for entry in entries if entry.kind != "event")
        if len(entries) < reading.LARGEST_PAGE:
            return
        seq, written = entries[-1].seq, written + len(entries)


def _said(entry: Entry) -> list[object]:
    words = str((entry.data or {}).get("name", "")) if entry.kind == "file" else entry.text
    return [
        entry.seq, entry.at.isoformat(timespec="seconds"), entry.audience, entry.author.kind,
        entry.author.name or "", words,
    ]  # fmt: skip
