"""Files that somebody names on the command line.

Whatever is wrong with one is said in one sentence, with the line where there is one.

Does not: know what the lines are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from mashang.kit.trouble import Trouble

_LARGEST_FILE = 200_000_000  # bytes
_Line = TypeVar("_Line")


def text_of(path: Path) -> str:
    """What a file holds; raises Trouble for a file that is none."""
    if not path.is_file():
        raise Trouble("eval_missing", path=path)
    if path.stat().st_size > _LARGEST_FILE:
        raise Trouble("eval_large", path=path)
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Trouble("eval_encoding", path=path) from None


def lines_of(path: Path, kind: type[_Line]) -> Iterator[tuple[int, _Line]]:
    """The JSON objects of a file, one a line, with the number of the line; raises Trouble, also for none at all."""
    found = False
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if not line.strip():
            continue
        found = True
        try:
            yield number, msgspec.json.decode(line, type=kind)
        except msgspec.MsgspecError as error:
            raise Trouble("eval_line", path=path, line=number, reason=error) from None
    if not found:
        raise Trouble("eval_empty", path=path)
