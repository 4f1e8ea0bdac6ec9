"""One turn of the assistant: what was said since the last answer is read, thought about, and answered once.

Reading and answering are two transactions and thinking lies between them, so nobody waits for a finder while a row
is held.  The second looks again: what was answered meanwhile, by another process or because a person took over, is
not answered twice.  Whatever dies in between leaves nothing behind, and the sweep begins again.

A model is asked by one process: it takes a lease that lasts as long as a model may take, and gives it back with the
answer.  Meanwhile the turn is that process's; when the lease runs out, the turn goes on without a model.

Whatever fails in it leads to a person, and is said as that.

Does not: decide (`thinking`), write (`answering`), or find out whose turn it is (`attending`).
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from mashang.bot import answering, diagnosing, helping, thinking
from mashang.bot.model import Model
from mashang.bot.scene import Scene, look
from mashang.bot.thinking import Knowledge
from mashang.codes import declared
from mashang.conversations import conversation as conversations
from mashang.kit.db import Database, Tx
from mashang.kit.log import log
from mashang.routing import assistance
from mashang.routing.assistance import Lease

Place = AbstractAsyncContextManager[Any]  # to be entered again and again
_ANYWHERE: Place = nullcontext()


class _AskedByAnother(Exception):
    """Another process asks the model for this turn."""


class _Leased:
    """The right to ask a model for a turn, once it is known that one would be asked."""

    def __init__(self, db: Database, scene: Scene, span: timedelta) -> None:
        self._db, self._scene, self._span = db, scene, span
        self.held: Lease | None = None

    async def may_ask(self) -> bool:
        """False: whoever asked gave nothing in time, or the turn is answered.  Raises _AskedByAnother."""
        async with self._db.transaction() as tx:
            if not await _is_still_so(tx, self._scene):
                return False
            lease = await assistance.ask(tx, self._scene.conversation.id, self._span)
        if lease.whose == "taken":
            raise _AskedByAnother
        if lease.whose == "ours":
            self.held = lease
        return lease.whose == "ours"


async def take(
    db: Database, knowledge: Knowledge, model: Model, conversation_id: int, place: Place = _ANYWHERE
) -> bool:
    """Answer what is to be answered; False when there was nothing, or another asks a model for it.

    `place` is held while it reads, finds and writes, and given up while a model is asked: whose answer needs no model
    never waits behind those whose does.
    """
    scene: Scene | None = None
    try:
        async with place:
            rules = await declared.rules(db)
            async with db.transaction() as tx:
                scene = await look(tx, conversation_id)
            if scene is None:
                return False
            plan = await thinking.think(scene, knowledge, rules)
        lease = _Leased(db, scene, model.patience)
        helped = await helping.by_model(db, model, scene, plan.decision, rules, may_ask=lease.may_ask)
        plan = msgspec.structs.replace(plan, words=helped.words, filled=helped.filled)
        async with place, db.transaction() as tx:
            if await _is_still_so(tx, scene):
                await answering.answer(tx, scene, plan, rules)
            elif lease.held:
                await assistance.give_back(tx, conversation_id, lease.held)
    except _AskedByAnother:
        return False
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout):
        raise  # the database is away: the sweep comes back
    except Exception:  # noqa: BLE001 — whatever is wrong with the assistant, its customer gets a person
        log.exception("assistant_failed", conversation=conversation_id)
        async with db.transaction() as tx:
            if scene is None:
                await diagnosing.give_up(tx, conversation_id)
            elif await _is_still_so(tx, scene):  # else somebody has answered, or taken over
                await answering.fail(tx, scene)
    return True


async def _is_still_so(tx: Tx, scene: Scene) -> bool:
    """Has nobody answered or taken over, and no playbook gone on, since we looked?"""
    now = await conversations.lock(tx, scene.conversation.id)
    known = await assistance.of(tx, now.id)
    before = scene.known
    return (
        known is not None
        and now.status == scene.conversation.status
        and (known.state, known.heard_seq, known.answers_first, known.run)
        == (before.state, before.heard_seq, before.answers_first, before.run)
    )
