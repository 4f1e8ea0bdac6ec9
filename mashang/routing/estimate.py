"""How long a waiting customer will wait: a range that nine of ten keep within, from what the server can see.

Pure, in minutes.  A place with `ahead` customers before it comes up when `ahead + 1`
slots have come free or those before have lost patience.  With `s` slots of handling
time S, and each who waits leaving at the rate θ, the next of i + 1 who wait goes after
1 / (s/S + iθ) minutes on average; the sum over i is the wait (Erlang-A, by queue length)
and the sum of their squares its variance.  What was measured to matter beside it:

* S is occupied slot time ÷ conversations finished, so it knows of long conversations
  before they end, which a mean of finished ones does not;
* a ratio, learned for each queue length, of waits as they were to waits as calculated:
  it knows what the formula does not (long tails, a slot that is free in name only);
* the range is P50 to P90 of a gamma distribution of that mean and variance, its upper
  end stretched until nine of ten customers have waited no longer than they were told;
* those who may still be let in before us: the rate at which they come × how long they may.

Measured by `bin/bench estimate`, in the simulation of `simulation`.

Does not: round or word it for people (`announcement`), or know of rows (`waits`).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import msgspec

HOLDS = 0.9  # the share of customers who are to wait no longer than the upper end
_UPPER = NormalDist().inv_cdf(HOLDS)
_REMEMBERED_FINISHES = 0.99  # what one finished conversation leaves of the weight of those before it
_REMEMBERED_WAITS = 0.98
_CAUTION = 10.0  # how many waits "the formula is right" weighs at the start, in each ratio
_STRETCHED_BY = 0.03  # how much one customer changes the upper end, in logarithm
_MOST_STRETCHED = math.log(8.0)
_RECENT = 30.0  # minutes over which the rate of privileged arrivals is taken


class Standing(msgspec.Struct, frozen=True):
    """Where a customer stands.

    `ahead` counts who is served first and is on offer to nobody; `free` slots are occupied by nobody.
    `exposed` says for how many more minutes a newcomer of each higher priority would still pass.
    Nobody may serve them for `not_before` minutes.
    """

    ahead: int
    free: int = 0
    exposed: tuple[tuple[int, float], ...] = ()
    not_before: float = 0.0


class Estimate(msgspec.Struct, frozen=True):
    """`median` and `upper` are told; `calculated` is what the formula says, from which the ratio is learned."""

    median: float
    upper: float
    calculated: float
    queue: int


class Ratio(msgspec.Struct):
    """Waits as they were and as calculated, both fading; their quotient corrects the formula."""

    waited: float
    calculated: float


class Experience(msgspec.Struct):
    """What one queue has learned.  Begins with what is usual for a chat, so that the first day has an estimate.

    Everything fades, as newer conversations and waits come.  `answering` is how long an agent takes to
    accept an offer; `privileged` counts recent arrivals by priority, as of the minute `privileged_at`; `stretched`
    has a logarithm for those who must queue (0) and one for those who need not (-1).
    """

    occupied: float = 40.0
    finished: float = 5.0
    left: float = 0.0
    waited: float = 30.0
    answering: float = 0.2
    stretched: dict[int, float] = {}
    ratios: dict[int, Ratio] = {}
    privileged: dict[int, float] = {}
    privileged_at: float = 0.0

    @property
    def handling(self) -> float:
        """S: for how many minutes one conversation occupies a slot."""
        return self.occupied / self.finished

    @property
    def impatience(self) -> float:
        """θ: how many leave per customer and minute of waiting."""
        return self.left / self.waited

    def ratio(self, queue: int) -> float:
        """By how much the formula errs at this queue length."""
        found = self.ratios.get(_bucket(queue))
        return found.waited / found.calculated if found else 1.0


class Forecast:
    """The waits of one queue behind so many slots, by queue length.  What is added up once serves all who ask."""

    def __init__(self, experience: Experience, slots: int, now: float) -> None:
        """`now` in minutes, as given to `privileged_came`."""
        self._experience = experience
        self._rate = slots / experience.handling
        self._fading = _faded(experience, now) / _RECENT
        answering = max(experience.answering, 1e-6)
        self._means, self._variances = [answering], [answering * answering]

    def wait(self, standing: Standing) -> Estimate:
        """How long from now."""
        queue = max(standing.ahead - standing.free, -1)
        mean, variance = self._moments(queue + 1)
        if standing.exposed:
            for _ in range(2):  # the longer the wait, the more may come before us: twice is close enough
                mean, variance = self._moments(queue + 1 + self._overtaking(standing, mean))
        shape = max(1.0, mean * mean / variance)
        expected = mean * self._experience.ratio(queue)
        median = max(standing.not_before, expected * gamma_quantile(shape, 0.0))
        upper = expected * gamma_quantile(shape, _UPPER) * math.exp(self._experience.stretched.get(min(queue, 0), 0.0))
        return Estimate(median=median, upper=max(median, upper), calculated=mean, queue=queue)

    def _moments(self, finishes: float) -> tuple[float, float]:
        """Mean and variance of the time until so many slots came free and one's own agent accepted."""
        whole = int(finishes)
        impatience = self._experience.impatience
        for waiting in range(len(self._means) - 1, whole + 1):
            each = 1 / (self._rate + waiting * impatience)
            self._means.append(self._means[-1] + each)
            self._variances.append(self._variances[-1] + each * each)
        part = finishes - whole
        mean = self._means[whole] + part * (self._means[whole + 1] - self._means[whole])
        return mean, self._variances[whole] + part * (self._variances[whole + 1] - self._variances[whole])

    def _overtaking(self, standing: Standing, mean: float) -> float:
        """How many will probably come and be served before us."""
        came = self._experience.privileged
        return sum(
            came.get(priority, 0.0) * self._fading * min(mean, minutes) for priority, minutes in standing.exposed
        )


def estimate(experience: Experience, standing: Standing, slots: int, now: float) -> Estimate | None:
    """How long one customer will wait; None when there is no slot at all."""
    return Forecast(experience, slots, now).wait(standing) if slots > 0 else None


def gamma_quantile(shape: float, z: float) -> float:
    """A quantile of the gamma distribution of mean 1, `z` being the standard normal one.

    Wilson and Hilferty 1931: within 1.5 % of the exact one at P50 and P90 for every shape ≥ 1, and no wait
    calculated here has a smaller one.
    """
    return max(0.0, 1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))) ** 3


# ── learning ────────────────────────────────────────────────────────────────


def occupied(experience: Experience, slot_minutes: float) -> None:
    """So much time went by in slots with a customer."""
    experience.occupied += slot_minutes


def finished(experience: Experience) -> None:
    """A conversation ended and its slot is free."""
    experience.occupied *= _REMEMBERED_FINISHES
    experience.finished = experience.finished * _REMEMBERED_FINISHES + 1


def answered(experience: Experience, minutes: float) -> None:
    """An agent accepted, so long after the offer."""
    experience.answering += (1 - _REMEMBERED_WAITS) * (minutes - experience.answering)


def served(experience: Experience, told: Estimate | None, minutes: float) -> None:
    """A customer was served after so many minutes; `told` is what was estimated when they came."""
    experience.left *= _REMEMBERED_WAITS
    experience.waited = experience.waited * _REMEMBERED_WAITS + minutes
    if told is None:
        return
    ratio = experience.ratios.setdefault(
        _bucket(told.queue), Ratio(_CAUTION * told.calculated, _CAUTION * told.calculated)
    )
    ratio.waited = ratio.waited * _REMEMBERED_WAITS + minutes
    ratio.calculated = ratio.calculated * _REMEMBERED_WAITS + told.calculated
    # Longer than told: stretch; else slacken nine times less.  It rests when one of ten waits longer
    # (Gibbs and Candès 2021, adaptive conformal inference).
    those = min(told.queue, 0)
    moved = experience.stretched.get(those, 0.0) + _STRETCHED_BY * (HOLDS if minutes > told.upper else HOLDS - 1)
    experience.stretched[those] = min(max(moved, -_MOST_STRETCHED), _MOST_STRETCHED)


def left(experience: Experience, minutes: float) -> None:
    """A customer left after so many minutes without being served."""
    experience.left = experience.left * _REMEMBERED_WAITS + 1
    experience.waited = experience.waited * _REMEMBERED_WAITS + minutes


def privileged_came(experience: Experience, priority: int, now: float) -> None:
    """Somebody came who is let in before others."""
    fading = _faded(experience, now)
    experience.privileged = {one: count * fading for one, count in experience.privileged.items()}
    experience.privileged[priority] = experience.privileged.get(priority, 0.0) + 1
    experience.privileged_at = max(now, experience.privileged_at)


def _faded(experience: Experience, now: float) -> float:
    return math.exp(-max(0.0, now - experience.privileged_at) / _RECENT)


def _bucket(queue: int) -> int:
    """Queue lengths that share a ratio: each of the short ones alone, the long ones by half octaves."""
    return -1 if queue < 0 else int(2 * math.log2(queue + 1))
