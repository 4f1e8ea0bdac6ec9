"""The desk's live socket: `/live/desk`.

It demands our own Origin, because cookies travel with a foreign page's socket too.
While it lives it renews the agent's lease; a page that is reloaded keeps it for a
few seconds, so that nobody loses an offer by pressing F5.
"""

from __future__ import annotations

from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any

import msgspec

from mashang.conversations import access, reading
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.desk import colleagues, reply
from mashang.desk.colleagues import Hint
from mashang.desk.stream import Stream
from mashang.kit import clock, i18n, ids
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, Refusal
from mashang.kit.limits import Limiter
from mashang.live import Live, frames, origin
from mashang.live.bus import Notice
from mashang.live.frames import ClientFrame, Hello, Ping, Present, Read, Send, Typing, Unwatch, Watch
from mashang.live.socket import NOT_AUTHENTICATED, WRONG_ORIGIN, Socket
from mashang.staff import Agent, presence, sessions

LEASE = timedelta(seconds=30)
AFTER_LEAVING = timedelta(seconds=5)


class _Desk(msgspec.Struct):
    """What the door knows of one socket."""

    agent: Agent
    secret: str
    lease: str
    ids: dict[str, int]  # watched: public id → row number


class DeskDoor:
    """Lets agents' sockets in and acts on what they send."""

    def __init__(self, live: Live, stream: Stream) -> None:
        self._db, self._settings, self._hub, self._bus = live.db, live.settings, live.hub, live.bus
        self._writer, self._process_id, self._stream = live.writer, live.process_id, stream
        self._messages = Limiter(live.settings.message_rate * 10, live.settings.message_burst * 10)
        self._small = Limiter(50, 500)

    def may_connect(self, scope: Any) -> int | None:
        """Only from our own pages."""
        return None if origin.is_own(scope, self._settings, required=True) else WRONG_ORIGIN

    def gone(self, scope: Any) -> None:
        """Nothing was counted: who gets further has a cookie of ours."""

    async def authenticate(self, scope: Any, hello: Hello, asgi_send: Any) -> Socket:
        """Whoever the cookie says; raises NotSignedIn."""
        secret = sessions.secret_in(_cookies(scope), self._settings)
        async with self._db.transaction() as tx:
            agent = await sessions.agent_in(tx, secret)
        socket = Socket(asgi_send, "staff", agent.id, i18n.negotiate(hello.locale))
        socket.door = _Desk(agent, secret or "", ids.public_id(), {})
        return socket

    async def entered(self, socket: Socket, hello: Hello) -> None:
        """Be present, greet, and show what it asks to see."""
        socket.send_frame(frames.Welcome(clock.now()))
        self._hub.join(socket)
        await self._alive(socket)  # asked again: who was dismissed meanwhile was not found among the open sockets
        self._stream.recount()
        await self._stream.tell_offers(socket.reader, socket)
        for wanted in hello.watch:
            try:
                await self._watch(socket, wanted.conversation, wanted.after)
            except Refusal as refusal:
                socket.refuse(refusal, conversation=wanted.conversation)

    async def left(self, socket: Socket) -> None:
        """Forget the socket; its lease ends soon."""
        self._hub.leave(socket)
        async with self._db.transaction() as tx:
            await self._renew(tx, socket, AFTER_LEAVING)

    async def refresh(self, agent_id: int) -> None:
        """The agent's rights or sessions changed: look again, and close what is no longer signed in."""
        for socket in self._stream.desks():
            if socket.reader == agent_id:
                try:
                    await self._alive(socket)
                except Refusal:
                    socket.close(NOT_AUTHENTICATED)
                else:
                    await self._stop_watching_hidden(socket)

    async def _stop_watching_hidden(self, socket: Socket) -> None:
        """The agent may have left a department with a conversation of it open."""
        condition, params = access.visible_to(socket.door.agent)
        watched = dict(socket.door.ids)
        async with self._db.transaction() as tx:
            seen = await tx.all(
                f"select c.id from conversation c where c.id = any (%(watched)s) and {condition}",
                {**params, "watched": list(watched.values())},
            )
        kept = {row["id"] for row in seen}
        for public_id, conversation_id in watched.items():
            if conversation_id not in kept:
                self._stream.hide(socket, conversation_id, public_id)

    async def received(self, socket: Socket, frame: ClientFrame) -> None:
        """Act on one frame; raises Refusal."""
        match frame:
            case Send():
                await self._send(socket, frame)
            case Ping():
                await self._alive(socket)
                socket.send_frame(frames.Pong())
            case Typing():
                await self._typing(socket, frame)
            case Present():
                self._present(socket, frame)
            case Read():
                self._small.take(str(socket.reader))
                async with self._db.transaction() as tx:
                    await reading.mark_read(tx, await self._visible(tx, socket, frame.conversation), "staff", frame.seq)
            case Watch():
                self._small.take(str(socket.reader))
                await self._watch(socket, frame.conversation, frame.after)
            case Unwatch():
                conversation_id = socket.door.ids.pop(frame.conversation, None)
                if conversation_id is not None:
                    self._hub.unwatch(socket, conversation_id)
            case Hello():
                raise Invalid(field="t", reason="hello_twice")

    async def _alive(self, socket: Socket) -> None:
        """A sign of life: still signed in, perhaps with other rights; raises NotSignedIn."""
        async with self._db.transaction() as tx:
            socket.door.agent = await sessions.agent_in(tx, socket.door.secret)
            await self._renew(tx, socket, LEASE)

    async def _renew(self, tx: Tx, socket: Socket, lasts: timedelta) -> None:
        await presence.renew(tx, socket.door.lease, socket.reader, self._process_id, lasts)

    async def _visible(self, tx: Tx, socket: Socket, public_id: str) -> Conversation:
        return await conversations.find(tx, public_id, access.visible_to(socket.door.agent))

    async def _find(self, socket: Socket, public_id: str) -> int:
        known: int | None = socket.door.ids.get(public_id)
        if known is not None:
            return known
        async with self._db.transaction() as tx:
            return (await self._visible(tx, socket, public_id)).id

    async def _watch(self, socket: Socket, public_id: str, after: int) -> None:
        desk: _Desk = socket.door
        async with self._db.transaction() as tx:
            desk.ids[public_id] = (await self._visible(tx, socket, public_id)).id
        if len(desk.ids) > frames.MOST_WATCHED:
            del desk.ids[public_id]
            raise Invalid(field="watch", reason="too_many")
        self._hub.watch(socket, desk.ids[public_id], public_id, after)

    async def _send(self, socket: Socket, frame: Send) -> None:
        self._messages.take(str(socket.reader))
        conversation_id = await self._find(socket, frame.conversation)
        ack = await reply.post(
            self._db,
            self._writer,
            socket.door.agent,
            conversation_id,
            client_id=frame.client_id,
            text=frame.text or "",
            file=frame.file,
            audience=frame.audience,
            mentions=frame.mentions,
        )
        socket.send_frame(ack)

    async def _typing(self, socket: Socket, frame: Typing) -> None:
        if self._small.wait(str(socket.reader)):
            return  # a hint nobody misses
        async with self._db.transaction() as tx:
            found = await self._visible(tx, socket, frame.conversation)
            writes = found.agent_id == socket.reader or await conversations.has_joined(tx, found.id, socket.reader)
        if not writes:
            return  # the customer waits for whoever serves; a colleague's note is not for them
        conversation_id, name = found.id, socket.door.agent.name
        self._hub.tell(conversation_id, frames.TypingFrame(frame.conversation, "agent", name), audience="everyone")
        self._bus.publish(Notice(typing=[(conversation_id, "agent", name)]))

    def _present(self, socket: Socket, frame: Present) -> None:
        conversation_id = socket.door.ids.get(frame.conversation)
        if conversation_id is None or self._small.wait(str(socket.reader)):
            return  # a hint nobody misses; who does not follow it is not told of it either
        agent: Agent = socket.door.agent
        colleagues.tell(self._hub, self._bus, Hint(conversation_id, agent.public_id, agent.name, frame.doing))


def _cookies(scope: Any) -> dict[str, str]:
    header = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
