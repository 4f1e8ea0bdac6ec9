"""What a playbook looked up and tried, one line each, for whoever takes over: made of facts, in both languages.

Does not: say why it was handed over, or make the summary of it all (`routing.summary`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mashang.bot import wording
from mashang.bot.facts import FACTS, HEADLINE
from mashang.bot.playbook import Texts
from mashang.bot.run import LookedUp, Run, Tried
from mashang.kit.i18n import LOCALES, sentence

WHY_NOT = "act.why_not"


def facts(run: Run) -> dict[str, Any]:
    """As `assistance` keeps it, the newest last; of the same look-up only the last counts that brought something."""
    last: dict[tuple[str, str], LookedUp] = {}
    for one in run.looked_up:
        if one.how == "unproved" and (one.what, one.number) in last:
            continue
        last.pop((one.what, one.number), None)
        last[one.what, one.number] = one
    return {
        "looked_up": [_in_both(_looked_up, one, run.zone) for one in last.values()],
        "tried": [_in_both(_tried, one, run.zone) for one in run.tried],
    }


def _in_both(line: Any, one: LookedUp | Tried, zone: str) -> Texts:
    return {locale: line(one, locale, zone) for locale in LOCALES}


def _looked_up(one: LookedUp, locale: str, zone: str) -> str:
    what = sentence(f"playbook.what.{one.what}", locale, number=one.number).strip()
    if one.how != "found":
        return sentence(f"playbook.how.{one.how}", locale, what=what)
    return sentence(
        "playbook.how.found", locale, what=what, told=_value(HEADLINE[one.what], one.told, locale, zone, one.at)
    )


def _tried(one: Tried, locale: str, zone: str) -> str:
    what = sentence(f"playbook.what.{one.action}", locale, number=one.number).strip()
    if one.how == "found":
        return sentence("playbook.how.done", locale, what=what)
    if one.how == "missing" and one.told:
        return sentence("playbook.how.not_now", locale, what=what, told=_value(WHY_NOT, one.told, locale, zone, one.at))
    return sentence(f"playbook.how.{one.how}", locale, what=what)


def _value(name: str, told: str, locale: str, zone: str, at: datetime) -> str:
    if FACTS[name].choices:
        return sentence(f"playbook.value.{name}.{told}", locale) if told else ""
    return wording.fill({locale: f"{{{name}}}"}, {name: told or None}, locale, zone, at)
