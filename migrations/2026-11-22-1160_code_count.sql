-- depends: 2026-11-22-1031_patience
-- How often each code was asked for, day by day, and what was answered; who asked is not kept.
create table code_count (
    day date not null,                        -- on the clock of the installation's zone
    what text not null check (what ~ '^[a-z_]{3,20}$'),  -- see codes.counting.What
    topic_id bigint references topic,         -- null: what was answered is about no topic, or about several
    number bigint not null,
    unique nulls not distinct (day, what, topic_id)
) with (fillfactor = 70);
