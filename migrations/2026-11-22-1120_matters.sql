-- depends: 2026-11-22-1031_patience
-- Something a shop reported about an order of its customer's: open until the shop says that it is settled.
create table matter (
    id bigint generated always as identity primary key,
    shop_id bigint not null references shop,
    order_number text not null,
    subject text not null,                    -- the shop's customer id: whose order it is
    kind text not null,                       -- the shop's word: 'paid_not_issued', 'issue_failed', 'refund_stuck', …
    text text not null,                       -- the shop's sentence
    since timestamptz not null,               -- as the shop says it
    told_at timestamptz not null,             -- of the newest report, by the shop's clock, never in the future
    opened_at timestamptz not null default app_now(),
    settled_at timestamptz
);
create unique index matter_open on matter (shop_id, order_number, kind) where settled_at is null;
create index matter_of_customer on matter (shop_id, subject) where settled_at is null;

-- One offer to one customer: shown, then taken or pressed away.
create table offer_outcome (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    customer_id bigint not null references customer,
    matter_id bigint references matter,
    shown_at timestamptz not null default app_now(),
    taken_at timestamptz,
    dismissed_at timestamptz,
    unique (customer_id, matter_id)
);
