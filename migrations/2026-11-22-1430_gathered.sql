-- depends: 2026-11-22-1303_gaps
-- When questions were last gathered into gaps (one row, written by insights.gaps); null: not yet.
create table gap_gathered (
    one boolean primary key default true check (one),
    at timestamptz
);
insert into gap_gathered default values;
