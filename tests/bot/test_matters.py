"""Matters to begin with by one tap, and general questions that are answered before anybody proves who they are."""

from __future__ import annotations

import pytest

from mashang.bot import hearing
from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from tests.scene import Scene

from .talking import Talk, publish

ORDER = "MS20261121000001"


@pytest.fixture
async def refund(talk: Talk) -> str:
    return await publish(talk.database, "refund-progress", "退款多久到", playbook="refund-progress", codes=["SH"])


@pytest.fixture
async def late(talk: Talk) -> str:
    return await publish(talk.database, "late", "没到账怎么办", playbook="recharge-not-arrived", codes=["CZ"])


async def test_of_an_order_that_the_page_names_one_tap_begins(talk: Talk, refund: str, late: str) -> None:
    await publish(talk.database, "balance", "余额", playbook="balance-query")
    await talk.open(order_number=ORDER)
    text, part = await talk.last()
    assert ORDER in text
    assert {one["id"]: one["label"] for one in part["options"]} == {
        f"diagnose:{refund}": "退款进度",
        f"diagnose:{late}": "充值没到账",
    }, "what asks for no order does not fit one"
    await talk.press(f"diagnose:{refund}")
    run = await talk.value("select run from assistance where conversation_id = %(id)s")
    assert run["playbook"] == "refund-progress"
    assert run["known"]["answer.order"] == ORDER
    assert run["waits"] == "look_up", "nobody asks for the number that the page told"


async def test_in_english_they_have_english_names(talk: Talk, refund: str) -> None:
    await talk.open(order_number=ORDER, locale="en")
    text, part = await talk.last()
    assert text.startswith(f"This is about order {ORDER}.")
    assert part["options"] == [{"id": f"diagnose:{refund}", "label": "Refund progress"}]


async def test_a_topic_without_a_word_offers_what_belongs_to_it(
    talk: Talk, stage: Scene, refund: str, late: str
) -> None:
    async with talk.database.transaction() as tx:
        draft = TopicDraft(code="CZ", name="充值问题", department=stage.department.public_id)
        await topics.create(tx, None, draft, {})
    await talk.open(code="CZ")
    _, part = await talk.last()
    assert [one["id"] for one in part["options"]] == [f"diagnose:{late}"]


async def test_who_wrote_something_is_answered_and_offered_nothing_else(talk: Talk, refund: str, articles) -> None:
    talk.finder.answers("打不开", articles["slow"])
    await talk.open("打不开", order_number=ORDER)
    assert len(await talk.said()) == 2
    assert (await talk.last())[1]["kind"] == "answer"


async def test_with_nothing_to_offer_the_assistant_waits_and_hands_nobody_over(talk: Talk) -> None:
    await talk.open(order_number=ORDER)
    assert len(await talk.said()) == 1
    assert await talk.status() == "assisted"
    assert not await talk.turn()


async def test_who_writes_instead_of_tapping_is_asked_in_other_words_once(talk: Talk, refund: str) -> None:
    await talk.open(order_number=ORDER)
    await talk.say("嘟嘟囔囔的一句话")
    assert await talk.status() == "assisted"
    assert (await talk.last())[1]["kind"] == "ask"


@pytest.mark.parametrize("question", ["退款要多久？", "退款一般几天到账", "how long does a refund take?"])
async def test_a_general_question_is_answered_first_and_a_look_at_ones_own_is_a_tap(
    talk: Talk, refund: str, question: str
) -> None:
    talk.finder.answers(question, refund)
    await talk.open(question)
    text, part = await talk.last()
    assert part["kind"] == "answer"
    assert "订单号" not in text
    assert [one["id"] for one in part["options"]] == [f"diagnose:{refund}"]
    assert part["options"][0]["label"] in ("帮我查：退款进度", "Check mine: Refund progress")
    assert part["asks_helpful"]
    await talk.press(f"diagnose:{refund}")
    assert (await talk.last())[1]["expects"] == "order"


@pytest.mark.parametrize(
    "words",
    ["那我的呢", "那我的订单呢？", "帮我查一下", "能查一下吗", "我这笔呢", "What about mine?", "check my order please"],
)
async def test_who_asks_for_their_own_after_the_general_answer_is_looked_after(
    talk: Talk, refund: str, words: str
) -> None:
    talk.finder.answers("退款要多久？", refund)
    await talk.open("退款要多久？")
    await talk.say(words)
    assert (await talk.last())[1]["expects"] == "order"


@pytest.mark.parametrize("words", ["那我的钱呢", "我的号被盗了", "呢", "可以吗", "我看看", "check the weather"])
async def test_other_words_after_it_press_nothing(talk: Talk, refund: str, words: str) -> None:
    talk.finder.answers("退款要多久？", refund)
    await talk.open("退款要多久？")
    await talk.say(words)
    assert (await talk.last())[1].get("expects") != "order"


async def test_where_nothing_is_to_be_looked_into_they_are_words(talk: Talk, articles) -> None:
    talk.finder.answers("网站一般多久打开", articles["slow"])
    await talk.open("网站一般多久打开")
    await talk.say("那我的呢")
    assert (await talk.last())[1]["kind"] == "ask"


@pytest.mark.parametrize("question", ["我的退款多久到？", "退款三天了怎么还没到", "where is my refund", "查一下退款"])
async def test_a_question_about_ones_own_matter_is_looked_into_at_once(talk: Talk, refund: str, question: str) -> None:
    talk.finder.answers(question, refund)
    await talk.open(question)
    assert (await talk.last())[1]["expects"] == "order"


async def test_of_what_only_tells_no_look_is_offered(talk: Talk, articles) -> None:
    talk.finder.answers("网站一般多久打开", articles["slow"])
    await talk.open("网站一般多久打开")
    assert (await talk.last())[1].get("options", []) == []


@pytest.mark.parametrize(
    ("words", "general"),
    [
        ("充值多久到账", True),
        ("正常情况下充值几时到", True),
        ("How many days does a refund usually take", True),
        ("已经等了多久了还没到账", False),
        ("没到账", False),
        ("I paid, how long does it take", False),
        ("my order, how long?", False),
    ],
)
def test_general_questions_and_ones_own(words: str, general: bool) -> None:
    assert hearing.asks_in_general(words) is general
