-- depends: 2026-11-21-0900_clock
create table department (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    name text not null unique,
    name_en text not null default '',
    position int not null default 0,
    archived_at timestamptz
);

create table agent (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    login text not null,                      -- what is typed at sign-in: an e-mail address or a short name
    name text not null,                       -- what customers see
    role text not null check (role in ('operator', 'supervisor', 'agent')),
    password_hash text not null,
    capacity int not null default 5 check (capacity between 0 and 100),
    availability text not null default 'away' check (availability in ('available', 'away')),
    available_since timestamptz,
    created_at timestamptz not null default app_now(),
    archived_at timestamptz
);
create unique index agent_login on agent (lower(login));

create table membership (
    department_id bigint not null references department,
    agent_id bigint not null references agent,
    primary key (department_id, agent_id)
);
create index membership_agent on membership (agent_id);

create table staff_session (
    token_hash bytea primary key,
    agent_id bigint not null references agent,
    created_at timestamptz not null default app_now(),
    seen_at timestamptz not null default app_now(),
    expires_at timestamptz not null,
    address text not null default '',
    user_agent text not null default ''
);
create index staff_session_agent on staff_session (agent_id);

-- Failed sign-ins by login and by address; the back-off doubles and fades.
create table sign_in_failure (
    key text primary key,
    failures int not null,
    last_at timestamptz not null,
    locked_until timestamptz
);

-- One-time link that makes the first operator.
create table first_run_link (
    secret_hash bytea primary key,
    expires_at timestamptz not null,
    used_at timestamptz
);

-- Presence is a lease per agent socket: alive while alive_until lies ahead.
create table presence_lease (
    socket_id text primary key,
    agent_id bigint not null references agent,
    process_id text not null,
    alive_until timestamptz not null
);
create index presence_lease_agent on presence_lease (agent_id, alive_until);

create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default app_now(),
    agent_id bigint references agent,         -- null: the system or the command line
    action text not null,                     -- 'topic.created', 'agent.signed_in'
    subject text not null,                    -- public id or name of what was changed
    before jsonb,
    after jsonb
);
create index audit_at on audit (at desc);
