-- depends: 2026-11-21-1180_codes_of_an_order
-- What the supervisors' board tells of people: since when they are as they are (available, away or gone), and
-- what they did today.
alter table agent add column state_since timestamptz;
create index conversation_taken_up on conversation (assigned_at) include (agent_id) where assigned_at is not null;
create index offer_refused_at on offer (answered_at) include (agent_id, answer, offered_at, expires_at)
    where answer in ('declined', 'timed_out');
