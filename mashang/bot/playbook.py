"""A playbook: a diagnosis the assistant walks through with live data, as it is written and checked.

Steps by name; each asks, looks up, decides, says, does something, hands over or ends, and names the step after it.
The words are in both languages.  What may be looked up and what becomes known by it stands in `facts`; the whole
format, with an example, in docs/integrating/playbooks.md.

Does not: read or refuse anything (`checking`), or walk (`walking`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from mashang.bot.facts import Level, LookedUpKind
from mashang.shops.contract import DeliveryKind

Texts = dict[str, str]  # zh-CN and en
Expects = Literal["choice", "text", "picture", "order"]
ActionKind = Literal["resend", "offer_code"]

FALLS = ("failed", "missing", "timed_out")  # what may come of looking up and acting, beside what was hoped for


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A button; `words` are what people type instead of pressing it."""

    id: str
    text: Texts
    next: str
    words: list[str] = []


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A question.  A person is offered with every one.

    `number`: words are an answer only with a figure in them, as an account or a time has.
    `into`: what the answer is kept as.  `none`: where to go when the customer has none ("no order", "no picture").
    `timed_out`: where to go after `after` minutes of silence; without it the question stays.
    """

    ask: Expects
    text: Texts
    into: str = ""
    next: str = ""
    options: list[Option] = []
    none: str = ""
    number: bool = False
    timed_out: str = ""
    after: int = 0


class LookUp(msgspec.Struct, frozen=True, kw_only=True):
    """Ask the shop, or whoever knows.  Who is not proved for it is asked for proof, then and not before.

    `of`: the kept answer with the order's number; without it the order of the conversation.  `unproved`: where to go
    when the customer does not prove it; without it to a person.  `codes`, `words`: of incidents and promotions only
    those that answer one of these codes, or have one of these words in what is said of them.
    """

    look_up: LookedUpKind
    next: str
    failed: str
    missing: str
    timed_out: str
    of: str = ""
    needs: Level | None = None
    unproved: str = ""
    codes: list[str] = []
    words: list[str] = []


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go when all of `when` is so; the last case has none."""

    next: str
    when: dict[str, Any] = {}


class Decide(msgspec.Struct, frozen=True, kw_only=True):
    """The first case that is so."""

    decide: list[Case]


class Say(msgspec.Struct, frozen=True, kw_only=True):
    """Tell the customer something."""

    say: Texts
    next: str


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Do something for the customer, with the customer's own rights: `next` when it is done or on its way.

    `missing`: it cannot be done now, `act.why_not` says why.  `failed`: the shop refused.  `timed_out`: nobody knows.
    """

    act: ActionKind
    next: str
    failed: str
    missing: str
    timed_out: str
    of: str = ""
    needs: Level | None = None
    unproved: str = ""
    code: str = ""


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """To a person, who reads why; `say` is told to the customer."""

    hand_over: Texts
    say: Texts = {}


class Solved(msgspec.Struct, frozen=True, kw_only=True):
    """It is solved as far as can be told; the customer may say that it is not."""

    solved: bool
    say: Texts = {}


Step = Ask | LookUp | Decide | Say | Act | HandOver | Solved
KINDS: dict[str, type[Step]] = {
    "ask": Ask,
    "look_up": LookUp,
    "decide": Decide,
    "act": Act,
    "hand_over": HandOver,
    "solved": Solved,
    "say": Say,  # the last: an end may say something, too
}


class Playbook(msgspec.Struct, frozen=True, kw_only=True):
    """One diagnosis; it begins with the first of its steps.

    `order_kinds`: what is delivered by the orders it is about; empty: any, or none.
    """

    key: str
    version: int
    title: str
    title_en: str
    steps: dict[str, Step]
    order_kinds: list[DeliveryKind] = []
    own: bool = False  # an operator's, whose versions are counted by themselves

    @property
    def first(self) -> str:
        """Where it begins."""
        return next(iter(self.steps))

    def fits(self, kinds: frozenset[DeliveryKind]) -> bool:
        """May it be about an order that delivers these?  What is not known may be anything."""
        return not kinds or not self.order_kinds or not kinds.isdisjoint(self.order_kinds)

    @property
    def asks_for_an_order(self) -> bool:
        """Is there a question for one?"""
        return any(isinstance(step, Ask) and step.ask == "order" for step in self.steps.values())


def ways(step: Step) -> Iterator[tuple[str, str]]:
    """Every way out of a step: what it is called, and where it leads."""
    match step:
        case Ask():
            yield from ((f"options.{n}.next", one.next) for n, one in enumerate(step.options))
            named: tuple[str, ...] = ("next", "none", "timed_out")
        case Decide():
            yield from ((f"decide.{n}.next", one.next) for n, one in enumerate(step.decide))
            named = ()
        case LookUp() | Act():
            named = ("next", *FALLS, "unproved")
        case Say():
            named = ("next",)
        case _:
            named = ()
    yield from ((name, to) for name in named if (to := getattr(step, name)))


def kind(step: Step) -> str:
    """What it does, in the word it begins with."""
    return next(name for name, one in KINDS.items() if isinstance(step, one))
