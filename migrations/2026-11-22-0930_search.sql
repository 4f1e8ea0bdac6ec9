-- depends: 2026-11-21-1180_codes_of_an_order
-- Finding what was said, in Chinese too: the pairs of neighbouring characters of a text, as numbers, need no dictionary
-- and no extension. Full and half width, upper and lower case are the same. Everything inside is of pg_catalog, so that
-- the indexes over it can be built wherever the schema is restored.
create function search_fold(given text) returns text
language sql immutable strict parallel safe
as $$ select lower(normalize(given, nfkc)) $$;

create function search_pairs(given text) returns int[]
language sql immutable strict parallel safe
as $$
    select coalesce(array_agg(distinct ((ascii(one) & 65535) << 16) | (ascii(other) & 65535)), '{}')
    from (
        select one, lead(one) over (order by at) as other
        from unnest(string_to_array(lower(normalize(given, nfkc)), null)) with ordinality as t (one, at)
    ) pairs
    where other is not null and one > ' ' and other > ' '
$$;

-- Of each message its pairs; written by the sweep of desk.search_index, some seconds after the message. The words
-- themselves stay in the timeline alone, which is asked again for every hit.
create table search_entry (
    conversation_id bigint not null,
    seq int not null,
    at timestamptz not null,
    pairs int[] not null,
    primary key (conversation_id, seq)
);
create index search_entry_pairs on search_entry using gin (pairs) with (fastupdate = on, gin_pending_list_limit = 256);
create index search_entry_at on search_entry (at desc);

-- What was said up to here is indexed; what came later is read as it stands.
create table search_progress (
    only_row boolean primary key default true check (only_row),
    indexed_until timestamptz not null
);
insert into search_progress (indexed_until)
select coalesce(min(at), app_now()) - interval '1 second' from entry;

-- The messages since an instant, at next to no cost for writing them: they lie in the table in the order they came.
create index entry_at on entry using brin (at) with (pages_per_range = 32);

create index customer_found on customer
    using gin (search_pairs(name || ' ' || coalesce(subject, '') || ' ' || coalesce(claim_masked, '')))
    where subject is not null or claim_masked is not null;
create index conversation_order_found on conversation using gin (search_pairs(order_number))
    where order_number is not null;
-- Where a minted code was given.
create index code_claim_given on code_claim (code_hash);
