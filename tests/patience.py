"""Waiting that ends: for what nobody tells, and for the quickest of several attempts.

A stall of the machine makes a wait longer and an attempt slower; it fails neither.  What never comes does, after a
minute and in words, instead of holding up the suite.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest

T = TypeVar("T")
MINUTE = timedelta(minutes=1)
LEARNING = timedelta(minutes=6)  # the product learns beside its service, and gives way to everything else that runs


async def until(look: Callable[[], Awaitable[T]], what: str, *, within: timedelta = MINUTE) -> T:
    """The first thing seen that is true, looked at again and again; fails with `what` after `within`."""
    seen: object = None
    try:
        async with asyncio.timeout(within.total_seconds()):
            while not (found := await look()):
                seen = found
                await asyncio.sleep(0.05)  # whatever is waited for tells nobody
    except TimeoutError:
        pytest.fail(f"never came: {what} (seen last: {seen!r})")
    return found


async def quickest(attempt: Callable[[], Awaitable[timedelta]], enough: timedelta) -> timedelta:
    """What the quickest of up to three attempts took; one that was quick enough is the last."""
    took = await attempt()
    for _ in range(2):
        if took <= enough:
            break
        took = min(took, await attempt())
    return took
