"""Words in braces are filled in with what is known, and never sent by mistake."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mashang.conversations import variables

KNOWN = {"customer": "阿珍", "agent": "小美", "order": None, "site": ""}


def test_what_is_known_is_filled_in_and_what_is_not_is_told():
    filled = variables.fill("{{customer}}您好，我是{{ agent }}，订单 {{order}} 和 {{order}} 在 {{site}}", KNOWN)
    assert filled.text == "阿珍您好，我是小美，订单 {{order}} 和 {{order}} 在 {{site}}"
    assert filled.missing == ["order", "site"]


def test_the_words_behind_the_bar_stand_for_what_is_not_known():
    assert variables.fill("{{order|（见订单页）}}", KNOWN).text == "（见订单页）"
    assert variables.fill("{{customer|亲}}您好", KNOWN).text == "阿珍您好"
    assert variables.fill("{{order| }}", KNOWN).missing == ["order"]


def test_braces_in_a_fact_are_not_filled_in_turn():
    assert variables.fill("{{customer}}", {"customer": "{{agent}}", "agent": "小美"}).text == "{{agent}}"


def test_a_name_that_stands_for_nothing_is_found():
    assert variables.unknown("{{customer}} {{ordre|x}} {{}} {一}") == ["ordre", ""]


@given(st.text(alphabet="{}|ab 码customer", max_size=40))
def test_any_text_is_filled_without_a_failure_and_only_in_braces(text):
    filled = variables.fill(text, KNOWN)
    if "{{" not in text:
        assert filled.text == text
        assert filled.missing == []
