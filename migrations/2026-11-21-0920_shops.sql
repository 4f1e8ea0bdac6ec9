-- depends: 2026-11-21-0910_staff
-- A shop is somebody else's system behind a connector; a site is a place on the web that carries our widget.
create table shop (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    name text not null,
    kind text not null default 'http' check (kind in ('http')),
    base_url text not null,
    key_id text not null unique,              -- names the key in signed requests, both ways
    secret_sealed bytea not null,             -- sealed with kit.sealing; never shown again
    capabilities jsonb,                       -- what the shop said it can do, last time it was asked
    down_until timestamptz,                   -- seen down: not asked again before
    last_error text,
    last_answer_at timestamptz,
    created_at timestamptz not null default app_now(),
    archived_at timestamptz
);

create table site (
    id bigint generated always as identity primary key,
    public_id text not null unique,           -- the key in the embed snippet; public
    shop_id bigint references shop,
    name text not null,
    origins text[] not null default '{}',     -- 'https://shop.example': may frame the chat and use the key
    looks jsonb not null default '{}',        -- see shops.site.Looks
    created_at timestamptz not null default app_now(),
    archived_at timestamptz
);

-- Keys that sign the site's customers' tokens (JWT). Several may be live while one is being replaced.
create table site_key (
    id bigint generated always as identity primary key,
    site_id bigint not null references site,
    kid text not null unique,
    algorithm text not null default 'HS256' check (algorithm in ('HS256')),
    secret_sealed bytea not null,
    created_at timestamptz not null default app_now(),
    revoked_at timestamptz
);

-- What the shop told us by itself, once each.
create table shop_event (
    id bigint generated always as identity primary key,
    shop_id bigint not null references shop,
    event_id text not null,                   -- the shop's own; a repeat is acknowledged and not stored twice
    kind text not null,                       -- 'order.anomaly' | 'payment' | 'issue' | 'incident'
    order_number text,
    subject text,                             -- the shop's customer id
    data jsonb not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null default app_now(),
    unique (shop_id, event_id)
);
create index shop_event_order on shop_event (shop_id, order_number) where order_number is not null;

create table shop_nonce (
    shop_id bigint not null references shop,
    nonce text not null,
    seen_at timestamptz not null default app_now(),
    primary key (shop_id, nonce)
);
