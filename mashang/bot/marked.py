"""YAML as nodes that know where they stand, so that whoever is refused hears the line and the column.

A playbook is data: no tags, no anchors and aliases (a few lines of them unfold into gigabytes), one document, no
name twice in a mapping, no deep nesting.  Of plain words only `true`, `false`, `null` and numbers mean more than
themselves: `yes`, `no`, `on` and dates stay the words they are.

Does not: know what a playbook is made of (`checking`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

DEEPEST = 10
LONGEST = 64_000  # characters
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same events, seven times as fast
_PLAIN: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER, _DECIMAL = re.compile(r"-?\d{1,15}"), re.compile(r"-?\d{1,12}\.\d{1,6}")


class Problem(msgspec.Struct, frozen=True):
    """Why a playbook is refused, and where; `code` and `facts` make the sentence `playbook.problem.<code>`."""

    line: int
    column: int
    path: str
    code: str
    facts: dict[str, str | int] = {}


class Refused(Exception):
    """This is not YAML that a playbook may be written in."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Node(msgspec.Struct, frozen=True):
    """A value and its place, from 1: a scalar, a list of nodes, or names with nodes (`names` has the names' places)."""

    value: Any
    line: int
    column: int
    names: dict[str, Node] = {}

    @property
    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {name: node.plain for name, node in self.value.items()}
        return [node.plain for node in self.value] if isinstance(self.value, list) else self.value


def read(source: str) -> Node:
    """The one document; raises Refused."""
    if len(source) > LONGEST:
        raise Refused(Problem(1, 1, "", "too_big", {"most": LONGEST}))
    try:
        events = iter(list(_plain_events(source)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Refused(_at(mark, "not_yaml", said=str(error.problem or error.context)[:120])) from None
    except yaml.YAMLError:
        line = next((n for n, text in enumerate(source.splitlines(), 1) if not text.isprintable()), 1)
        raise Refused(Problem(line, 1, "", "not_printable")) from None
    first = next(events, None)
    if first is None:
        raise Refused(Problem(1, 1, "", "empty"))
    node = _node(first, events)
    if (more := next(events, None)) is not None:
        raise Refused(_at(more.start_mark, "two_documents"))
    return node


def _at(mark: yaml.Mark | None, code: str, **facts: str | int) -> Problem:
    return Problem(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, "", code, facts)


def _plain_events(source: str) -> Iterator[yaml.Event]:
    """The events that stand for values; raises Refused at the first that is more than data, or nested too deeply.

    Reading takes longer with the square of the depth: whoever is too deep is not read to the end.
    """
    depth = 0
    for event in yaml.parse(source, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Refused(_at(event.start_mark, "alias"))
        if getattr(event, "tag", None):
            raise Refused(_at(event.start_mark, "tag"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Refused(_at(event.start_mark, "too_deep", most=DEEPEST))
        if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            yield event


def _node(event: yaml.Event, events: Iterator[yaml.Event]) -> Node:
    place = (event.start_mark.line + 1, event.start_mark.column + 1)
    if isinstance(event, yaml.ScalarEvent):
        return Node(_scalar(event), *place)
    if isinstance(event, yaml.SequenceStartEvent):
        return Node([_node(one, events) for one in _until_end(events)], *place)
    values: dict[str, Node] = {}
    names: dict[str, Node] = {}
    for key in _until_end(events):
        if not isinstance(key, yaml.ScalarEvent):
            raise Refused(_at(key.start_mark, "name_not_text"))
        if key.value in values:
            raise Refused(_at(key.start_mark, "name_twice", name=key.value[:60]))
        names[key.value] = Node(key.value, key.start_mark.line + 1, key.start_mark.column + 1)
        values[key.value] = _node(next(events), events)
    return Node(values, *place, names)


def _until_end(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """The events up to the end of this collection; whoever takes one takes what belongs to it."""
    return iter(lambda: _or_none(next(events)), None)


def _or_none(event: yaml.Event) -> Any:
    return None if isinstance(event, yaml.CollectionEndEvent) else event


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if not event.implicit[0]:  # quoted, or a block of text
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
