"""What each role may do."""

from __future__ import annotations

import json

import pytest

from mashang.kit.errors import NotAllowed
from mashang.staff import permissions
from mashang.staff.agents import Agent
from tests.running import ROOT

READS = {
    "departments.read",
    "people.read",
    "codes.read",
    "sites.read",
    "shops.read",
    "audit.read",
    "waits.read",
    "board.read",
    "playbooks.read",
}
EDITS = {"departments.edit", "people.edit", "codes.edit", "sites.edit", "shops.edit", "waits.edit", "demo.remove"}
EDITS |= {"playbooks.edit"}
MANAGES = {
    "conversations.take",
    "conversations.manage",
    "conversations.whisper",
    "conversations.export",
    "customers.unblock",
    "people.set_away",
    "replies.edit",
    "views.share",
    "orders.reissue",
    "cards.reveal",
    "incidents.edit",
    "knowledge.edit",
}


def person(role):
    return Agent(1, "id", "login", "name", role, 5, "away")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("agent", set()),
        ("supervisor", MANAGES | READS),
        ("operator", MANAGES | READS | EDITS),
    ],
)
def test_each_role_may_do_exactly_this(role, may):
    assert set(permissions.of(person(role))) == may
    for permission in may:
        permissions.require(person(role), permission)
    for permission in permissions.PERMISSIONS.keys() - may:
        with pytest.raises(NotAllowed):
            permissions.require(person(role), permission)


def test_an_unknown_permission_is_a_bug_and_not_a_refusal():
    with pytest.raises(KeyError):
        permissions.require(person("operator"), "codes.edt")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_desk_has_a_word_for_every_permission(locale: str) -> None:
    words = json.loads((ROOT / "web/desk/src/words" / f"{locale}.json").read_text("utf-8"))
    assert {f"permission.{name}" for name in permissions.PERMISSIONS} <= set(words)
