"""What a customer writes and reads: no hidden directions, no second copy, no colleague's name, not too much at once."""

from __future__ import annotations

from mashang.codes import declared
from mashang.kit import ids
from tests import scene
from tests.channels.conftest import Served

REVERSED = "请看 \u202emoc.live//:sptth\u202c 和 \u2067卡密\u2069"


async def test_text_cannot_turn_its_reading_direction(served: Served) -> None:
    page, desk = await served.visitor(), await served.agent()
    async with desk.live() as agent:
        opened = await desk.serve(page, agent)
        async with page.live(opened["id"]) as customer:
            await customer.send("send", conversation=opened["id"], client_id="turned-text", text=REVERSED)
            told = await customer.frame("ack", client_id="turned-text")
            assert told["text"] == "请看 moc.live//:sptth 和 卡密"
            await customer.send("send", conversation=opened["id"], client_id="nothing-else", text="\u202e\u2066")
            assert (await customer.frame("refused", client_id="nothing-else"))["code"] == "invalid"
        await agent.send("send", conversation=opened["id"], client_id="turned-back", text=REVERSED)
        await agent.frame("ack", client_id="turned-back")
        row = (await desk.http.get("/desk/conversations", params={"list": "mine"})).json()["rows"][0]
    entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    assert [entry["text"] for entry in entries if entry["kind"] == "text"][-2:] == [told["text"], told["text"]]
    assert row["last"]["preview"] == told["text"]


async def test_a_secret_behind_a_hidden_direction_is_masked(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(code="CZ")
    async with page.live(opened["id"]) as socket:
        hidden = "身份证110105194912\u202d31002X"
        await socket.send("send", conversation=opened["id"], client_id="hidden-secret", text=hidden)
        assert "1949" not in (await socket.frame("ack", client_id="hidden-secret"))["text"]


async def test_a_message_is_recognised_though_other_keys_were_declared_meanwhile(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(code="CZ")
    message = {"client_id": "before-and-after", "text": "我的卡 QQ-1234-5678 用不了"}
    first = await page.http.post(f"/conversations/{opened['id']}/entries", json=message)
    async with served.database.transaction() as tx:
        await tx.run(
            """
            insert into shop (public_id, name, base_url, key_id, secret_sealed, capabilities)
            values ('s1', '小店', 'https://shop.example', 'k1', '', '{"card_key_shapes": ["AA-9999-9999"]}')
            """
        )
    declared._kept.clear()  # as ten seconds later
    again = await page.http.post(f"/conversations/{opened['id']}/entries", json=message)
    assert (again.status_code, again.json()["seq"]) == (201, first.json()["seq"])
    other = await page.http.post(f"/conversations/{opened['id']}/entries", json={**message, "text": "别的话"})
    assert other.json()["code"] == "different_message"
    fresh = {**message, "client_id": "masked-by-now"}
    masked = await page.http.post(f"/conversations/{opened['id']}/entries", json=fresh)
    assert "1234" not in masked.json()["text"]


async def test_a_transfer_names_the_department_to_the_customer_and_the_colleague_to_staff(served: Served) -> None:
    async with served.database.transaction() as tx:
        await scene.an_agent(tx, "aqiang", "阿强", served.stage.department)
    page, desk, other = await served.visitor(), await served.agent(), await served.agent("aqiang")
    async with desk.live() as agent:
        opened = await desk.serve(page, agent)
        async with other.live(), page.live(opened["id"]) as customer:
            await customer.frame("caught_up")
            to = (await desk.http.get("/desk/directory")).json()["agents"]
            wanted = next(one["id"] for one in to if one["name"] == "阿强")
            moved = await desk.http.post(f"/desk/conversations/{opened['id']}/transfer", json={"agent": wanted})
            assert moved.status_code == 200, moved.text
            live = (await customer.frame("entry"))["entry"]
            raised = await other.http.post(f"/desk/conversations/{opened['id']}/transfer", json={"tier": 3})
            assert raised.status_code == 200, raised.text
    assert live["event"]["name"] == "transferred"
    assert live["event"]["to_department"]["name"] == "充值"
    read = (await page.http.get(f"/conversations/{opened['id']}/entries")).text
    assert "阿强" not in str(live) + read
    assert "to_tier" not in read
    staff = await other.http.get(f"/desk/conversations/{opened['id']}/entries")
    told = next(one["event"] for one in staff.json()["entries"] if one.get("event", {}).get("name") == "transferred")
    assert (told["to_agent"], told["by"]) == ("阿强", "小美")


async def test_only_who_serves_is_seen_writing(served: Served) -> None:
    async with served.database.transaction() as tx:
        await scene.an_agent(tx, "aqiang", "阿强", served.stage.department)
    page, desk, other = await served.visitor(), await served.agent(), await served.agent("aqiang")
    async with desk.live() as agent:
        opened = await desk.serve(page, agent)
        async with page.live(opened["id"]) as customer, other.live(opened["id"]) as colleague:
            await colleague.send("typing", conversation=opened["id"])
            await colleague.send("ping")
            await colleague.frame("pong")
            await agent.send("typing", conversation=opened["id"])
            assert (await customer.frame("typing"))["name"] == "小美"


async def test_who_has_five_open_conversations_is_offered_those(served: Served) -> None:
    page = await served.visitor()
    opened = [(await page.open(code="CZ"))["id"] for _ in range(5)]
    refused = await page.http.post("/conversations", json={"opening_key": "one-too-many", "code": "CZ"})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_open")
    assert refused.json()["facts"]["open"] == opened[::-1]
    assert "5" in refused.json()["message"]
    assert len((await page.http.get("/conversations")).json()) == 5
    await page.http.post(f"/conversations/{opened[0]}/close")
    assert (await page.open(opening_key="one-too-many", code="CZ"))["status"] == "waiting"


async def test_five_open_conversations_do_not_hide_an_opening_that_is_repeated(served: Served) -> None:
    page, key = await served.visitor(), ids.public_id()
    first = await page.open(opening_key=key, code="CZ")
    for _ in range(4):
        await page.open(code="CZ")
    assert (await page.open(opening_key=key, code="CZ"))["id"] == first["id"]
