"""Who hears of it now: sockets, and the announcements that reach them.

Announcements are hints.  Every entry frame names its predecessor, so a reader
notices a gap and asks again; the heads of all watched conversations are compared
every 15 seconds, so even a lost last announcement is made good.  The truth is in
the database and nowhere here.
"""

from __future__ import annotations

import msgspec

from mashang.conversations.writer import Writer
from mashang.kit.db import Database
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.live.bus import Bus
from mashang.live.hub import Hub


class Live(msgspec.Struct, frozen=True):
    """What the doors of one process share; `process_id` names it to the others."""

    db: Database
    settings: Settings
    hub: Hub
    bus: Bus
    writer: Writer
    sealer: Sealer
    process_id: str
