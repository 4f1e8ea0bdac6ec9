"""What the codes achieve: each number of the page 代码成效 (code figures), defined once.

A period is the last 7, 30 or 90 days on the clock of the installation's zone, today included; a conversation belongs to
the day it was opened on.  What a conversation counts as (useful answer, time to it, left, wrong turn) is defined where
it is counted (`consultations`); what the code box was asked is counted in `codes.counting`.  Per code:

* **hits**: conversations that were opened with it, however it came; also by medium and by how it was recognised.
* **corrected**: of these, where something else had been typed than the code, its name or its alias.  What that was is
  shown as it was kept, masked, its first 20 characters, when at least two customers typed the same.
* **asked**: how often the code box asked back with this code among the choices; and what was chosen then: this one,
  another, a person without a code.  The rest gave up, or typed something else.
* **wrong turns**: of its hits, those that were moved elsewhere or whose customer chose again.
* **expired, archived**: how often somebody came with it after its end, or after it was taken out of use and when
  nothing else was near what they typed.
* **time to the first useful answer** of its hits that were opened within the opening hours and answered.

The comparison sets conversations with a code beside those without one, over all and in each department they were opened
in.  It says how large the difference is only where `spreads` allows it; who has a code may also have a simpler
question, and the page says so.

Does not: decide who may look (`code_figures_api`), or change anything but the rows it catches up with.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import msgspec

from mashang.codes.answers import AS_TYPED
from mashang.conversations.naming import Named, name_of
from mashang.desk import consultations
from mashang.desk.spreads import Ratio, Spread, Times, ratio_of_medians
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound
from mashang.staff.installation import TODAY

PERIODS = (7, 30, 90)
_LONGEST_TYPED = 20  # characters
_FEWEST_CUSTOMERS = 2
_MOST_CORRECTIONS = 8

# Today, the first day, and the instant that one began at.
_PERIOD = f"""
    select today, today - (%(days)s - 1) as first,
        (today - (%(days)s - 1))::timestamp at time zone (select zone from installation) as since
    from (select {TODAY} as today) x
"""
_IN_TIME = "k.outcome = 'answered' and not k.while_closed"


class CodeFigures(msgspec.Struct, kw_only=True):
    """One code in the period."""

    id: str
    code: str
    name: str
    department: str
    archived: bool
    hits: int = 0
    corrected: int = 0
    asked: int = 0
    chosen: int = 0
    chose_another: int = 0
    chose_person: int = 0
    moved: int = 0
    chose_again: int = 0
    expired: int = 0
    archived_tries: int = 0
    left: int = 0
    waiting: int = 0
    while_closed: int = 0
    answer: Spread = Spread(0)


class Side(msgspec.Struct, frozen=True):
    """Conversations with a code, or without: those opened within the hours by what became of them, and the others."""

    answer: Spread
    left: int
    waiting: int
    while_closed: int


class Comparison(msgspec.Struct, frozen=True):
    """With and without a code, over all (`department` is null) or in one department."""

    department: Named | None
    coded: Side
    plain: Side
    ratio: Ratio


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The page.  `complete`: false while conversations of before are still being counted."""

    days: int
    since: date
    until: date
    complete: bool
    codes: list[CodeFigures]
    comparisons: list[Comparison]
    asked: int
    chosen: int
    chose_person: int
    unknown: int


class Share(msgspec.Struct, frozen=True):
    """So many of one kind."""

    kind: str
    n: int


class Day(msgspec.Struct, frozen=True):
    """The hits of one day."""

    day: date
    n: int


class CodeDetail(msgspec.Struct, frozen=True):
    """Behind one code: how it came, how it was recognised, from what it was corrected, and every day."""

    media: list[Share]
    hows: list[Share]
    corrections: list[Share]
    days: list[Day]


async def figures(tx: Tx, days: int, locale: str) -> Figures:
    """Everything of the last so many days."""
    complete = await consultations.catch_up(tx)
    params = {**await _period(tx, days), "en": locale == "en"}
    groups = await tx.all(_GROUPS, params)
    times = [{**row, "counted": _decode(row["counted"])} for row in await tx.all(_TIMES, params)]
    counts = await tx.all(_COUNTS, params)
    sums = {row["what"]: row["number"] for row in counts if row["topic_id"] is None}
    return Figures(
        days=days,
        since=params["first"],
        until=params["today"],
        complete=complete,
        codes=_lines(await tx.all(_TOPICS, params), groups, times, counts),
        comparisons=_comparisons(await tx.all(_DEPARTMENTS, params), groups, times),
        asked=sums.get("asked", 0),
        chosen=sums.get("chosen", 0) + sums.get("chose_another", 0),
        chose_person=sums.get("chose_person", 0),
        unknown=sums.get("unknown", 0),
    )


async def detail(tx: Tx, public_id: str, days: int) -> CodeDetail:
    """What stands behind one code; raises NotFound."""
    topic_id = await tx.value("select id from topic where public_id = %s", (public_id,))
    if topic_id is None:
        raise NotFound
    params = {**await _period(tx, days), "topic": topic_id}
    return CodeDetail(
        await tx.all(_BY.format(column="medium"), params, into=Share),
        await tx.all(_BY.format(column="how"), params, into=Share),
        await tx.all(_CORRECTIONS, params, into=Share),
        await tx.all(_DAYS, params, into=Day),
    )


async def _period(tx: Tx, days: int) -> dict[str, Any]:
    """What the statements below are asked with."""
    return {**await tx.one(_PERIOD, {"days": days}), "as_typed": sorted(AS_TYPED)}


# ── one line for each code ──────────────────────────────────────────────────

_TOPICS = f"""
    select t.id as topic_id, t.public_id as id, t.code, {name_of("t")} as name, {name_of("d")} as department,
        t.archived_at is not null as archived
    from topic t join department d on d.id = t.department_id
    order by t.archived_at is not null, t.position, t.id
"""
_GROUPS = """
    select k.topic_id, k.department_id, count(*) as hits,
        count(*) filter (where k.how <> all (%(as_typed)s)) as corrected,
        count(*) filter (where k.wrong_turn = 'moved') as moved,
        count(*) filter (where k.wrong_turn = 'chose_again') as chose_again,
        count(*) filter (where k.outcome = 'left' and not k.while_closed) as left,
        count(*) filter (where k.outcome = 'waiting' and not k.while_closed) as waiting,
        count(*) filter (where k.while_closed) as while_closed
    from consultation k where k.opened_at >= %(since)s group by k.topic_id, k.department_id
"""
# How often each second, as one text for each topic and department: fifty thousand rows would take longer to fetch.
_TIMES = f"""
    select x.topic_id, x.department_id, json_object_agg(x.seconds, x.n)::text as counted
    from (
        select k.topic_id, k.department_id, k.answer_seconds as seconds, count(*) as n
        from consultation k where k.opened_at >= %(since)s and {_IN_TIME} group by 1, 2, 3
    ) x group by 1, 2
"""
_COUNTS = """
    select c.what, c.topic_id, sum(c.number)::int as number from code_count c where c.day >= %(first)s group by 1, 2
"""
_OF_GROUPS = ("hits", "corrected", "moved", "chose_again", "left", "waiting", "while_closed")
_OF_COUNTS = {
    "asked": "asked", "chosen": "chosen", "chose_another": "chose_another", "chose_person": "chose_person",
    "expired": "expired", "archived": "archived_tries",
}  # fmt: skip

Rows = list[dict[str, Any]]
_decode = msgspec.json.Decoder(dict[int, int], strict=False).decode


def _lines(topics: Rows, groups: Rows, times: Rows, counts: Rows) -> list[CodeFigures]:
    """Every code in use, and every former one that somebody still came with."""
    added: dict[int, Counter[str]] = {row["topic_id"]: Counter() for row in topics}
    for group in groups:
        if group["topic_id"] is not None:
            added[group["topic_id"]].update({name: group[name] for name in _OF_GROUPS})
    for count in counts:
        if count["topic_id"] is not None and count["what"] in _OF_COUNTS:
            added[count["topic_id"]][_OF_COUNTS[count["what"]]] += count["number"]
    measured: dict[int | None, Counter[int]] = {}
    for row in times:
        measured.setdefault(row["topic_id"], Counter()).update(row["counted"])
    return [
        msgspec.convert(
            {**row, **added[row["topic_id"]], "answer": Times(measured.get(row["topic_id"], {})).spread}, CodeFigures
        )
        for row in topics
        if not row["archived"] or any(added[row["topic_id"]].values())
    ]


# ── with a code and without ─────────────────────────────────────────────────

_DEPARTMENTS = f"""
    select d.id as department_id, d.public_id as id, {name_of("d")} as name from department d order by d.position, d.id
"""


def _comparisons(departments: Rows, groups: Rows, times: Rows) -> list[Comparison]:
    """Over all first, then each department in which anything was opened."""
    opened_in = {group["department_id"] for group in groups}
    found = [_comparison(None, groups, times)]
    for row in departments:
        if row["department_id"] in opened_in:
            here = [[one for one in rows if one["department_id"] == row["department_id"]] for rows in (groups, times)]
            found.append(_comparison(Named(row["id"], row["name"]), *here))
    return found


def _comparison(department: Named | None, groups: Rows, times: Rows) -> Comparison:
    coded, plain = (_measured(times, coded=coded) for coded in (True, False))
    return Comparison(
        department,
        _side(coded, groups, coded=True),
        _side(plain, groups, coded=False),
        ratio_of_medians(coded, plain),
    )


def _measured(times: Rows, *, coded: bool) -> Times:
    measured: Counter[int] = Counter()
    for row in times:
        if (row["topic_id"] is not None) is coded:
            measured.update(row["counted"])
    return Times(measured)


def _side(measured: Times, groups: Rows, *, coded: bool) -> Side:
    mine = [group for group in groups if (group["topic_id"] is not None) is coded]
    left, waiting, while_closed = (sum(group[name] for group in mine) for name in ("left", "waiting", "while_closed"))
    return Side(measured.spread, left, waiting, while_closed)


# ── behind one code ─────────────────────────────────────────────────────────

_BY = """
    select k.{column} as kind, count(*)::int as n from consultation k
    where k.topic_id = %(topic)s and k.opened_at >= %(since)s group by 1 order by 2 desc, 1
"""
_CORRECTIONS = f"""
    select left(r.typed, {_LONGEST_TYPED}) as kind, count(*)::int as n
    from redemption r join conversation c on c.id = r.conversation_id
    where r.topic_id = %(topic)s and r.at >= %(since)s and r.how <> all (%(as_typed)s)
    group by 1 having count(distinct c.customer_id) >= {_FEWEST_CUSTOMERS}
    order by 2 desc, 1 limit {_MOST_CORRECTIONS}
"""
_DAYS = """
    select d.day::date as day, coalesce(n.n, 0)::int as n
    from generate_series(%(first)s::timestamp, %(today)s::timestamp, interval '1 day') as d (day)
    left join (
        select (k.opened_at at time zone (select zone from installation))::date as day, count(*) as n
        from consultation k where k.topic_id = %(topic)s and k.opened_at >= %(since)s group by 1
    ) n on n.day = d.day::date
    order by 1
"""
