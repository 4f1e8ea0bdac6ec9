"""The playbooks that come with the product."""

from __future__ import annotations

import pytest

from mashang.bot import checking, library
from mashang.bot.playbook import Act, HandOver


def test_every_shipped_playbook_is_one() -> None:
    wrong = [
        (path.name, one.line, checking.told(one)["en"])
        for path in library.FOLDER.glob("*.yaml")
        for one in checking.read(path.read_text("utf-8"))[1]
    ]
    assert wrong == []


def test_every_shipped_playbook_is_named_as_its_file() -> None:
    assert set(library.shipped()) == {path.stem for path in library.FOLDER.glob("*.yaml")}


def test_the_ten_that_a_shop_begins_with_are_there() -> None:
    assert set(library.shipped()) == {
        "recharge-not-arrived", "card-key-not-received", "card-key-invalid", "refund-progress", "order-anomaly",
        "account-frozen", "cannot-pay", "promotion-not-applied", "balance-query", "recharge-arrival-time",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["refund-progress", "account-frozen"])
def test_nothing_is_done_by_itself_where_money_comes_back_or_somebody_is_judged(key: str) -> None:
    playbook, _ = library.shipped()[key]
    assert not any(isinstance(step, Act) for step in playbook.steps.values())
    assert any(isinstance(step, HandOver) for step in playbook.steps.values())
