"""A crowd in front of the product: signed in, dispatched, each customer with two pages open."""

from __future__ import annotations

import asyncio

import msgspec

from bench import installation
from bench.crowd import Crowd
from bench.sockets import connect


async def gathered(port: int, link: str, customers: int, agents: int) -> Crowd:
    """Everybody's sockets are open, every conversation is served, all is caught up."""
    desks = await installation.people(port, link, agents, capacity=-(-customers // agents))
    for desk in desks:
        await desk.open()
    waiting = await installation.customers(port, customers)
    serving = await installation.all_served(desks, waiting)

    crowd = Crowd()
    for customer in waiting:
        page, tab = [await connect(port, "/live/customer") for _ in range(2)]
        talk = crowd.writes(customer.conversation, page)
        crowd.reads(page, [talk], timed=False)
        crowd.reads(tab, [talk], timed=False)
        for line in (page, tab):
            line.send(customer.hello())
    for desk in desks:
        served = [talk for talk in crowd.talks if serving[talk.conversation] is desk]
        assert desk.line is not None
        crowd.reads(desk.line, served, timed=True)
        for talk in served:
            desk.line.send(msgspec.json.encode({"t": "watch", "conversation": talk.conversation, "after": 0}))
        await desk.call.close()
    await asyncio.sleep(0.5)
    crowd.stay()
    return crowd
