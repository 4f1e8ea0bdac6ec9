"""The bodies of articles as HTML, rendered once a text and language; for the help centre and for the chat.

What was not read for the longest time is let go when together they are longer than `most` characters, however long
single ones are.

Does not: say what may be in them (`knowledge.rendering`).
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from markupsafe import Markup

from mashang.knowledge import rendering
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.reading import Published

_MOST = 4_000_000  # characters: some thousand articles


class Bodies:
    """Remembers what it rendered."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._length = 0
        # By when it was written, too: starter knowledge changes within its version when codes go.
        self._kept: OrderedDict[tuple[str, int, datetime, Locale], Markup] = OrderedDict()

    def of(self, article: Published, locale: Locale) -> Markup:
        """The body of an article in one of its languages."""
        key = (article.id, article.version, article.written_at, locale)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        body = Markup(rendering.html(article.texts[locale].body))  # noqa: S704 — what it may hold is rendering's own list
        self._kept[key] = body
        self._length += len(body)
        while self._length > self._most:
            self._length -= len(self._kept.popitem(last=False)[1])
        return body


kept = Bodies()  # those of this process
