"""The model is learnt anew when what is published changes, and every process answers with it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from bench.answer_cases import asked
from mashang.knowledge import apart, editing, reading, relearning, wording
from mashang.knowledge.article import ArticleDraft, Text
from mashang.knowledge.relearning import Relearner
from mashang.knowledge.serving import Knowledge

TITLES = ("申请退款", "开发票", "忘密码", "余额查询")


@pytest.fixture
def knowledge(database):
    return Knowledge(database)


@pytest.fixture
def relearner(database, clock):
    return Relearner(database)


async def published(database, title, phrasings=()):
    async with database.transaction() as tx:
        made = await editing.create(tx, None, ArticleDraft(texts={"zh-CN": Text(title, "看这里。")}))
        await wording.add(tx, None, made.public_id, "zh-CN", list(phrasings), source="written")
        return await editing.publish(tx, None, made.public_id, version=made.version)


@pytest.fixture
async def known(database):
    return {title: await published(database, title, asked("zh")[title][1:]) for title in TITLES}


async def first(knowledge, question):
    await knowledge.look()
    found = await knowledge.find(question, "zh-CN")
    return knowledge.articles[found.candidates[0].id].texts["zh-CN"].title if found.candidates else found.why


async def test_nothing_is_answered_before_anything_was_learnt(knowledge, known):
    found = await knowledge.find("怎么退款", "zh-CN")
    assert (found.candidates, found.band, found.why) == ((), "hand_over", "unlearned")


async def test_what_is_published_is_learnt_once(database, knowledge, relearner, known):
    assert await relearner.sweep()
    assert await first(knowledge, "我要退钱") == "申请退款"
    assert not await relearner.sweep()
    assert not await Relearner(database).sweep()


async def test_the_old_model_answers_until_the_new_one_is_there(database, knowledge, relearner, known):
    await relearner.sweep()
    await published(database, "注销账号", asked("zh")["注销账号"])
    assert await first(knowledge, "我要注销账号") != "注销账号"
    assert await relearner.sweep()
    assert await first(knowledge, "我要注销账号") == "注销账号"


async def test_an_article_that_was_withdrawn_is_not_found_even_by_the_old_model(database, knowledge, relearner, known):
    await relearner.sweep()
    gone = known["申请退款"]
    async with database.transaction() as tx:
        await editing.archive(tx, None, gone.public_id, version=gone.version)
    await knowledge.look()
    found = await knowledge.find("申请退款", "zh-CN")
    assert gone.public_id not in [one.id for one in found.candidates]
    assert found.band != "answer"


async def test_of_two_workers_one_learns(database, known, clock):
    learnt = await asyncio.gather(Relearner(database).sweep(), Relearner(database).sweep())
    assert sum(learnt) == 1


@pytest.mark.usefixtures("known")
async def test_while_one_worker_learns_another_does_not_read_everything_again_and_again(
    database, relearner, monkeypatch
):
    monkeypatch.setattr(reading, "written", None)
    async with database.connection() as learning:
        await learning.execute(relearning._LOCK)
        assert not await relearner.sweep()


@pytest.mark.usefixtures("known")
async def test_a_learner_that_fails_leaves_the_old_model_and_is_tried_again_a_minute_later(
    database, knowledge, relearner, clock, monkeypatch
):
    await relearner.sweep()
    await published(database, "注销账号", asked("zh")["注销账号"])
    with monkeypatch.context() as broken:
        broken.setattr(apart, "_command", lambda: [sys.executable, "-c", "raise SystemExit(3)"])
        assert not await relearner.sweep()
    assert await first(knowledge, "我要退钱") == "申请退款"
    assert not await relearner.sweep()
    await clock.advance(timedelta(minutes=2))
    assert await relearner.sweep()
    assert await first(knowledge, "我要注销账号") == "注销账号"


async def test_classifiers_serve_with_the_old_thresholds_until_they_are_calibrated(
    database, knowledge, relearner, known
):
    await relearner.sweep()
    await knowledge.look()
    before = knowledge._model.calibration
    async with database.transaction() as tx:
        await tx.run("update knowledge_model set learnt_from = learnt_from || 'newer', is_calibrated = false")
    await knowledge.look()
    assert knowledge._model.calibration is before
    # a worker that ended in between: the next one learns again
    assert await Relearner(database).sweep()


async def _niceness(monkeypatch, learning):
    """Of the learner, while it is there; more than ours: it gives way."""
    started = []

    class Started(subprocess.Popen):
        def __init__(self, *given, **named):
            super().__init__(*given, **named)
            started.append(self.pid)

    monkeypatch.setattr(subprocess, "Popen", Started)
    seen = [os.getpriority(os.PRIO_PROCESS, started[0]) async for _ in learning]
    return seen[-1] - os.getpriority(os.PRIO_PROCESS, 0)


async def test_a_learner_in_the_background_gives_way(monkeypatch):
    async def learning():
        async with apart.Learner(b"[]") as learner:
            async for said in learner.says():
                yield said

    assert await _niceness(monkeypatch, learning()) > 0


async def test_a_learner_that_somebody_waits_for_does_not(monkeypatch):
    async def learning():
        for said in apart.learnt_at_once([]):
            yield said

    assert await _niceness(monkeypatch, learning()) == 0


@pytest.mark.usefixtures("known")
async def test_what_was_learnt_was_examined(database, relearner):
    await relearner.sweep()
    async with database.transaction() as tx:
        found, _ = await relearning.examination(tx)
    assert (found.answers, found.phrasings) == (4, sum(len(asked("zh")[title]) - 1 for title in TITLES))


@pytest.mark.usefixtures("known")
async def test_a_worker_that_ended_before_the_examination_leaves_it_to_the_next(database, relearner):
    await relearner.sweep()
    async with database.transaction() as tx:
        await tx.run("update knowledge_model set examination = null")
    assert await Relearner(database).sweep()
    assert not await Relearner(database).sweep()
