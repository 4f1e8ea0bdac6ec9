-- depends: 2026-11-21-1150_waits
-- The record of the last days counts those who left too.
drop index wait_ended;
create index wait_ended on wait (ended_at) where ended_at is not null;
