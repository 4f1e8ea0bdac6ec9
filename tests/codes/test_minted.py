"""How a minted code is made, checked and read."""

from __future__ import annotations

import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.codes import minted
from mashang.codes.claims import may_hold_a_code
from mashang.codes.code import fold
from mashang.codes.minted import ALPHABET, LENGTH, check_character, draw, is_body, minted_body, written

TOPICS = {"DD", "CZ", "24H"}
PAYLOADS = ("29NGSF8BZTV", "7KQ2M0XHD5A", "00000000001", "ZZZZZZZZZZZ")
BODIES = [payload + check_character(payload) for payload in PAYLOADS]
payloads = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)


def checked(text: str) -> bool:
    """Is the check character right, whatever the form?"""
    return check_character(text[:-1]) == text[-1]


def read(text: str) -> tuple[str, str] | None:
    found = minted_body(fold(text), TOPICS.__contains__)
    return (found.topic_code, found.body) if found else None


def test_the_check_character_is_the_published_one() -> None:
    assert check_character("29NGSF8BZTV") == "W"


@pytest.mark.parametrize("body", BODIES)
def test_every_single_wrong_character_is_noticed(body: str) -> None:
    for place, other in itertools.product(range(LENGTH), ALPHABET):
        assert checked(body[:place] + other + body[place + 1 :]) == (other == body[place])


@pytest.mark.parametrize("body", BODIES)
def test_every_exchange_of_two_different_characters_is_noticed(body: str) -> None:
    for one, other in itertools.combinations(range(LENGTH), 2):
        exchanged = list(body)
        exchanged[one], exchanged[other] = body[other], body[one]
        assert checked("".join(exchanged)) == (body[one] == body[other])


def test_no_exchange_and_no_twin_error_is_ever_missed() -> None:
    """The sum is linear: `ab` typed as `ba`, like `aa` typed as `bb`, adds one difference in two places."""
    for (one, other), difference in itertools.product(itertools.combinations(range(LENGTH), 2), ALPHABET[1:]):
        characters = ["0"] * LENGTH
        characters[one] = characters[other] = difference
        assert not checked("".join(characters))


@given(payloads, payloads)
def test_the_sum_of_two_right_codes_is_right_so_differences_tell_all(one: str, other: str) -> None:
    total = [
        ALPHABET[ALPHABET.index(a) ^ ALPHABET.index(b)]
        for a, b in zip(one + check_character(one), other + check_character(other), strict=True)
    ]
    assert checked("".join(total))


def test_a_drawn_code_is_right_and_drawn_again_another() -> None:
    drawn = [draw() for _ in range(2000)]
    assert len(set(drawn)) == len(drawn)
    assert all(is_body(body) for body in drawn)
    assert {body[place] for body in drawn for place in range(LENGTH - 1)} == set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "29NG-SF8B-ZTVW",
        "29ngsf8bztvw",
        "２９ｎｇ－ｓｆ８ｂ－ｚｔｖｗ",
        "29NG SF8B ZTVW",
        "29 NGS F8B ZTV W",
        "2 9 N G S F 8 B Z T V W",
        "29NG–SF8B—ZTVW",
        "29N\u200bG-SF8B-Z\u00adTVW",
        "【29NG-SF8B-ZTVW】",
        "我的代码是29NG-SF8B-ZTVW谢谢",
        "你好，代码：29ng sf8b ztvw，还没到",
        "code 29NG-SF8B-ZTVW please",
        "29NG-SF8B-ZTVW 123",
        "#29NG.SF8B.ZTVW!",
        "CZ还是 29NG-SF8B-ZTVW",
        "order 29NG-SF8B-ZTVW",
    ],
)
def test_a_code_is_read_however_it_is_typed_and_inside_a_sentence(typed: str) -> None:
    assert read(typed) == ("", "29NGSF8BZTVW")


@pytest.mark.parametrize(
    "typed",
    [
        "DD-29NG-SF8B-ZTVW",
        "dd29ngsf8bztvw",
        "我的码DD-29NG-SF8B-ZTVW在这",
        "DD 29NG SF8B ZTVW",
        "dd：29NGSF8BZTVW",
        "dd 29n gsf 8bz tvw",
    ],
)
def test_the_topic_before_a_code_is_read_with_it(typed: str) -> None:
    assert read(typed) == ("DD", "29NGSF8BZTVW")


def test_look_alikes_are_read_as_what_the_alphabet_has() -> None:
    body = next(body for body in iter(draw, None) if "0" in body and "1" in body)
    for zero, one in itertools.product("0Oo", "1IiLl"):
        assert read(written(body).replace("0", zero).replace("1", one)) == ("", body)


@pytest.mark.parametrize(
    "typed",
    [
        "29NG-SF8B-ZTVX",
        "29NG-SF8B-ZTV",
        "29NG-SF8B-ZTVWW",
        "U9NG-SF8B-ZTVW",
        "29NG-SF8B-ZTVW-7Q2K",
        "AB12-29NG-SF8B-ZTVW",
        "AB12 29NG SF8B ZTVW",
        "29NG SF8B ZTVW 7Q2K",
        "XX29NGSF8BZTVW",
        "充值",
        "",
    ],
)
def test_what_is_wrong_or_the_middle_of_something_longer_is_no_code(typed: str) -> None:
    assert read(typed) is None


def test_a_number_a_word_or_an_account_is_never_taken_for_a_code() -> None:
    chance = random.Random(7)  # noqa: S311 — the same cases every time
    for _ in range(2000):
        digits = "".join(chance.choices("0123456789", k=12))
        letters = "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTVWXYZ", k=12))
        for typed in (digits, letters, f"QQ{digits[:10]}", f"TB {digits[:10]}", f"ORD{digits[:9]}"):
            assert read(typed) is None


def test_a_code_with_a_slip_is_seen_to_be_meant_and_nothing_else_is() -> None:
    assert minted.looks_misread("29NG-SF8B-ZTVX")
    for typed in ("29NG-SF8B-ZTVW", "AB12-29NG-SF8B-ZTVX", "1234-5678-9012", "29NGSF8BZTVX", "CZ"):
        assert not minted.looks_misread(typed)


def test_the_place_of_a_code_is_told_in_the_text_as_it_was_typed() -> None:
    text = "㎏你好 d\u200bd－29ng sf8b ｚtvw。"
    (start, end), = minted.spans(text, TOPICS.__contains__)  # fmt: skip
    assert text[start:end] == "d\u200bd－29ng sf8b ｚtvw"


@given(payloads, st.text("你好请问我要咨询，。！？ 【】“”", max_size=12), st.text("谢谢，。！ 】", max_size=12))
def test_a_code_among_chinese_words_is_always_found(payload: str, before: str, after: str) -> None:
    body = payload + check_character(payload)
    expected = ("", body) if is_body(body) else None
    assert read(f"{before}{written(body)}{after}") == expected


@pytest.mark.parametrize(
    "text", ["A" * 2000, "1234 " * 400, "A1B2-" * 400, "2ABC" * 500, "29NG-SF8B-ZTVX " * 130, "-" * 2000, "2 " * 1000]
)
def test_absurd_text_is_read_at_once(text: str) -> None:
    began = time.perf_counter()
    assert read(text) is None
    assert time.perf_counter() - began < 0.1


_DRAWN = {
    "as drawn": str,
    "in full width": lambda body: "".join(chr(ord(each) + 0xFEE0) for each in body),
    "letter by letter": " ".join,
    "circled digits": lambda body: body.translate(str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")),
    "with marks nobody sees": "\u200b".join,
}


@pytest.mark.parametrize("shape", _DRAWN)
@given(payloads, st.text("你好一二请问，。！ 12ab", max_size=9), st.text("谢谢，。！ 】两℡㎏", max_size=9))
def test_the_question_asked_of_every_message_never_loses_a_code(
    shape: str, payload: str, before: str, behind: str
) -> None:
    text = before + _DRAWN[shape](payload + check_character(payload)) + behind
    assert may_hold_a_code(text) == (minted_body(fold(text), lambda _: True) is not None)


@given(st.text())
def test_any_text_can_be_read_and_where_a_code_was_seen_one_stands(text: str) -> None:
    minted.looks_misread(fold(text))
    for start, end in minted.spans(text):
        assert read(text[start:end])
