"""One order proved by the password its buyer gave for looking it up: that order whole, and nothing beside it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.channels.conftest import Page
from tests.channels.connected import NUMBER, OTHERS, ConnectedShop, an_order, client, rogue, shop
from tests.channels.test_proofs import beside, events, last_four
from tests.conftest import Clock

__all__ = ["client", "rogue", "shop"]

PASSWORD = "lychee-2026"


@pytest.fixture
async def selling(shop: ConnectedShop) -> ConnectedShop:
    """A shop that says it compares look-up passwords."""
    async with shop.served.database.transaction() as tx:
        await tx.run(
            "update shop set capabilities = %s",
            (json.dumps({"contract": "1", "name": "青柠", "proofs": ["last_four", "look_up_password"]}),),
        )
    return shop


async def typed(page: Page, number: str = NUMBER, password: str = PASSWORD) -> tuple[int, dict[str, Any]]:
    answer = await page.http.post("/proofs/look-up-password", json={"order_number": number, "password": password})
    return answer.status_code, answer.json()


async def test_a_page_offers_it_where_its_shop_compares_it_and_nowhere_else(selling: ConnectedShop) -> None:
    visitor = await selling.served.visitor()
    assert (await visitor.http.get("/standing")).json()["ways"] == ["last_four", "look_up_password"]
    async with selling.served.database.transaction() as tx:
        await tx.run("update shop set capabilities = null")
    assert (await visitor.http.get("/standing")).json()["ways"] == ["last_four", "one_time_code"]


async def test_before_proof_the_order_is_claimed_and_after_it_that_order_is_told_whole(selling: ConnectedShop) -> None:
    visitor, desk = await selling.served.visitor(), await selling.served.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    identity, context = await beside(desk, opened["id"])
    assert (identity["proved_by"], "order" in context) == (None, False)
    selling.proves()
    status, told = await typed(visitor)
    assert (status, told["proved_by"], told["orders"]) == (200, None, [NUMBER])
    identity, context = await beside(desk, opened["id"])
    assert (identity["proved_by"], identity["order_proved"], identity["account"]) == ("look_up_password", True, None)
    assert context["order"]["lines"][0]["issue_record"][0]["key_masked"] == "•••• 7Q2K"
    assert not context["order"].get("status_only")
    assert "account" not in context
    assert context["orders"] == []
    assert (await events(visitor, opened["id"])).count("proved") == 1


async def test_the_keys_of_an_order_proved_by_its_password_are_to_be_read_for_a_reason(selling: ConnectedShop) -> None:
    async with selling.served.database.transaction() as tx:
        await tx.run("update shop set capabilities = capabilities || '{\"reveals\": true}'")
    visitor, desk = await selling.served.visitor(), await selling.served.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    _, claimed = await beside(desk, opened["id"])
    selling.proves()
    await typed(visitor)
    _, proved = await beside(desk, opened["id"])
    assert (claimed["reveals"], proved["reveals"]) == (False, True)


async def test_what_the_shop_told_of_its_cards_by_itself_stands_there_once_it_is_proved(
    selling: ConnectedShop,
) -> None:
    visitor, desk = await selling.served.visitor(), await selling.served.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    resent = {"at": "2026-11-21T11:00:00+08:00", "action": "resent", "source": "客服", "key_masked": "•••• 7Q2K"}
    event = {"kind": "issue", "id": "e-1", "at": resent["at"], "order_number": NUMBER, "subject": "c-1", "line": "l1"}
    await selling.asks("/api/v1/shop-events", json.dumps({**event, "entry": resent}).encode())
    selling.proves()
    await typed(visitor)
    _, context = await beside(desk, opened["id"])
    card = (await visitor.http.get(f"/orders/{NUMBER}")).json()
    assert [one["entry"]["action"] for one in context["issued"]] == ["resent"]
    assert [one["action"] for one in card["lines"][0]["issue_record"]] == ["issued", "resent"]


async def test_its_owner_sees_the_card_whole_and_mints_its_code_and_no_other_order_s(selling: ConnectedShop) -> None:
    visitor = await selling.served.visitor()
    assert (await visitor.http.post(f"/orders/{NUMBER}/code", json={})).status_code == 404
    selling.proves()
    await typed(visitor)
    card = (await visitor.http.get(f"/orders/{NUMBER}")).json()
    assert (card["status_only"], card["payment"]["method"]) == (False, "alipay")
    assert card["lines"][0]["issue_record"][0]["key_masked"] == "•••• 7Q2K"
    minted = await visitor.http.post(f"/orders/{NUMBER}/code", json={})
    assert [one["state"] for one in minted.json()["codes"]] == ["live"]
    selling.has(an_order(OTHERS, "c-1"))  # of the very same account
    for path in (f"/orders/{OTHERS}", f"/orders/{OTHERS}/links"):
        assert (await visitor.http.get(path)).status_code == 404
    assert (await visitor.http.post(f"/orders/{OTHERS}/code", json={})).status_code == 404


async def test_who_proved_four_digits_before_learns_more_by_the_password_and_both_sides_are_told(
    selling: ConnectedShop,
) -> None:
    visitor, desk = await selling.served.visitor(), await selling.served.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    selling.proves()
    await last_four(visitor)
    identity, _ = await beside(desk, opened["id"])
    assert identity["proved_by"] == "last_four"
    await typed(visitor)
    await last_four(visitor)  # the lesser proof takes nothing back
    identity, context = await beside(desk, opened["id"])
    assert identity["proved_by"] == "look_up_password"
    assert context["order"]["lines"][0]["issue_record"]
    assert (await events(visitor, opened["id"])).count("proved") == 2


async def test_wrong_five_times_from_one_side_closes_it_and_a_right_one_comes_too_late(selling: ConnectedShop) -> None:
    guesser = await selling.served.visitor()
    selling.proves(None)
    answers = [await typed(guesser, password=f"guess-{n}") for n in range(5)]
    selling.proves()
    answers += [await typed(guesser), await typed(guesser, NUMBER.lower())]
    assert [status for status, _ in answers] == [403] * 5 + [429] * 2
    assert answers[-1][1]["code"] == "look_up_password_off"
    assert (await last_four(guesser))[0] == 200  # counted for itself


async def test_the_proof_ends_after_twelve_hours_and_with_the_visitors_wish(
    selling: ConnectedShop, clock: Clock
) -> None:
    visitor = await selling.served.visitor()
    selling.proves()
    await typed(visitor)
    await visitor.http.request("DELETE", "/proofs")
    assert (await visitor.http.get(f"/orders/{NUMBER}")).status_code == 404
    await typed(visitor)
    async with selling.served.database.transaction() as tx:  # the shop signs by its own clock, which stays
        await tx.run("update clock_offset set ahead = %s", (timedelta(hours=12, seconds=1),))
    assert (await visitor.http.get("/standing")).json()["orders"] == []
    assert (await visitor.http.get(f"/orders/{NUMBER}")).status_code == 404


@pytest.mark.parametrize("password", ["", "   ", "x" * 65, "a\0b"], ids=["empty", "spaces", "long", "zero"])
async def test_what_is_no_password_is_refused_and_costs_no_try(selling: ConnectedShop, password: str) -> None:
    visitor = await selling.served.visitor()
    status, told = await typed(visitor, password=password)
    assert status in {400, 422}
    assert told["message"]
    async with selling.served.database.transaction() as tx:
        assert await tx.value("select count(*) from proof_attempt") == 0
    assert selling.rogue.asked == []


async def test_a_number_that_is_none_is_wrong_like_any_other_and_not_asked_for(selling: ConnectedShop) -> None:
    visitor = await selling.served.visitor()
    selling.proves()
    for number in ("", "订单", "1' or '1'='1"):
        assert (await typed(visitor, number))[0] == 403
    assert selling.rogue.asked == []


async def test_who_is_signed_in_owns_the_order_or_not_whatever_is_typed(selling: ConnectedShop) -> None:
    owner = await selling.signed_in()
    selling.proves(None)
    assert (await typed(owner))[0] == 200
    assert (await typed(owner, OTHERS))[0] == 403


async def test_the_password_is_kept_nowhere(selling: ConnectedShop, caplog: pytest.LogCaptureFixture) -> None:
    visitor = await selling.served.visitor()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    selling.proves(None)
    await typed(visitor)
    selling.proves()
    await typed(visitor)
    await visitor.http.post(
        f"/conversations/{opened['id']}/entries", json={"client_id": "m-1", "text": f"我的查询密码是{PASSWORD}，能查吗"}
    )
    async with selling.served.database.transaction() as tx:
        tables = await tx.all("select tablename from pg_tables where schemaname = 'public'")
        for table in (row["tablename"] for row in tables):
            kept = await tx.value(f'select string_agg(t::text, chr(10)) from "{table}" t')
            assert PASSWORD not in (kept or ""), table
    assert PASSWORD not in caplog.text
