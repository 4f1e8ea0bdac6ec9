"""Why a conversation went where it went: the routing trace, told in sentences.

Routing writes facts; the catalogue has a sentence for each kind of line, under `trace_…`.  A
fact that is an id of a person or department was written with the name it had then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mashang.conversations import access
from mashang.conversations.naming import ticket
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound
from mashang.kit.i18n import sentence
from mashang.routing.eligibility import head_start
from mashang.routing.standstill import standstill
from mashang.staff import Agent

_LONGEST = 500
_SEPARATOR = {"zh-CN": "、", "en": ", "}
_BETWEEN = {"zh-CN": "；", "en": "; "}


class TraceLine(msgspec.Struct, frozen=True):
    """One decision: when, what kind, and in words."""

    at: datetime
    what: str
    sentence: str


async def trace(tx: Tx, agent: Agent, public_id: str, locale: str) -> list[TraceLine]:
    """The last decisions about a conversation, oldest first; of one that waits, why nobody has it yet.

    Raises NotFound.
    """
    visible, params = access.visible_to(agent)
    conversation_id = await tx.value(
        f"select c.id from conversation c where c.public_id = %(id)s and {visible}", {**params, "id": public_id}
    )
    if conversation_id is None:
        raise NotFound
    rows = await tx.all(
        "select at, what, facts from routing_trace where conversation_id = %s order by id desc limit %s",
        (conversation_id, _LONGEST),
    )
    lines = [TraceLine(row["at"], row["what"], _sentence(row["what"], row["facts"], locale)) for row in reversed(rows)]
    stands = await standstill(tx, conversation_id)
    if stands:
        lines.append(TraceLine(await tx.value("select app_now()"), "now", _now(stands, locale)))
    return lines


def _now(stands: dict[str, Any], locale: str) -> str:
    if "agent" in stands:
        return sentence("trace_now_offered", locale, agent=stands["agent"])
    return sentence("trace_now", locale, online=stands["online"], groups=_BETWEEN[locale].join(_groups(stands, locale)))


def _sentence(what: str, facts: dict[str, Any], locale: str) -> str:
    worded = {"why": _why(facts, locale), "over": _over(facts, locale), "needs": _needs(facts, locale)}
    if facts.get("number"):
        worded["number"] = ticket(facts["number"])
    if facts.get("to_tier"):
        worded["tier"] = sentence(f"tier_{facts['to_tier']}", locale)
    return sentence(f"trace_{what}", locale, **{**facts, **worded})


def _why(facts: dict[str, Any], locale: str) -> str:
    why = facts.get("why")
    if why == "turn" and not facts["behind"]:
        why = "only"
    return sentence(f"trace_why_{why}", locale) if why else ""


def _over(facts: dict[str, Any], locale: str) -> str:
    """Who was passed over: a phrase for each reason."""
    groups = _groups(facts, locale)
    if facts.get("behind"):
        groups.append(sentence("trace_over_behind", locale, number=facts["behind"]))
    return sentence("trace_over", locale, groups=_BETWEEN[locale].join(groups)) if groups else ""


def _groups(facts: dict[str, Any], locale: str) -> list[str]:
    groups: list[str] = []
    for reason, group in facts.get("over", {}).items():
        names = _SEPARATOR[locale].join(group["names"])
        if group["number"] > len(group["names"]):
            names = sentence("trace_names", locale, names=names, number=group["number"])
        groups.append(sentence(f"trace_over_{reason}", locale, names=names))
    return groups


def _needs(facts: dict[str, Any], locale: str) -> str:
    """What a place needs beyond the ordinary."""
    needs: list[str] = []
    if facts.get("required_tier", 1) > 1:
        needs.append(sentence(f"trace_needs_tier_{facts['required_tier']}", locale))
    if facts.get("skills"):
        needs.append(sentence("trace_needs_skills", locale, skills=_SEPARATOR[locale].join(facts["skills"])))
    if facts.get("priority"):
        start = round(head_start(facts["priority"]).total_seconds() / 60)
        needs.append(sentence("trace_needs_priority", locale, minutes=start))
    return "".join(needs)
