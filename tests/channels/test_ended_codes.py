"""A code whose time is over: every way in says what it was and what there is now, and none of them is a dead end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.conversations.happened import happened
from mashang.kit import clock as product_clock
from mashang.kit import ids
from tests.channels.conftest import Page, Served
from tests.conftest import Clock


@pytest.fixture
async def after_the_sale(served: Served, clock: Clock) -> Served:
    """HD618 ended an hour ago, and ZK is what there is now."""
    department = served.stage.department.public_id
    async with served.database.transaction() as tx:
        await topics.create(
            tx, None, TopicDraft(code="ZK", name="折扣活动", name_en="Discounts", department=department), ()
        )
        over = {"expires_at": product_clock.now() + timedelta(hours=1), "successor": "ZK"}
        draft = TopicDraft(code="HD618", name="年中大促", name_en="June sale", department=department, **over)
        await topics.create(tx, None, draft, ())
    await clock.advance(timedelta(hours=2))
    return served


async def told_in(page: Page, conversation: str) -> list[dict[str, Any]]:
    entries = (await page.http.get(f"/conversations/{conversation}/entries")).json()["entries"]
    return [one["event"] for one in entries if one.get("event", {}).get("name") == "code_expired"]


async def test_typed_into_the_box_it_says_what_it_was_and_offers_what_is_now(after_the_sale: Served) -> None:
    page = await after_the_sale.visitor()
    answer = (await page.http.post("/codes", json={"text": "hd618"})).json()
    assert (answer["outcome"], answer["topic"]["name"]) == ("expired", "年中大促")
    assert [one["code"] for one in answer["topics"]] == ["ZK"]


@pytest.mark.parametrize("medium", [None, "scene", "link", "qr"])
async def test_pressed_on_an_old_page_or_brought_by_a_link_it_is_refused_with_what_to_take(
    after_the_sale: Served, medium: str | None
) -> None:
    page = await after_the_sale.visitor()
    opening = {"opening_key": ids.public_id(), "entrance": "code", "code": "HD618", "medium": medium}
    answer = await page.http.post("/conversations", json={key: one for key, one in opening.items() if one})
    assert (answer.status_code, answer.json()["code"]) == (410, "code_expired")
    assert answer.json()["facts"] == {"code": "HD618", "name": "年中大促", "instead": "ZK"}
    assert (await page.http.get("/conversations")).json() == []


async def test_a_person_is_reached_with_it_and_both_sides_read_what_it_was(after_the_sale: Served) -> None:
    page = await after_the_sale.visitor()
    opened = await page.open(text="hd618")
    [event] = await told_in(page, opened["id"])
    assert (event["topic"]["code"], event["instead"]["code"]) == ("HD618", "ZK")
    assert happened(event, "zh-CN") == (
        "代码 HD618（年中大促）已失效，现在是 ZK（折扣活动）。您不用重新输入，客服会在这里为您处理"
    )
    assert "June sale" in str(happened(event, "en"))
    assert "topic" not in opened


async def test_said_in_a_running_conversation_it_is_explained_there_once(after_the_sale: Served) -> None:
    page = await after_the_sale.visitor()
    opened = await page.open(text="你好")
    for number, text in enumerate(["HD618 还能用吗", "我输入 HD618 了", "年中大促还有吗", "好"]):
        said = {"client_id": f"message-{number}", "text": text}
        assert (await page.http.post(f"/conversations/{opened['id']}/entries", json=said)).status_code == 201
    assert len(await told_in(page, opened["id"])) == 1


async def test_who_takes_what_is_offered_hears_no_more_of_the_old_code(after_the_sale: Served) -> None:
    page = await after_the_sale.visitor()
    opened = await page.open(code="ZK", text="hd618")
    assert opened["topic"]["code"] == "ZK"
    assert await told_in(page, opened["id"]) == []


async def test_an_ordinary_message_costs_no_statement_for_it(after_the_sale: Served, queries: Any) -> None:
    page = await after_the_sale.visitor()
    opened = await page.open(text="你好")
    queries.clear()
    said = {"client_id": "message-1", "text": "我想问一下充值多久到账"}
    await page.http.post(f"/conversations/{opened['id']}/entries", json=said)
    assert not [one for one in queries.said if "from topic" in one]
