"""One-time passwords: which digits are one, and which only look so."""

from __future__ import annotations

import pytest

from mashang.guard import one_time
from mashang.guard.masking import DOTS, mask

TOLD = [
    ("验证码 654321", "验证码 ••••"),
    ("验证码654 321", "验证码••••"),
    ("验证码：４８２９１７", "验证码：••••"),
    ("我的验证码是 4821，帮我登录", "我的验证码是 ••••，帮我登录"),
    ("收到的验证码写着 482917", "收到的验证码写着 ••••"),
    ("482917是您的验证码", "••••是您的验证码"),
    ("【某某银行】您的动态码为482917，5分钟内有效。", "【某某银行】您的动态码为••••，5分钟内有效。"),
    ("【淘淘】482917（登录验证码），切勿告诉他人", "【淘淘】••••（登录验证码），切勿告诉他人"),
    ("【快付】支付1000元，4829，验证码30分钟内有效，电话95188",
     "【快付】支付1000元，••••，验证码30分钟内有效，电话95188"),
    ("Your verification code is 482917.", "Your verification code is ••••."),
    ("G-482917 is your Google verification code", "G-•••• is your Google verification code"),
    ("security code: 4829", "security code: ••••"),
    ("one-time password 48291736", "one-time password ••••"),
    ("OTP 482917", "OTP ••••"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "stored"), TOLD)
def test_digits_that_the_text_calls_a_one_time_password_are_hidden(said: str, stored: str) -> None:
    assert mask(said) == (stored, True)
    assert one_time.spans(said)


@pytest.mark.parametrize(
    "said",
    [
        "验证码收不到", "验证码收不到，手机尾号1234", "尾号1234的手机是不是收不到验证码", "订单20241234的验证码没到",
        "验证码等了1000秒",
        "验证码一直收不到，电话13800138000", "我买了1000点，验证码不对", "验证码报错 错误代码5001",
        "【青柠】您的订单482917已发货",
        "2024年的验证码还能用吗", "the verification code never came, order 48291736", "95188 给我发了验证码",
    ],
)  # fmt: skip
def test_other_digits_beside_the_word_stay(said: str) -> None:
    assert one_time.spans(said) == []
    assert mask(said) == (said, False)


@pytest.mark.parametrize(
    "said",
    [
        "482917",
        "482 917",
        "482-917",
        "4 8 2 9 1 7",
        "４８２９１７",
        " 482917。",
        "【482917】",
        "482917！",
        "48\u200b2917",
    ],
)
def test_six_digits_and_nothing_else_are_seen_however_they_are_written(said: str) -> None:
    assert one_time.is_bare(said)


@pytest.mark.parametrize(
    "said",
    ["48291", "4829170", "DD482917", "尾号482917", "482917呢", "48.2917元", "482917\n111222", "1" * 400, "", "①②③④⑤⑥⑦"],
)
def test_anything_more_or_less_is_no_such_message(said: str) -> None:
    assert not one_time.is_bare(said)


@pytest.mark.parametrize(
    "asked",
    [
        "请发一下订单号后六位",
        "麻烦提供尾号",
        "Please send the last six digits of your order number",
        "您的会员号是多少？",
        "充值到哪个QQ",
    ],
)
def test_a_question_for_other_digits_is_recognised(asked: str) -> None:
    assert one_time.asks_for_digits(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "您好，马上为您接通。",
        "请稍等",
        "请把验证码发给我",
        "把收到的验证码和订单号发来",
        "What is your verification code?",
        "",
    ],
)
def test_greetings_and_whoever_asks_for_a_one_time_password_ask_for_no_other_digits(asked: str) -> None:
    assert not one_time.asks_for_digits(asked)


def test_a_long_text_of_digits_and_cues_is_read_in_linear_time() -> None:
    text = "【a】" + "1234 是您的 " * 800 + "验证码 1"
    assert DOTS in mask(text).text
