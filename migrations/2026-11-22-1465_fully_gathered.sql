-- depends: 2026-11-22-1431_help_questions
-- When questions were last gathered from all that is looked back at: between, only what is late is read; null: not yet.
alter table gap_gathered add column fully_at timestamptz;
