"""The nearest neighbour: an answer is as near as its nearest phrasing, by BM25 over characters and pairs of them.

Does not: know when not to answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log

from mashang.knowledge.finder import Answerable
from mashang.knowledge.phrasing import folded

_K, _B = 1.2, 0.75


def _terms(text: str) -> list[str]:
    plain = folded(text)
    return [*plain, *(plain[at : at + 2] for at in range(len(plain) - 1))]


class Nearest:
    """All phrasings, as an inverted index."""

    def __init__(self, answers: Sequence[Answerable]) -> None:
        self._owners = [answer.id for answer in answers for _ in answer.phrasings]
        texts = [_terms(text) for answer in answers for text in answer.phrasings]
        mean = max(1.0, sum(map(len, texts)) / max(1, len(texts)))
        self._lists: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, terms in enumerate(texts):
            for term, times in Counter(terms).items():
                weight = times * (_K + 1) / (times + _K * (1 - _B + _B * len(terms) / mean))
                self._lists[term].append((number, weight))
        self._idf = {
            term: log(1 + (len(texts) - len(places) + 0.5) / (len(places) + 0.5))
            for term, places in self._lists.items()
        }

    def find(self, question: str) -> str | None:
        """The answer of the nearest phrasing; None: no phrasing has a character of it."""
        scores: defaultdict[int, float] = defaultdict(float)
        for term in _terms(question):
            for number, weight in self._lists.get(term, ()):
                scores[number] += weight * self._idf[term]
        return self._owners[max(scores, key=lambda number: (scores[number], -number))] if scores else None
