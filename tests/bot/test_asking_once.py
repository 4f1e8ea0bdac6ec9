"""However many processes serve, one of them asks the model for a turn; when it dies, the turn goes on without."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from mashang.bot import turn
from mashang.bot.model import Model
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests.conftest import Clock
from tests.scripted_model import ScriptedModel

from .talking import Talk
from .test_rephrasing import LATE, OWN, WORDED, patient, under_way

__all__ = ["patient"]

DAY = "select asked::text || ' asked, ' || tokens || ' tokens' from language_model_day"


class Process:
    """One that serves: a pool and a model's client of its own."""

    def __init__(self, talk: Talk, database: Database, settings: Settings) -> None:
        self.talk, self.database, self.model = talk, database, Model(settings, database)

    async def turn(self) -> bool:
        return await turn.take(self.database, self.talk.finder, self.model, self.talk.id)


@pytest.fixture
async def processes(talk: Talk, dsn: str, model: Model) -> AsyncIterator[list[Process]]:
    pools = [await Database.connect(dsn, pool_size=4) for _ in range(2)]
    made = [Process(talk, pool, model._settings) for pool in pools]
    yield made
    for one in made:
        await one.model.close()
        await one.database.close()


@pytest.fixture
async def question(talk: Talk, articles: dict[str, str], scripted: ScriptedModel) -> None:
    """The customer asked something whose answer a model words."""
    talk.finder.answers(LATE, articles["recharge-late"])
    scripted.says({"text": WORDED, "cites": [articles["recharge-late"]]}, tokens=50)
    await talk.begin(LATE)


@pytest.mark.usefixtures("question")
async def test_of_processes_that_look_at_once_one_asks_and_the_budget_is_spent_once(
    talk: Talk, processes: list[Process], scripted: ScriptedModel
) -> None:
    await asyncio.gather(*(one.turn() for one in processes * 3))
    assert [one.text for one in await talk.said()][-1] == WORDED
    assert len(scripted.asked) == 1
    assert await talk.value(DAY) == "1 asked, 50 tokens"
    assert not await processes[0].turn()


@pytest.mark.usefixtures("question")
async def test_when_the_process_that_asked_dies_the_turn_goes_on_without_the_model_after_its_time(
    talk: Talk, processes: list[Process], scripted: ScriptedModel, clock: Clock, articles: dict[str, str]
) -> None:
    scripted.is_stuck = True
    first, second = processes
    async with under_way(first.turn()):  # and cancelled: nothing of it is given back
        await scripted.was_asked(1)
        assert not await second.turn()
    assert not await second.turn()
    assert len(await talk.said()) == 1  # what it is
    await clock.advance(first.model.patience)
    assert await second.turn()
    assert (await talk.last())[0] == OWN
    assert len(scripted.asked) == 1
    scripted.says({"text": WORDED, "cites": []})
    talk.finder.answers("卡密没收到", articles["card-lost"])
    await talk.receive("卡密没收到")
    assert await second.turn()  # and the next question may ask it again
    assert len(scripted.asked) == 2


@pytest.mark.usefixtures("question")
async def test_what_needs_no_model_is_answered_by_another_while_one_asks_it(
    talk: Talk, processes: list[Process], scripted: ScriptedModel
) -> None:
    scripted.is_stuck = True
    first, second = processes
    async with under_way(first.turn()):
        await scripted.was_asked(1)
        await talk.receive("转人工")
        assert await second.turn()
        assert await talk.status() == "waiting"


@pytest.mark.usefixtures("question")
async def test_a_turn_that_is_no_more_as_it_was_gives_the_model_back(
    talk: Talk, processes: list[Process], scripted: ScriptedModel, database: Database
) -> None:
    scripted.held = asyncio.Event()
    async with under_way(processes[0].turn()) as asking:
        await scripted.was_asked(1)
        async with database.transaction() as tx:  # a playbook went on meanwhile
            await tx.run("update assistance set answers_first = not answers_first")
        scripted.held.set()
        await asking
    assert await talk.value("select asked_until from assistance where conversation_id = %(id)s") is None


@pytest.mark.usefixtures("question")
async def test_two_questions_of_one_customer_are_worded_one_after_the_other(
    talk: Talk, articles: dict[str, str], patient: Model, scripted: ScriptedModel
) -> None:
    talk.model, again = patient, "充值还是没有到"
    talk.finder.answers(f"{LATE}\n{again}", articles["card-lost"])
    attending = talk.attending()
    async with under_way(attending.run()):
        attending.heard([talk.id])
        await scripted.was_asked(1)
        await talk.receive(again)
        async with asyncio.timeout(20):  # a fault must not hang the suite
            await attending.attend([talk.id])
        assert len(scripted.asked) == 1
        assert attending._put_off == {talk.id}  # for the end of the first, not for the sweep
