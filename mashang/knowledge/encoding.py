"""In which encoding a text file is written: UTF-8, UTF-16 with its mark, or GB18030 as older Excel saves it.

Does not: guess further.  What is none of them is refused with the line, rather than read as rubbish.
"""

from __future__ import annotations

import codecs
import re

_MARKED = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "gb18030": "GB18030"}
# What Chinese text is made of beside ASCII: characters, their punctuation and forms, a few signs of prices and lists.
_CHINESE = re.compile(r"[\u2010-\u2027\u2030-\u205e\u2460-\u24ff\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\xb7\xd7\xa5]")
_SHARE = 0.9


class NotText(Exception):
    """In no encoding we read; `line` is the first that is not right."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; raises NotText."""
    for mark, name in _MARKED:
        if data.startswith(mark):
            return _as(data[len(mark) :], name), _NAMES[name]
    try:
        return _as(data, "utf-8"), _NAMES["utf-8"]
    except NotText as first:
        text = data.decode("gb18030", errors="ignore")
        foreign = [one for one in text if ord(one) > 127]
        share = sum(1 for one in foreign if _CHINESE.match(one)) / len(foreign) if foreign else 0
        if share < _SHARE:
            raise first from None
        return _as(data, "gb18030"), _NAMES["gb18030"]


def _as(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(name, errors="ignore")
        raise NotText(before.count("\n") + 1) from None
    if "\0" in text:
        raise NotText(text[: text.index("\0")].count("\n") + 1)
    return text
