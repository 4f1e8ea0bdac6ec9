-- depends: 2026-11-22-1302_language_model
-- Time, action and result are read without a model.
alter table language_model drop constraint language_model_tasks_check;
update language_model set tasks = array_remove(tasks, 'statement');
alter table language_model
    alter column tasks set default '{draft,propose}',
    add constraint language_model_tasks_check check (tasks <@ '{rephrase,draft,propose}'::text[]);
