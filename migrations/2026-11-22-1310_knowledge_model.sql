-- depends: 2026-11-22-1300_knowledge
-- What the finder learnt last: written by knowledge.relearning, read by every process that answers.
create table knowledge_model (
    one boolean primary key default true check (one),
    learnt_from text not null,                -- a digest of answers, phrasings and the form of the model
    is_calibrated boolean not null,           -- false: the thresholds are those of the model before
    model bytea not null,                     -- arrays in NumPy's archive, nothing that could be run
    learnt_at timestamptz not null default app_now()
);
alter table knowledge_model alter column model set storage external;
