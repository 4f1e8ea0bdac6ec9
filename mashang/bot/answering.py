"""What was thought of is written, kept and moved on, in one transaction under the conversation's lock.

Does not: decide (`thinking`), or look whether it is still due (`turn`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from mashang import codes, routing
from mashang.bot import (
    diagnosing,
    library,
    matters,
    playing,
    several,
    statement,
    stating,
    telling,
    turns,
    which_order,
)
from mashang.bot.deciding import MOST_CHOICES, MOST_MISSES, Decision, Found
from mashang.bot.scene import Scene
from mashang.bot.statement import Statement
from mashang.bot.thinking import Plan
from mashang.bot.turns import Turn
from mashang.conversations import choosing, timeline
from mashang.conversations.choosing import HELPFUL, NOT_HELPFUL
from mashang.conversations.entry import Author, NewEntry
from mashang.customers import customer
from mashang.guard.masking import Rules
from mashang.kit.db import Tx
from mashang.kit.i18n import LOCALES
from mashang.knowledge import reading
from mashang.knowledge.reading import Published
from mashang.routing import assistance
from mashang.routing.assistance import About
from mashang.shops import context
from mashang.staff import installation


async def answer(tx: Tx, scene: Scene, plan: Plan, rules: Rules) -> None:
    conversation_id = scene.conversation.id
    if scene.said.typed:
        await choosing.mark(tx, conversation_id, scene.said.entries, scene.said.typed)
    await _judge(tx, scene)
    said = await _stated(tx, scene, plan, rules)
    heard = scene.said.seq or scene.known.heard_seq
    await assistance.note(tx, conversation_id, heard_seq=heard, answers_first=False, asked_until=None)
    article = await _article(tx, scene, plan.decision) if plan.decision.move == "answer" else None
    await several.note(tx, scene.known, asked=plan.questions, answered=article.id if article else None)
    scene = await _in_its_language(tx, await _about_the_code(tx, scene, rules))
    walked = _walked(scene, plan, article)
    if await _is_heard_by_a_playbook(tx, scene, plan, said, rules, walked=walked):
        return
    await _note_about(tx, scene, plan, article)
    await _note_offered(tx, scene, plan.decision)
    if await _begins_a_playbook(tx, scene, plan, said, rules, article=article, walked=walked):
        return
    plan = await _of_an_order(tx, scene, plan, rules)
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
    elif decision.move in ("answer", "say") and decision.why != "small_bye":  # who leaves is asked nothing
        await diagnosing.ask_again(tx, conversation_id)
        is_offered = scene.offered is not None and scene.offered.kind == "choices"
        if not (is_offered and decision.why.startswith("small_")):  # the buttons stand there, and nothing new was said
            await several.offer_rest(tx, scene.conversation, scene.locale)


async def _about_the_code(tx: Tx, scene: Scene, rules: Rules) -> Scene:
    """The talk is about the code that was entered."""
    if scene.entered is None:
        return scene
    about = await codes.enter(tx, scene.conversation, scene.entered, scene.said.text, rules)
    return msgspec.structs.replace(scene, conversation=about)


async def _in_its_language(tx: Tx, scene: Scene) -> Scene:
    """The playbook that runs goes on in the language that was spoken last."""
    run = playing.speaking(scene.known.run, scene.locale) if scene.known.run else None
    if run == scene.known.run:
        return scene
    await assistance.note(tx, scene.conversation.id, run=run)
    return msgspec.structs.replace(scene, known=msgspec.structs.replace(scene.known, run=run))


def _walked(scene: Scene, plan: Plan, article: Published | None) -> str | None:
    """The playbook in place of the article that answers: how it is for everybody is told first."""
    is_general = plan.decision.why in ("found", "chosen") and diagnosing.is_general(scene.said.text or scene.question)
    # Of refunds and disputes only the procedure is told.
    return article.playbook if article and not article.procedure_only and not is_general else None


async def _is_heard_by_a_playbook(
    tx: Tx, scene: Scene, plan: Plan, said: Statement, rules: Rules, *, walked: str | None
) -> bool:
    """Does the playbook that runs go on with what was said?  Then the talk is about what it was about."""
    run, decision, conversation = scene.known.run, plan.decision, scene.conversation
    if not run or not plan.answered:
        return False
    # Words about the matter it is about itself are an answer to its question, or none.
    is_known = decision.move in ("answer", "say") and not (walked and walked == run.get("playbook"))
    is_for_later = not is_known or walked is not None
    if plan.answered.is_words and is_for_later and run.get("waits") in diagnosing.UNDER_WAY:
        await assistance.note(tx, conversation.id, heard_seq=scene.known.heard_seq)
        return True  # heard when what was sent for has come
    if plan.answered.is_words and not is_known:
        current = playing.order_of(run)
        by_form = await playing.asking_for_words(tx, run) is None  # else any number may be what was asked for
        other = await which_order.another(tx, conversation, plan.answered.text, current, rules, by_form=by_form)
        other = other or (which_order.alone(plan.answered.text) if by_form and current is None else None)
        if other and await diagnosing.turn_to(tx, conversation, run, other, plan.answered):
            return True
    is_offered = await _is_offered_something_else(tx, run, decision)
    came_before = scene.said.entries if scene.came_before else None
    heard: dict[str, Any] = {"is_known": is_known, "is_offered": is_offered, "came_before": came_before}
    heard |= {"aside": plan.aside or plan.questions}
    return await diagnosing.hear(tx, conversation, run, plan.answered, said, **heard)


async def _begins_a_playbook(
    tx: Tx, scene: Scene, plan: Plan, said: Statement, rules: Rules, *, article: Published | None, walked: str | None
) -> bool:
    """Does one begin with what was said?"""
    decision, conversation = plan.decision, scene.conversation
    if decision.move != "answer":
        return False
    number = await _number_named(tx, scene, said, rules)
    if decision.why == "code" and scene.first and scene.first.answers_with == "playbook":
        key, words = scene.first.answer_key, scene.said.text
        return await diagnosing.begin(tx, conversation, key, said, scene.locale, words=words, number=number)
    if article is None or walked is None:
        return False
    found: dict[str, Any] = {"articles": [article.id], "words": scene.said.text or scene.question, "number": number}
    found |= {"is_open": number is None and await _is_open(tx, scene, walked)}
    found |= {"band": plan.found.band, "p": plan.found.p} if plan.found else {}
    return await diagnosing.begin(tx, conversation, walked, said, scene.locale, **found)


async def _is_offered_something_else(tx: Tx, run: dict[str, Any], decision: Decision) -> bool:
    """Is the likeliest of what may be chosen about something else than the playbook?"""
    first = await reading.by_former_id(tx, decision.articles[0]) if decision.move == "choices" else None
    return first is not None and first.playbook != run.get("playbook")


async def _number_named(tx: Tx, scene: Scene, said: Statement, rules: Rules) -> str | None:
    """That of the order whose matters were offered to be pressed, else the number in what is asked now."""
    pressed, conversation = scene.said.pressed, scene.conversation
    if pressed and (offered := await choosing.order_of(tx, conversation.id, pressed)):
        return offered
    if number := _number_now(scene, said):
        return number
    words = scene.said.text or scene.question
    return await which_order.another(tx, conversation, words, conversation.order_number, rules)


async def _is_open(tx: Tx, scene: Scene, key: str) -> bool:
    """Is it a further matter, of which nobody knows of which order it is?"""
    is_first = not (scene.standing.last_move or scene.known.run or scene.known.facts.get("looked_up"))
    playbook = None if is_first else await library.in_use(tx, key)
    words = scene.said.text or scene.question
    return playbook is not None and await which_order.is_open(tx, scene.conversation, words, playbook)


async def _of_an_order(tx: Tx, scene: Scene, plan: Plan, rules: Rules) -> Plan:
    """Whose words tell nothing but another order's number is offered what that may be about, twice in a row."""
    conversation, misses = scene.conversation, scene.standing.misses
    if scene.known.run or scene.standing.beside or misses >= MOST_MISSES:
        return plan
    if plan.decision.why not in ("number", "rephrase", "misunderstood"):
        return plan
    offered = scene.offered.order_number if scene.offered else None
    about = offered or conversation.order_number
    number = await which_order.another(tx, conversation, scene.said.text, about, rules)
    if not number or not await matters.fitting(tx, order=True, topic=conversation.topic_code):
        return plan
    decision = Decision(move="choices", why="matters", misses=misses + 1, order=number)
    return msgspec.structs.replace(plan, decision=decision)


async def _note_about(tx: Tx, scene: Scene, plan: Plan, article: Published | None) -> None:
    """Whose matter it is follows from the article that answers; when several might, that is open again."""
    decision = plan.decision
    if article:
        matter = About(list(article.codes), list(article.departments))
        await assistance.note_about(tx, scene.conversation.id, matter)
    elif decision.move == "choices" and decision.why in ("choices", "several"):
        await assistance.note_about(tx, scene.conversation.id, About())


async def _note_shown(tx: Tx, scene: Scene, article: Published, seq: int) -> None:
    known = await assistance.of(tx, scene.conversation.id) or scene.known
    told = {"id": article.id, "title": _titles(article), "seq": seq, "procedure_only": article.procedure_only}
    await assistance.note(tx, scene.conversation.id, shown=[*known.shown, told])


async def _note_offered(tx: Tx, scene: Scene, decision: Decision) -> None:
    """What is to be chosen from now; what is chosen is offered no longer, and questions of several stand elsewhere."""
    known = await assistance.of(tx, scene.conversation.id) or scene.known
    fresh = decision.articles if decision.move == "choices" and decision.why not in ("matters", "several") else ()
    before = known.facts.get(assistance.OFFERED, [])
    kept = [one for one in before if one["id"] not in decision.articles]
    found = [await reading.by_former_id(tx, one) for one in fresh]
    news = [{"id": one.id, "title": _titles(one)} for one in found if one]
    if news or kept != before:
        offered = [*kept, *news][-MOST_CHOICES:]
        await assistance.note(tx, scene.conversation.id, facts={**known.facts, assistance.OFFERED: offered})


def _titles(article: Published) -> dict[str, str]:
    return {locale: telling.text_of(article, locale).title for locale in LOCALES}


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


async def _stated(tx: Tx, scene: Scene, plan: Plan, rules: Rules) -> Statement:
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
    tx: Tx, scene: Scene, plan: Plan, said: Statement
) -> tuple[Decision, NewEntry | None, Published | None]:
    """What is written; and, where an article has gone meanwhile, what is done instead."""
    author = Author("assistant", name=scene.settings.called(scene.conversation.locale))
    voice, decision = telling.Voice(scene.conversation.id, author, scene.locale), plan.decision
    if decision.why == "ask_text" and scene.known.run:  # its question is asked again, and says what is needed
        decision = Decision(move="say", why="picture_aside", misses=decision.misses)
    if decision.why == "small_ok":  # nothing is over yet
        is_choosing = scene.offered is not None and scene.offered.kind == "choices"
        now = "_meanwhile" if scene.known.run else "_choosing" if is_choosing else ""
        decision = msgspec.structs.replace(decision, why=f"small_ok{now}")
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
            entry = await _matters(tx, scene, voice, decision.order)
            if entry is None:  # who entered a code is answered all the same
                decision = Decision(move="hand_over", why="asked") if scene.entered else Decision(move="nothing")
        case "choices":
            offered = [await reading.by_former_id(tx, one) for one in decision.articles]
            articles = [one for one in offered if one]
            entry = telling.choices(voice, articles, decision.why) if articles else None
        case "ask":
            part = statement.missing(said) if decision.why in ("number", "rephrase") else None
            entry = telling.ask(voice, f"missing_{part}" if part else decision.why)
        case "say":
            entry = telling.say(voice, decision.why, scene.offered if decision.why == "small_ok_choosing" else None)
    if entry is None and decision.move in ("answer", "choices"):
        decision = _without_articles(scene, decision)
    return decision, entry, article


async def _matters(tx: Tx, scene: Scene, voice: telling.Voice, named: str) -> NewEntry | None:
    """Where nothing was said yet, or nothing but an order: what it may be about, to be tapped."""
    conversation = scene.conversation
    order, topic = named or conversation.order_number, conversation.topic_code
    kinds = await context.kinds(tx, conversation.id) if order == conversation.order_number else frozenset()
    fitting = await matters.fitting(tx, order=order is not None, topic=topic, kinds=kinds)
    return telling.matters(voice, fitting, order) if fitting else None


def _without_articles(scene: Scene, decision: Decision) -> Decision:
    if scene.standing.beside:
        return Decision(move="nothing")
    return Decision(move="hand_over", why="failure" if decision.why == "code" else "misunderstood")


async def _article(tx: Tx, scene: Scene, decision: Decision) -> Published | None:
    if decision.why == "code":
        return await reading.by_key(tx, scene.first.answer_key) if scene.first else None
    return await reading.by_former_id(tx, decision.articles[0])


def _turn(scene: Scene, plan: Plan, decision: Decision, seq: int | None) -> Turn:
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


async def fail(tx: Tx, scene: Scene) -> None:
    """A person answers; who waits for one already is left alone."""
    conversation_id = scene.conversation.id
    await assistance.note(tx, conversation_id, heard_seq=scene.said.seq or scene.known.heard_seq, answers_first=False)
    turn = _turn(scene, Plan(decision=Decision(move="hand_over")), Decision(move="hand_over", why="failure"), None)
    await turns.keep(tx, turn)
    if scene.standing.beside:
        await assistance.note(tx, conversation_id, state="out")
    else:
        await routing.hand_over(tx, conversation_id, "failure")
