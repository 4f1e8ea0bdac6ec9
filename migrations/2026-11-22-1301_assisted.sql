-- depends: 2026-11-22-1261_listed_incidents
-- The assistant serves a conversation that waits in nobody's queue: docs/decisions/0028.
-- What stands in the tables already is looked over by 1450, in a transaction that locks nobody out.
alter table conversation drop constraint conversation_status_check;
alter table conversation
    add constraint conversation_status_check check (status in ('assisted', 'waiting', 'active', 'closed')) not valid;
alter table entry drop constraint entry_author_check;
alter table entry
    add constraint entry_author_check check (author in ('customer', 'agent', 'assistant', 'system')) not valid;
