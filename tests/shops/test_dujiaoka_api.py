"""A dujiaoka shop as an operator connects and tests it: what is told, and what never is again."""

from __future__ import annotations

from typing import Any

import pytest

from mashang.kit import clock
from mashang.kit.db import Database
from mashang.shops import signing
from tests.browsing import API, Browser
from tests.dujiaoka import NUMBER, PAGE, PASSWORD, Selling, cards, databases, mariadb
from tests.shops.test_sites import operator

__all__ = ["cards", "databases", "mariadb", "operator"]


def draft(cards: Selling, **changes: str) -> dict[str, Any]:
    """The form as it is filled in."""
    fields = {
        "host": "127.0.0.1", "port": str(cards.mariadb.port), "database": cards.database, "user": cards.user,
        "password": cards.password, **changes,
    }  # fmt: skip
    return {"name": "卡密小铺", "kind": "dujiaoka", "base_url": PAGE, "fields": fields}


async def test_it_is_connected_tested_and_its_password_never_told_again(
    operator: Browser, database: Database, cards: Selling
) -> None:
    made = (await operator.post("/admin/shops", draft(cards))).json()
    assert {one["name"]: one["can"] for one in made["abilities"]}["account"] is False
    tested = (await operator.post(f"/admin/shops/{made['id']}/test", {"order": NUMBER})).json()
    assert tested["ok"], tested
    assert len(tested["checks"]) == 7
    listed = await operator.get("/admin/shops")
    can = {one["name"] for one in listed.json()[0]["abilities"] if one["can"]}
    assert can == {"order", "products", "look_up_password", "reveal"}
    async with database.transaction() as tx:
        kept = await tx.value("select string_agg(a::text, ' ') from audit a")
    for told in (str(made), str(tested), listed.text, kept):
        assert cards.password not in told
        assert PASSWORD not in told


async def test_an_empty_password_keeps_the_one_there_is_and_a_wrong_one_is_told_in_words(
    operator: Browser, cards: Selling
) -> None:
    made = (await operator.post("/admin/shops", draft(cards))).json()
    await operator.put(f"/admin/shops/{made['id']}", draft(cards, password=""))
    assert (await operator.post(f"/admin/shops/{made['id']}/test", {})).json()["ok"]
    await operator.put(f"/admin/shops/{made['id']}", draft(cards, password="wrong-geheim"))
    answer = await operator.post(f"/admin/shops/{made['id']}/test", {})
    (check,) = answer.json()["checks"]
    assert (check["ok"], "wrong-geheim" in answer.text) == (False, False)
    assert "拒绝" in check["detail"] or "refused" in check["detail"]


@pytest.mark.parametrize("elsewhere", [{"host": "localhost"}, {"port": "3307"}], ids=["host", "port"])
async def test_a_password_that_is_kept_is_shown_to_no_other_server(
    operator: Browser, cards: Selling, elsewhere: dict[str, str]
) -> None:
    made = (await operator.post("/admin/shops", draft(cards))).json()
    moved = await operator.put(f"/admin/shops/{made['id']}", draft(cards, password="", **elsewhere))
    assert (moved.status_code, moved.json()["facts"]) == (422, {"field": "password", "reason": "required"})
    anew = await operator.put(f"/admin/shops/{made['id']}", draft(cards, **elsewhere))
    assert anew.status_code == 200


async def test_who_knows_the_password_of_its_database_cannot_speak_for_it(
    operator: Browser, database: Database, cards: Selling
) -> None:
    await operator.post("/admin/shops", draft(cards))
    async with database.transaction() as tx:
        key_id = await tx.value("select key_id from shop")
    for path in ("/shop-events", "/shop-codes"):
        headers = signing.headers(key_id, cards.password, "POST", API + path, b"{}", now=clock.now())
        answer = await operator.client.post(API + path, content=b"{}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "signature_wrong")


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": ""}, {"password": ""}, {"port": "many"}, {"time_zone": "Mars/Phobos"}, {"tls": "perhaps"},
        {"merchant_key": "x"}, {"database": "a\0b"}, {"user": "x" * 501},
    ],
    ids=["no host", "no password", "port", "zone", "tls", "unknown", "zero", "long"],
)  # fmt: skip
async def test_what_does_not_fit_is_refused_and_names_the_field(
    operator: Browser, cards: Selling, wrong: dict[str, str]
) -> None:
    answer = await operator.post("/admin/shops", draft(cards, **wrong))
    assert answer.status_code == 422, answer.text
    assert answer.json()["facts"]["field"] in wrong
    assert cards.password not in answer.text


async def test_a_port_that_no_machine_has_is_told_by_the_test(operator: Browser, cards: Selling) -> None:
    made = (await operator.post("/admin/shops", draft(cards, port="99999"))).json()
    assert not (await operator.post(f"/admin/shops/{made['id']}/test", {})).json()["ok"]
