-- The one clock of the product. Every query that compares or stores "now" calls app_now();
-- the tests move it forward by changing the single row, and nothing else may.
create table clock_offset (
    only_row boolean primary key default true check (only_row),
    ahead interval not null default '0'
);
insert into clock_offset default values;

create function app_now() returns timestamptz
language sql stable parallel safe
as $$ select clock_timestamp() + ahead from clock_offset $$;
