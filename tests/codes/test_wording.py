"""No page calls a service code a one-time password: where the word stands, a one-time password is meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = [
    *sorted((ROOT / "web/customer/src/catalogue").glob("*.json")),
    *sorted((ROOT / "web/desk/src/words").glob("*.json")),
    *sorted((ROOT / "mashang/kit/locales").glob("*.json")),
    *sorted((ROOT / "demo/shop/words").glob("*.json")),
]
WORDS = ("验证码", "校验码", "动态码", "verification code", "one-time password", "one-time code")
# Sentences about proving who one is with a code that was sent, signing in with two factors, or never sharing either.
ABOUT_ONE_TIME_PASSWORDS = (
    "proof.", "prove.", "factor.", "identity.", "second_factor", "one_time_code", "event.one_time_code",
    "event_one_time_code", "shop.ability.one_time_code", "check.proof.one_time_code",
    "codes_off", "last_four_off", "not_proved_to_be", "order.status_only", "event.proved.account", "start.safety",
    "contact.safe", "lint_digits", "code.hint", "code.not",
)  # fmt: skip
DENIED = ("不是", "混淆", "is no", "not a", "not one", "never", "mistaken", "taken for")


def _sentences(found: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(found, str):
        yield path, found
    else:
        for key, each in found.items():
            yield from _sentences(each, key)


def test_only_sentences_about_one_time_passwords_use_their_name() -> None:
    said = [
        (f"{path.name}: {key}", sentence)
        for path in CATALOGUES
        for key, sentence in _sentences(json.loads(path.read_text("utf-8")))
        if any(word in sentence.lower() for word in WORDS) and not key.startswith(ABOUT_ONE_TIME_PASSWORDS)
    ]
    assert said == []


def test_a_sentence_that_names_both_says_that_they_are_two_things() -> None:
    both = [
        sentence
        for path in CATALOGUES
        for key, sentence in _sentences(json.loads(path.read_text("utf-8")))
        if key.startswith(("code.", "lint_digits")) and any(word in sentence.lower() for word in WORDS)
    ]
    assert both
    assert [sentence for sentence in both if not any(word in sentence.lower() for word in DENIED)] == []
