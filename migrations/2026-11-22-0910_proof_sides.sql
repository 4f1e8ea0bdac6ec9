-- depends: 2026-11-21-1180_codes_of_an_order
-- A visitor and a block of addresses have a day's limit over all targets.
create index proof_attempt_visitor on proof_attempt (customer_id, at);
create index proof_attempt_block on proof_attempt (address_block, at);
