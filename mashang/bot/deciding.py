"""What the assistant does next: answer, offer, ask, say a word, or hand over to a person.

The rules, in their order:

* A button says what it says.  “None of these” and “a person” hand over; “not solved” is answered by the next best,
  once.
* Switched off meanwhile, it hands over what is said next.
* Words that ask for a person, and words of anger, the law or danger, hand over.
* Greetings and thanks get a word, and are no misunderstanding.
* A number and nothing else is of an order or a telephone, and no question: what is the matter with it is asked,
  which is no misunderstanding unless it was just asked for something.  Where it is another order's, that order's
  matters are offered (`answering`): twice in a row, then a person comes.
* Else the finder's band decides: the article's own words, up to three to choose from, or nothing that is known.
  What is not understood is asked for in other words once, and handed over the second time; so is what is said, and
  not understood, instead of choosing.
* What was said before the last answer was there neither refuses nor misses it: said twice, it gets one answer.
* Beside somebody who waits for a person, it offers what each new question finds, never twice the same, and asks
  nothing.

What an article describes as a procedure only (refunds, complaints, frozen accounts, disputes) is told, and when that
did not solve it, a person decides.

Pure.  Does not: look anything up, or write (`answering`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from mashang.bot import hearing
from mashang.bot.hearing import Said
from mashang.conversations.choosing import HELPFUL, NONE, NOT_HELPFUL, PERSON
from mashang.routing.assistance import Reason

Move = Literal["answer", "choices", "ask", "say", "hand_over", "close", "nothing"]
MOST_CHOICES = 3
MOST_MISSES = 2
_SPEAKS_AGAINST = -0.8  # of a hundred the classifiers rate lower, where the first was wrong, ten were right
ARTICLE, PLAYBOOK, DIAGNOSE = "article:", "pb:", "diagnose:"


class Candidate(Protocol):
    """One possible answer, by the public id of its article; what the classifiers say of it, -1 to 1."""

    @property
    def id(self) -> str: ...
    @property
    def score(self) -> float: ...


class Found(Protocol):
    """What the finder says; candidates best first."""

    @property
    def candidates(self) -> Sequence[Candidate]: ...
    @property
    def p(self) -> float: ...
    @property
    def band(self) -> Literal["answer", "suggest", "hand_over"]: ...


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How the talk stands.  `seen`: articles shown or offered; `last_move`: the last that was more than a word."""

    is_on: bool = True  # the assistant
    beside: bool = False
    misses: int = 0
    shown: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    last_move: str = ""
    came_before: bool = False  # what was said now, before that move was there
    refusals: int = 0  # answers that did not help
    runs: bool = False  # a playbook
    procedure_only: bool = False  # the last answer was one
    near: bool = False  # beside: it is their turn soon
    risk_words: tuple[str, ...] = ()
    ignored_words: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What to do; `why` is a reason to hand over, else which words.  `misses`: from now on.

    `order`: the one whose matters are offered, where it is not the conversation's.
    """

    move: Move
    why: str = ""
    articles: tuple[str, ...] = ()
    misses: int = 0
    order: str = ""


def at_once(said: Said, standing: Standing) -> Decision | None:
    """What needs no finding; None when the question is to be looked for."""
    pressed = {choice.id for choice in said.choices}
    if not standing.beside and pressed & {PERSON, NONE}:
        return _hand_over("asked" if PERSON in pressed else "misunderstood")
    if not standing.is_on and not (said.pressed and said.pressed.id == HELPFUL):
        return _NOTHING if standing.beside else _hand_over("policy")
    if said.pressed:
        return _at_a_button(said.pressed.id, standing)
    if standing.beside and not standing.runs:
        offers = hearing.has_words(said.text) and not hearing.is_number(said.text) and not standing.near
        return None if offers and not hearing.small_talk(said.text) else _NOTHING
    return _at_words(said, standing)


def _at_words(said: Said, standing: Standing) -> Decision | None:
    if hearing.asks_for_a_person(said.text):
        return _hand_over("asked")
    if hearing.is_upset(said.text, standing.risk_words, standing.ignored_words):
        return _hand_over("upset")
    if kind := hearing.small_talk(said.text):
        return Decision(move="say", why=f"small_{kind}", misses=standing.misses)
    if not said.text:
        return Decision(move="ask", why="ask_text", misses=standing.misses) if said.has_file else _NOTHING
    if hearing.is_number(said.text) and standing.runs:
        return Decision(move="ask", why="rephrase", misses=standing.misses + 1)  # unless the playbook asked for it
    says_nothing = hearing.is_one_sign(said.text) and not standing.runs
    if hearing.has_words(said.text) and not hearing.is_number(said.text) and not says_nothing:
        return None
    asks = hearing.is_number(said.text) and standing.last_move != "ask" and standing.misses < MOST_MISSES
    what = Decision(move="ask", why="number", misses=standing.misses) if asks else not_understood(standing)
    return _NOTHING if standing.came_before else what


def found(answer: Found, standing: Standing) -> Decision:
    """What the finder's answer leads to."""
    fresh = tuple(one.id for one in answer.candidates if one.id not in standing.seen)[:MOST_CHOICES]
    if standing.beside:
        is_new = bool(fresh) and fresh[0] == answer.candidates[0].id  # else more is said of what was offered for
        offers = is_new and answer.band != "hand_over"
        return Decision(move="choices", why="beside", articles=fresh) if offers else _NOTHING
    if answer.band == "answer" and answer.candidates:
        best = answer.candidates[0].id
        if best not in standing.shown:
            return Decision(move="answer", why="found", articles=(best,))
        return _NOTHING if standing.came_before else next_best(answer, standing)  # asked again: it was not the answer
    if standing.last_move == "choices" and not standing.came_before:
        return _hand_over("misunderstood")
    if answer.band == "suggest" and fresh:
        return Decision(move="choices", why="choices", articles=fresh, misses=standing.misses)
    if standing.last_move in ("choices", "ask") and standing.came_before:
        return _NOTHING  # it is asked already
    return not_understood(standing)


def several(articles: Sequence[str], standing: Standing) -> Decision:
    """Of several questions at once the customer says which is first; a person, where they were offered just now."""
    if standing.last_move == "choices" and standing.seen.issuperset(articles):
        return _NOTHING if standing.came_before else _hand_over("misunderstood")
    return Decision(move="choices", why="several", articles=tuple(articles), misses=standing.misses)


def later(standing: Standing) -> Decision:
    """Several questions beside a playbook that runs wait until it has ended."""
    return Decision(move="say", why="later", misses=standing.misses)


def next_best(answer: Found, standing: Standing) -> Decision:
    """After an answer that did not help; a person, where nothing else comes near the question."""
    if standing.procedure_only:
        return _hand_over("policy")
    near = [one.id for one in answer.candidates if one.score >= _SPEAKS_AGAINST]
    fresh = tuple(one for one in near if one not in standing.seen)[:MOST_CHOICES]
    if standing.refusals > 1 or answer.band == "hand_over" or not fresh:
        return _hand_over("not_helpful")
    return Decision(move="choices", why="next_best", articles=fresh)


def not_understood(standing: Standing) -> Decision:
    """Asked for in other words, once."""
    misses = standing.misses + 1
    return _hand_over("misunderstood") if misses >= MOST_MISSES else Decision(move="ask", why="rephrase", misses=misses)


def chosen(option: str) -> Decision | None:
    """What one of several answers leads to; None where it is none."""
    if option.startswith(ARTICLE):
        return Decision(move="answer", why="chosen", articles=(option.removeprefix(ARTICLE),))
    if option.startswith(DIAGNOSE):
        return Decision(move="answer", why="diagnose", articles=(option.removeprefix(DIAGNOSE),))
    return None


def _at_a_button(option: str, standing: Standing) -> Decision | None:
    if decision := chosen(option):
        return decision
    if option == HELPFUL:
        return Decision(move="close", why="solved") if standing.beside else Decision(move="say", why="anything_else")
    if option == NOT_HELPFUL:
        return _NOTHING if standing.beside else None
    return _NOTHING


def _hand_over(reason: Reason) -> Decision:
    return Decision(move="hand_over", why=reason)


_NOTHING = Decision(move="nothing")
