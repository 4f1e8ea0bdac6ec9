-- depends: 2026-11-22-1030_guide
-- From when on a wait is shown as long, and as too long.
alter table installation
    add column long_after interval not null default '2 minutes',
    add column urgent_after interval not null default '5 minutes',
    add constraint long_before_urgent check (interval '0' < long_after and long_after < urgent_after);
