-- depends: 2026-11-22-0962_alerts
-- Whether somebody still wants the first-run guide in their menu.
alter table agent add column guide boolean not null default true;
