"""A crowd in front of a reference server: the same customers and desks as the product gets."""

from __future__ import annotations

import msgspec

from bench.crowd import Crowd
from bench.sockets import connect


def conversations(customers: int) -> list[str]:
    """Their names: as long as the product's public ids."""
    return [f"reference{number:07}" for number in range(customers)]


async def gathered(port: int, customers: int, agents: int) -> Crowd:
    """Open everybody's sockets; each desk watches its share of the conversations."""
    crowd = Crowd()
    for conversation in conversations(customers):
        line = await connect(port, "/live/customer")
        line.send(b'{"t":"hello"}')
        crowd.writes(conversation, line)
    for number in range(agents):
        served = crowd.talks[number::agents]
        line = await connect(port, "/live/desk")
        watch = [{"conversation": talk.conversation} for talk in served]
        line.send(msgspec.json.encode({"t": "hello", "watch": watch}))
        crowd.reads(line, served, timed=True)
    crowd.stay()
    return crowd
