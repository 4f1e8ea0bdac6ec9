-- depends: 2026-11-21-1000_routing
-- A shop reports something of an order: which snapshots are about it?
create index context_order on context_snapshot ((data->'ask'->>'order_number'), asked_at)
    where data->'ask'->>'order_number' is not null;
