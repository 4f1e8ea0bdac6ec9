"""What topics are called, by every way of writing it: characters, pinyin, sound, English.

An alias goes before a name, and both before the core of a name (充值 of 充值问题).

Does not: read sentences or decide (`matching`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mashang.codes import cues
from mashang.codes.code import Topic, normalise
from mashang.codes.slips import Near
from mashang.kit.folding import simplified
from mashang.kit.sound import soften, sounds, typed_forms

_SHORTEST_PINYIN = 4  # letters; shorter ones are words and codes of their own
_SHORTEST_SLIPPED = 5
_SHORTEST_PHRASE = 4  # characters of a phrase that is recognised with one of them wrong
_PART_OF_RUN = 4  # characters that may follow a name for it to be worth a question

Topics = tuple[Topic, ...]


class Names:
    """All names of all topics."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        topics = tuple(topics)
        levels = [list(_aliases(topics)), list(_names(topics)), list(_cores(topics))]
        self.written = _by_level(levels)
        chinese = [[(name, topic) for name, topic in level if not name.isascii()] for level in levels]
        self.heard = _by_level([[(s, t) for name, t in level for s in sounds(name)] for level in chinese])
        self.typed = _by_level([[(p, t) for name, t in level for p in typed_forms(name)] for level in chinese])
        self.soft = _gathered((soften(typed), topic) for typed, named in self.typed.items() for topic in named)
        english = [name for name in self.written if name.isascii() and len(name) > _SHORTEST_SLIPPED]
        self._likeliest = {typed for level in chinese for name, _ in level for typed in typed_forms(name)[:1]}
        self._near_typed = Near(word for word in self.typed if len(word) >= _SHORTEST_PINYIN)
        self._near_english = Near(english)
        self._near_written = Near(name for name in self.written if not name.isascii() and len(name) >= _SHORTEST_PHRASE)
        self._of = {
            t.id: [name for level in levels for name, named in level if named.id == t.id and name != t.code]
            for t in topics
        }
        self._lengths = sorted({len(name) for name in self.written if not name.isascii()}, reverse=True)

    def of(self, topic: Topic) -> list[str]:
        """What this topic is called."""
        return self._of[topic.id]

    def pinyin_with_slip(self, typed: str) -> tuple[Topics, bool]:
        """The topics whose pinyin is within one slip of `typed`, and whether that is near enough to be meant."""
        if len(typed) >= _SHORTEST_SLIPPED and (alike := self.soft.get(soften(typed))):
            return alike, True
        slips = self._near_typed.slips(typed)
        slips = [slip for slip in slips if slip.code in self._likeliest] or slips
        found = tuple(dict.fromkeys(topic for slip in slips for topic in self.typed[slip.code]))
        return found, len(typed) >= _SHORTEST_SLIPPED

    def english_with_slip(self, typed: str) -> Topics:
        """The topics whose English name is one slip away."""
        slips = self._near_english.slips(typed)
        return tuple(dict.fromkeys(topic for slip in slips for topic in self.written[slip.code]))

    def sounding_like(self, run: str) -> Topics:
        """The topics with a name that sounds like these characters."""
        for sound in sounds(run):
            if named := self.heard.get(sound):
                return named
        return ()

    def nearly(self, run: str) -> Topics:
        """The topics these characters may be about: a phrase with one of them wrong, or a name that begins them."""
        if slips := self._near_written.slips(run):
            return tuple(dict.fromkeys(topic for slip in slips for topic in self.written[slip.code]))
        for length in self._lengths:
            if 2 <= length < len(run) <= length + _PART_OF_RUN and (named := self.written.get(run[:length])):
                return named
        return ()


def spelled(name: str) -> str:
    """The letters, digits and characters of a name, evened out as customers' words are."""
    return simplified(normalise(name))


def _aliases(topics: Topics) -> Iterator[tuple[str, Topic]]:
    return ((spelled(alias), topic) for topic in topics for alias in topic.aliases)


def _names(topics: Topics) -> Iterator[tuple[str, Topic]]:
    return ((name, t) for t in topics for name in {spelled(t.name), spelled(t.name_en)} if name)


def _cores(topics: Topics) -> Iterator[tuple[str, Topic]]:
    found = ((cues.core(spelled(name)), topic) for topic in topics for name in (topic.name, *topic.aliases))
    return ((name, topic) for name, topic in found if len(name) > 1 and not name.isascii())


def _gathered(pairs: Iterable[tuple[str, Topic]]) -> dict[str, Topics]:
    found: dict[str, dict[int, Topic]] = {}
    for name, topic in pairs:
        found.setdefault(name, {})[topic.id] = topic
    return {name: tuple(topics.values()) for name, topics in found.items()}


def _by_level(levels: list[list[tuple[str, Topic]]]) -> dict[str, Topics]:
    merged: dict[str, Topics] = {}
    for level in reversed(levels):
        merged |= _gathered(level)
    return merged
