"""Text as people may send it: what PostgreSQL and browsers can hold and show.

U+0000 cannot be stored; lone surrogates cannot be encoded; direction overrides
let a name pretend to be another.
"""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\u0000\ud800-\udfff]")
# Controls except tab and newline, and the bidirectional overrides (Unicode TR36 §2.10.2).
_UNSAFE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def storable(text: str) -> bool:
    """Can this be stored as it is?"""
    return _UNSTORABLE.search(text) is None


def printable(text: str) -> str:
    """Without controls, direction overrides and lone surrogates; for names and titles."""
    return _UNSAFE.sub("", text)
