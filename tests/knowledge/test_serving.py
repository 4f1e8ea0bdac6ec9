"""What is found is what is published and valid now, a second later at most."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mashang.kit import clock as product_clock
from mashang.knowledge import editing, reading, relearning, starting, wording
from mashang.knowledge.article import ArticleDraft, Text
from mashang.knowledge.indexing import Index
from mashang.knowledge.serving import Knowledge
from tests.patience import until


@pytest.fixture
def knowledge(database):
    return Knowledge(database)


async def written(database, title, body="看**订单**。", **facts):
    async with database.transaction() as tx:
        return await editing.create(tx, None, ArticleDraft(texts={"zh-CN": Text(title, body)}, **facts))


async def published(database, title, **facts):
    made = await written(database, title, **facts)
    async with database.transaction() as tx:
        return await editing.publish(tx, None, made.public_id, version=made.version)


async def found(knowledge, query):
    await knowledge.look()
    return [hit.title.text for hit in await knowledge.search(query, "zh-CN", 5)]


async def test_the_first_search_waits_for_the_first_look(database, knowledge):
    await published(database, "充值没到账")
    assert [hit.title.text for hit in await knowledge.search("chongzhi", "zh-CN", 5)] == ["充值没到账"]


async def test_drafts_and_archived_articles_are_not_found(database, knowledge):
    made = await written(database, "充值没到账")
    assert await found(knowledge, "充值") == []
    async with database.transaction() as tx:
        made = await editing.publish(tx, None, made.public_id, version=made.version)
    assert await found(knowledge, "充值") == ["充值没到账"]
    async with database.transaction() as tx:
        await editing.archive(tx, None, made.public_id, version=made.version)
    assert await found(knowledge, "充值") == []


async def test_an_article_comes_and_goes_with_its_time_without_a_change(database, knowledge, clock):
    now = product_clock.now()
    await published(database, "春节充值", valid_from=now + timedelta(days=1), valid_until=now + timedelta(days=3))
    assert await found(knowledge, "充值") == []
    await clock.advance(timedelta(days=2))
    assert await found(knowledge, "充值") == ["春节充值"]
    await clock.advance(timedelta(days=2))
    assert await found(knowledge, "充值") == []


async def test_a_new_phrasing_and_a_new_text_are_found(database, knowledge):
    made = await published(database, "充值没到账")
    assert await found(knowledge, "钻石呢") == []
    async with database.transaction() as tx:
        await wording.add(tx, None, made.public_id, "zh-CN", ["我的钻石呢"], source="written")
    assert await found(knowledge, "钻石呢") == ["充值没到账"]


async def test_only_what_changed_is_read_again_and_all_of_it_is_as_if_read_anew(database, knowledge, monkeypatch):
    made = [await published(database, title) for title in ("充值没到账", "怎么退款", "开发票")]
    await knowledge.look()
    asked, real = [], reading.published

    async def counted(tx, only=None):
        asked.append(only)
        return await real(tx, only)

    monkeypatch.setattr(reading, "published", counted)
    async with database.transaction() as tx:
        first = await editing.edit(
            tx, None, made[0].public_id, ArticleDraft(key=made[0].key, texts={"zh-CN": Text("点券没来", "等等。")}),
            version=made[0].version,
        )  # fmt: skip
        await editing.publish(tx, None, first.public_id, version=first.version)
        await wording.add(tx, None, made[2].public_id, "zh-CN", ["抬头怎么填"], source="written")
        await editing.archive(tx, None, made[1].public_id, version=made[1].version)
    await written(database, "草稿")
    assert await found(knowledge, "点券") == ["点券没来"]
    assert asked == [[made[0].public_id, made[2].public_id]]
    assert await found(knowledge, "抬头") == ["开发票"]
    assert await found(knowledge, "充值") == await found(knowledge, "退款") == []
    assert len(asked) == 1
    anew = Knowledge(database)
    await anew.look()
    assert list(knowledge.articles.items()) == list(anew.articles.items())


async def test_answers_whose_codes_went_are_read_anew_though_nobody_wrote_a_version(database, knowledge):
    async with database.transaction() as tx:
        await starting.load(tx, None, {"KM", "DD"})
    await knowledge.look()
    assert "**DD**" in str(knowledge.articles)
    async with database.transaction() as tx:
        before = await reading.learnable(tx)
        await starting.follow(tx, {"KM"})
        assert await reading.learnable(tx) != before
    await knowledge.look()
    assert "**DD**" not in str(knowledge.articles)
    assert "**KM**" in str(knowledge.articles)


async def test_what_stands_beside_an_article_is_looked_for_once_until_something_changes(
    database, knowledge, monkeypatch
):
    made = [await published(database, title) for title in ("充值没到账", "充值多久到账", "开发票", "充值没到账怎么办")]
    await knowledge.look()
    one = knowledge.articles[made[0].public_id]
    near = await knowledge.beside(one, "zh-CN", 3)
    assert set(near[:2]) == {made[1].public_id, made[3].public_id}
    assert made[2].public_id in near, "what its category has follows"
    with monkeypatch.context() as nothing_found:
        nothing_found.setattr(Index, "search", None)
        assert await knowledge.beside(one, "zh-CN", 3) == near
    async with database.transaction() as tx:
        await editing.archive(tx, None, made[1].public_id, version=made[1].version)
    await knowledge.look()
    assert made[1].public_id not in await knowledge.beside(one, "zh-CN", 3)


async def test_a_kick_is_heard_at_once_and_a_change_nobody_told_of_soon_after(database, knowledge):
    async def are_found(number: int) -> bool:
        return len(await knowledge.search("充值", "zh-CN", 5)) == number

    running = asyncio.ensure_future(knowledge.run())
    try:
        await published(database, "充值没到账")
        await until(lambda: are_found(1), "a change nobody told of")
        await published(database, "充值多久到账")
        knowledge.kick()
        await until(lambda: are_found(2), "what was told of by a kick")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_marks_of_markdown_are_not_searched(database, knowledge):
    await published(database, "规则")
    await knowledge.look()
    assert [one.texts["zh-CN"].body for one in knowledge.articles.values()] == ["看**订单**。"]
    assert (await knowledge.search("看订单", "zh-CN", 1))[0].excerpt.text == "看订单。"


async def test_a_model_that_cannot_be_read_stops_nothing_and_is_learnt_anew_at_once(database, knowledge, clock):
    await published(database, "充值没到账")
    relearner = relearning.Relearner(database)
    assert await relearner.sweep()
    async with database.transaction() as tx:
        await tx.run("update knowledge_model set model = 'broken', learnt_at = app_now()")
    assert not await relearner.sweep()
    assert await found(knowledge, "充值") == ["充值没到账"]
    assert (await knowledge.find("充值没到账", "zh-CN")).why == "unlearned"
    assert await relearner.sweep(), "nothing changed, and yet there is something to be learnt"
    await knowledge.look()
    assert (await knowledge.find("充值没到账", "zh-CN")).candidates
    async with database.transaction() as tx:
        await tx.run("update knowledge_model set model = 'broken', learnt_at = app_now()")
    await knowledge.look()
    assert (await knowledge.find("充值没到账", "zh-CN")).candidates, "the one before goes on answering"
    assert not await relearner.sweep(), "not again and again"
    await clock.advance(timedelta(minutes=2))
    assert await relearner.sweep()


async def test_a_model_of_another_release_is_left_alone_by_who_serves_and_learnt_anew(database, knowledge, queries):
    await published(database, "充值没到账")
    assert await relearning.Relearner(database).sweep()
    await knowledge.look()
    async with database.transaction() as tx:
        await tx.run("update knowledge_model set learnt_from = '99:x', model = 'other'")
    queries.clear()
    await knowledge.look()
    assert not [said for said in queries.said if "select model" in said]  # megabytes, to be thrown away
    async with database.transaction() as tx:
        assert await tx.value("select model from knowledge_model") == b"other"
    assert await relearning.Relearner(database).sweep()
    await knowledge.look()
    assert (await knowledge.find("充值没到账", "zh-CN")).candidates
