-- depends: 2026-11-22-0940_second_factor
-- What the database must know of the settings of the processes; they write it when they start.
create table installation (
    only_row boolean primary key default true check (only_row),
    zone text not null default 'Asia/Shanghai'
);
insert into installation default values;

-- When a department is open; the row without one is for all that have none of their own.  No row: always open.
create table opening_hours (
    id bigint generated always as identity primary key,
    department_id bigint unique references department,
    week jsonb not null,                      -- Monday first, seven lists of intervals: see routing.hours
    closed_text text not null default '',
    closed_text_en text not null default ''
);
create unique index opening_hours_everywhere on opening_hours ((true)) where department_id is null;
