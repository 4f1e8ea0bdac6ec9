-- depends: 2026-11-22-0961_joined
-- How somebody wants to be called at their desk: sound, notifications, quiet hours. Empty: as everybody begins.
alter table agent add column alerts jsonb not null default '{}';
