"""The timeline: the only writer of entries.

An entry is numbered within its conversation, stored, and only then announced.
There are two verbs.  `append` writes inside the transaction of the change it
belongs to (opened, assigned, closed).  `Writer.post` takes a message into an open
conversation and is group-committed: while one batch commits, the next gathers, so
one flush to disk serves all that arrived meanwhile and an idle server adds no
wait.

Rules of a batch:
* the same `client_id` twice is one message: the second call answers the number
  of the first, or DifferentMessage when the words differ;
* conversation rows are locked in id order, so two writers never wait in a circle;
* "still open" and "may write here" are conditions of the statement itself;
* a batch that fails is retried row by row: one bad row refuses one sender.

Does not: mask (`intake`, `desk`), decide who may read (`access`), push to
browsers (`live`, on EntriesPosted).
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import psycopg
from prometheus_client import Counter, Histogram
from psycopg import AsyncCursor
from psycopg.rows import tuple_row

from mashang.conversations.entry import Author, Entry, NewEntry
from mashang.conversations.events import EntriesPosted
from mashang.kit.db import Database, Json, Tx
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.kit.log import log
from mashang.kit.text import storable

LARGEST_BATCH = 256
_POSTED = Counter("mashang_messages_stored", "Messages stored by the group commit of this process")
_BATCH = Histogram("mashang_batch_messages", "Messages in one group commit", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256))
_PREVIEW = 80


class ConversationClosed(Refusal):
    """Nothing can be said in a closed conversation; reopening it is a verb of its own."""

    status, code = 409, "conversation_closed"


class NotInConversation(Refusal):
    """The author is neither its customer nor the agent who serves it."""

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
    for update
), known as (
    select i.ord, e.seq, e.prev_public, e.at,
        e.text = i.text and e.kind = i.kind and e.audience = i.audience
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
            when l.id is null then 'missing'
            when i.author = 'customer' and l.customer_id <> i.author_id then 'missing'
            when l.status = 'closed' and i.audience = 'everyone' then 'closed'
            when i.author = 'agent' and i.audience = 'everyone' and l.agent_id is distinct from i.author_id
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

# A row that somebody holds stalls its own conversation, and the others only this long.
_IMPATIENT = b"set lock_timeout = '500ms'"
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
    __slots__ = ("entry", "outcome")

    def __init__(self, entry: NewEntry, outcome: asyncio.Future[Posted]) -> None:
        self.entry = entry
        self.outcome = outcome


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
        self._pending.append(_Waiting(entry, outcome))
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
                try:
                    await self._commit(cursor, batch)
                except BaseException:
                    _refuse(batch)  # whatever happened, nobody waits for ever; most have heard by now
                    raise

    async def _commit(self, cursor: AsyncCursor[Any], batch: list[_Waiting]) -> None:
        try:
            await self._store(cursor, batch)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            if cursor.connection.closed:
                _refuse(batch)  # stored or not, nobody knows: the sender repeats it with the same client_id
                raise
            await self._one_by_one(cursor, batch)
        except psycopg.Error:
            await self._one_by_one(cursor, batch)

    async def _one_by_one(self, cursor: AsyncCursor[Any], batch: list[_Waiting]) -> None:
        for position, waiting in enumerate(batch):
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
        rows = await cursor.fetchall()
        if self._pending:  # the next batch leaves first: the database works while we tell of this one
            self._loop.call_soon(self._tell, batch, rows)
        else:
            self._tell(batch, rows)

    def _tell(self, batch: list[_Waiting], rows: list[tuple[Any, ...]]) -> None:
        try:
            outcomes = [_outcome(waiting.entry, row) for waiting, row in zip(batch, rows, strict=True)]
            for waiting, outcome in zip(batch, outcomes, strict=True):
                if waiting.outcome.done():
                    continue  # the sender has gone
                if isinstance(outcome, Posted):
                    waiting.outcome.set_result(outcome)
                else:
                    waiting.outcome.set_exception(outcome)
        finally:
            _refuse(batch)
        fresh = tuple(o.entry for o in outcomes if isinstance(o, Posted) and not o.repeated)
        _BATCH.observe(len(batch))
        _POSTED.inc(len(fresh))
        if fresh:  # after the senders were woken: their acknowledgements then leave in one write with the entries
            self._db.events.publish(EntriesPosted(fresh, announced=True))

    def _refuse_all(self) -> None:
        pending, self._pending = self._pending, []
        _refuse(pending)


def _refuse(batch: list[_Waiting]) -> None:
    for waiting in batch:
        if not waiting.outcome.done():
            waiting.outcome.set_exception(NotStored())


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
            preview(e),
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
    return Posted(_stored(entry, conversation, seq, prev_public, at), repeated)


def _stored(entry: NewEntry, conversation: str, seq: int, prev_public: int, at: Any) -> Entry:
    return Entry(
        entry.conversation_id,
        conversation,
        seq,
        prev_public,
        at,
        entry.audience,
        entry.author,
        entry.author_id,
        entry.kind,
        entry.text,
        entry.data,
        entry.client_id,
    )


def preview(entry: NewEntry) -> str:
    """One line for lists; of a file its name."""
    text = entry.text if entry.kind == "text" else str((entry.data or {}).get("name", ""))
    return " ".join(text[: _PREVIEW * 2].split())[:_PREVIEW]


async def append(tx: Tx, entry: NewEntry) -> Entry:
    """Write an entry as part of the change it belongs to; the conversation may be closed.

    Locks the conversation's row.  Raises NotFound.
    """
    row = await tx.first(
        """
        with before as (
            select id, public_head from conversation where id = %(conversation_id)s for update
        ), moved as (
            update conversation c
            set head = c.head + 1,
                public_head = case when %(audience)s = 'everyone' then c.head + 1 else c.public_head end,
                last_entry_at = app_now(),
                unread_by_staff = c.unread_by_staff + (%(author)s = 'customer' and %(kind)s <> 'event')::int,
                last_preview = case when %(said)s then %(preview)s else c.last_preview end,
                last_author = case when %(said)s then %(author)s else c.last_author end
            from before b
            where c.id = b.id
            returning c.id, c.public_id, c.head, b.public_head as prev_public, c.last_entry_at
        )
        insert into entry (
            conversation_id, seq, prev_public, at, audience, author, author_id, kind, text, data, client_id)
        select m.id, m.head, m.prev_public, m.last_entry_at,
            %(audience)s, %(author)s, %(author_id)s, %(kind)s, %(text)s, %(data)s, %(client_id)s
        from moved m
        returning seq, prev_public, at, (select public_id from moved) as conversation
        """,
        {
            "conversation_id": entry.conversation_id,
            "audience": entry.audience,
            "author": entry.author.kind,
            "author_id": entry.author_id,
            "kind": entry.kind,
            "text": entry.text,
            "data": None if entry.data is None else Json(entry.data),
            "client_id": entry.client_id,
            "preview": preview(entry),
            # What lists show is what people said, not what happened nor how we greeted.
            "said": entry.kind != "event" and entry.audience == "everyone" and entry.author.kind != "system",
        },
    )
    if row is None:
        raise NotFound
    stored = _stored(entry, row["conversation"], row["seq"], row["prev_public"], row["at"])
    tx.emit(EntriesPosted((stored,)))
    return stored


def event(
    conversation_id: int,
    name: str,
    *,
    author: Author | None = None,
    author_id: int | None = None,
    staff_only: bool = False,
    **facts: Any,
) -> NewEntry:
    """A timeline event by its name ('assigned', 'closed', …) and facts; worded by whoever shows it."""
    return NewEntry(
        conversation_id=conversation_id,
        author=author or Author("system"),
        author_id=author_id,
        audience="staff" if staff_only else "everyone",
        kind="event",
        data={"name": name, **facts},
    )
