"""Every refusal can be said, in both languages."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

from mashang import app  # noqa: F401 — loads every package, and with it every refusal
from mashang.kit import i18n
from mashang.kit.errors import Refusal

PACKAGE = Path(i18n.__file__).parents[1]


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


# Where Chinese is not said to anybody: what is recognised in what people write, and the demo's own data.
_READ_NOT_SAID = {
    "bot/figures.py", "bot/grounding.py", "bot/moments.py", "bot/said.py", "bot/several.py", "bot/statement.py",
    "conversations/demo.py", "desk/consultations.py", "kit/sheet.py",
    "codes/cues.py", "codes/demo.py", "kit/folding.py", "codes/matching.py", "codes/minted.py", "codes/spoken.py",
    "codes/claims.py", "codes/offer_starters.py",
    "insights/questions.py", "knowledge/features.py", "knowledge/rendering.py",
    "conversations/canned.py", "guard/masking.py", "guard/one_time.py", "guard/shapes.py", "intake.py",
    "shops/contract.py", "shops/demo.py", "shops/dujiaoka_rows.py", "shops/payments.py", "staff/demo.py",
}  # fmt: skip
# Marks between the parts of a list, and our own name.
_MARKS = {"、", "；", "Mashang 码上"}
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def _texts(path: Path) -> Iterator[str]:
    """The string constants of a module, without its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_the_server_says_nothing_in_words_outside_of_the_catalogue() -> None:
    said = {
        (str(path.relative_to(PACKAGE)), text)
        for path in PACKAGE.rglob("*.py")
        for text in _texts(path)
        if _CHINESE.search(text) and text not in _MARKS
    }
    assert {(path, text) for path, text in said if path not in _READ_NOT_SAID} == set()
    assert {path for path, _ in said} >= _READ_NOT_SAID, "an exception that nothing needs"


def test_every_sentence_is_said_somewhere() -> None:
    written = (path for ending in ("*.py", "*.html") for path in PACKAGE.rglob(ending))
    code = "\n".join(path.read_text("utf-8") for path in written)
    families = tuple(re.findall(r'f"([a-z_.]+[._])\{', code))
    codes = {kind.code for kind in kinds(Refusal)}
    unsaid = [
        key
        for key in i18n.catalogue("zh-CN")
        if not re.search(f"[\"']{re.escape(key)}[\"']", code) and key not in codes and not key.startswith(families)
    ]
    assert unsaid == []
