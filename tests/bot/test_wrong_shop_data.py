"""Shop data of wrong types in the middle of a playbook: each look-up, each field; a branch follows, never an error."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from mashang.bot import facts, shop_facts
from mashang.bot.facts import BROUGHT, Known
from mashang.bot.playbook import LookUp
from mashang.shops import contract
from mashang.shops.questions import OwnOrder
from tests.bot.diagnosing import NOW, Walk
from tests.channels.connected import NUMBER, an_order

WRONG: list[Any] = ["", "nonsense", -1, 10**30, 1.5, True, [], {}, ["a"], {"a": 1}, "\x00", "字" * 5000, "12.x CNY"]
LOOK_UPS = sorted(set(BROUGHT) - {"act"})


def playbook(what: str) -> str:
    """Look up this, and say everything that it brings."""
    said = " ".join(f"{{{name}}}" for name, fact in BROUGHT[what].items() if fact.is_said)
    return f"""
key: any
version: 1
title: 任意
title_en: Any
steps:
  look: {{look_up: {what}, next: told, missing: none, failed: failed, timed_out: failed}}
  told: {{say: {{zh-CN: "{said}", en: "{said}"}}, next: done}}
  none: {{hand_over: {{zh-CN: 没有, en: None}}}}
  failed: {{hand_over: {{zh-CN: 失败, en: Failed}}}}
  done: {{solved: true}}
"""


@pytest.mark.parametrize("what", LOOK_UPS)
def test_a_fact_of_a_wrong_form_takes_the_branch_of_a_shop_that_fails(what: str) -> None:
    for name in BROUGHT[what]:
        for value in WRONG:
            walk = Walk(playbook(what))
            assert isinstance(walk.playbook.steps["look"], LookUp)
            now = walk.bring("found", **{name: value})
            assert now.run.path[-1] == ("done" if facts.fits(name, value) else "failed"), (name, value)
            assert len(msgspec.json.encode(now.run)) < 20_000


def leaves(of: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in it."""
    yield path
    inside = of.items() if isinstance(of, dict) else enumerate(of) if isinstance(of, list) else ()
    for name, one in inside:
        yield from leaves(one, (*path, name))


def bent(of: Any) -> Iterator[Any]:
    """It with one thing wrong, in every place and way."""
    for path in leaves(of):
        for value in [*WRONG, None]:
            whole = copy.deepcopy(of)
            if not path:
                yield value
                continue
            at = whole
            for name in path[:-1]:
                at = at[name]
            at[path[-1]] = value
            yield whole


ACCOUNT = {
    "subject": "c-1", "name": "阿珍", "phone_masked": "139****4321", "tier": "VIP",
    "balance": {"amount": "12.50", "currency": "CNY"},
}  # fmt: skip
PROMOTION = {
    "id": "p-1", "title": "买二减一", "text": "两件九折", "codes": ["ZS"],
    "starts_at": "2026-11-21T00:00:00+08:00", "ends_at": "2026-11-30T00:00:00+08:00",
}  # fmt: skip


def own(order: contract.Order) -> OwnOrder:
    """As it is told to its owner: without whose it is."""
    told = msgspec.to_builtins(order)
    return msgspec.convert({name: told[name] for name in told if name != "subject"}, OwnOrder, strict=False)


TELLS: dict[str, tuple[Any, Any, Any]] = {
    "order": (an_order(NUMBER, status="failed"), contract.Order, lambda order: shop_facts.of_order(own(order), NOW)),
    "account": (ACCOUNT, contract.Account, shop_facts.of_account),
    "promotion": (PROMOTION, contract.Promotion, lambda one: shop_facts.of_promotions([one])),
}


@pytest.mark.parametrize("what", sorted(TELLS))
def test_what_a_shop_tells_with_one_thing_wrong_is_refused_or_made_of_facts_that_fit(what: str) -> None:
    right, form, tells = TELLS[what]
    assert _told(right, form, tells)
    kept = 0
    for wrong in bent(right):
        known = _told(wrong, form, tells)
        kept += known is not None
        assert all(facts.fits(name, value) for name, value in (known or {}).items()), wrong
    assert kept > 0


def _told(data: Any, form: Any, tells: Any) -> Known | None:
    try:
        read = msgspec.json.decode(msgspec.json.encode(data), type=form)
    except msgspec.ValidationError:
        return None
    known: Known = tells(read)
    return known
