"""In the knowledge a shop begins with, a search shows what fits and not everything that has a word of it."""

from __future__ import annotations

from functools import cache

import pytest

from mashang.knowledge import rendering, starting
from mashang.knowledge.indexing import Document, Index


@cache
def index() -> Index:
    return Index(
        [
            Document(
                article_id=one.key,
                locale=locale,
                title=one.title[locale],
                body=rendering.plain(starting.text(one, locale, ()).body),
                phrasings=tuple(one.phrasings[locale]),
            )
            for one in starting.starters()
            for locale in one.title
        ]
    )


def found(query: str, locale: str = "zh-CN") -> list[str]:
    return [hit.article_id for hit in index().search(query, locale, 12)]


def test_after_the_right_article_come_only_those_that_fit_too() -> None:
    assert found("chongzhi meidao") == ["recharge-not-arrived", "recharge-less-than-paid", "card-key-not-received"]
    assert found("充值没到账")[0] == "recharge-not-arrived"
    for few in ("充值没到账", "卡密无效", "密码忘了", "充值账号填错了能退款吗"):
        assert len(found(few)) <= 3, few


@pytest.mark.parametrize("word", ["退款", "tuikuan", "充值", "chongzhi", "refund", "退"], ids=range(6))
def test_what_has_the_whole_word_is_never_cut(word: str) -> None:
    assert len(found(word)) == 12


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("chongzhi mei", "recharge-not-arrived"),
        ("充值没到", "recharge-not-arrived"),
        ("冲值没到帐", "recharge-not-arrived"),
        ("czwdz", "recharge-not-arrived"),
        ("kami wux", "card-key-invalid"),
        ("卡蜜无效", "card-key-invalid"),
        ("客服电话", "service-hours"),
        ("fap", "invoice"),
        ("票", "invoice"),
        ("包裹", "parcel-tracking"),
        ("退款要多", "refund-progress"),
        ("refnud", "refund-how"),
        ("start a refund for", "refund-how"),
        ("my recent orders", "order-status"),
        ("forgot pass", "forgot-password"),
    ],
)
def test_the_right_one_stays_however_it_is_typed(query: str, right: str) -> None:
    assert right in found(query, "en" if " " in query and query.isascii() else "zh-CN")
