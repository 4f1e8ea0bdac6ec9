-- depends: 2026-11-22-1150_successors
-- The demo's topics were never anybody's: once they are removed they do not explain themselves.
alter table topic add column forgotten boolean not null default false;

alter table minted_code add column renewals int not null default 0;
-- What is an account's, the soonest end first.
create index minted_code_of_subject on minted_code (subject, expires_at) where subject is not null and revoked_at is null;

-- That a code ends soon, told to its owner once for each end, by whichever channel came first.
create table code_reminder (
    minted_code_id bigint not null references minted_code on delete cascade,
    ends_at timestamptz not null,             -- infinity: one without an end that was never used
    channel text not null check (channel ~ '^[a-z]{2,20}$'),
    shown_at timestamptz not null default app_now(),
    declined_at timestamptz,                  -- its owner wants no more of them for this code, whenever it ends
    renewed_at timestamptz,
    primary key (minted_code_id, ends_at)
);
