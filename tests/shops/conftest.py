"""The demo shop as a process, and a shop whose answers the test decides."""

from __future__ import annotations

from tests.selling import client, connected, demo_shop, rogue

__all__ = ["client", "connected", "demo_shop", "rogue"]
