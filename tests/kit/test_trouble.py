"""What the terminal says: in both languages, one sentence each, nothing left unsaid."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from mashang.desk.demo_removal import DemoPersonServes, NoDemo, OnlyDemoOperators
from mashang.kit import i18n, trouble
from mashang.kit.trouble import Trouble

PRODUCT = Path(__file__).parents[2] / "mashang"
SOURCE = "\n".join(path.read_text("utf-8") for path in PRODUCT.rglob("*.py"))
TROUBLES = {f"trouble_{code}" for code in re.findall(r'\bTrouble\(\s*"(\w+)"', SOURCE)}
SAID = set(re.findall(r"""\b(?:say|tell)\(\s*["'](cli_\w+)""", SOURCE))
SAID |= set(re.findall(r"""\btell\(\s*"cli_\w+" if \w+ else "(cli_\w+)\"""", SOURCE))
# Refusals that a command passes on by their code.
TROUBLES |= {f"trouble_{refused.code}" for refused in (NoDemo, OnlyDemoOperators, DemoPersonServes)}
ROLES = {f"cli_role_{role}" for role in ("operator", "supervisor", "agent")}


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_sentence_for_the_terminal_is_in_the_catalogue(locale: str) -> None:
    known = {key for key in i18n.catalogue(locale) if key.startswith(("trouble_", "cli_"))}
    conditional = {"cli_migrated", "cli_nothing_to_migrate", "cli_starting_database", "cli_making_database"}
    assert known == TROUBLES | SAID | ROLES | conditional


@pytest.mark.parametrize("key", sorted(TROUBLES))
def test_both_languages_tell_the_same_facts_in_one_line(key: str) -> None:
    chinese, english = (i18n.catalogue(locale)[key] for locale in i18n.LOCALES)
    assert sorted(re.findall(r"\{\w+\}", chinese)) == sorted(re.findall(r"\{\w+\}", english))
    assert "\n" not in chinese + english


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EACCES, "not_permitted"), (errno.EIO, "system")],
)
def test_a_failed_system_call_becomes_a_sentence_that_names_the_place(number: int, code: str) -> None:
    found = trouble.of_system(OSError(number, "what the system said", "/the/place"))
    assert found.code == code
    assert "/the/place" in found.sentence("en")


@pytest.mark.parametrize(
    ("variables", "locale"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "zh_TW"}, "zh-CN"),
        ({}, "en"),
    ],
)
def test_the_terminal_speaks_the_language_its_variables_name(variables: dict[str, str], locale: str) -> None:
    assert trouble.terminal_locale(variables) == locale


def test_a_sentence_names_the_facts() -> None:
    assert "8700" in Trouble("port", host="h", port=8700, reason="taken").sentence("zh-CN")


def test_a_database_without_room_is_a_full_disk_in_whatever_words_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MASHANG_DATABASE_URL", raising=False)
    for said in (
        "could not write init file: No space left on device",
        "wrote 4096 of 8192\nHINT: Check free disk space.",
    ):
        assert trouble.of_database(OSError(said)).code == "disk_full"
    assert trouble.of_database(OSError("connection refused")).code == "database_silent"


def test_a_database_of_ones_own_that_does_not_answer_is_named_by_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASHANG_DATABASE_URL", "postgresql://db.example/mashang")
    assert trouble.of_database(OSError("connection refused")).code == "database_unreachable"
