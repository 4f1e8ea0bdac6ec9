"""Resolution is counted so that nobody can be proud of it wrongly: each consultation is exactly one thing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from mashang import customers, routing
from mashang.bot import turns
from mashang.bot.turns import Turn
from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.customers import same_as
from mashang.insights import resolution
from mashang.insights.resolution import Resolution
from mashang.kit.db import Database, Tx
from mashang.knowledge import editing, trust
from mashang.knowledge.article import ArticleDraft, Text
from mashang.knowledge.trust import Judged
from mashang.routing import assistance
from mashang.shops.token import ShopCustomer
from tests import scene
from tests.conftest import Clock
from tests.scene import Scene

HOURS = timedelta(hours=1)
THREE_DAYS = timedelta(hours=72, minutes=1)


@pytest.fixture
async def stage(database: Database) -> Scene:
    async with database.transaction() as tx:
        return await scene.build(tx)


async def answered(tx: Tx, stage: Scene, *, closed: bool = True, **opening: Any) -> int:
    """A consultation the assistant answered once; its row number."""
    begun = await stage.conversation(tx, **opening)
    await conversations.assist(tx, begun.id)
    await assistance.serve(tx, begun.id)
    await turned(tx, begun.id, "answer", seq=2)
    if closed:
        await conversations.close(tx, begun.id)
    return begun.id


async def turned(tx: Tx, conversation_id: int, move: str, *, seq: int | None = None, **facts: Any) -> None:
    await turns.keep(tx, Turn(conversation_id=conversation_id, question_seq=1, seq=seq, move=move, **facts))


async def another(tx: Tx, stage: Scene) -> Scene:
    """The same shop with another visitor."""
    return msgspec.structs.replace(stage, customer=await scene.a_visitor(tx, stage.site))


async def counted(database: Database, days: int = 7) -> Resolution:
    async with database.transaction() as tx:
        return await resolution.resolution(tx, days, "zh-CN")


async def outcomes(database: Database) -> dict[str, int]:
    return await outcomes_of(database, 7)


async def outcomes_of(database: Database, days: int) -> dict[str, int]:
    return {one: n for one, n in (await counted(database, days)).outcomes.items() if n}


async def test_solved_is_known_after_three_days_of_silence(database: Database, stage: Scene, clock: Clock) -> None:
    async with database.transaction() as tx:
        await answered(tx, stage)
    assert await outcomes(database) == {"pending": 1}
    assert (await counted(database)).rate is None
    await clock.advance(THREE_DAYS)
    assert await outcomes(database) == {"resolved": 1}
    assert (await counted(database)).rate == 1.0


async def test_a_person_a_no_and_no_answer_are_not_solved(database: Database, stage: Scene, clock: Clock) -> None:
    async with database.transaction() as tx:
        handed = await answered(tx, await another(tx, stage), closed=False)
        await turned(tx, handed, "hand_over", why="asked")
        await assistance.leave(tx, await conversations.by_id(tx, handed), "asked")
        taken = await answered(tx, await another(tx, stage), closed=False)
        await conversations.assign(tx, taken, stage.agent.id)
        refused = await answered(tx, await another(tx, stage))
        await turns.judge(tx, refused, 2, "not_helpful", None)
        asked = await (await another(tx, stage)).conversation(tx)
        await conversations.assist(tx, asked.id)
        await assistance.serve(tx, asked.id)
        await spoke(tx, asked.id)
        await turned(tx, asked.id, "choices", seq=2)
        await conversations.close(tx, asked.id)
        await answered(tx, await another(tx, stage), closed=False)
        await (await another(tx, stage)).conversation(tx)  # asked for a person: not the assistant's
    await clock.advance(THREE_DAYS)
    found = await counted(database)
    assert {one: n for one, n in found.outcomes.items() if n} == {
        "person": 2, "not_helpful": 1, "unanswered": 1, "open": 1,
    }  # fmt: skip
    assert (found.assisted, found.consultations, found.rate) == (5, 6, 0.0)
    assert sorted((one.kind, one.n) for one in found.reasons) == [("asked", 1), ("taken", 1)]
    assert (found.answers.shown, found.answers.refused, found.answers.handed_over) == (4, 1, 2)
    assert found.wrong == 0.75


async def test_who_is_back_after_days_in_the_same_conversation_is_counted_for_each_matter(
    database: Database, stage: Scene, clock: Clock
) -> None:
    async with database.transaction() as tx:
        back = await answered(tx, stage)
        await spoke(tx, back)
    await clock.advance(THREE_DAYS)
    before = await counted(database, 30)
    async with database.transaction() as tx:
        await routing.reopen(tx, stage.customer, back)
        await conversations.assist(tx, back)
        await assistance.serve(tx, back)
    assert await outcomes_of(database, 30) == {"resolved": 1, "open": 1}
    async with database.transaction() as tx:
        await turned(tx, back, "answer", seq=11)
        await turns.judge(tx, back, 11, "not_helpful", None)
        await turned(tx, back, "hand_over", why="not_helpful")
        await assistance.leave(tx, await conversations.by_id(tx, back), "not_helpful")
        await conversations.assign(tx, back, stage.agent.id)
        await conversations.close(tx, back)
    found = await counted(database, 30)
    assert (before.outcomes["resolved"], before.consultations, before.wrong) == (1, 1, 0.0)
    assert {one: n for one, n in found.outcomes.items() if n} == {"resolved": 1, "person": 1}
    assert (found.consultations, found.assisted, found.answers.shown, found.wrong) == (2, 2, 2, 0.5)
    assert [(one.kind, one.n) for one in found.reasons] == [("not_helpful", 1)]
    await clock.advance(THREE_DAYS)
    async with database.transaction() as tx:  # once more, and nothing of it moves
        await routing.reopen(tx, stage.customer, back)
    found = await counted(database, 30)
    assert {one: n for one, n in found.outcomes.items() if n} == {"resolved": 1, "person": 1}
    assert found.consultations == 3


async def test_who_was_handed_over_twice_counts_for_both_reasons_and_an_answer_only_for_the_person_who_followed_it(
    database: Database, stage: Scene
) -> None:
    async with database.transaction() as tx:
        await tx.run("update assistant set is_on = true")
        draft = ArticleDraft(key="late", texts={"zh-CN": Text("充值没到账", "先看订单。")})
        made = await editing.create(tx, None, draft)
        await editing.publish(tx, None, made.public_id, version=made.version)
        begun = await opened(tx, stage, says=True)
        await told(tx, begun)
        await routing.hand_over(tx, begun, "upset")
        await routing.take(tx, stage.agent, begun)
        await routing.call_assistant(tx, stage.agent, begun)
        await told(tx, begun)
    found = await counted(database)
    assert [(one.kind, one.n) for one in found.reasons] == [("upset", 1)]
    assert (found.outcomes["person"], found.answers.shown, found.answers.handed_over) == (1, 2, 1)
    async with database.transaction() as tx:
        await routing.take(tx, stage.agent, begun)
    found = await counted(database)
    assert sorted((one.kind, one.n) for one in found.reasons) == [("taken", 1), ("upset", 1)]
    assert (found.outcomes["person"], found.answers.shown, found.answers.handed_over) == (1, 2, 2)


async def told(tx: Tx, conversation_id: int) -> None:
    words = NewEntry(conversation_id=conversation_id, author=Author("assistant"), text="先看订单。")
    await turned(tx, conversation_id, "answer", seq=(await timeline.append(tx, words)).seq)


async def spoke(tx: Tx, conversation_id: int) -> None:
    await timeline.append(tx, NewEntry(conversation_id=conversation_id, author=Author("customer"), text="充值没到账"))


async def opened(tx: Tx, stage: Scene, *, says: bool) -> int:
    """One that the assistant serves and has answered nothing in; its row number."""
    begun = await (await another(tx, stage)).conversation(tx)
    await conversations.assist(tx, begun.id)
    await assistance.serve(tx, begun.id)
    if says:
        await spoke(tx, begun.id)
    return begun.id


async def test_a_small_world_counted_by_hand_adds_up(database: Database, stage: Scene, clock: Clock) -> None:
    async with database.transaction() as tx:
        for _ in range(3):  # 3 resolved: answered, nobody took over, not back, no “not helpful”
            await answered(tx, await another(tx, stage))
        helped = await answered(tx, await another(tx, stage))  # 1 more resolved, and said so
        await turns.judge(tx, helped, 2, "helpful", None)
        refused = await answered(tx, await another(tx, stage))  # 1 not helpful
        await turns.judge(tx, refused, 2, "not_helpful", None)
        corrected = await answered(tx, await another(tx, stage))  # 1 more: an agent said so afterwards
        await tx.run(
            "insert into assistant_verdict (conversation_id, seq, said_by, verdict, agent_id)"
            " values (%s, 2, 'agent', 'corrected', %s)",
            (corrected, stage.agent.id),
        )
        called = await opened(tx, stage, says=False)  # 1 person, though not a word was said
        await assistance.leave(tx, await conversations.by_id(tx, called), "asked")
        returns = await another(tx, stage)
        await answered(tx, returns)  # 1 came back
        await conversations.close(tx, await opened(tx, stage, says=True))  # 1 unanswered
        for _ in range(2):  # 2 silent
            await conversations.close(tx, await opened(tx, stage, says=False))
        await opened(tx, stage, says=False)  # 1 open
        await (await another(tx, stage)).conversation(tx)  # asked for a person at once: not the assistant's
    await clock.advance(HOURS)
    async with database.transaction() as tx:
        await returns.conversation(tx)  # neither is this one
    await clock.advance(THREE_DAYS)
    async with database.transaction() as tx:
        await answered(tx, await another(tx, stage))  # 1 pending
    found = await counted(database)
    assert found.outcomes == {
        "resolved": 4, "person": 1, "not_helpful": 2, "came_back": 1, "unanswered": 1,
        "pending": 1, "silent": 2, "open": 1,
    }  # fmt: skip
    assert (found.consultations, found.assisted, found.decided) == (15, 13, 9)
    assert found.rate == round(4 / 9, 4)


async def test_a_code_that_was_answered_asked_by_itself(database: Database, stage: Scene, clock: Clock) -> None:
    async with database.transaction() as tx:
        await answered(tx, stage, topic_code="CZ")  # by its article, without a word of the customer
    await clock.advance(THREE_DAYS)
    assert await outcomes(database) == {"resolved": 1}


async def test_who_is_back_on_the_same_matter_was_not_helped(database: Database, stage: Scene, clock: Clock) -> None:
    cases: list[tuple[dict[str, str], dict[str, str], timedelta, str]] = [
        ({}, {}, 71 * HOURS, "came_back"),
        ({}, {}, 73 * HOURS, "resolved"),
        ({"order_number": "QN1"}, {"order_number": "QN1", "topic_code": "SH"}, HOURS, "came_back"),
        ({"order_number": "QN1"}, {"order_number": "QN2"}, HOURS, "resolved"),
        ({"topic_code": "CZ"}, {"topic_code": "SH"}, HOURS, "resolved"),
        ({"topic_code": "CZ"}, {}, HOURS, "came_back"),
    ]
    expected: dict[str, int] = {}
    for first, second, later, outcome in cases:
        async with database.transaction() as tx:
            theirs = await another(tx, stage)
            await answered(tx, theirs, **first)
        await clock.advance(later)
        async with database.transaction() as tx:
            await theirs.conversation(tx, **second)
        expected[outcome] = expected.get(outcome, 0) + 1
    await clock.advance(THREE_DAYS)
    async with database.transaction() as tx:
        found = await resolution.resolution(tx, 30, "zh-CN")
    assert {one: n for one, n in found.outcomes.items() if n} == expected


async def test_a_visitor_who_is_back_as_their_account_is_the_same_person(
    database: Database, stage: Scene, clock: Clock
) -> None:
    async with database.transaction() as tx:
        await answered(tx, stage)
        account = await customers.recognise(tx, stage.site.id, None, ShopCustomer("u-1", "小林", ""), "zh-CN")
        await tx.run("insert into same_as (visitor_id, account_id) values (%s, %s)", (stage.customer.id, account.id))
        signed_in = msgspec.structs.replace(stage, customer=account)
        await signed_in.conversation(tx)
        assert await same_as.is_joined(tx, stage.customer)
    await clock.advance(THREE_DAYS)
    assert await outcomes(database) == {"came_back": 1}


async def test_answers_are_counted_by_their_article(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        article = await tx.value(
            "insert into article (public_id, key) values ('a1', 'recharge-slow') returning public_id"
        )
        first = await answered(tx, await another(tx, stage), closed=False)
        await tx.run("update assistant_turn set articles = '{a1}'")
        await turns.judge(tx, first, 2, "helpful", article)
    (found,) = (await counted(database)).articles
    assert (found.key, found.title, found.shown, found.helpful, found.wrong) == (
        "recharge-slow", "recharge-slow", 1, 1, 0,
    )  # fmt: skip
    assert not found.held_back
    strangers = [Judged(0.97, is_right=False, by_known=False)] * 9
    async with database.transaction() as tx:
        await trust.keep(tx, {"a1": trust.shift(strangers)})
    (found,) = (await counted(database)).articles
    assert not found.held_back
    async with database.transaction() as tx:
        await trust.keep(tx, {"a1": trust.shift([Judged(0.97, is_right=False)])})
    (found,) = (await counted(database)).articles
    assert found.held_back


async def test_the_first_useful_response_is_the_assistant_s_or_an_agent_s(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        begun = await (await another(tx, stage)).conversation(tx)
        await conversations.assist(tx, begun.id)
        await assistance.serve(tx, begun.id)
        await turned(tx, begun.id, "say", seq=1, why="greeting")
        waiting = await (await another(tx, stage)).conversation(tx)
        await turned(tx, begun.id, "answer", seq=2)
        await tx.run(
            "update assistant_turn t set at = c.opened_at + case t.move when 'say' then interval '1 s' else '2 s' end"
            " from conversation c where c.id = t.conversation_id"
        )
        await conversations.assign(tx, waiting.id, stage.agent.id)
        await tx.run(
            "insert into entry (conversation_id, seq, prev_public, at, audience, author, author_id, kind, text)"
            " select id, 1, 0, opened_at + interval '30 s', 'everyone', 'agent', %s, 'text',"
            " '已经帮您查到了，充值正在处理' from conversation where id = %s",
            (stage.agent.id, waiting.id),
        )
    found = await counted(database)
    assert (found.first_response_assisted.n, found.first_response_assisted.median) == (1, 2)
    assert (found.first_response_others.n, found.first_response_others.median) == (1, 30)


async def test_what_was_solved_while_waiting_is_counted_apart(database: Database, stage: Scene) -> None:
    async with database.transaction() as tx:
        for solved in (True, False):
            waiting = await (await another(tx, stage)).conversation(tx)
            await assistance.stand_beside(tx, waiting.id)
            await turned(tx, waiting.id, "choices", seq=2, beside=True)
            await conversations.close(tx, waiting.id)
            await tx.run(
                "insert into entry (conversation_id, seq, prev_public, at, audience, author, kind, data)"
                " values (%s, 1, 0, app_now(), 'everyone', 'system', 'event', %s::jsonb)",
                (waiting.id, '{"name": "closed", "solved": true}' if solved else '{"name": "closed"}'),
            )
    found = await counted(database)
    assert (found.offered_while_waiting, found.solved_while_waiting, found.assisted) == (2, 1, 0)


async def test_a_playbook_that_did_not_come_to_its_answer_answered_nobody(
    database: Database, stage: Scene, clock: Clock
) -> None:
    async with database.transaction() as tx:
        begun = await stage.conversation(tx)
        await conversations.assist(tx, begun.id)
        await assistance.serve(tx, begun.id)
        await spoke(tx, begun.id)
        await turned(tx, begun.id, "say", why="playbook")  # it looks something up
        await turned(tx, begun.id, "say", why="playbook", seq=2)  # one moment
        await turned(tx, begun.id, "ask", why="playbook", seq=3)
        await conversations.close(tx, begun.id)
    await clock.advance(THREE_DAYS)
    assert await outcomes(database) == {"unanswered": 1}


async def test_the_figures_read_the_conversations_of_their_period_only(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.run("set local enable_seqscan = off")  # with the few rows of a test it would not be worth an index
        await tx.run("set local enable_hashjoin = off")
        await tx.run("set local enable_mergejoin = off")
        plan = await tx.all(
            "explain select count(*) from conversation where opened_at >= app_now() - interval '7 days'"
        )
    assert "conversation_opened" in str(plan)
