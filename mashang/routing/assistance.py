"""How far the assistant is with a conversation: the only writer of `assistance`.

It *serves* what nobody else does; it stands *beside* somebody who waits for a person, and may offer what it knows; it
is *out* of everything else, and stays out until somebody of the staff calls it.  What it learned for whoever takes
over lies here too, so that any way of handing over can tell it, be it a customer's press, an agent's or a failure.

All of it is of one matter: who is back later than `SAME_MATTER` comes with another one (`begin_anew`).

Whether it may write is said by the conversation's status as well (`docs/decisions/0028`): a row that was forgotten
lets it write nowhere.

Does not: find, decide or say anything (`bot`), or move a conversation (`handing_over`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.kit.db import Json, Tx
from mashang.routing import trace
from mashang.routing.roster import HERE

Reason = Literal[
    "asked",
    "misunderstood",
    "not_helpful",
    "upset",
    "policy",
    "failure",
    "playbook",
    "taken",
    "transferred",
    "returned",
]
_BY_WORDS = ("misunderstood", "upset")  # what was said last tells why
SAME_MATTER = timedelta(hours=72)  # who is back within this time was not helped

_ABOUT = "about"  # the name of that fact
_BECAUSE = "because"  # what a playbook says of the hand-over it ends with; the next has its own
_UNHEARD = "unheard"  # numbers of entries; what was taken back since is told no more
_MOST_UNHEARD = 3
EARLIER = "earlier"  # what playbooks before this one looked up and tried
_QUESTIONS = "questions"  # asked beside others, and not come to yet
_ANSWERED = "answered"  # of these, what has its answer
_MOST_QUESTIONS = 8
OFFERED = "offered"  # what was to be chosen from, newest last, and was not
_MATTERS = "matters"  # where playbooks walked several, or of several orders
_OUR_OWN = (_ABOUT, "filled", EARLIER, _QUESTIONS, _ANSWERED)  # for us, not for a reader: they stand in the others

State = Literal["serving", "beside", "out"]


class Assistance(msgspec.Struct, frozen=True, kw_only=True):
    """One row; `shown` are the articles whose words it showed, `facts` what it found out.

    `after_seq`: the entry after which the matter began, 0 of the first.
    """

    conversation_id: int
    state: State
    heard_seq: int
    misses: int
    answers_first: bool
    shown: list[dict[str, Any]]
    facts: dict[str, Any]
    run: dict[str, Any] | None
    began_at: datetime
    after_seq: int


class About(msgspec.Struct, frozen=True):
    """Whose matter the article is that answered: topic codes, and public ids of departments, which come first."""

    codes: list[str] = []
    departments: list[str] = []


class OpenQuestion(msgspec.Struct, frozen=True):
    """One of several questions, in the customer's words; `article` by its public id is sure to answer it, if any is."""

    said: str
    article: str = ""


class Lease(msgspec.Struct, frozen=True):
    """The right to ask a model for a turn: `ours`, `taken` by another process, or `lost` with one."""

    whose: Literal["ours", "taken", "lost"]
    until: datetime | None = None


_COLUMNS = ", ".join(Assistance.__struct_fields__)


async def is_ready(tx: Tx) -> bool:
    """Is the assistant on, and is there anything it could answer with?"""
    ready: bool = await tx.value(
        "select is_on and exists (select from article where status = 'published') from assistant"
    )
    return ready


async def of(tx: Tx, conversation_id: int) -> Assistance | None:
    """How far it is with this conversation; None where it never was."""
    return await tx.first(
        f"select {_COLUMNS} from assistance where conversation_id = %s", (conversation_id,), into=Assistance
    )


async def about(tx: Tx, conversation_id: int) -> About:
    """What it understood the conversation to be about; nothing where it understood nothing."""
    known = await of(tx, conversation_id)
    return msgspec.convert(known.facts.get(_ABOUT, {}) if known else {}, About)


async def note_about(tx: Tx, conversation_id: int, matter: About) -> None:
    """Write down what it is about now; nothing: that is open again.  The caller holds the conversation's row."""
    known = await of(tx, conversation_id)
    if known:
        await note(tx, conversation_id, facts={**known.facts, _ABOUT: msgspec.to_builtins(matter)})


async def note_unheard(tx: Tx, conversation_id: int, entries: range) -> None:
    """Remember what the customer wrote in these entries as words that nothing answers: whoever takes over does.

    What came after them has its own turn.  The caller holds the conversation's row.
    """
    known = await of(tx, conversation_id)
    seqs = await tx.value(
        "select array_agg(seq order by seq) from entry where conversation_id = %s and seq between %s and %s"
        " and author = 'customer' and kind = 'text' and not coalesce(data ? 'choice', false)",
        (conversation_id, entries.start, entries.stop - 1),
    )
    if known and seqs:
        unheard = [*known.facts.get(_UNHEARD, []), *seqs][-_MOST_UNHEARD:]
        await note(tx, conversation_id, facts={**known.facts, _UNHEARD: unheard})


def open_questions(known: Assistance) -> list[OpenQuestion]:
    """What was asked beside what has its answer."""
    return msgspec.convert(known.facts.get(_QUESTIONS, []), list[OpenQuestion])


def answered_questions(known: Assistance) -> list[OpenQuestion]:
    """Those of several that have their answer."""
    return msgspec.convert(known.facts.get(_ANSWERED, []), list[OpenQuestion])


async def note_questions(
    tx: Tx, conversation_id: int, questions: Sequence[OpenQuestion], *, answered: Sequence[OpenQuestion] = ()
) -> None:
    """These are open now, the newest last, and those have their answer.  The caller holds the conversation's row."""
    known = await of(tx, conversation_id)
    now = list(questions[-_MOST_QUESTIONS:])
    if known and (answered or now != open_questions(known)):
        told = [*answered_questions(known), *answered][-_MOST_QUESTIONS:]
        noted = {_QUESTIONS: msgspec.to_builtins(now), _ANSWERED: msgspec.to_builtins(told)}
        await note(tx, conversation_id, facts={**known.facts, **noted})


async def came_at(tx: Tx, conversation: Conversation) -> datetime:
    """When the customer came with this matter: opened it, or was back with another one."""
    known = await of(tx, conversation.id)
    return known.began_at if known else conversation.opened_at


async def served_last(tx: Tx, conversation: Conversation) -> bool:
    """Was it closed while the assistant served it?"""
    known = await of(tx, conversation.id)
    return known is not None and known.state == "serving" and conversation.agent_id is None


async def begin_anew(tx: Tx, conversation: Conversation) -> None:
    """What is said from now on is another matter, of which nothing is known, and nobody waits longer than for it.

    `conversation` as it was closed; the caller holds its row.
    """
    await tx.run(
        """
        insert into past_matter (
            conversation_id, after_seq, until_seq, began_at, closed_at, by_person, topic_code, order_number)
        select a.conversation_id, a.after_seq, %(head)s, a.began_at, %(closed)s,
            a.handed_over_at is not null or coalesce(%(assigned)s >= a.began_at, false), c.topic_code, c.order_number
        from assistance a join conversation c on c.id = a.conversation_id where c.id = %(id)s
        """,
        {
            "id": conversation.id,
            "head": conversation.head,
            "closed": conversation.closed_at,
            "assigned": conversation.assigned_at,
        },
    )
    await tx.run(
        """
        update assistance set state = case state when 'serving' then 'out' else state end, after_seq = %(head)s,
            heard_seq = greatest(heard_seq, %(head)s), began_at = app_now(), misses = 0, answers_first = false,
            shown = '[]', facts = '{}', run = null, asked_until = null, handed_over_at = null, reason = null
        where conversation_id = %(id)s
        """,
        {"head": conversation.head, "id": conversation.id},
    )


async def serve(tx: Tx, conversation_id: int, *, answers_first: bool = False, heard_seq: int = 0) -> None:
    """It serves from now on; what was said up to `heard_seq` has its answer.  The caller holds the row."""
    await tx.run(
        """
        insert into assistance as a (conversation_id, state, answers_first, heard_seq, began_at)
        select c.id, 'serving', %(first)s, %(heard)s, c.opened_at from conversation c where c.id = %(id)s
        on conflict (conversation_id) do update set state = 'serving', misses = 0, run = null, asked_until = null,
            answers_first = excluded.answers_first, heard_seq = greatest(a.heard_seq, excluded.heard_seq),
            facts = a.facts - %(over)s::text[]
        """,
        {
            "id": conversation_id,
            "first": answers_first,
            "heard": heard_seq,
            "over": [_BECAUSE, _UNHEARD, _QUESTIONS, _ANSWERED, _MATTERS, OFFERED],
        },
    )


async def stand_beside(tx: Tx, conversation_id: int) -> None:
    """Its customer waits for a person; it may offer something once.  The caller holds the row."""
    await tx.run(
        "insert into assistance (conversation_id, state, began_at)"
        " select id, 'beside', opened_at from conversation where id = %s on conflict do nothing",
        (conversation_id,),
    )


async def stand_back(tx: Tx, conversation: Conversation) -> None:
    """Somebody of the staff answers whom it stood beside: it is out, and tells what it found out or showed meanwhile.

    The caller holds the conversation's row.
    """
    known = await of(tx, conversation.id)
    stood = await tx.run(
        "update assistance set state = 'out', run = null, reason = 'taken'"
        " where conversation_id = %s and state <> 'serving' and reason is null",
        (conversation.id,),
    )
    if stood and known and (known.shown or known.facts.get("looked_up") or known.facts.get("tried")):
        await _tell(tx, conversation, known, "taken")


async def note(tx: Tx, conversation_id: int, **changes: Any) -> None:
    """Write down how far it is.  The caller holds the conversation's row."""
    kept_as_json = ("shown", "facts", "run")
    values = {
        name: Json(value) if name in kept_as_json and value is not None else value for name, value in changes.items()
    }
    await tx.run(
        f"update assistance set {', '.join(f'{name} = %({name})s' for name in values)} where conversation_id = %(id)s",
        {**values, "id": conversation_id},
    )


async def ask(tx: Tx, conversation_id: int, span: timedelta) -> Lease:
    """For the turn that is due: may this process ask the model, which takes `span` at most?

    The caller holds the conversation's row, and has looked whether the turn is still due.  `note` gives it back with
    the answer; for who died with it nobody else asks, so that no turn is paid for twice.
    """
    until = await tx.value(
        "update assistance set asked_until = app_now() + %s where conversation_id = %s and asked_until is null"
        " returning asked_until",
        (span, conversation_id),
    )
    if until:
        return Lease("ours", until)
    over = await tx.value(
        "select asked_until <= app_now() from assistance where conversation_id = %s", (conversation_id,)
    )
    return Lease("lost" if over else "taken")


async def give_back(tx: Tx, conversation_id: int, lease: Lease) -> None:
    """What the model was asked for is due no more, or anew."""
    await tx.run(
        "update assistance set asked_until = null where conversation_id = %s and asked_until = %s",
        (conversation_id, lease.until),
    )


async def is_near(tx: Tx, conversation_id: int) -> bool:
    """Does somebody answer who waits here at once, as things are: asked already, or with a hand for them?"""
    near: bool = await tx.value(
        f"""
        select exists (select from offer o where o.conversation_id = q.conversation_id and o.answered_at is null) or (
            select coalesce(sum(greatest(a.capacity
                - (select count(*) from conversation c
                    where c.agent_id = a.id and c.status = 'active' and c.snoozed_at is null)
                - (select count(*) from offer o where o.agent_id = a.id and o.answered_at is null), 0)), 0)
            from agent a join membership m on m.agent_id = a.id and m.department_id = q.department_id
            where {HERE}
        ) > (
            select count(*) from queue_place p where p.department_id = q.department_id
                and (p.order_at, p.conversation_id) < (q.order_at, q.conversation_id)
        )
        from queue_place q where q.conversation_id = %(id)s
        """,
        {"id": conversation_id, "now": await tx.value("select app_now()")},
    )
    return bool(near)


async def leave(tx: Tx, conversation: Conversation, reason: Reason) -> None:
    """It is out, and tells whoever answers now what there is to know.  The caller holds the conversation's row."""
    known = await of(tx, conversation.id)
    began = known.after_seq if known else 0
    before = await tx.all(
        "select reason, because from hand_over where conversation_id = %s and after_seq = %s order by seq",
        (conversation.id, began),
    )
    seq = await _tell(tx, conversation, known, reason, before=[_without_nothing(one) for one in before])
    because = known.facts.get(_BECAUSE) if known else None
    await tx.run(
        "insert into hand_over (conversation_id, seq, reason, because, after_seq) values (%s, %s, %s, %s, %s)",
        (conversation.id, seq, reason, Json(because) if because else None, began),
    )
    await tx.run(
        "update assistance set state = 'out', run = null, handed_over_at = app_now(), reason = %s"
        " where conversation_id = %s",
        (reason, conversation.id),
    )
    await trace.leave(tx, conversation.id, f"handed_over_{reason}")


async def _tell(tx: Tx, conversation: Conversation, known: Assistance | None, reason: Reason, **more: Any) -> int:
    """The number of the entry that tells it."""
    told = {**(known.facts if known else {}), "shown": known.shown if known else [], "reason": reason, **more}
    said = await tx.all(
        "select text from entry where conversation_id = %s and seq > %s and author = 'customer' and kind = 'text'"
        " and text <> '' and not coalesce(data ? 'choice', false) order by seq",
        (conversation.id, known.after_seq if known else 0),
    )
    if said:
        told["said"] = said[0]["text"]
    if reason in _BY_WORDS and len(said) > 1:
        told["last"] = said[-1]["text"]
    told[_UNHEARD] = await _unanswered(tx, known) if known else []
    if conversation.topic_code:
        topic = await tx.first("select code, name, name_en from topic where code = %s", (conversation.topic_code,))
        told["topic"] = topic or {"code": conversation.topic_code, "name": "", "name_en": ""}
    told = {name: fact for name, fact in _without_nothing(told).items() if name not in _OUR_OWN}
    event = timeline.event(conversation.id, "handed_over", staff_only=True, **told)
    return (await timeline.append(tx, event)).seq


async def _unanswered(tx: Tx, known: Assistance) -> list[str]:
    """Words that nothing answered, then questions that nobody came to; without what was taken back."""
    words = await tx.all(
        "select text from entry where conversation_id = %s and seq = any (%s) and kind = 'text' order by seq",
        (known.conversation_id, known.facts.get(_UNHEARD, [])),
    )
    questions = await tx.all(
        """
        select q.text from unnest(%s::text[]) with ordinality as q (text, n) where exists (
            select from entry e where e.conversation_id = %s and e.seq > %s and e.author = 'customer'
                and e.kind = 'text' and position(q.text in e.text) > 0)
        order by q.n
        """,
        ([one.said for one in open_questions(known)], known.conversation_id, known.after_seq),
    )
    return list(dict.fromkeys(row["text"] for row in (*words, *questions)))


def _without_nothing(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if fact}
