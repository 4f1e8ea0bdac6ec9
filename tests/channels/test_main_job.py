"""The main job over HTTP and live sockets: queue, offer, talk, transfer, close, go on."""

from __future__ import annotations

import pytest

from tests import scene
from tests.channels.conftest import Served


async def test_a_customer_is_offered_accepted_and_both_see_each_other_live(served: Served) -> None:
    page, desk = await served.visitor(), await served.agent()
    async with desk.live() as agent:
        opened = await page.open(code="CZ", order_number="M202611210001")
        offered = await agent.frame("offer")
        assert offered["conversation"]["id"] == opened["id"]
        assert offered["conversation"]["topic"] == {"code": "CZ", "name": "充值问题"}
        async with page.live(opened["id"]) as customer:
            accepted = await desk.http.post(f"/desk/conversations/{opened['id']}/accept")
            assert accepted.json()["status"] == "active"
            assert (await customer.frame("state", status="active"))["agent"] == {"name": "小美"}
            await agent.send("watch", conversation=opened["id"], after=0)
            await agent.frame("caught_up")
            await customer.send("send", conversation=opened["id"], client_id="customer-01", text="充值没到")
            seen = await agent.frame("entry")
            assert seen["entry"]["text"] == "充值没到"
            await agent.send("send", conversation=opened["id"], client_id="agent-00001", text="我看一下")
            reply = (await customer.frame("entry", conversation=opened["id"]))["entry"]
            while reply.get("text") != "我看一下":
                reply = (await customer.frame("entry"))["entry"]
            assert reply["author"]["name"] == "小美"
            await customer.send("typing", conversation=opened["id"])
            assert (await agent.frame("typing"))["who"] == "customer"
            await customer.send("read", conversation=opened["id"], seq=reply["seq"])
            assert (await agent.frame("read"))["seq"] == reply["seq"]


async def test_an_internal_note_never_reaches_the_customer(served: Served) -> None:
    page, desk = await served.visitor(), await served.agent()
    async with desk.live() as agent:
        opened = await desk.serve(page, agent)
        async with page.live(opened["id"]) as customer:
            await customer.frame("caught_up")
            for client_id, text, audience in (("note-00001", "疑似代充", "staff"), ("said-00001", "您好", "everyone")):
                await agent.send("send", conversation=opened["id"], client_id=client_id, text=text, audience=audience)
                await agent.frame("ack", client_id=client_id)
            assert (await customer.frame("entry"))["entry"]["text"] == "您好"
        entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    assert "疑似代充" not in str(entries)


async def test_a_transfer_keeps_code_and_words_and_leaves_the_former_agent_outside(served: Served) -> None:
    async with served.database.transaction() as tx:
        after_sale = await scene.departments.create(tx, None, scene.DepartmentDraft("售后"))
        await scene.an_agent(tx, "aqiang", "阿强", after_sale)
    page, recharge, second = await served.visitor(), await served.agent(), await served.agent("aqiang")
    async with recharge.live() as first, second.live() as other:
        opened = await page.open(code="CZ")
        await first.frame("offer")
        await recharge.http.post(f"/desk/conversations/{opened['id']}/accept")
        moved = await recharge.http.post(
            f"/desk/conversations/{opened['id']}/transfer",
            json={"department": after_sale.public_id, "note": "已核对付款"},
        )
        assert moved.status_code in (200, 404), moved.text
        offered = await other.frame("offer")
        assert offered["conversation"]["topic"]["code"] == "CZ"
        await second.http.post(f"/desk/conversations/{opened['id']}/accept")
        entries = (await second.http.get(f"/desk/conversations/{opened['id']}/entries")).json()["entries"]
        assert "已核对付款" in [entry.get("text") for entry in entries]
        assert (await recharge.http.get(f"/desk/conversations/{opened['id']}")).status_code == 404


async def test_closing_and_going_on_keeps_one_timeline(served: Served) -> None:
    page, desk = await served.visitor(), await served.agent()
    async with desk.live() as agent:
        opened = await desk.serve(page, agent)
        await desk.http.post(f"/desk/conversations/{opened['id']}/close")
        refused = await page.http.post(
            f"/conversations/{opened['id']}/entries", json={"client_id": "too-late-1", "text": "等等"}
        )
        assert refused.json()["code"] == "conversation_closed"
        again = (await page.http.post(f"/conversations/{opened['id']}/reopen")).json()
    assert again["id"] == opened["id"]
    assert again["status"] in ("active", "waiting")


async def test_a_desk_hears_at_once_that_a_conversation_has_moved(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mashang.desk.stream._GATHER_SECONDS", 3600.0)  # what is only said may wait that long
    page, desk = await served.visitor(), await served.agent()
    async with desk.live() as agent:
        await desk.serve(page, agent)
        while (await agent.frame("rows"))["rows"][0]["status"] != "active":
            pass


async def test_a_desk_hears_of_other_departments_only_when_something_comes_or_goes(served: Served) -> None:
    async with served.database.transaction() as tx:
        elsewhere = await scene.departments.create(tx, None, scene.DepartmentDraft("售后"))
        await scene.an_agent(tx, "aqiang", "阿强", elsewhere)
        await scene.an_agent(tx, "wang", "王店长", role="operator")
    page, operator = await served.visitor(), await served.agent("wang")
    async with (await served.agent("aqiang")).live() as stranger, operator.live() as all_seeing:
        opened = await page.open(code="CZ")
        entries = f"/conversations/{opened['id']}/entries"
        for number, words in enumerate(("在吗", "还在吗")):
            await page.http.post(entries, json={"client_id": f"words-00{number}", "text": words})
            while words not in str((await all_seeing.frame("rows"))["rows"]):
                pass
        transfer = f"/desk/conversations/{opened['id']}/transfer"
        await operator.http.post(transfer, json={"department": elsewhere.public_id, "note": "请看"})
        before = await stranger.frames_until("offer")
        assert [frame for frame in before if frame.get("gone")] == []
        await operator.http.post(transfer, json={"department": served.stage.department.public_id, "note": "退回"})
        assert opened["id"] in str(await stranger.frame("rows", rows=[], gone=[opened["id"]]))


async def test_who_leaves_a_department_hears_nothing_more_of_what_was_open(served: Served) -> None:
    async with served.database.transaction() as tx:
        elsewhere = await scene.departments.create(tx, None, scene.DepartmentDraft("售后"))
        await scene.an_agent(tx, "aqiang", "阿强", served.stage.department)
        await scene.an_agent(tx, "wang", "王店长", role="operator")
    page, colleague, operator = await served.visitor(), await served.agent("aqiang"), await served.agent("wang")
    opened = await page.open(code="CZ")
    await colleague.http.post(f"/desk/conversations/{opened['id']}/take")
    async with (await served.agent()).live(opened["id"]) as watching, page.live(opened["id"]) as customer:
        await watching.frame("caught_up")
        leaver = served.stage.agent
        moved = {"login": "xiaomei", "name": "小美", "role": "agent", "departments": [elsewhere.public_id]}
        answer = await operator.http.put(f"/admin/people/{leaver.public_id}", json=moved)
        assert answer.status_code == 200, answer.text
        assert (await watching.frame("rows", gone=[opened["id"]]))["rows"] == []
        await customer.send("send", conversation=opened["id"], client_id="not-for-her", text="只给阿强看")
        await customer.frame("ack", client_id="not-for-her")
        await watching.send("send", conversation=opened["id"], client_id="from-outside", text="x", audience="staff")
        heard = await watching.frames_until("refused")
    assert heard[-1]["code"] == "not_found"
    assert "只给阿强看" not in str(heard)
