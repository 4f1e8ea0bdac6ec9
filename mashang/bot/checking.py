"""Is this a playbook?  Everything that is wrong with it, each with its place; nothing half right is ever run.

First its form (`marked`: YAML; then every step has what its kind has, both languages, values that exist), then where
it leads (`leading`): steps that exist, are reached, end, ask in every circle, and say only what was looked up.

Which codes there are the shop knows: whoever saves asks for those beside (`unknown_codes`).

Does not: run it (`walking`), or keep it (`library`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any, get_args

import msgspec

from mashang.bot import conditions, leading, marked, wording
from mashang.bot.conditions import fact
from mashang.bot.facts import LEVELS, NEEDS, LookedUpKind
from mashang.bot.marked import Node, Problem, Refused
from mashang.bot.playbook import KINDS, ActionKind, Expects, Playbook
from mashang.kit.i18n import LOCALES, sentence
from mashang.shops.contract import DeliveryKind

LONGEST_TEXT, LONGEST_LABEL, LONGEST_TITLE = 1000, 40, 80
MOST_STEPS, MOST_OPTIONS, MOST_CASES, MOST_WORDS = 120, 8, 20, 30
MOST_MINUTES = 24 * 60
_KEY, _STEP, _NAME = (
    re.compile(r"[a-z0-9][a-z0-9-]{1,79}"),
    re.compile(r"[a-z][a-z0-9_]{0,39}"),
    re.compile(r"[a-z][a-z0-9_]{0,19}"),
)
_CODE = re.compile(r"[A-Z0-9]{2,8}")
_RESERVED = ("none", "unproved", "person")

Tell = Callable[..., None]  # (node, path, code, **facts)
Form = Callable[[Node, str, Tell], None]


def read(source: str) -> tuple[Playbook | None, list[Problem]]:
    """The playbook, or what is wrong with it in the order of its lines."""
    try:
        root = marked.read(source)
    except Refused as refused:
        return None, [refused.problem]
    problems: list[Problem] = []

    def tell(node: Node, path: str, code: str, **facts: str | int) -> None:
        problems.append(Problem(node.line, node.column, path, code, facts))

    must = {"key": _key, "version": _version, "title": _title, "title_en": _title, "steps": _steps}
    _fields(root, "", tell, must=must, may={"order_kinds": _list(_of(get_args(DeliveryKind)), 3)})
    if problems:
        return None, sorted(problems, key=lambda one: (one.line, one.column))
    playbook = _made(root.plain)
    leading.check(playbook, root.value["steps"], tell)
    problems.sort(key=lambda one: (one.line, one.column))
    return (None, problems) if problems else (playbook, [])


def unknown_codes(source: str, known: Collection[str]) -> list[Problem]:
    """Where a playbook offers a code that is not among these."""
    steps: dict[str, Node] = marked.read(source).value["steps"].value
    acts = ((name, step.value["code"]) for name, step in steps.items() if "act" in step.value and "code" in step.value)
    return [
        Problem(code.line, code.column, f"steps.{name}.code", "unknown_code", {"value": code.value})
        for name, code in acts
        if code.value not in known
    ]


def _made(plain: dict[str, Any]) -> Playbook:
    steps = {name: msgspec.convert(step, KINDS[_kind_of(step)]) for name, step in plain["steps"].items()}
    return Playbook(**{**plain, "steps": steps})


def _kind_of(step: dict[str, Any]) -> str:
    return next(name for name in KINDS if name in step)


# ── forms ───────────────────────────────────────────────────────────────────


def _fields(node: Node, path: str, tell: Tell, *, must: dict[str, Form], may: dict[str, Form] | None = None) -> None:
    """A mapping with these names and no other."""
    if not isinstance(node.value, dict):
        tell(node, path, "not_a_mapping")
        return
    forms = {**must, **(may or {})}
    for name, value in node.value.items():
        if name not in forms:
            tell(node.names[name], _under(path, name), "unknown_name", name=name[:60], known=", ".join(forms))
        else:
            forms[name](value, _under(path, name), tell)
    for name in must:
        if name not in node.value:
            tell(node, path, "missing_name", name=name)


def _under(path: str, name: str | int) -> str:
    return f"{path}.{name}" if path else str(name)


def _text(node: Node, path: str, tell: Tell, most: int) -> bool:
    if not isinstance(node.value, str) or not node.value.strip():
        tell(node, path, "text_empty")
    elif len(node.value) > most:
        tell(node, path, "text_long", most=most)
    else:
        return True
    return False


def _matching(pattern: re.Pattern[str], code: str) -> Form:
    def form(node: Node, path: str, tell: Tell) -> None:
        if not isinstance(node.value, str) or not pattern.fullmatch(node.value):
            tell(node, path, code, value=str(node.value)[:60])

    return form


def _of(values: tuple[str, ...]) -> Form:
    def form(node: Node, path: str, tell: Tell) -> None:
        if node.value not in values:
            tell(node, path, "unknown_value", value=str(node.plain)[:60], known=", ".join(values))

    return form


def _list(one: Form, most: int) -> Form:
    def form(node: Node, path: str, tell: Tell) -> None:
        if not isinstance(node.value, list) or not node.value:
            tell(node, path, "not_a_list")
        elif len(node.value) > most:
            tell(node, path, "too_many", most=most)
        else:
            for n, item in enumerate(node.value):
                one(item, _under(path, n), tell)

    return form


def _words_in_both(most: int) -> Form:
    def form(node: Node, path: str, tell: Tell) -> None:
        def words(text: Node, at: str, tell: Tell) -> None:
            if _text(text, at, tell, most):
                _slots(text, at, tell)

        if isinstance(node.value, dict):
            _fields(node, path, tell, must=dict.fromkeys(LOCALES, words))
        else:
            tell(node, path, "both_languages")

    return form


def _slots(node: Node, path: str, tell: Tell) -> None:
    for name in wording.slots(node.value):
        of = fact(name)
        if of is None:
            tell(node, path, "unknown_slot", name=name)
        elif not of.is_said:
            tell(node, path, "unsaid_slot", name=name)
    if re.search(r"[{}]", wording.SLOT.sub("", node.value)):
        tell(node, path, "open_slot")
    if re.search(r"\[[^\]\n]*\{|\}[^\[\n]*\]", wording.PART.sub("", node.value)):
        tell(node, path, "open_part")


def _title(node: Node, path: str, tell: Tell) -> None:
    _text(node, path, tell, LONGEST_TITLE)


def _version(node: Node, path: str, tell: Tell) -> None:
    if not isinstance(node.value, int) or isinstance(node.value, bool) or not 1 <= node.value <= 1_000_000:
        tell(node, path, "version_form")


def _minutes(node: Node, path: str, tell: Tell) -> None:
    if not isinstance(node.value, int) or isinstance(node.value, bool) or not 1 <= node.value <= MOST_MINUTES:
        tell(node, path, "minutes_form", most=MOST_MINUTES)


def _word(node: Node, path: str, tell: Tell) -> None:
    _text(node, path, tell, LONGEST_LABEL)


def _true(node: Node, path: str, tell: Tell) -> None:
    if node.value is not True:
        tell(node, path, "only_true")


_key, _step, _name = _matching(_KEY, "key_form"), _matching(_STEP, "step_name_form"), _matching(_NAME, "name_form")
_code = _matching(_CODE, "code_form")
_texts, _label = _words_in_both(LONGEST_TEXT), _words_in_both(LONGEST_LABEL)


def _option(node: Node, path: str, tell: Tell) -> None:
    must = {"id": _name, "text": _label, "next": _step}
    _fields(node, path, tell, must=must, may={"words": _list(_word, MOST_WORDS)})
    if isinstance(node.value, dict) and "id" in node.value and node.value["id"].value in _RESERVED:
        tell(node.value["id"], _under(path, "id"), "reserved", value=str(node.value["id"].value))


def _case(node: Node, path: str, tell: Tell) -> None:
    _fields(node, path, tell, must={"next": _step}, may={"when": _when})


def _when(node: Node, path: str, tell: Tell) -> None:
    if not isinstance(node.value, dict) or not node.value:
        tell(node, path, "not_a_mapping")
        return
    for name, wanted in node.value.items():
        if code := conditions.why_not(name, wanted.plain):
            at = node.names[name] if code == "unknown_fact" else wanted
            tell(at, _under(path, name), code, name=name[:60])


# ── steps ───────────────────────────────────────────────────────────────────

_BRANCHES = dict.fromkeys(("next", "failed", "missing", "timed_out"), _step)
_NEEDING = {"of": _name, "needs": _of(LEVELS), "unproved": _step}
_FORMS: dict[str, tuple[dict[str, Form], dict[str, Form]]] = {
    "ask": (
        {"ask": _of(get_args(Expects)), "text": _texts},
        {
            "into": _name,
            "next": _step,
            "options": _list(_option, MOST_OPTIONS),
            "none": _step,
            "number": _true,
            "timed_out": _step,
            "after": _minutes,
        },
    ),
    "look_up": (
        {"look_up": _of(get_args(LookedUpKind)), **_BRANCHES},
        {**_NEEDING, "codes": _list(_code, MOST_WORDS), "words": _list(_word, MOST_WORDS)},
    ),
    "decide": ({"decide": _list(_case, MOST_CASES)}, {}),
    "say": ({"say": _texts, "next": _step}, {}),
    "act": ({"act": _of(get_args(ActionKind)), **_BRANCHES}, {**_NEEDING, "code": _code}),
    "hand_over": ({"hand_over": _texts}, {"say": _texts}),
    "solved": ({"solved": _true}, {"say": _texts}),
}


def _steps(node: Node, path: str, tell: Tell) -> None:
    if not isinstance(node.value, dict) or not node.value:
        tell(node, path, "no_steps")
        return
    if len(node.value) > MOST_STEPS:
        tell(node, path, "too_many", most=MOST_STEPS)
    for name, step in node.value.items():
        _step(node.names[name], _under(path, name), tell)
        _one_step(step, _under(path, name), tell)


def _one_step(node: Node, path: str, tell: Tell) -> None:
    kinds = [name for name in KINDS if name in node.value] if isinstance(node.value, dict) else []
    if kinds in (["hand_over", "say"], ["solved", "say"]):
        kinds.remove("say")
    if len(kinds) != 1:
        tell(node, path, "step_kind", known=", ".join(KINDS))
        return
    must, may = _FORMS[kinds[0]]
    _fields(node, path, tell, must=must, may=may)
    if kinds[0] in _AFTER:
        _AFTER[kinds[0]](node, path, tell)


def _an_ask(node: Node, path: str, tell: Tell) -> None:
    has = node.value
    if has["ask"].value == "choice":
        _a_choice(node, path, tell)
    else:
        for name in ("next", "into"):
            if name not in has:
                tell(node, path, "missing_name", name=name)
        if "options" in has:
            tell(has["options"], _under(path, "options"), "options_of_choice")
    if "number" in has and has["ask"].value != "text":
        tell(has["number"], _under(path, "number"), "number_of_text")
    if ("timed_out" in has) != ("after" in has):
        tell(node, path, "missing_name", name="after" if "timed_out" in has else "timed_out")


def _a_choice(node: Node, path: str, tell: Tell) -> None:
    options = node.value.get("options")
    if options is None:
        tell(node, path, "missing_name", name="options")
        return
    for name in ("next", "none"):
        if name in node.value:
            tell(node.value[name], _under(path, name), "not_of_choice", name=name)
    seen: set[str] = set()
    for n, one in enumerate(options.value if isinstance(options.value, list) else []):
        named: dict[str, Node] = one.value if isinstance(one.value, dict) else {}
        if "id" not in named:
            continue
        value = str(named["id"].value)
        if value in seen:
            tell(named["id"], _under(path, f"options.{n}.id"), "option_twice", value=value[:60])
        seen.add(value)


def _a_decision(node: Node, path: str, tell: Tell) -> None:
    cases = node.value["decide"].value
    if not isinstance(cases, list):
        return
    for n, one in enumerate(cases):
        if isinstance(one.value, dict) and ("when" in one.value) != (n < len(cases) - 1):
            code = "last_case" if n == len(cases) - 1 else "case_without_when"
            tell(one, _under(path, f"decide.{n}"), code)


def _needs_enough(node: Node, path: str, tell: Tell) -> None:
    has: dict[str, Node] = node.value
    wanted, what = has.get("needs"), str((has.get("look_up") or has["act"]).value)
    least = NEEDS.get(what)
    if wanted and least and wanted.value in LEVELS and LEVELS.index(wanted.value) < LEVELS.index(least):
        tell(wanted, _under(path, "needs"), "needs_more", least=least)
    if what == "offer_code" and "code" not in has:
        tell(node, path, "missing_name", name="code")


_AFTER: dict[str, Form] = {
    "ask": _an_ask,
    "decide": _a_decision,
    "look_up": _needs_enough,
    "act": _needs_enough,
}


def told(problem: Problem) -> dict[str, str]:
    """What is wrong, as a sentence in each language."""
    return {locale: sentence(f"playbook.problem.{problem.code}", locale, **problem.facts) for locale in LOCALES}
