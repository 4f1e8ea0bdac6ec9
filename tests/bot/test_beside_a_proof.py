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


async def test_whoever_takes_over_reads_the_number_that_was_not_proved(unproved: Shopping) -> None:
    assert f"已查询：订单 {unproved.card}：未验证身份" in (await told(unproved)).splitlines()


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


HOW = "点下面的“验证身份”就可以验证；短信里的数字、手机后四位填在打开的页面里，不用发在这里。"
HOW_EN = "Press “Verify” below. A code or the last four digits go into the page that opens, not into this chat."


@pytest.mark.parametrize(
    "words",
    ["怎么验证啊", "在哪里验证？", "验证什么", "4321", "后四位4321", "尾号是 4321", "我的验证码是838211", "838 211",
     "验证码", "how do I verify?"],
)  # fmt: skip
async def test_who_asks_how_or_gives_it_in_the_chat_is_told_where_it_belongs(unproved: Shopping, words: str) -> None:
    (article,) = unproved.finder.says[LOST].candidates
    unproved.finder.answers(words, article.id, band="suggest")
    for _ in range(3):
        await unproved.tells(words)
        assert (await unproved.last())[1]["expects"] == "proof"
        assert await unproved.status() == "assisted"
    assert (await unproved.texts())[-2] in (HOW, HOW_EN)


async def test_the_same_matter_again_is_no_misunderstanding(unproved: Shopping) -> None:
    for _ in range(3):
        await unproved.tells("我的充值还没到账啊")
        assert (await unproved.last())[0] == PROOF
    assert await unproved.status() == "assisted"


async def test_who_is_reminded_time_and_again_comes_to_a_person(unproved: Shopping) -> None:
    for _ in range(5):
        assert await unproved.status() == "assisted"
        await unproved.tells(unproved.card)
    assert (await unproved.events("handed_over"))[0]["reason"] == "misunderstood"


@pytest.mark.parametrize("words", ["我不想验证", "验证不了", "没法验证啊", "not now"])
async def test_who_refuses_in_words_goes_the_way_without_a_proof(unproved: Shopping, words: str) -> None:
    pressed = (await unproved.last())[1]["options"][0]["id"]
    assert pressed.endswith(":unproved")
    (article,) = unproved.finder.says[LOST].candidates
    unproved.finder.answers(words, article.id)  # of another proof
    await unproved.tells(words)
    assert (await unproved.last())[0] != PROOF
    assert "先看" not in "".join(await unproved.texts())
    assert "没太明白" not in (await unproved.last())[0]


@pytest.mark.parametrize("words", ["嗯", "好的", "ok"])
async def test_yes_promises_no_end_while_something_is_awaited(unproved: Shopping, words: str) -> None:
    await unproved.tells(words)
    assert (await unproved.texts())[-2:] == ["好的。", PROOF]
