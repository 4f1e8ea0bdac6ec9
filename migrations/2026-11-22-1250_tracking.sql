-- depends: 2026-11-22-1240_provider
-- Where parcels are, as the carrier said it last: asked again no more often than it allows, for customer and agent together.
create table tracking (
    shop_id bigint not null references shop,
    carrier_code text not null,
    number text not null,
    ask_again_at timestamptz not null,
    answered_at timestamptz,                 -- when `state` and `events` were told
    state text,
    events jsonb not null default '[]',
    reason text not null default 'asking',   -- why there is nothing newer; empty: there is
    primary key (shop_id, carrier_code, number)
);

create index tracking_old on tracking (ask_again_at);
