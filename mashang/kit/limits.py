"""How often somebody may do something: token buckets in this process.

A limit here protects the process and its neighbours from floods.  Limits that
must hold over restarts and processes (sign-in, proofs) are rows in the database.
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from time import monotonic

from mashang.kit.errors import TooMany

_MOST_KEYS = 50_000


class Limiter:
    """`burst` at once, refilled at `rate` a second, for each key apart.

    The least recently seen keys are forgotten past 50,000: a forgotten key has a
    full bucket again, which is the error on the side of letting people in.
    """

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def forget(self) -> None:
        """Every bucket is full again."""
        self._buckets.clear()

    def take(self, key: str, cost: float = 1.0) -> None:
        """Take `cost` from the key's bucket; raises TooMany(retry_after seconds)."""
        wait = self.wait(key, cost)
        if wait > 0:
            raise TooMany(retry_after=math.ceil(wait))

    def wait(self, key: str, cost: float = 1.0) -> float:
        """Like `take`, answering the seconds to wait (0: taken) instead of raising."""
        now = monotonic()
        level, at = self._buckets.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        short = cost - level
        self._buckets[key] = (level if short > 0 else level - cost, now)
        if len(self._buckets) > _MOST_KEYS:
            self._buckets.popitem(last=False)
        return short / self._rate if short > 0 else 0.0

    def charge(self, key: str, cost: float) -> None:
        """Take what was used already, below nothing if need be: the key then waits until it is made up for."""
        now = monotonic()
        level, at = self._buckets.pop(key, (self._burst, now))
        self._buckets[key] = (min(self._burst, level + (now - at) * self._rate) - cost, now)


def address_block(address: str) -> str:
    """What counts as one side: an IPv4 address, an IPv6 /64 (one subscriber's usual share)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
