-- depends: 2026-11-22-1301_assisted
-- What the language model may be asked for, where one is named in the settings. Written by bot.model_setting only.
create table language_model (
    one boolean primary key default true check (one),
    tasks text[] not null default '{statement,draft,propose}'
        check (tasks <@ '{rephrase,statement,draft,propose}'::text[]),
    tokens_a_day int not null default 200000 check (tokens_a_day between 0 and 100000000)
);
insert into language_model default values;

-- What it cost, a row a day. Written by bot.model only.
create table language_model_day (
    day date primary key,
    tokens bigint not null default 0,         -- asked and answered, as it counts them; while it is asked, as many as it may use
    asked int not null default 0,
    failed int not null default 0,            -- no usable answer in time
    refused int not null default 0            -- answered, but not what the sources say
);
