"""The shops that connectors ask, and the providers beside them."""

from __future__ import annotations

from tests.contract.sellers import cards_of, lime, seller
from tests.dujiaoka import cards, databases
from tests.mariadb import mariadb
from tests.selling import client, connected, demo_shop, rogue

__all__ = ["cards", "cards_of", "client", "connected", "databases", "demo_shop", "lime", "mariadb", "rogue", "seller"]
