"""The names of the playbooks an article may name: whoever knows playbooks says which come with the product.

Does not: know any playbook (`bot.library`, which stands above the knowledge).
"""

from __future__ import annotations

from collections.abc import Collection

from mashang.kit.db import Tx
from mashang.kit.errors import Refusal


class PlaybookUnknown(Refusal):
    """There is no playbook of this key: `field`, `key`."""

    status, code = 422, "playbook_unknown"


class PlaybookNames:
    """Those that come with the product, by key; an operator's own are in the database."""

    def __init__(self, shipped: Collection[str]) -> None:
        self._shipped = frozenset(shipped)

    async def demand(self, tx: Tx, key: str | None, article: str = "") -> None:
        """Raise PlaybookUnknown for one there is not; `article`, by its key or public id, may keep the one it names."""
        if key is None or key in self._shipped:
            return
        there = await tx.value(
            "select exists (select from playbook where key = %(key)s)"
            " or exists (select from article where %(article)s in (key, public_id) and playbook = %(key)s)",
            {"key": key, "article": article},
        )
        if not there:
            raise PlaybookUnknown(field="playbook", key=key)
