"""Group commit: messages into open conversations, as many as arrived while the last batch was committing.

One flush to disk serves a whole batch, and an idle server adds no wait.  The next
batch leaves as soon as the last one returned, before anybody is told of that one:
the database and this process work at the same time.

Rules of a batch:
* the same `client_id` twice is one message: the second call answers the number
  of the first, or DifferentMessage when the words differ; one that was taken back
  meanwhile has no words left to differ from;
* conversations whose row somebody else holds wait for a later batch, in their
  order, and keep nobody waiting;
* "still open" and "may write here" are conditions of the statement itself;
* a batch that fails is retried row by row: one bad row refuses one sender.

Does not: write what belongs to another change (`timeline.append`).
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any

import msgspec
import psycopg
from prometheus_client import Counter, Histogram
from psycopg import AsyncCursor
from psycopg.rows import tuple_row

from mashang.conversations import timeline
from mashang.conversations.entry import Entry, NewEntry
from mashang.conversations.events import EntriesPosted
from mashang.kit.db import Database
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.kit.log import log
from mashang.kit.text import storable

LARGEST_BATCH = 256
_POSTED = Counter("mashang_messages_stored", "Messages stored by the group commit of this process")
_BATCH = Histogram("mashang_batch_messages", "Messages in one group commit", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256))


class ConversationClosed(Refusal):
    """Nothing can be said in a closed conversation; reopening it is a verb of its own."""

    status, code = 409, "conversation_closed"


class NotInConversation(Refusal):
    """The author is neither its customer, nor the agent who serves it, nor one who joined them."""

    status, code = 403, "not_in_conversation"


class DifferentMessage(Refusal):
    """The `client_id` was used before for other words."""

    status, code = 409, "different_message"


class NotStored(Refusal):
    """The database did not take the message now; sending it again is safe."""

    status, code = 503, "not_stored"


_POST = """
with incoming as (
    select * from json_to_recordset(%(batch)s::json) as t (
        ord int, conversation_id bigint, author text, author_id bigint, audience text, kind text, text text,
        data jsonb, client_id text, preview text
    )
), locked as (
    select c.id, c.public_id, c.head, c.public_head, c.status, c.customer_id, c.agent_id
    from conversation c
    where c.id = any (%(conversations)s::bigint[])
    order by c.id
    for update skip locked
), known as (
    select i.ord, e.seq, e.prev_public, e.at,
        e.kind = 'event' or e.text = i.text and e.kind = i.kind and e.audience = i.audience
            and coalesce(e.data ->> 'id', '') = coalesce(i.data ->> 'id', '') as same
    from incoming i
    cross join lateral (
        select * from entry e
        where e.conversation_id + 0 = i.conversation_id and e.author = i.author
            and e.author_id = i.author_id and e.client_id = i.client_id
        limit 1
    ) e
), judged as (
    select i.*, l.public_id, l.head, l.public_head,
        case
            when l.id is null and exists (select from conversation c where c.id = i.conversation_id) then 'busy'
            when l.id is null then 'missing'
            when i.author = 'customer' and l.customer_id <> i.author_id and not exists (
                select from same_as s where s.undone_at is null and (
                    s.visitor_id = l.customer_id and s.account_id = i.author_id
                    or s.visitor_id = i.author_id and s.account_id = l.customer_id)
            ) then 'missing'
            when l.status = 'closed' and i.audience = 'everyone' then 'closed'
            when i.author = 'agent' and i.audience = 'everyone' and l.agent_id is distinct from i.author_id
                and not exists (
                    select from joined g where g.conversation_id = i.conversation_id and g.agent_id = i.author_id)
                then 'not_in_conversation'
        end as refusal
    from incoming i left join locked l on l.id = i.conversation_id
), numbered as (
    select j.*, j.head + row_number() over (partition by j.conversation_id order by j.ord) as seq
    from judged j
    where j.refusal is null and not exists (select from known k where k.ord = j.ord)
), this_moment as materialized (
    select app_now() as at
), linked as (
    select n.*, m.at, coalesce(
        max(n.seq) filter (where n.audience = 'everyone') over (
            partition by n.conversation_id order by n.ord rows between unbounded preceding and 1 preceding
        ), n.public_head) as prev_public
    from numbered n, this_moment m
), stored as (
    insert into entry (conversation_id, seq, prev_public, at, audience, author, author_id, kind, text, data, client_id)
    select conversation_id, seq, prev_public, at, audience, author, author_id, kind, text, data, client_id
    from linked
), moved as (
    update conversation c
    set head = s.head,
        public_head = coalesce(s.public_head, c.public_head),
        unread_by_staff = c.unread_by_staff + s.from_customer,
        unread_by_customer = c.unread_by_customer + s.from_agent,
        last_entry_at = s.at, last_preview = coalesce(s.preview, c.last_preview),
        last_author = coalesce(s.author, c.last_author)
    from (
        select conversation_id, max(seq) as head, max(at) as at,
            max(seq) filter (where audience = 'everyone') as public_head,
            count(*) filter (where author = 'customer') as from_customer,
            count(*) filter (where author = 'agent' and audience = 'everyone') as from_agent,
            (array_agg(preview order by seq desc) filter (where audience = 'everyone'))[1] as preview,
            (array_agg(author order by seq desc) filter (where audience = 'everyone'))[1] as author
        from linked group by conversation_id
    ) s
    where c.id = s.conversation_id
), announced as (
    select pg_notify('mashang', %(origin)s || string_agg(conversation_id || ':' || seq, ','))
    from linked having count(*) > 0
)
select j.ord, j.refusal, coalesce(j.public_id, ''), coalesce(k.seq, l.seq), coalesce(k.prev_public, l.prev_public),
    coalesce(k.at, l.at), k.seq is not null, k.same, (select count(*) from announced)
from judged j left join known k on k.ord = j.ord left join linked l on l.ord = j.ord
order by j.ord
"""

_PATIENCE = 3.0  # seconds a message waits for its conversation while somebody else holds the row
_BREATH = 0.005  # seconds before asking again when all of a batch had to wait
# Only a whole table that somebody holds makes a batch wait.
_IMPATIENT = b"set lock_timeout = '1s'"
# One plan for ever, made while the tables may be empty and without statistics: it must be the one by keys.
_BY_KEYS = b"set enable_seqscan = off; set plan_cache_mode = force_generic_plan"

_REFUSALS: dict[str, type[Refusal]] = {
    "missing": NotFound,
    "closed": ConversationClosed,
    "not_in_conversation": NotInConversation,
}


class Posted(msgspec.Struct, frozen=True):
    """What became of a post: the stored entry, and whether it had been stored before."""

    entry: Entry
    repeated: bool


class _Waiting:
    __slots__ = ("entry", "outcome", "until")

    def __init__(self, entry: NewEntry, outcome: asyncio.Future[Posted], until: float) -> None:
        self.entry = entry
        self.outcome = outcome
        self.until = until  # the loop's time at which we stop waiting for a row somebody holds


class Writer:
    """Group commit over one connection of its own; run `run()` as a task for as long as the process serves."""

    def __init__(self, db: Database, origin: str) -> None:
        self._db = db
        self._loop = asyncio.get_running_loop()  # once: it asks the kernel for our process number each time
        self._origin = origin  # names this process in its announcements, so that it can skip its own
        self._pending: list[_Waiting] = []
        self._arrived = asyncio.Event()

    def post(self, entry: NewEntry) -> asyncio.Future[Posted]:
        """Store a message into an open conversation; the future is done after the commit.

        Raises (through the future) NotFound, ConversationClosed, NotInConversation,
        DifferentMessage, Invalid for text that cannot be stored, NotStored.
        """
        outcome: asyncio.Future[Posted] = self._loop.create_future()
        if not storable(entry.text):
            outcome.set_exception(Invalid(field="text", reason="characters"))
            return outcome
        self._pending.append(_Waiting(entry, outcome, self._loop.time() + _PATIENCE))
        self._arrived.set()
        return outcome

    async def run(self) -> None:
        """Commit batches until cancelled; a lost connection is opened again."""
        while True:
            try:
                async with self._db.connection() as connection:
                    await connection.execute(_BY_KEYS)
                    await connection.execute(_IMPATIENT)
                    async with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
                        await self._serve(cursor)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                log.warning("writer_disconnected", error=str(error).strip())
                self._refuse_all()
                await asyncio.sleep(0.2)

    async def _serve(self, cursor: AsyncCursor[Any]) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._pending:
                batch, later = _without_repeats(self._pending[:LARGEST_BATCH])
                self._pending = later + self._pending[LARGEST_BATCH:]
                with ExitStack() as undo:
                    undo.callback(_refuse, batch)  # whatever happens, nobody waits for ever
                    await self._commit(cursor, batch)
                    undo.pop_all()

    async def _commit(self, cursor: AsyncCursor[Any], batch: list[_Waiting]) -> None:
        try:
            await self._store(cursor, batch)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            if cursor.connection.closed:
                _refuse(batch)  # stored or not, nobody knows: the sender repeats it with the same client_id
                raise
            _refuse(batch)  # a table is held, or the server is short of something: later, then
        except psycopg.Error:
            await self._one_by_one(cursor, batch)

    async def _one_by_one(self, cursor: AsyncCursor[Any], batch: list[_Waiting]) -> None:
        for position, waiting in enumerate(batch):
            waiting.until = 0.0  # lining up again alone would change the order
            try:
                await self._store(cursor, [waiting])
            except psycopg.Error as error:
                log.warning("entry_refused_by_database", error=type(error).__name__)
                _refuse([waiting])
                if cursor.connection.closed:
                    _refuse(batch[position + 1 :])
                    raise

    async def _store(self, cursor: AsyncCursor[Any], batch: list[_Waiting]) -> None:
        await cursor.execute(_POST.encode(), _parameters(batch, self._origin), prepare=True)
        answered = list(zip(batch, await cursor.fetchall(), strict=True))
        if any(_is_busy(row) for _, row in answered):
            self._put_off([waiting for waiting, row in answered if _is_busy(row)])
            answered = [(waiting, row) for waiting, row in answered if not _is_busy(row)]
            if not answered:
                await asyncio.sleep(_BREATH)
        if self._pending:  # the next batch leaves first: the database works while we tell of this one
            self._loop.call_soon(self._tell, answered)
        else:
            self._tell(answered)

    def _put_off(self, busy: list[_Waiting]) -> None:
        """Line up again, in front of what was said later."""
        now = self._loop.time()
        _refuse([waiting for waiting in busy if waiting.until <= now])
        self._pending = [waiting for waiting in busy if waiting.until > now] + self._pending

    def _tell(self, answered: list[tuple[_Waiting, tuple[Any, ...]]]) -> None:
        fresh: list[Entry] = []
        try:
            for waiting, row in answered:
                outcome = _outcome(waiting.entry, row)
                if isinstance(outcome, Refusal):
                    _finish(waiting, outcome)
                else:
                    if not outcome.repeated:
                        fresh.append(outcome.entry)
                    if not waiting.outcome.done():
                        waiting.outcome.set_result(outcome)
        finally:
            _refuse([waiting for waiting, _ in answered])
        _BATCH.observe(len(answered))
        _POSTED.inc(len(fresh))
        if fresh:  # after the senders were woken: their acknowledgements then leave in one write with the entries
            self._db.events.publish(EntriesPosted(tuple(fresh), announced=True))

    def _refuse_all(self) -> None:
        pending, self._pending = self._pending, []
        _refuse(pending)


def _refuse(batch: list[_Waiting]) -> None:
    for waiting in batch:
        _finish(waiting, NotStored())


def _finish(waiting: _Waiting, refusal: Refusal) -> None:
    if not waiting.outcome.done():  # done: it has heard, or the sender has gone
        waiting.outcome.set_exception(refusal)


def _is_busy(row: tuple[Any, ...]) -> bool:
    _, refusal, *_, repeated, _, _ = row
    return refusal == "busy" and not repeated


def _without_repeats(batch: list[_Waiting]) -> tuple[list[_Waiting], list[_Waiting]]:
    """Split off messages whose key is in the batch already; they find it stored in the next one."""
    seen: set[tuple[int, str, int | None, str]] = set()
    first: list[_Waiting] = []
    later: list[_Waiting] = []
    for waiting in batch:
        entry = waiting.entry
        if entry.client_id is not None:
            key = (entry.conversation_id, entry.author.kind, entry.author_id, entry.client_id)
            if key in seen:
                later.append(waiting)
                continue
            seen.add(key)
        first.append(waiting)
    return first, later


class _Row(msgspec.Struct, frozen=True):
    ord: int
    conversation_id: int
    author: str
    author_id: int | None
    audience: str
    kind: str
    text: str
    data: dict[str, Any] | None
    client_id: str | None
    preview: str


def _parameters(batch: list[_Waiting], origin: str) -> dict[str, str]:
    """The batch as one JSON text: ten arrays cost the driver forty times as much."""
    rows = [
        _Row(
            position, e.conversation_id, e.author.kind, e.author_id, e.audience, e.kind, e.text, e.data, e.client_id,
            timeline.preview(e),
        )
        for position, e in enumerate(waiting.entry for waiting in batch)
    ]  # fmt: skip
    conversations = ",".join({str(row.conversation_id) for row in rows})
    return {
        "origin": origin + " ",
        "conversations": "{" + conversations + "}",
        "batch": msgspec.json.encode(rows).decode(),
    }


def _outcome(entry: NewEntry, row: tuple[Any, ...]) -> Posted | Refusal:
    _, refusal, conversation, seq, prev_public, at, repeated, same, _ = row
    if repeated:
        if not same:
            return DifferentMessage()
    elif refusal:
        return _REFUSALS[refusal]()
    return Posted(timeline.stored(entry, conversation, seq, prev_public, at), repeated)
