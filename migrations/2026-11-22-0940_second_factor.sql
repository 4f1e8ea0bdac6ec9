-- depends: 2026-11-21-1180_codes_of_an_order
-- What somebody of the staff proves beside the password: codes of an app that share a secret with us.
create table second_factor (
    agent_id bigint primary key references agent,
    secret_sealed bytea not null,
    created_at timestamptz not null default app_now(),
    confirmed_at timestamptz,                 -- null: shown, and no code of it seen yet
    last_step bigint not null default 0       -- of the last code that was taken: none is taken twice
);

-- For whoever lost the app; each is good once.
create table recovery_code (
    agent_id bigint not null references agent,
    code_hash bytea not null,                 -- HMAC with a key of its own
    used_at timestamptz,
    primary key (agent_id, code_hash)
);

-- Roles that must have a second factor.
create table second_factor_rule (
    role text primary key check (role in ('operator', 'supervisor', 'agent'))
);

-- A one-time link by which somebody chooses a new password; made by an operator, for there is no e-mail yet.
create table password_link (
    secret_hash bytea primary key,
    agent_id bigint not null references agent,
    made_by bigint references agent,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index password_link_agent on password_link (agent_id);
