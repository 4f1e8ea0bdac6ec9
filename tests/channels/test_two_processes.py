"""Two processes over one database: whoever is connected to the other one misses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from mashang.kit.settings import Settings
from mashang.live.hub import Hub
from tests import scene
from tests.channels.conftest import Page, Served, running
from tests.conftest import Clock


@pytest.fixture
async def other(served: Served, settings: Settings) -> AsyncIterator[Served]:
    """A second process of the same installation."""
    async with running(settings) as url:
        second = Served(url, served.database, settings, served.stage)
        async with second.clients:
            yield second


async def test_a_customer_of_one_process_talks_with_an_agent_of_the_other(served: Served, other: Served) -> None:
    page, desk = await served.visitor(), await other.agent()
    async with desk.live() as agent:
        opened = await page.open(code="CZ")
        it = opened["id"]
        assert (await agent.frame("offer"))["conversation"]["id"] == it
        async with page.live(it) as customer:
            await desk.http.post(f"/desk/conversations/{it}/accept")
            assert (await customer.frame("state", status="active"))["agent"] == {"name": "小美"}
            await agent.send("watch", conversation=it, after=0)
            await agent.frame("caught_up")
            await customer.send("send", conversation=it, client_id="from-here-1", text="从这边发")
            assert (await agent.frame("entry"))["entry"]["text"] == "从这边发"
            await agent.send("send", conversation=it, client_id="from-there-1", text="从那边回")
            entry = (await customer.frame("entry"))["entry"]
            while entry.get("text") != "从那边回":
                entry = (await customer.frame("entry"))["entry"]
            await customer.send("typing", conversation=it)
            assert (await agent.frame("typing"))["who"] == "customer"
            await customer.send("read", conversation=it, seq=entry["seq"])
            assert (await agent.frame("read", who="customer"))["seq"] == entry["seq"]


async def test_what_happened_through_one_process_is_on_the_screens_of_the_other_at_once(
    monkeypatch: pytest.MonkeyPatch, served: Served, other: Served
) -> None:
    async def compares_nothing(_: Hub) -> None:
        """It would bring the entry too, every fifteen seconds."""

    monkeypatch.setattr(Hub, "compare_heads", compares_nothing)
    page, desk = await served.visitor(), await other.agent()
    opened = await page.open(code="CZ")
    async with desk.live() as agent, page.live(opened["id"]) as customer:
        await agent.frame("offer")
        await customer.frame("caught_up")
        await desk.http.post(f"/desk/conversations/{opened['id']}/accept")
        event = (await customer.frame("entry"))["entry"]["event"]
    assert event["name"] == "assigned"


async def test_an_agent_who_signs_out_elsewhere_loses_the_socket(served: Served, other: Served) -> None:
    desk = await served.agent()
    async with desk.live() as socket:
        elsewhere = other.client("/api/v1")
        elsewhere.cookies = desk.http.cookies
        elsewhere.headers["x-csrf-token"] = desk.http.headers["x-csrf-token"]
        assert (await elsewhere.post("/staff/sign-out")).status_code == 204
        assert await socket.closed_with() == 4401


async def test_a_customer_who_signs_out_loses_the_sockets_of_that_browser_everywhere(
    served: Served, other: Served
) -> None:
    page = await served.visitor()
    elsewhere = Page(other, page.session)
    async with page.live() as here, elsewhere.live() as there:
        await page.http.delete("/sessions")
        assert await here.closed_with() == 4401
        assert await there.closed_with() == 4401


async def test_a_socket_does_not_outlive_its_session(served: Served, clock: Clock) -> None:
    page = await served.visitor()
    async with page.live() as socket:
        await clock.advance(timedelta(days=31))
        await socket.send("ping")
        assert await socket.closed_with() == 4401


async def test_who_opens_a_desk_elsewhere_is_on_the_board_at_once_though_they_are_away(
    served: Served, other: Served
) -> None:
    async with served.database.transaction() as tx:
        await scene.an_agent(tx, "chen", "陈主管", role="supervisor")
    chen, xiaomei = await served.agent("chen"), await other.agent()
    await xiaomei.http.put("/staff/availability", json={"availability": "away"})
    async with chen.live() as watching:
        await watching.frame("board")  # of coming oneself
        state = "offline"
        async with (
            xiaomei.live(),
            asyncio.timeout(25),
        ):  # before the lease of thirty seconds runs out, of which it would be told
            while state != "away":
                await watching.frame("board")
                board = (await chen.http.get("/desk/board")).json()
                [state] = [one["state"] for one in board["agents"] if one["name"] == "小美"]
