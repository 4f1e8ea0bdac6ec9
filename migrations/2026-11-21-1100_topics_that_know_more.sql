-- depends: 2026-11-21-1050_attachment_age
alter table topic
    add column takes_reference boolean not null default false,   -- DD123: the order whose number ends in 123
    add column expires_at timestamptz,                           -- from then on it explains itself instead of leading
    add column required_tier smallint not null default 1 check (required_tier between 1 and 3), -- junior senior expert
    add column skills text[] not null default '{}',
    add column priority smallint not null default 0 check (priority between 0 and 3);

-- Which ways of reading a typed code there are is the matter of codes.matching, and grows with it.
alter table redemption drop constraint redemption_how_check;
alter table redemption add constraint redemption_how_check check (how ~ '^[a-z_]{3,20}$');
