"""A week at a shop in fast motion, with the assistant and without: what it would solve, get wrong and hand over.

The questions are customers' words that are not among the phrasings, with what would really solve each; the finder and
the rules by which the assistant decides are the product's own.  How customers behave is assumed, and written below as
numbers: so this is a report, not a proof.  The proof is `mashang eval answers` on questions that nobody here wrote.

Of each consultation two things are known: what the dashboard would count (`resolution`), and what was really solved.
They differ by those who leave a wrong answer in silence.

People answer in the order in which customers come, several conversations at once, between the hours of the shop; at
night whoever needs one waits for the morning.

Does not: talk to a database, or model the queue as finely as `routing.simulation`.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import msgspec

from mashang.bot import deciding
from mashang.bot.deciding import Decision, Standing
from mashang.bot.hearing import Message, gathered
from mashang.knowledge.finder import Found

HOUR, DAY = 3600.0, 86400.0
OPENS, CLOSES = 7 * HOUR, 24 * HOUR
SLOTS = 12  # three agents, four conversations at once
HANDLING, SPREAD = 420.0, 1.2  # seconds an agent needs for one, and its standard deviation ÷ mean
FIRST_WORDS = 15.0  # seconds from taking a conversation to a useful message
ASSISTANT = 1.0  # seconds to its answer, sockets included
# How many come in each hour of the day, as shares.
_HOURS = (2, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 5, 5, 5, 5, 6, 7, 8, 7, 5, 3)

# What customers do, as chances.
CONTENT = 0.93  # with the right answer; the others ask for a person all the same
SAYS_NO = 0.6  # to a wrong answer; of the rest
LEAVES = 0.1  # … so many say nothing and go, and the others ask for a person
RETURNS = 0.7  # within three days, of those who went with a wrong answer
PICKS = 0.95  # the right choice, where it is among those offered
PICKS_WRONG = 0.15  # one of them, where it is not
# Articles whose playbook ends with a person, and how often.
PERSON_AFTER = {"account-frozen": 1.0, "card-key-invalid": 0.5, "order-anomaly": 0.4, "refund-progress": 0.2}
_LONGEST_TALK = 8

End = Literal["solved", "person", "left"]


class Finds(Protocol):
    """The finder."""

    def find(self, question: str) -> Found:
        """What the knowledge says."""


class Consultation(msgspec.Struct, frozen=True):
    """What a customer writes, and the key of the article that solves it; None: only a person does."""

    text: str
    solves: str | None = None
    cause: str | None = None


class Talk(msgspec.Struct):
    """How a talk with the assistant went; `answers`: for each answer shown, whether it was right."""

    end: End = "person"
    reason: str = ""
    answers: list[bool] = []
    useful_first: bool = False
    comes_back: bool = False


class Response(msgspec.Struct, frozen=True):
    """Seconds to the first useful response: half of the customers had it by `p50`, nine tenths by `p90`."""

    p50: float
    p90: float


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The week.  Shares are of basic consultations (the knowledge has an answer), except `handed_over`: of all."""

    consultations: int
    basic: int
    seed: int
    slots: int
    resolution: float
    really_solved: float
    wrong: float  # of the answers shown
    misled: float  # who left with a wrong answer
    handed_over: float
    reasons: dict[str, int]
    first_response: Response
    first_response_assisted: Response
    first_response_without: Response


def simulate(model: Finds, drawn: Sequence[Consultation], *, seed: int, number: int, slots: int = SLOTS) -> Report:
    """Let a week pass in which so many come; the same seed gives the same week."""
    chance = random.Random(f"week {seed}")  # noqa: S311 — to be repeated, not to be secret
    known = {one.text: model.find(one.text) for one in drawn}
    others: dict[str | None, list[str]] = defaultdict(list)
    for one in drawn:
        others[one.solves].append(one.text)
    came = sorted(_instant(chance) for _ in range(number))
    asked = [chance.choice(drawn) for _ in came]
    talks = [_Customer(one, known, others[one.solves], chance).talk() for one in asked]
    waits = _served([at for at, talk in zip(came, talks, strict=True) if talk.end == "person"], slots, seed)
    people = iter(waits)
    assisted = [ASSISTANT for talk in talks if talk.useful_first]
    firsts = []
    for talk in talks:
        wait = next(people) if talk.end == "person" else 0.0
        firsts.append(ASSISTANT if talk.useful_first else wait)
    basic = [talk for talk, one in zip(talks, asked, strict=True) if one.solves]
    answers = [right for talk in talks for right in talk.answers]
    return Report(
        consultations=number,
        basic=len(basic),
        seed=seed,
        slots=slots,
        resolution=_share(basic, lambda talk: talk.end == "solved" or (talk.end == "left" and not talk.comes_back)),
        really_solved=_share(basic, lambda talk: talk.end == "solved"),
        wrong=round(answers.count(False) / max(len(answers), 1), 4),
        misled=_share(basic, lambda talk: talk.end == "left"),
        handed_over=_share(talks, lambda talk: talk.end == "person"),
        reasons=dict(Counter(talk.reason for talk in talks if talk.end == "person").most_common()),
        first_response=_response(firsts),
        first_response_assisted=_response(assisted),
        first_response_without=_response(_served(came, slots, seed)),
    )


class _Customer:
    """One who came, as the chances would have it."""

    def __init__(self, one: Consultation, known: dict[str, Found], words: Sequence[str], chance: random.Random) -> None:
        self._one, self._known, self._words, self._chance = one, known, words, chance
        self._standing = Standing()
        self._talk = Talk()

    def talk(self) -> Talk:
        text, decision = self._one.text, self._decide(self._one.text)
        self._talk.useful_first = decision.move in ("answer", "choices")
        for _ in range(_LONGEST_TALK):
            match decision.move:
                case "hand_over":
                    return self._ends("person", decision.why)
                case "answer":
                    after = self._read(decision, text)
                case "choices":
                    after = self._choose(decision)
                case _:  # asked for other words
                    text = self._chance.choice(self._words)
                    after = self._decide(text)
            if after is None:
                return self._talk
            decision = after
        return self._ends("person", "asked")

    def _decide(self, text: str) -> Decision:
        said = gathered([Message(seq=1, text=text)])
        decision = deciding.at_once(said, self._standing) or deciding.found(self._known[text], self._standing)
        return self._noted(decision)

    def _noted(self, decision: Decision) -> Decision:
        before = self._standing
        self._standing = msgspec.structs.replace(
            before,
            misses=decision.misses,
            seen=before.seen | set(decision.articles),
            shown=before.shown | set(decision.articles if decision.move == "answer" else ()),
            last_move=before.last_move if decision.move == "say" else decision.move,
        )
        return decision

    def _read(self, decision: Decision, text: str) -> Decision | None:
        """An answer was shown."""
        right = decision.articles[0] == self._one.solves
        self._talk.answers.append(right)
        drawn = self._chance.random()
        if right:
            if self._chance.random() < PERSON_AFTER.get(decision.articles[0], 0.0):
                return self._gone("person", "playbook")
            return self._gone(*(("solved", "") if drawn < CONTENT else ("person", "asked")))
        if drawn < SAYS_NO:
            self._standing = msgspec.structs.replace(self._standing, refusals=self._standing.refusals + 1)
            return self._noted(deciding.next_best(self._known[text], self._standing))
        if drawn < 1 - LEAVES:
            return self._gone("person", "asked")
        self._talk.comes_back = self._chance.random() < RETURNS
        return self._gone("left", "")

    def _choose(self, decision: Decision) -> Decision | None:
        """Some were offered."""
        chosen: str | None = None
        if self._one.solves in decision.articles:
            chosen = self._one.solves if self._chance.random() < PICKS else None
        elif self._chance.random() < PICKS_WRONG:
            chosen = decision.articles[0]
        if chosen is None:
            return self._gone("person", "misunderstood")
        return self._noted(Decision(move="answer", why="chosen", articles=(chosen,)))

    def _gone(self, end: End, reason: str) -> Decision | None:
        """The talk is over: there is nothing to decide."""
        self._ends(end, reason)
        return None

    def _ends(self, end: End, reason: str) -> Talk:
        self._talk.end, self._talk.reason = end, reason
        return self._talk


def _instant(chance: random.Random) -> float:
    """When somebody comes, in seconds of the week."""
    (hour,) = chance.choices(range(24), _HOURS)
    return chance.randrange(7) * DAY + (hour + chance.random()) * HOUR


def _served(came: Sequence[float], slots: int, seed: int) -> list[float]:
    """Seconds from coming to a person's first useful words, in the order of coming."""
    chance = random.Random(f"people {seed}")  # noqa: S311 — as above
    sigma = math.sqrt(math.log(1 + SPREAD**2))
    free = [0.0] * slots
    waits = []
    for at in came:
        begins = _open_from(max(at, heapq.heappop(free)))
        heapq.heappush(free, begins + chance.lognormvariate(math.log(HANDLING) - sigma**2 / 2, sigma))
        waits.append(begins + FIRST_WORDS - at)
    return waits


def _open_from(at: float) -> float:
    """This instant, or when it opens next."""
    of_day = at % DAY
    return at if OPENS <= of_day < CLOSES else at - of_day + OPENS + (DAY if of_day >= CLOSES else 0)


def _response(seconds: Sequence[float]) -> Response:
    ordered = sorted(seconds) or [0.0]
    return Response(*(round(ordered[min(int(part * len(ordered)), len(ordered) - 1)], 1) for part in (0.5, 0.9)))


def _share(talks: Sequence[Talk], counts: Callable[[Talk], bool]) -> float:
    return round(sum(map(counts, talks)) / max(len(talks), 1), 4)
