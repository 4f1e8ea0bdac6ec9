"""Proving who one is at the web door: claims become facts, for both sides, and no more than was proved."""

from __future__ import annotations

from typing import Any

import pytest

from mashang.kit import ids
from tests.channels.conftest import Desk, Page
from tests.channels.connected import NUMBER, OTHERS, ConnectedShop, an_order, client, rogue, shop

__all__ = ["client", "rogue", "shop"]


async def last_four(page: Page, number: str = NUMBER, digits: str = "5678") -> tuple[int, dict[str, Any]]:
    answer = await page.http.post("/proofs/last-four", json={"order_number": number, "last_four": digits})
    return answer.status_code, answer.json()


async def by_code(shop: ConnectedShop, page: Page) -> dict[str, Any]:
    """Prove the page to be the account c-1."""
    shop.sends()
    sent = (await page.http.post("/proofs/codes", json={"account": "13800005678"})).json()
    shop.proves()
    answer = await page.http.post(f"/proofs/codes/{sent['id']}", json={"code": "123456"})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def beside(desk: Desk, conversation: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the desk shows beside a conversation once the shop has answered: identity and context."""
    await desk.http.post(f"/desk/conversations/{conversation}/context/refresh")
    identity = await desk.http.get(f"/desk/conversations/{conversation}/identity")
    context = await desk.http.get(f"/desk/conversations/{conversation}/context")
    return identity.json(), context.json()


async def events(page: Page, conversation: str) -> list[str]:
    """What happened in a conversation, as its customer reads it."""
    entries = (await page.http.get(f"/conversations/{conversation}/entries")).json()["entries"]
    return [one["event"]["name"] for one in entries if one["kind"] == "event"]


async def test_an_account_s_own_order_stands_beside_a_matter_begun_without_a_code(shop: ConnectedShop) -> None:
    page, desk = await shop.signed_in(), await shop.served.agent()
    opened = await page.open(entrance="person", order_number=NUMBER)
    _, context = await beside(desk, opened["id"])
    assert context["order"]["number"] == NUMBER
    assert "claimed_order" not in context


async def test_before_proof_the_order_is_claimed_and_after_last_four_its_status_is_told(shop: ConnectedShop) -> None:
    visitor, desk = await shop.served.visitor(), await shop.served.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    identity, context = await beside(desk, opened["id"])
    assert (identity["proved_by"], identity["order_proved"]) == (None, False)
    assert context["claimed_order"]["number"] == NUMBER
    assert "order" not in context
    shop.proves()
    status, told = await last_four(visitor)
    assert (status, told["proved_by"], told["orders"]) == (200, None, [NUMBER])
    identity, context = await beside(desk, opened["id"])
    assert (identity["proved_by"], identity["order_proved"]) == ("last_four", True)
    assert (context["order"]["status_text"], context["order"]["status_only"]) == ("已发货", True)
    assert "7Q2K" not in str(context)
    assert "account" not in context
    assert "payment" not in context["order"]


async def test_the_list_says_that_the_order_is_proved_while_the_proof_lasts(shop: ConnectedShop) -> None:
    visitor, desk = await shop.served.visitor(), await shop.served.agent()
    await visitor.open(code="CZ", text="cz1", order_number=NUMBER)
    await visitor.open(code="CZ", text="说过话了", order_number=OTHERS)
    shop.proves()
    await last_four(visitor)
    rows = (await desk.http.get("/desk/conversations?list=waiting")).json()["rows"]
    assert {one["order_number"]: one["customer"]["order_proved"] for one in rows} == {NUMBER: True, OTHERS: False}
    assert {one["order_number"]: one["last"]["entered"] for one in rows} == {NUMBER: "cz1", OTHERS: None}
    await visitor.http.request("DELETE", "/proofs")
    rows = (await desk.http.get("/desk/conversations?list=waiting")).json()["rows"]
    assert not any(one["customer"]["order_proved"] for one in rows)


async def test_a_one_time_code_shows_the_account_and_the_whole_order(shop: ConnectedShop) -> None:
    visitor, desk = await shop.served.visitor(), await shop.served.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    told = await by_code(shop, visitor)
    assert (told["proved_by"], told["customer"]["name"], told["customer"]["tier"]) == ("one_time_code", "阿珍", "VIP")
    identity, context = await beside(desk, opened["id"])
    assert (identity["proved_by"], identity["account"]) == ("one_time_code", "阿珍")
    assert context["order"]["lines"][0]["issue_record"][0]["key_masked"] == "•••• 7Q2K"
    assert context["account"]["tier"] == "VIP"
    page = (await visitor.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    assert "proved" in [one["event"]["name"] for one in page if one["kind"] == "event"]


async def test_a_code_claimed_before_is_verified_by_the_proof_and_brings_its_order(shop: ConnectedShop) -> None:
    code = await shop.code()
    visitor, desk = await shop.served.visitor(), await shop.served.agent()
    opened = await visitor.open(text=code)
    assert "order_number" not in opened
    await by_code(shop, visitor)
    identity, _ = await beside(desk, opened["id"])
    assert identity["claimed_codes"][0]["verified_at"]
    assert identity["order_number"] == NUMBER
    assert (await visitor.http.get(f"/conversations/{opened['id']}")).json()["order_number"] == NUMBER


async def test_who_proved_four_digits_sees_no_codes_of_the_order_and_mints_none(shop: ConnectedShop) -> None:
    code = await shop.code()
    visitor = await shop.served.visitor()
    shop.proves()
    await last_four(visitor)
    assert (await visitor.http.get(f"/orders/{NUMBER}")).json()["codes"] == []
    refused = await visitor.http.post(f"/orders/{NUMBER}/code", json={"renew": True})
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    typed = (await visitor.http.post("/codes", json={"text": code})).json()
    assert (typed["standing"], "own" in typed) == ("yours", False)


async def test_somebody_elses_one_time_code_is_refused_to_who_is_signed_in_and_tells_nobody(
    shop: ConnectedShop,
) -> None:
    owner = await shop.signed_in()
    opened = await owner.open(code="CZ")
    shop.sends()
    sent = (await owner.http.post("/proofs/codes", json={"account": "13900001111"})).json()["id"]
    shop.proves("c-2")
    refused = await owner.http.post(f"/proofs/codes/{sent}", json={"code": "123456"})
    assert (refused.status_code, refused.json()["code"]) == (403, "proof_wrong")
    shop.proves("c-1")
    assert (await owner.http.post(f"/proofs/codes/{sent}", json={"code": "123456"})).json()["proved_by"] == "token"
    assert await events(owner, opened["id"]) == ["opened", "queued"]
    async with shop.served.database.transaction() as tx:
        assert await tx.value("select count(*) from proof") == 0


async def test_the_same_proved_again_lasts_longer_and_is_not_told_again(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    opened = await visitor.open(code="CZ")
    shop.proves()
    for _ in range(3):
        await last_four(visitor)
    for _ in range(2):
        told = await by_code(shop, visitor)
    async with shop.served.database.transaction() as tx:
        ends = await tx.all("select method, expires_at from proof order by id")
    assert [one["method"] for one in ends] == ["last_four", "one_time_code"]
    assert told["until"] == ends[1]["expires_at"].isoformat().replace("+00:00", "Z")
    assert (await events(visitor, opened["id"])).count("proved") == 2


async def test_an_order_proved_before_is_put_on_the_conversation_that_is_opened_later(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    shop.proves()
    await last_four(visitor)
    opened = await visitor.open(code="CZ")
    await last_four(visitor)
    assert (await visitor.http.get(f"/conversations/{opened['id']}")).json()["order_number"] == NUMBER


async def test_wrong_five_times_from_one_side_while_the_owner_signs_in_and_is_served(shop: ConnectedShop) -> None:
    guesser = await shop.served.visitor()
    shop.proves(None)
    answers = [await last_four(guesser, digits=f"{n:04}") for n in range(7)]
    assert [status for status, _ in answers] == [403] * 5 + [429] * 2
    assert answers[-1][1]["code"] == "last_four_off"
    owner = await shop.signed_in()
    card = await owner.http.get(f"/orders/{NUMBER}")
    assert (card.status_code, card.json()["status_text"]) == (200, "已发货")
    async with shop.served.database.transaction() as tx:
        await tx.run("update topic set context = '{order}'")
    opened = await owner.open(code="CZ", order_number=NUMBER)
    _, context = await beside(await shop.served.agent(), opened["id"])
    assert context["order"]["lines"][0]["issue_record"]


async def test_a_foreign_order_and_none_are_one_answer_to_a_stranger_and_to_an_account(shop: ConnectedShop) -> None:
    shop.proves(None)
    shop.tells("/orders/QN000000000000", {"code": "not_found"}, 404)
    owner, stranger = await shop.signed_in(), await shop.served.visitor()
    for page in (owner, stranger):
        foreign = [await page.http.get(f"/orders/{number}") for number in (OTHERS, "QN000000000000")]
        assert [one.status_code for one in foreign] == [404, 404]
        assert foreign[0].content == foreign[1].content
        proofs = [await last_four(page, number) for number in (OTHERS, "QN000000000000")]
        assert proofs[0] == proofs[1]
        assert proofs[0][0] == 403


async def test_the_owner_sees_the_code_of_an_order_with_its_end_and_renews_it(shop: ConnectedShop) -> None:
    owner = await shop.signed_in()
    assert (await owner.http.get(f"/orders/{NUMBER}")).json()["codes"] == []
    (minted,) = (await owner.http.post(f"/orders/{NUMBER}/code", json={})).json()["codes"]
    (again,) = (await owner.http.post(f"/orders/{NUMBER}/code", json={})).json()["codes"]
    assert again == minted
    async with shop.served.database.transaction() as tx:
        await tx.run("update minted_code set expires_at = app_now() - interval '1 hour'")
    (expired,) = (await owner.http.get(f"/orders/{NUMBER}")).json()["codes"]
    assert expired["state"] == "expired"
    (renewed,) = (await owner.http.post(f"/orders/{NUMBER}/code", json={"renew": True})).json()["codes"]
    assert (renewed["code"], renewed["state"]) == (minted["code"], "live")


async def test_who_proved_four_digits_sees_the_card_of_that_order_and_no_other(shop: ConnectedShop) -> None:
    shop.has(an_order(), an_order("QN261121480999"))
    visitor = await shop.served.visitor()
    assert (await visitor.http.get(f"/orders/{NUMBER}")).status_code == 404
    shop.proves()
    await last_four(visitor)
    card = (await visitor.http.get(f"/orders/{NUMBER}")).json()
    assert (card["status_text"], card["status_only"]) == ("已发货", True)
    assert (await visitor.http.get("/orders/QN261121480999")).status_code == 404
    ended = (await visitor.http.request("DELETE", "/proofs")).json()
    assert ended["orders"] == []
    assert (await visitor.http.get(f"/orders/{NUMBER}")).status_code == 404


async def test_a_visitor_joins_its_account_with_a_yes_and_undoes_it(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    opened = await visitor.open(code="CZ")
    owner = await shop.signed_in()
    assert (await owner.http.get("/conversations")).json() == []
    told = (await owner.http.post("/joins", json={"visitor": visitor.session["session"]})).json()
    (joined,) = told["joined"]
    assert [one["id"] for one in (await owner.http.get("/conversations")).json()] == [opened["id"]]
    desk = await shop.served.agent()
    identity, _ = await beside(desk, opened["id"])
    assert (identity["proved_by"], identity["account"], identity["joined_visitor"]) == ("joined", "阿珍", True)
    message = {"client_id": "from-the-account", "text": "我登录了"}
    assert (await owner.http.post(f"/conversations/{opened['id']}/entries", json=message)).status_code == 201
    assert (await visitor.http.get(f"/orders/{NUMBER}")).status_code == 404  # the visitor's own session gained nothing
    assert (await owner.http.request("DELETE", f"/joins/{joined['id']}")).json()["joined"] == []
    assert (await owner.http.get("/conversations")).json() == []
    identity, _ = await beside(desk, opened["id"])
    assert identity["proved_by"] is None


async def test_a_visitor_who_proved_an_account_is_asked_once(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    assert not (await visitor.http.get("/standing")).json()["may_join"]
    assert (await by_code(shop, visitor))["may_join"]
    assert not (await visitor.http.post("/joins", json={})).json()["may_join"]


async def test_joining_without_proof_or_with_a_made_up_session_is_refused(shop: ConnectedShop) -> None:
    visitor, owner = await shop.served.visitor(), await shop.signed_in()
    assert (await visitor.http.post("/joins", json={})).json()["code"] == "not_proved_to_be"
    assert (await owner.http.post("/joins", json={"visitor": ids.secret()})).status_code == 401
    assert (await owner.http.post("/joins", json={"visitor": owner.session["session"]})).status_code == 409
    assert (await owner.http.request("DELETE", f"/joins/{ids.public_id()}")).status_code == 404


async def test_a_token_that_comes_to_a_visitors_page_is_another_customer_even_when_the_visitor_was_proved(
    shop: ConnectedShop,
) -> None:
    visitor = await shop.served.visitor()
    await by_code(shop, visitor)
    signed_in = await shop.signed_in(session=visitor.session["session"])
    assert signed_in.session["session"] != visitor.session["session"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/proofs/last-four", {"order_number": "x" * 5000, "last_four": "1234"}),
        ("/proofs/last-four", {"order_number": "QN1\0", "last_four": "1234"}),
        ("/proofs/last-four", {"order_number": NUMBER, "last_four": "12345"}),
        ("/proofs/last-four", {"order_number": NUMBER}),
        ("/proofs/codes", {"account": ""}),
        ("/proofs/codes", {"account": "x" * 65}),
        ("/proofs/codes/abc", {"code": "'; drop table proof; --"}),
        ("/joins", {"visitor": "x" * 500}),
    ],
)
async def test_absurd_proofs_are_refused_clearly(shop: ConnectedShop, path: str, body: dict[str, Any]) -> None:
    visitor = await shop.served.visitor()
    answer = await visitor.http.post(path, json=body)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.json()["message"]


@pytest.mark.usefixtures("no_refill")
async def test_a_flood_of_proofs_is_told_to_wait_and_the_shop_is_spared(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    shop.proves(None)
    answers = [await last_four(visitor, f"QN{n}") for n in range(45)]
    assert answers[-1][1]["code"] == "too_many"
    assert len(shop.rogue.asked) <= 35


async def test_digits_of_a_reference_offer_ones_own_orders_alone_by_product_and_date(shop: ConnectedShop) -> None:
    async with shop.served.database.transaction() as tx:
        await tx.run("update topic set takes_reference = true")
    shop.has(an_order("QN261122000123", placed_at="2026-11-22T09:00:00+08:00"), an_order(), an_order("QN261101000456"))

    async def asks(page: Page, text: str) -> tuple[str, list[tuple[str, str, str]]]:
        told = (await page.http.post("/codes", json={"text": text})).json()
        return told["about"], [(one["number"], one["title"], one["placed_at"][:10]) for one in told.get("orders", [])]

    owner, visitor = await shop.signed_in(), await shop.served.visitor()
    product = "云朵网盘 会员年卡"
    both = [("QN261122000123", product, "2026-11-22"), (NUMBER, product, "2026-11-21")]
    assert await asks(owner, "CZ123") == ("several", both)
    assert await asks(owner, "cz 456") == ("one", [("QN261101000456", product, "2026-11-21")])
    assert await asks(owner, "CZ777") == ("none", [])  # there is such an order, of somebody else
    assert await asks(visitor, "CZ123") == ("prove", [])
    shop.proves()
    await last_four(visitor)
    assert await asks(visitor, "CZ123") == ("one", [both[1]])  # the one that was proved, and no other
    assert await asks(visitor, "CZ456") == ("none", [])


async def test_ones_own_orders_are_listed_to_choose_from_and_nobody_elses(shop: ConnectedShop) -> None:
    shop.has(an_order("QN261122000123", placed_at="2026-11-22T09:00:00+08:00"), an_order())
    owner, visitor = await shop.signed_in(), await shop.served.visitor()

    async def listed(page: Page) -> tuple[list[str], bool]:
        told = (await page.http.get("/orders")).json()
        return [one["number"] for one in told["orders"]], told["answered"]

    assert await listed(owner) == (["QN261122000123", NUMBER], True)
    assert await listed(visitor) == ([], True)
    shop.proves()
    await last_four(visitor)
    assert await listed(visitor) == ([NUMBER], True)
    shop.tells("/customers/c-1/orders", {}, 503)
    assert await listed(owner) == ([], False)


@pytest.mark.usefixtures("no_refill")
async def test_a_flood_of_references_is_told_to_wait_and_the_shop_is_spared(shop: ConnectedShop) -> None:
    async with shop.served.database.transaction() as tx:
        await tx.run("update topic set takes_reference = true")
    owner = await shop.signed_in()
    answers = [await owner.http.post("/codes", json={"text": "CZ123"}) for _ in range(45)]
    assert answers[0].json()["about"] == "one"
    assert answers[-1].json()["code"] == "too_many"
    assert len(shop.rogue.asked) <= 42


async def test_a_shop_that_is_down_is_said_to_be_and_costs_no_try(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    shop.tells("/proofs", {}, 503)
    status, told = await last_four(visitor)
    assert (status, told["code"]) == (503, "outage")
    async with shop.served.database.transaction() as tx:
        assert await tx.value("select outcome from proof_attempt") == "unanswered"


async def test_the_desk_mints_for_a_proved_order_only_and_revokes_what_it_minted(shop: ConnectedShop) -> None:
    visitor, desk = await shop.served.visitor(), await shop.served.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    refused = await desk.http.post(f"/desk/conversations/{opened['id']}/codes")
    assert (refused.status_code, refused.json()["code"]) == (409, "order_not_proved")
    await by_code(shop, visitor)
    await beside(desk, opened["id"])
    minted = (await desk.http.post(f"/desk/conversations/{opened['id']}/codes")).json()["order_codes"]
    again = (await desk.http.post(f"/desk/conversations/{opened['id']}/codes")).json()["order_codes"]
    assert [one["code"] for one in minted] == [one["code"] for one in again]
    assert (minted[0]["code"][:3], minted[0]["minted_by"]) == ("CZ-", "agent")
    path = f"/desk/conversations/{opened['id']}/codes/{minted[0]['id']}"
    assert (await desk.http.request("DELETE", path)).json()["order_codes"] == []
    assert (await desk.http.request("DELETE", path)).status_code == 404
