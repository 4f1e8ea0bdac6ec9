-- depends: 2026-11-22-1200_shop_kinds
-- What a shop was asked to do for the owner of an order, and what became of it.  One row for each time that somebody
-- pressed deliberately: everybody who presses with the same round gets the same row, and the shop gets the same key.
create table shop_action (
    id bigint generated always as identity primary key,
    public_id text not null unique,
    shop_id bigint not null references shop,
    order_number text not null,
    line text not null default '',            -- '': the whole order
    action text not null check (action in ('resend', 'reissue', 'refund')),
    round int not null check (round between 1 and 1000),
    key text not null unique,                 -- the shop knows the request by it
    subject text not null,                    -- the shop's customer id: whose order it is
    state text not null default 'asked' check (state in ('asked', 'done', 'accepted', 'refused', 'unknown', 'not_done')),
    asked_by text not null check (asked_by in ('customer', 'agent')),
    customer_id bigint references customer,   -- who pressed, of these two
    agent_id bigint references agent,
    conversation_id bigint references conversation,
    reason text not null default '',          -- the agent's
    text text not null default '',            -- the shop's words
    refused_because text,
    key_masked text,
    to_masked text,
    asked_at timestamptz not null default app_now(),  -- when it was last to be sent
    settled_at timestamptz,
    looks int not null default 0,
    look_at timestamptz,                      -- when the shop is asked next what became of it
    told_state text,                          -- the state that stands in the conversation
    unique (shop_id, order_number, line, action, round),
    check ((asked_by = 'agent') = (agent_id is not null)),
    check ((asked_by = 'customer') = (customer_id is not null))
);
create index shop_action_look on shop_action (look_at) where look_at is not null;
create index shop_action_of_customer on shop_action (shop_id, subject, asked_at) where asked_by = 'customer';
create index shop_action_untold on shop_action (id)
    where conversation_id is not null and state <> 'asked' and told_state is distinct from state;

-- Who looked at card keys, whose, and why.  The keys themselves are kept nowhere.
create table card_reveal (
    id bigint generated always as identity primary key,
    shop_id bigint not null references shop,
    order_number text not null,
    line text not null,
    agent_id bigint not null references agent,
    conversation_id bigint not null references conversation,
    reason text not null,
    at timestamptz not null default app_now(),
    shown_at timestamptz                      -- null: the shop gave none
);
create index card_reveal_by on card_reveal (agent_id, at);
