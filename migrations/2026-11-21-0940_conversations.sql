-- depends: 2026-11-21-0930_customers
-- One consultation. Written by the conversations package only.
create table conversation (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    site_id bigint not null references site,
    customer_id bigint not null references customer,
    channel text not null default 'web',
    status text not null check (status in ('waiting', 'active', 'closed')),
    department_id bigint not null references department,
    agent_id bigint references agent,         -- who serves it; null while it waits
    topic_code text,                          -- the code it was opened with, as it was then
    order_number text,                        -- what the customer says it is about; proves nothing
    page_url text not null default '',
    page_title text not null default '',
    locale text not null default 'zh-CN',
    opening_key text not null,                -- the client's idempotency key of the opening
    head int not null default 0,              -- number of the last entry
    public_head int not null default 0,       -- number of the last entry the customer may see
    customer_read int not null default 0,     -- the last number each side has seen
    staff_read int not null default 0,
    unread_by_staff int not null default 0,   -- customer messages behind staff_read
    unread_by_customer int not null default 0,
    last_entry_at timestamptz not null default app_now(),
    last_preview text not null default '',
    last_author text not null default '',
    opened_at timestamptz not null default app_now(),
    assigned_at timestamptz,
    closed_at timestamptz,
    check ((status = 'active') = (agent_id is not null and closed_at is null)),
    check ((status = 'closed') = (closed_at is not null)),
    unique (customer_id, opening_key)
) with (fillfactor = 60);                     -- heads change with every message: leave room to update in place
create index conversation_customer on conversation (customer_id, id desc);
create index conversation_agent on conversation (agent_id) where status <> 'closed';
create index conversation_open on conversation (department_id, id) where status <> 'closed';

-- The timeline. Numbers are dense within a conversation; a reader who may not see staff entries
-- follows prev_public instead.
create table entry (
    conversation_id bigint not null references conversation,
    seq int not null,
    prev_public int not null,                 -- public_head just before this entry
    at timestamptz not null,
    audience text not null check (audience in ('everyone', 'staff')),
    author text not null check (author in ('customer', 'agent', 'system')),
    author_id bigint,                         -- customer.id or agent.id
    kind text not null check (kind in ('text', 'file', 'event')),
    text text not null default '',            -- masked before it came here
    data jsonb,                               -- of a file or an event
    client_id text,
    primary key (conversation_id, seq)
);
-- Found by `conversation_id + 0`, so that the planner cannot take the primary key instead and read the whole
-- conversation for each message: without statistics the two look alike to it.
create unique index entry_client on entry ((conversation_id + 0), author, author_id, client_id)
    where client_id is not null;

create table attachment (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    conversation_id bigint not null references conversation,
    uploaded_by text not null check (uploaded_by in ('customer', 'agent')),
    uploader_id bigint not null,
    name text not null,
    media_type text not null,
    size bigint not null,
    width int,
    height int,
    picture boolean not null default false,   -- re-encoded by us: safe to show in place
    animated boolean not null default false,
    storage_key text not null,
    preview_key text,                         -- a smaller still picture
    created_at timestamptz not null default app_now(),
    posted_at timestamptz                     -- null: uploaded, not yet sent; swept after a day
);
create index attachment_unposted on attachment (created_at) where posted_at is null;
create index attachment_conversation on attachment (conversation_id);
