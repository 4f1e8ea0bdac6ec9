"""While a proof is awaited: another matter, another order, the same number again.  Nothing is lost without a word."""

from __future__ import annotations

import pytest

from mashang.conversations.entry import Choice
from mashang.routing import summary

from .talking import publish
from .test_which_order import LATE, LOST, Shopping, shopping

__all__ = ["shopping"]

REFUND = "退款到哪了"
PROOF = "这一步要看您的订单资料，请先验证这笔订单是您的，验证后我马上接着查。"


@pytest.fixture
async def unproved(shopping: Shopping) -> Shopping:
    """A visitor whose recharge is late, asked for a proof."""
    refund = await publish(shopping.database, "refund-progress", REFUND, playbook="refund-progress")
    shopping.finder.answers(REFUND, refund)
    await shopping.come(shopping.card, subject=None, words=LATE)
    assert (await shopping.last())[0] == PROOF
    return shopping


async def told(talk: Shopping) -> str:
    """What whoever takes over reads of the matter."""
    await talk.tells("转人工")
    (handed_over,) = await talk.events("handed_over")
    return "\n".join(summary.lines(handed_over, "zh-CN"))


@pytest.mark.parametrize(("words", "title"), [(REFUND, "退款进度"), (LOST, "卡密没收到")], ids=["refund", "key"])
async def test_another_matter_is_named_and_the_first_is_kept(unproved: Shopping, words: str, title: str) -> None:
    await unproved.tells(words)
    assert (await unproved.texts())[-2:] == [f"先看“{title}”；“充值没到账”我记着，看完再接着来。", PROOF]
    of = f"（订单 {unproved.card}）"
    assert f"先后问了 充值没到账{of}；{title}{of}" in await told(unproved)


async def test_another_matter_of_another_order_names_both(unproved: Shopping) -> None:
    words = f"退款 {unproved.second} 到哪了"
    unproved.finder.says[words] = unproved.finder.says[REFUND]
    await unproved.tells(words)
    first, asked = (await unproved.texts())[-2:]
    assert first == f"先看订单 {unproved.second} 的“退款进度”；“充值没到账”我记着，看完再接着来。"
    assert (asked, (await unproved.last())[1]["order_number"]) == (PROOF, unproved.second)
    both = f"充值没到账（订单 {unproved.card}）；退款进度（订单 {unproved.second}）"
    assert both in await told(unproved)


async def test_of_another_order_both_numbers_stand_in_the_summary(unproved: Shopping) -> None:
    await unproved.tells(unproved.second)
    assert (await unproved.texts())[-2:] == [f"好的，来看订单 {unproved.second}。", PROOF]
    both = f"充值没到账（订单 {unproved.card}）；充值没到账（订单 {unproved.second}）"
    assert both in await told(unproved)


@pytest.mark.parametrize("words", ["{}", "订单号是 {}", "就是 {} 啊"])
async def test_the_same_number_again_is_no_misunderstanding(unproved: Shopping, words: str) -> None:
    for _ in range(3):
        await unproved.tells(words.format(unproved.card))
        assert (await unproved.last())[0] == PROOF
    await unproved.tells("嘟嘟囔囔")
    assert await unproved.status() == "assisted"
    await unproved.tells("嘟嘟囔囔")
    assert (await unproved.events("handed_over"))[0]["reason"] == "misunderstood"


async def test_what_nothing_answers_is_kept_and_said_so(unproved: Shopping) -> None:
    for _ in range(3):
        await unproved.tells("还有我的账号被封了")
        assert (await unproved.texts())[-2:] == [
            "这件事我记下了，转人工时会一起告诉客服；现在先看“充值没到账”。", PROOF,
        ]  # fmt: skip
    assert (await told(unproved)).count("“还有我的账号被封了”") == 1


async def test_what_may_be_another_matter_is_offered(unproved: Shopping) -> None:
    (article,) = unproved.finder.says[LOST].candidates
    unproved.finder.answers("卡呢", article.id, band="suggest")
    await unproved.tells("卡呢")
    assert [one["id"] for one in (await unproved.last())[1]["options"]] == [f"article:{article.id}", "none"]
    seq = (await unproved.said())[-1].seq
    await unproved.tells(f"article:{article.id}", choice=Choice(seq, f"article:{article.id}"))
    assert "先看“卡密没收到”；“充值没到账”我记着，看完再接着来。" in await unproved.texts()
