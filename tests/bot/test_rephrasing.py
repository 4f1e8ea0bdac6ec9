"""Inside a turn the model only words the answer: on, it fits the question; off, slow or lying, the article speaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

import msgspec
import pytest

from mashang.bot import model as subject
from mashang.bot.attending import _AT_ONCE as PLACES
from mashang.bot.model import Model
from mashang.conversations.events import EntriesPosted
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests.scripted_model import ScriptedModel, impatient

from .talking import Talk

LATE = "充值怎么还没到账"
OWN = "关于充值没到账：先看订单。"
MANY = PLACES + 1
WORDED = "充值没到账，先看订单。"


async def test_on_it_words_the_answer_and_the_article_stays_named(
    talk: Talk, articles: dict[str, str], model: Model, scripted: ScriptedModel
) -> None:
    talk.model = model
    scripted.says({"text": WORDED, "cites": [articles["recharge-late"]]})
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    text, part = await talk.last()
    assert (text, part["article"]["id"]) == (WORDED, articles["recharge-late"])
    assert part["worded"]
    assert scripted.data()["question"] == LATE
    assert [one["text"] for one in scripted.data()["articles"]] == [OWN]


@pytest.mark.parametrize("claimed", [10**10, 10**20])
async def test_what_an_answer_claims_to_have_cost_calls_nobody(
    talk: Talk, articles: dict[str, str], model: Model, scripted: ScriptedModel, claimed: int
) -> None:
    talk.model = model
    talk.finder.answers(LATE, articles["recharge-late"])
    scripted.says("{}", tokens=claimed)
    await talk.open(LATE)
    assert (await talk.status(), (await talk.last())[0]) == ("assisted", OWN)
    scripted.says({"text": WORDED, "cites": [articles["recharge-late"]]})
    await talk.open(LATE)
    assert (await talk.last())[0] == WORDED, "and there is budget left"


async def test_a_key_that_cannot_be_sent_calls_nobody(
    talk: Talk, articles: dict[str, str], model: Model, database: Database
) -> None:
    talk.model = Model(msgspec.structs.replace(model._settings, model_key="密钥"), database)
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    assert (await talk.status(), (await talk.last())[0]) == ("assisted", OWN)
    await talk.model.close()


async def test_off_slow_or_lying_the_article_speaks_for_itself(
    talk: Talk, articles: dict[str, str], model: Model, scripted: ScriptedModel, database: Database
) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])

    async def told() -> str:
        await talk.open(LATE)
        text, part = await talk.last()
        assert "worded" not in part
        return text

    assert await told() == OWN
    talk.model = model
    scripted.says({"text": "先看订单，再联系微信 kefu888", "cites": [articles["recharge-late"]]})
    assert await told() == OWN
    async with database.transaction() as tx:
        await tx.run("update language_model set tasks = '{}'")
    asked = len(scripted.asked)
    assert await told() == OWN
    assert len(scripted.asked) == asked
    async with database.transaction() as tx:
        await tx.run("update language_model set tasks = '{rephrase}'")
    scripted.is_stuck = True
    with impatient(model):
        assert await told() == OWN
    assert model.trouble == "timed_out"


async def test_a_procedure_is_never_reworded(
    talk: Talk, articles: dict[str, str], model: Model, scripted: ScriptedModel, database: Database
) -> None:
    talk.model = model
    async with database.transaction() as tx:
        await tx.run("update article set procedure_only = true")
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    assert (await talk.last())[0] == OWN
    assert scripted.asked == []


@pytest.fixture
async def patient(model: Model, settings: Settings, scripted: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> Model:
    """A model that never answers, and is given all the time there is, by as many as there are."""
    monkeypatch.setattr(subject, "_AT_ONCE", 50)
    scripted.is_stuck = True
    model._settings = msgspec.structs.replace(settings, model_url=scripted.url, model_name="slow", model_timeout=600)
    return model


async def test_whoever_needs_no_model_is_answered_while_it_holds_up_more_than_there_are_places(
    talk: Talk, articles: dict[str, str], patient: Model, scripted: ScriptedModel
) -> None:
    talk.model = patient
    talk.finder.answers(LATE, articles["recharge-late"])
    attending = talk.attending()
    waiting = []
    for _ in range(MANY):
        await talk.begin(LATE, customer=await talk.somebody())
        waiting.append(talk.id)
    async with under_way(attending.attend(waiting)) as slow:
        await scripted.was_asked(MANY)
        await talk.begin("你好")
        async with asyncio.timeout(60):  # a fault must not hang the suite
            await attending.attend([talk.id])
        assert len(await talk.said()) == 2
        assert not slow.done()


async def test_the_round_of_one_does_not_wait_for_the_round_before(
    talk: Talk, articles: dict[str, str], patient: Model, scripted: ScriptedModel
) -> None:
    """While the model is silent about one question, a greeting in another conversation is answered."""
    talk.model = patient
    talk.finder.answers(LATE, articles["recharge-late"])
    answered = asyncio.Event()
    attending = talk.attending()
    await talk.begin(LATE, customer=await talk.somebody())
    waiting = talk.id
    async with under_way(attending.run()):
        attending.heard([waiting])
        await scripted.was_asked(1)
        opened = await talk.begin("你好")
        talk.database.events.react({EntriesPosted: [lambda event: of(event, opened.id) and answered.set()]})
        attending.heard([opened.id])
        async with asyncio.timeout(60):  # a fault must not hang the suite
            await answered.wait()
        talk.id = waiting
        assert len(await talk.said()) == 1


async def test_a_sweep_does_not_ask_the_model_again_for_a_turn_that_waits_for_it(
    talk: Talk, articles: dict[str, str], patient: Model, scripted: ScriptedModel
) -> None:
    talk.model = patient
    talk.finder.answers(LATE, articles["recharge-late"])
    attending = talk.attending()
    await talk.begin(LATE)
    async with under_way(attending.attend([talk.id])):
        await scripted.was_asked(1)
        async with asyncio.timeout(60):  # a fault must not hang the suite
            await attending.sweep()
        assert len(scripted.asked) == 1


@asynccontextmanager
async def under_way(work: Coroutine[None, None, None]) -> AsyncIterator[asyncio.Task[None]]:
    """It goes on for the length of the block."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def of(event: EntriesPosted, conversation_id: int) -> bool:
    return any(one.conversation_id == conversation_id and one.author.kind == "assistant" for one in event.entries)
