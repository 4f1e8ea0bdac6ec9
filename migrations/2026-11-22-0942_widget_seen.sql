-- depends: 2026-11-22-0941_opening_hours
-- The last time a page of a registered origin asked for the widget, and which: the first-run guide waits for it.
alter table site
    add column seen_at timestamptz,
    add column seen_origin text not null default '';
