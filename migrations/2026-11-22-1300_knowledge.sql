-- depends: 2026-11-22-1261_listed_incidents
-- What is known and may be told. Articles, their texts and phrasings are written by knowledge.editing only.
create table article_category (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    name text not null,
    name_en text not null default '',
    position int not null default 0,
    archived_at timestamptz
);

create table article (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    key text not null unique                  -- its name in files, codes and playbooks: recharge-not-arrived
        check (key ~ '^[a-z0-9][a-z0-9-]{1,79}$'),
    category_id bigint references article_category,
    status text not null default 'draft' check (status in ('draft', 'published', 'archived')),
    draft_version int not null default 1,     -- the newest text
    published_version int,                    -- the text readers see; null: none yet
    valid_from timestamptz,
    valid_until timestamptz,
    owner_id bigint references agent,
    review_on date,
    codes text[] not null default '{}',       -- topic codes it belongs to
    playbook text,                            -- the key of the playbook that answers in its place
    procedure_only boolean not null default false, -- refund, complaint, frozen account, payment dispute: no more than how to go about it
    version int not null default 1,           -- grows with every change: whoever saves says which one they saw
    created_at timestamptz not null default app_now(),
    created_by bigint references agent,
    changed_at timestamptz not null default app_now(),
    changed_by bigint references agent,
    check ((status = 'published') <= (published_version is not null)),
    check (valid_until is null or valid_from is null or valid_from < valid_until)
);

create table article_department (
    article_id bigint not null references article,
    department_id bigint not null references department,
    primary key (article_id, department_id)
);

-- One row a version and language; what was published stays readable.
create table article_text (
    article_id bigint not null references article,
    version int not null,
    locale text not null check (locale in ('zh-CN', 'en')),
    title text not null,
    body text not null,                       -- Markdown
    written_at timestamptz not null default app_now(),
    written_by bigint references agent,
    primary key (article_id, version, locale)
);

-- How customers ask for it. The same words ask for one article only.
create table phrasing (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    article_id bigint not null references article,
    locale text not null check (locale in ('zh-CN', 'en')),
    text text not null,
    folded text not null unique,              -- knowledge.phrasing.folded(text)
    source text not null check (source in ('written', 'imported', 'starter', 'conversation', 'proposed')),
    conversation_id bigint references conversation,
    added_at timestamptz not null default app_now(),
    added_by bigint references agent
);
create index phrasing_of_article on phrasing (article_id);

create table article_picture (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    article_id bigint not null references article,
    key text not null,                        -- in the storage
    media_type text not null,
    width int not null,
    height int not null,
    added_at timestamptz not null default app_now(),
    added_by bigint references agent
);

-- One row: grows with every change that a finder must hear of, in the transaction of that change.
create table knowledge_state (
    one boolean primary key default true check (one),
    version bigint not null default 1,
    changed_at timestamptz not null default app_now()
);
insert into knowledge_state default values;
