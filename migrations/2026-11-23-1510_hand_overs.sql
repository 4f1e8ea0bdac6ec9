-- depends: 2026-11-22-1466_searches_of_one
-- Every time the assistant handed over: who called it back is handed over again, each time for its own reason.
-- Written by routing.assistance only; assistance.reason is the last one.
create table hand_over (
    conversation_id bigint not null references conversation,
    seq int not null,                         -- the entry that tells of it
    at timestamptz not null default app_now(),
    reason text not null,
    because jsonb,                            -- what a playbook says of it, in both languages
    primary key (conversation_id, seq)
);
insert into hand_over (conversation_id, seq, at, reason, because)
select e.conversation_id, e.seq, e.at, e.data ->> 'reason', e.data -> 'because'
from assistance a join entry e on e.conversation_id = a.conversation_id
where a.handed_over_at is not null and e.kind = 'event' and e.data ->> 'name' = 'handed_over'
    and e.data ->> 'reason' is not null;
