"""Knowledge and questions of this repository's own.

The starter knowledge with `answers/questions.jsonl`; `asked/*.txt`, parted by a seed: a line an answer, then
ways to ask for it.  A fifth of those answers is left out of the knowledge; their phrasings become related
questions without an answer.  Nobody's messages.

Does not: judge anything (`finding`).
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from mashang.knowledge import rendering, starting
from mashang.knowledge.finder import Answerable
from mashang.knowledge.judging import Question, read_questions

_LEFT_OUT = 5  # every fifth answer


def asked(language: str) -> dict[str, list[str]]:
    """All answers and how they are asked for."""
    lines = (Path(__file__).parent / "asked" / f"{language}.txt").read_text("utf-8").splitlines()
    return {name: texts for name, *texts in (line.split("|") for line in lines if line)}


def parted(every: dict[str, list[str]], known: int, seed: int) -> tuple[list[Answerable], list[Question]]:
    """Knowledge with `known` phrasings an answer, and what else is asked."""
    draw = Random(seed)  # noqa: S311 — the same set from the same seed
    names = draw.sample(sorted(every), len(every))
    answers, questions = [], []
    for place, name in enumerate(names):
        texts = draw.sample(every[name], len(every[name]))
        if place < len(names) // _LEFT_OUT:
            questions += [Question(text, None) for text in texts[:3]]
            continue
        answers.append(Answerable(name, tuple(texts[:known])))
        questions += [Question(text, name) for text in texts[known:]]
    return answers, questions


def starter() -> tuple[list[Answerable], list[Question]]:
    """The knowledge a shop begins with, and questions for it that were written apart from its phrasings."""
    answers = [
        Answerable(
            one.key,
            tuple(said for many in one.phrasings.values() for said in many),
            "\n".join(f"{one.title[locale]}\n{rendering.plain(one.body[locale])}" for locale in one.title),
        )
        for one in starting.starters()
    ]
    return answers, read_questions(Path(__file__).parent / "answers" / "questions.jsonl", answers)


def grown(number: int, known: int, seed: int = 1) -> tuple[list[Answerable], list[Question]]:
    """As many answers as wished, of words that mean nothing: for times and memory, not for how well it finds."""
    draw = Random(seed)  # noqa: S311 — as above
    common = [1 / (place + 1) for place in range(3000)]
    words = ["".join(draw.choices([chr(0x4E00 + place) for place in range(3000)], common, k=2)) for _ in range(4000)]
    answers, questions = [], []
    for name in map(str, range(number)):
        own = draw.choices(words, k=6)
        texts = [
            "".join(draw.choice(own if draw.random() < 0.4 else words) for _ in range(6)) for _ in range(known + 2)
        ]
        answers.append(Answerable(name, tuple(texts[2:])))
        questions += [Question(text, name) for text in texts[:2]]
    return answers, questions
