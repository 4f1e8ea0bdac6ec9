-- depends: 2026-11-23-1511_asking
-- Which text of its article an answer showed: what is said of it says nothing of a later one.
-- Null: nobody noted it then.
alter table assistant_turn add column version int;
