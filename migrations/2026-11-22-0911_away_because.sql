-- depends: 2026-11-22-0910_proof_sides
-- Why somebody is away who did not say so themselves; null while available, and by their own word.
alter table agent add column away_because text check (away_because in ('unanswered'));
