-- depends: 2026-11-22-1300_knowledge
-- What the public help centre counts by day, without anybody's name; written by channels.help only.
create table help_read (
    day date not null,
    article_id bigint not null references article,
    number int not null,
    primary key (day, article_id)
);

-- One vote an article, day and side of the network; `voter` is a keyed hash that changes with the day.
create table help_vote (
    day date not null,
    article_id bigint not null references article,
    voter bytea not null,
    is_helpful boolean not null,
    locale text not null,
    version int not null,                     -- of the text that was read
    primary key (day, article_id, voter)
);

-- What was searched and not found; secrets in it masked.
create table help_search (
    day date not null,
    locale text not null,
    words text not null,
    number int not null,
    primary key (day, words, locale)
);
