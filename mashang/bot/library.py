"""The playbooks there are: those that come with the product, and an operator's own, which stand before them.

What comes with the product is read only; a copy of it is an own one of the same key.  Every saving is a new version,
and only what passes `checking`, and offers no code but the shop's, is saved.  One version at most is published;
without one the shipped one of that key runs.  Whoever saves says which version they saw.

The only writer of `playbook` and `playbook_version`.  Does not: run one (`walking`, `playing`).
"""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from mashang import codes
from mashang.bot import checking
from mashang.bot.marked import Problem
from mashang.bot.playbook import Playbook
from mashang.bot.run import Run
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound, Refusal
from mashang.staff import audit
from mashang.staff.agents import Agent

FOLDER = Path(__file__).parent / "playbooks"
MOST = 200


class PlaybookWrong(Refusal):
    """It is no playbook: `problems`, each with line, column, path, code and a sentence in both languages."""

    status, code = 422, "playbook_wrong"


class PlaybookMoved(Refusal):
    """Somebody saved it since it was read: `newest` is what they wrote."""

    status, code = 409, "playbook_moved"


class PlaybooksFull(Refusal):
    """There are `most` already."""

    status, code = 409, "playbooks_full"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an own playbook, without its text."""

    version: int
    written_at: datetime
    written_by: str | None


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's own: its newest text, and the version that runs."""

    key: str
    newest: int
    published: int | None
    source: str
    versions: list[Written] = []


@cache
def shipped() -> dict[str, tuple[Playbook, str]]:
    """Those that come with the product, by key, with their source; a file that is no playbook is our bug."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        source = path.read_text("utf-8")
        playbook, problems = checking.read(source)
        if playbook is None or playbook.key != path.stem:
            raise ValueError(f"{path.name} is no playbook of that name: {problems[:3]}")
        found[playbook.key] = (playbook, source)
    return found


async def in_use(tx: Tx, key: str) -> Playbook | None:
    """The one that runs under this key."""
    row = await tx.first(
        "select v.version, v.source from playbook p join playbook_version v"
        " on v.playbook_id = p.id and v.version = p.published where p.key = %s",
        (key,),
    )
    if row is not None:
        return _own(row["source"], row["version"])
    return shipped()[key][0] if key in shipped() else None


async def of_run(tx: Tx, run: Run) -> Playbook | None:
    """The very version a run began with; None where it is gone (a newer release of the product has another)."""
    if not run.own:
        found = shipped().get(run.playbook)
        return found[0] if found and found[0].version == run.version else None
    source = await tx.value(
        "select v.source from playbook p join playbook_version v on v.playbook_id = p.id"
        " where p.key = %s and v.version = %s",
        (run.playbook, run.version),
    )
    return _own(source, run.version) if source else None


async def everything(tx: Tx) -> list[Own]:
    """All own ones, by key, without their versions."""
    return await tx.all(
        "select p.key, p.newest, p.published, v.source from playbook p join playbook_version v"
        " on v.playbook_id = p.id and v.version = p.newest order by p.key",
        into=Own,
    )


async def own(tx: Tx, key: str) -> Own | None:
    """The own one of this key, with its versions, the newest first."""
    found = next((one for one in await everything(tx) if one.key == key), None)
    if found is None:
        return None
    versions = await tx.all(
        "select v.version, v.written_at, a.name as written_by from playbook p"
        " join playbook_version v on v.playbook_id = p.id left join agent a on a.id = v.written_by"
        " where p.key = %s order by v.version desc limit 100",
        (key,),
        into=Written,
    )
    return msgspec.structs.replace(found, versions=versions)


async def source_of(tx: Tx, key: str, version: int) -> str:
    """The text of one version; raises NotFound."""
    found: str | None = await tx.value(
        "select v.source from playbook p join playbook_version v on v.playbook_id = p.id"
        " where p.key = %s and v.version = %s",
        (key, version),
    )
    if found is None:
        raise NotFound
    return found


async def save(tx: Tx, by: Agent, source: str, *, seen: int) -> Playbook:
    """A new version; `seen` is the newest there was, 0 for none.

    Raises PlaybookWrong, PlaybookMoved, PlaybooksFull.
    """
    playbook = demand(source)
    if problems := await without_codes(tx, source):
        raise _wrong(problems)
    row = await tx.first("select id, newest from playbook where key = %s for update", (playbook.key,))
    if (row["newest"] if row else 0) != seen:
        raise PlaybookMoved(newest=row["newest"] if row else 0)
    if row is None:
        row = await _begun(tx, playbook.key)
    version = seen + 1
    await tx.run(
        "insert into playbook_version (playbook_id, version, source, written_by) values (%s, %s, %s, %s)",
        (row["id"], version, source, by.id),
    )
    await tx.run("update playbook set newest = %s where id = %s", (version, row["id"]))
    await audit.record(tx, by, "playbook.saved", playbook.key, after={"version": version, "title": playbook.title})
    return msgspec.structs.replace(playbook, version=version, own=True)


async def publish(tx: Tx, by: Agent, key: str, version: int | None) -> None:
    """Let this version run; None: none of the own, but the shipped one where there is one.  Raises NotFound."""
    row = await tx.first("select id, newest, published from playbook where key = %s for update", (key,))
    if row is None or (version is not None and not 1 <= version <= row["newest"]):
        raise NotFound
    await tx.run("update playbook set published = %s where id = %s", (version, row["id"]))
    before = {"version": row["published"]}
    if version is None:
        await audit.record(tx, by, "playbook.withdrawn", key, before=before, after={"version": None})
    else:
        await audit.record(tx, by, "playbook.published", key, before=before, after={"version": version})


def read(source: str) -> Playbook | None:
    """The playbook of this text, when it is one."""
    return _read(source)[0]


def demand(source: str) -> Playbook:
    """The playbook of this text; raises PlaybookWrong."""
    playbook, problems = _read(source)
    if playbook is None:
        raise _wrong(problems)
    return playbook


async def without_codes(tx: Tx, source: str) -> list[Problem]:
    """Where this text, which is a playbook, offers a code that leads nowhere now."""
    topics, now = (await codes.index(tx)).topics, clock.now()
    good = {one.code for one in topics if one.expires_at is None or one.expires_at > now}
    return checking.unknown_codes(source, good)


def _wrong(problems: list[Problem]) -> PlaybookWrong:
    return PlaybookWrong(problems=[{**msgspec.to_builtins(one), "told": checking.told(one)} for one in problems[:50]])


async def _begun(tx: Tx, key: str) -> dict[str, int]:
    if await tx.value("select count(*) from playbook") >= MOST:
        raise PlaybooksFull(most=MOST)
    row = await tx.first("insert into playbook (key) values (%s) on conflict (key) do nothing returning id", (key,))
    if row is None:
        raise PlaybookMoved(newest=1)
    return dict(row)


@lru_cache(maxsize=100)
def _read(source: str) -> tuple[Playbook | None, list[Problem]]:
    return checking.read(source)


def _own(source: str, version: int) -> Playbook | None:
    """What was checked when it was saved, as the version it is; None when it would be refused today."""
    playbook, _ = _read(source)
    return msgspec.structs.replace(playbook, version=version, own=True) if playbook else None
