-- depends: 2026-11-22-0932_snooze
-- A list of conversations with filters, kept under a name: somebody's own, or shared with everybody.
create table saved_view (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    agent_id bigint not null references agent,
    name text not null,
    shared boolean not null default false,
    filters jsonb not null,                   -- see desk.filters.Filters
    created_at timestamptz not null default app_now()
);
create index saved_view_agent on saved_view (agent_id);
