-- depends: 2026-11-23-1560_ignored_words
-- What became of a matter is counted where it ended: who is back after days begins another in the same conversation.
-- Written by routing.assistance only; the present one stands in assistance.
create table past_matter (
    conversation_id bigint not null references conversation,
    after_seq int not null,                        -- it began after this entry, 0: with the conversation
    until_seq int not null,                        -- and ended with this one
    began_at timestamptz not null,
    closed_at timestamptz not null,
    by_person boolean not null,                    -- handed over, or taken by an agent
    topic_code text,
    order_number text,
    primary key (conversation_id, after_seq)
);
create index past_matter_began on past_matter (began_at);
create index assistance_began on assistance (began_at);
