"""Text as people may send it: what PostgreSQL and browsers can hold and show.

U+0000 cannot be stored; lone surrogates cannot be encoded; direction overrides
let a name pretend to be another.
"""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\u0000\ud800-\udfff]")
# Bidirectional embeddings, overrides and isolates (Unicode TR36 §2.10.2).
_DIRECTIONS = "\u202a-\u202e\u2066-\u2069"
_DIRECTED = re.compile(f"[{_DIRECTIONS}]")
# These and controls except tab and newline.
_UNSAFE = re.compile(f"[\u0000-\u0008\u000b-\u001f\u007f-\u009f{_DIRECTIONS}\ud800-\udfff]")


def storable(text: str) -> bool:
    """Can this be stored as it is?"""
    return _UNSTORABLE.search(text) is None


def undirected(text: str) -> str:
    """Without direction overrides: what is read is what was written, and what masking sees; for messages."""
    return _DIRECTED.sub("", text)


def printable(text: str) -> str:
    """Without controls, direction overrides and lone surrogates; for names and titles."""
    return _UNSAFE.sub("", text)
