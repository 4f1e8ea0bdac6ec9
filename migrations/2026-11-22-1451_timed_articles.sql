-- depends: 2026-11-22-1300_knowledge
-- Whether an article's time came or went is asked for all day long, and few have one.
create index article_timed on article (id)
    where status = 'published' and (valid_from is not null or valid_until is not null);
