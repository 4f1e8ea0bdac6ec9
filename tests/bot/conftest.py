"""A model's server, a shop whose answers the test decides, and what a customer is in the middle of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import msgspec
import pytest

from bench.stage import free_port
from mashang import routing
from mashang.bot.model import Model
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests.conftest import Clock
from tests.scripted_model import ScriptedModel
from tests.selling import client, demo_shop, rogue, serving
from tests.shops.counter import counter, rogue_counter, shops

from .network import ASKED, LOOKING_UP, SOURCE
from .talking import Talk, articles, stage, talk, writer

__all__ = [
    "articles",
    "client",
    "counter",
    "demo_shop",
    "model",
    "rogue",
    "rogue_counter",
    "scripted",
    "shops",
    "stage",
    "talk",
    "writer",
]


@pytest.fixture
async def scripted() -> AsyncIterator[ScriptedModel]:
    """A model's server that says what the test tells it to."""
    port = free_port()
    server = ScriptedModel(f"http://127.0.0.1:{port}/v1")
    async with serving(server, port):
        yield server


@pytest.fixture
async def model(database: Database, settings: Settings, scripted: ScriptedModel) -> AsyncIterator[Model]:
    """The product's side of it, permitted everything."""
    async with database.transaction() as tx:
        await tx.run("update language_model set tasks = '{rephrase,draft,propose}'")
    named = msgspec.structs.replace(
        settings, model_url=scripted.url, model_name="small", model_key="k-model-1", model_timeout=30.0
    )
    made = Model(named, database)
    yield made
    await made.close()


@pytest.fixture
async def network(talk: Talk) -> str:
    """A playbook that asks at once; the article whose place it takes."""
    return await talk.walks(ASKED, SOURCE)


@pytest.fixture
async def looking_up_first(talk: Talk) -> None:
    """A playbook that looks something up before it asks."""
    await talk.walks(ASKED, LOOKING_UP)


@pytest.fixture
def later(talk: Talk, database: Database, clock: Clock) -> Callable[..., Awaitable[None]]:
    """The customer closes it, and is back after so long."""

    async def back(after: timedelta = timedelta(days=10)) -> None:
        async with database.transaction() as tx:
            await routing.close(tx, talk.stage.customer, talk.id)
        await clock.advance(after)
        async with database.transaction() as tx:
            await routing.reopen(tx, talk.stage.customer, talk.id)

    return back
