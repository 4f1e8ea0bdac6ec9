"""What was searched in vain and what did not help stands among the gaps, each visitor once, and at the article."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mashang.channels.help import counting
from mashang.channels.help.counting import HelpCounts
from mashang.insights import gaps, votes
from mashang.insights.gaps import Filling, Gap, Wrong
from mashang.kit.db import Database
from mashang.kit.errors import NotFound
from mashang.kit.sealing import Sealer
from mashang.knowledge import editing, reading, wording
from mashang.knowledge.article import Article, ArticleDraft, Text
from tests import scene
from tests.conftest import Clock
from tests.insights.test_gaps import missed
from tests.scene import Scene

SEALER = Sealer(b"k" * 32)


@pytest.fixture
async def stage(database: Database) -> Scene:
    async with database.transaction() as tx:
        return await scene.build(tx)


@pytest.fixture
async def article(database: Database) -> Article:
    """One that everybody may read."""
    async with database.transaction() as tx:
        made = await editing.create(tx, None, ArticleDraft(texts={"zh-CN": Text("怎么申请退款", "在订单里点。")}))
        return await editing.publish(tx, None, made.public_id, version=made.version)


async def searched(database: Database, *said: str, by: str = "198.51.100.7") -> None:
    counts = HelpCounts(database, SEALER)
    for words in said:
        counts.missed(words, "zh-CN", by)
    await counts.write()


async def voted(database: Database, article: Article, *, helpful: bool, by: str = "198.51.100.7", **told: Any) -> None:
    async with database.transaction() as tx:
        read = await reading.by_id(tx, article.public_id)
        assert read
        await counting.vote(tx, SEALER, read, side=by, locale="zh-CN", helpful=helpful, **told)


async def found(database: Database) -> list[Gap]:
    await gaps.sweep(database)
    async with database.transaction() as tx:
        return (await gaps.gathered(tx)).gaps


async def test_searches_in_vain_join_the_like_questions_of_conversations(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗", answer="海外号码暂时不支持，请用国内手机号下单。")
    await searched(database, "海外手机号 充话费")
    await searched(database, "海外手机号 充话费", by="198.51.100.8")
    await searched(database, "x", "••••", "怎么养猫")
    many, cat = await found(database)
    assert many.n == 3
    assert [(one.source, one.words, one.n) for one in cat.questions] == [("help_search", "怎么养猫", 1)]
    told = {one.source: (one.words, one.n, one.conversation is None, one.answer) for one in many.questions}
    assert told == {
        "conversation": ("海外手机号能充话费吗", 1, False, "海外号码暂时不支持，请用国内手机号下单。"),
        "help_search": ("海外手机号 充话费", 2, True, None),
    }
    assert await found(database) == [many, cat]  # once


async def test_a_flood_from_one_visitor_counts_once(database: Database, clock: Clock) -> None:
    await searched(
        database, "海外手机号怎么充值", "海外手机号怎么充值呀", "海外的手机号怎么充值", "海外手机号怎么充值啊"
    )
    (gap,) = await found(database)
    assert (gap.n, len(gap.questions)) == (1, 4)
    await clock.advance(timedelta(days=1))
    await searched(database, "海外手机号怎么充值")
    assert [gap.n for gap in await found(database)] == [2]  # came again


async def test_an_article_that_did_not_help_stands_there_with_what_was_wanted(
    database: Database, article: Article
) -> None:
    await voted(database, article, helpful=False, words="退到哪里")
    await voted(database, article, helpful=False, by="198.51.100.8")
    await voted(database, article, helpful=True, by="198.51.100.9", words="退到哪里")
    listed = {gap.questions[0].words: gap for gap in await found(database)}
    assert set(listed) == {"退到哪里", "怎么申请退款"}
    for gap in listed.values():
        assert (gap.n, gap.wrong, gap.questions[0].source) == (1, 1, "help_vote")
        assert gap.questions[0].wrong == Wrong(article.public_id, "怎么申请退款")
    await voted(database, article, helpful=True, by="198.51.100.8")
    assert [gap.questions[0].words for gap in await found(database)] == ["退到哪里"]


async def test_what_was_searched_becomes_a_phrasing_of_the_new_draft(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        await missed(tx, stage, "海外手机号能充话费吗", answer="海外号码暂时不支持，请用国内手机号下单。")
        await missed(tx, stage, "海外手机号充话费", answer="海外号码暂时不支持，请用国内手机号下单。")
    await searched(database, "海外手机号充话费", "海外手机号充话费吗")
    (gap,) = await found(database)
    async with database.transaction() as tx:
        made = await gaps.fill(tx, stage.agent, gap.id, Filling([one.words for one in gap.questions]))
        draft = await reading.find(tx, made.article)
        sources = {one.text: one.source for one in await wording.of(tx, draft)}
    assert draft.texts["zh-CN"].body == "海外号码暂时不支持，请用国内手机号下单。"
    assert sources == {
        "海外手机号能充话费吗": "conversation",
        "海外手机号充话费": "conversation",
        "海外手机号充话费吗": "written",
    }
    assert await found(database) == []
    await searched(database, "海外手机号充话费吗", by="198.51.100.8")
    (again,) = await found(database)
    assert again.id != gap.id  # the filling did not do


async def test_an_article_s_page_shows_how_it_does(database: Database, article: Article) -> None:
    counts = HelpCounts(database, SEALER)
    async with database.transaction() as tx:
        read = await reading.by_id(tx, article.public_id)
    assert read
    for _ in range(3):
        counts.read(read)
    await counts.write()
    await voted(database, article, helpful=True)
    await voted(database, article, helpful=False, by="198.51.100.8", words="退到哪里")
    async with database.transaction() as tx:
        facts = {"texts": {"zh-CN": Text("怎么申请退款", "退到付款的账户。")}}
        edited = await editing.edit(tx, None, article.public_id, ArticleDraft(**facts), version=article.version)
        await editing.publish(tx, None, article.public_id, version=edited.version)
    await voted(database, article, helpful=False, by="198.51.100.9")
    async with database.transaction() as tx:
        seen = await votes.of(tx, article.public_id)
        assert (seen.reads, seen.helpful, seen.unhelpful, seen.unhelpful_now) == (3, 1, 2, 1)
        assert seen.wanted == ["退到哪里"]
        with pytest.raises(NotFound):
            await votes.of(tx, "nothere")


async def test_the_help_centre_s_counts_are_forgotten_as_long_as_everything_of_it(
    database: Database, article: Article, clock: Clock
) -> None:
    await searched(database, "怎么养猫")
    await voted(database, article, helpful=False)
    assert len(await found(database)) == 2
    await clock.advance(timedelta(days=401))
    async with database.transaction() as tx:
        await counting.sweep(tx)
    assert await found(database) == []
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from gap_question") == 0
