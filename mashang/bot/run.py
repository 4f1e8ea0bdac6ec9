"""Where a customer stands in a playbook, and what may come next: values that survive a restart as JSON.

A `Run` waits for one thing: an answer, proof, a look-up, an action, or nothing any more.  `n` grows with every step
forward: whoever brings something says for which `n`, so that what is brought twice counts once.

Does not: walk (`walking`), or keep anything (`playing`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from mashang.bot.facts import Known, Level, LookedUpKind
from mashang.bot.playbook import ActionKind, Expects, Texts
from mashang.conversations.entry import Option

Waits = Literal["answer", "proof", "look_up", "act", ""]
How = Literal["found", "missing", "failed", "timed_out", "unproved"]
# Why the walk itself hands over, beside a step that does.
Because = Literal["playbook", "person", "misunderstood", "not_proved", "endless", "playbook_gone"]


class LookedUp(msgspec.Struct, frozen=True, kw_only=True):
    """A look-up and what came of it, for the agent's summary; `told` is its main fact."""

    what: LookedUpKind
    how: How
    at: datetime
    number: str = ""
    told: str = ""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """An action and what came of it, for the agent's summary."""

    action: ActionKind
    how: How
    at: datetime
    number: str = ""
    told: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One walk through a playbook."""

    playbook: str
    version: int
    own: bool = False
    step: str
    locale: str = "zh-CN"
    zone: str = "Asia/Shanghai"
    waits: Waits = ""
    since: datetime
    due_at: datetime | None = None  # of a question that notices silence
    n: int = 0
    known: Known = {}
    given: list[str] = []  # answers known before they were asked for: their questions are left out once
    early: dict[str, str] = {}  # by step: the option that the words which began it name, until something was asked
    asked: dict[str, int] = {}  # by step: how often
    missed: dict[str, int] = {}  # by step: answers that were none
    reminded: dict[str, int] = {}  # by step: asked again for what was neither an answer nor a misunderstanding
    path: list[str] = []
    looked_up: list[LookedUp] = []
    tried: list[Tried] = []
    press_round: int | None = None  # of the press that is under way, as the customer's own button would carry it
    shown_seq: int = 0  # the last entry before its questions: buttons up to there are another playbook's
    aside: list[Run] = []  # other matters that were begun before and are come back to, the last one first


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer is asked; a person is among the options of every one."""

    text: str
    expects: Expects | Literal["proof"]
    options: list[Option]
    needs: Level | None = None  # with `proof`: of what
    order_number: str | None = None


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has to bring: a look-up, or an action; `needs` is the proof without which nothing is told."""

    step: str
    look_up: LookedUpKind | None = None
    act: ActionKind | None = None
    needs: Level | None = None
    order_number: str | None = None
    line: str = ""
    codes: list[str] = []
    words: list[str] = []
    code: str = ""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How it ended; `reason` is for the agent, in both languages."""

    how: Literal["solved", "handed_over"]
    because: Because = "playbook"
    reason: Texts = {}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What follows: what is said, then a question, a need, or the end; none of them where nothing follows yet."""

    run: Run
    says: list[str] = []
    ask: Question | None = None
    need: Need | None = None
    ended: Ended | None = None


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The customer wrote, pressed or sent something; `option` is what stands after `pb:<step>:`.

    `among_others`: an option counts whose name stands among other words.
    """

    text: str = ""
    step: str = ""
    option: str = ""
    order: str = ""
    picture: bool = False
    among_others: bool = False

    @property
    def is_words(self) -> bool:
        """Was it written or shown, and no button?"""
        return not self.option and bool(self.text or self.picture)


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """A look-up or an action came back, for the run as it was at `n`."""

    n: int
    how: How
    known: Known = {}


class Proved(msgspec.Struct, frozen=True):
    """The customer proved something; whether it is enough is found out by asking again."""


class Again(msgspec.Struct, frozen=True):
    """The customer comes back: the question is repeated."""


class Silence(msgspec.Struct, frozen=True):
    """Time has passed; does the question have a way for that?"""


Happened = Answered | Brought | Proved | Again | Silence
