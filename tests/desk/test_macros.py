"""Macros: several steps under one name, done together or not at all."""

from __future__ import annotations

import asyncio

import pytest

from mashang.kit import ids


async def a_reply(chen, text="{{customer|亲}}，这边转给售后同事。"):
    draft = {"shortcut": "zsh", "title": "转售后", "text": text}
    return (await chen.post("/admin/replies", draft)).json()["id"]


async def a_macro(chen, **steps):
    made = await chen.post("/admin/macros", {"shortcut": "ZSH", "title": "转售后", "steps": steps})
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def said(page, conversation):
    entries = (await page.get(f"/desk/conversations/{conversation}/entries")).json()["entries"]
    return [one.get("text") or one["event"]["name"] for one in entries]


async def run(page, conversation, macro, key=None):
    press = {"client_id": key or ids.public_id()}
    return await page.post(f"/desk/conversations/{conversation}/macros/{macro}", press)


async def test_all_steps_are_done_in_their_order(committed, desk, served, database):
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    steps = {"reply": await a_reply(chen), "note": "已安抚"}
    macro = await a_macro(chen, **steps, department=committed.floor.after_sale.public_id, transfer_note="请核对退款")
    assert [one["title"] for one in (await xiaomei.get("/desk/macros")).json()] == ["转售后"]
    assert (await run(xiaomei, served, macro)).status_code == 204
    assert (await said(chen, served))[:5] == [
        "macro",
        "阿珍，这边转给售后同事。",
        "已安抚",
        "请核对退款",
        "transferred",
    ]
    shown = (await chen.get(f"/desk/conversations/{served}")).json()
    assert (shown["status"], shown["department"]["name"]) == ("waiting", "售后")
    async with database.transaction() as tx:
        assert await tx.value("select unread_by_customer from conversation") == 1


async def test_a_macro_ends_a_conversation(committed, desk, served):
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    assert (await run(xiaomei, served, await a_macro(chen, close=True))).status_code == 204
    assert (await chen.get(f"/desk/conversations/{served}")).json()["status"] == "closed"
    again = await run(xiaomei, served, (await chen.get("/admin/macros")).json()[0]["id"])
    assert (again.status_code, again.json()["code"]) == (409, "already_closed")


async def test_what_cannot_be_done_whole_is_not_done_at_all(committed, desk, served, database):
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    after_sale = committed.floor.after_sale
    reply = await a_reply(chen, "订单 {{order}} 已登记")
    macro = await a_macro(chen, reply=reply, department=after_sale.public_id)
    refused = await run(xiaomei, served, macro)
    assert (refused.status_code, refused.json()["code"]) == (409, "macro_has_gaps")
    async with database.transaction() as tx:
        await tx.run("update conversation set order_number = 'QN1'")
        await tx.run("update department set archived_at = app_now() where id = %s", (after_sale.id,))
    refused = await run(xiaomei, served, macro)
    assert (refused.status_code, refused.json()["code"]) == (409, "macro_outdated")
    assert await said(chen, served) == []
    assert (await run(chen, served, macro)).json()["code"] == "not_in_conversation"
    assert (await run(await desk("aqiang"), served, macro)).status_code == 404
    assert await said(chen, served) == []


async def test_pressed_twice_or_asked_again_it_is_done_once(committed, desk, served):
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    away = committed.floor.after_sale.public_id
    macro = await a_macro(chen, reply=await a_reply(chen), department=away)
    both = await asyncio.gather(*(run(xiaomei, served, macro, "one-press") for _ in range(2)))
    assert [one.status_code for one in both] == [204, 204]
    once = await said(chen, served)
    # The answer was lost, and where it went this agent does not look any more.
    assert (await run(xiaomei, served, macro, "one-press")).status_code == 204
    assert await said(chen, served) == once
    assert (once.count("macro"), once.count("transferred")) == (1, 1)


async def test_a_key_is_of_one_macro_only(committed, desk, served):
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    note = await a_macro(chen, note="已安抚")
    assert (await run(xiaomei, served, note, "one-press")).status_code == 204
    other = await chen.post("/admin/macros", {"shortcut": "js", "title": "结束", "steps": {"close": True}})
    again = await run(xiaomei, served, other.json()["id"], "one-press")
    assert again.json()["code"] == "different_message"
    assert (await chen.get(f"/desk/conversations/{served}")).json()["status"] == "active"


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ({}, "missing"),
        ({"note": "  "}, "missing"),
        ({"close": True, "department": "given"}, "one_end"),
        ({"reply": "nowhere"}, "unknown"),
        ({"department": "nowhere"}, "unknown"),
    ],
)
async def test_a_macro_that_could_not_be_run_is_refused(committed, desk, steps, reason):
    chen = await desk("chen")
    if steps.get("department") == "given":
        steps = {**steps, "department": committed.floor.after_sale.public_id}
    answer = await chen.post("/admin/macros", {"shortcut": "a", "title": "一", "steps": steps})
    assert (answer.status_code, answer.json()["facts"]) == (422, {"field": "steps", "reason": reason})


async def test_supervisors_write_macros_agents_run_them_and_every_change_leaves_a_line(committed, desk):
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    macro = await a_macro(chen, close=True)
    draft = {"shortcut": "zsh", "title": "结束", "steps": {"close": True}}
    assert (await chen.post("/admin/macros", draft)).json()["code"] == "shortcut_taken"
    assert (await chen.put(f"/admin/macros/{macro}", draft)).json()["title"] == "结束"
    for method, path in (("GET", ""), ("POST", ""), ("PUT", f"/{macro}"), ("DELETE", f"/{macro}")):
        body = draft if method in ("POST", "PUT") else None
        assert (await xiaomei.ask(method, f"/admin/macros{path}", body)).status_code == 403, method
    assert (await chen.delete(f"/admin/macros/{macro}")).status_code == 204
    assert (await xiaomei.get("/desk/macros")).json() == []
    lines = (await chen.get("/admin/audit")).json()["lines"]
    actions = [one["action"] for one in lines if one["action"].startswith("macro.")]
    assert actions == ["macro.archived", "macro.edited", "macro.created"]
