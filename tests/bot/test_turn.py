"""What the assistant answers, asks, offers and hands over: one answer to what was said, and a person when in doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import routing
from mashang.conversations import recalling
from mashang.conversations.entry import NewEntry
from mashang.conversations.happened import happened
from mashang.customers import customer
from mashang.intake import author_of
from mashang.kit.errors import Invalid
from mashang.knowledge import merging
from mashang.routing import assistance, summary
from mashang.staff import assistant
from mashang.staff.assistant import Assistant
from tests.conftest import Clock

from .talking import Fit, Fits, Talk, publish

LATE = "充值怎么还没到账"


async def test_it_says_first_that_it_is_a_program(talk: Talk) -> None:
    await talk.open()
    assert await talk.status() == "assisted"
    text, _ = await talk.last()
    assert "小码" in text
    assert "不是真人" in text
    happenings = [happened(one.data or {}, "zh-CN") for one in await talk.entries() if one.kind == "event"]
    assert [one for one in happenings if one and "助手" in one] == [], "once is enough"


@pytest.mark.parametrize(
    ("locale", "names", "first"),
    [
        ("zh-CN", {"name": "智能助手", "name_en": "Assistant"}, "您好，我是智能助手，由程序自动回答，不是真人。请用"),
        ("en", {"name": "智能助手", "name_en": "Assistant"}, "Hello, the shop's assistant here. I answer"),
        ("en", {"name": "智能助手"}, "Hello, the shop's assistant here. I answer"),
        ("en", {"name": "智能助手", "name_en": "Robin"}, "Hello, Robin here. I answer"),
        ("en", {"name": "小码"}, "Hello, 小码 here. I answer"),
    ],
)
async def test_it_introduces_itself_naturally_with_and_without_a_name(
    talk: Talk, locale: str, names: dict[str, str], first: str
) -> None:
    async with talk.database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=True, **names))
    await talk.open(locale=locale)
    text, _ = await talk.last()
    assert text.startswith(first)


async def test_who_goes_on_with_it_after_the_end_is_told_again_that_it_is_the_assistant(
    talk: Talk, clock: Clock
) -> None:
    await talk.open()
    await _ends(talk)
    await clock.advance(assistance.SAME_MATTER + timedelta(seconds=1))
    async with talk.database.transaction() as tx:
        by = await customer.by_id(tx, await tx.value("select customer_id from conversation where id = %s", (talk.id,)))
        await routing.reopen(tx, by, talk.id)
    assert await talk.status() == "assisted"
    told = [happened(one.data or {}, "zh-CN") for one in await talk.entries() if one.kind == "event"]
    assert told[-1] == "智能助手正在为您服务，随时可以转人工"


async def _ends(talk: Talk) -> None:
    async with talk.database.transaction() as tx:
        by = await customer.by_id(tx, await tx.value("select customer_id from conversation where id = %s", (talk.id,)))
        await routing.close(tx, by, talk.id, solved=True)


async def test_a_sure_answer_is_the_articles_own_words(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    text, part = await talk.last()
    assert text == "关于充值没到账：先看订单。"
    assert part["kind"] == "answer"
    assert part["asks_helpful"]
    assert part["article"] == {"id": articles["recharge-late"], "title": "充值没到账"}
    assert len(await talk.said()) == 2
    assert await talk.value("select p from assistant_turn where conversation_id = %(id)s") == pytest.approx(0.97)


async def test_english_is_answered_in_english(talk: Talk, articles) -> None:
    talk.finder.answers("no money", articles["recharge-late"])
    await talk.open("no money", locale="en")
    assert (await talk.last())[0] == "About recharge-late."
    assert (await talk.said())[0].author.name == "Mashang"


async def test_what_may_be_meant_is_offered_with_a_way_to_a_person(talk: Talk, articles) -> None:
    talk.finder.answers("没到", *articles.values(), band="suggest")
    await talk.open("没到")
    _, part = await talk.last()
    assert [one["id"] for one in part["options"]] == [*(f"article:{one}" for one in articles.values()), "none"]
    await talk.press(f"article:{articles['card-lost']}")
    assert (await talk.last())[0] == "关于卡密没收到：先看订单。"
    assert await talk.status() == "assisted"


async def test_none_of_these_leads_to_a_person(talk: Talk, articles) -> None:
    talk.finder.answers("没到", *articles.values(), band="suggest")
    await talk.open("没到")
    await talk.press("none")
    assert await talk.status() == "waiting"


async def test_what_is_not_understood_is_asked_for_once_and_handed_over_the_second_time(talk: Talk) -> None:
    await talk.open("嘟嘟囔囔的一句话")
    assert (await talk.last())[1]["options"] == [{"id": "person", "label": "转人工"}]
    await talk.say("还是嘟嘟囔囔")
    assert await talk.status() == "waiting"
    assert (await talk.events("handed_over"))[0]["reason"] == "misunderstood"


async def test_an_answer_between_two_misunderstandings_begins_the_count_anew(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open("听不懂的话")
    await talk.say(LATE)
    await talk.say("又一句听不懂的话")
    assert await talk.status() == "assisted"


async def test_a_choice_whose_article_was_merged_meanwhile_is_answered_by_the_one_that_is_left(
    talk: Talk, articles
) -> None:
    talk.finder.answers("怎么收不到", articles["card-lost"], articles["slow"], band="suggest")
    await talk.open("怎么收不到")
    async with talk.database.transaction() as tx:
        await merging.merge(tx, None, (articles["slow"], 2), (articles["card-lost"], 2))
    await talk.press(f"article:{articles['card-lost']}")
    text, part = await talk.last()
    assert "网站打不开" in text
    assert part["kind"] == "answer"


async def test_words_instead_of_a_choice_that_are_not_understood_either_lead_to_a_person(talk: Talk, articles) -> None:
    talk.finder.answers("没到", *articles.values(), band="suggest")
    talk.finder.answers("就是没到", *articles.values(), band="suggest")
    await talk.open("没到")
    await talk.say("就是没到")
    assert await talk.status() == "waiting"


async def test_of_what_was_not_understood_only_the_missing_part_is_asked(talk: Talk) -> None:
    await talk.open("昨天买的点卡有点问题")
    assert "结果是怎样的" in (await talk.last())[0]
    await talk.say("用不了")
    handed_over = (await talk.events("handed_over"))[0]
    assert handed_over["statement"]["result"]["zh-CN"] == "卡密用不了"
    assert handed_over["statement"]["action"]["zh-CN"] == "购买、点卡"


async def test_small_talk_gets_a_word_and_is_no_misunderstanding(talk: Talk) -> None:
    await talk.open("您好！！")
    await talk.say("听不懂的话")
    await talk.say("谢谢~")
    await talk.say("在吗")
    assert await talk.status() == "assisted"
    assert talk.finder.asked == ["听不懂的话"]


@pytest.mark.parametrize(
    "words", ["转人工", "我要投诉你们", "这是诈骗吧", "帮我转人工快点", "You are a SCAM", "I want a real person"]
)
async def test_anger_and_a_wish_for_a_person_need_no_finding(talk: Talk, words: str) -> None:
    await talk.open()
    await talk.say(words)
    assert await talk.status() == "waiting"
    assert talk.finder.asked == []


async def test_the_operators_own_words_of_risk_lead_to_a_person(talk: Talk, database) -> None:
    async with database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=True, name="小码", risk_words=["工信部"]))
    await talk.open("我要打工信部电话")
    assert (await talk.events("handed_over"))[0]["reason"] == "upset"


@pytest.mark.parametrize("words", ["没用😡😡", "答非所问"], ids=["angry", "risk"])
async def test_anger_about_an_answer_is_more_than_a_judgement_of_it(talk: Talk, articles, database, words) -> None:
    async with database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=True, name="小码", risk_words=["答非所问"]))
    talk.finder.answers("充值没到账", articles["recharge-late"])
    await talk.open("充值没到账")
    await talk.say(words)
    assert [one["reason"] for one in await talk.events("handed_over")] == ["upset"]


async def test_the_place_in_the_queue_is_that_of_the_arrival(talk: Talk, clock) -> None:
    opened = await talk.open("听不懂的话")
    await clock.advance(timedelta(minutes=9))
    await talk.press("person")
    queued_at = await talk.value("select queued_at from queue_place where conversation_id = %(id)s")
    assert queued_at == opened.opened_at
    assert [one["reason"] for one in await talk.events("person_coming")] == ["asked"]


async def test_a_person_at_any_moment_and_a_second_press_changes_nothing(talk: Talk, database) -> None:
    await talk.open()
    for _ in range(2):
        async with database.transaction() as tx:
            await routing.ask_for_a_person(tx, talk.stage.customer, talk.id)
    assert await talk.status() == "waiting"
    assert len(await talk.events("queued")) == 1


async def test_after_the_hand_over_it_stays_out(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    await talk.say("转人工")
    before = len(await talk.said())
    await talk.say(LATE)
    await talk.press("not_helpful", (await talk.said())[-1].seq)
    assert not await talk.turn()
    assert len(await talk.said()) == before
    assert await talk.status() == "waiting"


async def test_who_finds_the_answer_helpful_after_all_need_not_wait_any_longer(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    await talk.say("转人工")
    await talk.press("helpful", (await talk.said())[-1].seq)
    assert await talk.status() == "closed"
    assert (await talk.events("closed"))[0]["solved"]


async def test_an_agent_calls_it_back_and_it_hands_over_again_at_the_old_place(talk: Talk, database, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open("转人工帮忙")
    queued_at = await talk.value("select queued_at from queue_place where conversation_id = %(id)s")
    async with database.transaction() as tx:
        await routing.take(tx, talk.stage.agent, talk.id)
        await routing.call_assistant(tx, talk.stage.agent, talk.id)
    assert await talk.status() == "assisted"
    assert not await talk.turn()
    await talk.say(LATE)
    assert (await talk.last())[1]["kind"] == "answer"
    await talk.say("转人工")
    assert await talk.value("select queued_at from queue_place where conversation_id = %(id)s") == queued_at


async def test_that_helped_asks_for_more_and_that_did_not_offers_the_next_best_once(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, *articles.values())
    await talk.open(LATE)
    await talk.press("not_helpful")
    _, part = await talk.last()
    assert [one["id"] for one in part["options"]] == [
        f"article:{articles['card-lost']}", f"article:{articles['slow']}", "none",
    ]  # fmt: skip
    await talk.press(f"article:{articles['slow']}")
    await talk.press("helpful")
    assert (await talk.last())[1]["kind"] == "say"
    verdicts = "select array_agg(verdict order by seq) from assistant_verdict where conversation_id = %(id)s"
    assert await talk.value(verdicts) == ["not_helpful", "helpful"]
    assert await talk.status() == "assisted"


async def test_saying_that_it_did_not_help_is_as_good_as_pressing_it(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, *articles.values())
    await talk.open(LATE)
    shown = (await talk.said())[-1].seq
    await talk.say("没用")
    _, part = await talk.last()
    assert part["options"][0]["id"] == f"article:{articles['card-lost']}"
    assert talk.finder.asked == [LATE, LATE]
    judged = "select (seq, verdict)::text from assistant_verdict where conversation_id = %(id)s"
    assert await talk.value(judged) == f"({shown},not_helpful)"
    kept = "select data -> 'choice' ->> 'id' from entry where conversation_id = %(id)s and text = '没用'"
    assert await talk.value(kept) == "not_helpful"  # and so no question that was not answered
    await talk.press(f"article:{articles['slow']}")
    await talk.say("还是不行")
    assert (await talk.events("handed_over"))[0]["reason"] == "not_helpful"


async def test_a_judgement_in_several_messages_is_one_and_none_of_them_is_a_question(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, *articles.values())
    await talk.open(LATE)
    for words in ("没用", "试过了", "还是不行"):
        await talk.receive(words)
    await talk.turn()
    kept = "select array_agg(data -> 'choice' ->> 'id' order by seq) from entry where conversation_id = %(id)s"
    said = " and author = 'customer' and text <> '' and kind = 'text'"
    assert await talk.value(kept + said) == [None, "not_helpful", "not_helpful", "not_helpful"]
    assert await talk.value("select count(*) from assistant_verdict where conversation_id = %(id)s") == 1
    assert talk.finder.asked == [LATE, LATE]


async def test_what_comes_nowhere_near_is_not_offered_after_an_answer_that_did_not_help(talk: Talk, articles) -> None:
    near, far = Fit(articles["card-lost"], -0.7), Fit(articles["slow"], -0.9)
    talk.finder.says[LATE] = Fits((Fit(articles["recharge-late"], 1.0), near, far), 0.97, "answer")
    await talk.open(LATE)
    await talk.press("not_helpful")
    _, part = await talk.last()
    assert [one["id"] for one in part["options"]] == [f"article:{near.id}", "none"]


async def test_where_nothing_else_comes_near_a_person_is_asked(talk: Talk, articles) -> None:
    talk.finder.says[LATE] = Fits((Fit(articles["recharge-late"], 1.0), Fit(articles["slow"], -0.9)), 0.97, "answer")
    await talk.open(LATE)
    await talk.press("not_helpful")
    assert (await talk.events("handed_over"))[0]["reason"] == "not_helpful"


async def test_the_same_words_before_any_answer_are_a_question(talk: Talk) -> None:
    await talk.open("没用")
    assert talk.finder.asked == ["没用"]
    assert (await talk.last())[1]["kind"] == "ask"


async def test_two_answers_that_did_not_help_lead_to_a_person(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, *articles.values())
    await talk.open(LATE)
    await talk.press("not_helpful")
    await talk.press(f"article:{articles['slow']}")
    await talk.press("not_helpful")
    assert await talk.status() == "waiting"
    told = (await talk.events("handed_over"))[0]
    assert told["reason"] == "not_helpful"
    assert [(one["title"], one["verdict"]) for one in told["shown"]] == [
        ("充值没到账", "not_helpful"), ("网站打不开", "not_helpful"),
    ]  # fmt: skip
    assert f"用户说：“{LATE}”" in summary.lines(told, "zh-CN")
    assert all(len(summary.lines(told, locale)) <= 8 for locale in ("zh-CN", "en"))


async def test_words_a_customer_takes_back_leave_the_summary_too(talk: Talk, database, articles) -> None:
    await talk.open(f"{LATE}，订单号 QN202611220001")
    await talk.say("转人工")
    (told,) = await talk.events("handed_over")
    assert {"said", "statement"} <= set(told)
    who = talk.stage.customer
    first = next(one.seq for one in await talk.entries() if one.author.kind == "customer" and one.kind == "text")
    async with database.transaction() as tx:
        await recalling.recall(tx, talk.id, first, by=author_of(who), author_id=who.id)
    (told,) = await talk.events("handed_over")
    assert not {"said", "statement"} & set(told)
    assert summary.lines(told, "zh-CN") == ["转人工原因：用户要求人工"]


async def test_a_procedure_that_did_not_help_is_for_a_person(talk: Talk, database, articles) -> None:
    refund = await publish(database, "refund", "怎么退款", procedure_only=True)
    talk.finder.answers("我要退款", refund, articles["slow"])
    await talk.open("我要退款")
    await talk.press("not_helpful")
    assert (await talk.events("handed_over"))[0]["reason"] == "policy"


async def test_the_same_question_again_is_not_answered_the_same_way(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"], articles["slow"])
    await talk.open(LATE)
    await talk.say(LATE)
    assert (await talk.last())[1]["kind"] == "choices"


@pytest.mark.parametrize("others", [["slow"], []], ids=["another_near", "no_other"])
async def test_a_question_sent_twice_before_its_answer_has_one_answer(talk: Talk, articles, others) -> None:
    talk.finder.answers(LATE, articles["recharge-late"], *(articles[one] for one in others))
    await _sent_twice(talk, LATE)
    assert [one.data["assistant"]["kind"] for one in (await talk.said())[1:]] == ["answer"]
    assert await talk.status() == "assisted"
    await talk.say(LATE)
    assert len(await talk.said()) > 2 or await talk.events("handed_over"), "after the answer it was not the answer"


@pytest.mark.parametrize("kind", ["choices", "ask"])
async def test_what_is_sent_twice_before_it_is_asked_back_is_asked_back_once(talk: Talk, articles, kind) -> None:
    offered = {"choices": list(articles.values()), "ask": []}[kind]
    talk.finder.answers("没到", *offered, band="suggest")
    await _sent_twice(talk, "没到")
    assert [one.data["assistant"]["kind"] for one in (await talk.said())[1:]] == [kind]
    assert await talk.status() == "assisted"


async def test_another_matter_said_before_an_answer_has_its_own(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    talk.finder.answers("还有卡密没收到", articles["card-lost"])
    await _sent_twice(talk, LATE, "还有卡密没收到")
    assert [one.text for one in (await talk.said())[1:]] == ["关于充值没到账：先看订单。", "关于卡密没收到：先看订单。"]


async def _sent_twice(talk: Talk, text: str, then: str = "") -> None:
    """The second is written while the assistant thinks about the first."""
    await talk.begin(text)
    find = talk.finder.find

    async def finds_late(question: str, locale: str, target: float) -> Fits:
        talk.finder.find = find  # type: ignore[method-assign]  # once
        await talk.receive(then or text)
        return await find(question, locale, target)

    talk.finder.find = finds_late  # type: ignore[method-assign]
    assert await talk.turn()
    assert await talk.turn()


async def test_whatever_fails_leads_to_a_person_and_says_so(talk: Talk) -> None:
    talk.finder.says["坏了"] = RuntimeError("a bug")
    await talk.open("坏了")
    assert await talk.status() == "waiting"
    assert [one["reason"] for one in await talk.events("person_coming")] == ["failure"]
    assert not await talk.turn()


async def test_an_article_that_was_withdrawn_meanwhile_is_not_told(talk: Talk, database, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    async with database.transaction() as tx:
        await tx.run("update article set status = 'archived' where key = 'recharge-late'")
    await talk.open(LATE)
    assert await talk.status() == "waiting"


@pytest.mark.parametrize(
    "text", ["😀😀😀", "？？？！", "啊" * 8000, "a" * 8000], ids=["emoji", "signs", "long", "latin"]
)
async def test_strange_words_are_not_understood_and_nothing_is_lost(talk: Talk, text: str) -> None:
    await talk.open(text)
    assert (await talk.last())[1]["kind"] == "ask"
    assert all(len(one) <= 500 for one in talk.finder.asked)
    assert await talk.status() == "assisted"


async def test_nothing_said_is_refused(talk: Talk) -> None:
    await talk.open()
    with pytest.raises(Invalid):
        await talk.say("  ")


@pytest.mark.parametrize("option", ["article:nosuch", "pb:a:b", "helpful", "rm -rf"])
async def test_a_button_that_is_not_there_is_what_was_typed(talk: Talk, option: str) -> None:
    await talk.open()
    first = (await talk.said())[0].seq
    for seq in (first, 999):
        await talk.press(option.replace(" ", "-"), seq)
    typed = [one for one in await talk.entries() if one.author.kind == "customer" and one.kind == "text"]
    assert [one.data for one in typed] == [None, None]


async def test_a_button_of_another_conversation_is_what_was_typed(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    theirs = (await talk.said())[-1].seq
    await talk.open()
    await talk.press("helpful", theirs)
    assert await talk.value("select count(*) from assistant_verdict") == 0


async def test_a_button_pressed_twice_counts_once(talk: Talk, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    answer = (await talk.said())[-1].seq
    await talk.press("helpful", answer)
    said = len(await talk.said())
    await talk.press("helpful", answer)
    assert len(await talk.said()) == said
    assert await talk.value("select count(*) from assistant_verdict") == 1


async def test_several_messages_in_a_row_are_one_question(talk: Talk) -> None:
    await talk.open()
    for text in ("昨天充的", "还没到"):
        await talk.writer.post(_message(talk, text))
    await talk.turn()
    assert talk.finder.asked == ["昨天充的\n还没到"]
    assert not await talk.turn()


def _message(talk: Talk, text: str):
    customer = talk.stage.customer
    return NewEntry(conversation_id=talk.id, author=author_of(customer), author_id=customer.id, text=text)


async def test_off_or_without_knowledge_everybody_queues(talk: Talk, database) -> None:
    async with database.transaction() as tx:
        await tx.run("update article set status = 'archived'")
    await talk.open("充值")
    assert await talk.status() == "waiting"
    async with database.transaction() as tx:
        await tx.run("update article set status = 'published'")
        await assistant.put_settings(tx, None, Assistant(is_on=False, name="小码"))
    await talk.open("充值")
    assert await talk.status() == "waiting"


@pytest.mark.parametrize(
    "fields", [{"entrance": "person"}, {"text": "24H"}, {"text": "转人工"}], ids=["person", "24H", "words"]
)
async def test_who_wants_a_person_queues_at_once(talk: Talk, fields) -> None:
    await talk.open(**fields)
    assert await talk.status() == "waiting"
    assert await talk.said() == []
