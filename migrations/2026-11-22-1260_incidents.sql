-- depends: 2026-11-22-1172_age_of_offers
-- Something that keeps many customers waiting, told by an operator or by a shop. Written by shops.incidents only.
create table incident (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    source text not null check (source in ('operator', 'shop')),
    shop_id bigint references shop,           -- null: on every site
    told_as text,                             -- the shop's own id of it
    title text not null,
    title_en text not null default '',
    text text not null default '',
    text_en text not null default '',
    starts_at timestamptz not null,
    ends_at timestamptz,                      -- null: nobody knows yet
    codes text[] not null default '{}',       -- topic codes it answers; none: banner only
    closed_at timestamptz,                    -- it is over
    closed_by text check (closed_by in ('operator', 'shop', 'time')),
    quiet boolean not null default false,     -- over without a word to the affected
    end_text text not null default '',        -- '': the sentence prepared for it
    end_text_en text not null default '',
    version int not null default 1,           -- grows with every change: whoever saves says which one they saw
    reported_at timestamptz,                  -- the shop's own clock, of the event heard last
    heard_at timestamptz,                     -- ours, of whatever the shop said of it last
    opened_at timestamptz not null default app_now(),
    check ((closed_at is null) = (closed_by is null)),
    check ((source = 'shop') = (told_as is not null)),
    check (source = 'operator' or shop_id is not null)
);
create unique index incident_of_a_shop on incident (shop_id, told_as) where closed_at is null;
create index incident_told_before on incident (shop_id, told_as, id desc) where told_as is not null;
create index incident_open on incident (starts_at) where closed_at is null;

-- Whose conversation it concerns: by its code, or because somebody said so. Written by conversations.affected only.
create table affected (
    incident_id bigint not null references incident,
    conversation_id bigint not null references conversation,
    marked_at timestamptz not null default app_now(),
    marked_by bigint references agent,        -- null: by its code
    told_at timestamptz,                      -- it was explained to the customer
    ended_told_at timestamptz,                -- its end was
    left_out boolean not null default false,  -- of the end: nobody to tell
    unmarked_at timestamptz,                  -- taken off by hand, and not marked by its code again
    primary key (incident_id, conversation_id)
);
create index affected_conversation on affected (conversation_id);
create index affected_to_be_told on affected (incident_id, conversation_id)
    where ended_told_at is null and not left_out and unmarked_at is null;
