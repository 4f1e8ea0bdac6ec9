-- depends: 2026-11-21-1130_tiers_and_priority
-- When it was last put here: whom a transfer names is asked, whatever they refused before it.
alter table queue_place add column placed_at timestamptz not null default app_now();
