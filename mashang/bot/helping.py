"""What a model adds to a turn, where there is one that may: the answer in fitting words, or the parts no rule found.

It is asked at most once a turn, by one process, outside of every transaction and of every turn's place.  Words are
asked for where an article answers; parts only where the next thing is to ask the customer for one, or a playbook begins
that does not know the order.  Before a person is called nobody waits for a model.

Does not: decide (`deciding`), or trust what comes back (`grounding`, `filling`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from mashang.bot import filling, statement, stating, telling
from mashang.bot.deciding import Decision
from mashang.bot.filling import Filled
from mashang.bot.hearing import LONGEST
from mashang.bot.model import Model
from mashang.bot.rephrasing import Source, rephrase
from mashang.bot.scene import Scene
from mashang.guard.masking import Rules
from mashang.kit.db import Database
from mashang.knowledge import reading, rendering
from mashang.knowledge.reading import Published
from mashang.routing import summary


class Help(msgspec.Struct, frozen=True):
    """The answer's words, None for the article's own; and what was pointed at in the customer's."""

    words: str | None = None
    filled: Filled = filling.NONE


NOTHING = Help()


MayAsk = Callable[[], Awaitable[bool]]  # called right before a model is asked


async def by_model(
    db: Database, model: Model, scene: Scene, decision: Decision, rules: Rules, *, may_ask: MayAsk
) -> Help:
    """What it adds to this decision; nothing where it may not, or is not needed."""
    if not model.is_there or (scene.known.run and scene.known.run.get("waits") in ("look_up", "act")):
        return NOTHING  # or: what is said meanwhile is heard when the shop has answered
    if decision.move == "ask" and decision.why == "rephrase" and await model.may("statement"):
        return Help(filled=await _filled(db, model, scene, rules, may_ask=may_ask, needs_order=False))
    if decision.move != "answer" or not scene.question:
        return NOTHING
    article = await _article(db, decision)
    if article is None or article.procedure_only:
        leads = decision.why == "code" and scene.first is not None and scene.first.answers_with == "playbook"
    else:
        leads = article.playbook is not None
    if leads and scene.known.run is None and await model.may("statement"):
        return Help(filled=await _filled(db, model, scene, rules, may_ask=may_ask, needs_order=True))
    if article is None or leads or article.procedure_only or not await model.may("rephrase"):
        return NOTHING
    if not await may_ask():
        return NOTHING
    words = telling.text_of(article, scene.locale)
    source = Source(article.id, words.title, rendering.plain(words.body))
    worded = await rephrase(model, scene.question[:LONGEST], [source], scene.locale)
    return Help(words=worded.text if worded else None)


async def _article(db: Database, decision: Decision) -> Published | None:
    if decision.why == "code":
        return None  # the operator's own choice is told as it stands
    async with db.transaction() as tx:
        return await reading.by_former_id(tx, decision.articles[0])


async def _filled(
    db: Database, model: Model, scene: Scene, rules: Rules, *, may_ask: MayAsk, needs_order: bool
) -> Filled:
    async with db.transaction() as tx:
        told = await stating.told(tx, scene.conversation.id, rules)
    known, _ = told.with_filled(stating.pointed_at(scene.known.facts))
    wanted = _wanted(known, has_order=bool(scene.conversation.order_number))
    needed = "order_number" if needs_order else statement.missing(known) or "result"
    if needed not in wanted or not await may_ask():
        return filling.NONE
    return await filling.fill(model, told.said, _about(scene), wanted, scene.locale)


def _wanted(known: statement.Statement, *, has_order: bool) -> list[str]:
    parts = [part for part, words in statement.three_parts(known, "zh-CN").items() if not words]
    more = {"order_number": known.order_number or has_order, "product": known.product}
    return [*parts, *(name for name, is_known in more.items() if not is_known)]


def _about(scene: Scene) -> list[str]:
    """What the shop and the articles call the matter."""
    order = scene.known.facts.get("order") or {}
    titles = [summary.in_language(one.get("title"), scene.locale) for one in scene.known.shown]
    return [one for one in (str(order.get("order.product") or ""), *titles) if one]
