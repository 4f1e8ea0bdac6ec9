-- depends: 2026-11-22-1100_ways_of_a_code 2026-11-22-1160_code_count
-- One conversation as the figures count it, derived from its own rows (desk.consultations) and safe to derive again.
create table consultation (
    conversation_id bigint primary key references conversation,
    opened_at timestamptz not null,
    department_id bigint not null references department,  -- in which it was opened
    topic_id bigint references topic,                     -- of the code it was opened with; null: without one
    medium text,                                          -- how that code came, and how it was recognised
    how text,
    while_closed boolean not null,                        -- opened outside the hours of its department
    outcome text not null check (outcome in ('answered', 'left', 'waiting')),
    answer_seconds int,                                   -- to the first useful answer, closed hours left out
    wrong_turn text check (wrong_turn in ('moved', 'chose_again')),
    settled boolean not null,                             -- nothing of this can change any more
    looked_at timestamptz not null,
    check ((outcome = 'answered') = (answer_seconds is not null)),
    check ((topic_id is null) = (medium is null) and (topic_id is null) = (how is null)),
    check (wrong_turn is null or topic_id is not null)
);
create index consultation_opened on consultation (opened_at);
create index consultation_unsettled on consultation (looked_at) where not settled;
create index consultation_of_topic on consultation (topic_id, opened_at) where topic_id is not null;
