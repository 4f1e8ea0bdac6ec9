"""The first-run guide: steps are done when the rows say so, and a widget is seen where it really stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.kit.db import Database
from mashang.knowledge import editing
from mashang.knowledge.article import ArticleDraft, Text
from mashang.shops import site as sites
from mashang.shops.looks import Looks
from mashang.staff import agents, assistant, departments
from mashang.staff.agents import AgentDraft
from mashang.staff.assistant import Assistant
from mashang.staff.departments import DepartmentDraft
from tests.browsing import Browser
from tests.conftest import Clock

PASSWORD = "correct-horse-7"


@pytest.fixture
async def boss(browser: Callable[..., Browser], database: Database) -> Browser:
    async with database.transaction() as tx:
        await agents.create(tx, None, AgentDraft("boss", "店长", "operator", password=PASSWORD))
    one = browser()
    await one.sign_in("boss", PASSWORD)
    return one


async def done(boss: Browser) -> list[str]:
    """The steps that are done."""
    return [step["name"] for step in (await boss.get("/admin/start")).json()["steps"] if step["done"]]


async def test_each_step_is_done_by_what_it_asks_for_and_undone_without_it(boss: Browser, database: Database) -> None:
    assert await done(boss) == []
    async with database.transaction() as tx:
        department = await departments.create(tx, None, DepartmentDraft("充值"))
    assert await done(boss) == ["departments"]
    async with database.transaction() as tx:
        draft = AgentDraft("mei", "小美", "agent", 5, [department.public_id], PASSWORD)
        mei = await agents.create(tx, None, draft)
        await topics.create(tx, None, TopicDraft(code="CZ", name="充值", department=department.public_id), {})
        await sites.create(tx, name="小店", origins=["https://shop.example"], shop_id=None, looks=Looks())
    assert await done(boss) == ["departments", "people", "topics", "sites"]
    assert 'data-site="' in (await boss.get("/admin/start")).json()["snippet"]
    async with database.transaction() as tx:
        await agents.archive(tx, None, mei)
    assert await done(boss) == ["departments", "topics", "sites"]


async def test_knowledge_counts_once_customers_can_read_it_and_the_assistant_while_it_is_on(
    boss: Browser, database: Database
) -> None:
    async with database.transaction() as tx:
        made = await editing.create(tx, None, ArticleDraft(texts={"zh-CN": Text("充值没到账", "看订单。")}))
    assert await done(boss) == []  # a draft
    async with database.transaction() as tx:
        made = await editing.publish(tx, None, made.public_id, version=made.version)
    assert await done(boss) == ["knowledge"]
    async with database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=True, name="小码"))
    assert await done(boss) == ["knowledge", "assistant"]
    async with database.transaction() as tx:
        await editing.withdraw(tx, None, made.public_id, version=made.version)
        await assistant.put_settings(tx, None, Assistant(is_on=False, name="小码"))
    assert await done(boss) == []


async def test_a_widget_is_seen_on_a_registered_page_and_on_no_other(
    boss: Browser, browser: Callable[..., Browser], database: Database, clock: Clock
) -> None:
    async with database.transaction() as tx:
        site = await sites.create(tx, name="小店", origins=["https://shop.example"], shop_id=None, looks=Looks())
    page = browser(address="198.51.100.9").client

    async def loaded_on(origin: str) -> dict[str, str] | None:
        await page.get("/widget-look", params={"site": site.public_id}, headers={"origin": origin})
        seen: dict[str, str] | None = (await boss.get("/admin/start")).json()["seen"]
        return seen

    assert await loaded_on("https://phisher.example") is None
    first = await loaded_on("https://shop.example")
    assert first is not None
    assert (first["origin"], first["site"]) == ("https://shop.example", "小店")
    assert await loaded_on("https://shop.example") == first  # at most a write every ten seconds
    await clock.advance(timedelta(seconds=11))
    again = await loaded_on("https://shop.example")
    assert again is not None
    assert again["at"] > first["at"]


async def test_one_puts_the_guide_away_for_oneself_and_takes_it_out_again(
    boss: Browser, browser: Callable[..., Browser]
) -> None:
    other = browser()
    await other.sign_in("boss", PASSWORD)
    for wanted in (False, True):
        assert (await boss.put("/staff/guide", {"wanted": wanted})).status_code == 204
        assert (await other.get("/staff/me")).json()["guide"] is wanted
    assert (await boss.put("/staff/guide", {"wanted": "no"})).status_code == 422
    assert (await browser().put("/staff/guide", {"wanted": False})).status_code in (401, 403)
