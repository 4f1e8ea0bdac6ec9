"""What a proof opened is closed with it, on sockets that stay open too; and it touches nobody else's talk."""

from __future__ import annotations

from typing import Any

from mashang.kit import ids
from tests.channels.conftest import Page, Socket
from tests.channels.connected import NUMBER, OTHERS, ConnectedShop, an_order, client, rogue, shop
from tests.channels.test_proofs import beside, by_code, events, last_four

__all__ = ["client", "rogue", "shop"]


async def joined(shop: ConnectedShop) -> tuple[Page, Page, str]:
    """The account's page, a visitor's that proved to be it and joined it, and a conversation of the account."""
    owner, visitor = await shop.signed_in(), await shop.served.visitor()
    opened = await owner.open(code="CZ")
    await by_code(shop, visitor)
    assert (await visitor.http.post("/joins", json={})).status_code == 200
    return owner, visitor, opened["id"]


async def say(page: Page, conversation: str, text: str) -> dict[str, Any]:
    message = {"client_id": ids.public_id(), "text": text}
    answer = await page.http.post(f"/conversations/{conversation}/entries", json=message)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def refusal(socket: Socket, **sent: Any) -> str:
    await socket.send(**sent)
    return str((await socket.frame("refused", client_id=sent.get("client_id")))["code"])


async def test_an_open_socket_hears_nothing_of_the_account_once_the_account_undid_the_join(shop: ConnectedShop) -> None:
    owner, visitor, theirs = await joined(shop)
    async with visitor.live(theirs) as socket:
        await socket.frame("caught_up", conversation=theirs)
        (own,) = (await owner.http.get("/standing")).json()["joined"]
        await owner.http.request("DELETE", f"/joins/{own['id']}")
        assert (await socket.frame("refused", conversation=theirs))["code"] == "not_found"
        await say(owner, theirs, "只给账号看的")
        assert await refusal(socket, t="watch", conversation=theirs) == "not_found"
        sent = {"t": "send", "conversation": theirs, "client_id": ids.public_id(), "text": "我还在"}
        assert await refusal(socket, **sent) == "not_found"
        await socket.send("ping")
        assert "只给账号看的" not in str(await socket.frames_until("pong"))


async def test_who_was_joined_and_ends_the_proof_has_left_and_the_next_here_is_another_visitor(
    shop: ConnectedShop,
) -> None:
    owner, visitor, theirs = await joined(shop)
    said = (await visitor.open(text="共用电脑上写的"))["id"]
    async with visitor.live(theirs) as socket:
        assert (await visitor.http.request("DELETE", "/proofs")).json()["proved_by"] is None
        assert await socket.closed_with() == 4401
    assert (await visitor.http.get("/standing")).json()["code"] == "not_signed_in"
    following = await shop.served.visitor(session=visitor.session["session"])
    assert following.session["customer"]["id"] != visitor.session["customer"]["id"]
    assert (await following.http.get(f"/conversations/{said}")).status_code == 404
    assert (await owner.http.get(f"/conversations/{said}")).status_code == 200


async def test_who_was_not_joined_ends_the_proof_and_goes_on_as_the_same_visitor(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    await by_code(shop, visitor)
    assert (await visitor.http.request("DELETE", "/proofs")).status_code == 200
    assert (await visitor.http.get("/standing")).json()["customer"]["proved"] is False


async def test_the_code_of_a_joined_account_tells_the_visitors_page_no_order_and_the_staff_does(
    shop: ConnectedShop,
) -> None:
    visitor = await shop.served.visitor()
    opened = await visitor.open(text=f"{await shop.code()} 没到账")
    owner = await shop.signed_in()
    await owner.http.post("/joins", json={"visitor": visitor.session["session"]})
    entries = await visitor.http.get(f"/conversations/{opened['id']}/entries")
    assert "code_verified" in entries.text
    shown = [entries.text, (await visitor.http.get(f"/conversations/{opened['id']}")).text]
    assert not any(NUMBER in one for one in shown)
    async with shop.served.database.transaction() as tx:
        await tx.run("update topic set context = '{order}'")
    desk = await shop.served.agent()
    _, context = await beside(desk, opened["id"])
    assert context["order"]["number"] == NUMBER
    told = (await desk.http.get(f"/desk/conversations/{opened['id']}/entries")).json()["entries"]
    assert NUMBER in [one.get("event", {}).get("order_number") for one in told]


async def test_an_open_socket_of_the_account_hears_nothing_of_a_visitor_that_was_parted(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    opened = await visitor.open(code="CZ")
    owner = await shop.signed_in()
    told = (await owner.http.post("/joins", json={"visitor": visitor.session["session"]})).json()
    async with owner.live(opened["id"]) as socket:
        await socket.frame("caught_up")
        await visitor.http.request("DELETE", f"/joins/{told['joined'][0]['id']}")
        assert (await socket.frame("refused", conversation=opened["id"]))["code"] == "not_found"


async def test_a_proof_that_ran_out_is_noticed_with_the_next_frame_even_when_nobody_says_so(
    shop: ConnectedShop,
) -> None:
    _, visitor, theirs = await joined(shop)
    async with visitor.live(theirs) as socket:
        await socket.frame("caught_up", conversation=theirs)
        async with shop.served.database.transaction() as tx:
            await tx.run("update proof set expires_at = app_now()")
        await socket.send("ping")
        assert (await socket.frame("refused", conversation=theirs))["code"] == "not_found"


async def test_a_code_said_on_a_socket_is_judged_by_what_is_proved_then(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    opened = await visitor.open(text="你好")
    async with visitor.live(opened["id"]) as socket:
        await socket.frame("caught_up")
        await by_code(shop, visitor)
        sent = {"t": "send", "conversation": opened["id"], "client_id": ids.public_id()}
        await socket.send(**sent, text=f"码是 {await shop.code()}")
        await socket.frame("ack")
        assert "code_verified" in await events(visitor, opened["id"])
        await visitor.http.request("DELETE", "/proofs")
        sent["client_id"] = ids.public_id()
        await socket.send(**sent, text=f"还有 {await shop.code(scene='other')}")
        await socket.frame("ack", client_id=sent["client_id"])
        assert (await events(visitor, opened["id"])).count("code_verified") == 1


async def test_a_proved_order_is_put_on_no_conversation_that_is_about_another(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    about = {number: (await visitor.open(code="CZ", order_number=number))["id"] for number in (NUMBER, OTHERS)}
    bare = (await visitor.open(code="SH"))["id"]
    shop.proves()
    await last_four(visitor)
    told = {one["id"]: one.get("order_number") for one in (await visitor.http.get("/conversations")).json()}
    assert told == {about[NUMBER]: NUMBER, about[OTHERS]: OTHERS, bare: NUMBER}
    assert "proved" not in await events(visitor, about[OTHERS])


async def test_what_an_account_proves_is_not_told_in_a_visitors_conversation(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    opened = await visitor.open(code="CZ")
    owner = await shop.signed_in()
    await owner.http.post("/joins", json={"visitor": visitor.session["session"]})
    assert (await last_four(owner))[0] == 200
    assert NUMBER not in (await visitor.http.get("/conversations")).text
    assert NUMBER not in (await visitor.http.get(f"/conversations/{opened['id']}/entries")).text
    assert "阿珍" not in (await visitor.http.get(f"/conversations/{opened['id']}/entries")).text


async def test_the_desk_names_who_was_proved_last_and_not_whom_the_visitor_was_joined_to(shop: ConnectedShop) -> None:
    _, visitor, _ = await joined(shop)
    shop.tells("/customers/c-2", {"subject": "c-2", "name": "老周", "tier": ""})
    shop.has(an_order(OTHERS, "c-2"))
    opened = await visitor.open(code="CZ", order_number=OTHERS)
    shop.sends()
    sent = (await visitor.http.post("/proofs/codes", json={"account": "13900001111"})).json()
    shop.proves("c-2")
    await visitor.http.post(f"/proofs/codes/{sent['id']}", json={"code": "123456"})
    identity, _ = await beside(await shop.served.agent(), opened["id"])
    assert (identity["proved_by"], identity["account"], identity["joined_visitor"]) == ("one_time_code", "老周", False)
    assert identity["order_proved"]
