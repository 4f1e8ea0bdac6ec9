"""Sweeps: what must happen is derived from the rows, again and again, so that nothing is forgotten.

Events make things prompt; these make them certain.  Any number of workers may run:
each sweep takes what it does with row locks or is harmless twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import psycopg
from psycopg_pool import PoolTimeout

from mashang.bot import experience
from mashang.channels.help import counting as help_counting
from mashang.codes import counting, offer_trying, offering
from mashang.conversations import acted, affected, attachments, canned_pictures
from mashang.customers import continuation, proof
from mashang.customers import sessions as customer_sessions
from mashang.desk import consultations, search_index
from mashang.insights import gaps
from mashang.kit.db import Database, Tx
from mashang.kit.log import log
from mashang.kit.storage import Storage
from mashang.knowledge import relearning
from mashang.routing import learning
from mashang.shops import confirming, context, pressing, tracking
from mashang.shops import events as shop_events
from mashang.shops.adapters import Shops
from mashang.staff import password_links, presence, sign_in
from mashang.staff import sessions as staff_sessions


async def run(db: Database, shops: Shops, storage: Storage) -> None:
    """Sweep until cancelled."""
    await asyncio.gather(
        _every(search_index.EVERY, "search", search_index.Indexer(db).sweep),
        _every(relearning.EVERY, "knowledge", relearning.Relearner(db).sweep),
        _every(experience.EVERY, "experience", experience.Experience(db).sweep),
        _every(2, "presence", lambda: _in_transaction(db, presence.sweep)),
        _every(consultations.EVERY, "consultations", lambda: consultations.sweep(db)),
        _every(gaps.EVERY, "gaps", lambda: gaps.sweep(db)),
        _every(5, "waits", lambda: _in_transaction(db, learning.learn)),
        _every(3, "context", lambda: context.sweep(db, shops)),
        _every(2, "actions", lambda: pressing.settle(db, shops)),
        _every(2, "actions_told", lambda: _in_transaction(db, acted.tell)),
        _every(3, "incidents", lambda: affected.catch_up(db)),
        _every(20, "shops_incidents", lambda: confirming.confirm(db, shops)),
        _every(600, "attachments", lambda: attachments.sweep(db, storage)),
        _every(600, "canned_pictures", lambda: canned_pictures.sweep(db, storage)),
        _every(600, "sessions", lambda: _in_transaction(db, _forget)),
    )


async def _forget(tx: Tx) -> None:
    await customer_sessions.sweep(tx)
    await staff_sessions.forget_ended(tx)
    await sign_in.forget_old_failures(tx)
    await password_links.forget_old(tx)
    await shop_events.sweep(tx)
    await proof.sweep(tx)
    await continuation.sweep(tx)
    await counting.sweep(tx)
    await help_counting.sweep(tx)
    await offer_trying.sweep(tx)
    await offering.sweep(tx)
    await tracking.sweep(tx)


async def _in_transaction(db: Database, verb: Callable[[Tx], Awaitable[Any]]) -> None:
    async with db.transaction() as tx:
        await verb(tx)


async def _every(seconds: float, what: str, sweep: Callable[[], Awaitable[Any]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await sweep()
        except (psycopg.Error, PoolTimeout, httpx.HTTPError) as error:
            log.warning("sweep_failed", sweep=what, error=type(error).__name__)
        except Exception:  # noqa: BLE001 — the edge of a job: a bug in one sweep must not stop it for good
            log.exception("sweep_failed", sweep=what)
