"""The account after the storm: what was acknowledged, what is stored, what was shown."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import psycopg

from tests.chaos.people import Outbox, Screen
from tests.chaos.storm import Storm

_AUTHORS = ("customer-", "tab-", "agent-")


class Account(NamedTuple):
    """All but acknowledged, stored, files and reloads must be 0."""

    acknowledged: int
    stored: int
    files: int
    reloads: int
    lost: int
    doubled: int
    disordered: int
    refused: int


class _Stored(NamedTuple):
    seq: int
    prev_public: int
    audience: str
    text: str
    client_id: str | None


def heads(dsn: str) -> dict[str, tuple[int, int]]:
    """The last number of each conversation, for staff and for its customer."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("select public_id, head, public_head from conversation").fetchall()
    return {name: (head, public) for name, head, public in rows}


def account(storm: Storm, dsn: str) -> Account:
    """Compare every outbox and every screen with the database."""
    total = Counter(reloads=storm.reloads(), lost=storm.lost_files())
    stored = _stored(dsn)
    for conversation in {writer.who.conversation for writer in storm.writers}:
        total += _of_storage(stored[conversation])
    for writer in storm.writers:
        conversation = writer.who.conversation
        total["files"] += len(writer.files)
        total += _of_outbox(writer.outbox, stored[conversation])
        public = [entry for entry in stored[conversation] if entry.audience == "everyone"]
        total += _of_screen(writer.screens[conversation], public)
    for answerer in storm.answerers:
        for conversation, screen in answerer.screens.items():
            total += _of_outbox(answerer.outboxes[conversation], stored[conversation])
            total += _of_screen(screen, stored[conversation])
    return Account(**{name: total[name] for name in Account._fields})


def _stored(dsn: str) -> dict[str, list[_Stored]]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            """
            select c.public_id, e.seq, e.prev_public, e.audience, e.text, e.client_id
            from entry e join conversation c on c.id = e.conversation_id order by e.conversation_id, e.seq
            """
        ).fetchall()
    found: dict[str, list[_Stored]] = {}
    for conversation, *entry in rows:
        found.setdefault(conversation, []).append(_Stored(*entry))
    return found


def _of_storage(entries: list[_Stored]) -> Counter[str]:
    """Numbers without a hole, `prev_public` that names the one before, no key twice, each author's order kept."""
    found = Counter(stored=sum((entry.client_id or "").startswith(_AUTHORS) for entry in entries))
    public = 0
    for number, entry in enumerate(entries, 1):
        found["disordered"] += entry.seq != number or entry.prev_public != public
        public = entry.seq if entry.audience == "everyone" else public
    keys = [entry.client_id for entry in entries if entry.client_id is not None]
    found["doubled"] += len(keys) - len(set(keys))
    for author in _AUTHORS:
        own = [key for key in keys if key.startswith(author)]
        found["disordered"] += own != sorted(own)
    return found


def _of_outbox(outbox: Outbox, entries: list[_Stored]) -> Counter[str]:
    where = {entry.client_id: entry.seq for entry in entries}
    return Counter(
        acknowledged=len(outbox.acknowledged),
        lost=sum(key not in where for key in outbox.acknowledged),
        disordered=sum(where.get(key, seq) != seq for key, seq in outbox.acknowledged.items()),
        doubled=outbox.changed_acks,
        refused=len(outbox.refused),
    )


def _of_screen(screen: Screen, entries: list[_Stored]) -> Counter[str]:
    wanted = [(entry.seq, entry.text) for entry in entries]
    missing = Counter(wanted) - Counter(screen.shown)
    return Counter(
        lost=missing.total(),
        doubled=(Counter(screen.shown) - Counter(wanted)).total() + screen.repeats,
        disordered=int(not missing and screen.shown != wanted),
    )
