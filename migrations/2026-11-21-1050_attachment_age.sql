-- depends: 2026-11-21-1040_offer_of_one
-- The sweep of uploads looks at those of one day, sent or not.
create index attachment_age on attachment (created_at);
drop index attachment_unposted;
