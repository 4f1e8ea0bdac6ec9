-- depends: 2026-11-21-1180_codes_of_an_order
-- What is answered again and again, written once. Written by the conversations package only.
create table canned_reply (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    shortcut text not null,                   -- what one types behind the slash, in small letters
    title text not null,
    text text not null,
    text_en text not null default '',         -- for conversations in English; empty: the other text
    department_id bigint references department,
    agent_id bigint references agent,         -- of one agent alone; without either, everybody's
    created_at timestamptz not null default app_now(),
    changed_at timestamptz not null default app_now(),
    archived_at timestamptz,
    check (department_id is null or agent_id is null)
);
create unique index canned_reply_shortcut
    on canned_reply (coalesce(department_id, 0), coalesce(agent_id, 0), shortcut) where archived_at is null;

-- Pictures that go with a reply. Each conversation gets a copy of its own: taking one out of use changes no timeline.
create table canned_picture (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    canned_reply_id bigint references canned_reply,   -- null: uploaded and not saved yet, or taken out; swept after a day
    uploader_id bigint not null references agent,
    position int not null default 0,
    name text not null,
    media_type text not null,
    size bigint not null,
    width int,
    height int,
    animated boolean not null default false,
    storage_key text not null,
    preview_key text,
    left_at timestamptz not null default app_now()    -- since when no reply has it, while none has
);
create index canned_picture_reply on canned_picture (canned_reply_id, position);
create index canned_picture_left on canned_picture (left_at) where canned_reply_id is null;
