"""The load generator: customers who write, desks and second tabs that read, all in one process.

The same crowd drives the product and the references: whoever makes it opens the
sockets and says who reads what (`product.py`, `references.py`).  Every message
carries its customer and number, so each reader can tell at once what was lost,
doubled or out of order, and how long it took from the customer's send.

Does not: start servers (`stage.py`), or look into a database.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from time import perf_counter

import msgspec

from bench.sockets import Line

_SAID = (
    "您好，我昨天充值的还没有到账，麻烦帮我看一下",
    "已经付款了，页面一直显示处理中",
    "卡密打不开，提示已经被使用过了",
    "请问大概还要等多久？我这边比较急",
    "订单号我发在上面了，谢谢",
    "好的，我再试一次",
    "为什么余额扣了两次，请核实",
    "the card key page is blank on my phone, could you resend it?",
)
_DRAINED_WITHIN = 10.0
_PING_EVERY = 15.0


class _Entry(msgspec.Struct):
    seq: int
    prev: int
    text: str = ""


class _EntryFrame(msgspec.Struct):
    conversation: str
    entry: _Entry


class _Ack(msgspec.Struct):
    client_id: str
    seq: int


class _Refused(msgspec.Struct):
    code: str


_entry = msgspec.json.Decoder(_EntryFrame).decode
_ack = msgspec.json.Decoder(_Ack).decode
_refusal = msgspec.json.Decoder(_Refused).decode


class Talk:
    """One customer in one conversation: sends, and keeps what was acknowledged."""

    def __init__(self, crowd: Crowd, conversation: str, line: Line) -> None:
        self.crowd = crowd
        self.conversation = conversation
        self.line = line
        self.key = f"{conversation[-10:]}-"
        self.sent_at: list[float] = []  # by message number
        self.acknowledged: dict[int, int] = {}  # message number → seq
        self.repeated_acks = 0
        self._head = b'{"t":"send","conversation":"' + conversation.encode() + b'","client_id":"' + self.key.encode()
        self._texts = [f'","text":"{said} #'.encode() for said in _SAID]
        line.heard = self.heard

    def say(self) -> None:
        """Send the next message."""
        number = b"%06d" % len(self.sent_at)
        text = self._texts[len(self.sent_at) % len(self._texts)]
        self.sent_at.append(perf_counter())
        self.line.send(self._head + number + text + number + b'"}')

    def heard(self, frame: bytes) -> None:
        """An acknowledgement lets the next message go."""
        if frame.startswith(b'{"t":"ack"'):
            ack = _ack(frame)
            number = int(ack.client_id[-6:])
            if number in self.acknowledged:
                self.repeated_acks += 1
            self.acknowledged[number] = ack.seq
            self.crowd.acknowledged(self)
        elif frame.startswith(b'{"t":"refused"'):
            self.crowd.refusals[_refusal(frame).code] += 1


class Reader:
    """What one socket sees of one conversation."""

    def __init__(self, talk: Talk, delays: list[float] | None) -> None:
        self.talk = talk
        self.seen = 0  # messages of the customer; the next one has this number
        self.doubled = 0
        self.disordered = 0
        self._last_seq = 0
        self._delays = delays

    def read(self, entry: _Entry) -> None:
        """An entry arrived; those that the customer did not write carry no number."""
        if entry.seq <= self._last_seq:
            self.doubled += 1
            return
        self._last_seq = entry.seq
        _, marked, tail = entry.text.rpartition(" #")
        if not marked:
            return
        if int(tail) != self.seen:
            self.disordered += 1
        self.seen = int(tail) + 1
        if self._delays is not None:
            self._delays.append(perf_counter() - self.talk.sent_at[int(tail)])


class Crowd:
    """All of them, in front of one server."""

    def __init__(self) -> None:
        self.talks: list[Talk] = []
        self.readers: list[Reader] = []
        self.lines: list[Line] = []
        self.delays: list[float] = []  # customer's send → agent's screen, seconds; cleared by each run
        self.refusals: Counter[str] = Counter()
        self.count = 0
        self._closed_loop = False
        self._pinging: asyncio.Task[None] | None = None

    def writes(self, conversation: str, line: Line) -> Talk:
        """A customer at this socket."""
        talk = Talk(self, conversation, line)
        self.talks.append(talk)
        self.lines.append(line)
        return talk

    def reads(self, line: Line, talks: Iterable[Talk], *, timed: bool) -> None:
        """A desk (its delays count) or a second tab at this socket; a customer's own socket keeps its ears."""
        readers = {talk.conversation: Reader(talk, self.delays if timed else None) for talk in talks}
        self.readers += readers.values()
        self.lines.append(line)
        own = line.heard if any(talk.line is line for talk in self.talks) else None

        def heard(frame: bytes) -> None:
            if frame.startswith(b'{"t":"entry"'):
                shown = _entry(frame)
                reader = readers.get(shown.conversation)
                if reader is not None:
                    reader.read(shown.entry)
            elif own is not None:
                own(frame)

        line.heard = heard

    def acknowledged(self, talk: Talk) -> None:
        """A message is safe; in the closed loop the customer says the next."""
        self.count += 1
        if self._closed_loop:
            talk.say()

    async def closed_loop(self, seconds: float, *, warm_up: float = 1.0) -> float:
        """Each customer waits for its acknowledgement before it writes again; acknowledged messages a second."""
        self._closed_loop = True
        for talk in self.talks:
            talk.say()
        await asyncio.sleep(warm_up)
        self.delays.clear()
        before, began = self.count, perf_counter()
        await asyncio.sleep(seconds)
        rate = (self.count - before) / (perf_counter() - began)
        self._closed_loop = False
        await self.drained()
        return rate

    async def steady(self, rate: float, seconds: float, seed: int, *, warm_up: float = 1.0) -> None:
        """So many messages a second whatever the server does; `delays` hold those after the warm-up."""
        loop = asyncio.get_running_loop()
        order = random.Random(seed)  # noqa: S311 — repeatable, guards nothing
        began, sent, warm = loop.time(), 0, False
        while (passed := loop.time() - began) < seconds + warm_up:
            if not warm and passed >= warm_up:
                warm = True
                self.delays.clear()
            while sent < passed * rate:
                order.choice(self.talks).say()
                sent += 1
            await asyncio.sleep(max(0.0, sent / rate - (loop.time() - began)))
        await self.drained()

    async def drained(self) -> None:
        """Wait until everything sent was acknowledged and seen, but not for ever."""
        until = perf_counter() + _DRAINED_WITHIN
        while perf_counter() < until and not self._settled():  # noqa: ASYNC110 — asked seldom, off the clock
            await asyncio.sleep(0.02)

    def _settled(self) -> bool:
        return all(len(talk.acknowledged) == len(talk.sent_at) for talk in self.talks) and all(
            reader.seen == len(reader.talk.sent_at) for reader in self.readers
        )

    def stay(self) -> None:
        """Keep the sockets alive while nobody speaks."""
        self._pinging = asyncio.ensure_future(self._ping())

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(_PING_EVERY)
            for line in {*self.lines}:
                line.send(b'{"t":"ping"}')

    def leave(self) -> None:
        """Close every socket."""
        if self._pinging is not None:
            self._pinging.cancel()
        for line in self.lines:
            line.close()

    def faults(self) -> dict[str, int]:
        """What went wrong so far, by the readers' account."""
        return {
            "sent": sum(len(talk.sent_at) for talk in self.talks),
            "acknowledged": sum(len(talk.acknowledged) for talk in self.talks),
            "not_acknowledged": sum(len(talk.sent_at) - len(talk.acknowledged) for talk in self.talks),
            "acknowledged_twice": sum(talk.repeated_acks for talk in self.talks),
            "lost": sum(max(0, len(reader.talk.acknowledged) - reader.seen) for reader in self.readers),
            "doubled": sum(reader.doubled for reader in self.readers),
            "disordered": sum(reader.disordered for reader in self.readers),
            "refused": sum(self.refusals.values()),
            "sockets_ended": sum(not line.open for line in {*self.lines}),
        }
