"""What the finder is judged by was written apart from what it learns from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec

from mashang.guard.masking import mask
from mashang.knowledge import starting
from mashang.knowledge.holding_back import small_talk
from mashang.knowledge.phrasing import folded

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "bench" / "answers"
WEEK = ROOT / "mashang" / "cli" / "week" / "consultations.jsonl"
FILES = ("questions.jsonl", "dev.jsonl")  # what is told, and what one may look at while writing phrasings


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    expect: str | None


class Consultation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What would solve it: an article or its playbook; None: a person.  `cause` is what the shop's data would show."""

    text: str
    solves: str | None
    cause: Literal["payment", "game_maintenance", "low_balance", "wrong_account", "not_yet"] | None = None


def read(name):
    return msgspec.json.Decoder(Question).decode_lines((FOLDER / name).read_bytes())


CONSULTATIONS = msgspec.json.Decoder(Consultation).decode_lines(WEEK.read_bytes())
QUESTIONS = [question for name in FILES for question in read(name)]


def is_chinese(text):
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def test_there_are_questions_enough_of_every_kind():
    kinds = Counter((one.expect is not None, is_chinese(one.text)) for one in QUESTIONS)
    assert kinds[True, True] >= 500
    assert kinds[True, False] >= 200
    assert kinds[False, True] + kinds[False, False] >= 240
    assert len(read("questions.jsonl")) >= 2 * len(read("dev.jsonl"))


def test_each_answer_is_asked_for_in_both_languages_and_expects_one_there_is():
    asked = Counter((one.expect, is_chinese(one.text)) for one in QUESTIONS if one.expect)
    keys = {one.key for one in starting.starters()}
    assert {key for key, _ in asked} == keys
    assert min(asked[key, True] for key in keys) >= 9
    assert min(asked[key, False] for key in keys) >= 4


def test_a_week_is_asked_in_words_of_its_own_and_says_what_would_solve_it():
    assert len(CONSULTATIONS) >= 800
    solved = Counter(one.solves for one in CONSULTATIONS)
    assert set(solved) == {one.key for one in starting.starters()} | {None}
    assert solved[None] >= 80
    assert {one.solves for one in CONSULTATIONS if one.cause} == {"recharge-not-arrived"}
    assert min(Counter(one.cause for one in CONSULTATIONS).values()) >= 10


def test_no_question_is_learned_from_or_stands_twice():
    learned = {folded(text) for one in starting.starters() for texts in one.phrasings.values() for text in texts}
    learned |= {folded(line) for line in small_talk()}
    times = Counter(folded(one.text) for one in (*QUESTIONS, *CONSULTATIONS))
    assert [text for text, number in times.items() if number > 1 or text in learned or not text] == []


def test_nobodys_number_or_key_is_in_them():
    assert [one.text for one in (*QUESTIONS, *CONSULTATIONS) if mask(one.text).text != one.text] == []
