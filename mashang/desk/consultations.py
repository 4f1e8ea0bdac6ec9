"""Conversations as the figures count them: one row each, derived from what is stored, a few seconds behind it.

To look for the first useful answer in the timelines of ninety days takes seconds, so it is looked for once: a sweep,
and whoever opens the page, brings the rows up to date, the new conversations and those of which something may change.
All of it can be deleted at any time and comes back.

What is counted is defined here:

* **Useful answer**: the first message for everybody that one of the staff wrote (in words, or a file) and did not take
  back, unless it only greets or asks for patience (`SALUTATION`).  Our own greeting and what happens are no messages.
* **Time to it**: from the opening, on a clock that stands still while the department is closed.  Who came while it was
  closed is told apart (`while_closed`).
* **Left**: closed without a useful answer.  If it is opened again within a day and answered then, it was answered.
* **Assisted**: with the assistant, or solved with its help while it waited; neither left nor waiting.
* **Wrong turn**, of a conversation with a code: somebody of the staff moved it to another department before its first
  useful answer or within five minutes after it (`moved`); or, before any useful answer and within ten minutes, its
  customer opened the next one with another code, or with none (`chose_again`).

Does not: add up or compare (`code_figures`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Literal

import msgspec

from mashang.kit.db import Database, Json, Tx
from mashang.routing import opening
from mashang.routing.opening import Known

EVERY = 20.0  # seconds
_AT_MOST = 0.05 * EVERY  # seconds of work in a row
_MOST = 500  # conversations in one statement
_BEHIND = 10_000  # numbers: a conversation may be committed later than one that was numbered after it
_SETTLED_AFTER = timedelta(minutes=10)
_LEFT_AFTER = timedelta(days=1)

Wrong = Literal["moved", "chose_again"]

_GREETING = (
    "您好|你好|亲爱的|亲|在的?|嗨|哈喽|早上好|上午好|中午好|下午好|晚上好|欢迎(光临|咨询)?|(很)?高兴为您服务"
    "|(请问)?有什么(可以|能)(帮|帮助|帮到|为)您(服务)?的?[吗呢]?|(请|您)?稍等(一下|片刻)?|请等一下|马上(来|看|查)?"
    "|(hi|hello|hey)( there)?|good (morning|afternoon|evening)|welcome"
    "|how (can|may) i help( you)?|(just )?(a|one) (moment|second|minute)( please)?|please wait"
)
_SIGN = "[^0-9A-Za-z\u3400-\u9fff]"  # by its code points: what a letter is depends on the database's own collation
# Nothing but greetings and pleas for patience, with signs between them; longer texts say something.
SALUTATION = f"^{_SIGN}*(({_GREETING}){_SIGN}*)+$"
_LONGEST_SALUTATION = 60

_FACTS = f"""
    select c.id, c.opened_at, c.closed_at, a.at as answered_at, r.topic_id, r.medium, r.how,
        coalesce(p.department_id, c.department_id) as department_id, exists (
            select from assistance s where s.conversation_id = c.id and (s.state = 'serving' or exists (
                select from entry t where t.conversation_id = c.id and t.kind = 'event'
                    and t.data ->> 'name' = 'closed' and t.data ? 'solved'))
        ) as assisted,
        case when r.topic_id is null then null
            when exists (
                select from entry t
                where t.conversation_id = c.id and t.kind = 'event' and t.data ->> 'name' = 'transferred'
                  and t.data -> 'from_department' is distinct from t.data -> 'to_department'
                  and t.at <= coalesce(a.at + interval '5 minutes', 'infinity')
            ) then 'moved'
            when (
                select n.topic_code is distinct from c.topic_code
                    and n.opened_at <= least(c.opened_at + interval '10 minutes', a.at)
                from conversation n where n.customer_id = c.customer_id and n.id > c.id order by n.id limit 1
            ) then 'chose_again'
        end as wrong_turn
    from conversation c
    left join lateral (
        select r.topic_id, r.medium, r.how from redemption r where r.conversation_id = c.id order by r.at limit 1
    ) r on true
    left join lateral (
        select (t.facts ->> 'department_id')::bigint as department_id from routing_trace t
        where t.conversation_id = c.id and t.what = 'placed' order by t.id limit 1
    ) p on true
    left join lateral (
        select e.at from entry e
        where e.conversation_id = c.id and e.author = 'agent' and e.audience = 'everyone' and e.kind <> 'event'
          and not (e.kind = 'text' and length(e.text) <= {_LONGEST_SALUTATION} and e.text ~* %(salutation)s)
        order by e.seq limit 1
    ) a on true
    where c.id = any (%(ids)s)
    order by c.id
"""
_NEW = f"""
    select c.id from conversation c
    where c.id > (select coalesce(max(conversation_id), 0) - {_BEHIND} from consultation)
      and not exists (select from consultation k where k.conversation_id = c.id)
    order by c.id limit {_MOST}
"""
_CHANGING = f"select conversation_id as id from consultation where not settled order by looked_at limit {_MOST}"
_COLUMNS = (
    "conversation_id", "opened_at", "department_id", "topic_id", "medium", "how", "while_closed", "outcome",
    "answer_seconds", "wrong_turn", "settled",
)  # fmt: skip
_WRITE = f"""
    insert into consultation ({", ".join(_COLUMNS)}, looked_at)
    select {", ".join(f"x.{name}" for name in _COLUMNS)}, app_now()
    from jsonb_populate_recordset(null::consultation, %s) x order by x.conversation_id
    on conflict (conversation_id) do update set
        {", ".join(f"{name} = excluded.{name}" for name in (*_COLUMNS[1:], "looked_at"))}
"""


class _Fact(msgspec.Struct, frozen=True):
    """What the rows of one conversation say."""

    id: int
    opened_at: datetime
    closed_at: datetime | None
    answered_at: datetime | None
    topic_id: int | None
    medium: str | None
    how: str | None
    department_id: int
    assisted: bool
    wrong_turn: Wrong | None


async def sweep(db: Database) -> None:
    """Catch up for a moment; after an update of a large installation that takes some rounds."""
    began, done = monotonic(), False
    while not done and monotonic() - began < _AT_MOST:
        async with db.transaction() as tx:
            done = await catch_up(tx)


async def catch_up(tx: Tx) -> bool:
    """Count some more of what is new, and again what may have changed; whether that was all that is new.

    One at a time: while somebody else is at it, nothing is done here, and what is new is theirs.
    """
    if not await tx.value("select pg_try_advisory_xact_lock(hashtextextended('desk.consultations', 0))"):
        return True
    fresh = [row["id"] for row in await tx.all(_NEW)]
    changing = [row["id"] for row in await tx.all(_CHANGING)]
    ids = sorted({*fresh, *changing})
    if ids:
        known = await opening.known_hours(tx)
        facts = await tx.all(_FACTS, {"ids": ids, "salutation": SALUTATION}, into=_Fact)
        await tx.run(_WRITE, (Json([_row(fact, known) for fact in facts]),))
    return len(fresh) < _MOST


def _row(fact: _Fact, known: Known) -> dict[str, Any]:
    taken = known.open_for(fact.department_id, fact.opened_at, fact.answered_at) if fact.answered_at else None
    return {
        "conversation_id": fact.id,
        "opened_at": fact.opened_at,
        "department_id": fact.department_id,
        "topic_id": fact.topic_id,
        "medium": fact.medium,
        "how": fact.how,
        "while_closed": not known.open_at(fact.department_id, fact.opened_at),
        "outcome": _outcome(fact),
        "answer_seconds": None if taken is None else int(taken.total_seconds()),
        "wrong_turn": fact.wrong_turn,
        "settled": _is_settled(fact, known.now),
    }


def _outcome(fact: _Fact) -> str:
    if fact.answered_at:
        return "answered"
    return "assisted" if fact.assisted else "waiting" if fact.closed_at is None else "left"


def _is_settled(fact: _Fact, now: datetime) -> bool:
    """Can nothing of it change any more?"""
    if fact.answered_at:
        return max(fact.answered_at, fact.opened_at) + _SETTLED_AFTER < now
    return fact.closed_at is not None and fact.closed_at + _LEFT_AFTER < now
