"""What codes were asked for is counted by day and topic, and nothing of it costs an answer or keeps anybody's words."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from mashang.codes import counting, topics
from mashang.codes.counting import Counts
from mashang.codes.topics import TopicDraft
from mashang.kit import clock as product_clock
from mashang.kit import ids
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests import scene
from tests.channels.conftest import Served, running
from tests.scene import Scene

_COUNTED = "select what, t.code, number from code_count c left join topic t on t.id = c.topic_id"


async def a_shop(database: Database) -> Scene:
    """The codes CZ, CX and, over since an hour, ZK; LW was taken out of use."""
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        for code, name in (("CZ", "充值问题"), ("CX", "查询订单"), ("ZK", "折扣活动"), ("LW", "老网站")):
            over = product_clock.now() - timedelta(hours=1) if code == "ZK" else None
            draft = TopicDraft(code=code, name=name, department=stage.department.public_id, expires_at=over)
            made = await topics.create(tx, None, draft, {})
        await topics.archive(tx, None, made.public_id)
    return stage


async def counted(database: Database) -> dict[tuple[str, str | None], int]:
    async with database.transaction() as tx:
        return {(row["what"], row["code"]): row["number"] for row in await tx.all(_COUNTED)}


async def test_every_answer_of_the_code_box_is_counted_once_and_written_at_the_latest_when_the_server_ends(
    database: Database, settings: Settings
) -> None:
    stage = await a_shop(database)
    async with running(settings) as url:
        served = Served(url, database, settings, stage)
        async with served.clients:
            page = await served.visitor()
            for typed in ("CZ", "cz", "ZK", "LW", "卡密没收到怎么办", "CZ 还是 CX"):
                assert (await page.http.post("/codes", json={"text": typed})).status_code == 200
            await page.http.post("/codes", json={"text": "chongzhiwenti"})
    assert await counted(database) == {
        ("matched", "CZ"): 2,
        ("corrected", "CZ"): 1,
        ("expired", "ZK"): 1,
        ("archived", "LW"): 1,
        ("unknown", None): 1,
        ("asked", None): 1,
        ("asked", "CZ"): 1,
        ("asked", "CX"): 1,
    }


async def test_what_came_of_asking_is_counted_for_every_topic_among_the_choices(
    database: Database, settings: Settings
) -> None:
    stage = await a_shop(database)
    asked = "CZ 还是 CX"
    async with running(settings) as url:
        served = Served(url, database, settings, stage)
        async with served.clients:
            for choice in ({"code": "CZ"}, {"code": "CZ"}, {"entrance": "person"}):
                page = await served.visitor()
                await page.open(text=asked, **choice)
            await (await served.visitor()).open(code="CZ")  # nothing had been asked
            await (await served.visitor()).open(code="CZ", text="CZ")
    assert await counted(database) == {
        ("chosen", None): 2,
        ("chosen", "CZ"): 2,
        ("chose_another", "CX"): 2,
        ("chose_person", None): 1,
        ("chose_person", "CZ"): 1,
        ("chose_person", "CX"): 1,
    }


async def test_a_code_that_a_page_chose_and_that_opens_nothing_is_counted(
    database: Database, settings: Settings
) -> None:
    stage = await a_shop(database)
    async with running(settings) as url:
        served = Served(url, database, settings, stage)
        async with served.clients:
            page = await served.visitor()
            for code, status in (("ZK", 410), ("LW", 404), ("NO", 404)):
                wish = {"opening_key": ids.public_id(), "code": code}
                assert (await page.http.post("/conversations", json=wish)).status_code == status
    assert await counted(database) == {("expired", "ZK"): 1, ("archived", "LW"): 1, ("unknown", None): 1}


async def test_a_storm_of_questions_is_one_statement(database: Database, queries) -> None:
    await a_shop(database)
    counts = Counts(database)
    async with database.transaction() as tx:
        topic = (await topics.present(tx))[0]
    queries.clear()
    for _ in range(10_000):
        counts.count("matched", topic)
        counts.count("unknown")
    await counts.write()
    await counts.write()
    assert len(queries) == 1
    assert await counted(database) == {("matched", topic.code): 10_000, ("unknown", None): 10_000}


async def test_what_cannot_be_written_stays_counted(database: Database) -> None:
    counts = Counts(database)
    counts.count("matched", 404)  # no such topic: as good as any failure
    counts.count("unknown")
    await counts.write()
    assert await counted(database) == {}
    assert counts._counted == Counter({("matched", 404): 1, ("unknown", None): 1})


async def test_days_are_told_apart_and_forgotten_after_more_than_a_year(database: Database, clock) -> None:
    counts = Counts(database)
    for _ in range(2):
        counts.count("unknown")
        await counts.write()
        await clock.advance(timedelta(days=1))
    await clock.advance(timedelta(days=399))
    async with database.transaction() as tx:
        await counting.sweep(tx)
        assert [row["number"] for row in await tx.all("select number from code_count")] == [1]
