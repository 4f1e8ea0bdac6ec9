"""A colleague in a conversation beside whoever serves it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mashang import routing
from mashang.conversations.entry import Author, NewEntry
from mashang.conversations.writer import ConversationClosed, NotInConversation, Writer
from mashang.kit import clock as product_clock
from mashang.routing.dispatcher import GRACE
from mashang.routing.joining import NobodyElseServes, sweep_absent
from mashang.routing.judging import AlreadyClosed, hands
from mashang.routing.moving import Target


@pytest.fixture
async def says(database):
    """Somebody writes to the customer."""
    writer = Writer(database, "test")
    running = asyncio.ensure_future(writer.run())

    async def said(agent, conversation):
        author = Author("agent", agent.public_id, agent.name)
        return await writer.post(
            NewEntry(conversation_id=conversation.id, author=author, author_id=agent.id, text="我来说明一下")
        )

    yield said
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_who_joined_may_write_and_the_serving_agent_stays_in_charge(floor, says):
    serving, conversation = await floor.served()
    other = await floor.somebody("李雷")
    with pytest.raises(NotInConversation):
        await says(other, conversation)
    await floor.do(routing.join, other, conversation.id)
    await floor.do(routing.join, other, conversation.id)
    await says(other, conversation)
    assert (await floor.now(conversation)).agent_id == serving.id
    await floor.do(routing.leave, other, conversation.id)
    await floor.do(routing.leave, other, conversation.id)
    with pytest.raises(NotInConversation):
        await says(other, conversation)
    assert (await floor.happened(conversation))[-2:] == ["colleague_joined", "colleague_left"]
    assert (await floor.traced(conversation))[-2:] == ["colleague_joined", "colleague_left"]


async def test_joining_takes_no_slot_and_is_no_business_of_the_dispatcher(floor):
    _, conversation = await floor.served()
    other = await floor.somebody("李雷", capacity=1)
    await floor.do(routing.join, other, conversation.id)
    assert await floor.do(hands, other.id, 0) == 1
    waiting = await floor.customers_wait(5)
    await floor.dispatch()
    assert other.id in [await floor.offered_to(one) for one in waiting]
    assert (await floor.now(conversation)).status == "active"


async def test_there_is_nobody_to_join_where_nobody_else_serves(floor):
    serving, conversation = await floor.served()
    other = await floor.somebody("李雷")
    waiting = await floor.customer_waits()
    for somebody, one in ((serving, conversation), (other, waiting)):
        with pytest.raises(NobodyElseServes):
            await floor.do(routing.join, somebody, one.id)
    await floor.do(routing.close, serving, conversation.id)
    with pytest.raises(AlreadyClosed):
        await floor.do(routing.join, other, conversation.id)


async def ends_by_closing(floor, serving, conversation):
    await floor.do(routing.close, serving, conversation.id)
    await floor.do(routing.reopen, serving, conversation.id)


async def ends_by_transfer(floor, serving, conversation):
    await floor.do(routing.transfer, serving, conversation.id, Target(department_id=conversation.department_id))
    await floor.do(routing.take, serving, conversation.id)


async def ends_by_return(floor, serving, conversation):
    await floor.do(routing.return_to_queue, serving, conversation.id)
    await floor.do(routing.take, serving, conversation.id)


@pytest.mark.parametrize("ends", [ends_by_closing, ends_by_transfer, ends_by_return])
async def test_it_ends_when_nobody_serves_any_more(floor, says, ends):
    serving, conversation = await floor.served()
    other = await floor.somebody("李雷")
    await floor.do(routing.join, other, conversation.id)
    await ends(floor, serving, conversation)
    with pytest.raises(NotInConversation):
        await says(other, conversation)


async def test_nobody_writes_into_a_closed_conversation_for_having_been_in_it(floor, says):
    serving, conversation = await floor.served()
    other = await floor.somebody("李雷")
    await floor.do(routing.join, other, conversation.id)
    await floor.do(routing.close, serving, conversation.id)
    with pytest.raises(ConversationClosed):
        await says(other, conversation)


async def test_who_takes_over_is_no_longer_beside_anybody(floor):
    _, conversation = await floor.served()
    other = await floor.somebody("李雷", role="supervisor")
    await floor.do(routing.join, other, conversation.id)
    await floor.do(routing.take, other, conversation.id)
    assert (await floor.now(conversation)).agent_id == other.id
    assert await floor.ask("select count(*) from joined") == 0


async def test_who_goes_off_duty_leaves_what_they_had_joined(floor):
    _, conversation = await floor.served()
    other = await floor.somebody("李雷")
    await floor.do(routing.join, other, conversation.id)
    await floor.do(routing.leave_all, other)
    assert await floor.ask("select count(*) from joined") == 0
    assert (await floor.happened(conversation))[-1] == "colleague_left"


async def test_who_joined_and_vanished_has_left_after_the_grace_time(floor, clock):
    began = product_clock.now()
    serving, conversation = await floor.served()
    beside = await floor.somebody("李雷", role="supervisor")
    await floor.do(routing.join, beside, conversation.id)
    await floor.leaves(beside)
    await clock.advance(GRACE - timedelta(minutes=1))
    assert await sweep_absent(floor.db, GRACE, began) == 0
    await clock.advance(timedelta(minutes=2))
    assert await sweep_absent(floor.db, GRACE, began) == 1
    assert await sweep_absent(floor.db, GRACE, began) == 0
    assert await floor.ask("select count(*) from joined") == 0
    assert (await floor.happened(conversation))[-1] == "colleague_left"
    assert (await floor.traced(conversation))[-1] == "colleague_left_absent"
    assert (await floor.now(conversation)).agent_id == serving.id


async def test_who_joined_and_is_back_in_time_stays_and_so_does_whoever_the_server_lost(floor, clock):
    _, conversation = await floor.served()
    beside = await floor.somebody("李雷")
    await floor.do(routing.join, beside, conversation.id)
    await floor.leaves(beside)
    await clock.advance(GRACE)
    assert await sweep_absent(floor.db, GRACE, product_clock.now()) == 0  # the server itself was away
    await floor.comes(beside)
    await clock.advance(GRACE)
    assert await sweep_absent(floor.db, GRACE, product_clock.now() - 2 * GRACE) == 0
    assert await floor.ask("select count(*) from joined") == 1
