-- depends: 2026-11-22-1170_suggestions 2026-11-22-1120_matters
-- When to offer which code: a row is one version of a rule, and never changes but for being on and for its end, so that
-- what was shown is counted for the words it was shown with.
create table offer_rule (
    id bigint generated always as identity primary key,
    rule text not null,                       -- public id, the same for all versions
    version int not null,
    name text not null,
    topic_id bigint not null references topic,
    text text not null,
    text_en text not null default '',
    conditions jsonb not null,                -- see codes.offer_judging.When
    promotion text not null check (promotion in ('none', 'wanted', 'needed')),
    cool_down_days int not null check (cool_down_days between 1 and 365),
    position int not null default 0,
    is_on boolean not null default false,
    made_at timestamptz not null default app_now(),
    replaced_at timestamptz,                  -- by the next version, or because it was archived
    unique (rule, version)
);
create unique index offer_rule_current on offer_rule (rule) where replaced_at is null;

-- How much is bearable: of all rules together, for one person.  Quiet hours are on the installation's clock.
create table offer_limits (
    only_row boolean primary key default true check (only_row),
    per_day int not null default 1 check (per_day between 0 and 20),
    per_week int not null default 3 check (per_week between 0 and 50),
    quiet_from text default '22:00',
    quiet_until text default '08:00',
    check ((quiet_from is null) = (quiet_until is null))
);
insert into offer_limits default values;

-- Which pages of the shop were looked at, for as long as rules are tried on it: a week.  `visitor` is a hash, of the
-- account or of a number its browser made.  Kept only while there are rules.
create table offer_view (
    site_id bigint not null references site,
    day date not null,
    visitor bytea not null,
    path text not null,
    first_at timestamptz not null default app_now(),
    is_member boolean not null default false,
    tier text not null default '',            -- of a member, as the shop's token said it
    customer_id bigint references customer,   -- of a member who is known here
    names_order boolean not null default false,
    primary key (site_id, day, visitor, path)
);
create index offer_view_age on offer_view (first_at);

-- An offer of a rule may be made to somebody who is not signed in.
alter table offer_outcome
    alter column customer_id drop not null,
    add column visitor bytea,
    add column rule_id bigint references offer_rule,
    add check (customer_id is not null or visitor is not null),
    add check ((matter_id is null) <> (rule_id is null));
create index offer_outcome_rule on offer_outcome (rule_id) where rule_id is not null;
create index offer_outcome_visitor on offer_outcome (visitor, shown_at) where visitor is not null;
