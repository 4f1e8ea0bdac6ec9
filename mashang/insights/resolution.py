"""How much the assistant solves, counted so that nobody can be proud of it wrongly.

A consultation counts as **resolved** when the assistant answered, no person took over, the customer said of no answer
that it did not help, and was not back on the same matter within 72 hours.  So it is known three days later; until then
it is pending, and in no share.  Each consultation that began with the assistant is exactly one of:

* **resolved**, **pending**: as above;
* **person**: handed over, or taken by an agent, for whichever reason;
* **not_helpful**: the customer said so, or an agent that the answer was wrong, and no person followed;
* **came_back**: the same customer opened another within 72 hours of its end.  About something else it is only where
  both name an order, or both a code, and these differ;
* **unanswered**: the customer said something, and it ended without an answer;
* **silent**: it ended without an answer and without a word of the customer, who looked in and left;
* **open**: it goes on.

Whoever comes by a code that answers first has asked by coming.  The resolution rate is resolved ÷ (all but pending,
silent and open).  An answer was **wrong** when the customer or an agent said so, or when a person was called right
after it.  The first useful response is an answer, a choice or a playbook's question of the assistant, or an agent's
first useful answer (`consultations`), whichever came first.

Who is back in the same conversation after those 72 hours comes with another matter, which is counted as a consultation
of its own (`assistance.begin_anew`).

Customers who left silently may have been helped or have given up: nobody can tell, and the page says that too.

Does not: decide who may look (`api`), or keep numbers: they are read off the rows each time.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, get_args

import msgspec

from mashang.desk import consultations
from mashang.desk.spreads import Spread, Times
from mashang.kit.db import Tx
from mashang.knowledge.trust import HELD_BACK
from mashang.routing.assistance import SAME_MATTER
from mashang.staff.installation import TODAY

Outcome = Literal["resolved", "person", "not_helpful", "came_back", "unanswered", "pending", "silent", "open"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_IN_NO_SHARE = frozenset({"pending", "silent", "open"})
_MOST_ARTICLES = 50

# A turn `t` that gave the customer something to go by.
_USEFUL = "(t.move in ('answer', 'choices') or t.why like 'playbook%%')"
# A playbook answered with what it said last, not with “one moment” before a question that nobody answered.
_ANSWERED = """(t.seq is not null and (t.move = 'answer' or (t.move = 'say' and t.why like 'playbook%%' and not exists (
    select from assistant_turn n where n.conversation_id = t.conversation_id and n.after_seq = t.after_seq
        and n.id > t.id and n.move = 'ask' and n.why like 'playbook%%'))))"""

# Did a person come right after turn `t`, in its matter?  {0}: in one that nobody handed over, did an agent take it?
PERSON_CAME = """(case
    when exists (select from hand_over h
        where h.conversation_id = t.conversation_id and h.after_seq = t.after_seq and h.seq > t.seq
            and not exists (select from assistant_turn n where n.conversation_id = t.conversation_id and n.id > t.id
                and n.move <> 'hand_over' and n.seq < h.seq)) then true
    else coalesce((select n.move = 'hand_over' from assistant_turn n
            where n.conversation_id = t.conversation_id and n.after_seq = t.after_seq and n.id > t.id
            order by n.id limit 1),
        {0} and not exists (select from hand_over h
            where h.conversation_id = t.conversation_id and h.after_seq = t.after_seq))
    end)"""

_PERIOD = f"""
    select today, today - (%(days)s - 1) as first,
        (today - (%(days)s - 1))::timestamp at time zone (select zone from installation) as since
    from (select {TODAY} as today) x
"""
# The account of a customer, or the visitor itself: one person over its visits.
_PERSON = """coalesce((select s.account_id from same_as s where s.visitor_id = {0}.customer_id and s.undone_at is null),
    {0}.customer_id)"""
_SERVED = f"""
    matter as materialized (
        select c.id, c.customer_id, c.status, c.closed_at, a.after_seq, null::int as until_seq, a.began_at as opened_at,
            c.topic_code, c.order_number,
            a.handed_over_at is not null or coalesce(c.assigned_at >= a.began_at, false) as by_person,
            c.status = 'assisted' or a.state = 'serving' or a.handed_over_at is not null as began_with_it
        from assistance a join conversation c on c.id = a.conversation_id where a.began_at >= %(since)s
        union all
        select c.id, c.customer_id, 'closed', p.closed_at, p.after_seq, p.until_seq, p.began_at, p.topic_code,
            p.order_number, p.by_person, false
        from past_matter p join conversation c on c.id = p.conversation_id where p.began_at >= %(since)s
    ), served as materialized (
        select m.*, {_PERSON.format("m")} as person
        from matter m
        where m.began_with_it or exists (select from assistant_turn t
            where t.conversation_id = m.id and t.after_seq = m.after_seq and not t.beside)
            or exists (select from hand_over h where h.conversation_id = m.id and h.after_seq = m.after_seq)
    ), decided as materialized (
        select s.*, case
            when s.by_person then 'person'
            when exists (select from assistant_verdict v where v.conversation_id = s.id and v.verdict <> 'helpful'
                and v.seq > s.after_seq and (s.until_seq is null or v.seq <= s.until_seq)) then 'not_helpful'
            when s.status <> 'closed' then 'open'
            when not exists (select from assistant_turn t where t.conversation_id = s.id and t.after_seq = s.after_seq
                and {_ANSWERED})
                then case when exists (select from entry e where e.conversation_id = s.id and e.author = 'customer'
                        and e.seq > s.after_seq and (s.until_seq is null or e.seq <= s.until_seq))
                    then 'unanswered' else 'silent' end
            when exists (
                select from conversation l
                where l.id <> s.id and l.opened_at > s.opened_at and l.opened_at <= s.closed_at + %(same_matter)s
                    and l.customer_id = any (
                        array(select x.visitor_id from same_as x where x.account_id = s.person and x.undone_at is null)
                        || s.person)
                    and case
                        when l.order_number is not null and s.order_number is not null
                            then l.order_number = s.order_number
                        when l.topic_code is not null and s.topic_code is not null then l.topic_code = s.topic_code
                        else true end
            ) then 'came_back'
            when s.closed_at + %(same_matter)s > app_now() then 'pending'
            else 'resolved' end as outcome
        from served s
    )
"""
# Of each conversation its beginning, and where the customer was back with another matter.
_CONSULTATIONS = """
    select ((select count(*) from conversation where opened_at >= %(since)s)
        + (select count(*) from assistance where began_at >= %(since)s and after_seq > 0)
        + (select count(*) from past_matter where began_at >= %(since)s and after_seq > 0))::int
"""
_OUTCOMES = f"with {_SERVED} select outcome, count(*)::int as n from decided group by outcome"
# One each time: who was handed over, called back and handed over again was so for two reasons.
_REASONS = f"""
    with {_SERVED} select coalesce(h.reason, 'taken') as kind, count(*)::int as n
    from decided d left join hand_over h on h.conversation_id = d.id and h.after_seq = d.after_seq
    where d.outcome = 'person' group by 1 order by n desc, kind
"""
# One row an answer: its article, what was said of it, and whether a person was called right after it.
_ANSWERS = f"""
    with {_SERVED}, answers as (
        select t.conversation_id, t.seq, t.articles[1] as article,
            exists (select from assistant_verdict v where v.conversation_id = t.conversation_id and v.seq = t.seq
                and v.verdict = 'helpful') as helpful,
            exists (select from assistant_verdict v where v.conversation_id = t.conversation_id and v.seq = t.seq
                and v.verdict <> 'helpful') as refused,
            {PERSON_CAME.format("s.by_person")} as handed_over
        from assistant_turn t join served s on s.id = t.conversation_id and s.after_seq = t.after_seq
        where t.move = 'answer' and t.seq is not null
    )
"""
_ANSWER_SUMS = f"""
    {_ANSWERS} select count(*)::int as shown, count(*) filter (where helpful)::int as helpful,
        count(*) filter (where refused)::int as refused,
        count(*) filter (where handed_over and not refused)::int as handed_over
    from answers
"""
_ARTICLES = f"""
    {_ANSWERS} select a.public_id as id, a.key, coalesce(w.title, a.key) as title, x.shown, x.helpful, x.wrong,
        coalesce(s.shift < %(held_back)s, false) as held_back
    from (
        select article, count(*)::int as shown, count(*) filter (where helpful)::int as helpful,
            count(*) filter (where refused or handed_over)::int as wrong
        from answers group by article
    ) x
    join article a on a.public_id = x.article
    left join answer_trust s on s.article = x.article
    left join lateral (
        select title from article_text w where w.article_id = a.id and w.version = a.draft_version
        order by w.locale = %(locale)s desc limit 1
    ) w on true
    order by x.wrong desc, x.shown desc, a.key limit {_MOST_ARTICLES}
"""
_BESIDE = """
    select count(distinct t.conversation_id)::int as offered,
        count(distinct t.conversation_id) filter (where exists (
            select from entry e where e.conversation_id = t.conversation_id and e.kind = 'event'
                and e.data ->> 'name' = 'closed' and (e.data ->> 'solved')::boolean))::int as solved
    from assistant_turn t join conversation c on c.id = t.conversation_id
    where t.beside and c.opened_at >= %(since)s
"""
# An agent's first useful answer is what `consultations` counts as one; the assistant answers around the clock.
_FIRST = f"""
    with timed as (
        select x.assisted, least(k.answer_seconds, x.seconds) as seconds
        from consultation k join conversation c on c.id = k.conversation_id
        cross join lateral (
            select extract(epoch from min(t.at) filter (where t.seq is not null and {_USEFUL}) - c.opened_at)::int
                    as seconds,
                coalesce(bool_or(not t.beside), false) as assisted
            from assistant_turn t where t.conversation_id = c.id and t.after_seq = 0
        ) x
        where k.opened_at >= %(since)s
    )
    select assisted, seconds, count(*)::int as n from timed where seconds >= 0 group by assisted, seconds
"""


class Share(msgspec.Struct, frozen=True):
    """So many of one kind."""

    kind: str
    n: int


class Answers(msgspec.Struct, frozen=True):
    """Answers shown; of these said to be helpful, said to be wrong, and followed at once by a person."""

    shown: int
    helpful: int
    refused: int
    handed_over: int


class ArticleFigures(msgspec.Struct, frozen=True):
    """How often an article's words were the answer, and how that was taken; `held_back`: it has to be surer now."""

    id: str
    key: str
    title: str
    shown: int
    helpful: int
    wrong: int
    held_back: bool


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """The page.  `outcomes` sum up to `assisted`; `rate` is of those `decided`, `wrong` of the answers shown."""

    days: int
    since: date
    until: date
    consultations: int
    assisted: int
    outcomes: dict[Outcome, int]
    decided: int
    rate: float | None
    wrong: float | None
    reasons: list[Share]
    answers: Answers
    articles: list[ArticleFigures]
    offered_while_waiting: int
    solved_while_waiting: int
    first_response_assisted: Spread
    first_response_others: Spread


async def resolution(tx: Tx, days: int, locale: str) -> Resolution:
    """Everything of the last so many days, today included."""
    await consultations.catch_up(tx)
    period = await tx.one(_PERIOD, {"days": days})
    params: dict[str, Any] = {
        "since": period["since"],
        "same_matter": SAME_MATTER,
        "locale": locale,
        "held_back": HELD_BACK,
    }
    counted = {row["outcome"]: row["n"] for row in await tx.all(_OUTCOMES, params)}
    outcomes: dict[Outcome, int] = {one: counted.get(one, 0) for one in OUTCOMES}
    decided = sum(n for one, n in outcomes.items() if one not in _IN_NO_SHARE)
    answers = await tx.one(_ANSWER_SUMS, params, into=Answers)
    beside = await tx.one(_BESIDE, params)
    assisted, others = await _first_responses(tx, params)
    return Resolution(
        days=days,
        since=period["first"],
        until=period["today"],
        consultations=await tx.value(_CONSULTATIONS, params),
        assisted=sum(outcomes.values()),
        outcomes=outcomes,
        decided=decided,
        rate=_share(outcomes["resolved"], decided),
        wrong=_share(answers.refused + answers.handed_over, answers.shown),
        reasons=await tx.all(_REASONS, params, into=Share),
        answers=answers,
        articles=await tx.all(_ARTICLES, params, into=ArticleFigures),
        offered_while_waiting=beside["offered"],
        solved_while_waiting=beside["solved"],
        first_response_assisted=assisted,
        first_response_others=others,
    )


async def _first_responses(tx: Tx, params: dict[str, Any]) -> tuple[Spread, Spread]:
    """Of consultations that began with the assistant, and of the others."""
    times: dict[bool, dict[int, int]] = {True: {}, False: {}}
    for row in await tx.all(_FIRST, params):
        times[row["assisted"]][row["seconds"]] = row["n"]
    return Times(times[True]).spread, Times(times[False]).spread


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
