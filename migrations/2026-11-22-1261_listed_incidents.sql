-- depends: 2026-11-22-1260_incidents
-- Named by an answer of the shop at least once: a shop that tells by events alone answers with an empty list meanwhile.
alter table incident add column listed boolean not null default false;
