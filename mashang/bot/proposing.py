"""Phrasings and articles that a model proposes; a person reads, changes and takes them, or does not.

Nothing proposed is stored or published here, and a proposed article may say only what an agent said already.

Does not: store what was taken (`knowledge`).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mashang.bot import grounding
from mashang.bot.model import Model
from mashang.kit.text import printable
from mashang.knowledge import phrasing

MOST = 10  # phrasings at once
_LONGEST = 900  # tokens of an answer
_PHRASINGS = (
    "Write up to ten further ways in which customers would ask for this article, in the language of `locale`:"
    " short, spoken, each different from `known`, and as customers really write: `heard` are words of theirs that asked"
    ' for it. Leave out what concerns one customer alone. Return {"phrasings": ["…"]}.'
)
_ARTICLE = (
    "Write a help article in the language of `locale` that answers `questions` with what the agent said in `answers`,"
    ' and nothing else, without names or numbers of single customers. Return {"title": "…", "body": "…"}.'
)


class ProposedArticle(msgspec.Struct, frozen=True):
    """A draft for a person to read; plain text."""

    title: str
    body: str


class _Phrasings(msgspec.Struct):
    phrasings: list[str] = []


class _Article(msgspec.Struct):
    title: str = ""
    body: str = ""


async def phrasings(
    model: Model, title: str, known: Sequence[str], locale: str, heard: Sequence[str] = ()
) -> list[str]:
    """New ways to ask for an article, after what customers wrote (`heard`); none where there is no model."""
    given = {"title": title, "known": list(known)[:60], "heard": list(heard)[:30], "locale": locale}
    answer = await model.ask("propose", _PHRASINGS, given, _Phrasings, longest=_LONGEST)
    taken = {phrasing.folded(one) for one in known}
    found: list[str] = []
    for one in answer.phrasings if answer else []:
        text = printable(one).strip()
        folded = phrasing.folded(text)
        fits = folded and folded not in taken and _fits(text) and not await model.holds_a_secret(text)
        if fits and len(found) < MOST:
            taken.add(folded)
            found.append(text)
    return found


async def article(
    model: Model, questions: Sequence[str], answers: Sequence[str], locale: str
) -> ProposedArticle | None:
    """A draft made of what agents answered; None where there is no model, or it says more than they did."""
    given = {"questions": list(questions)[:20], "answers": list(answers)[:20], "locale": locale}
    answer = await model.ask("propose", _ARTICLE, given, _Article, longest=_LONGEST)
    if answer is None or not answer.title.strip() or not answer.body.strip():
        return None
    if grounding.fault(answer.body, answers) or grounding.invents(answer.title, [*answers, *questions]):
        await model.refused()
        return None
    return ProposedArticle(printable(answer.title).strip()[:120], answer.body.strip())


def _fits(text: str) -> bool:
    """A short question without anybody's data in it."""
    digits = sum(one.isdigit() for one in text)
    return len(text) <= phrasing.LONGEST and digits <= 4 and "://" not in text and "@" not in text
