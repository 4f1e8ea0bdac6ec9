"""What those who watch do beside the agents, on the running product: board, joining, whispering, setting away."""

from __future__ import annotations

from mashang.kit import ids
from tests import scene
from tests.channels.conftest import Served


async def a_supervisor(served: Served):
    async with served.database.transaction() as tx:
        await scene.an_agent(tx, "chen", "陈主管", role="supervisor")
    return await served.agent("chen")


async def test_a_board_is_told_to_look_again_and_agents_are_not(served: Served) -> None:
    supervisor, agent = await a_supervisor(served), await served.agent()
    async with supervisor.live() as watching, agent.live() as working:
        await watching.frame("board")
        page = await served.visitor()
        await page.open(code="CZ")
        await watching.frame("board")
        board = (await supervisor.http.get("/desk/board")).json()
        assert [(one["waiting"], one["offered"]) for one in board["queues"]] == [(1, 1)]
        assert {one["name"]: (one["state"], one["offers"]) for one in board["agents"]} == {
            "小美": ("available", 1),
            "陈主管": ("available", 0),
        }
        await working.send("ping")
        assert "board" not in [frame["t"] for frame in await working.frames_until("pong")]


async def a_conversation(served: Served):
    """Of a visitor whom the agent serves: the page, the agent, the conversation."""
    agent = await served.agent()
    page = await served.visitor()
    async with agent.live() as socket:
        made = (await page.open(code="CZ"))["id"]
        await socket.frame("offer")
        assert (await agent.http.post(f"/desk/conversations/{made}/accept")).status_code == 200
    return page, agent, made


def words(text: str) -> dict[str, str]:
    return {"client_id": ids.public_id(), "text": text}


async def test_a_whisper_rings_at_the_serving_desk_and_never_reaches_the_customer(served: Served) -> None:
    page, agent, made = await a_conversation(served)
    supervisor = await a_supervisor(served)
    async with agent.live() as desk, page.live(made) as customer:
        await customer.frame("caught_up")
        answer = await supervisor.http.post(f"/desk/conversations/{made}/whisper", json=words("先别退款，问我"))
        assert answer.status_code == 201
        heard = await desk.frame("mentioned")
        assert (heard["conversation"], heard["by"]) == (made, "陈主管")
        said = await agent.http.post(f"/desk/conversations/{made}/entries", json=words("您好"))
        assert said.status_code == 201
        frames = await customer.frames_until("entry")
        assert frames[-1]["entry"]["text"] == "您好"
        assert "先别退款" not in str(frames)
        await customer.send("ping")
        assert "先别退款" not in str(await customer.frames_until("pong"))
    for path in (f"/conversations/{made}", f"/conversations/{made}/entries", "/conversations"):
        answer = await page.http.get(path)
        assert answer.status_code == 200
        assert "先别退款" not in answer.text
    entries = (await agent.http.get(f"/desk/conversations/{made}/entries")).json()["entries"]
    assert [one["mentions"] for one in entries if one.get("text") == "先别退款，问我"] == [
        [{"id": served.stage.agent.public_id, "name": "小美"}]
    ]


async def test_a_whisper_needs_somebody_who_serves_and_somebody_who_watches(served: Served) -> None:
    _, agent, made = await a_conversation(served)
    supervisor = await a_supervisor(served)
    at = f"/desk/conversations/{made}"
    assert (await agent.http.post(f"{at}/whisper", json=words("自言自语"))).json()["code"] == "not_allowed"
    assert (await supervisor.http.post(f"{at}/whisper", json=words(" "))).json()["code"] == "invalid"
    await supervisor.http.post(f"{at}/take")
    assert (await supervisor.http.post(f"{at}/whisper", json=words("自言自语"))).json()["code"] == "nobody_else_serves"


async def test_a_supervisor_joins_in_the_customers_sight_writes_and_leaves(served: Served) -> None:
    page, _, made = await a_conversation(served)
    supervisor = await a_supervisor(served)
    at = f"/desk/conversations/{made}"
    async with page.live(made) as customer:
        await customer.frame("caught_up")
        joined = (await supervisor.http.post(f"{at}/join")).json()
        assert [one["name"] for one in joined["joined"]] == ["陈主管"]
        assert (joined["can"]["reply"], joined["can"]["join"], joined["can"]["leave"]) == (True, False, True)
        assert joined["agent"]["name"] == "小美"
        told = (await customer.frame("entry"))["entry"]["event"]
        assert told == {"name": "colleague_joined", "agent": "陈主管", "watches": True}
        assert (await supervisor.http.post(f"{at}/entries", json=words("我是主管，马上处理"))).status_code == 201
        said = (await customer.frame("entry"))["entry"]
        assert (said["author"]["name"], said["text"]) == ("陈主管", "我是主管，马上处理")
        left = (await supervisor.http.post(f"{at}/leave")).json()
        assert (left["joined"], left["can"]["reply"]) == ([], False)
        assert (await customer.frame("entry"))["entry"]["event"]["name"] == "colleague_left"
    refused = await supervisor.http.post(f"{at}/entries", json=words("还想说"))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_in_conversation")


async def test_who_is_set_away_is_told_by_whom_and_the_offer_goes_to_somebody_else(served: Served) -> None:
    supervisor, agent = await a_supervisor(served), await served.agent()
    page = await served.visitor()
    async with agent.live() as desk:
        await page.open(code="CZ")
        await desk.frame("offer")
        answer = await supervisor.http.post(f"/desk/board/people/{served.stage.agent.public_id}/away")
        assert answer.status_code == 204
        assert (await desk.frame("offer_gone"))["reason"] == "withdrawn"
    me = (await agent.http.get("/staff/me")).json()
    assert (me["availability"], me["warnings"], me["away_by"]) == ("away", ["supervisor"], "陈主管")
    (line,) = [
        one for one in (await supervisor.http.get("/admin/audit")).json()["lines"] if one["action"] == "agent.set_away"
    ]
    assert (line["by"]["name"], line["after"]) == ("陈主管", {"availability": "away"})
    back = (await agent.http.put("/staff/availability", json={"availability": "available"})).json()
    assert (back["warnings"], back["away_by"]) == ([], None)


async def test_agents_set_nobody_away(served: Served) -> None:
    agent = await served.agent()
    answer = await agent.http.post(f"/desk/board/people/{served.stage.agent.public_id}/away")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_colleagues_hear_who_else_looks_or_writes_and_the_customer_does_not(served: Served) -> None:
    page, agent, made = await a_conversation(served)
    supervisor = await a_supervisor(served)
    async with agent.live(made) as desk, supervisor.live(made) as other, page.live(made) as customer:
        for socket in (desk, other, customer):
            await socket.frame("caught_up")
        await other.send("present", conversation=made, doing="looking")
        assert await desk.frame("colleague") == {
            "t": "colleague", "conversation": made, "name": "陈主管", "doing": "looking",
            "id": (await supervisor.http.get("/staff/me")).json()["id"],
        }  # fmt: skip
        await other.send("present", conversation=made, doing="writing")
        assert (await desk.frame("colleague"))["doing"] == "writing"
        await other.send("present", conversation="nowhere", doing="looking")
        await other.send("typing", conversation=made)  # for the customer, but not in the conversation
        for socket in (other, customer):
            await socket.send("ping")
            kinds = [frame["t"] for frame in await socket.frames_until("pong")]
            assert "colleague" not in kinds
            assert "typing" not in kinds
        await supervisor.http.post(f"/desk/conversations/{made}/join")
        await other.send("typing", conversation=made)
        assert (await customer.frame("typing"))["name"] == "陈主管"
