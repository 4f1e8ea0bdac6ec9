-- depends: 2026-11-22-1305_model_tasks
-- The article that says now what this one said: its readers are sent there, and what names it finds that one.
alter table article add column merged_into_id bigint references article;
alter table article
    add constraint article_merged_is_archived check (merged_into_id is null or status = 'archived') not valid;
alter table article validate constraint article_merged_is_archived;
create index article_merged_into on article (merged_into_id) where merged_into_id is not null;
