"""How customers ask: one phrasing, and when two phrasings are the same.

Does not: find what is asked (`finder`), or store anything (`wording`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

LONGEST = 200  # characters of a phrasing

Locale = Literal["zh-CN", "en"]

_SIGNS = re.compile(r"[^\w%¥$€£+\-.]+|_+")
_ENDS = re.compile(r"(?<!\d)[.\-+]|[.\-+](?!\d)")


def folded(text: str) -> str:
    """Full width made half, upper made lower, invisible signs, punctuation and repeated spaces taken out."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return " ".join(_ENDS.sub(" ", _SIGNS.sub(" ", plain.casefold())).split())
