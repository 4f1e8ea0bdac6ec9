"""Search for people: a few typed words, and the articles they may mean, best first.

A term is a Chinese character or a pair of neighbours, the sound of either, the first letters of two or three
neighbours' sounds, or a word.  Titles and phrasings have all of them, bodies no first letters and no rarer readings.
All terms of all articles are one sorted array of numbers (`terms`): a term is found by bisection, and terms that begin
alike (a word half typed, a syllable half typed) stand beside each other, so they are one slice as well.  numpy sorts
five million of them in a second, in any thread, and puts those of one more article between them in a tenth of that; a
search looks up some twenty slices.

A query is read in several ways: as written, as pinyin, as initials; each document has the score of its best reading.
The score is BM25's (terms that few documents have count more, long documents less); a document whose share of what was
asked is small is not an answer and is left out, and so is what hardly fits beside the best one.

Does not: say how sure an answer is (`finder` does, for the assistant), or know what is published (`serving`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from mashang.knowledge import spelling, terms
from mashang.knowledge.marking import Marked, excerpt, mark
from mashang.knowledge.sounding import Meant, Sounding
from mashang.knowledge.spelling import TOKENS, normal, sound, stem

LONGEST_QUERY = 200
_TITLE, _PHRASING, _BODY, _CODE = 4.0, 1.5, 0.6, 4.0
_K, _B = 1.2, 0.6  # how soon repeating a term stops counting, how much length counts against it
_SHARE = 0.34  # of what was asked that a document must have
_SHARE_OF_INITIALS = 0.6  # two of six triples that a syllable's letters happen to be are no initials
_FIRST, _AS_MUCH, _FITS = 3, 0.9, 0.6  # how many always stay; of the best one's share, and of its score and share
_THEIR_LANGUAGE = 1.3
_LOOKED_AT = 40  # the best ones, whose titles and phrasings are compared as a whole
_LITTLE = 0.25  # what a function word counts
_ENDS = re.compile(r"^\W+|\W+$")


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """An article in one language; `body` is its plain text."""

    article_id: str
    locale: str
    title: str
    body: str
    phrasings: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


class Field(msgspec.Struct, frozen=True):
    """One part of all documents: what it counts, and whether it is found by its first letters, too."""

    texts: list[str]
    weight: float
    sounds: bool


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """An article found: its title and the place in its body that fits, each with what was searched marked in it."""

    article_id: str
    locale: str
    score: float
    title: Marked
    excerpt: Marked


class Term(msgspec.Struct, frozen=True):
    """A slice of the keys: from, to (not included), and how much it counts; weak ones make no answer by themselves."""

    begin: int
    end: int
    weight: float
    strong: bool = True


Scores = tuple[NDArray[np.float32], NDArray[np.float32]]  # of each document: score, share of what was asked


class Index:
    """Documents made searchable; never changes: `changed` gives another one that is as if made anew."""

    def __init__(self, documents: Sequence[Document] = ()) -> None:
        self.vocabulary: list[str] = []
        self._documents: list[Document | None] = []  # None: the place is free
        self._asked: list[str] = []
        self._written_so: Sounding | None = None  # made when somebody asks in pinyin
        self._keys = np.zeros(0, np.int64)
        self._counts = np.zeros(0, np.float32)  # how often the term comes, by the weight of where
        self._lengths = np.zeros(0, np.int64)  # terms of each document
        self._take(frozenset(), documents)

    def changed(self, gone: Collection[str], documents: Sequence[Document]) -> Index:
        """Without these articles, and with these documents: in a tenth of the time that all of them would take."""
        other = copy(self)  # nothing is changed in place
        other._take(frozenset(gone), documents)  # noqa: SLF001 — nobody else has it yet
        return other

    def _take(self, gone: frozenset[str], documents: Sequence[Document]) -> None:
        is_gone = np.array([one is None or one.article_id in gone for one in self._documents], np.bool_)
        kept = ~is_gone[terms.documents(self._keys)]
        keys, counts = self._keys[kept], self._counts[kept]
        room = np.concatenate([is_gone, np.ones(len(documents), np.bool_)])[: terms.DOCUMENTS]
        places = np.flatnonzero(room)[: len(documents)]
        documents = documents[: len(places)]
        fields = _fields(documents)
        keys = self._learn_words(keys, fields)
        new, new_counts = _counted(fields, {word: at for at, word in enumerate(self.vocabulary)})
        new = terms.of_documents(new, places)
        at = np.searchsorted(keys, new)
        self._keys, self._counts = np.insert(keys, at, new), np.insert(counts, at, new_counts)
        self._place(is_gone, places, documents)
        self._written_so = None
        self._lengths = np.bincount(terms.documents(self._keys), minlength=len(self._documents))
        self._many = sum(one is not None for one in self._documents)
        long = self._lengths / max(float(self._lengths.sum()) / max(self._many, 1), 1.0)
        self._norms = (_K * (1 - _B + _B * long)).astype(np.float32)

    def _learn_words(self, keys: terms.Keys, fields: Sequence[Field]) -> terms.Keys:
        """Make the vocabulary that of the kept keys and the new fields; the keys with its numbers."""
        used = [self.vocabulary[number] for number in terms.used_words(keys)]
        words = sorted({*used, *(word for field in fields for text in field.texts for word in terms.words(text))})
        if words != self.vocabulary:
            numbers = {word: number for number, word in enumerate(words)}
            keys = terms.renumbered(keys, np.array([numbers.get(word, 0) for word in self.vocabulary], np.int64))
        self.vocabulary = words
        return keys

    def _place(self, is_gone: NDArray[np.bool_], places: NDArray[np.int64], documents: Sequence[Document]) -> None:
        more = max(0, int(places[-1]) + 1 - len(is_gone)) if len(places) else 0
        kept = [None if gone else one for gone, one in zip(is_gone, self._documents, strict=True)]
        self._documents = [*kept, *([None] * more)]
        self._asked = [*self._asked, *([""] * more)]
        for place, one in zip(places.tolist(), documents, strict=True):
            self._documents[place] = one
            self._asked[place] = f"\n{normal(one.title)}\n{normal(chr(10).join(one.phrasings))}\n"

    def search(self, query: str, locale: str, limit: int) -> list[Hit]:
        """The articles that fit, best first; none for a query without a letter, digit or Chinese character."""
        asked = normal(query[:LONGEST_QUERY])
        scores, shares = self._scores(asked)
        best: dict[str, tuple[float, float, Document]] = {}
        for at in _highest(scores, _LOOKED_AT):
            document = self._documents[at]
            if document is None:  # has no terms
                continue
            score = (
                float(scores[at]) * self._whole(int(at), asked) * (_THEIR_LANGUAGE if document.locale == locale else 1)
            )
            if document.article_id not in best or score > best[document.article_id][0]:
                best[document.article_id] = (score, float(shares[at]), document)
        ranked = _without_tail(sorted(best.values(), key=lambda one: -one[0]))[:limit]
        return [
            Hit(
                article_id=one.article_id,
                locale=one.locale,
                score=round(score, 3),
                title=mark(one.title, asked),
                excerpt=excerpt(one.body, asked),
            )
            for score, _, one in ranked
        ]

    def meant(self, question: str) -> Meant | None:
        """A question in pinyin, written out with what stands in titles and phrasings; None for any other."""
        if self._written_so is None:
            self._written_so = Sounding(self._asked)
        return self._written_so.meant(question, self._is_english)

    def _is_english(self, word: str) -> bool:
        at = bisect_left(self.vocabulary, stem(word))
        if at == len(self.vocabulary) or self.vocabulary[at] != stem(word):
            return False
        term = self._term(terms.WORD, at, 0, 1.0)
        documents = terms.documents(self._keys[term.begin : term.end]).tolist()
        return any(one is not None and one.locale == "en" for one in map(self._documents.__getitem__, documents))

    def _whole(self, at: int, asked: str) -> float:
        """More where somebody asks in these very words."""
        wanted = _ENDS.sub("", asked)
        if not wanted:
            return 1.0
        return 2.0 if f"\n{wanted}\n" in self._asked[at] else 1.3 if wanted in self._asked[at] else 1.0

    # ── reading a query ─────────────────────────────────────────────────────

    def _scores(self, asked: str) -> Scores:
        """Of each document: its score by the reading that fits it best, and its share of what was asked by that."""
        tokens = TOKENS.findall(asked)
        best = np.zeros(len(self._documents), np.float32), np.zeros(len(self._documents), np.float32)
        if not tokens or not len(self._keys):
            return best
        for reading, trust, share in self._readings(tokens):
            best = _better(best, self._scored(list(reading), share), trust)
        if not best[0].any():
            for reading in self._meant(tokens):
                best = _better(best, self._scored(list(reading)))
        return best

    def _readings(self, tokens: Sequence[str]) -> Iterator[tuple[Iterator[Term], float, float]]:
        """Each with how far it is trusted, and the share of it that a document must have."""
        yield self._written(tokens), 1.0, _SHARE
        ways = [spelling.read(one) if one.isascii() and one.isalpha() else () for one in tokens]
        for way in range(max(map(len, ways))):
            items = [_item(token, readings, way) for token, readings in zip(tokens, ways, strict=True)]
            yield self._sounding([each for item in items for each in item]), 0.9, _SHARE
        letters = "".join(one if one.isascii() else spelling.first_letter(one) for one in tokens)
        if 2 <= len(letters) <= 12 and letters.isalpha() and any(one.isascii() for one in tokens):
            yield self._initials(letters), 0.7, _SHARE_OF_INITIALS

    def _written(self, tokens: Sequence[str]) -> Iterator[Term]:
        """Chinese as characters and their sound, everything else as words."""
        for one, other in zip(tokens, [*tokens[1:], ""], strict=True):
            if one.isascii():
                yield from self._word(one, last=not other)
                continue
            yield self._term(terms.CHAR, ord(one), 0, 0.15, strong=len(tokens) == 1)
            if other and not other.isascii():
                yield from self._pair(one, other)

    def _pair(self, one: str, other: str) -> Iterator[Term]:
        """Two neighbours: as written, and as they sound; where nobody wrote them so, the sound was meant."""
        weight = _weight(one + other)
        written = self._term(terms.PAIR, ord(one), ord(other), weight)
        sounds = sound(one), sound(other)
        heard = self._term(terms.SOUNDS, *sounds, _LITTLE if sounds in _function_sounds() else weight)
        if written.begin < written.end:
            yield from (written, msgspec.structs.replace(heard, weight=0.35 * heard.weight))
        else:
            yield msgspec.structs.replace(heard, weight=0.8 * heard.weight) if heard.begin < heard.end else written

    def _word(self, word: str, *, last: bool) -> Iterator[Term]:
        at = bisect_left(self.vocabulary, stem(word))
        known = at < len(self.vocabulary) and self.vocabulary[at] == stem(word)
        if known:
            yield self._term(terms.WORD, at, 0, _weight(word))
        end = bisect_left(self.vocabulary, f"{word}\uffff")
        begin = bisect_left(self.vocabulary, word)
        if begin < end and len(word) >= 2 and (last or not known):
            yield self._range(terms.WORD, (begin, 0), (end, 0), _weight(word) * (0.5 if known else 0.8))
        elif not known:
            near = self._near(word)
            for number in near:
                yield self._term(terms.WORD, number, 0, 0.7 / len(near))
            if not near:
                yield Term(0, 0, _weight(word))  # asked for, and nowhere

    def _near(self, word: str) -> list[int]:
        if len(word) < 4 or word.isdigit():
            return []
        found = process.extract(stem(word), self.vocabulary, scorer=OSA.distance, score_cutoff=1, limit=4)
        return [at for _, _, at in found]

    def _sounding(self, items: Sequence[tuple[int, str, str]]) -> Iterator[Term]:
        """As syllables; an item is its number or -1, its character if it has one, what is half typed or a word."""
        for at, (syllable, character, rest) in enumerate(items):
            if syllable < 0 and not character and not spelling.beginning(rest)[1]:
                yield from self._word(rest, last=at == len(items) - 1)
                continue
            last = at == len(items) - 1 and not character
            begin, end = spelling.beginning(rest) if syllable < 0 else (syllable, syllable + 1)
            if last and syllable >= 0:
                begin, end = spelling.beginning(spelling.syllables()[syllable])
            before = items[at - 1][0] if at else -1
            if at and before >= 0:
                if character and items[at - 1][1]:
                    yield self._term(terms.PAIR, ord(items[at - 1][1]), ord(character), 1.0)
                yield self._range(
                    terms.SOUNDS, (before, begin), (before, end), 0.35 if character and items[at - 1][1] else 1.0
                )
            elif len(items) == 1:
                yield self._range(terms.SOUND, (begin, 0), (end, 0), 1.0)

    def _initials(self, letters: str) -> Iterator[Term]:
        codes = [ord(one) - ord("a") for one in letters]
        if len(codes) == 2:
            yield self._term(terms.FIRSTS2, codes[0], codes[1], 1.0)
        for one, two, three in zip(codes, codes[1:], codes[2:], strict=False):
            yield self._term(terms.FIRSTS3, one * 26 + two, three, 1.0)

    def _meant(self, tokens: Sequence[str]) -> Iterator[Iterator[Term]]:
        """What was meant, perhaps, by letters that make no sense: with one of them mended."""
        told = 0
        for run in (one for one in tokens if one.isalpha() and one.isascii()):
            for way in spelling.slipped(run):
                pairs = list(pairwise(way))
                if (
                    told < 8
                    and pairs
                    and all((term := self._term(terms.SOUNDS, *pair, 1.0)).begin < term.end for pair in pairs)
                ):
                    told += 1
                    yield (self._term(terms.SOUNDS, *pair, 0.7) for pair in pairs)

    # ── looking up ──────────────────────────────────────────────────────────

    def _term(self, kind: int, first: int, second: int, weight: float, *, strong: bool = True) -> Term:
        return self._slice(terms.key(kind, first, second), terms.key(kind, first, second + 1), weight, strong)

    def _range(self, kind: int, begin: tuple[int, int], end: tuple[int, int], weight: float) -> Term:
        return self._slice(terms.key(kind, *begin), terms.key(kind, *end), weight, strong=True)

    def _slice(self, begin: int, end: int, weight: float, strong: bool) -> Term:
        lower, upper = np.searchsorted(self._keys, np.array([begin, end]))
        return Term(int(lower), int(upper), weight, strong)

    def _scored(self, asked_for: Sequence[Term], share: float = _SHARE) -> Scores:
        size = len(self._documents)
        scores, had = np.zeros(size, np.float32), np.zeros(size, np.float32)
        strong, asked = np.zeros(size, np.bool_), 0.0
        for term in dict.fromkeys(asked_for):
            documents = terms.documents(self._keys[term.begin : term.end])
            counts = self._counts[term.begin : term.end]
            impacts = counts * np.float32(_K + 1) / (counts + self._norms[documents])
            rarity = float(np.log1p(self._many / (len(documents) + 0.5))) * term.weight
            asked += rarity if len(documents) else 0.6 * rarity
            gained = np.zeros(size, np.float32)
            np.maximum.at(gained, documents, impacts)
            scores += gained * rarity
            had += (gained > 0) * np.float32(rarity)
            strong |= (gained > 0) & term.strong
        return np.where(strong & (had >= share * asked), scores, np.float32(0)), had / np.float32(max(asked, 1e-9))


@cache
def function_words() -> frozenset[str]:
    """Words, and pairs of Chinese characters, that say how something is asked and not what about."""
    lines = (Path(__file__).parent / "function_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _function_sounds() -> frozenset[tuple[int, ...]]:
    return frozenset(tuple(map(sound, word)) for word in function_words() if not word.isascii())


def _weight(word: str) -> float:
    return _LITTLE if word in function_words() else 1.0


def _item(token: str, readings: Sequence[tuple[spelling.Syllables, str]], way: int) -> list[tuple[int, str, str]]:
    if not readings:
        return [(-1, "", token)] if token.isascii() else [(sound(token), token, "")]
    sounds, rest = readings[min(way, len(readings) - 1)]
    return [(one, "", "") for one in sounds] + ([(-1, "", rest)] if rest else [])


def _better(one: Scores, other: Scores, trust: float = 1.0) -> Scores:
    scores = other[0] * np.float32(trust)
    wins = scores > one[0]
    return np.where(wins, scores, one[0]), np.where(wins, other[1], one[1])


def _without_tail(ranked: Sequence[tuple[float, float, Document]]) -> list[tuple[float, float, Document]]:
    """Without those that hardly fit; the more of what was asked the best one has, the nearer others must come to it.

    The first few stay, the right one often stands second; so does what has as much of what was asked as the best.
    """
    if not ranked:
        return []
    score, share, _ = ranked[0]
    fits = _FITS * share
    tail = (one for one in ranked[_FIRST:] if one[1] >= _AS_MUCH * share or min(one[0] / score, one[1] / share) >= fits)
    return [*ranked[:_FIRST], *tail]


def _highest(scores: NDArray[np.float32], many: int) -> NDArray[np.intp]:
    found = np.flatnonzero(scores)
    return found[np.argsort(-scores[found], kind="stable")[:many]]


def _fields(documents: Sequence[Document]) -> list[Field]:
    return [
        Field([normal(one.title) for one in documents], _TITLE, sounds=True),
        Field([normal("\n".join(one.phrasings)) for one in documents], _PHRASING, sounds=True),
        Field([normal(one.body) for one in documents], _BODY, sounds=False),
        Field([normal("\n".join(one.codes)) for one in documents], _CODE, sounds=False),
    ]


def _counted(fields: Sequence[Field], numbers: Mapping[str, int]) -> tuple[terms.Keys, NDArray[np.float32]]:
    """Each key once, sorted, and how often its term comes, by the weights of the fields."""
    parts = [_once(terms.of(one.texts, numbers, sounds=one.sounds), one.weight) for one in fields]
    keys = np.concatenate([keys for keys, _ in parts])
    weights = np.concatenate([weights for _, weights in parts])
    order = np.argsort(keys, kind="stable")  # four runs in order already
    keys, weights = keys[order], weights[order]
    if not len(keys):
        return keys, weights
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[starts], np.add.reduceat(weights, starts)


def _once(keys: terms.Keys, weight: float) -> tuple[terms.Keys, NDArray[np.float32]]:
    every = np.sort(keys)
    starts = np.flatnonzero(np.diff(every, prepend=-1))
    return every[starts], np.diff(starts, append=len(every)).astype(np.float32) * np.float32(weight)
