-- depends: 2026-11-22-1301_assisted
-- The assistant: what it is called and how sure it must be (one row, written by staff.assistant).
create table assistant (
    one boolean primary key default true check (one),
    is_on boolean not null default false,
    name text not null default '智能助手',
    name_en text not null default 'Assistant',
    greeting text not null default '',
    greeting_en text not null default '',
    target_precision double precision not null default 0.95 check (target_precision between 0.5 and 0.999),
    risk_words text[] not null default '{}'        -- beside the words it comes with
);
insert into assistant default values;

-- How far it is with a conversation: written by routing.assistance only, gone through by bot.turn.
create table assistance (
    conversation_id bigint primary key references conversation,
    state text not null check (state in ('serving', 'beside', 'out')),
    heard_seq int not null default 0,              -- what the customer said up to here has its answer
    misses int not null default 0,                 -- misunderstandings in a row
    answers_first boolean not null default false,  -- the first answer of its code is still to be given
    shown jsonb not null default '[]',             -- articles whose words were shown: [{id, title, seq}]
    facts jsonb not null default '{}',             -- for whoever takes over: statement, looked_up, tried
    run jsonb,                                     -- of a playbook, where it stands
    began_at timestamptz not null default app_now(),
    handed_over_at timestamptz,
    reason text                                    -- why it was handed over
);
create index assistance_at_work on assistance (conversation_id) where state <> 'out';

-- One row a turn in which it said something or handed over: what was asked, what was found, how sure it was.
create table assistant_turn (
    id bigint generated always as identity primary key,
    conversation_id bigint not null references conversation,
    question_seq int not null,                     -- the last entry of the customer it answers; 0: of nobody, a first word
    seq int,                                       -- the entry that answers; null: it was handed over without one
    at timestamptz not null default app_now(),
    move text not null check (move in ('answer', 'choices', 'ask', 'say', 'hand_over')),
    why text not null default '',                  -- of a hand-over its reason, else what led to it
    band text check (band in ('answer', 'suggest', 'hand_over')),
    p double precision,
    articles text[] not null default '{}',         -- shown or offered, by public id
    beside boolean not null default false          -- the customer waited for a person meanwhile
);
create index assistant_turn_of on assistant_turn (conversation_id, id);
create index assistant_turn_at on assistant_turn (at);

-- What became of an answer, by its entry; the customer's word and an agent's stand side by side.
create table assistant_verdict (
    conversation_id bigint not null references conversation,
    seq int not null,
    said_by text not null check (said_by in ('customer', 'agent')),
    verdict text not null check (verdict in ('helpful', 'not_helpful', 'corrected')),
    article text,                                  -- judged, by public id
    instead text,                                  -- the article that would have been right, where an agent knows it
    agent_id bigint references agent,
    at timestamptz not null default app_now(),
    primary key (conversation_id, seq, said_by),
    check ((said_by = 'agent') = (agent_id is not null))
);

-- What a code answers before anybody queues.
alter table topic
    add column answers_with text not null default '' check (answers_with in ('', 'article', 'template', 'playbook')),
    add column answer_key text not null default '',
    add column answer_text text not null default '',
    add column answer_text_en text not null default '';

alter table consultation drop constraint consultation_outcome_check;
alter table consultation
    add constraint consultation_outcome_check check (outcome in ('answered', 'assisted', 'left', 'waiting')) not valid;
