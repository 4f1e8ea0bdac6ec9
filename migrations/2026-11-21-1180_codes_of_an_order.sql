-- depends: 2026-11-21-1111_proof 2026-11-21-1170_lists_by_department
-- The owner's look-up names the order alone: with it in front, every server finds it at once (only PostgreSQL 18 skips
-- through an index), and the rule stays the same.
drop index minted_code_of_order;
create unique index minted_code_of_order on minted_code (order_number, coalesce(shop_id, 0), coalesce(site_id, 0), scene)
    where order_number is not null and revoked_at is null;
-- Tries at a one-time code are counted with all others, in proof_attempt.
alter table one_time_code drop column tries;
