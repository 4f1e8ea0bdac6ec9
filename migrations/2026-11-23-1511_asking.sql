-- depends: 2026-11-23-1510_hand_overs
-- Until when one process asks the language model for the turn that is due: no other asks meanwhile, nor afterwards.
-- Written by routing.assistance only, under the conversation's lock.
alter table assistance add column asked_until timestamptz;
