"""A playbook in a turn: it begins in an article's place or for a code, hears the customer, and may be interrupted.

Who asks something else meanwhile is answered, and then asked again what the playbook still needs; where the other
matter has a playbook, that one is walked first.  What a playbook says is written here, be it said in a turn or after
something was brought, always under the conversation's lock.

Does not: walk or keep runs (`playing`), or decide whether a turn is for it (`answering`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

from mashang import routing
from mashang.bot import hearing, library, playing, several, statement, turns, walking, which_order
from mashang.bot.facts import Known
from mashang.bot.playbook import Playbook
from mashang.bot.playing import Told
from mashang.bot.run import Again, Answered, Happened
from mashang.bot.statement import Statement
from mashang.bot.turns import Turn
from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import Author, NewEntry
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.routing import assistance
from mashang.routing.assistance import OpenQuestion, Reason
from mashang.staff import assistant, installation

_OF_THE_ORDER = (
    "order.number", "order.placed_at", "order.paid_at", "order.total", "order.product", "order.paid_by", "order.kind",
)  # fmt: skip
UNDER_WAY = ("look_up", "act")
_MOST_MATTERS = 4
_BY_A_RUN = ("looked_up", "tried")
_REASONS: dict[str, Reason] = {"person": "asked", "misunderstood": "misunderstood"}


async def begin(
    tx: Tx,
    conversation: Conversation,
    key: str,
    said: Statement,
    locale: str,
    *,
    words: str = "",
    number: str | None,
    is_open: bool = False,
    **found: Any,
) -> bool:
    """Begin this playbook, which `found` (band, p, articles) led to, in this language; False: there is none in use.

    One that is under way is set aside, and come back to when this one has ended well.  `words`: those that begin it;
    `number`: of the order, in them; `is_open`: without one it has to be asked for.
    """
    before = await assistance.of(tx, conversation.id)
    run = before.run if before else None
    known = playing.known_of(said)
    given: dict[str, Any] = {"words": words, "number": number, "is_open": is_open}
    told = await playing.begin(tx, conversation, key, known, locale, before=run, **given)
    if told is None:
        return False
    await _keep_earlier(tx, conversation.id)
    await _note_matters(tx, conversation.id, run, told)
    await tell(tx, conversation, told, **found)
    return True


async def turn_to(tx: Tx, conversation: Conversation, run: dict[str, Any], number: str, answered: Answered) -> bool:
    """Go on with this order, which the customer named; False where the playbook needs none, or asks for one now.

    Nothing of it is told before its own look-up, which asks for the proof it needs.
    """
    if not await playing.may_turn(tx, run):
        return False
    told = await playing.turned(tx, conversation, run, number, answered)
    await _keep_earlier(tx, conversation.id)
    await _note_matters(tx, conversation.id, run, told)
    await tell(tx, conversation, told)
    return True


async def hear(
    tx: Tx,
    conversation: Conversation,
    run: dict[str, Any],
    answered: Answered,
    said: Statement,
    *,
    is_known: bool,
    is_offered: bool = False,
    came_before: range | None,
    aside: Sequence[OpenQuestion] = (),
) -> bool:
    """Go on with what the customer said; False when it is about something else, or nobody knows what it is about.

    `is_known`: an article answers it, whatever the playbook asked; `is_offered`: some may.  `came_before`: the entries
    of what was said before that was asked, so that it may answer the question and is no misunderstanding of it; whoever
    takes over reads it.  Who is asked for a number and tells instead when and how much it was has none, and is not
    asked for that again.  `aside`: what was asked beside an answer, which is kept for later where it is one.
    """
    is_of_it = hearing.of_a_proof(answered.text) is not None
    if run.get("waits") == "proof" and not came_before and not answered.option and (is_of_it or not is_known):
        if is_offered and not is_of_it:
            return False
        if told := await _beside_a_proof(tx, conversation.id, run, answered.text):
            await tell(tx, conversation, told)
            return True
    asking = await playing.asking_for_words(tx, run) if is_known or is_offered else None
    if asking and (_asks_something_else(answered.text) or (is_known and _is_another_matter(answered.text, asking))):
        return False
    told = await playing.hear(tx, run, answered)
    if told is None and (aside or not is_known):
        told = await playing.hear(tx, run, msgspec.structs.replace(answered, among_others=True))
    if told and aside and (standing := await assistance.of(tx, conversation.id)):
        await several.note(tx, standing, asked=aside, answered=None)
    if told is None and conversation.order_number and which_order.is_the_same(answered.text):
        told = await playing.hear(tx, run, msgspec.structs.replace(answered, order=conversation.order_number))
    if told is None and not is_known and not came_before and _tells_of_the_payment(answered.text, said):
        known = {**run.get("known", {}), **playing.known_of(said)}
        told = await playing.hear(tx, {**run, "known": known}, Answered(option=walking.NONE))
    if told is None and not is_known and answered.text:
        if came_before:
            await assistance.note_unheard(tx, conversation.id, came_before)
            return True
        told = await playing.miss(tx, run)
    if told is None:
        return bool(answered.option)  # a button of a question that is over
    await tell(tx, conversation, told)
    return True


async def _beside_a_proof(tx: Tx, conversation_id: int, run: dict[str, Any], text: str) -> Told | None:
    """Whoever asks how, or names the order, its matter or another one, misunderstood nothing."""
    match hearing.of_a_proof(text):
        case "refused":
            return await playing.hear(tx, run, Answered(option=walking.UNPROVED))
        case "how":
            return await playing.reminded(tx, run, lead="how_to_prove")
    said = statement.extract(text, clock.now())
    playbook = await library.in_use(tx, run["playbook"])
    its_own = statement.extract(playbook.title, clock.now()).kinds if playbook else frozenset()
    is_its_own = not said.kinds.isdisjoint(its_own)
    if said.symptom and its_own and not is_its_own:
        known = await assistance.of(tx, conversation_id)
        heard = known.heard_seq if known else 0
        await assistance.note_unheard(tx, conversation_id, range(heard, heard + 1))
        return await playing.reminded(tx, run, lead="kept")
    number = (playing.order_of(run) or "").casefold()
    names_it = number and number in unicodedata.normalize("NFKC", text).casefold()
    return await playing.reminded(tx, run) if names_it or is_its_own or hearing.is_number(text) else None


def is_general(text: str) -> bool:
    """A question that everybody may ask: an article answers it before anything of one's own is asked for."""
    return hearing.asks_in_general(text) and _tells_nothing(text)


def _asks_something_else(text: str) -> bool:
    """Small talk, or a question that tells nothing of the matter: no answer, even where any words would be one."""
    return hearing.small_talk(text) is not None or (hearing.is_question(text) and _tells_nothing(text))


def _is_another_matter(text: str, asking: Playbook) -> bool:
    """Is it announced as one, or of another kind than the playbook's?  What tells something is an answer."""
    told = statement.extract(text, clock.now())
    its_own = statement.extract(asking.title, clock.now()).kinds
    is_of_another_kind = bool(told.kinds and its_own) and told.kinds.isdisjoint(its_own)
    return told.tells_nothing_of_ones_own and (which_order.is_further(text) or is_of_another_kind)


def _tells_nothing(text: str) -> bool:
    return statement.extract(text, clock.now()).tells_nothing_of_ones_own


def _tells_of_the_payment(text: str, said: Statement) -> bool:
    return any(part is not None and part.said and part.said in text for part in (said.at, said.amount))


async def happened(tx: Tx, conversation_id: int, what: Happened) -> None:
    """Something else happened to the run of this conversation: a proof, a silence, a way back to its question."""
    conversation = await conversations.lock(tx, conversation_id)
    known = await assistance.of(tx, conversation_id)
    if known is None or known.run is None or known.state == "out" or conversation.status in ("active", "closed"):
        return
    told = await playing.hear(tx, known.run, what)
    if told is not None:
        await tell(tx, conversation, told)


async def give_up(tx: Tx, conversation_id: int) -> None:
    """Something is wrong with it: to a person, who may be waited for already."""
    conversation = await conversations.lock(tx, conversation_id)
    if conversation.status == "waiting":
        await assistance.note(tx, conversation_id, state="out", run=None)
    else:
        await routing.hand_over(tx, conversation_id, "failure")


async def ask_again(tx: Tx, conversation_id: int) -> None:
    """Back to what the playbook still needs to know."""
    await happened(tx, conversation_id, Again())


async def tell(tx: Tx, conversation: Conversation, told: Told, **found: Any) -> None:
    """Write what a playbook says, keep where it stands, and hand over where it ends so.  The caller holds the row."""
    known = await assistance.of(tx, conversation.id)
    if known is None:
        return
    who = Author("assistant", name=(await assistant.settings(tx)).called(conversation.locale))
    seq, kind = None, "say"
    for line in told.lines:
        data = {"assistant": msgspec.to_builtins(line.part)}
        entry = NewEntry(conversation_id=conversation.id, author=who, text=line.text, data=data)
        seq, kind = (await timeline.append(tx, entry)).seq, line.part.kind
    handed_over = told.ended is not None and told.ended.how == "handed_over"
    because = {"because": told.ended.reason} if told.ended and told.ended.reason else {}
    facts = {**known.facts, **_with_earlier(known.facts, told.facts), **because, **await _found(tx, known.facts, told)}
    await assistance.note(tx, conversation.id, run=told.kept, facts=facts, misses=0)
    reason = _REASONS.get(told.ended.because, "playbook") if told.ended else "playbook"
    turn = Turn(
        conversation_id=conversation.id,
        question_seq=known.heard_seq,
        seq=seq,
        move="hand_over" if handed_over else kind,
        why=reason if handed_over else "playbook",
        beside=conversation.status == "waiting",
        **found,
    )
    await turns.keep(tx, turn)
    if handed_over and conversation.status == "assisted":
        await routing.hand_over(tx, conversation.id, reason)
    elif handed_over:
        await assistance.note(tx, conversation.id, state="out")
    elif told.ended:
        conversation = await conversations.by_id(tx, conversation.id)
        if back := await playing.back(tx, conversation, told.run):
            await tell(tx, conversation, back)
        else:
            await several.offer_rest(tx, conversation, told.run.locale)


async def _note_matters(tx: Tx, conversation_id: int, before: dict[str, Any] | None, told: Told) -> None:
    """Of a matter that another one interrupts, or of two orders of one, whoever takes over reads both."""
    known = await assistance.of(tx, conversation_id)
    if known is None or before is None:
        return
    both = [await playing.matter_of(tx, one) for one in (before, msgspec.to_builtins(told.run))]
    matters = [one for one in known.facts.get("matters") or [] if one not in both]
    now = [*matters, *(one for n, one in enumerate(both) if one and one not in both[:n])]
    await assistance.note(tx, conversation_id, facts={**known.facts, "matters": now[-_MOST_MATTERS:]})


async def _keep_earlier(tx: Tx, conversation_id: int) -> None:
    """What was looked up and tried stands beside what the playbook that begins now will find."""
    known = await assistance.of(tx, conversation_id)
    if known:
        earlier = {name: known.facts.get(name) or [] for name in _BY_A_RUN}
        await assistance.note(tx, conversation_id, facts={**known.facts, assistance.EARLIER: earlier})


def _with_earlier(facts: dict[str, Any], by_this_run: dict[str, Any]) -> dict[str, Any]:
    earlier = facts.get(assistance.EARLIER) or {}
    return {
        name: [*(one for one in earlier.get(name) or [] if one not in found), *found]
        for name, found in by_this_run.items()
    }


async def _found(tx: Tx, before: dict[str, Any], told: Told) -> dict[str, Any]:
    """The order that was looked up, and the statement with what it tells: fact, before what was said of it."""
    order: Known = {name: value for name in _OF_THE_ORDER if (value := told.run.known.get(name)) is not None}
    if not order:
        return {}
    kept = statement.in_both(statement.with_found(statement.NOTHING, order, await installation.zone(tx)))
    return {"order": order, "statement": {**before.get("statement", {}), **kept}}
