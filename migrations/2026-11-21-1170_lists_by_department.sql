-- depends: 2026-11-21-1130_tiers_and_priority
-- The list of all conversations as an agent sees it, newest first: a quiet department's few, and the agent's own, are
-- found among many thousands without walking the others.
create index conversation_department on conversation (department_id, id);
create index conversation_served on conversation (agent_id, id);
