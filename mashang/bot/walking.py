"""The walk through a playbook, pure: where it stands and what happened give what is said, asked and needed.

    start ──▶ says · decides · … ──▶ asks ──▶ answer ──▶ …
                                └──▶ needs a look-up or an action ──▶ what was brought ──▶ …
                                └──▶ solved, or to a person

A playbook that passed `checking` has no circle without a question, so a turn ends; both counts here hold where one
did not pass.  Whoever gives no answer twice comes to a person; what fits nothing that is waited for changes nothing.

Does not: fetch or press (`looking_up`), keep runs (`playing`), or decide what becomes of a message that it
does not understand (`diagnosing`).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from msgspec.structs import replace

from mashang.bot import conditions, facts, hearing, wording
from mashang.bot.conditions import ANSWER
from mashang.bot.facts import HEADLINE, LEVELS, NEEDS, Known, Level
from mashang.bot.playbook import Act, Ask, Decide, HandOver, LookUp, Playbook, Say, Solved
from mashang.bot.run import (
    Again,
    Answered,
    Because,
    Brought,
    Ended,
    Happened,
    How,
    LookedUp,
    Need,
    Outcome,
    Proved,
    Question,
    Run,
    Silence,
    Tried,
    Waits,
)
from mashang.conversations.entry import Option
from mashang.kit.i18n import LOCALES, sentence

PERSON = "person"
UNPROVED, NONE = "unproved", "none"
MOST_A_TURN = 100
MOST_IN_ALL = 400
MOST_MISSES = 2  # as many misunderstandings as lead to a person
LONGEST_ANSWER = 500
_LONG, _LONG_LATIN = 4, 7  # signs of a word that means itself among others
_FORM = re.compile(r"\d")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{5,63}")


def start(
    playbook: Playbook, known: Known, *, words: str = "", at: datetime, locale: str = "zh-CN", zone: str = "UTC"
) -> Outcome:
    """Begin; `known` are the given facts, and answers (`answer.<into>`) that need not be asked for any more.

    `words`: those that begin it, which may answer its first question.
    """
    run = Run(
        playbook=playbook.key,
        version=playbook.version,
        own=playbook.own,
        step=playbook.first,
        locale=locale,
        zone=zone,
        since=at,
        known=facts.kept(known),
        given=sorted(name for name in known if name.startswith(ANSWER)),
        early=_chosen_early(playbook, words[:LONGEST_ANSWER]),
    )
    return _walk(playbook, run, at)


def resume(playbook: Playbook, run: Run, happened: Happened, *, at: datetime) -> Outcome:
    """Go on; what fits nothing that is waited for changes nothing."""
    step = playbook.steps.get(run.step)
    if step is None:
        return _end(run, "playbook_gone", at)
    outcome = None
    match happened:
        case Answered(option="person") if run.waits in ("answer", "proof"):
            outcome = _end(run, "person", at)
        case Answered() if run.waits == "answer" and isinstance(step, Ask):
            outcome = _answered(playbook, run, step, happened, at)
        case Answered(option="unproved") if run.waits == "proof" and isinstance(step, LookUp | Act):
            outcome = _without_proof(playbook, run, step, at)
        case Answered() if run.waits == "proof" and isinstance(step, LookUp | Act):
            outcome = _missed_proof(run, step, at)
        case Brought(n=n) if n == run.n and run.waits in ("look_up", "act") and isinstance(step, LookUp | Act):
            outcome = _brought(playbook, run, step, happened, at)
        case Proved() if run.waits == "proof":
            outcome = _walk(playbook, run, at)
        case Again() if run.waits in ("answer", "proof"):
            outcome = _ask_again(run, step)
        case Silence() if isinstance(step, Ask) and is_overdue(playbook, run, at):
            outcome = _walk(playbook, _to(run, step.timed_out), at)
    return outcome or Outcome(run=run)


def gone(run: Run, at: datetime) -> Outcome:
    """Its playbook is not there any more: to a person."""
    return _end(run, "playbook_gone", at)


def not_understood(run: Run, at: datetime) -> Outcome:
    """Asked often enough: to a person."""
    return _end(run, "misunderstood", at)


def understands(playbook: Playbook, run: Run, answered: Answered) -> bool:
    """Is this an answer to what is asked?  Words always are where words are asked for."""
    step = playbook.steps.get(run.step)
    if run.waits == "proof":
        return answered.option == UNPROVED
    return run.waits == "answer" and isinstance(step, Ask) and _taken(run.step, step, answered, run.locale) is not None


def is_overdue(playbook: Playbook, run: Run, at: datetime) -> bool:
    """Has the question waited as long as its playbook lets it?"""
    step = playbook.steps.get(run.step)
    if run.waits != "answer" or not isinstance(step, Ask) or not step.timed_out:
        return False
    return run.due_at is not None and at >= run.due_at


def needed(playbook: Playbook, run: Run) -> Need | None:
    """What a run waits for that somebody has to bring, also after a restart."""
    step = playbook.steps.get(run.step)
    if run.waits in ("look_up", "act") and isinstance(step, LookUp | Act):
        return _need(run, step)
    return None


# ── walking ─────────────────────────────────────────────────────────────────


def _walk(playbook: Playbook, run: Run, at: datetime) -> Outcome:
    """Until something is asked, needed, or over."""
    says: list[str] = []
    for _ in range(MOST_A_TURN):
        step = playbook.steps.get(run.step)
        if step is None or len(run.path) >= MOST_IN_ALL:
            return _end(run, "playbook_gone" if step is None else "endless", at, says)
        run = replace(run, path=[*run.path, run.step])
        match step:
            case Say():
                says.append(_words(step.say, run))
                run = _to(run, step.next)
            case Decide():
                run = _to(run, next(one.next for one in step.decide if conditions.holds(one.when, run.known)))
            case Ask():
                if _is_given(run, step):
                    run = _to(_taken_as_given(run, step), step.next)
                    continue
                if early := _chosen(step, run.early.get(run.step, ""), run.locale):
                    to, value, label = early
                    left = {name: option for name, option in run.early.items() if name != run.step}
                    run = _keeping(replace(_to(_once(run), to), early=left), step, value, label)
                    continue
                run = replace(_awaiting(_once(run), step, at), early={})
                return Outcome(run=run, says=says, ask=_question(run, step))
            case LookUp() | Act():
                run = _waiting(run, "look_up" if isinstance(step, LookUp) else "act", at)
                return Outcome(run=run, says=says, need=_need(run, step))
            case HandOver() | Solved():
                return _over(run, step, at, says)
    return _end(run, "endless", at, says)


def _to(run: Run, step: str) -> Run:
    return replace(run, step=step, waits="", press_round=None)


def _waiting(run: Run, waits: Waits, at: datetime) -> Run:
    return replace(run, waits=waits, since=at, due_at=None, n=run.n + 1)


def _awaiting(run: Run, step: Ask, at: datetime) -> Run:
    due_at = at + timedelta(minutes=step.after) if step.timed_out else None
    return replace(_waiting(run, "answer", at), due_at=due_at)


def _once(run: Run) -> Run:
    return replace(run, asked={**run.asked, run.step: run.asked.get(run.step, 0) + 1})


def _is_given(run: Run, step: Ask) -> bool:
    """Known before anybody asked."""
    return bool(step.next) and f"{ANSWER}{step.into}" in run.given


def _taken_as_given(run: Run, step: Ask) -> Run:
    """Once: who comes to a question for it again is asked, for what was given was not it."""
    return replace(_once(run), given=[name for name in run.given if name != f"{ANSWER}{step.into}"])


def _over(run: Run, step: HandOver | Solved, at: datetime, says: list[str]) -> Outcome:
    if step.say:
        says = [*says, _words(step.say, run)]
    run = _waiting(run, "", at)
    if isinstance(step, Solved):
        return Outcome(run=run, says=says, ended=Ended(how="solved"))
    reason = {locale: wording.fill(step.hand_over, run.known, locale, run.zone, run.since) for locale in LOCALES}
    return Outcome(run=run, says=says, ended=Ended(how="handed_over", reason=reason))


def _end(run: Run, because: Because, at: datetime, says: list[str] | None = None) -> Outcome:
    reason = {locale: sentence(f"playbook.because.{because}", locale) for locale in LOCALES}
    ended = Ended(how="handed_over", because=because, reason=reason)
    return Outcome(run=_waiting(run, "", at), says=says or [], ended=ended)


def _words(texts: dict[str, str], run: Run) -> str:
    return wording.fill(texts, run.known, run.locale, run.zone, run.since)


# ── asking ──────────────────────────────────────────────────────────────────


def _question(run: Run, step: Ask, lead: str = "") -> Question:
    options = [Option(_option(run.step, one.id), _words(one.text, run)) for one in step.options]
    if step.none:
        options.append(Option(_option(run.step, NONE), sentence(f"playbook.none_{step.ask}", run.locale)))
    options.append(_person(run))
    text = "\n".join(filter(None, (lead, _words(step.text, run))))
    return Question(text=text, expects=step.ask, options=options)


def _option(step: str, option: str) -> str:
    return f"pb:{step}:{option}"


def _person(run: Run) -> Option:
    return Option(PERSON, sentence("playbook.person", run.locale))


def _ask_for_proof(run: Run, step: LookUp | Act) -> Question:
    need = _need(run, step)
    options = [Option(_option(run.step, UNPROVED), sentence("playbook.unproved", run.locale))] if step.unproved else []
    again = "_more" if need.needs != "status" and run.known.get("order.status_only") else ""
    level = "account" if need.needs == "account" else f"order{again}"
    return Question(
        text=sentence(f"playbook.prove_{level}", run.locale),
        expects="proof",
        options=[*options, _person(run)],
        needs=need.needs,
        order_number=need.order_number,
    )


def _ask_again(run: Run, step: object) -> Outcome:
    if run.waits == "proof" and isinstance(step, LookUp | Act):
        return Outcome(run=run, ask=_ask_for_proof(run, step))
    return Outcome(run=run, ask=_asked_before(_question(run, step))) if isinstance(step, Ask) else Outcome(run=run)


def _asked_before(question: Question) -> Question:
    """Its last line alone, which asks: what stands before was read already."""
    return replace(question, text=question.text.strip().rpartition("\n")[2])


def _answered(playbook: Playbook, run: Run, step: Ask, answered: Answered, at: datetime) -> Outcome:
    taken = _taken(run.step, step, answered, run.locale)
    if taken is None:
        return _missed(run, step, at)
    to, value, label = taken
    outcome = _walk(playbook, _keeping(_to(run, to), step, value, label), at)
    if step.ask == "order" and value and _is_one_of_several(value, answered.text):
        outcome = replace(outcome, says=[sentence("playbook.one_by_one", run.locale, number=value), *outcome.says])
    return outcome


def _keeping(run: Run, step: Ask, value: str, label: str) -> Run:
    if not step.into:
        return run
    name = f"{ANSWER}{step.into}"
    fresh = facts.kept({name: value, **({wording.label_of(name): label} if label else {})})
    return replace(run, known={**run.known, **fresh})


def _missed(run: Run, step: Ask, at: datetime) -> Outcome:
    missed = run.missed.get(run.step, 0) + 1
    run = replace(run, missed={**run.missed, run.step: missed})
    if missed >= MOST_MISSES:
        return _end(run, "misunderstood", at)
    run = _awaiting(run, step, at)
    return Outcome(run=run, ask=_question(run, step, lead=sentence("playbook.not_understood", run.locale)))


def _missed_proof(run: Run, step: LookUp | Act, at: datetime) -> Outcome:
    """It is asked for again as it stands, and still waited for since it was asked for first."""
    missed = run.missed.get(run.step, 0) + 1
    run = replace(run, missed={**run.missed, run.step: missed})
    return _end(run, "misunderstood", at) if missed >= MOST_MISSES else Outcome(run=run, ask=_ask_for_proof(run, step))


def _taken(name: str, step: Ask, answered: Answered, locale: str) -> tuple[str, str, str] | None:
    """Where the answer leads, its value, and its words where they are others; None: it is none."""
    option = answered.option if answered.step in ("", name) else ""
    words = answered.text.strip()[:LONGEST_ANSWER]
    if step.none and (option == NONE or (not option and hearing.has_it_not(words))):
        return step.none, "", ""
    match step.ask:
        case "choice":
            return _chosen(step, option or _named(step, words, answered), locale)
        case "text":
            return (step.next, words, "") if words and (not step.number or _has_digit(words)) else None
        case "picture":
            return (step.next, "picture", "") if answered.picture else None
    number = answered.order or _number_in(words)
    return (step.next, number, "") if number else None


def _chosen(step: Ask, option: str, locale: str) -> tuple[str, str, str] | None:
    return next(
        ((one.next or step.next, one.id, one.text.get(locale, "")) for one in step.options if one.id == option), None
    )


def _named(step: Ask, words: str, answered: Answered) -> str:
    """The option that the words name; none where a button of another question was pressed."""
    words = hearing.without_questions(words) if answered.among_others else words
    options = _names(step, among_others=answered.among_others)
    if answered.option:
        return ""
    found = hearing.named(words, options, among_others=answered.among_others)
    return found or hearing.declined(words, options, step.text.values()) or ""


def _names(step: Ask, *, among_others: bool) -> list[tuple[str, list[str]]]:
    """The options, and what names each; among other words only what is long enough to say nothing else."""
    return [
        (one.id, [*one.text.values(), *(word for word in one.words if not among_others or _is_long(word))])
        for one in step.options
    ]


def _is_long(word: str) -> bool:
    return len(word) >= (_LONG_LATIN if word.isascii() else _LONG)


def _chosen_early(playbook: Playbook, words: str) -> dict[str, str]:
    """By step, the option that these words name; only of choices that are kept and whose question tells nothing new."""
    told = hearing.without_questions(words) or words
    found = {
        name: hearing.named(told, _names(step, among_others=True), among_others=True)
        for name, step in playbook.steps.items()
        if isinstance(step, Ask) and step.into and not any("{" in text for text in step.text.values())
    }
    return {name: option for name, option in found.items() if option}


def _number_in(words: str) -> str:
    """The order number in what was typed: the first word that looks like one, or all of it when it is one word."""
    found = next((one for one in _NUMBER.findall(unicodedata.normalize("NFKC", words)) if _has_digit(one)), "")
    return found.rstrip(".:@-_")


def _is_one_of_several(number: str, words: str) -> bool:
    """Does another number of the same form stand beside it: two orders in one message?"""
    found = _NUMBER.findall(unicodedata.normalize("NFKC", words)[:LONGEST_ANSWER])
    return any(one != number and _FORM.sub("0", one) == _FORM.sub("0", number) for one in found)


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


# ── looking up and acting ───────────────────────────────────────────────────


def _need(run: Run, step: LookUp | Act) -> Need:
    of = run.known.get(f"{ANSWER}{step.of}") if step.of else None
    what = step.look_up if isinstance(step, LookUp) else step.act
    return Need(
        step=run.step,
        look_up=step.look_up if isinstance(step, LookUp) else None,
        act=step.act if isinstance(step, Act) else None,
        needs=higher(NEEDS.get(what), step.needs),
        order_number=str(of) if of else None,
        line=str(run.known.get("order.line") or "") if isinstance(step, Act) else "",
        codes=step.codes if isinstance(step, LookUp) else [],
        words=step.words if isinstance(step, LookUp) else [],
        code=step.code if isinstance(step, Act) else "",
    )


def higher(one: Level | None, other: Level | None) -> Level | None:
    """The proof that holds for both."""
    return max((level for level in (one, other) if level), key=LEVELS.index, default=None)


def _brought(playbook: Playbook, run: Run, step: LookUp | Act, brought: Brought, at: datetime) -> Outcome:
    if brought.how == "unproved":
        return _unproved(playbook, run, step, at)
    what = step.look_up if isinstance(step, LookUp) else "act"
    how = brought.how
    if how == "found" and not all(facts.fits(name, value) for name, value in brought.known.items()):
        how, known = "failed", {}  # a shop that lies in the middle takes the branch of one that fails
    else:
        known = facts.kept(brought.known)
    fresh = {name: known.get(name) for name in facts.BROUGHT[what]}
    asked = {name: times for name, times in run.asked.items() if name != run.step}
    run = _noted(replace(run, known={**run.known, **fresh}, asked=asked), step, how, at)
    return _walk(playbook, _to(run, step.next if how == "found" else getattr(step, how)), at)


def _unproved(playbook: Playbook, run: Run, step: LookUp | Act, at: datetime) -> Outcome:
    """Ask for the proof; what was proved then and is not enough takes the branch for it."""
    run = _noted(run, step, "unproved", at) if isinstance(step, LookUp) else run
    asked = run.asked.get(run.step, 0)
    if asked >= MOST_MISSES:
        return _without_proof(playbook, run, step, at)
    run = _waiting(_once(run), "proof", at)
    return Outcome(run=run, ask=_ask_for_proof(run, step))


def _without_proof(playbook: Playbook, run: Run, step: LookUp | Act, at: datetime) -> Outcome:
    return _walk(playbook, _to(run, step.unproved), at) if step.unproved else _end(run, "not_proved", at)


def _noted(run: Run, step: LookUp | Act, how: How, at: datetime) -> Run:
    number = _need(run, step).order_number or str(run.known.get("order.number") or "")
    if isinstance(step, LookUp):
        told = str(run.known.get(HEADLINE[step.look_up]) or "")
        entry = LookedUp(what=step.look_up, how=how, at=at, number=number, told=told)
        return replace(run, looked_up=[*run.looked_up, entry])
    told = str(run.known.get("act.why_not") or run.known.get("act.text") or run.known.get("act.code") or "")
    return replace(run, tried=[*run.tried, Tried(action=step.act, how=how, at=at, number=number, told=told)])
