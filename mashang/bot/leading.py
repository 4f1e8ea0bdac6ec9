"""Where a playbook leads: every step is there and reached, every way ends, and no circle runs without a question.

Does not: know the form of a step (`checking`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mashang.bot import wording
from mashang.bot.conditions import ANSWER
from mashang.bot.facts import BROUGHT_BY
from mashang.bot.marked import Node
from mashang.bot.playbook import Act, Ask, Decide, HandOver, LookUp, Playbook, Say, Solved, Step, ways

Tell = Callable[..., None]


def check(playbook: Playbook, at: Node, tell: Tell) -> None:
    """Tell everything that is wrong with the ways; `at` has the places of the steps."""
    steps = playbook.steps
    if _unknown(playbook, at, tell):
        return
    reached = _reached(steps, playbook.first)
    for name in steps:
        if name not in reached:
            tell(at.names[name], f"steps.{name}", "unreachable", step=name)
    circle = _circle(steps)
    if circle:
        tell(at.names[circle[0]], f"steps.{circle[0]}", "circle", steps=" → ".join([*circle, circle[0]]))
    ending = _ending(steps)
    for name in steps:
        if name in reached and name not in ending and not circle:
            tell(at.names[name], f"steps.{name}", "no_end", step=name)
    _not_looked_up(playbook, at, tell)


def _unknown(playbook: Playbook, at: Node, tell: Tell) -> bool:
    found = False
    for name, step in playbook.steps.items():
        for way, to in ways(step):
            if to not in playbook.steps:
                tell(_place(at.value[name], way), f"steps.{name}.{way}", "unknown_step", step=to)
                found = True
    return found


def _place(node: Node, path: str) -> Node:
    for part in path.split("."):
        node = node.value[int(part)] if isinstance(node.value, list) else node.value[part]
    return node


def _reached(steps: dict[str, Step], first: str) -> set[str]:
    found, ahead = {first}, [first]
    while ahead:
        for _, to in ways(steps[ahead.pop()]):
            if to not in found:
                found.add(to)
                ahead.append(to)
    return found


def _ending(steps: dict[str, Step]) -> set[str]:
    """The steps from which an end can be reached; that an ask offers a person is none of its own."""
    found = {name for name, step in steps.items() if isinstance(step, HandOver | Solved)}
    while more := {name for name, step in steps.items() if name not in found and _leads_into(step, found)}:
        found |= more
    return found


def _leads_into(step: Step, found: set[str]) -> bool:
    return any(to in found for _, to in ways(step))


def _circle(steps: dict[str, Step]) -> list[str]:
    """Steps that lead into each other without a question; empty: none do."""
    silent = {name: [to for _, to in ways(step)] for name, step in steps.items() if not isinstance(step, Ask)}
    done: set[str] = set()
    for first in silent:
        path: list[str] = []
        ways_on: list[Iterator[str]] = [iter([first])]
        while ways_on:
            to = next(ways_on[-1], None)
            if to is None:
                ways_on.pop()
                if path:
                    done.add(path.pop())
            elif to in path:
                return path[path.index(to) :]
            elif to in silent and to not in done:
                path.append(to)
                ways_on.append(iter(silent[to]))
    return []


def _not_looked_up(playbook: Playbook, at: Node, tell: Tell) -> None:
    """What is used has to be brought on some way that leads to its use."""
    before = _brought_before(playbook)
    for name, step in playbook.steps.items():
        for used, path in _used(step):
            by = used if used.startswith(ANSWER) else BROUGHT_BY.get(used)
            if by is not None and by not in before[name]:
                code = "unknown_answer" if used.startswith(ANSWER) else "never_looked_up"
                tell(_place(at.value[name], path), f"steps.{name}.{path}", code, name=used, by=by)


def _brought_before(playbook: Playbook) -> dict[str, set[str]]:
    """What may be known when a step begins."""
    before: dict[str, set[str]] = {name: set() for name in playbook.steps}
    changed = True
    while changed:
        changed = False
        for name, step in playbook.steps.items():
            after = before[name] | _brings(step)
            for _, to in ways(step):
                if not after <= before[to]:
                    before[to] |= after
                    changed = True
    return before


def _brings(step: Step) -> set[str]:
    match step:
        case Ask(into=into) if into:
            return {f"{ANSWER}{into}"}
        case LookUp():
            return {step.look_up}
        case Act():
            return {"act"}
    return set()


def _used(step: Step) -> Iterator[tuple[str, str]]:
    """Every fact that a step uses, and where."""
    texts: dict[str, dict[str, str]] = {}
    match step:
        case Ask():
            texts = {"text": step.text, **{f"options.{n}.text": one.text for n, one in enumerate(step.options)}}
        case Say() | Solved():
            texts = {"say": step.say}
        case HandOver():
            texts = {"say": step.say, "hand_over": step.hand_over}
        case Decide():
            yield from _compared(step)
        case LookUp(of=of) | Act(of=of) if of:
            yield f"{ANSWER}{of}", "of"
    for path, words in texts.items():
        for locale, text in words.items():
            yield from ((name, f"{path}.{locale}") for name in wording.slots(text))


def _compared(step: Decide) -> Iterator[tuple[str, str]]:
    for n, case in enumerate(step.decide):
        for name, wanted in case.when.items():
            yield name, f"decide.{n}.when"
            yield from ((right, f"decide.{n}.when") for right in _others(wanted))


def _others(wanted: Any) -> list[str]:
    return [right for right in wanted.values() if right in BROUGHT_BY] if isinstance(wanted, dict) else []
