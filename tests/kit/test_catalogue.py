"""Every refusal can be said, in both languages."""

from __future__ import annotations

import string
from collections.abc import Iterator

from mashang import app  # noqa: F401 — loads every package, and with it every refusal
from mashang.kit import i18n
from mashang.kit.errors import Refusal


def kinds(base: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_refusal_of_the_product_has_a_sentence_in_both_languages() -> None:
    codes = {kind.code for kind in kinds(Refusal) if kind.__module__.startswith("mashang.")}
    for locale in i18n.LOCALES:
        assert codes <= set(i18n.catalogue(locale))


def test_both_languages_say_the_same_things_with_the_same_facts() -> None:
    chinese, english = i18n.catalogue("zh-CN"), i18n.catalogue("en")
    assert chinese.keys() == english.keys()
    assert {key: slots(text) for key, text in chinese.items()} == {key: slots(text) for key, text in english.items()}


def test_a_fact_that_is_missing_does_not_fail_the_request() -> None:
    assert i18n.sentence("code_unknown", "en") == i18n.catalogue("en")["code_unknown"]
