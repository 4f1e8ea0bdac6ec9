-- depends: 2026-11-21-1130_tiers_and_priority
-- Waits as they were, what was told of them, and what each queue has learned.
create table wait (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    department_id bigint not null references department,
    required_tier smallint not null,
    priority smallint not null,
    began_at timestamptz not null,
    moved boolean not null default false,     -- to another queue under way: nothing is learned from what was told
    ended_at timestamptz,                     -- when an agent accepted, or the customer left
    outcome text check (outcome in ('accepted', 'left')),
    served_until timestamptz,                 -- when the conversation that followed was over, or waited again
    learned smallint not null default 0,      -- 1 that it began, 2 and how it ended, 3 and how long the service took
    check ((ended_at is null) = (outcome is null)),
    check (served_until is null or outcome = 'accepted')
);
create unique index wait_open on wait (conversation_id) where ended_at is null;
create index wait_served on wait (conversation_id) where outcome = 'accepted' and served_until is null;
create index wait_to_learn on wait (id) where learned < 3;
create index wait_ended on wait (ended_at) where outcome = 'accepted';

create table announcement (
    id bigint generated always as identity primary key,
    wait_id bigint not null references wait,
    at timestamptz not null,
    low_minutes smallint not null,
    high_minutes smallint not null,
    word text,                                -- why it had grown
    ahead int not null,
    privileged int not null,                  -- of those ahead, who has a higher priority
    slots int not null,
    queue int not null,                       -- the queue length the estimate was made for, and its minutes, unrounded
    median real not null,
    upper real not null,
    calculated real not null
);
create index announcement_of_wait on announcement (wait_id, id);

create table queue_experience (
    department_id bigint not null references department,
    required_tier smallint not null,
    learned jsonb not null,
    busy int not null,                        -- slots that were occupied when it was looked at last, and when that was
    looked_at timestamptz not null,
    primary key (department_id, required_tier)
);

insert into wait (conversation_id, department_id, required_tier, priority, began_at)
select conversation_id, department_id, required_tier, priority, queued_at from queue_place;
