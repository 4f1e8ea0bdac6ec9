-- depends: 2026-11-21-0920_shops
create table customer (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    site_id bigint not null references site,
    shop_id bigint references shop,           -- with subject: proved to be this account of this shop
    subject text,                             -- the shop's customer id, from a signed token; null: a visitor
    name text not null default '',            -- from the signed token; a visitor has none
    tier text not null default '',            -- from the shop, for proved accounts only
    claim_kind text check (claim_kind in ('phone', 'user_name')),
    claim_sealed bytea,                       -- typed by the visitor, proves nothing
    claim_masked text,
    locale text not null default 'zh-CN',
    created_at timestamptz not null default app_now(),
    seen_at timestamptz not null default app_now(),
    check ((shop_id is null) = (subject is null)),
    check ((claim_kind is null) = (claim_sealed is null))
);
create unique index customer_account on customer (shop_id, subject);

-- The bearer secret of a widget or phone page: 256 random bits, stored hashed.
create table customer_session (
    token_hash bytea primary key,
    customer_id bigint not null references customer,
    site_id bigint not null references site,
    created_at timestamptz not null default app_now(),
    expires_at timestamptz not null
);
create index customer_session_customer on customer_session (customer_id);
