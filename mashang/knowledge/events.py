"""What happens to the knowledge, for finders and open desks."""

from __future__ import annotations

from mashang.kit.events import Event


class KnowledgeChanged(Event, frozen=True):
    """An article, a category or a phrasing changed; `version` is that of `knowledge_state` from now on."""

    version: int
