"""Words tell the language they are written in; codes, names and courtesy tell none."""

from __future__ import annotations

import pytest

from mashang.kit import language


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        pytest.param("where is my refund", "en", id="english"),
        pytest.param("how do i use a gift card code?", "en", id="english-question"),
        pytest.param("It’s me again: the card doesn't work.", "en", id="english-with-signs"),
        pytest.param("can't redeem", "en", id="english-in-two-words"),
        pytest.param("我的退款呢", "zh-CN", id="chinese"),
        pytest.param("退款", "zh-CN", id="one-chinese-word"),
        pytest.param("我的Steam code is not working", "zh-CN", id="english-in-a-chinese-sentence"),
        pytest.param("提示 this code is not valid，怎么办", "zh-CN", id="an-english-message-quoted"),
        pytest.param("refund 退款", "zh-CN", id="the-same-word-twice"),
        pytest.param("how do i redeem 原神 please", "en", id="a-chinese-name-in-an-english-sentence"),
        pytest.param("ABCD-EFGH-WHERE-IS-MY", None, id="a-code"),
        pytest.param("my-order-is-not", None, id="a-code-of-words"),
        pytest.param("QN100000000001", None, id="an-order-number"),
        pytest.param("https://shop.example/how/do/i/pay?where=is", None, id="an-address"),
        pytest.param("where.is@my.example", None, id="an-account"),
        pytest.param("ok", None, id="ok"),
        pytest.param("OK, thank you very much!", None, id="courtesy"),
        pytest.param("Genshin Impact", None, id="a-game"),
        pytest.param("The Last of Us", None, id="a-game-of-everyday-words"),
        pytest.param("Steam gift card", None, id="goods"),
        pytest.param("是は何ですか", None, id="another-language"),
        pytest.param("¿Dónde está?", None, id="a-third-one"),
        pytest.param("😀 100 !!", None, id="no-words"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_words_tell_their_language_or_none(text: str, tells: str | None) -> None:
    assert language.spoken(text) == tells


def test_what_is_endlessly_long_is_read_at_its_beginning() -> None:
    assert language.spoken("x" * 5000 + " where is my refund") is None
