-- depends: 2026-11-22-1305_model_tasks
-- A model may point at the customer's words for the parts of the statement that the rules did not find.
alter table language_model drop constraint language_model_tasks_check;
alter table language_model
    add constraint language_model_tasks_check check (tasks <@ '{rephrase,statement,draft,propose}'::text[]);
