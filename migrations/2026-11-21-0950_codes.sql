-- depends: 2026-11-21-0940_conversations
create table topic (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    code text not null unique check (code ~ '^[A-Z0-9]{2,8}$'),
    name text not null,
    name_en text not null default '',
    department_id bigint not null references department,
    greeting text not null default '',
    greeting_en text not null default '',
    icon text not null default '',
    context text[] not null default '{}',     -- parts of the shop's knowledge to fetch: see shops.context.PARTS
    shown boolean not null default true,      -- offered as a button
    position int not null default 0,
    created_at timestamptz not null default app_now(),
    archived_at timestamptz
);

create table topic_alias (
    normal text primary key,                  -- codes.code.normalise(alias): no two topics share one
    topic_id bigint not null references topic on delete cascade,
    alias text not null                       -- as the operator wrote it
);
create index topic_alias_topic on topic_alias (topic_id);

create table redemption (
    conversation_id bigint not null references conversation,
    at timestamptz not null default app_now(),
    topic_id bigint not null references topic,
    typed text not null,                      -- what the customer entered, masked
    how text not null check (how in ('exact', 'alias', 'in_text', 'button')),
    primary key (conversation_id, at)
);

-- What the shop knew, as it was when it was asked; stays with the conversation.
create table context_snapshot (
    conversation_id bigint primary key references conversation,
    status text not null check (status in ('asking', 'complete', 'partial', 'unanswered', 'nothing_to_ask')),
    data jsonb not null default '{}',         -- see shops.context.Context
    asked_at timestamptz not null,
    answered_at timestamptz
);
create index context_asking on context_snapshot (asked_at) where status = 'asking';
