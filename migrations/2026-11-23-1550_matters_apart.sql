-- depends: 2026-11-23-1512_shown_version
-- Who comes back after days comes with another matter, and is not judged by the old talk: a matter is known by the entry
-- after which it began, 0 of a conversation's first.
alter table assistance add column after_seq int not null default 0;
alter table assistant_turn add column after_seq int not null default 0;
alter table hand_over add column after_seq int not null default 0;
