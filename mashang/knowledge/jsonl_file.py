"""Knowledge as JSONL: one article a line, every field by its name."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mashang.knowledge.interchange import FIELDS, File, Line, Place, field_of, unknown_field


def read(text: str, encoding: str) -> File:
    """The articles, and each line that is none."""
    file = File("jsonl", encoding)
    decoder = msgspec.json.Decoder(Line)
    for number, line in enumerate(text.splitlines() if "\n" not in text else text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            file.lines.append((Place(number), decoder.decode(line)))
        except msgspec.ValidationError as error:
            if (unknown := unknown_field(error)) is not None:
                file.wrong(Place(number), "import_unknown_field", field=unknown[:40], fields=", ".join(FIELDS))
            else:
                file.wrong(Place(number), "import_field", field=field_of(error))
        except (msgspec.DecodeError, RecursionError):
            file.wrong(Place(number), "import_no_json")
    return file


def write(lines: Sequence[Line]) -> bytes:
    """What `read` reads."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
