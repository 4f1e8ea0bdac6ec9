"""The customer's page at the desk: everything of a person at once, notes, and keeping somebody out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang.customers import blocks, sessions
from mashang.customers.blocks import Blocking
from tests.desk.conftest import PASSWORD
from tests.scene import build


async def entered(browser, login):
    desk = browser()
    await desk.sign_in(login, PASSWORD)
    return desk


async def who_of(desk, talk):
    return (await desk.get(f"/desk/conversations/{talk}")).json()["customer"]["id"]


async def test_a_page_shows_who_it_is_and_all_they_came_with_that_one_may_see(browser, committed, database):
    floor = committed.floor
    async with database.transaction() as tx:
        floor.tx = tx
        await floor.customer("林小姐", subject="u-1")
    first = await committed.conversation(floor.recharge, customer="林小姐", closed=True)
    hidden = await committed.conversation(floor.after_sale, customer="林小姐")
    last = await committed.conversation(floor.recharge, customer="林小姐")
    async with database.transaction() as tx:
        await tx.run("update conversation set order_number = 'QN1' where public_id = %s", (first,))
    xiaomei, chen = await entered(browser, "xiaomei"), await entered(browser, "chen")
    who = await who_of(xiaomei, last)
    shown = (await xiaomei.get(f"/desk/customers/{who}")).json()
    assert (shown["account"], shown["customer"]["label"], shown["total"]) == ("u-1", "林小姐", 2)
    assert [row["id"] for row in shown["conversations"]] == [last, first]
    assert [(one["number"], one["conversation"]) for one in shown["orders"]] == [("QN1", first)]
    assert (await chen.get(f"/desk/customers/{who}")).json()["total"] == 3
    aqiang = await entered(browser, "aqiang")
    assert [row["id"] for row in (await aqiang.get(f"/desk/customers/{who}")).json()["conversations"]] == [hidden]


async def test_a_visitor_joined_to_an_account_is_shown_as_the_account(browser, committed, database):
    floor = committed.floor
    async with database.transaction() as tx:
        floor.tx = tx
        account, visitor = await floor.customer("林小姐", subject="u-1"), await floor.customer("")
        await tx.run("insert into same_as (visitor_id, account_id) values (%s, %s)", (visitor, account))
    said = await committed.conversation(floor.recharge)
    own = await committed.conversation(floor.recharge, customer="林小姐")
    desk = await entered(browser, "xiaomei")
    async with database.transaction() as tx:
        visitor_id = await tx.value("select public_id from customer where id = %s", (visitor,))
    shown = (await desk.get(f"/desk/customers/{visitor_id}")).json()
    assert (shown["account"], shown["browsers"]) == ("u-1", 1)
    assert [row["id"] for row in shown["conversations"]] == [own, said]


async def test_who_sees_no_conversation_of_a_customer_does_not_see_the_customer(browser, committed):
    talk = await committed.conversation(committed.floor.recharge)
    who = await who_of(await entered(browser, "xiaomei"), talk)
    aqiang = await entered(browser, "aqiang")
    for method, path, body in (
        ("GET", "", None), ("POST", "/notes", {"text": "x"}), ("DELETE", "/notes/abc", None),
        ("POST", "/block", {"reason": "x"}),
    ):  # fmt: skip
        assert (await aqiang.ask(method, f"/desk/customers/{who}{path}", body)).status_code == 404
    assert (await browser().get(f"/desk/customers/{who}")).status_code == 401


async def test_notes_are_masked_and_taken_away_by_their_writer_or_a_supervisor(browser, committed):
    talk = await committed.conversation(committed.floor.recharge)
    xiaomei, chen = await entered(browser, "xiaomei"), await entered(browser, "chen")
    at = f"/desk/customers/{await who_of(xiaomei, talk)}/notes"
    for text in ("急性子，先打电话", "密码：hunter2secret"):
        noted = (await xiaomei.post(at, {"text": text})).json()["notes"]
    assert [note["own"] for note in noted] == [True, True]
    assert "hunter2secret" not in noted[0]["text"]
    assert (await xiaomei.post(at, {"text": " "})).status_code == 422
    own = (await chen.post(at, {"text": "主管写的"})).json()["notes"][0]["id"]
    assert (await xiaomei.delete(f"{at}/{own}")).status_code == 404
    assert len((await chen.delete(f"{at}/{noted[0]['id']}")).json()["notes"]) == 2


async def test_a_block_needs_a_reason_ends_what_is_open_and_is_lifted_by_a_supervisor(browser, committed):
    talk = await committed.conversation(committed.floor.recharge)
    xiaomei, chen = await entered(browser, "xiaomei"), await entered(browser, "chen")
    at = f"/desk/customers/{await who_of(xiaomei, talk)}/block"
    assert (await xiaomei.post(at, {"reason": "  "})).status_code == 422
    assert (await xiaomei.post(at, {"reason": "辱骂", "address": True})).json()["facts"]["reason"] == "too_long"
    blocked = (await xiaomei.post(at, {"reason": "辱骂客服", "hours": 24})).json()
    assert (blocked["block"]["reason"], blocked["block"]["by"]) == ("辱骂客服", "小美")
    assert [row["status"] for row in blocked["conversations"]] == ["closed"]
    assert (await xiaomei.post(at, {"reason": "再来"})).json()["code"] == "already_blocked"
    assert (await xiaomei.delete(at)).status_code == 403
    assert (await xiaomei.get("/admin/blocks")).status_code == 403
    [listed] = (await chen.get("/admin/blocks")).json()
    assert (listed["reason"], listed["by"]) == ("辱骂客服", "小美")
    assert (await chen.delete(f"/admin/blocks/{listed['id']}")).status_code == 204
    assert (await chen.delete(f"/admin/blocks/{listed['id']}")).status_code == 404
    assert (await chen.get("/admin/blocks")).json() == []
    actions = [line["action"] for line in (await chen.get("/admin/audit")).json()["lines"]]
    assert actions[:2] == ["customer.unblocked", "customer.blocked"]


# ── the customer's side ─────────────────────────────────────────────────────


@pytest.fixture
async def visitor(browser, database):
    """A visitor's browser with an open conversation, and the people who answer."""
    async with database.transaction() as tx:
        scene = await build(tx)
    page = browser()
    session = (await page.post("/customer/sessions", {})).json()["session"]
    page.client.headers["Authorization"] = f"Bearer {session}"
    return scene, page


def opening(key):
    return {"opening_key": f"opening-{key}", "text": "您好"}


async def block(database, scene, page, **how):
    async with database.transaction() as tx:
        session = await sessions.resume(tx, page.client.headers["Authorization"].removeprefix("Bearer "))
        who = session.customer
        await blocks.block(tx, scene.agent, who.id, who.public_id, Blocking(**{"reason": "骚扰", "lasts": None, **how}))


async def test_the_blocked_hear_a_polite_sentence_in_their_language_and_write_nothing(visitor, database):
    scene, page = visitor
    talk = (await page.post("/customer/conversations", opening("one"))).json()["id"]
    await block(database, scene, page)
    for path, body in (
        ("/customer/conversations", opening("two")),
        (f"/customer/conversations/{talk}/entries", {"client_id": "message-1", "text": "还在吗"}),
        (f"/customer/conversations/{talk}/reopen", None),
    ):
        refused = await page.post(path, body, headers={"accept-language": "en"})
        assert (refused.status_code, refused.json()["code"]) == (403, "customer_blocked"), path
        assert "official channels" in refused.json()["message"]
    assert (await page.get(f"/customer/conversations/{talk}/entries")).status_code == 200  # what was said stays


async def test_a_block_ends_by_itself(visitor, database, clock):
    scene, page = visitor
    await block(database, scene, page, lasts=timedelta(hours=1))
    assert (await page.post("/customer/conversations", opening("one"))).status_code == 403
    await clock.advance(timedelta(hours=2))
    assert (await page.post("/customer/conversations", opening("one"))).status_code == 201


async def test_with_the_address_new_visitors_from_there_open_nothing_and_others_do(visitor, database, browser, clock):
    scene, page = visitor
    await block(database, scene, page, lasts=timedelta(hours=1), address=True)
    for address, status in (("203.0.113.7", 403), ("198.51.100.1", 201)):
        other = browser(address=address)
        session = (await other.post("/customer/sessions", {})).json()["session"]
        other.client.headers["Authorization"] = f"Bearer {session}"
        assert (await other.post("/customer/conversations", opening("one"))).status_code == status
    await clock.advance(timedelta(hours=2))
    assert (await page.post("/customer/conversations", opening("two"))).status_code == 201


async def test_the_same_page_gets_no_new_visitor_out_of_a_blocked_one(visitor, database):
    scene, page = visitor
    secret = page.client.headers["Authorization"].removeprefix("Bearer ")
    await block(database, scene, page)
    same = (await page.post("/customer/sessions", {"session": secret})).json()
    assert same["session"] == secret
    async with database.transaction() as tx:
        other = await tx.value("insert into site (public_id, name) values ('othersite', '分店') returning public_id")
    assert (await page.post("/customer/sessions", {"session": secret, "site": other})).status_code == 403
