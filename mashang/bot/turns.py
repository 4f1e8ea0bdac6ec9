"""What was asked and answered, one row a turn; and what became of the answers: the only writer of both tables.

Everything that is counted later (what was resolved, what was wrong, what is missing) is read off these rows and the
timeline: the question's entry, the article shown, how sure the finder was, what the customer or an agent said of it.

Does not: count (`insights`), or decide (`deciding`).
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from mashang.kit.db import Tx
from mashang.routing.assistance import Assistance
from mashang.staff import Agent

Verdict = Literal["helpful", "not_helpful", "corrected"]


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One turn; `seq` is the entry that answers, None where it was handed over; `version` of the text shown."""

    conversation_id: int
    question_seq: int
    seq: int | None
    move: str
    why: str = ""
    band: str | None = None
    p: float | None = None
    articles: list[str] = []
    version: int | None = None
    beside: bool = False


async def keep(tx: Tx, turn: Turn) -> None:
    """Write it down."""
    await tx.run(
        """
        insert into assistant_turn (conversation_id, question_seq, seq, move, why, band, p, articles, version,
            beside, after_seq)
        values (%(conversation_id)s, %(question_seq)s, %(seq)s, %(move)s, %(why)s, %(band)s, %(p)s, %(articles)s,
            %(version)s, %(beside)s,
            coalesce((select a.after_seq from assistance a where a.conversation_id = %(conversation_id)s), 0))
        """,
        msgspec.structs.asdict(turn),
    )


async def judge(tx: Tx, conversation_id: int, seq: int, verdict: Verdict, article: str | None) -> None:
    """The customer's word on the answer that is entry `seq`; the last one counts."""
    await tx.run(
        """
        insert into assistant_verdict (conversation_id, seq, said_by, verdict, article)
        values (%s, %s, 'customer', %s, %s)
        on conflict (conversation_id, seq, said_by) do update set verdict = excluded.verdict, at = app_now()
        """,
        (conversation_id, seq, verdict, article),
    )


async def correct(
    tx: Tx, by: Agent, conversation_id: int, seq: int, verdict: Verdict, *, instead: str | None = None
) -> bool:
    """An agent's word on the answer that is entry `seq`, perhaps with the article that is right; False: no answer."""
    written = await tx.run(
        """
        insert into assistant_verdict (conversation_id, seq, said_by, verdict, article, instead, agent_id)
        select e.conversation_id, e.seq, 'agent', %(verdict)s, e.data -> 'assistant' -> 'article' ->> 'id',
            %(instead)s, %(agent)s
        from entry e where e.conversation_id = %(id)s and e.seq = %(seq)s and e.author = 'assistant'
            and e.data -> 'assistant' ->> 'kind' in ('answer', 'choices')
        on conflict (conversation_id, seq, said_by) do update set verdict = excluded.verdict,
            instead = excluded.instead, agent_id = excluded.agent_id, at = app_now()
        """,
        {"verdict": verdict, "instead": instead, "agent": by.id, "id": conversation_id, "seq": seq},
    )
    return bool(written)


async def so_far(tx: Tx, known: Assistance) -> dict[str, Any]:
    """What came of this matter's turns: `seen` articles, the `last_move` that was more than a word, the `refusals`.

    `last_seq`: the entry of that move; 0 where it has none.
    """
    return await tx.one(
        """
        with last as (
            select t.move, t.seq from assistant_turn t
            where t.conversation_id = %(id)s and t.after_seq = %(after)s and t.move <> 'say'
            order by t.id desc limit 1)
        select
            array(select distinct unnest(t.articles) from assistant_turn t
                where t.conversation_id = %(id)s and t.after_seq = %(after)s) as seen,
            coalesce((select move from last), '') as last_move,
            coalesce((select seq from last), 0) as last_seq,
            (select count(*) from assistant_verdict v where v.conversation_id = %(id)s and v.seq > %(after)s
                and v.said_by = 'customer' and v.verdict = 'not_helpful')::int as refusals
        """,
        {"id": known.conversation_id, "after": known.after_seq},
    )
