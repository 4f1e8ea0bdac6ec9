"""One turn of the assistant: what was said since the last answer is read, thought about, and answered once.

Reading and answering are two transactions and thinking lies between them, so nobody waits for a finder while a row
is held.  The second looks again: what was answered meanwhile, by another process or because a person took over, is
not answered twice.  Whatever dies in between leaves nothing behind, and the sweep begins again.

A model is asked by one process: it takes a lease that lasts as long as a model may take, and gives it back with the
answer.  Meanwhile the turn is that process's; when the lease runs out, the turn goes on without a model.

Whatever fails in it leads to a person, and is said as that.

Does not: decide (`deciding`), or find out whose turn it is (`attending`).
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import timedelta
from typing import Any, Protocol

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from mashang import routing
from mashang.bot import (
    deciding,
    diagnosing,
    filling,
    hearing,
    helping,
    matters,
    playing,
    statement,
    stating,
    telling,
    turns,
)
from mashang.bot.deciding import PLAYBOOK, Decision, Found
from mashang.bot.filling import Filled
from mashang.bot.hearing import LONGEST
from mashang.bot.model import Model
from mashang.bot.run import Answered
from mashang.bot.scene import Scene, look
from mashang.bot.statement import Statement
from mashang.bot.turns import Turn
from mashang.codes import declared
from mashang.conversations import choosing, timeline
from mashang.conversations import conversation as conversations
from mashang.conversations.choosing import HELPFUL, NOT_HELPFUL
from mashang.conversations.entry import Author, NewEntry
from mashang.customers import customer
from mashang.guard.masking import Rules
from mashang.kit.db import Database, Tx
from mashang.kit.log import log
from mashang.knowledge import reading
from mashang.knowledge.reading import Published
from mashang.routing import assistance
from mashang.routing.assistance import About, Lease
from mashang.staff import installation


class Knowledge(Protocol):
    """The finder of this process."""

    async def find(self, question: str, locale: str, target: float) -> Found:
        """What the knowledge says to this question, so that `target` of what is answered is right."""


Place = AbstractAsyncContextManager[Any]  # to be entered again and again
_ANYWHERE: Place = nullcontext()


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    decision: Decision
    answered: Answered | None = None  # for the playbook that runs, first of all
    found: Any = None  # what the finder said, where it was asked
    words: str | None = None  # the answer as a model worded it
    filled: Filled = filling.NONE  # what a model pointed at in the customer's words


class _AskedByAnother(Exception):
    """Another process asks the model for this turn."""


class _Leased:
    """The right to ask a model for a turn, once it is known that one would be asked."""

    def __init__(self, db: Database, scene: Scene, span: timedelta) -> None:
        self._db, self._scene, self._span = db, scene, span
        self.held: Lease | None = None

    async def may_ask(self) -> bool:
        """False: whoever asked gave nothing in time, or the turn is answered.  Raises _AskedByAnother."""
        async with self._db.transaction() as tx:
            if not await _is_still_so(tx, self._scene):
                return False
            lease = await assistance.ask(tx, self._scene.conversation.id, self._span)
        if lease.whose == "taken":
            raise _AskedByAnother
        if lease.whose == "ours":
            self.held = lease
        return lease.whose == "ours"


async def take(
    db: Database, knowledge: Knowledge, model: Model, conversation_id: int, place: Place = _ANYWHERE
) -> bool:
    """Answer what is to be answered; False when there was nothing, or another asks a model for it.

    `place` is held while it reads, finds and writes, and given up while a model is asked: whose answer needs no model
    never waits behind those whose does.
    """
    scene: Scene | None = None
    try:
        async with place:
            rules = await declared.rules(db)
            async with db.transaction() as tx:
                scene = await look(tx, conversation_id)
            if scene is None:
                return False
            plan = await _think(scene, knowledge)
        lease = _Leased(db, scene, model.patience)
        helped = await helping.by_model(db, model, scene, plan.decision, rules, may_ask=lease.may_ask)
        plan = msgspec.structs.replace(plan, words=helped.words, filled=helped.filled)
        async with place, db.transaction() as tx:
            if await _is_still_so(tx, scene):
                await _answer(tx, scene, plan, rules)
            elif lease.held:
                await assistance.give_back(tx, conversation_id, lease.held)
    except _AskedByAnother:
        return False
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout):
        raise  # the database is away: the sweep comes back
    except Exception:  # noqa: BLE001 — whatever is wrong with the assistant, its customer gets a person
        log.exception("assistant_failed", conversation=conversation_id)
        async with db.transaction() as tx:
            await (_fail(tx, scene) if scene else diagnosing.give_up(tx, conversation_id))
    return True


# ── thinking ────────────────────────────────────────────────────────────────


async def _think(scene: Scene, knowledge: Knowledge) -> _Plan:
    said, standing, locale = scene.said, scene.standing, scene.locale
    target = scene.settings.target_precision
    decision = deciding.at_once(said, standing)
    if scene.first and not (decision and decision.move == "hand_over"):
        return _Plan(decision=Decision(move="answer", why="code"))
    if scene.begins and standing.is_on and not (said.text or said.choices or said.has_file):
        return _Plan(decision=Decision(move="choices", why="matters"))
    answered = _for_the_playbook(scene) if decision is None or decision.move in ("ask", "say", "nothing") else None
    if answered and answered.option:
        return _Plan(decision=Decision(move="nothing"), answered=answered)
    if decision:
        return _Plan(decision=decision, answered=answered)
    if said.pressed:  # it did not help
        again = await knowledge.find(scene.question[:LONGEST], locale, target) if scene.question else None
        refused = msgspec.structs.replace(standing, refusals=standing.refusals + 1)
        decision = deciding.next_best(again, refused) if again else deciding.not_understood(standing)
        return _Plan(decision=decision, found=again)
    found = await knowledge.find(said.text, locale, target)
    decision = deciding.found(found, standing)
    if decision.move != "answer" and scene.offered and scene.offered.kind == "choices":
        option = hearing.picked(said.text, scene.offered, among_others=True)
        decision = (deciding.chosen(option) if option else None) or decision
    return _Plan(decision=decision, found=found, answered=answered)


def _for_the_playbook(scene: Scene) -> Answered | None:
    """What was said, as an answer to what the playbook asked."""
    said = scene.said
    if scene.known.run is None or (said.pressed and not said.pressed.id.startswith(PLAYBOOK)):
        return None
    if not (said.pressed or said.text or said.has_file):
        return None
    is_over = said.pressed is not None and said.pressed.seq <= scene.known.run.get("shown_seq", 0)
    choice = said.pressed.id if said.pressed else ""
    return playing.answered(said.text, choice, has_picture=said.has_file, is_over=is_over)


# ── answering ───────────────────────────────────────────────────────────────


async def _answer(tx: Tx, scene: Scene, plan: _Plan, rules: Rules) -> None:
    conversation_id = scene.conversation.id
    if scene.said.typed:
        entries = range(scene.said.words_from or scene.said.seq, scene.said.seq + 1)
        await choosing.mark(tx, conversation_id, entries, scene.said.typed)
    await _judge(tx, scene)
    said = await _stated(tx, scene, plan, rules)
    heard = scene.said.seq or scene.known.heard_seq
    await assistance.note(tx, conversation_id, heard_seq=heard, answers_first=False, asked_until=None)
    await _note_about(tx, scene, plan)
    scene = await _in_its_language(tx, scene)
    if await _is_for_a_playbook(tx, scene, plan, said):
        return
    decision, entry, article = await _worded(tx, scene, plan, said)
    posted = await timeline.append(tx, entry) if entry else None
    if article and posted:
        await _note_shown(tx, scene, article, posted.seq)
    if decision.move != "nothing":
        await assistance.note(tx, conversation_id, misses=decision.misses)
    if decision.move not in ("nothing", "close") and decision.why != "matters":  # nothing was asked
        kept = _turn(scene, plan, decision, posted.seq if posted else None)
        is_first = article is not None and decision.articles[:1] == (article.id,)
        await turns.keep(tx, msgspec.structs.replace(kept, version=article.version if article and is_first else None))
    if decision.move == "hand_over" and scene.standing.beside:
        await assistance.note(tx, conversation_id, state="out", run=None)
    elif decision.move == "hand_over":
        await routing.hand_over(tx, conversation_id, decision.why)  # type: ignore[arg-type]  # a reason, of this move
    elif decision.move == "close":
        await routing.close(tx, await customer.by_id(tx, scene.conversation.customer_id), conversation_id, solved=True)
    elif decision.move in ("answer", "say"):
        await diagnosing.ask_again(tx, conversation_id)


async def _in_its_language(tx: Tx, scene: Scene) -> Scene:
    """The playbook that runs goes on in the language that was spoken last."""
    run = playing.speaking(scene.known.run, scene.locale) if scene.known.run else None
    if run == scene.known.run:
        return scene
    await assistance.note(tx, scene.conversation.id, run=run)
    return msgspec.structs.replace(scene, known=msgspec.structs.replace(scene.known, run=run))


async def _is_for_a_playbook(tx: Tx, scene: Scene, plan: _Plan, said: Statement) -> bool:
    """Does a playbook go on with what was said, or begin with it?"""
    run, decision, conversation = scene.known.run, plan.decision, scene.conversation
    article = await _article(tx, scene, decision) if decision.move == "answer" else None
    # How it is for everybody is told first; of refunds and disputes only the procedure is.
    is_general = decision.why in ("found", "chosen") and diagnosing.is_general(scene.said.text or scene.question)
    walked = article.playbook if article and not article.procedure_only and not is_general else None
    if run and plan.answered:
        # Words about the matter it is about itself are an answer to its question, or none.
        is_known = decision.move in ("answer", "say") and not (walked and walked == run.get("playbook"))
        is_for_later = not is_known or walked is not None
        if plan.answered.is_words and is_for_later and run.get("waits") in diagnosing.UNDER_WAY:
            await assistance.note(tx, conversation.id, heard_seq=scene.known.heard_seq)
            return True  # heard when what was sent for has come
        if await diagnosing.hear(
            tx, conversation, run, plan.answered, said, is_known=is_known, came_before=scene.came_before
        ):
            return True
    if decision.move != "answer":
        return False
    number = _number_now(scene, said)
    if decision.why == "code" and scene.first and scene.first.answers_with == "playbook":
        return await diagnosing.begin(tx, conversation, scene.first.answer_key, said, scene.locale, number=number)
    if article is None or walked is None:
        return False
    found: dict[str, Any] = {"articles": [article.id], "number": number}
    found |= {"band": plan.found.band, "p": plan.found.p} if plan.found else {}
    return await diagnosing.begin(tx, conversation, walked, said, scene.locale, **found)


async def _note_about(tx: Tx, scene: Scene, plan: _Plan) -> None:
    """Whose matter it is follows from the article that answers; when several might, that is open again."""
    decision = plan.decision
    if decision.move == "answer" and (article := await _article(tx, scene, decision)):
        matter = About(list(article.codes), list(article.departments))
        await assistance.note_about(tx, scene.conversation.id, matter)
    elif decision.move == "choices" and decision.why == "choices":
        await assistance.note_about(tx, scene.conversation.id, About())


async def _note_shown(tx: Tx, scene: Scene, article: Published, seq: int) -> None:
    known = await assistance.of(tx, scene.conversation.id) or scene.known
    title = telling.text_of(article, scene.locale).title
    told = {"id": article.id, "title": title, "seq": seq, "procedure_only": article.procedure_only}
    await assistance.note(tx, scene.conversation.id, shown=[*known.shown, told])


async def _is_still_so(tx: Tx, scene: Scene) -> bool:
    """Has nobody answered or taken over, and no playbook gone on, since we looked?"""
    now = await conversations.lock(tx, scene.conversation.id)
    known = await assistance.of(tx, now.id)
    before = scene.known
    return (
        known is not None
        and now.status == scene.conversation.status
        and (known.state, known.heard_seq, known.answers_first, known.run)
        == (before.state, before.heard_seq, before.answers_first, before.run)
    )


async def _judge(tx: Tx, scene: Scene) -> None:
    """What the customer says of earlier answers counts, whatever follows."""
    shown = list(scene.known.shown)
    for choice in scene.said.choices:
        if choice.id not in (HELPFUL, NOT_HELPFUL):
            continue
        about = next((one for one in shown if one["seq"] == choice.seq), None)
        await turns.judge(
            tx, scene.conversation.id, choice.seq, "helpful" if choice.id == HELPFUL else "not_helpful",
            about["id"] if about else None,
        )  # fmt: skip
        shown = [{**one, "verdict": choice.id} if one is about else one for one in shown]
    if shown != scene.known.shown:
        await assistance.note(tx, scene.conversation.id, shown=shown)


async def _stated(tx: Tx, scene: Scene, plan: _Plan, rules: Rules) -> Statement:
    """Time, action and result as far as they were said; kept for whoever takes over."""
    facts = scene.known.facts
    told, filled = (await stating.told(tx, scene.conversation.id, rules)).with_filled(
        stating.pointed_at(facts), plan.filled
    )
    order = facts.get("order") or {}
    if (number := _number_now(scene, told)) and number != order.get("order.number"):
        order, facts = {}, {name: fact for name, fact in facts.items() if name != "order"}
    known = statement.with_found(told, order, await installation.zone(tx))
    if not known.is_empty:
        facts = {**facts, "statement": statement.in_both(known), "filled": msgspec.to_builtins(filled)}
        await assistance.note(tx, scene.conversation.id, facts=facts)
    return told


def _number_now(scene: Scene, said: Statement) -> str | None:
    """The order's number in what the customer asks now, not in what was said before."""
    number = said.order_number
    return number.value if number and number.said and number.said in f"{scene.said.text}\n{scene.question}" else None


async def _worded(
    tx: Tx, scene: Scene, plan: _Plan, said: Statement
) -> tuple[Decision, NewEntry | None, Published | None]:
    """What is written; and, where an article has gone meanwhile, what is done instead."""
    author = Author("assistant", name=scene.settings.called(scene.conversation.locale))
    voice, decision = telling.Voice(scene.conversation.id, author, scene.locale), plan.decision
    if decision.why == "ask_text" and scene.known.run:  # its question is asked again, and says what is needed
        decision = Decision(move="say", why="picture_aside", misses=decision.misses)
    entry: NewEntry | None = None
    article: Published | None = None
    match decision.move:
        case "answer" if decision.why == "code" and scene.first and scene.first.answers_with == "template":
            entry = telling.template(voice, scene.first.answers(scene.locale))
        case "answer" if article := await _article(tx, scene, decision):
            entry = telling.answer(
                voice, article, plan.words, None if scene.known.run else await matters.of(tx, article)
            )
        case "choices" if decision.why == "matters":
            entry = await _matters(tx, scene, voice)
            decision = decision if entry else Decision(move="nothing")
        case "choices":
            offered = [await reading.by_former_id(tx, one) for one in decision.articles]
            articles = [one for one in offered if one]
            entry = telling.choices(voice, articles, decision.why) if articles else None
        case "ask":
            part = statement.missing(said) if decision.why == "rephrase" else None
            entry = telling.ask(voice, f"missing_{part}" if part else decision.why)
        case "say":
            entry = telling.say(voice, decision.why)
    if entry is None and decision.move in ("answer", "choices"):
        decision = _without_articles(scene, decision)
    return decision, entry, article


async def _matters(tx: Tx, scene: Scene, voice: telling.Voice) -> NewEntry | None:
    """Where nothing was said yet: what it may be about, to be tapped."""
    order, topic = scene.conversation.order_number, scene.conversation.topic_code
    fitting = await matters.fitting(tx, order=order is not None, topic=topic)
    return telling.matters(voice, fitting, order) if fitting else None


def _without_articles(scene: Scene, decision: Decision) -> Decision:
    if scene.standing.beside:
        return Decision(move="nothing")
    return Decision(move="hand_over", why="failure" if decision.why == "code" else "misunderstood")


async def _article(tx: Tx, scene: Scene, decision: Decision) -> Published | None:
    if decision.why == "code":
        return await reading.by_key(tx, scene.first.answer_key) if scene.first else None
    return await reading.by_former_id(tx, decision.articles[0])


def _turn(scene: Scene, plan: _Plan, decision: Decision, seq: int | None) -> Turn:
    found: Found | None = plan.found
    return Turn(
        conversation_id=scene.conversation.id,
        question_seq=scene.said.seq,
        seq=seq,
        move=decision.move,
        why=decision.why,
        band=found.band if found else None,
        p=found.p if found else None,
        articles=list(decision.articles),
        beside=scene.standing.beside,
    )


async def _fail(tx: Tx, scene: Scene) -> None:
    """A person answers; who waits for one already is left alone."""
    conversation_id = scene.conversation.id
    await assistance.note(tx, conversation_id, heard_seq=scene.said.seq or scene.known.heard_seq, answers_first=False)
    turn = _turn(scene, _Plan(decision=Decision(move="hand_over")), Decision(move="hand_over", why="failure"), None)
    await turns.keep(tx, turn)
    if scene.standing.beside:
        await assistance.note(tx, conversation_id, state="out")
    else:
        await routing.hand_over(tx, conversation_id, "failure")
