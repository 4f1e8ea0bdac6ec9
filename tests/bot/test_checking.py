"""What is no playbook is refused with its place and a sentence, and nothing of it is ever run."""

from __future__ import annotations

import pytest

from mashang.bot import checking, marked
from mashang.kit.i18n import LOCALES
from tests.bot.diagnosing import EXAMPLE, WHOLE, problems, read


def line_of(source: str, text: str) -> int:
    return next(n for n, line in enumerate(source.splitlines(), 1) if text in line)


def test_the_example_of_the_documentation_is_a_playbook() -> None:
    assert read(EXAMPLE).first == "which"


# What is changed in a good playbook, on which line it is refused, and why.
WRONG = [
    ("    next: where", "    next: nowhere", "    next: nowhere", "unknown_step"),
    ("    next: where\n", "", "look_up: order", "missing_name"),
    ("    timed_out: late\n    unproved: gone", "    unproved: gone", "look_up: order", "missing_name"),
    ("look_up: order", "look_up: weather", "look_up: weather", "unknown_value"),
    ("look_up: order", "look_up: [order]", "look_up: [order]", "unknown_value"),
    ("needs: order", "needs: nobody", "needs: nobody", "unknown_value"),
    ("ask: choice", "ask: anything", "ask: anything", "unknown_value"),
    ("order.status: failed", "order.state_: failed", "order.state_", "unknown_fact"),
    ("order.status: failed", "order.status: broken", "order.status: broken", "value_form"),
    ("order.status: failed", "order.total: {above: nothing}", "order.total", "value_form"),
    ("order.status: failed", "order.total: {near: 3}", "order.total", "condition_form"),
    ("order.status: failed", "payment.status: paid", "payment.status", "never_looked_up"),
    ("order.status: failed", "answer.who: me", "answer.who", "unknown_answer"),
    ("{order.title}：", "{order.titel}：", "order.titel", "unknown_slot"),
    ("{order.title}：", "{order.status}：", "{order.status}：", "unsaid_slot"),
    ("{order.title}：", "{order.title：", "{order.title：", "open_slot"),
    ("{zh-CN: 店铺没有回应, en: The shop does not answer}", "{zh-CN: 店铺没有回应}", "店铺没有回应", "missing_name"),
    ("{zh-CN: 店铺没有回应, en: The shop does not answer}", "店铺没有回应", "店铺没有回应", "both_languages"),
    ("en: A person is needed}", "en: ''}", "en: ''", "text_empty"),
    ("    solved: true", "    solved: maybe", "solved: maybe", "only_true"),
    ("    solved: true", "    solved: true\n    say_: x", "say_: x", "unknown_name"),
    ("    solved: true", "    {}", "    {}", "step_kind"),
    ("    act: resend", "    act: resend\n    say: x", "act: resend", "step_kind"),
    ("  done:", "  Done:", "Done:", "step_name_form"),
    ("      - next: fine", "      - {when: {order.status: paid}, next: fine}", "next: fine}", "last_case"),
    ("        next: agree\n      - next: fine", "        next: agree\n      - next: fine\n      - next: gone",
     "next: fine", "case_without_when"),
    ("      - id: refused", "      - id: agreed", 2, "option_twice"),
    ("      - id: refused", "      - id: person", "id: person", "reserved"),
    ("    after: 30\n", "", "ask: order", "missing_name"),
    ("after: 30", "after: 0", "after: 0", "minutes_form"),
    ("version: 1", "version: neu", "version: neu", "version_form"),
    ("key: whole", "key: Whole!", "key: Whole!", "key_form"),
    ("title: 全部\n", "", "key: whole", "missing_name"),
    ("of: order\n    needs", "of: nummer\n    needs", "of: nummer", "unknown_answer"),
    ("  gone:\n", "  away:\n    solved: true\n  gone:\n", "  away:", "unreachable"),
    ("    missing: which", "    missing: where", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "place", "code"), WRONG, ids=[f"{n}-{one[3]}" for n, one in enumerate(WRONG)])
def test_what_is_wrong_is_refused_with_its_line(good: str, bad: str, place: str | int | None, code: str | None) -> None:
    assert good in WHOLE
    source = WHOLE.replace(good, bad, 1)
    found = problems(source)
    if code is None:
        assert found == []
    elif isinstance(place, int):
        assert code in [one for _, one in found]
    else:
        assert (line_of(source, place), code) in found


def test_a_circle_without_a_question_is_refused_and_named() -> None:
    source = WHOLE.replace("    next: done\n  agree:", "    next: where\n  agree:")
    found, wrong = checking.read(source)
    assert found is None
    assert [one.code for one in wrong] == ["circle"]
    assert "where → fine → where" in checking.told(wrong[0])["en"]


def test_a_circle_of_look_ups_is_refused_too() -> None:
    source = WHOLE.replace("    timed_out: late\n    unproved", "    timed_out: look\n    unproved")
    assert [code for _, code in problems(source)] == ["circle"]


def test_a_way_that_never_ends_is_refused() -> None:
    source = """
key: never
version: 1
title: 不停
title_en: Never
steps:
  one:
    ask: text
    text: {zh-CN: 一, en: one}
    into: a
    next: two
  two:
    ask: text
    text: {zh-CN: 二, en: two}
    into: b
    next: one
"""
    assert problems(source) == [(7, "no_end"), (12, "no_end")]


NOT_YAML = [
    ("a: &x [1]\nb: *x", (1, "alias")),
    ("a: !!python/object:os.system x", (1, "tag")),
    ("a: [1,\nb: }", (2, "not_yaml")),
    ("a: 1\na: 2", (2, "name_twice")),
    ("a: 1\n---\nb: 2", (2, "two_documents")),
    ("", (1, "empty")),
    ("# nothing", (1, "empty")),
    ("a: \x07", (1, "not_printable")),
    ("[" * 60_000, (1, "too_deep")),
    ("? [a]\n: b", (1, "name_not_text")),
    ("x" * (marked.LONGEST + 1), (1, "too_big")),
    ("just words", (1, "not_a_mapping")),
    ("- a\n- b", (1, "not_a_mapping")),
    ("a: 'x", (1, "not_yaml")),
]


@pytest.mark.parametrize(("source", "expected"), NOT_YAML, ids=[str(n) for n in range(len(NOT_YAML))])
def test_what_is_not_yaml_or_more_than_data_is_refused_with_its_line(source: str, expected: tuple[int, str]) -> None:
    assert problems(source)[0][1] == expected[1]
    assert problems(source)[0][0] >= expected[0]


def test_yes_no_and_dates_stay_the_words_they_are() -> None:
    assert marked.read("a: yes\nb: no\nc: 2026-11-22\nd: true\ne: 3\nf: '3'").plain == {
        "a": "yes",
        "b": "no",
        "c": "2026-11-22",
        "d": True,
        "e": 3,
        "f": "3",
    }


def test_every_problem_has_a_sentence_in_both_languages() -> None:
    for source in [WHOLE.replace(good, bad, 1) for good, bad, _, _ in WRONG] + [source for source, _ in NOT_YAML]:
        for problem in checking.read(source)[1]:
            told = checking.told(problem)
            assert set(told) == set(LOCALES)
            assert not any("{" in text or text.startswith("playbook.") for text in told.values()), told


def test_a_huge_playbook_is_refused_without_delay() -> None:
    steps = "".join(f"  s{n}:\n    solved: true\n" for n in range(300))
    source = f"key: big\nversion: 1\ntitle: 大\ntitle_en: Big\nsteps:\n{steps}"
    assert problems(source) == [(6, "too_many")]


def test_the_kinds_of_orders_a_playbook_is_about_are_known_ones() -> None:
    assert read(WHOLE.replace("\nsteps:", "\norder_kinds: [top_up]\nsteps:", 1)).order_kinds == ["top_up"]
    assert problems(WHOLE.replace("\nsteps:", "\norder_kinds: [ship]\nsteps:", 1)) == [(6, "unknown_value")]
