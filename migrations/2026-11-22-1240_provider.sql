-- depends: 2026-11-22-1172_age_of_offers 2026-11-21-0920_shops
-- Who took a shop's payments or carries its parcels, asked with the shop's own account there.
create table provider (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    shop_id bigint not null references shop,
    kind text not null check (kind in ('alipay', 'wechat_pay', 'kuaidi100')),
    settings jsonb not null default '{}',     -- what may be shown again: numbers, addresses
    secret_sealed bytea not null,             -- keys, sealed with kit.sealing; never shown again
    down_until timestamptz,                   -- seen down: not asked again before
    last_error text,
    last_answer_at timestamptz,
    created_at timestamptz not null default app_now(),
    archived_at timestamptz
);

create unique index provider_live on provider (shop_id, kind) where archived_at is null;
