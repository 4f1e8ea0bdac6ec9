"""Whatever an operator writes and the check lets pass: a turn always asks, needs, ends or hands over."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mashang.bot import checking, walking
from mashang.bot.playbook import Playbook
from mashang.bot.run import Again, Answered, Brought, Outcome, Proved, Silence
from tests.bot.diagnosing import NOW

BOTH = {"zh-CN": "字", "en": "words"}
MOST = 8


def _step(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    to = st.sampled_from(names)
    options = st.lists(to, min_size=1, max_size=3).map(
        lambda ways: [{"id": f"o{n}", "text": BOTH, "next": way} for n, way in enumerate(ways)]
    )
    branches = {"next": to, "failed": to, "missing": to, "timed_out": to}
    statuses = st.sampled_from(["paid", "failed", "refunded"])
    return st.one_of(
        st.fixed_dictionaries({"ask": st.just("choice"), "text": st.just(BOTH), "options": options}),
        st.fixed_dictionaries(
            {
                "ask": st.sampled_from(["text", "picture", "order"]),
                "text": st.just(BOTH),
                "into": st.just("it"),
                "next": to,
            },
            optional={"none": to},
        ),
        st.fixed_dictionaries({"look_up": st.sampled_from(["order", "incident", "account"]), **branches}),
        st.fixed_dictionaries({"act": st.just("resend"), **branches}, optional={"unproved": to}),
        st.tuples(st.lists(st.tuples(statuses, to), max_size=2), to).map(
            lambda both: {
                "decide": [
                    *({"when": {"order.status": status}, "next": way} for status, way in both[0]),
                    {"next": both[1]},
                ]
            }
        ),
        st.fixed_dictionaries({"say": st.just(BOTH), "next": to}),
        st.fixed_dictionaries({"hand_over": st.just(BOTH)}),
        st.just({"solved": True}),
    )


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """Those that the check lets pass: steps in an order, mostly leading on, and sometimes back to a question."""
    names = [f"s{n}" for n in range(draw(st.integers(2, MOST)))]
    steps: dict[str, Any] = {}
    for n, name in enumerate(names):
        ahead = names[n + 1 :]
        steps[name] = draw(_step(draw(st.sampled_from([ahead, names])))) if ahead else {"solved": True}
    source = json.dumps({"key": "any", "version": 1, "title": "任意", "title_en": "Any", "steps": steps})
    reached = checking.read(source)
    keep = _without_unreached(steps, reached[1])
    playbook, _ = checking.read(json.dumps({**json.loads(source), "steps": keep})) if keep else reached
    assume(playbook is not None)
    assert playbook is not None
    return playbook


def _without_unreached(steps: dict[str, Any], problems: list[Any]) -> dict[str, Any]:
    away = {problem.facts["step"] for problem in problems if problem.code == "unreachable"}
    return {name: step for name, step in steps.items() if name not in away}


happenings = st.one_of(
    st.builds(Answered, text=st.sampled_from(["", "字", "QN100000000001", "1", "bla"]), picture=st.booleans()),
    st.builds(Answered, option=st.sampled_from(["o0", "o1", "none", "unproved", "person"])),
    st.sampled_from(["found", "missing", "failed", "timed_out", "unproved"]),
    st.sampled_from([Proved(), Again(), Silence()]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(playbook=playbooks(), what=st.lists(happenings, max_size=25), status=st.sampled_from(["paid", "failed", 7]))
def test_every_turn_asks_needs_or_ends_and_every_question_leads_to_a_person(
    playbook: Playbook, what: list[Any], status: Any
) -> None:
    now = walking.start(playbook, {}, at=NOW)
    for one in what:
        _demand_a_way_on(playbook, now)
        is_brought = isinstance(one, str)
        happened = Brought(n=now.run.n, how=one, known={"order.status": status}) if is_brought else one
        steps = len(now.run.path)
        now = walking.resume(playbook, now.run, happened, at=NOW + timedelta(hours=1))
        assert len(now.run.path) - steps <= MOST
    _demand_a_way_on(playbook, now)


def _demand_a_way_on(playbook: Playbook, now: Outcome) -> None:
    run = now.run
    assert sum(one is not None for one in (now.ask, now.need, now.ended)) <= 1
    if run.waits in ("answer", "proof"):
        question = now.ask or walking.resume(playbook, run, Again(), at=NOW).ask
        assert question is not None
        assert question.options[-1].id == "person"
        ended = walking.resume(playbook, run, Answered(option="person"), at=NOW).ended
        assert ended is not None
        assert ended.because == "person"
    elif run.waits:
        assert walking.needed(playbook, run) is not None
    else:
        assert walking.resume(playbook, run, Answered(text="1"), at=NOW).run == run
