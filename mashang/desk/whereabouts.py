"""Where conversations were when the desks were told of them last: who may hold a row of one that moved away.

A desk is told that a conversation is no longer to be seen only when its agent might have seen it before.  So nobody
hears of what happens in other departments, not even that something happens.

What is not known is taken as seen: what was opened before this process listened, or may have moved unheard.  Of two
moves within one breath the place between is not known; a desk that fetched its list in just that moment keeps the row
until it fetches again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from mashang.desk.lists import Listed
from mashang.kit import clock
from mashang.staff import Agent

_MOST_KNOWN = 5_000


class Whereabouts:
    """Of the conversations that changed most recently."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, Listed] = OrderedDict()
        self._since = clock.now()  # what was opened later was never anywhere else than we know

    def forget(self) -> None:
        """Changes may have been missed."""
        self._known.clear()
        self._since = clock.now()

    def may_have_shown(self, listed: Listed, agent: Agent) -> bool:
        """Might a desk of this agent hold a row of this conversation, from before it changed?"""
        former = self._known.get(listed.conversation_id)
        if former is None:
            return listed.row.opened_at <= self._since
        return former.is_visible_to(agent)

    def note(self, told: Iterable[Listed]) -> None:
        """The desks know of these now."""
        for listed in told:
            self._known[listed.conversation_id] = listed
            self._known.move_to_end(listed.conversation_id)
        while len(self._known) > _MOST_KNOWN:
            _, oldest = self._known.popitem(last=False)
            self._since = max(self._since, oldest.row.opened_at)
