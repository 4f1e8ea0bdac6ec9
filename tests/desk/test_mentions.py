"""A note that names a colleague waits for them until they have looked."""

from __future__ import annotations

import uuid

from mashang.conversations.events import Mentioned


async def note(page, conversation, text, *people, **more):
    sent = {"client_id": uuid.uuid4().hex, "text": text, "audience": "staff"}
    sent |= {"mentions": [one.public_id for one in people], **more}
    return await page.post(f"/desk/conversations/{conversation}/entries", sent)


async def waiting(page):
    return [(one["text"], one["seen"]) for one in (await page.get("/desk/mentions")).json()]


async def test_who_is_named_finds_the_note_until_they_have_seen_it(committed, desk, served):
    xiaomei, chen = await desk("xiaomei"), await desk("chen")
    floor = committed.floor
    answer = await note(xiaomei, served, "@陈主管 这单能退吗", floor.supervisor)
    assert answer.status_code == 201
    (mention,) = (await chen.get("/desk/mentions")).json()
    assert (mention["conversation"], mention["customer"], mention["by"]) == (served, "阿珍", "小美")
    assert (mention["seq"], mention["seen"]) == (answer.json()["seq"], False)
    (entry,) = (await chen.get(f"/desk/conversations/{served}/entries")).json()["entries"]
    assert entry["mentions"] == [{"id": floor.supervisor.public_id, "name": "陈主管"}]
    assert await waiting(xiaomei) == []
    assert (await chen.put(f"/desk/conversations/{served}/mentions/seen")).status_code == 204
    assert await waiting(chen) == [("@陈主管 这单能退吗", True)]


async def test_the_same_note_again_names_nobody_twice(committed, desk, served, app):
    xiaomei, chen = await desk("xiaomei"), await desk("chen")
    heard = []
    app.state.parts.db.events.react({Mentioned: [heard.append]})
    for _ in range(2):
        answer = await note(xiaomei, served, "看一下", committed.floor.supervisor, client_id="the-same-one")
        assert answer.status_code == 201
    assert await waiting(chen) == [("看一下", False)]
    assert [(one.conversation, one.by) for one in heard] == [(served, "小美")]
    other = await note(xiaomei, served, "别的话", committed.floor.supervisor, client_id="the-same-one")
    assert other.json()["code"] == "different_message"


async def test_only_who_may_see_the_conversation_can_be_named(committed, desk, served):
    xiaomei = await desk("xiaomei")
    floor = committed.floor
    refused = await note(xiaomei, served, "@阿强", floor.aqiang)
    assert (refused.status_code, refused.json()["code"]) == (409, "colleague_cannot_see")
    assert refused.json()["message"] == "阿强 看不到这个会话，不能提到。"
    assert (await xiaomei.get(f"/desk/conversations/{served}/entries")).json()["entries"] == []
    people = (await xiaomei.get(f"/desk/conversations/{served}/colleagues")).json()
    assert {one["name"] for one in people} == {"王店长", "陈主管"}
    hidden = await committed.conversation(floor.after_sale)
    assert (await xiaomei.get(f"/desk/conversations/{hidden}/colleagues")).status_code == 404
    assert (await xiaomei.put(f"/desk/conversations/{hidden}/mentions/seen")).status_code == 404


async def test_nobody_is_named_to_a_customer(committed, desk, served):
    answer = await note(await desk("xiaomei"), served, "@陈主管", committed.floor.supervisor, audience="everyone")
    assert (answer.status_code, answer.json()["facts"]["field"]) == (422, "mentions")


async def test_a_recalled_note_waits_for_nobody(committed, desk, served):
    xiaomei, chen = await desk("xiaomei"), await desk("chen")
    seq = (await note(xiaomei, served, "写错了", committed.floor.supervisor)).json()["seq"]
    assert (await xiaomei.post(f"/desk/conversations/{served}/entries/{seq}/recall")).status_code == 204
    assert await waiting(chen) == []


async def test_what_names_one_in_a_conversation_that_has_left_ones_department_is_hidden(
    committed, desk, served, database
):
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    await note(chen, served, "@小美 记得回访", committed.floor.xiaomei)
    assert await waiting(xiaomei) == [("@小美 记得回访", False)]
    async with database.transaction() as tx:
        await tx.run(
            "update conversation set agent_id = %s, department_id = %s",
            (committed.floor.aqiang.id, committed.floor.after_sale.id),
        )
    assert await waiting(xiaomei) == []
