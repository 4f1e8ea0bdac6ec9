-- depends: 2026-11-22-1172_age_of_offers

-- Shops of other kinds than the contract's, and what customers may press themselves.
alter table shop drop constraint shop_kind_check;
alter table shop
    add constraint shop_kind_check check (kind in ('http', 'dujiaoka')),
    add column settings jsonb not null default '{}',                    -- what its kind asks for, nothing secret
    add column customer_actions text[] not null default '{resend}'      -- of contract.Action
        check (customer_actions <@ '{resend,reissue,refund}'::text[]),
    add column actions_a_day smallint not null default 3                -- of one customer, all orders together
        check (actions_a_day between 0 and 100);
