-- depends: 2026-11-22-1301_assisted 2026-11-22-1350_assistant
-- The wider constraints, compared with every row there is: reading and writing go on meanwhile, which they would not in
-- the transaction that exchanged the constraints.
alter table conversation validate constraint conversation_status_check;
alter table entry validate constraint entry_author_check;
alter table consultation validate constraint consultation_outcome_check;
