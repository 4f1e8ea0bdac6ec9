"""A playbook with every kind of step, and short ways to walk through it; tests/bot use it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mashang.bot import checking, walking
from mashang.bot.playbook import Playbook
from mashang.bot.run import Answered, Brought, Happened, Outcome
from tests.running import ROOT

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
EXAMPLE = (ROOT / "docs/integrating/playbooks.md").read_text("utf-8").split("```yaml\n")[1].split("```")[0]

WHOLE = """
key: whole
version: 1
title: 全部
title_en: Whole
steps:
  which:
    ask: order
    text: {zh-CN: 哪一笔订单, en: Which order}
    into: order
    none: gone
    next: look
    timed_out: gone
    after: 30
  look:
    look_up: order
    of: order
    needs: order
    next: where
    missing: which
    failed: gone
    timed_out: late
    unproved: gone
  where:
    decide:
      - when: {order.status: failed}
        next: agree
      - next: fine
  fine:
    say:
      zh-CN: "{order.title}：{order.status_text}，{order.total}"
      en: "{order.title}: {order.status_text}, {order.total}"
    next: done
  agree:
    ask: choice
    text: {zh-CN: 要补发吗, en: Send it again}
    into: agree
    options:
      - id: agreed
        text: {zh-CN: 补发, en: Send again}
        words: [好, ok]
        next: send
      - id: refused
        text: {zh-CN: 不用, en: "No"}
        next: done
  send:
    act: resend
    of: order
    next: sent
    missing: gone
    failed: gone
    timed_out: late
  sent:
    say: {zh-CN: 已补发到 {act.to}, en: Sent again to {act.to}}
    next: done
  late:
    hand_over: {zh-CN: 店铺没有回应, en: The shop does not answer}
    say: {zh-CN: 我请人工来看, en: I am calling a person}
  gone:
    hand_over: {zh-CN: 需要人工, en: A person is needed}
  done:
    solved: true
""".replace("已补发到 {act.to}, en: Sent again to {act.to}", '"已补发到 {act.to}", en: "Sent again to {act.to}"')

PAID: dict[str, Any] = {
    "order.number": "QN100000000001",
    "order.title": "云朵网盘 ×1",
    "order.status": "paid",
    "order.status_text": "已付款",
    "order.total": "88.00 CNY",
    "order.line": "1",
}


def read(source: str) -> Playbook:
    """The playbook, which is one."""
    playbook, problems = checking.read(source)
    assert playbook is not None, problems
    return playbook


def problems(source: str) -> list[tuple[int, str]]:
    """Line and code of what is wrong."""
    return [(one.line, one.code) for one in checking.read(source)[1]]


class Walk:
    """One customer in a playbook."""

    def __init__(self, source: str = WHOLE, known: dict[str, Any] | None = None) -> None:
        self.playbook = read(source)
        self.now: Outcome = walking.start(self.playbook, known or {}, at=NOW)

    def then(self, happened: Happened, at: datetime = NOW) -> Outcome:
        """What follows when this happens."""
        self.now = walking.resume(self.playbook, self.now.run, happened, at=at)
        return self.now

    def answer(self, text: str = "", **how: Any) -> Outcome:
        """The customer writes or presses."""
        return self.then(Answered(text=text, **how))

    def bring(self, how: Any = "found", **known: Any) -> Outcome:
        """The look-up or action comes back."""
        return self.then(Brought(n=self.now.run.n, how=how, known=known))
