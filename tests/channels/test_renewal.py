"""Renewal in one tap: by the proved owner, while the shop stands by the order; and clear where it cannot be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.channels.conftest import Page
from tests.channels.connected import NUMBER, ConnectedShop, an_order, client, rogue, shop
from tests.conftest import Clock

__all__ = ["client", "rogue", "shop"]
DAY = timedelta(days=1)


async def an_owner(shop: ConnectedShop, clock: Clock, after: timedelta = 28 * DAY) -> tuple[Page, str]:
    """Somebody whose code, of thirty days, was minted this long ago; and its id."""
    minting = await shop.signed_in()
    card = (await minting.http.post(f"/orders/{NUMBER}/code", json={})).json()
    await clock.advance(after)
    return await shop.signed_in(), card["codes"][0]["id"]


async def due(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await page.http.get("/standing")).json()["due"]
    return found


async def renewed(page: Page, *codes: str) -> list[dict[str, Any]]:
    answer = await page.http.post("/code-renewals", json={"codes": list(codes)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_the_owner_is_told_once_renews_with_one_tap_and_hears_no_more(shop: ConnectedShop, clock: Clock) -> None:
    page, code = await an_owner(shop, clock)
    assert [(one["id"], one["order_number"]) for one in await due(page)] == [(code, NUMBER)]
    assert (await page.http.post("/code-reminders", json={"codes": [code], "said": "shown"})).status_code == 204
    assert len(await due(await shop.signed_in())) == 1  # in another tab, during the same visit
    [one] = await renewed(page, code)
    assert one["outcome"] == "renewed"
    assert await due(page) == []
    assert await renewed(page, code) == [one]  # the second tap
    card = (await page.http.get(f"/orders/{NUMBER}")).json()
    assert (card["codes"][0]["expires_at"], card["codes"][0]["renewable"]) == (one["expires_at"], False)


async def test_an_expired_code_tells_its_owner_and_comes_back_to_life(shop: ConnectedShop, clock: Clock) -> None:
    page, code = await an_owner(shop, clock, 40 * DAY)
    [own] = (await page.http.get(f"/orders/{NUMBER}")).json()["codes"]
    assert (own["state"], own["renewable"]) == ("expired", True)
    typed = (await page.http.post("/codes", json={"text": own["code"]})).json()
    assert (typed["own"]["state"], typed["own"]["renewable"]) == ("expired", True)
    stranger = await shop.served.visitor()
    assert "own" not in (await stranger.http.post("/codes", json={"text": own["code"]})).json()
    assert (await renewed(page, code))[0]["outcome"] == "renewed"
    assert (await page.http.post("/codes", json={"text": own["code"]})).json()["own"]["state"] == "live"


@pytest.mark.parametrize("status", ["refunded", "cancelled"])
async def test_of_an_order_that_is_settled_no_code_is_renewed(shop: ConnectedShop, clock: Clock, status: str) -> None:
    page, code = await an_owner(shop, clock)
    shop.has(an_order(status=status))
    assert await renewed(page, code) == [{"id": code, "outcome": "settled", "expires_at": None}]
    answer = await page.http.post(f"/orders/{NUMBER}/code", json={"renew": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "code_not_renewable")


async def test_a_code_revoked_meanwhile_is_not_renewed_and_no_other_is_minted_in_its_place(
    shop: ConnectedShop, clock: Clock
) -> None:
    page, code = await an_owner(shop, clock)
    async with shop.served.database.transaction() as tx:
        await tx.run("update minted_code set revoked_at = app_now()")
    assert (await renewed(page, code))[0]["outcome"] == "revoked"
    answer = await page.http.post(f"/orders/{NUMBER}/code", json={"renew": True})
    assert (answer.status_code, answer.json()["facts"]) == (409, {"reason": "revoked"})
    assert (await page.http.get(f"/orders/{NUMBER}")).json()["codes"] == []
    fresh = (await page.http.post(f"/orders/{NUMBER}/code", json={})).json()["codes"]
    assert [one["state"] for one in fresh] == ["live"]


async def test_a_shop_that_does_not_answer_loses_nobody_their_code(shop: ConnectedShop, clock: Clock) -> None:
    page, code = await an_owner(shop, clock)
    shop.tells(f"/orders/{NUMBER}", {}, status=503)
    assert (await renewed(page, code))[0]["outcome"] == "unanswered"
    assert len(await due(page)) == 1


async def test_whoever_is_not_the_owner_renews_nothing_and_hears_nothing(shop: ConnectedShop, clock: Clock) -> None:
    _, code = await an_owner(shop, clock)
    for page in (await shop.served.visitor(), await shop.signed_in("c-2")):
        assert await due(page) == []
        assert await renewed(page, code) == [{"id": code, "outcome": "unknown", "expires_at": None}]
        for said in ("shown", "declined"):
            assert (await page.http.post("/code-reminders", json={"codes": [code], "said": said})).status_code == 204
    async with shop.served.database.transaction() as tx:
        assert await tx.value("select count(*) from code_reminder") == 0


@pytest.mark.parametrize("body", [{}, {"codes": []}, {"codes": ["x"] * 11}, {"codes": ["../x"]}, {"codes": "x"}])
async def test_a_request_that_is_none_is_refused(shop: ConnectedShop, body: dict[str, Any]) -> None:
    page = await shop.signed_in()
    for path, more in (("/code-renewals", {}), ("/code-reminders", {"said": "shown"})):
        assert (await page.http.post(path, json=body | more)).status_code in (400, 422)


async def test_an_owner_who_says_an_ended_code_in_a_conversation_reads_that_it_is_hers_and_a_stranger_does_not(
    shop: ConnectedShop, clock: Clock
) -> None:
    page, _ = await an_owner(shop, clock, 40 * DAY)
    [own] = (await page.http.get(f"/orders/{NUMBER}")).json()["codes"]
    for somebody, told in ((page, ["code_noted", "code_over"]), (await shop.served.visitor(), ["code_noted"])):
        opened = await somebody.open(text=f"我的码是 {own['code']}")
        entries = (await somebody.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
        names = [one["event"]["name"] for one in entries if one["kind"] == "event"]
        assert [name for name in names if name.startswith("code_")] == told
