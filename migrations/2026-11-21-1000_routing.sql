-- depends: 2026-11-21-0950_codes
-- Who waits. A row here and conversation.status = 'waiting' are written in one transaction, always.
create table queue_place (
    conversation_id bigint primary key references conversation,
    department_id bigint not null references department,
    queued_at timestamptz not null,           -- the place; kept over reloads, refused offers and reconnects
    number int not null,                      -- 排队号, counts up within a department and a day
    wanted_agent_id bigint references agent   -- a transfer to one person; anybody of the department takes over when refused
);
create index queue_place_order on queue_place (department_id, queued_at, conversation_id);

create table queue_counter (
    department_id bigint not null references department,
    day date not null,
    last int not null,
    primary key (department_id, day)
);

create table offer (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    agent_id bigint not null references agent,
    offered_at timestamptz not null,
    expires_at timestamptz not null,
    answered_at timestamptz,
    answer text check (answer in ('accepted', 'declined', 'timed_out', 'withdrawn')),
    check ((answered_at is null) = (answer is null))
);
create unique index offer_open on offer (conversation_id) where answered_at is null;
create index offer_agent_open on offer (agent_id) where answered_at is null;
create index offer_refused on offer (conversation_id, agent_id, answered_at) where answer in ('declined', 'timed_out');

-- Every decision leaves a line a supervisor can read.
create table routing_trace (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    at timestamptz not null,
    what text not null,                       -- 'placed' | 'offered' | 'accepted' | 'declined' | 'timed_out' | 'transferred' | …
    facts jsonb not null default '{}'
);
create index routing_trace_conversation on routing_trace (conversation_id, id);
