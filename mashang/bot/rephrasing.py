"""An answer in words that fit the question, made of the found articles and naming them.

Whatever the model writes is shown only when it says nothing its articles do not say (`grounding`); otherwise, and
whenever there is no model, the article's own words stand.

Does not: choose the article (`knowledge`) or decide whether to answer (`deciding`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from mashang.bot import grounding
from mashang.bot.model import Model, Task

LONGEST = 600  # tokens of an answer
_WANTED = (
    "Answer `question` in the language of `locale`, kindly and as short as can be, from `articles` alone, keeping their"
    ' words where you can. Return {"text": "…", "cites": ["article id"]}.'
)


class Source(msgspec.Struct, frozen=True):
    """An article in one language, as plain text."""

    id: str
    title: str
    text: str


class Worded(msgspec.Struct, frozen=True):
    """A text and the articles it is made of, by public id."""

    text: str
    cites: list[str]


class _Answer(msgspec.Struct):
    text: str = ""
    cites: list[str] = []


async def rephrase(
    model: Model, question: str, articles: Sequence[Source], locale: str, *, trial: bool = False
) -> Worded | None:
    """The articles' answer in words for this question; None: show the article's own."""
    given = {"question": question, "locale": locale}
    return await worded(model, None if trial else "rephrase", _WANTED, given, articles)


async def worded(
    model: Model, task: Task | None, wanted: str, given: dict[str, Any], articles: Sequence[Source]
) -> Worded | None:
    """A text made of articles, as `wanted` of `given`; None where there is none, or it says more than they do."""
    if not articles:
        return None
    known = [msgspec.structs.asdict(one) for one in articles]
    answer = await model.ask(task, wanted, {**given, "articles": known}, _Answer, longest=LONGEST)
    if answer is None or not answer.text.strip():
        return None
    cited = [one for one in articles if one.id in answer.cites]
    wrong = "uncited" if not cited else grounding.fault(answer.text, [f"{one.title}\n{one.text}" for one in cited])
    if wrong:
        await model.refused()
        return None
    return Worded(answer.text.strip(), [one.id for one in cited])
