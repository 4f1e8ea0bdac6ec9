-- depends: 2026-11-22-0920_canned_replies
-- A note that names a colleague: it waits for them until they have seen it. Written by the conversations package only.
create table mention (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    seq int not null,                         -- of the note
    agent_id bigint not null references agent,
    at timestamptz not null default app_now(),
    seen_at timestamptz,
    unique (conversation_id, seq, agent_id)
);
create index mention_of on mention (agent_id, id desc);
create index mention_unseen on mention (agent_id, conversation_id) where seen_at is null;
