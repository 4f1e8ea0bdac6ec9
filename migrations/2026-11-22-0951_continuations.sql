-- depends: 2026-11-22-0950_messages_left
-- A link by which a customer goes on in another browser: used once, within minutes. The secret is in the link only.
create table continuation (
    secret_hash bytea primary key,
    session_hash bytea not null references customer_session on delete cascade,
    created_at timestamptz not null default app_now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index continuation_session on continuation (session_hash);
create index continuation_age on continuation (expires_at);

-- The session that was begun by such a link ends with the one it came from, or on its own.
alter table customer_session
    add column public_id text unique,
    add column continued_from bytea references customer_session on delete set null;
create index customer_session_continued on customer_session (continued_from) where continued_from is not null;
