-- depends: 2026-11-22-1350_assistant
-- The assistant's figures read what was opened in a period, and not every conversation there is.
create index conversation_opened on conversation (opened_at);
