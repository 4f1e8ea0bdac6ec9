-- depends: 2026-11-21-1050_attachment_age
-- Who may serve whom, and who comes first.
alter table agent
    add column tier smallint not null default 1 check (tier between 1 and 3),  -- 1 junior, 2 senior, 3 expert
    add column skills text[] not null default '{}',
    add column seen_until timestamptz;        -- how far the last lease that ended had reached

alter table site
    add column vip_tiers text[] not null default '{}';  -- tiers of proved customers that come first, the first of them most

-- The order of service is that of virtual arrivals: order_at = queued_at less the head start of the priority.
alter table queue_place
    add column order_at timestamptz,
    add column priority smallint not null default 0 check (priority between 0 and 3),
    add column required_tier smallint not null default 1 check (required_tier between 1 and 3),
    add column skills text[] not null default '{}',     -- sorted, none twice
    add column familiar_agent_id bigint references agent,  -- served this customer lately: asked first when free
    add column sender_id bigint references agent,       -- who transferred it here …
    add column note text not null default '';           -- … and what they wrote
update queue_place set order_at = queued_at;
alter table queue_place alter column order_at set not null;

drop index queue_place_order;
create index queue_place_order on queue_place (order_at, conversation_id);
-- The dispatcher reads each (department, tier, skills) from its own beginning, and those meant for one agent apart.
create index queue_place_class on queue_place (department_id, required_tier, skills, order_at, conversation_id)
    where wanted_agent_id is null;
create index queue_place_wanted on queue_place (order_at, conversation_id) where wanted_agent_id is not null;
create index conversation_active on conversation (agent_id) where status = 'active';
create index conversation_customer_served on conversation (customer_id, assigned_at desc) where agent_id is not null;
