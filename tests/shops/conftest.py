"""The demo shop as a process, and a shop whose answers the test decides."""

from __future__ import annotations

from tests.merchants import alipay, wechat
from tests.selling import client, connected, demo_shop, rogue
from tests.shops.counter import counter, rogue_counter, shops

__all__ = ["alipay", "client", "connected", "counter", "demo_shop", "rogue", "rogue_counter", "shops", "wechat"]
