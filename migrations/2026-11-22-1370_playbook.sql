-- depends: 2026-11-22-1350_assistant
-- An operator's own diagnoses; those that come with the product are files. Written by bot.library only.
create table playbook (
    id bigint generated always as identity primary key,
    key text not null unique check (key ~ '^[a-z0-9][a-z0-9-]{1,79}$'),
    newest int not null default 1,            -- the last version that was written
    published int,                            -- the version that runs; null: the shipped one of this key, or none
    created_at timestamptz not null default app_now(),
    check (published is null or published between 1 and newest)
);

-- What was written stays readable, and a run goes on with the version it began with.
create table playbook_version (
    playbook_id bigint not null references playbook,
    version int not null,
    source text not null,
    written_at timestamptz not null default app_now(),
    written_by bigint references agent,
    primary key (playbook_id, version)
);
