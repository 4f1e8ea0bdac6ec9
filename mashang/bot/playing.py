"""Playbooks in a conversation: begun, heard, and brought what they need; the walk itself is pure.

What a run stands at lies in the conversation's `assistance`.  `begin` and `hear` belong to the transaction of a turn,
under the lock of the conversation, and touch nothing but the database.  `bring` comes after it: look up or press
outside any transaction, and say what came of it in one more.  Whoever dies between the two leaves a run that waits:
the sweep brings again, and `n` lets only the first that comes back count, so the customer has exactly one answer.

Does not: decide when a playbook begins (`turn`), write entries (`diagnosing`), or walk (`walking`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec

from mashang.bot import library, looking_up, summing_up, walking
from mashang.bot.conditions import ANSWER
from mashang.bot.facts import Known, Value
from mashang.bot.playbook import Ask, Playbook, Texts
from mashang.bot.run import Again, Answered, Brought, Ended, Happened, Outcome, Question, Run
from mashang.bot.statement import Statement
from mashang.codes import proving
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import AssistantPart
from mashang.customers import customer
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.i18n import LOCALES, sentence
from mashang.kit.sealing import Sealer
from mashang.routing import assistance
from mashang.shops import context
from mashang.shops.adapters import Shops
from mashang.staff import installation

ORDER = f"{ANSWER}order"
_MOST_ASIDE = 3  # matters
_MOST_REMINDERS = 4  # of one proof


class Line(msgspec.Struct, frozen=True):
    """An entry the assistant writes."""

    text: str
    part: AssistantPart


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What follows in the conversation."""

    run: Run
    lines: list[Line] = []
    ended: Ended | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What was looked up and tried, in matters set aside too, for whoever takes over."""
        runs = [*reversed(self.run.aside), self.run]
        looked_up = [one for run in runs for one in run.looked_up]
        tried = [one for run in runs for one in run.tried]
        return summing_up.facts(msgspec.structs.replace(self.run, looked_up=looked_up, tried=tried))

    @property
    def kept(self) -> dict[str, Any] | None:
        """The run as it is kept; None when it is over."""
        built: dict[str, Any] = msgspec.to_builtins(self.run)
        return None if self.ended else built


Tell = Callable[[Tx, Conversation, Told], Awaitable[None]]


async def begin(
    tx: Tx,
    conversation: Conversation,
    key: str,
    known: Known,
    locale: str,
    *,
    words: str = "",
    before: dict[str, Any] | None = None,
    number: str | None = None,
    is_open: bool = False,
) -> Told | None:
    """Begin the playbook of this key in this language; None when there is none in use.

    `before`: the run that it interrupts, which is set aside and come back to; one of this key goes on where it stood,
    but for another order.  `words`: those that begin it; `number`: of the order, in them.  `is_open`: without one,
    which order it is about has to be asked.
    """
    playbook = await library.in_use(tx, key)
    if playbook is None:
        return None
    zone = await installation.zone(tx)
    known = given(conversation, known, number, is_open=is_open)
    interrupted = msgspec.convert(before, Run) if before else None
    others = _set_aside(interrupted, key) if interrupted else []
    same = (one for one in others if one.playbook == key and number in (None, one.known.get(ORDER)))
    earlier = next(same, None)
    aside = [one for one in others if one.playbook != key][:_MOST_ASIDE]
    if earlier:
        return await _again(tx, _back(earlier, conversation, locale, aside))
    outcome = walking.start(playbook, known, words=words, at=clock.now(), locale=locale, zone=zone.key)
    # Counted on: what is being brought for the one before must not be taken for this one's.
    n = outcome.run.n + (interrupted.n if interrupted else 0)
    run = msgspec.structs.replace(outcome.run, n=n, aside=aside, shown_seq=conversation.head)
    told = _told(msgspec.structs.replace(outcome, run=run))
    first = await _which_is_first(tx, playbook, run)
    return msgspec.structs.replace(told, lines=[*first, *told.lines])


async def _which_is_first(tx: Tx, playbook: Playbook, run: Run) -> list[Line]:
    """Where a proof was waited for, the next question may be the very same: which matter it is of has to be said."""
    before = run.aside[0] if run.aside else None
    waiting = await library.of_run(tx, before) if before and before.waits == "proof" else None
    if before is None or waiting is None:
        return []
    number = run.known.get(ORDER)
    name = "playbook.first_order" if number and number != before.known.get(ORDER) else "playbook.first"
    matters = {"matter": _called(playbook, run.locale), "before": _called(waiting, run.locale)}
    return [_said(sentence(name, run.locale, number=str(number or ""), **matters))]


async def matter_of(tx: Tx, kept: dict[str, Any]) -> Texts | None:
    """What a run is about, and of which order, for whoever takes over."""
    run = msgspec.convert(kept, Run)
    playbook = await library.of_run(tx, run)
    if playbook is None:
        return None
    called, number = {locale: _called(playbook, locale) for locale in LOCALES}, order_of(kept)
    if number is None:
        return called
    return {one: sentence("summary_matter_order", one, matter=called[one], number=number) for one in LOCALES}


def _called(playbook: Playbook, locale: str) -> str:
    return playbook.title_en if locale == "en" else playbook.title


def _set_aside(run: Run, key: str) -> list[Run]:
    """What is open beside a playbook of this key, the last one first; the same matter anew replaces itself."""
    itself = [] if run.playbook == key else [msgspec.structs.replace(run, aside=[])]
    return [*itself, *run.aside]


def _back(run: Run, conversation: Conversation, locale: str, aside: list[Run]) -> Run:
    """This run, now that it is come back to: what it waits for it waits for from now on."""
    now = clock.now()
    due_at = now + (run.due_at - run.since) if run.due_at else None
    return msgspec.structs.replace(
        run,
        locale=locale,
        since=run.since if run.waits == "proof" else now,  # proved meanwhile is proved
        due_at=due_at,
        aside=aside,
        shown_seq=conversation.head,
    )


async def _again(tx: Tx, run: Run) -> Told:
    playbook = await library.of_run(tx, run)
    if playbook is None:
        return _told(walking.gone(run, clock.now()))
    told = _told(walking.resume(playbook, run, Again(), at=clock.now()))
    matter = _called(playbook, run.locale)
    if not told.lines:  # what it waits for tells the rest
        return msgspec.structs.replace(
            told, lines=[_said(sentence("playbook.back_looking", run.locale, matter=matter))]
        )
    question = told.lines[-1]
    words = sentence("playbook.back", run.locale, matter=matter, question=question.text)
    return msgspec.structs.replace(told, lines=[msgspec.structs.replace(question, text=words)])


async def back(tx: Tx, conversation: Conversation, ended: Run) -> Told | None:
    """To the matter that was set aside for the one that is solved now; None when there is none."""
    if not ended.aside:
        return None
    before, *aside = ended.aside
    run = _back(before, conversation, ended.locale, aside)
    looked_up, tried = [*ended.looked_up, *run.looked_up], [*ended.tried, *run.tried]
    return await _again(tx, msgspec.structs.replace(run, looked_up=looked_up, tried=tried))


def given(conversation: Conversation, known: Known, number: str | None = None, *, is_open: bool = False) -> Known:
    """What a playbook begins with: what was said, the code, and the order's number, so that nobody asks for it.

    `number` was said just now, and goes before what the conversation was about until then; `is_open`: that is not it.
    """
    if is_open and number is None:
        known = {name: value for name, value in known.items() if name != "statement.order_number"}
        return {**known, "code": conversation.topic_code}
    order = number or conversation.order_number or known.get("statement.order_number")
    return {**known, "code": conversation.topic_code, **({ORDER: order} if order else {})}


async def hear(tx: Tx, kept: dict[str, Any], happened: Happened) -> Told | None:
    """What follows when this happens to a run; None when it means nothing to it: words about something else."""
    run = msgspec.convert(kept, Run)
    playbook = await library.of_run(tx, run)
    if playbook is None:
        return _told(walking.gone(run, clock.now()))
    if isinstance(happened, Answered) and not walking.understands(playbook, run, happened):
        return None
    return _said_something(run, walking.resume(playbook, run, happened, at=clock.now()))


def order_of(kept: dict[str, Any]) -> str | None:
    """The number of the order that a run is about, as far as it is known."""
    number = kept.get("known", {}).get(ORDER)
    return str(number) if number else None


async def may_turn(tx: Tx, kept: dict[str, Any]) -> bool:
    """Is it about an order, and asks for none now?"""
    run = msgspec.convert(kept, Run)
    playbook = await library.of_run(tx, run)
    return playbook is not None and playbook.asks_for_an_order and not _asks_for_one(playbook, run.step)


async def turned(tx: Tx, conversation: Conversation, kept: dict[str, Any], number: str, answered: Answered) -> Told:
    """The same matter, of another order that was named: begun anew where the first was looked into already.

    Else it goes on with what was said, which may answer its question as well.
    """
    run = msgspec.convert(kept, Run)
    playbook = await library.of_run(tx, run)
    lead = _said(sentence("playbook.another_order", run.locale, number=number))
    if playbook and (ORDER in run.given or not any(_asks_for_one(playbook, step) for step in run.path)):
        run = msgspec.structs.replace(run, known={**run.known, ORDER: number}, given=[*run.given, ORDER])
        is_answer = walking.understands(playbook, run, answered)
        told = _told(walking.resume(playbook, run, answered if is_answer else Again(), at=clock.now()))
    else:
        known = {name: value for name, value in run.known.items() if name.startswith("statement.")}
        begun = await begin(tx, conversation, run.playbook, known, run.locale, before=kept, number=number)
        told = begun or _told(walking.gone(run, clock.now()))
    return msgspec.structs.replace(told, lines=[lead, *told.lines])


def _asks_for_one(playbook: Playbook, name: str) -> bool:
    step = playbook.steps.get(name)
    return isinstance(step, Ask) and step.ask == "order"


def speaking(kept: dict[str, Any], locale: str) -> dict[str, Any]:
    """This run, in this language from here on."""
    run = msgspec.convert(kept, Run)
    spoken: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(run, locale=locale))
    return kept if run.locale == locale else spoken


async def reminded(tx: Tx, kept: dict[str, Any], *, lead: Literal["kept", "how_to_prove"] | None = None) -> Told | None:
    """The proof asked for again, though what was said was no misunderstanding of it; for ever it is not.

    `lead`: what goes before: that something else is kept for later, or how the proof is given.
    """
    run = msgspec.convert(kept, Run)
    playbook = await library.of_run(tx, run)
    if playbook is None:
        return None
    times = run.reminded.get(run.step, 0) + 1
    if times > _MOST_REMINDERS:
        return _told(walking.not_understood(run, clock.now()))
    run = msgspec.structs.replace(run, reminded={**run.reminded, run.step: times})
    told = _told(walking.resume(playbook, run, Again(), at=clock.now()))
    before = [_said(sentence(f"playbook.{lead}", run.locale, matter=_called(playbook, run.locale)))] if lead else []
    return msgspec.structs.replace(told, lines=[*before, *told.lines])


async def asking_for_words(tx: Tx, kept: dict[str, Any]) -> Playbook | None:
    """The playbook of a run that stands at a question which takes whatever is written; None where it does not."""
    run = msgspec.convert(kept, Run)
    playbook = await library.of_run(tx, run)
    step = playbook.steps.get(run.step) if playbook else None
    return playbook if run.waits == "answer" and isinstance(step, Ask) and step.ask == "text" else None


async def miss(tx: Tx, kept: dict[str, Any]) -> Told | None:
    """The customer's words fit neither the question nor anything else: it is asked once more, then a person comes."""
    run = msgspec.convert(kept, Run)
    playbook = await library.of_run(tx, run)
    if playbook is None:
        return _told(walking.gone(run, clock.now()))
    return _said_something(run, walking.resume(playbook, run, Answered(), at=clock.now()))


def known_of(statement: Statement) -> Known:
    """What the customer said of the matter, as given facts."""
    parts = {name: getattr(statement, name) for name in ("action", "method", "product", "symptom", "order_number")}
    known: Known = {f"statement.{name}": part.value for name, part in parts.items() if part}
    if statement.at:
        known["statement.at"] = statement.at.at.isoformat()
    if statement.amount:
        known["statement.amount"] = float(statement.amount.value)
    return known


def answered(text: str, choice: str = "", *, has_picture: bool = False, is_over: bool = False) -> Answered:
    """What a customer wrote or pressed, as an answer to a playbook; `choice` is the id of the button.

    `is_over`: the button is one of another playbook, though its step may be called the same.
    """
    _, _, rest = choice.partition("pb:")
    step, _, option = rest.partition(":")
    step = f"{choice} is over" if is_over else step
    option = walking.PERSON if choice == walking.PERSON else option
    return Answered(text="" if choice else text, step=step, option=option, picture=has_picture)


async def bring(db: Database, shops: Shops, sealer: Sealer, conversation_id: int, tell: Tell) -> bool:
    """Bring what the run of this conversation waits for, and tell what follows; did anything?

    What follows may need something again: this goes on until the customer is asked, or it is over.
    """
    told_anything = False
    while (errand := await _errand(db, conversation_id)) is not None:
        run, wanted = errand
        how, known = await looking_up.bring(db, shops, sealer, wanted)
        if not await _tell(db, conversation_id, run, Brought(n=run.n, how=how, known=known), tell):
            break
        told_anything = True
    if told_anything:
        await context.fetch(db, shops, conversation_id)  # of an order that was found out, what the desk shows beside it
    return told_anything


async def _errand(db: Database, conversation_id: int) -> tuple[Run, looking_up.Errand] | None:
    """What is to be brought; of a press, its round is kept before anything is pressed."""
    async with db.transaction() as tx:
        conversation = await conversations.lock(tx, conversation_id)
        run = await _run_of(tx, conversation)
        playbook = await library.of_run(tx, run) if run else None
        need = walking.needed(playbook, run) if playbook and run else None
        if run is None or need is None:
            return None
        wanted = await looking_up.prepared(tx, conversation, need, press_round=run.press_round, locale=run.locale)
        if wanted.press_round != run.press_round:
            run = msgspec.structs.replace(run, press_round=wanted.press_round)
            await assistance.note(tx, conversation_id, run=msgspec.to_builtins(run))
        return run, wanted


async def _tell(db: Database, conversation_id: int, sent: Run, brought: Brought, tell: Tell) -> bool:
    async with db.transaction() as tx:
        conversation = await conversations.lock(tx, conversation_id)
        run = await _run_of(tx, conversation)
        if run is None or _errand_of(run) != _errand_of(sent):
            return False  # somebody else was first, or it went on, ended or began anew without this
        playbook = await library.of_run(tx, run)
        outcome = walking.resume(playbook, run, brought, at=clock.now()) if playbook else walking.gone(run, clock.now())
        await _concern(tx, conversation, brought.known.get("order.number"))
        await tell(tx, conversation, _told(outcome))
        return True


def _errand_of(run: Run) -> tuple[str, int, str, Value]:
    """What is brought for it, told from what is brought for one that began anew: there `n` is counted afresh."""
    return run.playbook, run.n, run.step, run.known.get(ORDER)


async def _run_of(tx: Tx, conversation: Conversation) -> Run | None:
    known = await assistance.of(tx, conversation.id)
    if known is None or known.run is None or known.state == "out" or conversation.status == "closed":
        return None
    return msgspec.convert(known.run, Run)


async def _concern(tx: Tx, conversation: Conversation, number: Value) -> None:
    """The conversation is about the order that was found last to be the customer's own."""
    if isinstance(number, str) and number != conversation.order_number:
        await proving.concerns(tx, conversation, await customer.by_id(tx, conversation.customer_id), number)


def _said_something(before: Run, outcome: Outcome) -> Told | None:
    if outcome.run == before and outcome.ask is None:
        return None
    return _told(outcome)


def _told(outcome: Outcome) -> Told:
    lines = [_said(text) for text in outcome.says]
    if outcome.ask is not None:
        lines.append(_asked(outcome.ask))
    elif outcome.ended and outcome.ended.how == "solved" and lines:
        lines[-1] = msgspec.structs.replace(lines[-1], part=AssistantPart(kind="say", asks_helpful=True))
    return Told(run=outcome.run, lines=lines, ended=outcome.ended)


def _said(text: str) -> Line:
    return Line(text, AssistantPart(kind="say"))


def _asked(question: Question) -> Line:
    part = AssistantPart(
        kind="ask",
        options=question.options,
        expects=question.expects,
        order_number=question.order_number,
        needs=question.needs,
    )
    return Line(question.text, part)
