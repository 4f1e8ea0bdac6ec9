-- depends: 2026-11-21-1030_proved_by_the_site
-- What a visitor proved, and for how long: one order's status by the last four of the telephone behind it, or to be an
-- account by a code the shop sent.  Accounts that signed in by a token need none of this.
create table proof (
    id bigint generated always as identity primary key,
    customer_id bigint not null references customer,
    shop_id bigint not null references shop,
    subject text not null,
    method text not null check (method in ('last_four', 'one_time_code')),
    order_number text,                        -- the one order that last four prove
    account_id bigint references customer,    -- the account's own row, for a one-time code
    proved_at timestamptz not null default app_now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    check ((method = 'last_four') = (order_number is not null)),
    check ((method = 'one_time_code') = (account_id is not null))
);
create index proof_customer on proof (customer_id, expires_at) where ended_at is null;

-- One try at a proof.  What it was for is kept as a keyed hash: a typed claim looks nothing up.
create table proof_attempt (
    id bigint generated always as identity primary key,
    at timestamptz not null default app_now(),
    what text not null check (what in ('last_four', 'send_code', 'verify_code')),
    target_hash bytea not null,
    customer_id bigint not null references customer,
    address_block text not null,
    outcome text not null default 'asking' check (outcome in ('asking', 'proved', 'failed', 'unanswered'))
);
create index proof_attempt_target on proof_attempt (target_hash, at);
create index proof_attempt_failed on proof_attempt (at) where outcome = 'failed';

-- A code the shop sent, by the shop's own name for it.
create table one_time_code (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    customer_id bigint not null references customer,
    shop_id bigint not null references shop,
    shop_proof text not null,
    sent_at timestamptz not null default app_now(),
    expires_at timestamptz not null,
    tries int not null default 0,
    used_at timestamptz
);
create index one_time_code_customer on one_time_code (customer_id);

-- A visitor who is this account, by their own word while they were proved.  Nobody's rows are rewritten: ending the
-- row undoes it.
create table same_as (
    id bigint generated always as identity primary key,
    visitor_id bigint not null references customer,
    account_id bigint not null references customer,
    joined_at timestamptz not null default app_now(),
    undone_at timestamptz,
    check (visitor_id <> account_id)
);
create unique index same_as_visitor on same_as (visitor_id) where undone_at is null;
create index same_as_account on same_as (account_id) where undone_at is null;

-- How a customer stands.  To have been joined to an account tells the staff who a visitor is; it gives the visitor's own
-- session nothing, whose rights end with its proof.
create view customer_standing as
select u.id,
    case when u.subject is not null then u.id else coalesce(p.account_id, j.account_id) end as account_id,
    case when u.subject is not null then 'token' when p.id is not null then 'one_time_code'
        when j.id is not null then 'joined' end as proved_by,
    case when u.subject is null then p.expires_at end as proved_until,
    j.account_id as joined_to
from customer u
left join lateral (
    select p.id, p.account_id, p.expires_at from proof p
    where p.customer_id = u.id and u.subject is null and p.method = 'one_time_code' and p.ended_at is null
        and p.expires_at > app_now()
    order by p.id desc limit 1
) p on true
left join same_as j on j.visitor_id = u.id and j.undone_at is null;
