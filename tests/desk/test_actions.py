"""An agent has the shop do something for a proved order, once however many press; keys are read for a reason only."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mashang.desk import revealing
from tests import scene
from tests.channels.conftest import Desk, Page, Served, served
from tests.channels.connected import NUMBER, ConnectedShop, client, rogue, shop
from tests.channels.test_orders import DONE, acted, acting, told_in
from tests.channels.test_proofs import last_four
from tests.channels.test_two_processes import other
from tests.conftest import Clock

__all__ = ["acting", "client", "other", "rogue", "served", "shop"]
RESEND = {"action": "resend", "line": "l1", "round": 1}
REISSUE = {"action": "reissue", "line": "l1", "round": 1, "reason": "卡密已被使用"}
KEYS = {"keys": ["AAAA-BBBB-CCCC-7Q2K"]}


@pytest.fixture(autouse=True)
async def about_orders(acting: ConnectedShop) -> None:
    """The code of these conversations asks the shop for the order."""
    async with acting.served.database.transaction() as tx:
        await tx.run("update topic set context = '{order}' where code = 'CZ'")


async def somebody(acting: ConnectedShop, login: str, role: str = "agent") -> Desk:
    async with acting.served.database.transaction() as tx:
        await scene.an_agent(tx, login, f"名字{login}", acting.served.stage.department, role=role)
    return await acting.served.agent(login)


async def a_talk(acting: ConnectedShop, page: Page, desk: Desk, number: str = NUMBER) -> str:
    """A conversation about the order, served by this desk, its context answered."""
    opened = await page.open(code="CZ", order_number=number)
    taken = await desk.http.post(f"/desk/conversations/{opened['id']}/take")
    if taken.status_code != 200:
        await desk.http.post(f"/desk/conversations/{opened['id']}/accept")
    await desk.http.post(f"/desk/conversations/{opened['id']}/context/refresh")
    return str(opened["id"])


async def beside(desk: Desk, conversation: str) -> dict[str, Any]:
    answer = await desk.http.get(f"/desk/conversations/{conversation}/context")
    return dict(answer.json())


async def press(desk: Desk, conversation: str, **body: Any) -> httpx.Response:
    return await desk.http.post(f"/desk/conversations/{conversation}/actions", json={**RESEND, **body})


async def test_two_agents_press_at_once_and_the_shop_does_it_once(acting: ConnectedShop) -> None:
    desk, chief = await acting.served.agent(), await somebody(acting, "chen", "supervisor")
    made = await a_talk(acting, page := await acting.signed_in(), desk)
    offers = (await beside(desk, made))["offers"]
    assert {(one["action"], one["line"], one["round"], one["why_not"]) for one in offers} == {
        ("resend", "l1", 1, None),
        ("reissue", "l1", 1, "not_permitted"),
        ("refund", None, 1, None),
    }
    first, second = await asyncio.gather(press(desk, made), press(chief, made))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["id"] == second.json()["id"]
    assert acted(acting) == 1
    shown = await beside(chief, made)
    assert [(one["state"], one["by"], one["to_masked"]) for one in shown["actions"]] == [
        ("done", "agent", "138****5678")
    ]
    assert shown["actions"][0]["by_name"] in ("小美", "名字chen")
    assert next(one["round"] for one in shown["offers"] if one["action"] == "resend") == 2
    told = await told_in(page, made, 1)
    assert (told[0]["by"], told[0]["agent"]) == ("agent", shown["actions"][0]["by_name"])
    assert "order_number" not in told[0]


async def test_two_processes_are_one_ledger_and_both_sides_hear_of_it_live(
    acting: ConnectedShop, other: Served
) -> None:
    page, desk = await acting.signed_in(), await acting.served.agent()
    made = await a_talk(acting, page, desk)
    async with page.live(made) as customer:
        await customer.frame("caught_up")
        elsewhere = Page(other, page.session)
        mine, theirs = await asyncio.gather(
            press(desk, made), elsewhere.http.post(f"/orders/{NUMBER}/actions", json=RESEND)
        )
        told = (await customer.frame("entry"))["entry"]["event"]
    assert (mine.status_code, theirs.status_code) == (200, 200)
    assert mine.json()["id"] == theirs.json()["id"]
    assert (told["name"], told["action"]) == ("shop_action", "resend")
    assert acted(acting) == 1


async def test_the_reason_an_agent_gives_is_for_colleagues_alone(acting: ConnectedShop) -> None:
    desk, page = await acting.served.agent(), await acting.signed_in()
    made = await a_talk(acting, page, desk)
    wish = {"action": "refund", "line": None, "round": 1}
    pressed = await press(desk, made, **wish, reason="等了两天，很生气")
    shown = await beside(desk, made)
    assert pressed.json()["reason"] == shown["actions"][0]["reason"] == "等了两天，很生气"
    same = await page.http.post(f"/orders/{NUMBER}/actions", json=wish)
    assert (same.json()["id"], same.json()["reason"]) == (pressed.json()["id"], "")
    card = await page.http.get(f"/orders/{NUMBER}")
    assert (card.status_code, "很生气" in card.text) == (200, False)


async def test_new_keys_need_a_right_and_a_reason_and_the_shop_hears_it(acting: ConnectedShop) -> None:
    desk, chief = await acting.served.agent(), await somebody(acting, "chen", "supervisor")
    made = await a_talk(acting, await acting.signed_in(), desk)
    refused = await press(desk, made, **REISSUE)
    assert (refused.status_code, refused.json()["facts"]) == (403, {"permission": "orders.reissue"})
    for reason in ("", " x  "):
        refused = await press(chief, made, **{**REISSUE, "reason": reason})
        assert (refused.status_code, refused.json()["facts"]["field"]) == (422, "reason")
    assert acted(acting) == 0
    assert (await press(chief, made, **REISSUE)).json()["state"] == "done"


async def test_only_who_serves_presses_and_only_where_an_order_stands_proved(acting: ConnectedShop) -> None:
    desk, other = await acting.served.agent(), await somebody(acting, "aqiang")
    made = await a_talk(acting, await acting.signed_in(), desk)
    assert {one["why_not"] for one in (await beside(other, made))["offers"]} == {"not_serving"}
    refused = await press(other, made)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    claimed = await a_talk(acting, await acting.served.visitor(), desk)
    visitor = await acting.served.visitor()
    acting.proves()
    await last_four(visitor)
    in_part = await a_talk(acting, visitor, desk)
    for conversation in (claimed, in_part):
        refused = await press(desk, conversation)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
        assert (await beside(desk, conversation))["offers"] == []
    assert acted(acting) == 0


async def garbage(acting: ConnectedShop) -> None:
    acting.rogue.says(f"/orders/{NUMBER}/actions", b'{"outcome": ["done"')


async def another_secret(acting: ConnectedShop) -> None:
    acting.rogue.says(f"/orders/{NUMBER}/actions", json.dumps(DONE).encode(), secret="x" * 40)


async def a_readable_key(acting: ConnectedShop) -> None:
    acting.tells(f"/orders/{NUMBER}/actions", {**DONE, "key_masked": "AAAA-BBBB-CCCC-7Q2K"})


async def an_error(acting: ConnectedShop) -> None:
    acting.tells(f"/orders/{NUMBER}/actions", {}, status=500)


@pytest.mark.parametrize("answers", [garbage, another_secret, a_readable_key, an_error], ids=lambda one: one.__name__)
async def test_an_answer_that_is_none_leaves_the_press_open_and_both_sides_read_so(
    acting: ConnectedShop, answers: Any
) -> None:
    desk = await acting.served.agent()
    made = await a_talk(acting, page := await acting.signed_in(), desk)
    await answers(acting)
    assert (await press(desk, made)).json()["state"] == "unknown"
    assert [one["state"] for one in await told_in(page, made, 1)] == ["unknown"]
    again = await press(desk, made)
    assert (again.json()["state"], acted(acting)) == ("unknown", 1)
    refused = await press(desk, made, round=2)
    assert refused.json()["facts"] == {"why_not": "under_way"}


async def test_what_became_of_it_is_told_when_the_shop_says_so(acting: ConnectedShop, clock: Clock) -> None:
    desk = await acting.served.agent()
    made = await a_talk(acting, page := await acting.signed_in(), desk)
    await garbage(acting)
    await press(desk, made)
    async with acting.served.database.transaction() as tx:
        key = await tx.value("select key from shop_action")
    acting.tells(f"/actions/{key}", DONE)
    await clock.advance(timedelta(minutes=1))  # the worker's next look is due
    assert [one["state"] for one in await told_in(page, made, 2)] == ["unknown", "done"]
    shown = await beside(desk, made)
    assert [(one["state"], one["key_masked"]) for one in shown["actions"]] == [("done", "•••• 7Q2K")]
    assert acted(acting) == 1


# ── looking at keys ─────────────────────────────────────────────────────────


@pytest.fixture
async def revealing_shop(acting: ConnectedShop) -> ConnectedShop:
    acting.tells(f"/orders/{NUMBER}/keys", KEYS)
    return acting


async def look(desk: Desk, conversation: str, **body: Any) -> httpx.Response:
    wanted = {"line": "l1", "reason": "核对用户截图", **body}
    return await desk.http.post(f"/desk/conversations/{conversation}/keys", json=wanted)


async def test_a_supervisor_reads_the_keys_and_the_reason_stays(revealing_shop: ConnectedShop) -> None:
    chief, page = await somebody(revealing_shop, "chen", "supervisor"), await revealing_shop.signed_in()
    made = await a_talk(revealing_shop, page, chief)
    answer = await look(chief, made)
    assert (answer.status_code, answer.json()) == (200, {**KEYS, "hide_after_seconds": 60})
    assert answer.headers["cache-control"] == "no-store"
    async with revealing_shop.served.database.transaction() as tx:
        line = await tx.one("select action, subject, after from audit order by id desc limit 1")
        row = await tx.one("select reason, line, shown_at from card_reveal")
        everything = await tx.value("select string_agg(e::text, '') from entry e")
        tables = await tx.value("select string_agg(concat(a, r, s), '') from audit a, card_reveal r, shop s")
    assert line == {
        "action": "card.revealed",
        "subject": NUMBER,
        "after": {"line": "l1", "reason": "核对用户截图"},
    }
    assert (row["reason"], row["line"], row["shown_at"] is not None) == ("核对用户截图", "l1", True)
    assert "AAAA" not in everything + tables
    staff = (await chief.http.get(f"/desk/conversations/{made}/entries")).json()["entries"]
    told = next(one for one in staff if one.get("event", {}).get("name") == "card_revealed")
    assert (told["audience"], told["event"]["reason"]) == ("staff", "核对用户截图")
    assert "card_revealed" not in (await page.http.get(f"/conversations/{made}/entries")).text


async def test_keys_are_refused_without_right_reason_line_or_offer(revealing_shop: ConnectedShop) -> None:
    desk, chief = await revealing_shop.served.agent(), await somebody(revealing_shop, "chen", "supervisor")
    made = await a_talk(revealing_shop, await revealing_shop.signed_in(), chief)
    refused = await look(desk, made)
    assert (refused.status_code, refused.json()["facts"]) == (403, {"permission": "cards.reveal"})
    assert (await look(chief, made, reason=" ")).status_code == 422
    assert (await look(chief, made, line="l9")).status_code == 404
    claimed = await a_talk(revealing_shop, await revealing_shop.served.visitor(), chief)
    assert (await look(chief, claimed)).status_code == 404
    async with revealing_shop.served.database.transaction() as tx:
        await tx.run("update shop set capabilities = '{}'")
    assert (await look(chief, made)).json()["code"] == "action_not_offered"
    assert not any(path.endswith("/keys") for path in revealing_shop.rogue.asked)


async def test_a_key_that_an_agent_wrote_as_the_reason_is_kept_nowhere(revealing_shop: ConnectedShop) -> None:
    chief = await somebody(revealing_shop, "chen", "supervisor")
    made = await a_talk(revealing_shop, await revealing_shop.signed_in(), chief)
    reason = "核对卡密：AAAA-BBBB-CCCC-7Q2K"
    assert (await look(chief, made, reason=reason)).status_code == 200
    pressed = await press(chief, made, **{**REISSUE, "reason": reason})
    assert (pressed.status_code, pressed.json()["reason"]) == (200, "核对卡密：••••7Q2K")
    async with revealing_shop.served.database.transaction() as tx:
        for row in await tx.all("select tablename from pg_tables where schemaname = 'public'"):
            kept = await tx.value(f'select string_agg(t::text, chr(10)) from "{row["tablename"]}" t')
            assert "AAAA" not in (kept or ""), row["tablename"]


async def test_a_shop_that_does_not_answer_leaves_the_line_that_somebody_asked(revealing_shop: ConnectedShop) -> None:
    chief = await somebody(revealing_shop, "chen", "supervisor")
    made = await a_talk(revealing_shop, await revealing_shop.signed_in(), chief)
    revealing_shop.rogue.says(f"/orders/{NUMBER}/keys", json.dumps(KEYS).encode(), secret="x" * 40)
    answer = await look(chief, made)
    assert (answer.status_code, answer.json()["code"]) == (503, "outage")
    assert "AAAA" not in answer.text
    async with revealing_shop.served.database.transaction() as tx:
        assert await tx.value("select shown_at is null from card_reveal")
        assert await tx.value("select count(*) from audit where action = 'card.revealed'") == 1


async def test_nobody_reads_the_stock(
    revealing_shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(revealing, "MOST_AN_HOUR", 2)
    chief = await somebody(revealing_shop, "chen", "supervisor")
    made = await a_talk(revealing_shop, await revealing_shop.signed_in(), chief)
    assert [(await look(chief, made)).status_code for _ in range(3)] == [200, 200, 429]
    await clock.advance(timedelta(hours=1, seconds=1))
    assert (await look(chief, made)).status_code == 200
