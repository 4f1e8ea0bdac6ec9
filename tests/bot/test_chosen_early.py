"""What the words that begin a playbook name already is not asked for, until something was asked."""

from __future__ import annotations

from typing import Literal

import pytest

from mashang.bot import library, walking
from mashang.bot.run import Answered, Brought, Outcome

from .diagnosing import NOW, read
from .talking import Talk

SOURCE = """
key: early
version: 1
title: 付款
title_en: Paying
steps:
  how:
    ask: choice
    text: {zh-CN: 用什么付的？, en: "How did you pay?"}
    into: how
    options:
      - id: wechat
        text: {zh-CN: 微信, en: "WeChat"}
        words: [零钱]
        next: where
      - id: alipay
        text: {zh-CN: 支付宝, en: "Alipay"}
        next: where
  where:
    ask: choice
    text: {zh-CN: 在哪里付的？, en: "Where?"}
    into: where
    options:
      - id: phone
        text: {zh-CN: 手机, en: "Phone"}
        next: told
      - id: computer
        text: {zh-CN: 电脑, en: "Computer"}
        next: told
  told:
    ask: choice
    text: {zh-CN: "您用{answer.how}付的，钱扣了吗？", en: "You paid by {answer.how}. Was the money taken?"}
    into: taken
    options:
      - id: taken
        text: {zh-CN: 扣了, en: "It was"}
        next: over
      - id: not_taken
        text: {zh-CN: 没有扣, en: "It was not"}
        next: how
  over:
    solved: true
"""


def begun(source: str, words: str) -> Outcome:
    return walking.start(read(source), {}, words=words, at=NOW)


@pytest.mark.parametrize(
    ("words", "step", "how"),
    [
        ("微信付不了", "where", "wechat"),
        ("微信付不了怎么办", "where", "wechat"),
        ("支付宝付不了，能用微信付吗？", "where", "alipay"),
        ("在手机上用微信付不了", "told", "wechat"),
        ("WeChat does not work", "where", "wechat"),
        ("微信和支付宝都付不了", "how", None),
        ("付不了", "how", None),
        ("零钱付不了", "how", None),
        ("在手机上付不了", "how", None),
        ("微" * 600 + "微信", "how", None),
        ("", "how", None),
    ],
)
def test_the_first_question_is_left_out_where_it_is_answered(words: str, step: str, how: str | None) -> None:
    outcome = begun(SOURCE, words)
    assert (outcome.run.step, outcome.run.known.get("answer.how")) == (step, how)
    assert outcome.ask is not None


def test_what_was_named_is_told_in_words() -> None:
    outcome = begun(SOURCE, "在手机上用微信付不了，钱扣了")
    assert outcome.ask is not None
    assert outcome.ask.text == "您用微信付的，钱扣了吗？"  # what it tells has to be read, whatever was named


def test_after_a_question_all_is_asked() -> None:
    playbook = read(SOURCE)
    first = walking.start(playbook, {}, words="在手机上付不了", at=NOW)
    assert walking.resume(playbook, first.run, Answered(text="微信"), at=NOW).run.step == "where"


def test_who_comes_to_it_again_is_asked() -> None:
    playbook = read(SOURCE)
    told = walking.start(playbook, {}, words="在手机上用微信付不了", at=NOW)
    again = walking.resume(playbook, told.run, Answered(option="not_taken"), at=NOW)
    assert (again.run.step, again.ask is not None) == ("how", True)


def test_an_option_that_leads_back_to_its_question_is_taken_once() -> None:
    wechat_leads_back = SOURCE.replace("        next: where\n", "        next: once_more\n", 1)
    outcome = begun(f"{wechat_leads_back}  once_more: {{say: {{zh-CN: 再来, en: Again}}, next: how}}\n", "微信付不了")
    assert (outcome.run.step, outcome.says) == ("how", ["再来"])


@pytest.mark.parametrize(
    ("key", "words", "step", "answer"),
    [
        ("cannot-pay", "微信付不了款怎么办", "which", ("how", "wechat_pay")),
        ("cannot-pay", "my bank card does not work", "which", ("how", "card")),
        ("cannot-pay", "支付宝付不了，换微信也付不了", "how", ("how", None)),
        ("cannot-pay", "怎么一直付不了", "how", ("how", None)),
        ("card-key-invalid", "卡密提示已使用怎么办", "which", ("said", "used")),
        ("card-key-invalid", "刚买的卡密说已过期", "which", ("said", "expired")),
        ("card-key-invalid", "卡密不对", "said", ("said", None)),
        ("account-frozen", "登录不了，提示冻结", "since", ("where", "sign_in")),
        ("account-frozen", "账户被冻结了", "where", ("where", None)),
        ("recharge-not-arrived", "其他都到了，就这笔没到", "which", ("method", None)),
    ],
)
def test_the_shipped_ones_ask_for_nothing_that_was_said(
    key: str, words: str, step: str, answer: tuple[str, str | None]
) -> None:
    playbook, _ = library.shipped()[key]
    outcome = walking.start(playbook, {}, words=words, at=NOW)
    while outcome.need:
        outcome = walking.resume(playbook, outcome.run, Brought(n=outcome.run.n, how="missing", known={}), at=NOW)
    assert (outcome.run.step, outcome.run.known.get(f"answer.{answer[0]}")) == (step, answer[1])


@pytest.mark.parametrize("band", ["answer", "suggest"])
async def test_in_a_talk_the_words_count_also_where_a_button_begins_it(
    talk: Talk, band: Literal["answer", "suggest"]
) -> None:
    words = "微信付不了"
    article = await talk.walks(words, SOURCE)
    talk.finder.answers(words, article, band=band)
    await talk.open(words)
    if band == "suggest":
        await talk.press(f"article:{article}")
    assert (await talk.texts())[-1] == "在哪里付的？"
