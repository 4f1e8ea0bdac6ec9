"""What no knowledge could answer stands in no gap; a short question does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mashang.insights import gaps, noise
from mashang.kit.db import Database
from tests import scene
from tests.insights.test_gaps import found, missed
from tests.scene import Scene

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


@pytest.fixture
async def stage(database: Database) -> Scene:
    async with database.transaction() as tx:
        return await scene.build(tx)


@pytest.mark.parametrize(
    "words",
    [
        "asdkjh", "asdf", "qwerty", "jkjkj asdasd", "aaaaaa", "哈哈哈哈", "？？？", "1", "x", "•••• 退", "",
        "昨天晚上8点 100块", "昨天下午三点左右", "一百块", "100元", "QN20261122001", "大概 50", "11月20号",
        "是的", "没有", "不知道", "yes", "i dont know", "谢谢", "在吗", "2 张", "yesterday at 8 pm",
    ],
    ids=range(27),
)  # fmt: skip
def test_what_has_no_word_or_only_answers_is_no_question(words: str) -> None:
    assert not noise.is_question(words, NOW)


@pytest.mark.parametrize(
    "words",
    [
        "先不管这个", "这个先不管了", "先不说这个了", "这个问题先放一放", "算了，不问了", "换个话题吧",
        "我先问另一个问题", "说点别的吧", "等一下，我看看", "你没听懂我的意思", "我不是这个意思", "我问的不是这个",
        "答非所问", "什么意思？", "再说一遍", "我想问一下", "回到刚才那个问题", "当我没说",
        "never mind that", "Never mind.", "nvm", "forget it", "skip this for now", "let's move on", "hold on a moment",
        "that's not what I meant", "you misunderstood", "I have another question", "what do you mean?",
        "wait, let me check",
    ],
)  # fmt: skip
def test_what_sets_aside_or_speaks_of_the_talk_is_no_question(words: str) -> None:
    assert not noise.is_question(words, NOW)


@pytest.mark.parametrize(
    "words",
    [
        "先不管这个，退款怎么弄", "换个手机号", "换一个账号", "这个怎么退", "这个能开发票吗", "积分是什么意思",
        "看不懂订单", "看看我的单", "有个问题，充值没到", "跳过广告", "发错了", "弄错了账号", "刚才付的没到",
        "never mind that, where is my refund",
        "forgot my password", "I want to change the phone number", "the next delivery", "what does pending mean",
        "is this genuine", "skip the queue",
    ],
)  # fmt: skip
def test_a_matter_beside_such_words_is_a_question(words: str) -> None:
    assert noise.is_question(words, NOW)


@pytest.mark.parametrize(
    "words",
    [
        "退款？", "客服电话", "refund", "tuikuan", "kefu dianhua", "发票", "vip", "cdk", "多少钱", "几点上班", "怎么找",
        "昨天8点充了100块没到账", "能便宜吗", "三星", "iphone15", "没有收到", "退 款",
        "where is my order", "订单号在哪里",
        "不能用", "asdf 充值", "can i pay with alipay", "是真的吗", "几天到", "html", "包邮吗", "有货吗",
    ],
    ids=range(27),
)  # fmt: skip
def test_a_short_question_is_one(words: str) -> None:
    assert noise.is_question(words, NOW)


@pytest.mark.parametrize("long", ["是的" * 4000, "昨天8点 " * 1500, "asda" * 2000, "1." * 4000], ids=range(4))
def test_the_longest_is_read_to_an_end(long: str) -> None:
    assert not noise.is_question(long, NOW)


async def test_noise_is_read_once_and_shown_never(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        for words in ("asdkjh", "昨天晚上8点 100块", "先不管这个", "never mind that", "退款？"):
            await missed(tx, stage, words)
    assert [gap.questions[0].words for gap in await found(database)] == ["退款？"]
    async with database.transaction() as tx:
        assert await gaps.waiting(tx) == 1
    assert await gaps.sweep(database) == 0


async def test_noise_of_any_number_of_sweeps_stands_in_one_gap(database: Database, stage: Scene) -> None:
    for words in ("asdkjh", "昨天晚上8点 100块"):
        async with database.transaction() as tx:
            await missed(tx, stage, words)
        assert await found(database) == []
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from gap") == 1
        assert await tx.value("select count(*) from gap_question") == 2
