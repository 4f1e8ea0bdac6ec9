"""The task that gives the assistant its turns: at every word of a customer it serves, and every two seconds.

A word makes it prompt and may get lost; the sweep over the same rows makes it certain.  Any number of processes may
run it: a turn looks again under the conversation's lock before it answers.  What a playbook needs of the shop is
brought beside the turns, so that a slow shop keeps nobody else waiting.  The sweep also lets playbooks notice a
silence, and ends what nobody goes on with: a while after “that helped”, or after a long silence.

Does not: answer (`turn`), or go on with a playbook (`diagnosing`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from datetime import timedelta
from itertools import count

import psycopg
from psycopg_pool import PoolTimeout

from mashang import routing
from mashang.bot import diagnosing, playing, turn
from mashang.bot.model import Model
from mashang.bot.run import Happened, Proved, Silence
from mashang.bot.scene import DUE
from mashang.bot.thinking import Knowledge
from mashang.conversations import conversation as conversations
from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.kit.sealing import Sealer
from mashang.shops.adapters import Shops

SWEEP_EVERY = timedelta(seconds=2)
CONTENT_FOR = timedelta(minutes=10)  # after “that helped”
SILENT_FOR = timedelta(hours=2)
_NOTICE_EVERY = 15  # sweeps: playbooks count silence in minutes
_AT_ONCE = 8  # turns side by side: each holds a connection for a moment
_MOST = 200  # of one sweep

# Assisted conversations whose customer has been answered and says nothing more.
_IDLE = f"""
    from conversation c join assistance a on a.conversation_id = c.id
    where c.status = 'assisted' and not ({DUE}) and c.last_entry_at <= app_now() - case when (
        select v.verdict from assistant_verdict v
        where v.conversation_id = c.id and v.seq > a.after_seq and v.said_by = 'customer'
        order by v.seq desc limit 1
    ) = 'helpful' then %(content)s else %(silent)s end
"""

# Playbooks that wait for a proof which came while nobody heard of it.
_PROVED = """
    select a.conversation_id as id from assistance a join conversation c on c.id = a.conversation_id
    where a.state <> 'out' and c.status in ('assisted', 'waiting') and a.run ->> 'waits' = 'proof' and exists (
        select from entry e where e.conversation_id = c.id and e.kind = 'event'
            and e.data ->> 'name' in ('proved', 'joined') and e.at > (a.run ->> 'since')::timestamptz)
"""

# Playbooks that wait for what somebody has to bring.
_WAITING = """
    select a.conversation_id as id from assistance a join conversation c on c.id = a.conversation_id
    where a.state <> 'out' and c.status in ('assisted', 'waiting')
        and a.run ->> 'waits' = any (%(waits)s)
"""

# Playbooks whose question has waited as long as they let it.
_SILENT = """
    select a.conversation_id as id from assistance a join conversation c on c.id = a.conversation_id
    where a.state <> 'out' and c.status in ('assisted', 'waiting') and a.run ->> 'waits' = 'answer'
        and (a.run ->> 'due_at')::timestamptz <= app_now()
"""


class Attending:
    """Run `run()` in any process that serves customers, several may."""

    def __init__(self, db: Database, knowledge: Knowledge, model: Model, shops: Shops, sealer: Sealer) -> None:
        self._db, self._knowledge, self._model, self._shops, self._sealer = db, knowledge, model, shops, sealer
        self._heard: set[int] = set()
        self._woken = asyncio.Event()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._turning: set[int] = set()  # conversations
        self._put_off: set[int] = set()  # of these, where more was said that needs the model, too
        self._rounds: set[asyncio.Task[None]] = set()
        self._errands: dict[int, asyncio.Task[None]] = {}

    def heard(self, conversation_ids: Iterable[int]) -> None:
        """Something was said there: look soon."""
        self._heard.update(conversation_ids)
        self._woken.set()

    async def proved(self, conversation_id: int) -> None:
        """Its customer proved something, which a playbook may wait for."""
        await self._or_a_person(conversation_id, self._happened(conversation_id, Proved()))
        await self._send_out([conversation_id])

    async def run(self) -> None:
        """Take turns until cancelled."""
        try:
            async with asyncio.TaskGroup() as both:  # neither outlives the other
                both.create_task(self._prompt())
                both.create_task(self._sweep())
        finally:
            for task in (*self._errands.values(), *self._rounds):
                task.cancel()

    async def _prompt(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            heard, self._heard = self._heard, set()
            # Nobody's answer waits for the model's words for somebody else.
            round_ = asyncio.ensure_future(_surviving("assistant", self.attend(heard)))
            self._rounds.add(round_)
            round_.add_done_callback(self._rounds.discard)

    async def _sweep(self) -> None:
        for number in count():
            await asyncio.sleep(SWEEP_EVERY.total_seconds())
            await _surviving("assistant_sweep", self.sweep())
            if number % _NOTICE_EVERY == 0:
                await _surviving("assistant_silence", self.notice_silence())

    async def attend(self, among: Iterable[int] | None) -> None:
        """Take the turns that are due, of these conversations or of all, and bring what they lead to."""
        only = "" if among is None else "and c.id = any (%(ids)s)"
        ids = list(among or ())
        async with self._db.transaction() as tx:
            rows = await tx.all(
                f"select c.id from assistance a join conversation c on c.id = a.conversation_id"
                f" where {DUE} {only} order by c.last_entry_at limit {_MOST}",
                {"ids": ids},
            )

        async def one(conversation_id: int) -> None:
            if conversation_id in self._turning:
                if among is not None:  # else it was not missed: a round of ours waits for the model
                    await self._beside(conversation_id)
                return
            self._turning.add(conversation_id)
            try:
                await turn.take(self._db, self._knowledge, self._model, conversation_id, self._turns)
            finally:
                self._turning.discard(conversation_id)
            if conversation_id in self._put_off:
                self._put_off.discard(conversation_id)
                self.heard([conversation_id])

        done = await asyncio.gather(*(one(row["id"]) for row in rows), return_exceptions=True)
        if rows or among is None:
            await self._send_out(None if among is None else ids)
        if failed := next((error for error in done if isinstance(error, BaseException)), None):
            raise failed

    async def _beside(self, conversation_id: int) -> None:
        """What needs no model is answered at once; the rest when the round is over that asks one for this customer."""
        taken = await turn.take(self._db, self._knowledge, self._model, conversation_id, self._turns)
        if not taken and conversation_id in self._turning:
            self._put_off.add(conversation_id)

    async def _send_out(self, among: list[int] | None) -> None:
        """Bring what playbooks wait for, each beside everything else."""
        only = "" if among is None else "and c.id = any (%(ids)s)"
        async with self._db.transaction() as tx:
            params = {"waits": list(diagnosing.UNDER_WAY), "ids": among or []}
            rows = await tx.all(f"{_WAITING} {only} order by c.last_entry_at limit {_MOST}", params)
        for row in rows:
            conversation_id = row["id"]
            if conversation_id not in self._errands:
                errand = _surviving("assistant_errand", self._bring(conversation_id))
                self._errands[conversation_id] = asyncio.ensure_future(errand)

    async def _bring(self, conversation_id: int) -> None:
        bringing = playing.bring(self._db, self._shops, self._sealer, conversation_id, diagnosing.tell)
        try:
            await self._or_a_person(conversation_id, bringing)
        finally:
            self._errands.pop(conversation_id, None)
        self.heard([conversation_id])  # what was said meanwhile

    async def settled(self) -> None:
        """Wait until everything that was sent for has come; for tests."""
        while self._errands:
            await asyncio.gather(*self._errands.values())

    async def notice_silence(self) -> None:
        """Let playbooks that wait for an answer notice that none came."""
        async with self._db.transaction() as tx:
            rows = await tx.all(f"{_SILENT} order by a.run ->> 'due_at' limit {_MOST}")
        for row in rows:
            silence = self._or_a_person(row["id"], self._happened(row["id"], Silence()))
            await _surviving("assistant_silence", silence)

    async def _notice_proofs(self) -> None:
        """Go on where a proof was made and nobody said so: its process died."""
        async with self._db.transaction() as tx:
            rows = await tx.all(f"{_PROVED} order by c.last_entry_at limit {_MOST}")
        for row in rows:
            await _surviving("assistant_proof", self.proved(row["id"]))

    async def _happened(self, conversation_id: int, what: Happened) -> None:
        async with self._db.transaction() as tx:
            await diagnosing.happened(tx, conversation_id, what)

    async def _or_a_person(self, conversation_id: int, work: Awaitable[object]) -> None:
        """Whatever is wrong with a playbook, or with what a shop said in it, its customer gets a person."""
        try:
            await work
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout):
            raise  # the database is away: the sweep comes back
        except Exception:  # noqa: BLE001 — the edge of a job: whatever failed in a playbook, its customer gets a person
            log.exception("assistant_failed")
            async with self._db.transaction() as tx:
                await diagnosing.give_up(tx, conversation_id)

    async def sweep(self) -> None:
        """Answer what was missed, and end what nobody goes on with."""
        await self._notice_proofs()
        await self.attend(None)
        params = {"content": CONTENT_FOR, "silent": SILENT_FOR}
        async with self._db.transaction() as tx:
            idle = await tx.all(f"select c.id {_IDLE} order by c.id limit {_MOST}", params)
        for row in idle:
            async with self._db.transaction() as tx:
                await conversations.lock(tx, row["id"])
                if await tx.value(f"select 1 {_IDLE} and c.id = %(id)s", {**params, "id": row["id"]}):
                    await routing.close(tx, None, row["id"])


async def _surviving(what: str, work: Awaitable[None]) -> None:
    """Whatever is wrong now, the next sweep looks again."""
    try:
        await work
    except (psycopg.Error, PoolTimeout) as error:
        log.warning(f"{what}_postponed", error=type(error).__name__)
    except Exception:  # noqa: BLE001 — the edge of a job
        log.exception(f"{what}_failed")
