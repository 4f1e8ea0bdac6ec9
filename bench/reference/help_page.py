"""`python -m bench.reference.help_page PORT [fixed]`: the product over the database in its settings, for searches.

With `fixed`, whatever is searched has one result that was found beforehand: the same page, the same reader, site, hours
and template, without the finding.  In both the limit of searches of one address is lifted, and nothing learns beside.
"""

from __future__ import annotations

import asyncio
import sys

import uvicorn

from mashang import app
from mashang.channels.help import pages
from mashang.cli.serving import configuration
from mashang.kit import settings
from mashang.kit.limits import Limiter
from mashang.knowledge.indexing import Hit
from mashang.knowledge.serving import Knowledge

FIRST = "充值没到账"


class Fixed(Knowledge):
    """Knows one answer to everything."""

    _found: list[Hit] | None = None

    async def search(self, query: str, locale: str, limit: int) -> list[Hit]:  # noqa: ARG002 — as it was, whatever is asked
        """What was found the first time."""
        self._found = self._found or await super().search(FIRST, locale, limit)
        return self._found


def main(port: str, kind: str = "") -> None:
    """Serve until told to stop."""
    pages._searched = Limiter(1e9, 1e9)  # noqa: SLF001 — a bench is a flood
    chosen = settings.load(port=int(port))
    if kind == "fixed":
        vars(app)["Knowledge"] = Fixed
    server = uvicorn.Server(configuration(app.create_app(chosen), chosen))
    asyncio.run(server.serve())


if __name__ == "__main__":
    main(*sys.argv[1:])
