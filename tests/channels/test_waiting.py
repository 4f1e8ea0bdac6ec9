"""A customer's page that waits."""

from __future__ import annotations

from datetime import timedelta

from mashang.channels.web import state
from mashang.staff import presence

from .conftest import Served


async def _comes_unannounced(served: Served) -> None:
    """The rows alone: no event, no notice, as when one got lost."""
    async with served.database.transaction() as tx:
        await presence.set_availability(tx, served.stage.agent, "available")
        await presence.renew(tx, "elsewhere", served.stage.agent.id, "test", timedelta(hours=1))


async def test_the_range_is_looked_at_again_even_when_nobody_says_why(served: Served, monkeypatch) -> None:
    monkeypatch.setattr(state, "_REFRESH_SECONDS", 0.05)
    page = await served.visitor()
    opened = await page.open(code="CZ")
    assert opened["waiting"]["estimate"] is None
    async with page.live(opened["id"]) as socket:
        await _comes_unannounced(served)
        told = await socket.frame("state", status="waiting")
        while told["waiting"]["estimate"] is None:
            told = await socket.frame("state", status="waiting")
    assert told["waiting"]["estimate"] == {"low_minutes": 1, "high_minutes": 1, "word": None}


async def test_a_reload_hears_what_was_told_before(served: Served) -> None:
    await _comes_unannounced(served)
    page = await served.visitor()
    opened = await page.open(code="CZ")
    async with served.database.transaction() as tx:
        await tx.run(
            """
            insert into announcement (wait_id, at, low_minutes, high_minutes, word, ahead, privileged, slots,
                queue, median, upper, calculated)
            select id, app_now(), 1, 1, 'slower', 0, 0, 5, 0, 1, 1, 1 from wait
            """
        )
    again = (await page.http.get("/conversations")).json()
    assert again[0]["waiting"]["estimate"]["word"] == "slower"
    assert again[0]["waiting"]["number"] == opened["waiting"]["number"]


async def test_a_page_that_lost_its_line_is_told_the_same_number_and_place_again(served: Served) -> None:
    first, second = await served.visitor(), await served.visitor()
    await first.open(code="CZ")
    opened = (await second.open(code="CZ"))["waiting"]
    assert opened["ahead"] == 1
    identity = (await second.http.get("/conversations")).json()[0]["id"]
    for _ in range(3):
        async with second.live(identity) as socket:
            told = (await socket.frame("state", status="waiting"))["waiting"]
        assert (told["number"], told["ahead"]) == (opened["number"], 1)
