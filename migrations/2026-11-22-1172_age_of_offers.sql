-- depends: 2026-11-22-1171_offer_rules 2026-11-22-1100_ways_of_a_code
-- Offers to who was never signed in are forgotten after a while (codes.offering.sweep): found by their age.
create index offer_outcome_age on offer_outcome (shown_at) where customer_id is null;

-- How many conversations the offers of a rule began, without looking through every code that was ever used.
create index redemption_of_offer on redemption (scene) where medium = 'offer';
