"""How a typed code is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.codes.code import is_topic_code, normalise


@pytest.mark.parametrize(
    "typed",
    ["CZ", "cz", "ｃｚ", "ＣＺ", " c z ", "【CZ】", "“cz”", "C-Z", "c.z!", "c\u200bz", "\u202ecz\u202c", "C\u0000Z",
     "🅲 cz"[2:], "\ufeffCZ", "C\u00adZ", "CZ。", "#cz"],
)  # fmt: skip
def test_the_same_code_is_typed_in_many_ways(typed: str) -> None:
    assert normalise(typed) == "CZ"


@pytest.mark.parametrize("code", ["CZ", "24H", "A1B2C3D4"])
def test_a_topic_code_has_two_to_eight_capitals_and_digits(code: str) -> None:
    assert is_topic_code(code)


@pytest.mark.parametrize("text", ["", "C", "cz", "ABCDEFGHI", "C Z", "充值", "CZ\n", "Ｃ１"])
def test_anything_else_is_not_one(text: str) -> None:
    assert not is_topic_code(text)


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
