"""Asked at night and not known, answered by an agent in the morning, written with one press: known the next night."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench.answer_cases import asked
from mashang import routing
from mashang.conversations import timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.insights import gaps
from mashang.insights.gaps import Filling
from mashang.kit.db import Database
from mashang.knowledge import editing, reading, wording
from mashang.knowledge.article import ArticleDraft, Text
from mashang.knowledge.relearning import Relearner
from mashang.knowledge.serving import Knowledge
from tests.conftest import Clock

from .talking import Talk

TITLES = ("申请退款", "开发票", "忘密码", "余额查询")
OVERSEAS = ("海外手机号能充话费吗", "国外的手机号可以充话费不", "日本的手机卡能不能充话费")
ANSWER = "海外手机号暂时不支持充值，请用国内的手机号下单。"


@pytest.fixture
async def known(database: Database) -> None:
    """Four articles, asked for in many ways."""
    async with database.transaction() as tx:
        for title in TITLES:
            made = await editing.create(tx, None, ArticleDraft(texts={"zh-CN": Text(title, f"{title}：看这里。")}))
            await wording.add(tx, None, made.public_id, "zh-CN", list(asked("zh")[title]), source="written")
            await editing.publish(tx, None, made.public_id, version=made.version)


async def learnt(talk: Talk, clock: Clock) -> None:
    """A while later the finder is as new as the knowledge."""
    await clock.advance(timedelta(minutes=1))
    await Relearner(talk.database).sweep()
    knowledge = Knowledge(talk.database)
    await knowledge.look()
    talk.finder = knowledge  # type: ignore[assignment]  # the product's own


@pytest.mark.usefixtures("known")
async def test_a_gap_becomes_an_article_that_answers_next_time(talk: Talk, clock: Clock) -> None:
    await learnt(talk, clock)
    for question in OVERSEAS:
        await talk.open(question)
        await talk.say("转人工")
        assert await talk.status() == "waiting"
        await reply(talk, ANSWER)
    await gaps.sweep(talk.database)
    async with talk.database.transaction() as tx:
        found = await gaps.open_gaps(tx)
    gap = next(gap for gap in found if gap.questions[0].words in OVERSEAS)
    asked_for = [one.words for one in gap.questions]
    assert set(asked_for) == set(OVERSEAS)
    assert {one.answer for one in gap.questions} == {ANSWER}
    async with talk.database.transaction() as tx:
        filled = await gaps.fill(tx, talk.stage.agent, gap.id, Filling(asked_for))
        made = await reading.find(tx, filled.article)
        await wording.add(tx, None, made.public_id, "zh-CN", ["海外号码怎么充话费", "境外手机号充话费支持吗"])
        await editing.publish(tx, talk.stage.agent, made.public_id, version=made.version)
    await learnt(talk, clock)
    await talk.open("请问海外手机号可以充话费吗")
    text, part = await talk.last()
    offered = [option["id"] for option in part.get("options", [])]
    assert text == ANSWER or f"article:{made.public_id}" in offered
    if text != ANSWER:
        await talk.press(f"article:{made.public_id}")
        assert (await talk.last())[0] == ANSWER


async def reply(talk: Talk, text: str) -> None:
    """An agent takes it, answers and ends it."""
    agent = talk.stage.agent
    async with talk.database.transaction() as tx:
        await routing.take(tx, agent, talk.id)
        author = Author("agent", agent.public_id, agent.name)
        entry = NewEntry(conversation_id=talk.id, author=author, author_id=agent.id, text=text)
        await timeline.append(tx, entry)
        await routing.close(tx, agent, talk.id)
