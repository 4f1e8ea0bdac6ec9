-- depends: 2026-11-22-1350_assistant
-- What customers asked and the knowledge did not answer, or wrongly: like questions together. Written by insights.gaps only.
create table gap (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    status text not null default 'open' check (status in ('open', 'filled', 'dismissed')),
    article_id bigint references article,     -- that its questions were given to
    made_at timestamptz not null default app_now(),
    decided_at timestamptz,
    decided_by bigint references agent,
    check ((status = 'open') = (decided_at is null)),
    check (status <> 'filled' or article_id is not null)
);
create index gap_open on gap (id) where status = 'open';

create table gap_question (
    conversation_id bigint not null references conversation,
    question_seq int not null,                -- the entry it stands in
    gap_id bigint not null references gap,
    kind text not null check (kind in ('unanswered', 'wrong')),
    locale text not null,
    words text not null,                      -- as they were stored, masked
    folded text not null,
    article text,                             -- the wrong answer, by public id
    asked_at timestamptz not null,
    primary key (conversation_id, question_seq)
);
create index gap_question_of on gap_question (gap_id, asked_at);
