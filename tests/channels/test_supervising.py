"""What those who watch do beside the agents, on the running product: the board."""

from __future__ import annotations

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
