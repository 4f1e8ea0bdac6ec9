-- depends: 2026-11-22-1031_patience
-- What to take once a topic's time is over; it outlives being archived, for codes that are printed somewhere.
alter table topic
    add column successor_id bigint references topic,
    add constraint topic_successor_is_another check (successor_id <> id);
-- When was this code used last, and has anybody ever come by it?
create index if not exists redemption_of_topic on redemption (topic_id, at);
