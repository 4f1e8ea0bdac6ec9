"""One-time passwords that customers send: hidden before they are stored, told of once.

Digits that somebody asked for stay.
"""

from __future__ import annotations

from typing import Any

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.guard.masking import DOTS
from mashang.kit import ids
from tests.channels.conftest import Page, Served
from tests.channels.connected import NUMBER, ConnectedShop, client, rogue, shop

__all__ = ["client", "rogue", "shop"]

SECRET = "482917"


async def _say(page: Page, conversation: str, text: str, key: str = "") -> dict[str, Any]:
    body = {"client_id": key or ids.public_id(), "text": text}
    answer = await page.http.post(f"/conversations/{conversation}/entries", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def _entries(page: Page, conversation: str) -> list[dict[str, Any]]:
    return list((await page.http.get(f"/conversations/{conversation}/entries")).json()["entries"])


async def _warned(page: Page, conversation: str) -> int:
    events = [entry.get("event", {}).get("name") for entry in await _entries(page, conversation)]
    return events.count("one_time_code_hidden")


async def _stored(served: Served) -> str:
    """Everything this installation keeps of what was said."""
    async with served.database.transaction() as tx:
        kept = await tx.all(
            "select text as kept from entry union all select data::text from entry"
            " union all select typed from redemption"
            " union all select last_preview from conversation union all select page_title from conversation"
        )
    return " ".join(str(row["kept"]) for row in kept)


async def test_six_digits_that_nobody_asked_for_are_hidden_before_they_are_stored_and_told_of_once(
    served: Served,
) -> None:
    page, desk = await served.visitor(), await served.agent()
    async with desk.live() as line:
        opened = await desk.serve(page, line)
        told = [await _say(page, opened["id"], said) for said in ("482917", "482 917", "４８２９１７", "4 8 2 9 1 7。")]
        passed_on = await _say(page, opened["id"], "【某银行】验证码482917，5分钟内有效")
        seen = (await desk.http.get(f"/desk/conversations/{opened['id']}/entries")).text
        found = (await desk.http.get("/desk/search", params={"q": SECRET})).text
    assert [one["text"] for one in told] == [DOTS] * 4
    assert passed_on["text"] == f"【某银行】验证码{DOTS}，5分钟内有效"
    assert await _warned(page, opened["id"]) == 1
    kept = await _stored(served) + seen + found.replace(f'"{SECRET}"', "")
    assert [said for said in (SECRET, "482 917", "４８２９１７", "4 8 2 9 1 7") if said in kept] == []


async def test_digits_an_agent_asked_for_stay_until_something_else_is_said(served: Served) -> None:
    page, desk = await served.visitor(), await served.agent()
    async with desk.live() as line:
        opened = await desk.serve(page, line)
        await desk.http.post(
            f"/desk/conversations/{opened['id']}/entries",
            json={"client_id": ids.public_id(), "text": "请发一下订单号后六位"},
        )
        answered = await _say(page, opened["id"], SECRET)
        await desk.http.post(
            f"/desk/conversations/{opened['id']}/entries", json={"client_id": ids.public_id(), "text": "好的，收到"}
        )
        later = await _say(page, opened["id"], "551204")
        await desk.http.post(
            f"/desk/conversations/{opened['id']}/entries",
            json={"client_id": ids.public_id(), "text": "把订单号和收到的验证码都发我"},
        )
        lured = await _say(page, opened["id"], "551204")
    assert answered.get("text") is None
    assert (later["text"], lured["text"]) == (DOTS, DOTS)


async def test_digits_that_the_customer_announced_and_the_end_of_the_order_this_is_about_stay(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(code="CZ", order_number=NUMBER)
    about = await _say(page, opened["id"], NUMBER[-6:])
    await _say(page, opened["id"], "还有一个订单，尾号是")
    announced = await _say(page, opened["id"], SECRET)
    assert (about.get("text"), announced.get("text")) == (None, None)
    assert await _warned(page, opened["id"]) == 0


async def test_a_message_that_comes_again_is_the_same_though_digits_were_asked_for_meanwhile(served: Served) -> None:
    page, desk = await served.visitor(), await served.agent()
    async with desk.live() as line:
        opened = await desk.serve(page, line)
        first = await _say(page, opened["id"], SECRET, "said-before-asked")
        await desk.http.post(
            f"/desk/conversations/{opened['id']}/entries",
            json={"client_id": ids.public_id(), "text": "订单尾号是多少？"},
        )
        again = await _say(page, opened["id"], SECRET, "said-before-asked")
        asked = await _say(page, opened["id"], "551204", "said-when-asked")
        await _say(page, opened["id"], "好的")
        repeated = await _say(page, opened["id"], "551204", "said-when-asked")
    assert (first["seq"], first["text"]) == (again["seq"], again["text"])
    assert asked["seq"] == repeated["seq"]
    assert await _warned(page, opened["id"]) == 1


async def test_a_conversation_that_begins_with_six_digits_keeps_none_of_them(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(text=SECRET)
    assert SECRET not in await _stored(served)
    assert await _warned(page, opened["id"]) == 1


async def test_the_code_box_warns_of_a_one_time_password_and_of_nothing_else(shop: ConnectedShop) -> None:
    async with shop.served.database.transaction() as tx:
        draft = TopicDraft(code="888000", name="号段", department=shop.served.stage.department.public_id, greeting="")
        await topics.create(tx, None, draft, {})
    page, account = await shop.served.visitor(), await shop.signed_in()
    typed = [(page, SECRET), (page, "【某银行】验证码4829"), (page, "888000"), (page, "48291"), (page, NUMBER[-6:])]
    typed += [(account, NUMBER[-6:]), (account, SECRET)]
    answers = [(await who.http.post("/codes", json={"text": text})).json()["outcome"] for who, text in typed]
    assert answers == ["one_time", "one_time", "matched", "unknown", "one_time", "unknown", "one_time"]
