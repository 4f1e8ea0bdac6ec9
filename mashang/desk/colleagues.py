"""Who else of the staff has a conversation open, or writes in it: passing hints among desks, stored nowhere.

A desk says it again every ten seconds while the conversation is on the screen, and the others forget after
fifteen; so nothing has to be undone when a desk is closed, asleep or without network.  A hint costs no statement:
only somebody who follows the conversation, and so may see it, is heard and told.

Does not: tell the customer anything (`socket` does, of those who may write to them).
"""

from __future__ import annotations

from typing import NamedTuple

from mashang.live.bus import Bus, Notice
from mashang.live.frames import FromServer
from mashang.live.hub import Hub


class ColleagueFrame(FromServer, tag="colleague"):
    """A colleague is 'looking' at a conversation, 'writing' in it, or 'gone' from it."""

    conversation: str
    id: str
    name: str
    doing: str


class Hint(NamedTuple):
    """Who (public id and name) does what in which conversation (row number)."""

    conversation_id: int
    id: str
    name: str
    doing: str


def tell(hub: Hub, bus: Bus, hint: Hint) -> None:
    """To the other desks that follow the conversation, here and in other processes."""
    show(hub, hint)
    bus.publish(Notice(colleagues=[(hint.conversation_id, hint.id, hint.name, hint.doing)]))


def show(hub: Hub, hint: Hint) -> None:
    """To the desks of this process, but those of whom it is about."""
    for socket in hub.watchers(hint.conversation_id):
        if socket.audience == "staff" and socket.door.agent.public_id != hint.id:
            socket.send_frame(ColleagueFrame(socket.names[hint.conversation_id], hint.id, hint.name, hint.doing))
