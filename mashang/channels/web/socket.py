"""The customers' live socket: `/live/customer`.

A browser says hello with its session and what it watches, sends messages, and
hears everything it may see, which is looked at again when its customer proves something
or a proof ends.  Limits are by customer first and by address last, and
each refusal is a frame the page shows; the typed text stays with the page.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from mashang import customers, intake
from mashang.channels.web.notices import Notices
from mashang.channels.web.state import StateTeller
from mashang.conversations import access, attachments, reading
from mashang.conversations import conversation as conversations
from mashang.conversations.writer import Posted
from mashang.customers import Session, customer
from mashang.intake import Inbound
from mashang.kit import clock, i18n
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, Refusal
from mashang.kit.limits import Limiter
from mashang.live import Live, frames, origin
from mashang.live.bus import Notice
from mashang.live.frames import ClientFrame, Hello, Ping, Read, Send, Typing, Unwatch, Watch
from mashang.live.socket import NOT_AUTHENTICATED, TOO_MANY, WRONG_ORIGIN, Socket


class _Page(msgspec.Struct):
    """What the door knows of one socket."""

    session: Session
    ids: dict[str, int]  # watched: public id → row number


class CustomerDoor:
    """Lets customers' sockets in and acts on what they send."""

    def __init__(self, live: Live, states: StateTeller, notices: Notices) -> None:
        self._db, self._settings, self._hub, self._bus = live.db, live.settings, live.hub, live.bus
        self._writer, self._sealer = live.writer, live.sealer
        self._states, self._notices = states, notices
        self._addresses: Counter[str] = Counter()
        self.messages = Limiter(live.settings.message_rate, live.settings.message_burst)
        self._small = Limiter(10, 100)  # watches, reading marks, typing

    def may_connect(self, scope: Any) -> int | None:
        """Not from a foreign page, and not too many from one address."""
        if not origin.is_own(scope, self._settings, required=False):
            return WRONG_ORIGIN
        address = origin.address_of(scope)
        if self._addresses[address] >= self._settings.sockets_per_address:
            return TOO_MANY
        self._addresses[address] += 1  # before it says who it is: those who say nothing count too
        return None

    def gone(self, scope: Any) -> None:
        """One less from its address."""
        address = origin.address_of(scope)
        self._addresses[address] -= 1
        if self._addresses[address] <= 0:
            del self._addresses[address]

    async def authenticate(self, scope: Any, hello: Hello, asgi_send: Any) -> Socket:  # noqa: ARG002 — the desk's asks it
        """Whoever holds the session; raises NotSignedIn."""
        async with self._db.transaction() as tx:
            session = await customers.resume(tx, hello.session or "")
        socket = Socket(asgi_send, "everyone", session.customer.id, i18n.negotiate(hello.locale))
        socket.door = _Page(session, {})
        return socket

    async def entered(self, socket: Socket, hello: Hello) -> None:
        """Greet, and show what it asks to see."""
        self._hub.join(socket)
        socket.send_frame(frames.Welcome(clock.now()))
        await self._notices.tell(socket)
        for wanted in hello.watch:
            try:
                await self._watch(socket, wanted.conversation, wanted.after)
            except Refusal as refusal:
                socket.refuse(refusal, conversation=wanted.conversation)

    async def left(self, socket: Socket) -> None:
        """Forget the socket."""
        self._hub.leave(socket)

    def end(self, customer_id: int, token_hash: bytes) -> None:
        """The customer signed out of a browser: its sockets of this process close."""
        for socket in self._hub.sockets:
            is_theirs = socket.audience == "everyone" and socket.reader == customer_id
            if is_theirs and socket.door.session.token_hash == token_hash:
                socket.close(NOT_AUTHENTICATED)

    async def look_again(self, customer_id: int) -> None:
        """This customer stands otherwise now: so do its sockets, and those of whom it is joined to."""
        for socket in tuple(self._hub.sockets):
            if socket.audience == "everyone" and socket.door.session.customer.holds(customer_id):
                await self._look_again(socket)

    async def _look_again(self, socket: Socket) -> None:
        """Know the customer as it stands now, and bring no more of what it may not see any longer."""
        page: _Page = socket.door
        async with self._db.transaction() as tx:
            who = await customer.by_id(tx, socket.reader)
            condition, params = access.belonging_to(who)
            seen = await tx.all(
                f"select c.id from conversation c where c.id = any (%(watched)s) and {condition}",
                {**params, "watched": list(page.ids.values())},
            )
        page.session = msgspec.structs.replace(page.session, customer=who)
        kept = {row["id"] for row in seen}
        for public_id, conversation_id in [one for one in page.ids.items() if one[1] not in kept]:
            del page.ids[public_id]
            self._hub.unwatch(socket, conversation_id)
            socket.refuse(NotFound(), conversation=public_id)

    async def received(self, socket: Socket, frame: ClientFrame) -> None:
        """Act on one frame; raises Refusal."""
        if socket.door.session.expires_at <= clock.now():
            raise NotSignedIn
        if socket.door.session.customer.may_lose_rights:  # at the latest now: whoever says nothing is cut soon
            self._small.take(str(socket.reader))
            await self._look_again(socket)
        match frame:
            case Send():
                await self._send(socket, frame)
            case Ping():
                socket.send_frame(frames.Pong())
            case Typing():
                await self._typing(socket, frame)
            case Read():
                await self._read(socket, frame)
            case Watch():
                self._small.take(str(socket.reader))
                await self._watch(socket, frame.conversation, frame.after)
            case Unwatch():
                conversation_id = socket.door.ids.pop(frame.conversation, None)
                if conversation_id is not None:
                    self._hub.unwatch(socket, conversation_id)
            case Hello():
                raise Invalid(field="t", reason="hello_twice")

    async def _watch(self, socket: Socket, public_id: str, after: int) -> None:
        page: _Page = socket.door
        if public_id not in page.ids:
            if len(page.ids) >= frames.MOST_WATCHED:
                raise Invalid(field="watch", reason="too_many")
            page.ids[public_id] = await self._find(socket, public_id)
        self._hub.watch(socket, page.ids[public_id], public_id, after)
        await self._states.tell(socket, page.ids[public_id])

    async def _find(self, socket: Socket, public_id: str) -> int:
        """The row number of a conversation of this customer; raises NotFound."""
        known: int | None = socket.door.ids.get(public_id)
        if known is not None:
            return known
        async with self._db.transaction() as tx:
            found = await conversations.find(tx, public_id, access.belonging_to(socket.door.session.customer))
        return found.id

    async def _send(self, socket: Socket, frame: Send) -> None:
        self.messages.take(str(socket.reader))
        if frame.audience != "everyone" or not ((frame.text or "").strip() or frame.file or frame.choice):
            raise Invalid(field="text", reason="empty")
        conversation_id = await self._find(socket, frame.conversation)
        session: Session = socket.door.session
        file = await self._file(socket, conversation_id, frame.file) if frame.file else None
        posted = await intake.receive(
            self._db,
            self._writer,
            self._sealer,
            conversation_id,
            Inbound(
                customer=session.customer,
                site_id=session.site_id,
                key=frame.client_id,
                text=frame.text or "",
                file=file,
                locale=socket.locale,
                choice=frame.choice,
            ),
        )
        socket.send_frame(ack(frame.client_id, posted, frame.text or ""))

    async def _file(self, socket: Socket, conversation_id: int, public_id: str) -> dict[str, Any]:
        async with self._db.transaction() as tx:
            return await attachments.for_posting(tx, public_id, conversation_id, "customer", socket.reader)

    async def _typing(self, socket: Socket, frame: Typing) -> None:
        if self._small.wait(str(socket.reader)):
            return  # a hint nobody misses
        conversation_id = await self._find(socket, frame.conversation)
        self._hub.tell(conversation_id, frames.TypingFrame(frame.conversation, "customer"), audience="staff")
        self._bus.publish(Notice(typing=[(conversation_id, "customer", None)]))

    async def _read(self, socket: Socket, frame: Read) -> None:
        self._small.take(str(socket.reader))
        async with self._db.transaction() as tx:
            found = await conversations.find(tx, frame.conversation, access.belonging_to(socket.door.session.customer))
            await reading.mark_read(tx, found, "customer", frame.seq)


def ack(client_id: str, posted: Posted, typed: str) -> frames.AckFrame:
    """The acknowledgement of a stored message; with its text when masking changed it."""
    entry = posted.entry
    return frames.AckFrame(
        client_id, entry.conversation, entry.seq, entry.at, entry.text if entry.text != typed else None
    )
