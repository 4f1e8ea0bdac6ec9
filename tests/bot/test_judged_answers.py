"""“That helped” and “not solved”, pressed or said: what follows, and what whoever takes over reads."""

from __future__ import annotations

from mashang.conversations import recalling
from mashang.intake import author_of
from mashang.routing import summary

from .talking import Fit, Fits, Talk, publish

LATE = "充值怎么还没到账"


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
    assert [(one["title"]["zh-CN"], one["verdict"]) for one in told["shown"]] == [
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
