-- depends: 2026-11-22-0911_away_because
-- How many agents had been asked in vain when it was told: a wait that grows because of that says so.
alter table announcement add column refused int not null default 0;
