"""In which words customers really asked for what an article answers.

From conversations: what it answered and nobody called wrong, what an agent named it for instead of a wrong answer, and
what the gaps asked that it filled.  The newest first, as they were stored (masked); of another language none.

Does not: ask a model (`proposing`).
"""

from __future__ import annotations

from mashang.kit.db import Tx
from mashang.knowledge.article import Article
from mashang.knowledge.phrasing import LONGEST, Locale

_MOST = 30

_ASKED = """
    with answered as (
        select t.conversation_id, t.question_seq from assistant_turn t
        where t.at > app_now() - interval '90 days' and t.move = 'answer' and t.articles[1] = %(article)s
            and not exists (
            select from assistant_verdict v where v.conversation_id = t.conversation_id and v.seq = t.seq
                and v.verdict <> 'helpful')
        union
        select t.conversation_id, t.question_seq from assistant_verdict v
        join assistant_turn t on t.conversation_id = v.conversation_id and t.seq = v.seq
        where v.instead = %(article)s
    ), asked as (
        select e.text as words, e.at from answered a
        join conversation c on c.id = a.conversation_id and c.locale = %(locale)s
        join entry e on e.conversation_id = a.conversation_id and e.seq = a.question_seq
        where e.author = 'customer' and e.kind = 'text' and not coalesce(e.data ? 'choice', false)
        union all
        select q.words, q.asked_at from gap g join gap_question q on q.gap_id = g.id
        where g.article_id = %(article_id)s and q.locale = %(locale)s
    )
    select words from asked where words <> '' and length(words) <= %(longest)s
    group by words order by max(at) desc limit %(most)s
"""


async def words(tx: Tx, article: Article, locale: Locale) -> list[str]:
    """Each once, and no more than a model may be shown."""
    rows = await tx.all(
        _ASKED,
        {
            "article": article.public_id, "article_id": article.id, "locale": locale, "longest": LONGEST,
            "most": _MOST,
        },
    )  # fmt: skip
    return [row["words"] for row in rows]
