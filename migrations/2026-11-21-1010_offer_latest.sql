-- depends: 2026-11-21-1000_routing
-- Who was last offered something longest ago: asked for every free agent at every dispatch.
create index offer_latest on offer (agent_id, offered_at desc);
