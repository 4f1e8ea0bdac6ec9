"""A dry run of a playbook against a past conversation: every step it would have taken, with the facts of then.

What the customer wrote and pressed is given to its questions in order; what answers none is passed over.  Look-ups
are answered, as the operator chooses, from what stood beside the conversation, and incidents from when it was opened;
or by the shop as it is now, with no more than the customer has proved and not without end.  Nothing is changed and no
button pressed, whoever is asked: of an action it is assumed that it works.

Does not: walk (`walking`), or keep anything.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET

from mashang.bot import explaining, looking_up, playing, shop_facts, stating, walking
from mashang.bot.explaining import Told
from mashang.bot.facts import Known
from mashang.bot.playbook import HandOver, Playbook, Say, Solved, Texts, kind
from mashang.bot.run import Answered, Brought, Happened, How, Need, Outcome
from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.i18n import LOCALES, sentence
from mashang.kit.sealing import Sealer
from mashang.shops import context, incidents
from mashang.shops.adapters import Shops
from mashang.shops.incident import Incident
from mashang.shops.snapshot import View
from mashang.staff import installation
from mashang.staff.agents import Agent

Asks = Literal["recorded", "now"]  # what the shop said then, or the shop as it is now
_MOST = 60  # happenings of one conversation
_MOST_ASKED = 12  # look-ups of one dry run that the shop answers now: each may take seconds, and somebody waits
_OFFERED = 50


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """One step that would have been taken.

    `text`: what would have been said or asked; `answer`: what the customer wrote; `how`: what came of looking up,
    from what was known then, or `assumed` of an action; `told`: the facts it brought.
    """

    step: str
    does: str
    text: str = ""
    answer: str = ""
    how: How | Literal["assumed", ""] = ""
    told: list[Told] = []


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """How it would have gone; `asks`: there it would wait for an answer that nobody gave.

    `stopped`: it went no further than a dry run may, and `reason` says where that was.
    """

    asked: Asks
    steps: list[Taken]
    ends: Literal["solved", "handed_over", "asks", "stopped"]
    reason: Texts = {}


class _Then(msgspec.Struct, frozen=True, kw_only=True):
    """What was known of the conversation."""

    conversation: Conversation
    answers: list[Answered]
    seen: View | None
    incidents: list[Incident]
    given: Known
    words: str
    at: datetime
    zone: str


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation to try a playbook on: its first words, code and status."""

    id: str
    opened_at: datetime
    code: str | None
    order_number: str | None
    words: str


async def recent(tx: Tx, by: Agent) -> list[Past]:
    """The newest that this agent may see, in which a customer said something."""
    condition, params = access.visible_to(by)
    return await tx.all(
        f"""
        select c.public_id as id, c.opened_at, c.topic_code as code, c.order_number, left(e.text, 80) as words
        from conversation c join lateral (
            select text from entry where conversation_id = c.id and author = 'customer' and kind = 'text' and text <> ''
            order by seq limit 1
        ) e on true
        where {condition} order by c.id desc limit {_OFFERED}
        """,
        params,
        into=Past,
    )


async def rehearse(
    db: Database, by: Agent, playbook: Playbook, conversation_id: str, *, asks: Asks, shops: Shops, sealer: Sealer
) -> Rehearsal:
    """Against a conversation this agent may see; raises NotFound."""
    async with db.transaction() as tx:
        then = await _then(tx, await conversations.find(tx, conversation_id, access.visible_to(by)), asks)
    course = run_through(playbook, then, most_asked=_MOST_ASKED if asks == "now" else _MOST)
    try:
        need = next(course)
        while True:
            is_live = asks == "now" and need.act is None
            need = course.send(await _from_now(db, shops, sealer, need, then) if is_live else _from_then(need, then))
    except StopIteration as over:
        rehearsal: Rehearsal = over.value
        return msgspec.structs.replace(rehearsal, asked=asks)


def run_through(playbook: Playbook, then: _Then, *, most_asked: int) -> Generator[Need, looking_up.Came, Rehearsal]:
    """Pure: give the playbook what happened, in order; yields what it needs and is sent what came of it.

    Of looking up it yields no more than `most_asked`.
    """
    taken: list[Taken] = []
    asked = 0
    answers = list(then.answers)
    told: dict[str, Any] = {"words": then.words, "locale": then.conversation.locale, "zone": then.zone}
    now = walking.start(playbook, then.given, at=then.at, **told)
    _note(playbook, taken, now, 0)
    for _ in range(_MOST):
        if now.ended is not None:
            return Rehearsal(asked="recorded", steps=taken, ends=now.ended.how, reason=now.ended.reason)
        happened: Happened | None
        if now.need is not None:
            asked += now.need.act is None
            if asked > most_asked:
                return _stopped(taken, "asked", most_asked)
            how, known = yield now.need
            happened = Brought(n=now.run.n, how=how, known=known)
            note: dict[str, Any] = {
                "how": "assumed" if now.need.act else how,
                "told": explaining.told(known, then.zone, then.at),
            }
        else:
            happened, note = _answer(playbook, now, answers)
        if happened is None:
            return Rehearsal(asked="recorded", steps=taken, ends="asks")
        taken[-1] = msgspec.structs.replace(taken[-1], **note)
        before = len(now.run.path)
        now = walking.resume(playbook, now.run, happened, at=then.at)
        _note(playbook, taken, now, before)
    return _stopped(taken, "happened", _MOST)


def _stopped(taken: list[Taken], why: Literal["asked", "happened"], most: int) -> Rehearsal:
    step = taken[-1].step
    reason = {locale: sentence(f"rehearsal.stopped.{why}", locale, step=step, most=str(most)) for locale in LOCALES}
    return Rehearsal(asked="recorded", steps=taken, ends="stopped", reason=reason)


def _answer(playbook: Playbook, now: Outcome, answers: list[Answered]) -> tuple[Happened | None, dict[str, Any]]:
    """The customer's next answer, and what is noted of it beside the step; nothing where nobody answered."""
    while answers:
        answer = answers.pop(0)
        if walking.understands(playbook, now.run, answer):
            return answer, {"answer": answer.text or answer.option or ("[+]" if answer.picture else "")}
    return None, {}


async def _from_now(db: Database, shops: Shops, sealer: Sealer, need: Need, then: _Then) -> looking_up.Came:
    """What the shop says of it now; for looking up only."""
    async with db.transaction() as tx:
        conversation = then.conversation
        errand = await looking_up.prepared(tx, conversation, need, press_round=None, locale=conversation.locale)
    return await looking_up.bring(db, shops, sealer, errand)


def _from_then(need: Need, then: _Then) -> looking_up.Came:
    if need.act:
        return "found", {"act.state": "done", "act.code": need.code or None}
    if need.look_up == "incident":
        on = [one for one in then.incidents if looking_up.concerns(need, then.conversation.topic_code, one)]
        return ("found", shop_facts.of_incidents(on, then.conversation.locale)) if on else ("missing", {})
    seen = then.seen
    number = need.order_number or then.conversation.order_number
    order = seen.order if seen else UNSET
    is_about = order is not UNSET and number in (None, order.number)
    if seen is None or (need.needs in ("status", "order") and not is_about):
        return "missing", {}
    known = looking_up.known_from(seen, need, then.at)
    return ("found", known) if known else ("missing", {})


def _note(playbook: Playbook, taken: list[Taken], now: Outcome, before: int) -> None:
    """The steps of this turn, with their words."""
    says = iter(now.says)
    for name in now.run.path[before:]:
        step = playbook.steps[name]
        is_said = isinstance(step, Say) or (isinstance(step, HandOver | Solved) and bool(step.say))
        taken.append(Taken(step=name, does=kind(step), text=next(says, "") if is_said else ""))
    if now.ask is not None and taken:
        taken[-1] = msgspec.structs.replace(taken[-1], text=now.ask.text)


async def _then(tx: Tx, found: Conversation, asks: Asks) -> _Then:
    rows = await tx.all(
        "select text, at, kind = 'file' as is_file, coalesce(data -> 'choice' ->> 'id', '') as choice from entry"
        " where conversation_id = %s and author = 'customer' and kind <> 'event' order by seq limit 200",
        (found.id,),
    )
    zone = await installation.zone(tx)
    said = [(row["text"], row["at"].astimezone(zone)) for row in rows if not row["is_file"] and not row["choice"]]
    given = playing.given(found, playing.known_of(stating.together(said).statement))
    shop_id = await tx.value("select shop_id from site where id = %s", (found.site_id,))
    on = [one for one in await incidents.on_at(tx, found.opened_at) if one.shop_id in (None, shop_id)]
    seen = await context.view(tx, found.id)
    return _Then(
        conversation=found,
        answers=[playing.answered(row["text"], row["choice"], has_picture=row["is_file"]) for row in rows],
        seen=seen,
        incidents=on,
        given=given,
        words=said[0][0] if said else "",
        at=clock.now() if asks == "now" else (seen.answered_at if seen else None) or found.opened_at,
        zone=zone.key,
    )
