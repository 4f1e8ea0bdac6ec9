"""Taking the demo away: its people, codes, shop, site and everything that was said there; what is one's own stays.

What goes is what the demo made and nobody of one's own took over: a department with own people or own codes stays, a
code that one's own operator changed is one's own.  Site, shop and conversations are deleted with all that hangs on
them, by the foreign keys of the schema; people, departments and codes are archived, for the audit names them.  The
knowledge stays, and names only codes still in use.

Does not: stop the demo shop's process (the next start does not begin it), or ask whether one is sure.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec

from mashang.codes import offer_rules, topics
from mashang.codes.demo import DEMO_CODES
from mashang.kit.db import Tx
from mashang.kit.errors import Conflict
from mashang.knowledge import starting, wording
from mashang.staff import agents, audit, departments
from mashang.staff.audit import Actor
from mashang.staff.demo import DEMO_DEPARTMENTS

FILES = ("demo.json", "demo-shop.json")  # in the home; the first one says that there is a demo


class NoDemo(Conflict):
    """There is no demo, or it was taken away already."""

    code = "no_demo"


class OnlyDemoOperators(Conflict):
    """Nobody but the demo's own operator could sign in afterwards: make an operator of your own first."""

    code = "only_demo_operators"


class DemoPersonServes(Conflict):
    """One of the demo's people serves a conversation of one's own site: `name`."""

    code = "demo_person_serves"


class _Person(msgspec.Struct, frozen=True):
    login: str


class _Kept(msgspec.Struct, frozen=True):
    people: list[_Person]
    shop: str
    site: str


class Going(msgspec.Struct, frozen=True):
    """What goes: names for a person to read; `departments` and `topics` are only those nobody took over."""

    sites: list[str]
    shops: list[str]
    people: list[str]
    departments: list[str]
    topics: list[str]
    conversations: int


class _Found(msgspec.Struct, frozen=True):
    kept: _Kept
    sites: list[str]
    shops: list[str]
    people: list[agents.Agent]
    departments: list[departments.Department]
    topics: list[Any]
    conversations: int


async def going(tx: Tx, home: Path) -> Going:
    """What `remove` would take away; raises NoDemo."""
    found = await _found(tx, home)
    return Going(
        found.sites,
        found.shops,
        [one.name for one in found.people],
        [one.name for one in found.departments],
        [one.code for one in found.topics],
        found.conversations,
    )


async def remove(tx: Tx, by: Actor | None, home: Path) -> list[str]:
    """Take the demo away; the storage keys of the files that went with it.

    Raises NoDemo, OnlyDemoOperators, DemoPersonServes.  After the commit the caller deletes them, and calls `clear`.
    """
    found = await _found(tx, home)
    demo = [one.id for one in found.people]
    own = "select exists (select from agent where role = 'operator' and archived_at is null and not id = any(%s))"
    if not await tx.value(own, (demo,)):
        raise OnlyDemoOperators
    gone = await _delete_what_was_said(tx, found.kept)
    for one in found.topics:
        await topics.archive(tx, by, one.public_id, forget=True)
    await starting.follow(tx, {one.code for one in await topics.present(tx)})
    for rule in await offer_rules.present(tx):
        if rule.code in {one.code for one in found.topics}:  # it would lead nowhere
            await offer_rules.archive(tx, by, rule.rule)
    for person in found.people:
        if await tx.value("select 1 from conversation where agent_id = %s and status = 'active' limit 1", (person.id,)):
            raise DemoPersonServes(name=person.name)
        await agents.archive(tx, by, person)
    for department in found.departments:
        await departments.archive(tx, by, department)
    told = {"people": len(found.people), "topics": len(found.topics), "conversations": found.conversations}
    await audit.record(tx, by, "demo.removed", "demo", before=told)
    return gone


def clear(home: Path) -> None:
    """Forget on disk that there was a demo: its sign-ins, and what its shop keeps."""
    for name in FILES:
        (home / name).unlink(missing_ok=True)
    shutil.rmtree(home / "shop", ignore_errors=True)


async def _found(tx: Tx, home: Path) -> _Found:
    if not (home / FILES[0]).exists():
        raise NoDemo
    kept = msgspec.json.decode((home / FILES[0]).read_bytes(), type=_Kept)
    logins = {one.login.lower() for one in kept.people}
    people = [one for one in await agents.present(tx) if one.login.lower() in logins]
    mine = [one.id for one in people]
    changed = {
        row["subject"]
        for row in await tx.all(
            "select distinct subject from audit where action = 'topic.edited' and not agent_id = any(%s)", (mine,)
        )
    }
    theirs = [one for one in await topics.present(tx) if one.code in DEMO_CODES and one.code not in changed]
    used = {
        row["id"]
        for row in await tx.all(
            """
            select department_id as id from membership where not agent_id = any(%(people)s)
            union
            select department_id from topic where archived_at is null and not code = any(%(topics)s)
            union
            select c.department_id from conversation c join site s on s.id = c.site_id
            where c.status <> 'closed' and s.public_id <> %(site)s
            """,
            {"people": mine, "topics": [one.code for one in theirs], "site": kept.site},
        )
    }
    rooms = [one for one in await departments.present(tx) if one.name in DEMO_DEPARTMENTS and one.id not in used]
    said = await tx.value(
        "select count(*) from conversation c join site s on s.id = c.site_id where s.public_id = %s", (kept.site,)
    )
    named = "select coalesce(array_agg(name), '{}') from "
    sites = await tx.value(named + "site where public_id = %s", (kept.site,))
    shops = await tx.value(named + "shop where public_id = %s", (kept.shop,))
    return _Found(kept, sites, shops, people, rooms, theirs, said)


async def _delete_what_was_said(tx: Tx, kept: _Kept) -> list[str]:
    site = await tx.value("select id from site where public_id = %s", (kept.site,))
    shop = await tx.value("select id from shop where public_id = %s", (kept.shop,))
    files = await tx.all(
        """
        select t.storage_key, t.preview_key from attachment t join conversation c on c.id = t.conversation_id
        where c.site_id = %(site)s or c.customer_id in (select id from customer where shop_id = %(shop)s)
        """,
        {"site": site, "shop": shop},
    )
    gone = await tx.all(
        "select c.id from conversation c where c.site_id = %(site)s"
        " or c.customer_id in (select id from customer where shop_id = %(shop)s)",
        {"site": site, "shop": shop},
    )
    await wording.outlive(tx, [row["id"] for row in gone])
    await tx.run("update site set shop_id = null where shop_id = %s and id <> %s", (shop, site))  # one's own sites stay
    keys = await tx.all(_KEYS)
    await _wipe(tx, keys, "site", f"id = {int(site or 0)}")
    await _wipe(tx, keys, "shop", f"id = {int(shop or 0)}")
    return [key for row in files for key in row.values() if key]


async def _wipe(tx: Tx, keys: list[dict[str, Any]], table: str, which: str, above: tuple[str, ...] = ()) -> None:
    """Delete rows, and before them whatever points at them; names come from the schema's own catalogue."""
    for key in keys:
        if key["target"] == table and key["source"] not in (*above, table):
            pointing = f"({key['columns']}) in (select {key['of']} from {table} where {which})"
            await _wipe(tx, keys, key["source"], pointing, (*above, table))
    await tx.run(f"delete from {table} where {which}")


_KEYS = """
    select c.conrelid::regclass::text as source, c.confrelid::regclass::text as target,
        (select string_agg(quote_ident(a.attname), ', ' order by k.place)
            from unnest(c.conkey) with ordinality k (number, place)
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) as columns,
        (select string_agg(quote_ident(a.attname), ', ' order by k.place)
            from unnest(c.confkey) with ordinality k (number, place)
            join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number) as of
    from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace
    order by 1, 3
"""
