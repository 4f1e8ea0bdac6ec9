"""An incident over the product's own doors: who may open it, which pages hear of it, what the desk sees."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mashang.kit import clock as product_clock
from mashang.kit.db import Tx
from mashang.shops import incidents
from mashang.shops.incident import Incident
from tests import scene
from tests.channels.conftest import Desk, Served
from tests.conftest import Clock, Queries

HOUR = timedelta(hours=1)


async def a_supervisor(served: Served) -> Desk:
    async with served.database.transaction() as tx:
        await scene.an_agent(tx, "chen", "陈主管", role="supervisor")
    return await served.agent("chen")


async def opened(desk: Desk, **changes: Any) -> dict[str, Any]:
    draft = {"title": "支付宝通道维护", "title_en": "Alipay repair", "text": "充值晚到。", "codes": ["CZ"], **changes}
    answer = await desk.http.post("/admin/incidents", json=draft)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_pages_with_a_line_hear_of_it_and_of_its_end_and_others_ask(served: Served) -> None:
    desk, page = await a_supervisor(served), await served.visitor()
    assert page.session["incidents"] == []
    async with page.live() as line:
        assert (await line.frame("incidents"))["incidents"] == []
        incident = await opened(desk)
        [shown] = (await line.frame("incidents"))["incidents"]
        assert (shown["id"], shown["title"], shown["ends_at"]) == (incident["id"], "支付宝通道维护", None)
        assert (await page.http.get("/incidents")).json() == [shown]
        english = await page.http.get("/incidents", headers={"accept-language": "en"})
        assert [one["title"] for one in english.json()] == ["Alipay repair"]
        assert (await served.visitor()).session["incidents"] == [shown]
        await desk.http.post(f"/admin/incidents/{incident['id']}/end", json={})
        assert (await line.frame("incidents"))["incidents"] == []
    assert (await page.http.get("/incidents")).json() == []


async def test_one_that_starts_within_a_day_is_announced_and_one_of_next_week_is_not(
    served: Served, clock: Clock
) -> None:
    desk, page = await a_supervisor(served), await served.visitor()
    start = product_clock.now() + timedelta(days=3)
    await opened(desk, starts_at=start.isoformat(), ends_at=(start + HOUR).isoformat())
    assert (await page.http.get("/incidents")).json() == []
    await clock.advance(timedelta(days=2, hours=1))
    assert len((await page.http.get("/incidents")).json()) == 1
    await clock.advance(timedelta(days=2))
    assert (await page.http.get("/incidents")).json() == []


async def test_many_visitors_cost_one_look_at_the_incidents(served: Served, queries: Queries) -> None:
    await opened(await a_supervisor(served))
    await served.visitor()
    queries.clear()
    await asyncio.gather(*(served.visitor() for _ in range(20)))
    looks = [said for said in queries.said if "from incident i where (i.closed_at is null and i.starts_at <=" in said]
    assert len(looks) <= 2  # what was read is kept for five seconds, and these may be over meanwhile


async def test_the_whole_of_it_at_the_desk(served: Served) -> None:
    chief, agent, page, other = (
        await a_supervisor(served), await served.agent(), await served.visitor(), await served.visitor()
    )  # fmt: skip
    incident = await opened(chief)
    talk, elsewhere = await page.open(code="CZ"), await other.open(code="SH")

    context = (await agent.http.get(f"/desk/conversations/{elsewhere['id']}/context")).json()
    assert [(one["title"], one["affected"], one["concerns"]) for one in context["incidents"]] == [
        ("支付宝通道维护", False, False)
    ]
    marking = await agent.http.put(f"/desk/conversations/{elsewhere['id']}/incidents/{incident['id']}")
    assert marking.status_code == 204
    context = (await agent.http.get(f"/desk/conversations/{elsewhere['id']}/context")).json()
    assert [(one["affected"], one["by"]) for one in context["incidents"]] == [(True, "小美")]

    narrowed = {"list": "open", "incident": incident["id"]}
    rows = (await agent.http.get("/desk/conversations", params=narrowed)).json()["rows"]
    assert {(row["id"], row["affected"]) for row in rows} == {
        (talk["id"], "支付宝通道维护"),
        (elsewhere["id"], "支付宝通道维护"),
    }
    english = await agent.http.get(f"/desk/conversations/{talk['id']}", headers={"accept-language": "en"})
    assert english.json()["affected"] == "Alipay repair"
    assert [one["title"] for one in (await agent.http.get("/desk/incidents")).json()] == ["支付宝通道维护"]

    await agent.http.delete(f"/desk/conversations/{elsewhere['id']}/incidents/{incident['id']}")
    [listed] = (await chief.http.get("/admin/incidents")).json()
    assert listed["counts"] == {"affected": 1, "told": 1, "ended_told": 0, "reaches": 1}
    async with page.live(talk["id"]) as line:
        ended = await chief.http.post(f"/admin/incidents/{incident['id']}/end", json={"text": "好了，请再试一次。"})
        assert ended.json()["state"] == "over"
        while (await line.frame("entry"))["entry"].get("text") != "好了，请再试一次。":
            pass
    rows = (await agent.http.get("/desk/conversations", params=narrowed)).json()["rows"]
    assert [(row["id"], row["affected"]) for row in rows] == [(talk["id"], None)]


async def test_an_agent_opens_changes_and_ends_none(served: Served) -> None:
    agent = await served.agent()
    incident = await opened(await a_supervisor(served))
    tries = [
        await agent.http.get("/admin/incidents"),
        await agent.http.post("/admin/incidents", json={"title": "我的"}),
        await agent.http.put(f"/admin/incidents/{incident['id']}", json={"title": "我的", "version": 1}),
        await agent.http.post(f"/admin/incidents/{incident['id']}/end", json={}),
    ]
    assert [one.status_code for one in tries] == [403] * 4


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"codes": ["CZ", "QQ"]}, "codes"),
        ({"title": "   "}, "title"),
        ({"title": "字" * 81}, "title"),
        ({"text": "坏\u0000字"}, "text"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
        ({"starts_at": "2020-01-01T00:00:00"}, "starts_at"),
        ({"shop": "nosuch"}, None),
        ({"until": "today"}, "data"),
    ],
    ids=["code", "no-title", "long-title", "character", "past", "no-zone", "shop", "field"],
)
async def test_what_cannot_be_meant_is_refused_and_nothing_is_opened(
    served: Served, changes: dict[str, Any], field: str | None
) -> None:
    desk = await a_supervisor(served)
    answer = await desk.http.post("/admin/incidents", json={"title": "维护", **changes})
    assert answer.status_code in (400, 404, 422)
    assert answer.json()["facts"].get("field") == field
    assert (await desk.http.get("/admin/incidents")).json() == []


async def test_a_change_says_nothing_of_the_sites_it_is_for(served: Served) -> None:
    desk = await a_supervisor(served)
    incident = await opened(desk)
    draft = {"title": "还要一小时", "codes": ["CZ"], "version": 1, "shop": None}
    answer = await desk.http.put(f"/admin/incidents/{incident['id']}", json=draft)
    assert (answer.status_code, answer.json()["facts"]["field"]) == (422, "data")
    [kept] = (await desk.http.get("/admin/incidents")).json()
    assert (kept["title"], kept["version"]) == ("支付宝通道维护", 1)


@pytest.fixture
def opened_meanwhile(served: Served, monkeypatch: pytest.MonkeyPatch) -> Callable[[Desk], None]:
    """The next look at the incidents takes long: one is opened between its reading and its end."""

    def arm(desk: Desk) -> None:
        near, left = incidents.near, [desk]

        async def slowly(tx: Tx) -> list[Incident]:
            found = await near(tx)
            if left:
                desk = left.pop()
                await opened(desk)
                for _ in range(3):  # time for whoever is told at once
                    await desk.http.get("/admin/incidents")
            return found

        monkeypatch.setattr(incidents, "near", slowly)

    return arm


async def test_what_was_read_before_a_change_is_not_kept_after_it(
    served: Served, clock: Clock, opened_meanwhile: Callable[[Desk], None]
) -> None:
    desk, page = await a_supervisor(served), await served.visitor()
    await clock.advance(timedelta(seconds=6))  # what was read for the visitor is not asked any more
    opened_meanwhile(desk)
    await page.http.get("/incidents")
    assert len((await page.http.get("/incidents")).json()) == 1


async def test_a_page_that_is_told_while_it_changes_hears_of_the_change_after_it(
    served: Served, clock: Clock, opened_meanwhile: Callable[[Desk], None]
) -> None:
    desk, page = await a_supervisor(served), await served.visitor()
    await clock.advance(timedelta(seconds=6))
    opened_meanwhile(desk)
    async with page.live() as line:
        while not (told := (await line.frame("incidents"))["incidents"]):
            pass
        await line.send("ping")
        after = [one["incidents"] for one in await line.frames_until("pong") if one["t"] == "incidents"]
    assert all(one == told for one in after)


async def test_a_page_that_is_told_of_what_is_over_by_then_hears_that_it_is(
    served: Served, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, page, other = await a_supervisor(served), await served.visitor(), await served.visitor()
    near, left = incidents.near, ["维护"]

    async def slowly(tx: Tx) -> list[Incident]:
        brief = [await opened(desk, title=title) for title in left]
        left.clear()
        found = await near(tx)
        for one in brief:
            await desk.http.post(f"/admin/incidents/{one['id']}/end", json={})
        return found

    async with other.live() as elsewhere:
        before = await opened(desk)
        while not (await elsewhere.frame("incidents"))["incidents"]:
            pass
        await desk.http.post(f"/admin/incidents/{before['id']}/end", json={})
        while (await elsewhere.frame("incidents"))["incidents"]:
            pass
        await clock.advance(timedelta(seconds=6))
        monkeypatch.setattr(incidents, "near", slowly)
        async with page.live() as line:
            assert len((await line.frame("incidents"))["incidents"]) == 1
            while (await line.frame("incidents"))["incidents"]:
                pass


async def test_the_second_of_two_who_save_is_told_so(served: Served) -> None:
    desk = await a_supervisor(served)
    incident = await opened(desk)
    path, draft = f"/admin/incidents/{incident['id']}", {"title": "还要一小时", "codes": ["CZ"], "version": 1}
    assert (await desk.http.put(path, json=draft)).json()["version"] == 2
    late = await desk.http.put(path, json=draft)
    assert (late.status_code, late.json()["code"], late.json()["facts"]) == (409, "incident_moved", {"version": 2})
    await desk.http.post(f"{path}/end", json={"quiet": True})
    over = await desk.http.put(path, json={**draft, "version": 3})
    assert (over.status_code, over.json()["code"]) == (409, "incident_over")
