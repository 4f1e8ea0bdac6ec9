"""Finding at the desk: what was said, who asked, about which order, with which code.

Two neighbouring characters are the smallest thing that can be found, in the middle of a
sentence too; so Chinese needs no dictionary.  Several words must all stand in one message.
The index (`search_index`) only proposes: each hit is compared with the words as they stand
now, so what was recalled or masked since is not found.

Everything starts from `access.visible_to`; a customer is found only by who may see one of
their conversations.  What a visitor claims to be registered as is found by what the staff
see of it, masked; the sealed claim is never opened for this.  A minted code is found where
somebody gave it, whether it exists or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from mashang.codes import claims, minted, minting
from mashang.conversations import access
from mashang.conversations.naming import name_of
from mashang.desk import lists
from mashang.desk.excerpt import Piece, excerpt, words_of
from mashang.desk.lists import Row, RowCustomer
from mashang.desk.search_index import IS_SAID, WORDS
from mashang.kit.db import Tx
from mashang.kit.sealing import Sealer
from mashang.staff import Agent

_MOST_TALKS, _MOST_OTHERS, _MOST_TOPICS = 20, 6, 2
_MOST_ENTRIES = 200
_WALKED, _COMPARED = 10_000, 2_000


class TalkHit(msgspec.Struct, frozen=True):
    """A conversation in which it was said: the newest such entry, and how many more of the newest hits are in it."""

    conversation: Row
    seq: int
    at: datetime
    author: Literal["customer", "agent", "system"]
    excerpt: list[Piece]
    more: int


class CustomerHit(msgspec.Struct, frozen=True):
    """Somebody by name, account or masked claim."""

    customer: RowCustomer
    account: str | None
    excerpt: list[Piece]
    conversations: int
    latest: str


class OrderHit(msgspec.Struct, frozen=True):
    """An order number that conversations are about, and the latest of them."""

    number: str
    excerpt: list[Piece]
    conversation: Row


class CodeHit(msgspec.Struct, frozen=True):
    """A service code, and the latest conversations that came with it."""

    code: str
    name: str
    conversations: list[Row]


class TalkPage(msgspec.Struct, frozen=True):
    """Conversations by their newest hit; `next` is the cursor behind the last, null when that was all."""

    talks: list[TalkHit]
    next: str | None


class Found(msgspec.Struct, frozen=True):
    """All that was found, each group the newest first; of the conversations the first page."""

    talks: list[TalkHit]
    next: str | None
    customers: list[CustomerHit]
    orders: list[OrderHit]
    codes: list[CodeHit]


class _Asked(NamedTuple):
    """Who looks, what for, and the beginning of every statement's parameters."""

    agent: Agent
    locale: str
    words: list[str]
    visible: str
    params: dict[str, Any]


async def search(tx: Tx, sealer: Sealer, agent: Agent, typed: str, locale: str) -> Found:
    """Everything this agent may find; nothing when no word has two characters."""
    asked = await _asked(tx, agent, typed, locale)
    if asked is None:
        return Found([], None, [], [], [])
    page = await _talks(tx, asked, None)
    return Found(
        page.talks,
        page.next,
        await _customers(tx, asked),
        await _orders(tx, asked),
        await _codes(tx, sealer, asked, typed),
    )


async def more_talks(tx: Tx, agent: Agent, typed: str, cursor: str, locale: str) -> TalkPage:
    """The conversations behind a page of them; raises Invalid(field="cursor")."""
    asked = await _asked(tx, agent, typed, locale)
    page = TalkPage([], cursor if asked else None)
    while asked and page.next and not page.talks:  # all that was read may belong to what was shown before
        page = await _talks(tx, asked, page.next)
    return page


async def _asked(tx: Tx, agent: Agent, typed: str, locale: str) -> _Asked | None:
    words = words_of(typed)
    if not any(len(word) > 1 for word in words):
        return None
    # How common the pairs are decides between the index and walking from the newest on: so plan for these pairs.
    await tx.run("set local plan_cache_mode = 'force_custom_plan'")
    visible, params = access.visible_to(agent)
    return _Asked(
        agent, locale, words, visible,
        {**params, "words": words, "asked": " ".join(words), "en": locale == "en", "most": _MOST_OTHERS},
    )  # fmt: skip


_HAS_ALL = "(select bool_and(position(w in search_fold({text})) > 0) from unnest(%(words)s::text[]) as w)"

# ── what was said ───────────────────────────────────────────────────────────

# Pages go by (instant, conversation): messages of one batch share their instant.
_AT = "coalesce(%(at)s::timestamptz, 'infinity')"
_BEFORE = f"at <= {_AT}"
_BEHIND = f"(e.at, e.conversation_id) < ({_AT}, %(behind)s::bigint)"
_NEWEST = "order by e.at desc, e.conversation_id desc limit %(entries)s"
_ENTRY = f"e.conversation_id, e.seq, e.at, e.author, {WORDS} as words"
_SAYS_ALL = f"{IS_SAID} and {_HAS_ALL.format(text=WORDS)}"
_FRESH = f"""
    select {_ENTRY} from entry e join conversation c on c.id = e.conversation_id
    where e.at > (select indexed_until from search_progress) and e.{_BEFORE} and {_BEHIND} and {_SAYS_ALL}
        and {{visible}}
    {_NEWEST}
"""
# Common words are found by walking back from the newest; so the index, which would bring all of them at once, is asked
# only for what is rare.  Each step is told apart, because no planner can know how common a phrase is.
_RECENT = f"""
    with walked as materialized (
        select s.conversation_id, s.seq from (
            select * from search_entry where {_BEFORE} order by at desc, conversation_id desc limit {_WALKED}
        ) s where s.pairs @> search_pairs(%(asked)s)
    )
    select {_ENTRY} from walked w
    join conversation c on c.id = w.conversation_id
    join entry e on e.conversation_id = w.conversation_id and e.seq = w.seq
    where {{visible}} and {_BEHIND} and {_SAYS_ALL}
    {_NEWEST}
"""
_INDEXED = f"""
    with proposed as materialized (
        select conversation_id, seq, at from search_entry where pairs @> search_pairs(%(asked)s) and {_BEFORE}
    ), nearest as materialized (
        select p.* from proposed p join conversation c on c.id = p.conversation_id
        where {{visible}} order by p.at desc, p.conversation_id desc limit {_COMPARED}
    )
    select {_ENTRY} from nearest n
    join entry e on e.conversation_id = n.conversation_id and e.seq = n.seq
    where {_BEHIND} and {_SAYS_ALL}
    {_NEWEST}
"""


# Those of these conversations that stood on an earlier page already, for something newer that was said there.
_SHOWN = f"""
    select distinct e.conversation_id from entry e
    where e.conversation_id = any (%(talks)s) and not {_BEHIND} and {_SAYS_ALL}
"""


async def _talks(tx: Tx, asked: _Asked, cursor: str | None) -> TalkPage:
    place = await _place(tx, cursor)
    hits, cut = await _hits(tx, asked, place)
    by_talk: dict[int, list[dict[str, Any]]] = {}
    for hit in hits:
        by_talk.setdefault(hit["conversation_id"], []).append(hit)
    numbers = sorted(by_talk, key=lambda number: (by_talk[number][0]["at"], number), reverse=True)
    last = by_talk[numbers[_MOST_TALKS - 1]][0] if len(numbers) > _MOST_TALKS else cut
    rows = await _rows(tx, asked, numbers[:_MOST_TALKS])
    return TalkPage(
        [_talk(rows[number], by_talk[number], asked.words) for number in numbers if number in rows],
        lists.cursor_at(last["at"], await _public_id(tx, last["conversation_id"])) if last else None,
    )


async def _hits(tx: Tx, asked: _Asked, place: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The newest entries that say it where no page told so yet, newest first and without a gap.

    And the last one read, where there are more than are read at a time.
    """
    params = {**asked.params, **place, "entries": _MOST_ENTRIES}
    hits: dict[tuple[int, int], dict[str, Any]] = {}
    cut: dict[str, Any] | None = None
    for statement in (_FRESH, _RECENT, _INDEXED):
        found = await tx.all(statement.format(visible=asked.visible), params)
        shown = await _shown(tx, params, {hit["conversation_id"] for hit in found})
        for hit in found:
            if hit["conversation_id"] not in shown:
                hits.setdefault((hit["conversation_id"], hit["seq"]), hit)
        cut = found[-1] if len(found) == _MOST_ENTRIES else None
        if cut or len({talk for talk, _ in hits}) > _MOST_TALKS:
            break  # what the next statement finds is older
    return sorted(hits.values(), key=lambda hit: (hit["at"], hit["conversation_id"], hit["seq"]), reverse=True), cut


async def _shown(tx: Tx, params: dict[str, Any], talks: set[int]) -> set[int]:
    if params["at"] is None:
        return set()
    return {row["conversation_id"] for row in await tx.all(_SHOWN, {**params, "talks": list(talks)})}


async def _place(tx: Tx, cursor: str | None) -> dict[str, Any]:
    """Behind whom the page begins; a conversation that is gone since had the smallest number there is."""
    if cursor is None:
        return {"at": None, "behind": 0}
    place = lists.place_of(cursor)
    behind = await tx.value("select id from conversation where public_id = %(behind)s", place)
    return {**place, "behind": behind or 0}


async def _public_id(tx: Tx, conversation_id: int) -> str:
    public_id: str = await tx.value("select public_id from conversation where id = %s", (conversation_id,))
    return public_id


def _talk(row: Row, said: list[dict[str, Any]], words: list[str]) -> TalkHit:
    newest = said[0]
    return TalkHit(row, newest["seq"], newest["at"], newest["author"], excerpt(newest["words"], words), len(said) - 1)


async def _rows(tx: Tx, asked: _Asked, numbers: Sequence[int]) -> dict[int, Row]:
    found = await lists.rows(tx, asked.agent, numbers, asked.locale) if numbers else []
    return {one.conversation_id: one.row for one in found}


# ── who asked ───────────────────────────────────────────────────────────────

_NAMES = "u.name || ' ' || coalesce(u.subject, '') || ' ' || coalesce(u.claim_masked, '')"


async def _customers(tx: Tx, asked: _Asked) -> list[CustomerHit]:
    rows = await tx.all(
        f"""
        select u.public_id, u.name, u.tier, u.subject, u.claim_masked, {_NAMES} as names, t.talks, t.latest
        from customer u
        cross join lateral (
            select count(*) as talks, (array_agg(c.public_id order by c.id desc))[1] as latest, max(c.id) as newest
            from conversation c
            where c.customer_id in (
                select u.id union select s.visitor_id from same_as s where s.account_id = u.id and s.undone_at is null
            ) and {asked.visible}
        ) t
        where (u.subject is not null or u.claim_masked is not null) and t.talks > 0
            and search_pairs({_NAMES.replace("u.", "")}) @> search_pairs(%(asked)s) and {_HAS_ALL.format(text=_NAMES)}
        order by t.newest desc limit %(most)s
        """,
        asked.params,
    )
    return [_customer(row, asked) for row in rows]


def _customer(row: dict[str, Any], asked: _Asked) -> CustomerHit:
    label = lists.label(row["public_id"], row["name"], asked.locale)
    return CustomerHit(
        RowCustomer(row["public_id"], row["name"], row["subject"] is not None, row["tier"], row["claim_masked"], label),
        row["subject"],
        excerpt(row["names"], asked.words),
        row["talks"],
        row["latest"],
    )


# ── about which order, with which code ──────────────────────────────────────


async def _orders(tx: Tx, asked: _Asked) -> list[OrderHit]:
    found = await tx.all(
        f"""
        with nearest as materialized (
            select c.order_number, c.id from conversation c
            where c.order_number is not null and search_pairs(c.order_number) @> search_pairs(%(asked)s)
                and {asked.visible}
            order by c.id desc limit {_COMPARED}
        )
        select order_number, max(id) as latest from nearest
        where {_HAS_ALL.format(text="order_number")}
        group by order_number order by latest desc limit %(most)s
        """,
        asked.params,
    )
    rows = await _rows(tx, asked, [one["latest"] for one in found])
    return [
        OrderHit(one["order_number"], excerpt(one["order_number"], asked.words), rows[one["latest"]])
        for one in found
        if one["latest"] in rows
    ]


async def _codes(tx: Tx, sealer: Sealer, asked: _Asked, typed: str) -> list[CodeHit]:
    hits = []
    for topic in await _topics(tx, asked):
        latest = await _latest(tx, asked, "c.topic_code = %(code)s", {"code": topic["code"]})
        hits.append(CodeHit(topic["code"], topic["name"], latest))
    given = await claims.minted_in(tx, typed)
    if given is not None:
        claimed = "c.id in (select conversation_id from code_claim where code_hash = %(hash)s)"
        latest = await _latest(tx, asked, claimed, {"hash": minting.lookup_hash(sealer, given.body)})
        hits += [CodeHit(minted.written(given.body), "", latest)] if latest else []
    return hits


async def _topics(tx: Tx, asked: _Asked) -> list[dict[str, Any]]:
    """Those whose code begins so, or whose name or alias says so; the code itself first."""
    return await tx.all(
        f"""
        select t.code, {name_of("t")} as name from topic t
        where t.archived_at is null and (
            starts_with(lower(t.code), %(asked)s) or {_HAS_ALL.format(text="t.name || ' ' || t.name_en")}
            or exists (select from topic_alias a where a.topic_id = t.id and {_HAS_ALL.format(text="a.alias")})
        )
        order by lower(t.code) = %(asked)s desc, t.position, t.id limit %(topics)s
        """,
        {**asked.params, "topics": _MOST_TOPICS},
    )


async def _latest(tx: Tx, asked: _Asked, condition: str, more: dict[str, Any]) -> list[Row]:
    found = await tx.all(
        f"select c.id from conversation c where {condition} and {asked.visible} order by c.id desc limit %(most)s",
        {**asked.params, **more},
    )
    numbers = [one["id"] for one in found]
    rows = await _rows(tx, asked, numbers)
    return [rows[number] for number in numbers if number in rows]
