"""What a turn begins with: what the customer said since the last answer, and how the talk stands.

Does not: decide or write anything (`thinking`, `answering`).
"""

from __future__ import annotations

import msgspec

from mashang import codes
from mashang.bot import hearing, matters, several, turns
from mashang.bot.deciding import Standing
from mashang.bot.hearing import Message, Said
from mashang.codes import Topic
from mashang.conversations import conversation as conversations
from mashang.conversations.choosing import HELPFUL, NOT_HELPFUL
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import AssistantPart, Choice
from mashang.kit import language
from mashang.kit.db import Tx
from mashang.routing import assistance
from mashang.routing.assistance import Assistance
from mashang.shops import context
from mashang.staff import assistant
from mashang.staff.assistant import Assistant as Settings


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """What a turn begins with; `question`: the last in words, of several the one that was pressed; `first`: the topic
    whose answer is due; `begins`: nothing was said yet of an order or a topic; `entered`: the topic whose code is all
    that was said.

    `locale`: the language the customer last wrote in, which is answered; the page and its names keep their own.
    `came_before`: the assistant wrote something after all that was said.  `offered`: what it said last before that.
    `its_own`: the articles that lead to the playbook that runs.
    """

    conversation: Conversation
    locale: str
    known: Assistance
    settings: Settings
    said: Said
    standing: Standing
    question: str
    first: Topic | None
    entered: Topic | None = None
    begins: bool = False
    came_before: bool = False
    offered: AssistantPart | None = None
    its_own: frozenset[str] = frozenset()


_LONGEST_PICK = 100  # characters of a label, typed
_LAST_WORDS = 30  # of the customer's entries, among which a sentence tells the language

# What is to be answered, of assistance `a` and conversation `c`.
# Once it is out it hears nothing but whether an answer helped: who has theirs need not wait any longer.
DUE = """
    c.status <> 'closed'
    and (c.status = 'assisted' and a.state = 'serving' or c.status = 'waiting' and a.state <> 'serving') and (
        a.answers_first and a.state = 'serving' or exists (
            select from entry e where e.conversation_id = c.id and e.seq > a.heard_seq and e.author = 'customer'
                and e.kind <> 'event'
                and (a.state <> 'out' or e.data -> 'choice' ->> 'id' in ('helpful', 'not_helpful'))))
"""


async def look(tx: Tx, conversation_id: int) -> Scene | None:
    """What is to be answered there; None when there is nothing."""
    due = await tx.value(
        f"select 1 from assistance a join conversation c on c.id = a.conversation_id where c.id = %s and {DUE}",
        (conversation_id,),
    )
    known = await assistance.of(tx, conversation_id) if due else None
    if known is None:
        return None
    conversation = await conversations.by_id(tx, conversation_id)
    settings = await assistant.settings(tx)
    beside = conversation.status == "waiting"
    past = await turns.so_far(tx, known)
    topic = (await codes.index(tx)).by_code.get(conversation.topic_code or "")
    said = judged = await _said(tx, known)
    begins = known.answers_first and not (topic and topic.answers_with)
    is_silent = not (said.text or said.choices or said.has_file)
    entered = None if beside or said.choices or said.has_file else await _entered(tx, said.text, known)
    is_new = entered is not None and entered.code != conversation.topic_code
    first = entered if is_new else topic if known.answers_first else None
    if begins and is_silent and settings.is_on and await context.is_awaited(tx, conversation_id):
        return None  # what may be wanted of the order depends on what it is
    is_upset = hearing.is_upset(said.text, settings.risk_words, settings.ignored_words)  # that is more than a judgement
    came_before = said.seq < past["last_seq"]  # and is said of what was read by then
    after_an_answer = past["last_move"] == "answer" and known.shown and known.run is None
    if after_an_answer and not (beside or is_upset or came_before):
        judged = hearing.judging(said, known.shown[-1]["seq"])
    # Words that stand for a button are no question.
    until = known.heard_seq if judged is not said else said.seq - 1 if said.typed else None
    words = await _last_words(tx, conversation_id)
    spoken = next((one for _, text in words if (one := language.spoken(text))), conversation.locale)
    return Scene(
        conversation=conversation,
        locale=spoken,
        known=known,
        settings=settings,
        said=judged,
        standing=Standing(
            is_on=settings.is_on,
            beside=beside,
            misses=known.misses,
            shown=frozenset(one["id"] for one in known.shown),
            seen=frozenset(past["seen"]),
            last_move=past["last_move"],
            came_before=came_before,
            refusals=past["refusals"],
            procedure_only=bool(known.shown) and bool(known.shown[-1].get("procedure_only")),
            runs=known.run is not None,
            near=known.state == "out" or (beside and await assistance.is_near(tx, conversation_id)),
            risk_words=tuple(settings.risk_words),
            ignored_words=tuple(settings.ignored_words),
        ),
        question=await _asked_for(tx, known, judged.pressed)
        or next((text for seq, text in words if until is None or seq <= until), ""),
        first=first if first and first.answers_with else None,
        entered=entered,
        begins=(begins and is_silent) or (is_new and not (past["last_move"] or known.run or known.shown)),
        came_before=known.run is not None and await _wrote_after(tx, conversation_id, said.seq),
        offered=(await _offered(tx, known, said.seq))[1],
        its_own=await matters.leading_to(tx, known.run["playbook"]) if known.run else frozenset(),
    )


async def _asked_for(tx: Tx, known: Assistance, pressed: Choice | None) -> str:
    """The question among several that the button answers, or judges the answer of."""
    if pressed is None:
        return ""
    if pressed.id in (HELPFUL, NOT_HELPFUL):
        return await several.judged_for(tx, known, pressed.seq)
    return await several.pressed_for(tx, known, pressed.id)


async def _entered(tx: Tx, text: str, known: Assistance) -> Topic | None:
    """The topic whose code is all that was said; an order's code may be what a playbook asked for."""
    return None if known.run and codes.is_minted(text) else await codes.entered(tx, text)


async def _said(tx: Tx, known: Assistance) -> Said:
    rows = await tx.all(
        """
        select seq, text, kind = 'file' as is_file, data -> 'choice' as choice from entry
        where conversation_id = %s and author = 'customer' and kind <> 'event' and (seq > %s or data ? 'choice')
        order by seq
        """,
        (known.conversation_id, known.heard_seq),
    )
    messages = [
        Message(
            seq=row["seq"],
            text=row["text"],
            is_file=row["is_file"],
            choice=msgspec.convert(row["choice"], Choice) if row["choice"] else None,
        )
        for row in rows
    ]
    before = [one.choice for one in messages if one.seq <= known.heard_seq and one.choice]
    fresh = [one for one in messages if one.seq > known.heard_seq]
    if known.state == "out":
        fresh = [one for one in fresh if one.choice and one.choice.id in (HELPFUL, NOT_HELPFUL)]
    typed = await _typed(tx, known, fresh[-1]) if fresh else None
    if typed:
        fresh[-1] = msgspec.structs.replace(fresh[-1], choice=typed)
    return msgspec.structs.replace(hearing.gathered(fresh, before), typed=typed)


async def _typed(tx: Tx, known: Assistance, last: Message) -> Choice | None:
    """The button that these words name, where the assistant offered some last before them."""
    if last.choice or last.is_file or not 0 < len(last.text) <= _LONGEST_PICK:
        return None
    seq, part = await _offered(tx, known, last.seq)
    if part is None:
        return None
    option = hearing.picked(last.text, part) or await several.first_of_all(tx, known, last.text, part)
    if option is None and part.kind == "answer" and part.options and hearing.wants_ones_own(last.text):
        option = part.options[0].id  # “check mine”, beside an answer that tells how it is for everybody
    return Choice(seq, option) if option else None


async def _offered(tx: Tx, known: Assistance, before: int) -> tuple[int, AssistantPart | None]:
    """What the assistant said last of this matter, before this entry."""
    asked = await tx.first(
        """
        select seq, data -> 'assistant' as part from entry
        where conversation_id = %s and seq > %s and seq < %s and author = 'assistant' and kind <> 'event'
        order by seq desc limit 1
        """,
        (known.conversation_id, known.after_seq, before),
    )
    return (asked["seq"], msgspec.convert(asked["part"], AssistantPart)) if asked and asked["part"] else (0, None)


async def _wrote_after(tx: Tx, conversation_id: int, seq: int) -> bool:
    later = "select 1 from entry where conversation_id = %s and seq > %s and author = 'assistant' limit 1"
    return bool(await tx.value(later, (conversation_id, seq)))


async def _last_words(tx: Tx, conversation_id: int) -> list[tuple[int, str]]:
    """What the customer wrote, the last first, buttons left out."""
    rows = await tx.all(
        "select seq, text from entry where conversation_id = %s and author = 'customer' and kind = 'text'"
        " and text <> '' and not coalesce(data ? 'choice', false) order by seq desc limit %s",
        (conversation_id, _LAST_WORDS),
    )
    return [(row["seq"], row["text"]) for row in rows]
