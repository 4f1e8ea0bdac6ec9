"""What happened to a conversation, as a sentence for its customer.

The customer's page says the same in the same words (`event.…` of its catalogue; a test compares them), because it
draws without asking; a transcript is read without a page.

Does not: word what only staff read (`desk`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mashang.conversations.naming import ticket
from mashang.kit.i18n import sentence

Facts = dict[str, Any]


def happened(facts: Facts, locale: str) -> str | None:
    """The sentence; None for an event that says nothing to a customer."""
    name = str(facts.get("name"))
    slots: Facts = {
        "agent": _named(facts.get("agent"), locale),
        "code": facts.get("code"),
        "department": _named(facts.get("to_department" if name == "transferred" else "department"), locale),
        "number": ticket(facts["number"]) if facts.get("number") else "",
        "order": facts.get("order_number"),
    }
    if name in ("code_expired", "code_entered"):
        slots |= {"topic": _named(facts.get("topic"), locale), "code": (facts.get("topic") or {}).get("code")}
        slots |= {"instead": _named(facts.get("instead"), locale), "other": (facts.get("instead") or {}).get("code")}
    if name == "opened":
        return _opened(facts, slots, locale)
    if name == "shop_action":
        return _acted(facts, slots, locale)
    key = _KEYS[name](facts) if name in _KEYS else None
    return sentence(f"event_{key}", locale, **slots) if key else None


def _opened(facts: Facts, slots: Facts, locale: str) -> str:
    topic = facts.get("topic")
    if topic:
        slots |= {"topic": _named(topic, locale), "code": topic.get("code"), "typed": facts.get("typed")}
    without_a_topic = "opened_assistant" if facts.get("assisted") else "opened_person"
    key = without_a_topic if not topic else "opened_corrected" if facts.get("typed") else "opened_topic"
    said = sentence(f"event_{key}", locale, **slots)
    return sentence("event_about_order", locale, event=said, order=slots["order"]) if slots["order"] else said


def _acted(facts: Facts, slots: Facts, locale: str) -> str:
    """What a shop was asked to do for the order, and what became of it."""
    action, state, by = facts.get("action"), facts.get("state"), facts.get("by")
    slots |= {
        "what": sentence(f"event_action_{action}", locale),
        "who": sentence(f"event_action_by_{by}", locale, **slots),
        "text": facts.get("text") or "",
    }
    said = sentence(f"event_action_{f'done_{action}' if state == 'done' else state}", locale, **slots).strip()
    to = facts.get("to_masked")
    return sentence("event_action_to", locale, event=said, to=to) if to else said


def _named(fact: Any, locale: str) -> str:
    """A fact is a name, or something that has one, perhaps in English too."""
    if isinstance(fact, dict):
        return str((locale == "en" and fact.get("name_en")) or fact.get("name") or "")
    return str(fact or "")


def _closed(facts: Facts) -> str | None:
    by = facts.get("by")
    if by == "customer" and facts.get("waiting"):
        return "left_queue_solved" if facts.get("solved") else "left_queue"
    return f"closed_{by}" if by in ("customer", "agent", "system") else None


def _reopened(facts: Facts) -> str | None:
    by, place = facts.get("by"), facts.get("place")
    if by == "customer" and place in ("kept", "new"):
        return f"reopened_{place}"
    return f"reopened_{by}" if by in ("customer", "agent") else None


_PROVED = {"one_time_code": "proved_account", "look_up_password": "proved_order_whole"}
_KEYS: dict[str, Callable[[Facts], str | None]] = {
    "assisted": lambda facts: None if facts.get("greets") else "assisted",  # its first words say it
    "person_coming": lambda facts: f"person_coming{'_failure' if facts.get('reason') == 'failure' else ''}",
    "queued": lambda _: "queued",
    "assigned": lambda _: "assigned",
    "transferred": lambda _: "transferred_department",
    "code_entered": lambda _: "code_entered",
    "code_expired": lambda facts: "code_expired_instead" if facts.get("instead") else "code_expired",
    "code_noted": lambda _: "code_noted",
    "code_over": lambda facts: f"code_{facts.get('state', 'expired')}_own",
    "code_verified": lambda _: "code_verified",
    "proved": lambda facts: _PROVED.get(facts.get("method", ""), "proved_order"),
    "joined": lambda _: "joined",
    "returned": lambda facts: "returned_absent" if facts.get("reason") == "absent" else "returned",
    "message_left": lambda _: "message_left",
    "came_back": lambda _: "came_back",
    "recalled": lambda facts: "recalled_customer" if facts.get("by") == "customer" else "recalled",
    "colleague_joined": lambda facts: "colleague_joined_supervisor" if facts.get("watches") else "colleague_joined",
    "colleague_left": lambda facts: "colleague_left_supervisor" if facts.get("watches") else "colleague_left",
    "continued": lambda _: "continued",
    "one_time_code_hidden": lambda _: "one_time_code_hidden",
    "closed": _closed,
    "reopened": _reopened,
}
