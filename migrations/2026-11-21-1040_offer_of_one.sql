-- depends: 2026-11-21-1000_routing
-- The last offer of one conversation to one agent: asked at every accept and decline, over years of offers.
create index offer_of_one on offer (conversation_id, agent_id, id desc);
