-- depends: 2026-11-22-1310_knowledge_model
-- What the knowledge doctor found in what was learnt last; written with the model.
alter table knowledge_model add column examination jsonb;
