"""What whoever takes over reads first: why, the code, what happened, what was looked up, tried and shown.

At most eight lines, built from facts and nothing else; each fact that is missing leaves its line out.  A fact that was
found in both languages is a pair of them, `{"zh-CN": …, "en": …}`.

Pure.  Does not: gather the facts (`assistance`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mashang.kit.i18n import sentence

MOST = 8
_LONGEST = 160  # characters of a line's facts
_STATEMENT = ("time", "action", "result")

Facts = Mapping[str, Any]


def lines(facts: Facts, locale: str) -> list[str]:
    """The summary in one language."""
    topic = facts.get("topic") or {}
    told = (
        ("reason", _reasons(facts, locale)),
        ("code", " ".join(filter(None, (str(topic.get("code") or ""), in_language(topic, locale))))),
        ("statement", _matters(facts, locale)),
        ("said", _each_quoted([said for name in ("said", "last") if (said := facts.get(name))], locale)),
        ("unheard", _each_quoted(facts.get("unheard") or (), locale)),
        ("looked_up", _newest(facts.get("looked_up") or (), locale)),
        ("tried", _newest(facts.get("tried") or (), locale)),
        _suggested(facts, locale),
    )
    return [sentence(f"summary_{name}", locale, fact=fact) for name, fact in told if fact][:MOST]


def _reasons(facts: Facts, locale: str) -> str:
    """Why now, and why before, where it was called back in between."""
    before = _joined([_reason(one, locale) for one in facts.get("before") or ()], locale)
    now = _reason(facts, locale)
    return _cut(sentence("summary_reason_before", locale, fact=now, before=before)) if before else now


def _reason(facts: Facts, locale: str) -> str:
    return _joined([sentence(f"summary_reason_{facts.get('reason')}", locale), facts.get("because")], locale)


def in_language(fact: Any, locale: str) -> str:
    """A fact in this language: plain, a pair of languages, or something that has a name."""
    if isinstance(fact, Mapping):
        if "name" in fact:
            return str((locale == "en" and fact.get("name_en")) or fact["name"] or "")
        return str(fact.get(locale) or fact.get("zh-CN") or "")
    return str(fact or "")


def _joined(facts: Sequence[Any], locale: str) -> str:
    between = sentence("summary_between", locale)
    return _cut(between.join(filter(None, (in_language(one, locale) for one in facts))))


def _newest(facts: Sequence[Any], locale: str) -> str:
    """What no line can hold is left out from the oldest on; the last stays, however long."""
    between, told = sentence("summary_between", locale), ""
    for one in filter(None, (in_language(one, locale) for one in reversed(facts))):
        longer = f"{one}{between}{told}" if told else _cut(one)
        if told and len(longer) >= _LONGEST:
            return told if told.endswith("…") else f"…{between}{told}"
        told = longer
    return told


def _matters(facts: Facts, locale: str) -> str:
    """What the last one is, and where there were several their names."""
    named, stated = facts.get("matters") or (), _statement(facts.get("statement") or {}, locale)
    several = sentence("summary_matters", locale, fact=_joined(named, locale)) if len(named) > 1 else ""
    return sentence("summary_between", locale).join(filter(None, (stated, several)))


def _statement(statement: Facts, locale: str) -> str:
    parts = [
        sentence(f"summary_statement_{name}", locale, fact=in_language(statement[name], locale))
        for name in _STATEMENT
        if statement.get(name)
    ]
    return _cut(sentence("statement.apart", locale).join(parts))


def _quoted(said: Any, locale: str, longest: int = _LONGEST) -> str:
    return sentence("summary_quoted", locale, fact=_cut(" ".join(str(said).split()), longest)) if said else ""


def _each_quoted(said: Sequence[Any], locale: str) -> str:
    """All of them: many are cut shorter."""
    share = _LONGEST // max(1, len(said))
    return sentence("summary_between", locale).join(_quoted(one, locale, share) for one in said)


def _shown(one: Any, locale: str) -> str:
    title, verdict = in_language(one.get("title"), locale), one.get("verdict")
    return sentence(f"summary_shown_{verdict}", locale, fact=title) if title and verdict else title


def _suggested(facts: Facts, locale: str) -> tuple[str, str]:
    """What was shown, and what was offered and not chosen: one line."""
    shown = _newest([_shown(one, locale) for one in facts.get("shown") or ()], locale)
    offered = _newest([one.get("title") for one in facts.get("offered") or ()], locale)
    if not shown:
        return "offered", offered
    also = sentence("summary_also_offered", locale, fact=offered) if offered else ""
    return "shown", sentence("summary_between", locale).join(filter(None, (shown, also)))


def _cut(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
