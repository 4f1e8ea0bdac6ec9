-- depends: 2026-11-21-0950_codes
-- A code of twelve characters that stands for one order, one account or one campaign.  Looked up by a keyed hash; sealed
-- beside it for being shown to its owner again.
create table minted_code (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    code_hash bytea not null unique,          -- HMAC of the twelve characters, with a key of its own
    sealed bytea not null,
    topic_id bigint references topic,
    shop_id bigint references shop,           -- with subject: the account it belongs to
    site_id bigint references site,           -- of an account that only the site knows
    subject text,
    order_number text,
    campaign text,
    scene text not null default '',           -- where it is shown: one live code for each
    minted_by text not null check (minted_by in ('shop', 'customer', 'agent', 'operator')),
    minted_at timestamptz not null default app_now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    uses int not null default 0,
    uses_left int check (uses_left >= 0),
    check ((campaign is null) <> (subject is null)),
    check (order_number is null or subject is not null),
    check (subject is null or (shop_id is null) <> (site_id is null))
);
create unique index minted_code_of_order on minted_code (coalesce(shop_id, 0), coalesce(site_id, 0), order_number, scene)
    where order_number is not null and revoked_at is null;
create unique index minted_code_of_account on minted_code (coalesce(shop_id, 0), coalesce(site_id, 0), subject, scene)
    where subject is not null and order_number is null and revoked_at is null;
create index minted_code_of_campaign on minted_code (id) where campaign is not null;

-- A code that somebody gave in a conversation: a claim, until its proved owner has shown to be this customer.
create table code_claim (
    conversation_id bigint not null references conversation,
    code_hash bytea not null,
    sealed bytea not null,
    topic_code text not null default '',      -- as it stood before the code
    claimed_at timestamptz not null default app_now(),
    minted_code_id bigint references minted_code,
    verified_at timestamptz,
    primary key (conversation_id, code_hash),
    check ((minted_code_id is null) = (verified_at is null))
);
