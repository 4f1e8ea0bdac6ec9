-- depends: 2026-11-22-0921_mentions
-- Several steps under one name, done together or not at all. Written by the conversations package only.
create table macro (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    shortcut text not null,
    title text not null,
    steps jsonb not null,                     -- in their order; see conversations.macros
    created_at timestamptz not null default app_now(),
    changed_at timestamptz not null default app_now(),
    archived_at timestamptz
);
create unique index macro_shortcut on macro (shortcut) where archived_at is null;
