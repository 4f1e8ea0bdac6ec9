"""What the knowledge lacks: questions that were not answered, or wrongly (`questions`), like ones together.

A gap is filled by a draft article, or by an article that is there: its questions become phrasings of it, and the
answer the agents gave is the first text of the draft.  People read and publish it.  A question of the kind that comes
after a gap was decided opens a new one: then the filling did not do.

A worker gathers them every minute from the last days, and once an hour from all that is looked back at: what is judged
late is found then.  Whoever looks is told how fresh what they see is.  While questions are compared nothing is held:
a gap may be decided meanwhile, and then gets none of them.

The only writer of `gap`, `gap_question` and `gap_gathered`.  Does not: publish anything, or find out by itself what is
right.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from mashang.desk.consultations import SALUTATION
from mashang.insights import likeness, noise, questions
from mashang.insights.questions import Source
from mashang.kit import ids
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Conflict, Invalid, NotFound
from mashang.knowledge import editing, reading, wording
from mashang.knowledge.article import ArticleDraft, Text
from mashang.knowledge.phrasing import LONGEST, Locale, folded
from mashang.staff import Agent, audit

Kind = Literal["unanswered", "wrong"]

EVERY = 60.0  # seconds
_FULLY_EVERY = "1 hour"
_ASIDE = 0  # where what is no question goes
_MOST_OPEN = 2000  # gaps that a question is compared with
_MOST_SHOWN = 200
_LONGEST_TITLE = 60
_LONGEST_BODY = 4000

_COLUMNS = {
    "source": "text", "conversation_id": "bigint", "question_seq": "int", "day": "date", "asker": "bytea",
    "gap_id": "bigint", "kind": "text", "locale": "text", "words": "text", "folded": "text", "article": "text",
    "asked_at": "timestamptz",
}  # fmt: skip

# What an agent wrote last in a conversation that says something.
_FINAL = """
    select e.text from entry e
    where e.conversation_id = q.conversation_id and e.author = 'agent' and e.audience = 'everyone' and e.kind = 'text'
        and e.seq > q.question_seq and not (length(e.text) <= 60 and e.text ~* %(salutation)s)
    order by length(e.text) >= 12 desc, e.seq desc limit 1
"""
# Who asked: a question of a conversation counts by itself.
_ASKER = "coalesce(q.conversation_id || ':' || q.question_seq, q.day || encode(q.asker, 'hex'))"
# The wrong answer, as it is called now.
_WRONG = """
    select jsonb_build_object('id', a.public_id, 'title', coalesce((
        select w.title from article_text w where w.article_id = a.id and w.version = a.draft_version and w.title <> ''
        order by w.locale = q.locale desc limit 1), a.key))
    from article a where a.public_id = q.article
"""


class GapDecided(Conflict):
    """Somebody filled or dismissed this gap already."""

    code = "gap_decided"


class NothingAdded(Conflict):
    """All of these words ask for other `articles` already: they fill no gap."""

    code = "nothing_added"


class Wrong(msgspec.Struct, frozen=True):
    """The article that was the wrong answer."""

    id: str
    title: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One of its questions: where and in which words it was asked, how often, and what the agent answered, if one did.

    Only what was asked in a conversation has one; `wrong` is what was answered, where that did not help.
    """

    source: Source
    conversation: str | None
    seq: int | None
    kind: Kind
    locale: Locale
    words: str
    n: int
    asked_at: datetime
    wrong: Wrong | None
    answer: str | None


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Like questions without a right answer; `questions` are the newest, `wrong` counts those answered wrongly.

    Who searched or voted counts once a day, in however many words.
    """

    id: str
    n: int
    wrong: int
    since: datetime
    latest: datetime
    questions: list[Question]


class Gaps(msgspec.Struct, frozen=True):
    """The open gaps as they were `gathered_at`; null: not yet."""

    gathered_at: datetime | None
    gaps: list[Gap]


class Filling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a gap is filled: by `article` (public id), or by a new draft where it is None; `words` become phrasings."""

    words: list[str]
    article: str | None = None


class Filled(msgspec.Struct, frozen=True):
    """The article that got the questions, by public id; those that could not be given to it.

    `elsewhere` ask for another article already; `unusable` are no phrasings.
    """

    article: str
    elsewhere: list[wording.Elsewhere]
    unusable: list[str]


async def sweep(db: Database) -> int:
    """Give every new question to the gap it is like, or let it begin one; how many those were.

    Read, compare in a thread, write: thousands of comparisons hold up nobody, and what is written is held for a moment.
    """
    async with db.transaction() as tx:
        await questions.forget(tx)
    async with db.transaction() as tx:
        sought = await tx.one(
            f"""
            select at, fully_at is null or fully_at <= app_now() - interval '{_FULLY_EVERY}' as is_full
            from gap_gathered
            """
        )
        new, are_all = await questions.new(tx, questions.ALL if sought["is_full"] else questions.LATE)
        known = await _open_words(tx) if new else []
    placed = await asyncio.to_thread(_placed, new, known) if new else {}
    async with db.transaction() as tx:
        fully = ", fully_at = app_now()" if sought["is_full"] and are_all else ""
        is_first = await tx.run(
            f"update gap_gathered set at = app_now(){fully} where at is not distinct from %s", (sought["at"],)
        )
        if not is_first:  # another process gathered the same meanwhile
            return 0
        await _put(tx, placed)
    return len(new)


def _placed(new: Sequence[dict[str, Any]], known: Sequence[tuple[int, str]]) -> dict[int, list[dict[str, Any]]]:
    """To which gap each question goes: one of those `known` with their words, a new one (-1, -2 …), or aside (0)."""
    asked = [noise.is_question(row["words"], row["asked_at"]) for row in new]
    groups = iter(likeness.grouped(known, [row["words"] for row, is_asked in zip(new, asked, strict=True) if is_asked]))
    placed: dict[int, list[dict[str, Any]]] = {}
    for row, is_asked in zip(new, asked, strict=True):
        placed.setdefault(next(groups) if is_asked else _ASIDE, []).append(row)
    return placed


async def _put(tx: Tx, placed: dict[int, list[dict[str, Any]]]) -> None:
    """Write the questions down; those of a gap that was decided meanwhile begin a new one."""
    rows = await tx.all(
        "select id from gap where id = any (%s) and status = 'open' order by id for share", (list(placed),)
    )
    gaps = {row["id"]: row["id"] for row in rows}
    if _ASIDE in placed:
        gaps[_ASIDE] = await _aside(tx)
    for gap in placed.keys() - gaps:
        gaps[gap] = await tx.value("insert into gap (public_id) values (%s) returning id", (ids.public_id(),))
    lines = [
        {**row, "gap_id": gaps[gap], "folded": folded(row["words"])} for gap, those in placed.items() for row in those
    ]
    given = ", ".join(f"%({name})s::{kind}[]" for name, kind in _COLUMNS.items())
    await tx.run(
        f"insert into gap_question ({', '.join(_COLUMNS)}) select * from unnest({given}) on conflict do nothing",
        {name: [line[name] for line in lines] for name in _COLUMNS},
    )


async def _aside(tx: Tx) -> int:
    """The one gap that nobody has to decide: what is no question stands there, so it is not looked at again."""
    await tx.run(
        "insert into gap (public_id, status, decided_at) values ('aside', 'dismissed', app_now())"
        " on conflict (public_id) do nothing"
    )
    gap_id: int = await tx.value("select id from gap where public_id = 'aside'")
    return gap_id


async def _open_words(tx: Tx) -> list[tuple[int, str]]:
    """What was asked last in each open gap; the newest last."""
    rows = await tx.all(
        f"""
        select g.id, q.words from (
            select id from gap where status = 'open' order by id desc limit {_MOST_OPEN}
        ) g cross join lateral (
            select words, asked_at from gap_question where gap_id = g.id
            order by asked_at desc limit {likeness.MOST}
        ) q order by q.asked_at, g.id
        """
    )
    return [(row["id"], row["words"]) for row in rows]


async def waiting(tx: Tx) -> int:
    """How many gaps are open; one whose questions are gone is none."""
    n: int = await tx.value(
        "select count(*)::int from gap g where status = 'open'"
        " and exists (select from gap_question q where q.gap_id = g.id)"
    )
    return n


async def gathered(tx: Tx) -> Gaps:
    """What there is, and how fresh it is."""
    return Gaps(await tx.value("select at from gap_gathered"), await open_gaps(tx))


async def open_gaps(tx: Tx) -> list[Gap]:
    """The open gaps, the most asked first, then the newest."""
    rows = await tx.all(
        f"""
        select g.public_id as id, count(distinct {_ASKER})::int as n,
            count(distinct {_ASKER}) filter (where q.kind = 'wrong')::int as wrong,
            min(q.asked_at) as since, max(q.asked_at) as latest, (
                select jsonb_agg(x order by x.asked_at desc) from (
                    select q.source, c.public_id as conversation, q.question_seq as seq, q.kind, q.locale, q.words,
                        count(*) as n, max(q.asked_at) as asked_at, ({_WRONG}) as wrong, ({_FINAL}) as answer
                    from gap_question q left join conversation c on c.id = q.conversation_id
                    where q.gap_id = g.id
                    group by q.source, q.conversation_id, c.public_id, q.question_seq, q.kind, q.locale, q.words,
                        q.article
                    order by asked_at desc limit 20
                ) x) as questions
        from gap g join gap_question q on q.gap_id = g.id
        where g.status = 'open' group by g.id order by n desc, latest desc limit {_MOST_SHOWN}
        """,
        {"salutation": SALUTATION},
    )
    return [msgspec.convert(row, Gap) for row in rows]


async def told(tx: Tx, public_id: str, words: Sequence[str]) -> tuple[list[str], list[str], Locale]:
    """Of these questions of a gap: the words, what agents answered, and the language; raises NotFound, GapDecided."""
    chosen = _chosen(await _questions(tx, await _undecided(tx, public_id)), words)
    answers = [one["answer"] for one in chosen if one["answer"]]
    return [one["words"] for one in chosen], answers, chosen[0]["locale"]


async def fill(tx: Tx, by: Agent, public_id: str, filling: Filling, text: Text | None = None) -> Filled:
    """Give a gap's questions to an article, or to a new draft, of this `text` or else of an answer.

    Raises NotFound, GapDecided, Invalid, NothingAdded, and what `wording.add` and `editing.create` raise.
    """
    gap_id = await _undecided(tx, public_id)
    chosen = _chosen(await _questions(tx, gap_id), filling.words)
    article = filling.article or await _drafted(tx, by, chosen, text)
    elsewhere, unusable = await _worded(tx, by, article, chosen)
    if len(elsewhere) + len(unusable) == len(chosen):
        if elsewhere:
            raise NothingAdded(articles="、".join(dict.fromkeys(one.title for one in elsewhere)))
        raise Invalid(field="words", reason="unusable")
    found = await reading.find(tx, article)
    await _decide(tx, by, gap_id, "filled", found.id)
    told = {"title": found.title, "questions": len(chosen) - len(elsewhere) - len(unusable)}
    await audit.record(tx, by, "gap.filled", found.key, after=told)
    return Filled(article, elsewhere, unusable)


async def _worded(
    tx: Tx, by: Agent, article: str, chosen: Sequence[dict[str, Any]]
) -> tuple[list[wording.Elsewhere], list[str]]:
    """Let them ask for the article; those that ask for another already, and those that cannot."""
    elsewhere: list[wording.Elsewhere] = []
    unusable: list[str] = []
    together: dict[tuple[Locale, bool], list[dict[str, Any]]] = {}
    for one in chosen:
        together.setdefault((one["locale"], one["conversation_id"] is not None), []).append(one)
    for (locale, was_said), those in together.items():
        lines = [one["words"][:LONGEST] for one in those]
        source: wording.Source = "conversation" if was_said else "written"
        said_in = those[0]["conversation_id"]
        added = await wording.add(tx, by, article, locale, lines, source=source, conversation_id=said_in)
        elsewhere += added.elsewhere
        unusable += added.unusable
    return elsewhere, unusable


async def dismiss(tx: Tx, by: Agent, public_id: str) -> None:
    """Not for the knowledge; raises NotFound, GapDecided."""
    gap_id = await _undecided(tx, public_id)
    asked = await _questions(tx, gap_id)
    if not asked:  # taken back since somebody looked
        raise NotFound
    await _decide(tx, by, gap_id, "dismissed", None)
    await audit.record(tx, by, "gap.dismissed", public_id, after={"words": asked[0]["words"][:_LONGEST_TITLE]})


def _chosen(asked: Sequence[dict[str, Any]], words: Sequence[str]) -> list[dict[str, Any]]:
    """Those questions that were chosen, each once; raises Invalid when none was."""
    known: dict[str, dict[str, Any]] = {}
    for one in asked:  # where somebody answered, where it was said
        fold = folded(one["words"])
        if fold not in known or _worth(one) > _worth(known[fold]):
            known[fold] = one
    chosen = [known[fold] for fold in dict.fromkeys(map(folded, words)) if fold in known]
    if not chosen:
        raise Invalid(field="words", reason="empty")
    return chosen


def _worth(question: dict[str, Any]) -> tuple[bool, bool]:
    return bool(question["answer"]), question["conversation_id"] is not None


async def _drafted(tx: Tx, by: Agent, chosen: Sequence[dict[str, Any]], text: Text | None) -> str:
    """A draft; without a text its title is a question, and its body what an agent answered."""
    locale: Locale = chosen[0]["locale"]
    title = min((one["words"] for one in chosen), key=lambda words: (len(words) < 4, len(words)))
    answers = [one["answer"] for one in chosen if one["answer"]]
    said = Text(title=title.strip()[:_LONGEST_TITLE], body=max(answers, key=len, default="")[:_LONGEST_BODY])
    made = await editing.create(tx, by, ArticleDraft(texts={locale: text or said}))
    return made.public_id


async def _undecided(tx: Tx, public_id: str) -> int:
    row = await tx.first("select id, status from gap where public_id = %s for update", (public_id,))
    if row is None:
        raise NotFound
    if row["status"] != "open":
        raise GapDecided(status=row["status"])
    return int(row["id"])


async def _questions(tx: Tx, gap_id: int) -> list[dict[str, Any]]:
    return await tx.all(
        f"select q.*, ({_FINAL}) as answer from gap_question q where q.gap_id = %(gap)s order by q.asked_at desc",
        {"gap": gap_id, "salutation": SALUTATION},
    )


async def _decide(tx: Tx, by: Agent, gap_id: int, status: str, article_id: int | None) -> None:
    await tx.run(
        "update gap set status = %s, article_id = %s, decided_at = app_now(), decided_by = %s where id = %s",
        (status, article_id, by.id, gap_id),
    )
