-- depends: 2026-11-23-1550_matters_apart
-- Words that call a person as the product comes, and not in this shop.
alter table assistant add column ignored_words text[] not null default '{}';
