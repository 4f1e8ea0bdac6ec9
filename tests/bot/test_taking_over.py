"""Between the assistant and people: who takes over, who comes back, and what goes along."""

from __future__ import annotations

from datetime import timedelta

from mashang import routing
from mashang.routing import assistance, summary
from mashang.routing.moving import sweep_absent
from mashang.staff import assistant
from mashang.staff.assistant import Assistant
from tests import scene

from .talking import Talk

LATE = "充值怎么还没到账"


async def test_a_colleague_takes_over_at_any_moment_and_reads_why(talk: Talk, database, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open(LATE)
    async with database.transaction() as tx:
        await routing.take(tx, talk.stage.agent, talk.id)
    assert await talk.status() == "active"
    assert (await talk.events("handed_over"))[0]["reason"] == "taken"
    await talk.say(LATE)
    assert not await talk.turn()


async def test_who_comes_back_within_three_days_gets_a_person_and_later_the_assistant(
    talk: Talk, database, clock
) -> None:
    await talk.open("听不懂的话")
    for waited, status in ((timedelta(hours=71), "waiting"), (timedelta(hours=73), "assisted")):
        async with database.transaction() as tx:
            await tx.run("delete from queue_place")
            await tx.run("update assistance set state = 'serving'")
            await tx.run("update conversation set status = 'assisted'")
            await routing.close(tx, talk.stage.customer, talk.id)
        await clock.advance(waited)
        async with database.transaction() as tx:
            await routing.reopen(tx, talk.stage.customer, talk.id)
        assert await talk.status() == status


async def test_the_statement_goes_with_the_hand_over(talk: Talk) -> None:
    await talk.open("昨天下午三点用支付宝充值100元，一直没到账")
    await talk.say("转人工")
    told = (await talk.events("handed_over"))[0]
    assert told["statement"]["result"]["zh-CN"]
    assert any(line.startswith("问题：") for line in summary.lines(told, "zh-CN"))
    assert any(line.startswith("Matter: ") for line in summary.lines(told, "en"))


async def test_secrets_are_masked_before_anything_is_told(talk: Talk) -> None:
    await talk.open("验证码 482913 帮我看看")
    await talk.say("转人工")
    assert "482913" not in str(await talk.events("handed_over"))


async def test_another_department_keeps_what_the_topic_needs(talk: Talk, database) -> None:
    await talk.open("听不懂")
    async with database.transaction() as tx:
        assert (await assistance.of(tx, talk.id)) is not None
        colleague = await scene.an_agent(tx, "other", "别人", role="supervisor")
        await routing.transfer(tx, colleague, talk.id, routing.Target(department_id=talk.stage.department.id))
    assert await talk.status() == "waiting"
    assert (await talk.events("handed_over"))[0]["reason"] == "transferred"


async def test_switched_off_it_answers_nobody_any_more(talk: Talk, database, articles) -> None:
    talk.finder.answers(LATE, articles["recharge-late"])
    await talk.open()
    async with database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=False, name="小码"))
    await talk.say(LATE)
    assert await talk.status() == "waiting"
    assert (await talk.events("handed_over"))[0]["reason"] == "policy"
    assert talk.finder.asked == []


async def test_who_is_back_after_days_with_another_matter_does_not_wait_before_everybody(
    talk: Talk, database, clock
) -> None:
    queued_at = "select queued_at from queue_place where conversation_id = %(id)s"
    opened = await talk.open("转人工帮忙")
    came = opened.opened_at
    for _ in range(2):
        assert await talk.value(queued_at) >= came
        async with database.transaction() as tx:
            await routing.take(tx, talk.stage.agent, talk.id)
            await routing.call_assistant(tx, talk.stage.agent, talk.id)
            await routing.close(tx, talk.stage.customer, talk.id)
        await clock.advance(timedelta(hours=73))
        came = await talk.value("select app_now()")
        async with database.transaction() as tx:
            await routing.reopen(tx, talk.stage.customer, talk.id)
        assert await talk.status() == "assisted"
        await clock.advance(timedelta(minutes=9))
        await talk.say("转人工")
    assert came <= await talk.value(queued_at) < came + timedelta(minutes=5)


async def test_an_agent_who_took_it_from_the_assistant_and_vanished_gives_back_the_place_of_the_arrival(
    talk: Talk, database, clock
) -> None:
    opened = await talk.open()
    await clock.advance(timedelta(minutes=9))
    async with database.transaction() as tx:
        await routing.take(tx, talk.stage.agent, talk.id)
    await clock.advance(timedelta(hours=1))
    assert await sweep_absent(database, timedelta(minutes=1), opened.opened_at) == 1
    assert await talk.value("select queued_at from queue_place where conversation_id = %(id)s") == opened.opened_at


async def test_a_wish_for_a_person_counts_again_after_the_assistant_was_called_back(talk: Talk, database) -> None:
    await talk.open("听不懂的话")
    asked = (await talk.said())[-1].seq
    await talk.press("person", asked)
    async with database.transaction() as tx:
        await routing.take(tx, talk.stage.agent, talk.id)
        await routing.call_assistant(tx, talk.stage.agent, talk.id)
    await talk.press("person", asked)
    assert await talk.status() == "waiting"


async def test_each_hand_over_keeps_its_own_reason_however_often_the_assistant_is_called_back(
    talk: Talk, database
) -> None:
    await talk.open("你们就是骗子，我要投诉")
    async with database.transaction() as tx:
        because = {"zh-CN": "账号被冻结", "en": "The account is frozen"}
        await assistance.note(tx, talk.id, facts={"because": because})
    for _ in range(2):
        async with database.transaction() as tx:
            await routing.take(tx, talk.stage.agent, talk.id)
            await routing.call_assistant(tx, talk.stage.agent, talk.id)
            await routing.take(tx, talk.stage.agent, talk.id)
    told = await talk.events("handed_over")
    assert [one["reason"] for one in told] == ["upset", "taken", "taken"]
    assert [one["reason"] for one in told[-1]["before"]] == ["upset", "taken"]
    assert "because" not in told[-1]  # of another hand-over
    kept = await talk.value("select array_agg(reason order by seq) from hand_over where conversation_id = %(id)s")
    assert kept == ["upset", "taken", "taken"]
