"""The walk through a playbook: every kind of step and branch, come back after an interruption, twice brought."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from mashang.bot import library, walking
from mashang.bot.playbook import Ask
from mashang.bot.run import Again, Answered, Brought, Proved, Run, Silence
from tests.bot.diagnosing import EXAMPLE, NOW, PAID, Walk

FAILED = {**PAID, "order.status": "failed"}
NUMBER = "QN100000000001"


def to_the_question() -> Walk:
    walk = Walk(known={"answer.order": NUMBER})
    walk.bring(**FAILED)
    return walk


def test_a_question_offers_a_person_and_takes_the_number_out_of_what_was_typed() -> None:
    walk = Walk()
    assert walk.now.ask is not None
    assert walk.now.ask.expects == "order"
    assert [one.id for one in walk.now.ask.options] == ["pb:which:none", "person"]
    outcome = walk.answer(f"订单号是 {NUMBER}，帮我看看")
    assert outcome.need is not None
    assert (outcome.need.look_up, outcome.need.order_number, outcome.need.needs) == ("order", NUMBER, "order")


def test_what_is_known_already_is_not_asked_but_is_when_it_led_nowhere() -> None:
    walk = Walk(known={"answer.order": NUMBER})
    assert walk.now.need is not None
    outcome = walk.bring("missing")
    assert outcome.ask is not None
    assert outcome.run.step == "which"


def test_what_was_looked_up_is_said_with_amounts_in_words_and_the_end_is_told() -> None:
    walk = Walk(known={"answer.order": NUMBER})
    outcome = walk.bring(**PAID)
    assert outcome.says == ["云朵网盘 ×1：已付款，¥88.00"]
    assert outcome.ended is not None
    assert outcome.ended.how == "solved"
    assert [(one.what, one.how, one.told) for one in outcome.run.looked_up] == [("order", "found", "已付款")]


@pytest.mark.parametrize(
    ("how", "step"),
    [("failed", "gone"), ("timed_out", "late"), ("missing", "which")],
    ids=["failed", "late", "missing"],
)
def test_a_look_up_that_brings_nothing_takes_its_own_branch(how: str, step: str) -> None:
    outcome = Walk(known={"answer.order": NUMBER}).bring(how)
    assert outcome.run.step == step
    assert outcome.run.looked_up[0].how == how


@pytest.mark.parametrize(
    "lie",
    [{"order.status": "no such status"}, {"order.total": "viel"}, {"order.lines": "2"}, {"order.status_only": 1},
     {"order.placed_at": "gestern"}, {"payment.status": 3}, {"no.such": "x"}, {"order.title": ["x"]}],
    ids=["status", "money", "number", "boolean", "instant", "another", "unknown", "list"],
)  # fmt: skip
def test_a_shop_that_says_something_of_another_type_in_the_middle_is_one_that_failed(lie: dict[str, Any]) -> None:
    outcome = Walk(known={"answer.order": NUMBER}).bring(**{**PAID, **lie})
    assert outcome.run.step == "gone"
    assert outcome.run.known.get("order.title") is None


def test_an_action_is_done_only_after_the_customer_said_so_and_its_result_is_told() -> None:
    walk = to_the_question()
    need = walk.answer(option="agreed", step="agree").need
    assert need is not None
    assert (need.act, need.order_number, need.line, need.needs) == ("resend", NUMBER, "1", "order")
    outcome = walk.bring(**{"act.state": "done", "act.to": "138****5678"})
    assert outcome.says == ["已补发到 138****5678"]
    assert [(one.action, one.how) for one in outcome.run.tried] == [("resend", "found")]


@pytest.mark.parametrize("how", ["failed", "missing", "timed_out"])
def test_an_action_that_came_to_nothing_takes_its_own_branch(how: str) -> None:
    walk = to_the_question()
    walk.answer(option="agreed", step="agree")
    outcome = walk.bring(how, **{"act.why_not": "limit"})
    assert outcome.run.step == ("late" if how == "timed_out" else "gone")
    assert outcome.run.tried[0].told == "limit"


@pytest.mark.parametrize("typed", ["补发", "Send again", "1", "１", " OK！", "好"])
def test_whoever_types_instead_of_pressing_is_understood(typed: str) -> None:
    walk = to_the_question()
    assert walking.understands(walk.playbook, walk.now.run, Answered(text=typed))
    assert walk.answer(typed).need is not None


@pytest.mark.parametrize(
    "said",
    ["我想退款可以吗", "要多久才可以", "支付未成功", "付款成功不了", "什么时候能好了", "怎么才可以付", "补发，可以吗？",
     "是微信付的吗？", "补发对不对"],
)  # fmt: skip
def test_what_only_contains_a_word_of_an_option_presses_nothing(said: str) -> None:
    pressed = []
    for playbook, _ in library.shipped().values():
        for name, step in playbook.steps.items():
            if isinstance(step, Ask) and step.ask == "choice":
                run = Run(playbook=playbook.key, version=playbook.version, step=name, waits="answer", since=NOW)
                if walking.understands(playbook, run, Answered(text=said, among_others=True)):
                    pressed.append(f"{playbook.key}:{name}")
    assert pressed == []


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("我这里提示已使用", "used"),
        ("它说格式不对", "wrong"),
        ("好像过期了", ""),
        ("我看到已使用的记录", ""),
        ("it says Already used", "used"),
    ],
)
def test_a_word_of_an_option_that_is_long_enough_is_understood_among_others(said: str, option: str) -> None:
    playbook, _ = library.shipped()["card-key-invalid"]
    run = Run(playbook=playbook.key, version=playbook.version, step="said", waits="answer", since=NOW)
    outcome = walking.resume(playbook, run, Answered(text=said, among_others=True), at=NOW)
    assert outcome.run.known.get("answer.said", "") == option


def test_two_answers_that_are_none_lead_to_a_person_and_the_first_repeats_the_question() -> None:
    walk = to_the_question()
    again = walk.answer("天气怎么样")
    assert again.ask is not None
    assert again.ask.text.endswith("要补发吗")
    outcome = walk.answer("你是谁")
    assert outcome.ended is not None
    assert (outcome.ended.how, outcome.ended.because) == ("handed_over", "misunderstood")


def test_an_option_of_another_question_is_no_answer_to_this_one() -> None:
    walk = to_the_question()
    assert not walking.understands(walk.playbook, walk.now.run, Answered(option="agreed", step="which"))


def test_a_person_is_reached_from_every_question() -> None:
    for walk in (Walk(), to_the_question()):
        outcome = walk.answer(option="person")
        assert outcome.ended is not None
        assert outcome.ended.because == "person"


def test_proof_is_asked_where_data_is_shown_and_after_it_the_look_up_is_repeated() -> None:
    walk = Walk(known={"answer.order": NUMBER})
    outcome = walk.bring("unproved")
    assert outcome.ask is not None
    assert (outcome.ask.expects, outcome.ask.needs, outcome.ask.order_number) == ("proof", "order", NUMBER)
    assert [one.id for one in outcome.ask.options] == ["pb:look:unproved", "person"]
    assert walk.then(Proved()).need is not None
    assert walk.bring(**PAID).ended is not None


def test_proof_that_is_not_enough_twice_takes_its_branch_and_so_does_whoever_declines() -> None:
    walk = Walk(known={"answer.order": NUMBER})
    for _ in range(2):
        walk.bring("unproved")
        walk.then(Proved())
    assert walk.bring("unproved").run.step == "gone"
    walk = Walk(known={"answer.order": NUMBER})
    walk.bring("unproved")
    assert walk.answer(option="unproved", step="look").run.step == "gone"


def test_without_a_branch_for_it_an_unproved_customer_comes_to_a_person() -> None:
    walk = Walk(EXAMPLE, known={"answer.order": NUMBER})
    for _ in range(2):
        walk.bring("unproved")
        walk.then(Proved())
    ended = walk.bring("unproved").ended
    assert ended is not None
    assert ended.because == "not_proved"
    assert set(ended.reason) == {"zh-CN", "en"}


def test_who_asks_something_else_and_comes_back_finds_the_same_question() -> None:
    walk = to_the_question()
    before = walk.now
    assert not walking.understands(walk.playbook, walk.now.run, Answered(text="发票怎么开"))
    assert walk.then(Again()).ask == before.ask
    assert walk.now.run == before.run


def test_what_is_brought_twice_or_too_late_changes_nothing() -> None:
    walk = Walk(known={"answer.order": NUMBER})
    n = walk.now.run.n
    walk.bring(**FAILED)
    stands = walk.now.run
    outcome = walk.then(Brought(n=n, how="found", known=PAID))
    assert outcome.run == stands
    assert (outcome.says, outcome.ask, outcome.need, outcome.ended) == ([], None, None, None)


def test_silence_takes_the_branch_of_a_question_that_has_one_when_its_time_is_over() -> None:
    walk = Walk()
    assert walk.then(Silence(), NOW + timedelta(minutes=29)).run.step == "which"
    assert walk.then(Silence(), NOW + timedelta(minutes=30)).run.step == "gone"
    walk = to_the_question()
    assert walk.then(Silence(), NOW + timedelta(days=1)).run.step == "agree"


def test_a_run_survives_as_json_and_goes_on_where_it_stood() -> None:
    walk = to_the_question()
    kept = msgspec.json.decode(msgspec.json.encode(walk.now.run), type=Run)
    assert kept == walk.now.run
    assert walking.resume(walk.playbook, kept, Answered(text="好"), at=NOW).need is not None


def test_a_run_whose_step_is_gone_comes_to_a_person() -> None:
    walk = to_the_question()
    lost = msgspec.structs.replace(walk.now.run, step="away")
    ended = walking.resume(walk.playbook, lost, Answered(text="好"), at=NOW).ended
    assert ended is not None
    assert ended.because == "playbook_gone"


def test_a_fact_that_is_not_known_fits_no_condition_and_is_said_as_not_known() -> None:
    walk = Walk(known={"answer.order": NUMBER})
    outcome = walk.bring(**{"order.number": NUMBER, "order.title": "x"})
    assert outcome.says == ["x：（未知），（未知）"]


def test_the_reason_of_a_hand_over_is_for_the_agent_in_both_languages() -> None:
    outcome = Walk(known={"answer.order": NUMBER}).bring("timed_out")
    assert outcome.says == ["我请人工来看"]
    assert outcome.ended is not None
    assert outcome.ended.reason == {"zh-CN": "店铺没有回应", "en": "The shop does not answer"}
