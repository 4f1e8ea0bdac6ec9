"""What became of the assistant's answers, told to the finder: judged wrong, an answer needs to be surer next time.

Counted are answers that were given or chosen as the likeliest, as the customer or an agent judged them last; an
agent's word goes before the customer's, and one customer counts once an article: whoever proved an account or an order
as that account, in however many browsers.  Verdicts of three months on answers that showed the text that readers see
now, the newest of each article; strangers, who cost nothing, push nobody else out of these.  Where they are many,
counting rests twenty times as long as it took.

Does not: judge (`answering`, `judging`), or say what follows (`knowledge.trust`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.knowledge import trust
from mashang.knowledge.trust import Judged

EVERY = 10.0  # seconds
_KEPT_FOR = timedelta(days=90)
_NEWEST = 50  # verdicts of an article, of those who are known and of strangers
_SWEEPS = 360  # an hour: verdicts grow old by themselves
_REST = 20  # times as long as it took
_LATE = timedelta(hours=1)  # longer than any verdict takes to be written
_NEW = "select conversation_id, seq, said_by, at from assistant_verdict where at > %(since)s"

# What was chosen was as likely as the finder had said before; it says how likely the first is.
_JUDGED = f"""
    with latest as (
        select distinct on (v.conversation_id, v.seq) v.* from assistant_verdict v
        where v.at > app_now() - %(kept_for)s order by v.conversation_id, v.seq, v.said_by
    ), judged as (
        select distinct on (who.id, t.articles[1]) t.articles[1] as article, v.at,
            v.said_by = 'agent' or who.is_known as by_known,
            v.verdict = 'helpful' or coalesce(v.instead = t.articles[1], false) as is_right,
            coalesce(t.p, (
                select n.p from assistant_turn n where n.conversation_id = t.conversation_id and n.id < t.id
                    and n.p is not null and n.articles[1] = t.articles[1] order by n.id desc limit 1)) as p
        from latest v
        join assistant_turn t on t.conversation_id = v.conversation_id and t.seq = v.seq and t.move = 'answer'
        join conversation c on c.id = v.conversation_id
        join customer u on u.id = c.customer_id
        left join lateral (
            select p.shop_id, p.subject from proof p where p.customer_id = u.id order by p.id desc limit 1
        ) p on true
        cross join lateral (
            select coalesce(u.subject, p.subject) is not null as is_known, coalesce(
                coalesce(u.shop_id, p.shop_id) || ':' || coalesce(u.subject, p.subject), u.public_id) as id
        ) who
        join article a on a.public_id = t.articles[1]
        where coalesce(t.version = a.published_version, true) and t.at >= (
            select max(x.written_at) from article_text x where x.article_id = a.id and x.version = a.published_version)
        order by who.id, t.articles[1], v.said_by, v.at desc
    )
    select article, is_right, by_known, p from (
        select *, row_number() over (partition by article, by_known order by at desc) as place from judged
        where p is not null
    ) x where place <= {_NEWEST}
"""


class Experience:
    """Remembers what it has seen, so that nothing is counted twice for nothing."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._seen: set[tuple[object, ...]] = set()  # the newest verdicts, and the knowledge's version
        self._looked = clock.now()
        self._sweeps = 0
        self._not_before = clock.now()

    async def sweep(self) -> None:
        """Count again if somebody judged since, or wrote."""
        began = clock.now()
        if began < self._not_before:
            return
        self._sweeps += 1
        async with self._db.transaction() as tx:
            newest = await tx.all(_NEW, {"since": self._looked - _LATE})
            version = await tx.value("select version from knowledge_state")  # an article may read differently
            seen = {(version,), *(tuple(row.values()) for row in newest)}
            if seen - self._seen or self._sweeps % _SWEEPS == 0:
                await count(tx)
        self._seen, self._looked = seen, began
        self._not_before = began + (_REST + 1) * (clock.now() - began)


async def count(tx: Tx) -> None:
    """Say of each judged article by how much its threshold moves."""
    judged: defaultdict[str, list[Judged]] = defaultdict(list)
    for row in await tx.all(_JUDGED, {"kept_for": _KEPT_FOR}):
        judged[row["article"]].append(Judged(row["p"], row["is_right"], row["by_known"]))
    shifts = {article: trust.shift(verdicts) for article, verdicts in judged.items()}
    await trust.keep(tx, {article: moved for article, moved in shifts.items() if moved})
