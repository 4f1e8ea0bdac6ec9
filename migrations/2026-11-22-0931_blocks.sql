-- depends: 2026-11-22-0930_search
-- Who may not open conversations or write for now, and why; an account's block holds for every browser it proves to be.
create table customer_block (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    customer_id bigint not null references customer,
    address_block text,                       -- visitors who come from here may open nothing either
    reason text not null,
    agent_id bigint not null references agent,
    at timestamptz not null default app_now(),
    until timestamptz,                        -- null: until it is lifted
    lifted_at timestamptz,
    lifted_by bigint references agent,
    check (address_block is null or until is not null)
);
create index customer_block_of on customer_block (customer_id) where lifted_at is null;
create index customer_block_address on customer_block (address_block) where lifted_at is null and address_block is not null;

-- Where a session began, as its block of addresses.
alter table customer_session add column address_block text;

-- What colleagues should know of a customer next time; masked before it came here.
create table customer_note (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    customer_id bigint not null references customer,
    agent_id bigint not null references agent,
    at timestamptz not null default app_now(),
    text text not null
);
create index customer_note_of on customer_note (customer_id, id desc);

-- The rows that are one person to the staff: an account, the visitors joined to it, and those who proved to be it for now.
create function customer_family(account bigint) returns table (id bigint)
language sql stable parallel safe
as $$
    select account
    union select s.visitor_id from same_as s where s.account_id = account and s.undone_at is null
    union select p.customer_id from proof p
        where p.account_id = account and p.method = 'one_time_code' and p.ended_at is null and p.expires_at > app_now()
$$;
create index proof_of_account on proof (account_id) where account_id is not null and ended_at is null;
