"""Faults that can be switched on from the back page, to see what Mashang makes of them.

`slow`, `down`, `wrong_signature` and `garbage` bend the connector's answers; the faults of orders happen in real shops:

- `not_issued`: nothing that is paid is issued, and that is reported;
- `not_notified`: Alipay took the money and the shop was not told; switched off, it is;
- `maintenance`: the payment channel is, top-ups wait; announced as an incident;
- `game_maintenance`: the games' servers are, top-ups of games wait; announced as an incident;
- `wrong_account`: a top-up comes back, for there is no such account on that server; switched off, it goes through;
- `low_balance`: what customers have beyond one yuan is held, and given back when it is switched off;
- `not_yet`: a top-up is under way for longer, within a time that the shop tells.

Of what customer service asks for, `action_late` is done and answered when nobody listens any more, `action_lost` is
done and its answer lost, and `action_refused` is not done.
"""

from __future__ import annotations

from demo.shop.store import Store, now

CONNECTOR_FAULTS = ("slow", "down", "wrong_signature", "garbage")
ORDER_FAULTS = (
    "not_issued", "not_notified", "maintenance", "game_maintenance", "wrong_account", "low_balance", "not_yet",
)  # fmt: skip
INCIDENTS = ("maintenance", "game_maintenance")  # those that are announced
ACTION_FAULTS = ("action_late", "action_lost", "action_refused")
FAULTS = CONNECTOR_FAULTS + ORDER_FAULTS + ACTION_FAULTS


def switch(store: Store, name: str, *, on: bool) -> None:
    """Switch one on or off."""
    with store:
        if on and name in FAULTS:
            store.run("insert into fault (name, since) values (?, ?) on conflict do nothing", name, now())
        else:
            store.run("delete from fault where name = ?", name)


def switched_on(store: Store) -> dict[str, str]:
    """The faults that are on, and since when."""
    return {row["name"]: row["since"] for row in store.all("select name, since from fault")}
