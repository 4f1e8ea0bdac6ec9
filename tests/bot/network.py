"""The playbook 网站打不开: a question, a way that solves it and one that leads to a person; tests/bot begin it."""

from __future__ import annotations

SOURCE = """
key: network
version: 1
title: 网站打不开
title_en: The site does not open
steps:
  which:
    ask: choice
    text: {zh-CN: "是手机还是电脑？", en: "A phone or a computer?"}
    options:
      - id: phone
        text: {zh-CN: 手机, en: A phone}
        words: [手机上]
        next: phone
      - id: desk
        text: {zh-CN: 电脑, en: A computer}
        next: person
  phone:
    say: {zh-CN: "请切换到流量再试。", en: "Please try mobile data."}
    next: done
  done: {solved: true}
  person:
    hand_over: {zh-CN: 电脑端要人工看, en: A computer needs a person}
"""
ASKED = "网站打不开了"

# The same, where the order is looked up before the question.
LOOKING_UP = SOURCE.replace(
    "steps:\n",
    """steps:
  look:
    look_up: order
    needs: order
    next: which
    missing: which
    failed: which
    timed_out: which
    unproved: which
""",
)

# One that takes whatever is written as its answer.
ASKING_WHEN = """
key: late
version: 1
title: 充值没到账
title_en: Recharge not arrived
steps:
  when: {ask: text, text: {zh-CN: "大概什么时候付的？", en: "When?"}, into: when, next: noted}
  noted: {say: {zh-CN: "记下了：{answer.when}", en: "Noted: {answer.when}"}, next: done}
  done: {solved: true}
"""


def another(key: str, source: str = SOURCE) -> str:
    """Another matter's playbook, whose steps are called the same and whose question is another."""
    return source.replace("key: network", f"key: {key}").replace("是手机还是电脑？", "在哪里看的？")
