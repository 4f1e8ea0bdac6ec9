-- depends: 2026-11-21-1180_codes_of_an_order
-- Since when its customer does not wait there any more but wants an answer all the same; order_at stands back as long.
alter table queue_place add column message_at timestamptz;
