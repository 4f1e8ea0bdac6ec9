"""An installation as former releases left it, restored and brought up to date: everything is there, and works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import open_folder
from tests.running import running
from tests.upgrade.evening import still_knows
from tests.upgrade.morning import STATES, Person, Staff, Visitor, mashang

SINCE = {"2026-11-22": still_knows}  # what states from this day on have beside


@pytest.fixture
def home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "home"


@pytest.mark.parametrize("state", sorted(STATES.glob("*.backup")), ids=lambda path: path.stem)
def test_a_former_release_is_restored_brought_up_to_date_and_goes_on(home: Path, state: Path) -> None:
    status, said = mashang(home, "restore", str(state))
    assert status == 0, said
    status, said = mashang(home, "check")
    assert status == 0, said
    with running(home) as product:
        wang = Staff(product, "wang")  # with the password of then
        found = wang.ask("GET", "/desk/conversations?list=all")["rows"]
        by_status = sorted(one["status"] for one in found)
        assert Counter(by_status) >= Counter(["active", "closed", "waiting", "waiting"])
        served = next(one["id"] for one in found if one["status"] == "active")
        entries = wang.ask("GET", f"/desk/conversations/{served}/entries")["entries"]
        picture = next(entry["file"]["id"] for entry in entries if entry["kind"] == "file")
        address = wang.ask("POST", "/desk/files/addresses", {"files": [picture]})["addresses"][picture]["url"]
        assert wang.http.get(product.url + address).content.startswith(b"\x89PNG")
        wang.replies(served, "系统升级好了，您的充值已到账")
        waiting = next(one["id"] for one in found if one["status"] == "waiting")
        wang.ask("POST", f"/desk/conversations/{waiting}/take")
        fresh = Visitor(product).opens(entrance="code", code="CZ", text="新的问题")
        assert fresh in {one["id"] for one in wang.ask("GET", "/desk/conversations?list=all")["rows"]}
        assert {one["code"] for one in Person.ask(wang, "GET", "/admin/topics")} >= {"CZ", "SH", "DD"}
        for there in (look for since, look in SINCE.items() if state.stem >= since):
            there(product)
    status, said = mashang(home, "check")
    assert status == 0, said


def test_a_state_is_small_enough_to_keep() -> None:
    sizes = [path.stat().st_size for path in STATES.glob("*.backup")]
    assert sizes
    assert max(sizes) < 600_000
