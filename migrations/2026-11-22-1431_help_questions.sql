-- depends: 2026-11-22-1430_gathered
-- Searches that found nothing are kept by visitor and day, so that a flood from one side counts once; the visitor is a
-- keyed hash that changes with the day, as in `help_vote`. Searches of before have none.
alter table help_search
    drop constraint help_search_pkey,
    drop column number,
    add column searcher bytea not null default '',
    add column at timestamptz not null default app_now(),
    add primary key (day, words, locale, searcher);
update help_search set at = day;
alter table help_search alter column searcher drop default;
create index help_search_at on help_search (at);

-- What was searched before the article was read, secrets masked.
alter table help_vote
    add column words text not null default '',
    add column at timestamptz not null default app_now();
update help_vote set at = day;
create index help_vote_at on help_vote (at);

-- Questions come from the help centre too, where there is no conversation.
alter table gap_question
    drop constraint gap_question_pkey,
    alter column conversation_id drop not null,
    alter column question_seq drop not null,
    add column source text not null default 'conversation' check (source in ('conversation', 'help_search', 'help_vote')),
    add column day date,
    add column asker bytea,                   -- whoever searched or voted on that day
    add check (case source when 'conversation' then conversation_id is not null and question_seq is not null
        else day is not null and asker is not null end);
create unique index gap_question_said on gap_question (conversation_id, question_seq);
create unique index gap_question_helped on gap_question (day, asker, source, locale, words, coalesce(article, ''))
    where source <> 'conversation';
