-- depends: 2026-11-22-0931_blocks
-- A conversation its agent put aside: until an instant, or (null) until the customer writes, which always ends it.
alter table conversation
    add column snoozed_at timestamptz,
    add column snoozed_until timestamptz,
    add column snoozed_head int not null default 0,  -- the number of the last entry when it was put aside
    add constraint snoozed_while_served check (snoozed_at is null or status = 'active'),
    add constraint snoozed_until_of_a_snooze check (snoozed_until is null or snoozed_at is not null);
create index conversation_snoozed on conversation (id) where snoozed_at is not null;
