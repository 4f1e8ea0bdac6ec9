"""What a turn comes to, before anything is written: the finder is asked here, where no row is held.

Does not: write (`answering`), or ask a model (`helping`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from mashang.bot import deciding, filling, hearing, playing, several, statement
from mashang.bot.deciding import PLAYBOOK, Decision, Found
from mashang.bot.filling import Filled
from mashang.bot.hearing import LONGEST
from mashang.bot.run import Answered
from mashang.bot.scene import Scene
from mashang.guard.masking import NO_RULES, Rules
from mashang.kit import clock
from mashang.knowledge.finder import surer
from mashang.routing.assistance import OpenQuestion


class Knowledge(Protocol):
    """The finder of this process."""

    async def find(self, question: str, locale: str, target: float) -> Found:
        """What the knowledge says to this question, so that `target` of what is answered is right."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    decision: Decision
    answered: Answered | None = None  # for the playbook that runs, first of all
    found: Any = None  # what the finder said, where it was asked
    words: str | None = None  # the answer as a model worded it
    filled: Filled = filling.NONE  # what a model pointed at in the customer's words
    questions: tuple[OpenQuestion, ...] = ()  # where several were asked at once
    aside: tuple[OpenQuestion, ...] = ()  # asked beside an answer to the playbook that runs, if it is one


async def think(scene: Scene, finder: Knowledge, rules: Rules = NO_RULES) -> Plan:
    said, standing, locale = scene.said, scene.standing, scene.locale
    knowledge = _Knowledge(finder, rules)
    target = scene.settings.target_precision
    decision = deciding.at_once(said, standing)
    if not (decision and decision.move == "hand_over") and (begins := _of_its_code(scene)):
        return Plan(decision=begins)
    answered = _for_the_playbook(scene) if decision is None or decision.move in ("ask", "say", "nothing") else None
    if answered and answered.option:
        return Plan(decision=Decision(move="nothing"), answered=answered)
    if decision:
        return Plan(decision=decision, answered=answered)
    if said.pressed:  # it did not help
        again = await knowledge.find(scene.question[:LONGEST], locale, target) if scene.question else None
        refused = msgspec.structs.replace(standing, refusals=standing.refusals + 1)
        decision = deciding.next_best(again, refused) if again else deciding.not_understood(standing)
        return Plan(decision=decision, found=again)
    least = 1 if scene.known.run else 2
    asked = () if standing.beside else await several.asked(_finds(knowledge, scene), said.text, least)
    if plan := _of_several(scene, asked, answered):
        return plan
    found = await knowledge.find(said.text, locale, target)
    decision = deciding.found(found, standing)
    if decision.move != "answer" and scene.offered and scene.offered.kind == "choices":
        option = hearing.picked(said.text, scene.offered, among_others=True)
        decision = (deciding.chosen(option) if option else None) or decision
    aside = several.beside(asked, scene.known, scene.its_own) if answered else ()
    return Plan(decision=decision, found=found, answered=answered, aside=aside)


def _finds(finder: Knowledge, scene: Scene) -> several.Finds:
    return lambda one: finder.find(one, scene.locale, scene.settings.target_precision)


def _of_several(scene: Scene, asked: Sequence[OpenQuestion], answered: Answered | None) -> Plan | None:
    """Which comes first is asked, or they wait for the playbook that runs; None where there is one question only."""
    articles = [one.article for one in asked if one.article]
    if len(articles) < 2:
        return None
    if not scene.known.run:
        return Plan(decision=deciding.several(articles, scene.standing), questions=tuple(asked))
    others = several.beside(asked, scene.known, scene.its_own)
    return Plan(decision=deciding.later(scene.standing), questions=others, answered=answered) if others else None


def _of_its_code(scene: Scene) -> Decision | None:
    """What is said first of a code: its own answer; of a talk that begins, matters; else it asks for its people."""
    if scene.first:
        return Decision(move="answer", why="code")
    if scene.begins and scene.standing.is_on:
        return Decision(move="choices", why="matters")
    return Decision(move="hand_over", why="asked") if scene.entered else None


class _Knowledge:
    """The finder, asked again without the details that it does not know (`statement.matter`), where it is not sure."""

    def __init__(self, finder: Knowledge, rules: Rules) -> None:
        self._finder, self._rules = finder, rules

    async def find(self, question: str, locale: str, target: float) -> Found:
        found = await self._finder.find(question, locale, target)
        if found.band == "answer" or not (matter := statement.matter(question, clock.now(), self._rules)):
            return found
        return surer(found, await self._finder.find(matter, locale, target))


def _for_the_playbook(scene: Scene) -> Answered | None:
    """What was said, as an answer to what the playbook asked."""
    said = scene.said
    if scene.known.run is None or (said.pressed and not said.pressed.id.startswith(PLAYBOOK)):
        return None
    if not (said.pressed or said.text or said.has_file):
        return None
    is_over = said.pressed is not None and said.pressed.seq <= scene.known.run.get("shown_seq", 0)
    choice = said.pressed.id if said.pressed else ""
    return playing.answered(said.text, choice, has_picture=said.has_file, is_over=is_over)
