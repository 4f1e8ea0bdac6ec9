"""Which questions the knowledge did not answer, or answered wrongly: what conversations and the help centre show of it.

*In a conversation*, unanswered: the assistant asked for other words, called a person because it did not understand, or
offered choices of which none was right.  Wrong: the customer pressed “not solved”, an agent corrected it, or a person
was called right after the answer.  A question counts once, with the customer's own words as they were stored (masked).

*In the help centre*, unanswered: what was searched and not found.  Wrong: an article of which a reader said that it did
not help, asked for with what they had searched, or else by its title.  These have no conversation: who asked is a hash
that changes with the day (`channels.help.counting`).

Does not: write them down, or tell which are alike (`gaps`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from mashang.channels.help import counting
from mashang.insights.resolution import PERSON_CAME
from mashang.kit.db import Tx
from mashang.staff.installation import TODAY

Source = Literal["conversation", "help_search", "help_vote"]

ALL = timedelta(days=30)  # as far as anybody looks back
LATE = timedelta(days=3)  # what an answer is judged by comes seldom later
_LATELY = timedelta(days=2)  # longer than anything can be taken back, and a vote be changed
_MOST_NEW = 500  # of each kind in one sweep

# A turn's question is the customer's last words up to it; what a button said is none.
_IN_CONVERSATIONS = f"""
    with turned as (
        select t.*, {PERSON_CAME.format("a.handed_over_at is not null and a.after_seq = t.after_seq")} as handed_over
        from assistant_turn t left join assistance a using (conversation_id)
        where t.at > app_now() - %(back)s and not t.beside
    ), missed as (
        select t.id, t.conversation_id, t.question_seq, t.at, t.articles[1] as article, case
            when t.move = 'answer' and (t.handed_over or exists (
                select from assistant_verdict v where v.conversation_id = t.conversation_id and v.seq = t.seq
                    and v.verdict <> 'helpful')) then 'wrong'
            when t.band = 'hand_over' or t.why in ('misunderstood', 'rephrase')
                or t.move = 'choices' and t.why <> 'several' and t.handed_over then 'unanswered'
            end as kind
        from turned t
    )
    select distinct on (m.conversation_id, e.seq) 'conversation' as source, null::date as day, null::bytea as asker,
        m.conversation_id, e.seq as question_seq, m.kind, e.text as words, c.locale, e.at as asked_at,
        case when m.kind = 'wrong' then m.article end as article
    from missed m
    join conversation c on c.id = m.conversation_id
    cross join lateral (
        select e.seq, e.text, e.at from entry e
        where e.conversation_id = m.conversation_id and e.seq <= m.question_seq and e.author = 'customer'
            and e.kind = 'text' and e.text ~ '[0-9A-Za-z\u3400-\u9fff]' and not coalesce(e.data ? 'choice', false)
        order by e.seq desc limit 1
    ) e
    where m.kind is not null
        and not exists (
            select from gap_question g where g.conversation_id = m.conversation_id and g.question_seq = e.seq)
    order by m.conversation_id, e.seq, m.kind desc, m.id
    limit {_MOST_NEW}
"""
# Words that name something: what was masked, and single letters, do not.
_IN_THE_HELP_CENTRE = f"""
    with asked as (
        select 'help_search' as source, s.day, s.searcher as asker, 'unanswered' as kind, s.words, s.locale,
            null::text as article, s.at as asked_at
        from help_search s where s.at > app_now() - %(back)s
        union all
        select 'help_vote', v.day, v.voter, 'wrong', coalesce(nullif(v.words, ''), w.title), v.locale, a.public_id, v.at
        from help_vote v join article a on a.id = v.article_id
        join article_text w on w.article_id = a.id and w.version = v.version and w.locale = v.locale
        where v.at > app_now() - %(back)s and not v.is_helpful
    )
    select a.*, null::bigint as conversation_id, null::int as question_seq from asked a
    where a.words ~ '[A-Za-z\u3400-\u9fff].*[A-Za-z\u3400-\u9fff]' and not exists (
        select from gap_question g
        where g.source = a.source and g.day = a.day and g.asker = a.asker and g.locale = a.locale
            and g.words = a.words and g.article is not distinct from a.article)
    order by a.asked_at, a.asker, a.words
    limit {_MOST_NEW}
"""
# What a customer took back (`conversations.recalling`) is kept here no longer either.
_RECALLED = """
    delete from gap_question q using entry e
    where q.asked_at > app_now() - %(lately)s and e.conversation_id = q.conversation_id and e.seq = q.question_seq
        and e.kind <> 'text'
"""
# Who said that it did not help, and on the same day that it did after all.
_HELPED_AFTER_ALL = """
    delete from gap_question q using help_vote v, article a
    where q.source = 'help_vote' and q.asked_at > app_now() - %(lately)s and v.day = q.day and v.voter = q.asker
        and a.id = v.article_id and a.public_id = q.article and v.is_helpful
"""
# What the help centre keeps no longer (`counting.sweep`) is kept here neither.
_FORGOTTEN = f"delete from gap_question where day < {TODAY} - interval '{counting.KEPT}'"


async def new(tx: Tx, back: timedelta) -> tuple[list[dict[str, Any]], bool]:
    """Those of so far `back` that stand in no gap yet, as rows of `gap_question`; and whether these are all."""
    said = await tx.all(_IN_CONVERSATIONS, {"back": back})
    looked_for = await tx.all(_IN_THE_HELP_CENTRE, {"back": back})
    return said + looked_for, max(len(said), len(looked_for)) < _MOST_NEW


async def forget(tx: Tx) -> None:
    """A message that was recalled, a vote that was changed and what is too old are nobody's question any longer."""
    for taken_back in (_RECALLED, _HELPED_AFTER_ALL):
        await tx.run(taken_back, {"lately": _LATELY})
    await tx.run(_FORGOTTEN)
