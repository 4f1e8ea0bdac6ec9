-- depends: 2026-11-22-1350_assistant 2026-11-22-1311_knowledge_examination
-- By how much an article's threshold moves, for what its answers were judged: written by knowledge.trust, told to it by
-- bot.experience, read by every process that answers.
create table answer_trust (
    article text primary key,                 -- public id
    shift double precision not null           -- of the log-odds: less than nothing where more is needed
);
create index assistant_verdict_at on assistant_verdict (at);
