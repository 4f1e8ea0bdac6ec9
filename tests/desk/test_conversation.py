"""One conversation: who sees it, and what it says one can do."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from mashang import routing
from mashang.conversations import conversation as conversations
from mashang.desk import conversation, trace
from mashang.desk.context_view import context_view
from mashang.kit.errors import NotFound, Refusal
from mashang.routing import trace as traces
from mashang.routing.moving import Target
from mashang.staff import agents

VERBS = {
    "accept": routing.accept,
    "decline": routing.decline,
    "take": routing.take,
    "close": routing.close,
    "reopen": routing.reopen,
}


async def look(floor, agent, public_id, locale="zh-CN"):
    return await conversation.conversation(floor.tx, agent, public_id, locale)


@pytest.mark.parametrize("question", [conversation.conversation, context_view, trace.trace])
async def test_what_is_hidden_answers_like_what_is_not_there(floor, question):
    hidden = await floor.conversation(floor.after_sale)
    said = []
    for public_id in (hidden, "nowhere"):
        with pytest.raises(NotFound) as refused:
            await question(floor.tx, floor.xiaomei, public_id, "zh-CN")
        said.append(refused.value.facts)
    assert said == [{}, {}]
    await question(floor.tx, floor.aqiang, hidden, "zh-CN")
    await question(floor.tx, floor.supervisor, hidden, "zh-CN")


async def test_a_conversation_tells_where_it_came_from_and_how_far_it_was_read(floor):
    made = await floor.conversation(floor.recharge)
    await floor.tx.run("update conversation set page_url = 'https://shop/o/1', page_title = '订单', customer_read = 2")
    seen = await look(floor, floor.xiaomei, made, "en")
    assert (seen.site.name, seen.page.url, seen.page.title) == ("小店官网", "https://shop/o/1", "订单")
    assert (seen.read.customer, seen.read.staff, seen.locale, seen.department.name) == (2, 0, "zh-CN", "Recharge")


async def test_what_the_assistant_told_stands_above_what_was_said_in_the_readers_language(floor):
    made = await floor.conversation(floor.recharge)
    assert (await look(floor, floor.xiaomei, made)).handed_over is None
    found = await conversations.find(floor.tx, made, ("true", {}))
    await routing.assist(floor.tx, found)
    await routing.hand_over(floor.tx, found.id, "upset")
    told, in_english = [(await look(floor, floor.xiaomei, made, locale)).handed_over for locale in ("zh-CN", "en")]
    assert told.lines[0].startswith("转人工原因：用户不满")
    assert in_english.lines[0].startswith("Why a person: ")
    assert len(told.lines) == len(in_english.lines) <= 8


async def test_an_open_offer_is_shown_until_it_runs_out(floor, clock):
    made = await floor.conversation(floor.recharge)
    await floor.offer(made, floor.xiaomei)
    seen = await look(floor, floor.supervisor, made)
    assert (seen.offer.agent.name, seen.can.accept) == ("小美", False)
    assert (await look(floor, floor.xiaomei, made)).can.accept
    await clock.advance(timedelta(minutes=1))
    seen = await look(floor, floor.xiaomei, made)
    assert (seen.offer, seen.can.accept) == (None, False)


async def allowed(floor, agent, public_id, verb):
    """Whether a verb lets the agent, tried and taken back."""
    # Capacity and clocks are the verb's own affair: there is room for one more here.
    async with floor.tx.connection.transaction(force_rollback=True):
        try:
            await VERBS[verb](floor.tx, agent, await floor.row(public_id))
        except Refusal:
            return False
    return True


STATES = {
    "waiting": {},
    "offered": {"offered": "xiaomei"},
    "served by xiaomei": {"agent": "xiaomei"},
    "served by a colleague": {"agent": "second"},
    "closed": {"agent": "xiaomei", "closed": True},
}


@pytest.mark.parametrize("who", ["xiaomei", "second", "supervisor", "operator"])
@pytest.mark.parametrize("state", STATES)
async def test_what_it_says_one_can_do_is_what_the_verbs_allow(floor, state, who):
    draft = agents.AgentDraft("second", "小二", "agent", 5, [floor.recharge.public_id], "correct-horse-7")
    floor.second = await agents.create(floor.tx, None, draft)
    how = STATES[state]
    serving = getattr(floor, how["agent"]) if "agent" in how else None
    made = await floor.conversation(floor.recharge, agent=serving, closed=how.get("closed", False))
    if "offered" in how:
        await floor.offer(made, floor.xiaomei)
    agent = getattr(floor, who)
    can = (await look(floor, agent, made)).can
    offered = {verb for verb in VERBS if getattr(can, verb)}
    works = {verb for verb in VERBS if await allowed(floor, agent, made, verb)}
    # Taking what is on offer to oneself, or taking and accepting what one serves, works and needs no button.
    pointless = {"take", "accept"} if can.reply else {"take"} if can.accept else set()
    assert offered == works - pointless
    assert can.transfer == can.close
    assert can.reply == (how.get("agent") == who and not how.get("closed", False))


async def test_somebody_else_of_the_department_can_only_read_note_and_join(floor):
    made = await floor.conversation(floor.recharge, agent=floor.aqiang)
    can = (await look(floor, floor.xiaomei, made)).can
    assert [name for name, may in msgspec.structs.asdict(can).items() if may] == ["note", "join"]


async def test_who_gives_a_conversation_away_sees_it_a_last_time(floor):
    made = await floor.conversation(floor.recharge, agent=floor.xiaomei)
    await routing.transfer(floor.tx, floor.xiaomei, await floor.row(made), Target(department_id=floor.after_sale.id))
    left = await conversation.as_left(floor.tx, floor.xiaomei, made, "zh-CN")
    assert (left.status, left.department.name) == ("waiting", "售后")
    assert not any(msgspec.structs.asdict(left.can).values())
    with pytest.raises(NotFound):
        await look(floor, floor.xiaomei, made)


async def test_a_conversation_costs_one_statement(floor, queries):
    made = await floor.conversation(floor.recharge)
    queries.clear()
    await look(floor, floor.xiaomei, made)
    assert len(queries) == 1


# ── context and trace ───────────────────────────────────────────────────────


async def test_earlier_conversations_stand_beside_it_newest_first(floor):
    first = await floor.conversation(floor.recharge, agent=floor.xiaomei, closed=True, topic="CZ")
    hidden = await floor.conversation(floor.after_sale)
    second = await floor.conversation(floor.recharge)
    stranger = await floor.conversation(floor.recharge, customer="别人")
    now = await floor.conversation(floor.recharge)
    seen = await context_view(floor.tx, floor.xiaomei, now, "zh-CN")
    assert [one.id for one in seen.earlier] == [second, first]
    assert (seen.earlier[1].topic.code, seen.earlier[1].agent.name, seen.earlier[1].status) == ("CZ", "小美", "closed")
    everything = await context_view(floor.tx, floor.supervisor, now, "zh-CN")
    assert hidden in [one.id for one in everything.earlier]
    assert stranger not in [one.id for one in everything.earlier]


async def test_a_conversation_nobody_asked_the_shop_about_has_an_empty_context(floor):
    seen = await context_view(floor.tx, floor.xiaomei, await floor.conversation(floor.recharge), "zh-CN")
    assert (seen.status, seen.orders, seen.incidents, seen.missing) == ("nothing_to_ask", [], [], [])


async def test_of_a_long_trace_the_last_decisions_are_told(floor, monkeypatch):
    monkeypatch.setattr(trace, "_LONGEST", 2)
    made = await floor.conversation(floor.after_sale)
    for name in ("甲", "乙", "丙"):
        await traces.leave(floor.tx, await floor.row(made), "accepted", agent=name)
    *told, why_nobody_yet = await trace.trace(floor.tx, floor.aqiang, made, "zh-CN")
    assert why_nobody_yet.what == "now"
    assert [("乙" in one.sentence, "丙" in one.sentence) for one in told] == [(True, False), (False, True)]


async def test_the_trace_is_told_in_the_readers_language(floor):
    made = await floor.conversation(floor.recharge)
    row = await floor.row(made)
    await routing.take(floor.tx, floor.xiaomei, row)
    await routing.transfer(floor.tx, floor.xiaomei, row, Target(department_id=floor.after_sale.id), note="请查卡密")
    await routing.take(floor.tx, floor.aqiang, row)
    await routing.close(floor.tx, floor.aqiang, row)
    chinese = await trace.trace(floor.tx, floor.aqiang, made, "zh-CN")
    english = await trace.trace(floor.tx, floor.aqiang, made, "en")
    assert [line.what for line in chinese] == ["taken", "transferred", "placed", "taken", "closed_by_agent"]
    assert "小美" in chinese[1].sentence
    assert "售后" in chinese[1].sentence
    for line in chinese + english:
        assert not line.sentence.startswith("trace_")
        assert "{" not in line.sentence
    assert [line.sentence for line in chinese] != [line.sentence for line in english]
