"""Faults that can be switched on from the back page, to see what Mashang makes of them.

`slow`, `down`, `wrong_signature` and `garbage` bend the connector's answers;
`not_issued` and `maintenance` happen to orders, as they do in real shops.
"""

from __future__ import annotations

from demo.shop.store import Store, now

CONNECTOR_FAULTS = ("slow", "down", "wrong_signature", "garbage")
ORDER_FAULTS = ("not_issued", "maintenance")
FAULTS = CONNECTOR_FAULTS + ORDER_FAULTS


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
