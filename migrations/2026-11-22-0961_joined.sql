-- depends: 2026-11-22-0960_board 2026-11-22-0911_away_because
-- Colleagues who write in a conversation that somebody else serves, as long as they are in it.
create table joined (
    conversation_id bigint not null references conversation,
    agent_id bigint not null references agent,
    joined_at timestamptz not null default app_now(),
    primary key (conversation_id, agent_id)
);
create index joined_agent on joined (agent_id);

-- Whoever watches may set somebody away; who it was is told at their desk.
alter table agent
    drop constraint agent_away_because_check,
    add constraint agent_away_because_check check (away_because in ('unanswered', 'supervisor')),
    add column away_by bigint references agent;
