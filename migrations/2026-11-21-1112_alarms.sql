-- depends: 2026-11-21-0910_staff
-- Something those who watch must know of now; it is over when `ends_at` has passed.
create table alarm (
    name text primary key,                    -- 'proof_guessing'
    raised_at timestamptz not null default app_now(),
    ends_at timestamptz not null,
    facts jsonb not null default '{}'
);
