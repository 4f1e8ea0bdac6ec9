"""What the language model may be asked for and how much a day, for operators; and whether it answers.

Where it stands and its key are in the server's settings and never told; here is only the host's name.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang.bot.model import Model, Task
from mashang.bot.rephrasing import Source, rephrase
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotSignedIn
from mashang.kit.i18n import sentence
from mashang.kit.settings import Settings
from mashang.staff import audit
from mashang.staff.agents import Agent
from mashang.staff.installation import TODAY
from mashang.staff.permissions import require


class ModelDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it may be asked for, and at most how many tokens a day."""

    tasks: Annotated[list[Task], Meta(max_length=4)]
    tokens_a_day: Annotated[int, Meta(ge=0, le=100_000_000)]


class ModelDay(msgspec.Struct, frozen=True):
    """What it cost on one day; `refused`: answered, but not what the sources say."""

    day: date
    tokens: int
    asked: int
    failed: int
    refused: int


class ModelView(msgspec.Struct, frozen=True):
    """How the model stands; `host` is None where none is named in the settings, `days` are the last seven with use."""

    host: str | None
    model: str
    tasks: list[Task]
    tokens_a_day: int
    days: list[ModelDay]


class ModelTest(msgspec.Struct, frozen=True):
    """Whether it worded a small answer from a source as it must; `text` is that answer, `detail` what went wrong."""

    ok: bool
    text: str
    detail: str


_READS = refusals(NotSignedIn, NotAllowed)


@get("/language-model", responses=_READS)
async def show_language_model(
    db: NamedDependency[Database], settings: NamedDependency[Settings], agent: NamedDependency[Agent]
) -> ModelView:
    """How the language model stands."""
    require(agent, "sites.read")
    async with db.transaction() as tx:
        return await _view(tx, settings)


@put("/language-model", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def put_language_model(
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    data: JSONBody[ModelDraft],
) -> ModelView:
    """Set what the language model may be asked for."""
    require(agent, "sites.edit")
    wanted = {"tasks": sorted(set(data.tasks)), "tokens_a_day": data.tokens_a_day}
    async with db.transaction() as tx:
        before = await tx.one("select tasks, tokens_a_day from language_model for update")
        if (sorted(before["tasks"]), before["tokens_a_day"]) != (wanted["tasks"], wanted["tokens_a_day"]):
            await tx.run("update language_model set tasks = %(tasks)s, tokens_a_day = %(tokens_a_day)s", wanted)
            await audit.record(tx, agent, "language_model.set", "installation", before=before, after=wanted)
        return await _view(tx, settings)


@post("/language-model/test", status_code=200, responses=_READS)
async def try_language_model(
    request: Asking, *, model: NamedDependency[Model], agent: NamedDependency[Agent]
) -> ModelTest:
    """Let it word one small answer, which counts against the day's budget."""
    require(agent, "sites.edit")
    locale = locale_of(request)
    source = Source("1", sentence("model.test.title", locale), sentence("model.test.text", locale))
    worded = await rephrase(model, sentence("model.test.question", locale), [source], locale, trial=True)
    reason = model.trouble or "busy"
    return ModelTest(bool(worded), worded.text if worded else "", "" if worded else _trouble(reason, locale))


def _trouble(reason: str, locale: str) -> str:
    kind = "status" if reason.startswith("http_") else reason
    return sentence(f"model.trouble.{kind}", locale, status=reason.removeprefix("http_"))


async def _view(tx: Tx, settings: Settings) -> ModelView:
    row = await tx.one("select tasks, tokens_a_day from language_model")
    days = await tx.all(
        f"select day, tokens, asked, failed, refused from language_model_day where day > {TODAY} - 7 order by day desc",
        into=ModelDay,
    )
    host = urlsplit(settings.model_url).hostname if settings.model_url else None
    return ModelView(host, settings.model_name, sorted(row["tasks"]), row["tokens_a_day"], days)


ROUTES = [show_language_model, put_language_model, try_language_model]
