"""What a playbook looked up is told in the order it was last looked up: the newest counts, and stands last."""

from __future__ import annotations

from datetime import UTC, datetime

from mashang.bot import summing_up
from mashang.bot.run import LookedUp, Run

NOW = datetime(2026, 11, 22, 8, 20, tzinfo=UTC)


def test_what_was_looked_up_again_is_told_once_and_last() -> None:
    order, payment = (LookedUp(what=what, how="missing", at=NOW, number="QN1") for what in ("order", "payment"))
    again = LookedUp(what="order", how="failed", at=NOW, number="QN1")
    run = Run(playbook="x", version=1, step="end", since=NOW, looked_up=[order, payment, again])
    told = [one["en"] for one in summing_up.facts(run)["looked_up"]]
    assert told == ["Payment provider: none", "Order QN1: failed"]


def test_who_never_proved_it_told_a_number_and_what_was_found_stands_over_that() -> None:
    order = LookedUp(what="order", how="unproved", at=NOW, number="QN1")
    other = LookedUp(what="order", how="unproved", at=NOW, number="QN2")
    found = LookedUp(what="order", how="found", at=NOW, number="QN2", told="Paid")
    run = Run(playbook="x", version=1, step="end", since=NOW, looked_up=[order, other, found, other, order])
    told = [one["en"] for one in summing_up.facts(run)["looked_up"]]
    assert told == ["Order QN1: not proved", "Order QN2: Paid"]
