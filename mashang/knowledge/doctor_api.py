"""What the knowledge doctor found, over HTTP, for whoever edits the knowledge."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency

from mashang.kit.db import Database
from mashang.kit.edge import refusals
from mashang.kit.errors import NotAllowed, NotSignedIn
from mashang.knowledge import features, reading, relearning, wording
from mashang.knowledge.doctoring import Examination, Strayed
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.serving import Knowledge
from mashang.knowledge.wording import Phrasing
from mashang.staff import Agent, assistant
from mashang.staff.permissions import require


class Examined(msgspec.Struct, kw_only=True):
    """The findings and the articles they are about; None: nothing was examined yet."""

    found: Examination | None
    examined_at: datetime | None
    titles: dict[str, dict[Locale, str]]


class Silence(msgspec.Struct):
    """Why the assistant answers nothing by itself with the certainty that is asked of it; empty: it does.

    `contradicts`: what is known; `few`: phrasings; `unlearned`: nothing was learnt yet.  `is_on`: it is there at all.
    """

    why: Literal["", "contradicts", "few", "unlearned"]
    is_on: bool


@get("/silence", responses=refusals(NotSignedIn))
async def show_silence(
    db: NamedDependency[Database],
    knowledge: NamedDependency[Knowledge],
    agent: NamedDependency[Agent],  # noqa: ARG001 — only the staff
) -> Silence:
    """Whether the assistant can answer by itself with what is known, and why not."""
    async with db.transaction() as tx:
        settings = await assistant.settings(tx)
    return Silence(await knowledge.silent(settings.target_precision), settings.is_on)


@get("/doctor", responses=refusals(NotSignedIn, NotAllowed))
async def show_knowledge_examination(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Examined:
    """Answers taken for each other, answers that are hardly asked for, and how well questions find theirs."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        last = await relearning.examination(tx)
        if last is None:
            return Examined(found=None, examined_at=None, titles={})
        titles = await reading.titles(tx, _named(last[0]))
        found = _of_these(last[0], set(titles))
        phrasings = await wording.counted(tx, list({one.answer for pair in found.pairs for one in pair.examples}))
    return Examined(found=_with_phrasings(found, phrasings), examined_at=last[1], titles=titles)


def _named(found: Examination) -> list[str]:
    pairs = (article for pair in found.pairs for article in (pair.one, pair.other))
    return list({*pairs, *(held.answer for held in [*found.thin, *found.weakest])})


def _of_these(found: Examination, there: set[str]) -> Examination:
    """Without what was withdrawn since."""
    return msgspec.structs.replace(
        found,
        pairs=[pair for pair in found.pairs if {pair.one, pair.other} <= there],
        thin=[held for held in found.thin if held.answer in there],
        weakest=[held for held in found.weakest if held.answer in there],
    )


def _with_phrasings(found: Examination, phrasings: list[tuple[str, Phrasing]]) -> Examination:
    """The examples as they were written, without what was moved or taken out since."""
    there = {(article, features.plain(one.text)): one for article, one in phrasings}

    def standing(examples: list[Strayed]) -> list[Strayed]:
        found = [(one.answer, there.get((one.answer, one.text))) for one in examples]
        return [Strayed(answer, one.text, one.id) for answer, one in found if one]

    pairs = [msgspec.structs.replace(pair, examples=standing(pair.examples)) for pair in found.pairs]
    return msgspec.structs.replace(found, pairs=pairs)


ROUTES = [show_knowledge_examination, show_silence]
