"""Keeps the finder's model as new as the knowledge, some seconds behind it.

A sweep of the worker: when what is published and valid, and how it is asked for, is no longer
what was learnt from, it is learnt anew in a process of its own (`learner`).  Classifiers
come first and serve with the thresholds they find; calibrated ones follow.  Until then
the old model answers.  Of several workers one learns.  A stored model that cannot be read
is taken away by whoever notices, and so learnt anew at once.

Does not: answer (`serving`), or say how to learn (`learning`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.log import log
from mashang.knowledge import reading
from mashang.knowledge.apart import CALIBRATED, EXAMINED, Learner, LearningFailed, Said
from mashang.knowledge.doctoring import Examination
from mashang.knowledge.packing import FORM

EVERY = 0.5  # seconds
_AGAIN_AFTER = timedelta(minutes=1)  # a learner that failed
_OURS = f"{FORM}:"  # how what was learnt in our own form begins
_LOCK = "select pg_try_advisory_lock(hashtext('knowledge_model'))"


class Stored(msgspec.Struct, frozen=True):
    """Which model it is; one that is not calibrated has the thresholds of the one before."""

    learnt_from: str
    is_calibrated: bool
    learnt_at: datetime


class Relearner:
    """Remembers what it has seen, so that nothing is read twice."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._mark = ""
        self._learnt = ""  # a digest: by us, or found stored
        self._not_before = clock.now()

    async def sweep(self) -> bool:
        """Learn if there is something to be learnt; was there?"""
        if clock.now() < self._not_before:
            return False
        async with self._db.transaction() as tx:
            mark = await reading.mark(tx)
            known = await tx.value(
                "select learnt_from from knowledge_model where is_calibrated and examination is not null"
            )
            if (mark, known or "") == (self._mark, self._learnt):
                return False
            there = await reading.learnable(tx)
            digest = f"{_OURS}{there or ''}"
            if known == digest or (there is None and known is None):
                self._mark, self._learnt = mark, known or ""
                return False
        async with self._db.connection() as connection:  # the lock ends with it, however we end
            row = await (await connection.execute(_LOCK)).fetchone()
            if not row or not row[0]:
                return False
            async with self._db.transaction() as tx:
                request = await reading.written(tx)  # what changed since makes it learnt once more
            return await self._learn(request, digest, mark)

    async def _learn(self, request: bytes, digest: str, mark: str) -> bool:
        try:
            async with Learner(request) as learner:
                async for said in learner.says():
                    async with self._db.transaction() as tx:
                        await _store(tx, digest, said)
        except LearningFailed as failure:
            log.error("knowledge_not_learnt", status=str(failure))
            self._not_before = clock.now() + _AGAIN_AFTER
            return False
        if digest == self._learnt:  # and somebody could not read it: not again and again
            self._not_before = clock.now() + _AGAIN_AFTER
        self._mark, self._learnt = mark, digest
        return True


async def _store(tx: Tx, digest: str, said: Said) -> None:
    if said.what == EXAMINED:
        await tx.run("update knowledge_model set examination = %s", (said.content.decode(),))
        return
    await tx.run(
        "insert into knowledge_model (learnt_from, is_calibrated, model) values (%(of)s, %(done)s, %(model)s)"
        " on conflict (one) do update set learnt_from = %(of)s, is_calibrated = %(done)s, model = %(model)s,"
        " learnt_at = app_now()",
        {"of": digest, "done": said.what == CALIBRATED, "model": said.content},
    )


async def examination(tx: Tx) -> tuple[Examination, datetime] | None:
    """What the knowledge doctor found last, and when that was learnt; None: nothing was examined yet."""
    row = await tx.first("select examination, learnt_at from knowledge_model where examination is not null")
    return None if row is None else (msgspec.convert(row["examination"], Examination), row["learnt_at"])


async def stored(tx: Tx) -> Stored | None:
    """Which model is stored; None: nothing was learnt yet, or by another release in a form that is not ours."""
    return await tx.first(
        "select learnt_from, is_calibrated, learnt_at from knowledge_model where starts_with(learnt_from, %s)",
        (_OURS,),
        into=Stored,
    )


async def take_away(tx: Tx, unreadable: Stored) -> None:
    """The stored model, if it is still that one: it cannot be read, and is learnt anew at once."""
    await tx.run(
        "delete from knowledge_model where (learnt_from, is_calibrated, learnt_at) = (%s, %s, %s)",
        msgspec.structs.astuple(unreadable),
    )


async def packed(tx: Tx) -> bytes:
    """The stored model."""
    model: bytes = await tx.value("select model from knowledge_model")
    return model
