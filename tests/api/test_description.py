"""The description that the pages' types are made from is the server's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from mashang.app import describe

KEPT = Path(__file__).parents[2] / "web/protocol/generated"


@pytest.mark.parametrize("name", ["openapi.json", "frames.json"])
def test_the_pages_are_typed_by_todays_description(name: str, tmp_path: Path) -> None:
    describe(tmp_path)
    assert (KEPT / name).read_bytes() == (tmp_path / name).read_bytes(), "run `npm run generate` in web/"
