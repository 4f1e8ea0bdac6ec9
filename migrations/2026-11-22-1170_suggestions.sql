-- depends: 2026-11-22-1031_patience
-- Who wants nothing recommended any more; null: has not said so.
alter table customer add column no_offers_since timestamptz;

-- What customers who stood on the same page asked about: found by the page without its query, newest first.
create index conversation_page on conversation
    (site_id, split_part(split_part(page_url, '#', 1), '?', 1), id desc) where page_url <> '';
