"""When this happened, do that: the one table of reactions.  Nothing else subscribes.

Everything here is prompt and none of it is certain: each reaction has a sweep over
the same rows behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from mashang.bot.attending import Attending
from mashang.channels.web.notices import Notices
from mashang.channels.web.socket import CustomerDoor
from mashang.channels.web.state import StateTeller
from mashang.codes.entering import CodeEntered
from mashang.codes.proving import StandingProved
from mashang.conversations import acted, affected
from mashang.conversations.events import (
    ConversationChanged,
    ConversationOpened,
    ConversationRead,
    EntriesPosted,
    Mentioned,
)
from mashang.customers.customer import StandingChanged
from mashang.customers.sessions import CustomerSessionEnded
from mashang.desk import colleagues
from mashang.desk.colleagues import Hint
from mashang.desk.socket import DeskDoor
from mashang.desk.stream import MeFrame, MentionedFrame, Stream
from mashang.kit.db import Database
from mashang.kit.events import Event, Handler
from mashang.knowledge.events import KnowledgeChanged
from mashang.knowledge.serving import Knowledge
from mashang.live.bus import Bus, Notice
from mashang.live.frames import ReadFrame, TypingFrame
from mashang.live.hub import Hub
from mashang.routing.dispatcher import Dispatcher
from mashang.routing.events import (
    ConversationAssigned,
    ConversationAssisted,
    ConversationClosed,
    ConversationOffered,
    ConversationQueued,
    ConversationReopened,
    ConversationSnoozed,
    ConversationTransferred,
    OfferEnded,
    TransferRefused,
)
from mashang.shops import actions, context
from mashang.shops.actions import ActionRecorded
from mashang.shops.adapters import Shops
from mashang.shops.context import ContextAnswered, ParcelsTold
from mashang.shops.events import ShopReported
from mashang.shops.incidents import IncidentsChanged
from mashang.staff import alarms
from mashang.staff.alarms import AlarmRaised
from mashang.staff.events import (
    AgentAvailable,
    AgentAway,
    AgentChanged,
    AgentGone,
    AgentHere,
    DepartmentChanged,
    StaffSessionsEnded,
)


class Process(Protocol):
    """The parts of a process that react."""

    db: Database
    shops: Shops
    hub: Hub
    bus: Bus
    states: StateTeller
    notices: Notices
    stream: Stream
    dispatcher: Dispatcher
    knowledge: Knowledge
    attending: Attending
    customer_door: CustomerDoor
    desk_door: DeskDoor


class Reactions:
    """The reactions of one process, to its own events and to the notices of others."""

    def __init__(self, process: Process) -> None:
        self._of = process

    def table(self) -> dict[type[Event], Iterable[Handler]]:
        """Event → what follows."""
        return {
            EntriesPosted: [self._posted, self._attend],
            ConversationOpened: [self._ask_the_shop, self._attend],
            StandingProved: [self._ask_the_shop, self._go_on],
            CodeEntered: [self._ask_the_shop],
            ConversationChanged: [self._changed],
            ConversationRead: [self._read],
            Mentioned: [self._mentioned],
            ContextAnswered: [self._context],
            ParcelsTold: [self._follow],
            ShopReported: [self._shop_reported],
            ActionRecorded: [self._action_recorded],
            IncidentsChanged: [self._incidents_shown, self._catch_up_with_incidents],
            KnowledgeChanged: [self._knowledge_changed],
            ConversationQueued: [self._kick, self._queues_moved],
            ConversationOffered: [self._offered],
            OfferEnded: [self._offer_ended, self._kick],
            TransferRefused: [self._transfer_refused],
            ConversationAssigned: [self._queues_moved],
            ConversationAssisted: [self._kick, self._queues_moved],
            ConversationTransferred: [self._kick, self._queues_moved],
            ConversationClosed: [self._kick, self._queues_moved],
            ConversationReopened: [self._kick, self._queues_moved],
            ConversationSnoozed: [self._kick, self._queues_moved],
            AgentAvailable: [self._kick, self._queues_moved],
            AgentAway: [self._kick, self._queues_moved],
            AgentHere: [self._here],
            AgentGone: [self._kick, self._queues_moved],
            AgentChanged: [self._kick, self._agent_changed],
            DepartmentChanged: [self._queues_moved, self._recount],
            StaffSessionsEnded: [self._agent_changed],
            CustomerSessionEnded: [self._signed_out],
            StandingChanged: [self._standing],
            AlarmRaised: [self._alarm],
        }

    # ── own events ──────────────────────────────────────────────────────────

    def _attend(self, event: EntriesPosted | ConversationOpened) -> None:
        if isinstance(event, ConversationOpened):  # its code may answer first
            self._of.attending.heard([event.conversation_id])
            return
        said = [one for one in event.entries if one.author.kind == "customer" and one.kind != "event"]
        if said:
            self._of.attending.heard({one.conversation_id for one in said})

    def _posted(self, event: EntriesPosted) -> None:
        self._of.hub.deliver(event.entries)
        for conversation_id in {entry.conversation_id for entry in event.entries}:
            self._of.stream.changed(conversation_id, recount=False)
        if not event.announced:
            self._of.bus.publish(Notice(entries=[(entry.conversation_id, entry.seq) for entry in event.entries]))

    async def _go_on(self, event: StandingProved) -> None:
        await self._of.attending.proved(event.conversation_id)

    async def _ask_the_shop(self, event: ConversationOpened | StandingProved | CodeEntered) -> None:
        await context.fetch(self._of.db, self._of.shops, event.conversation_id)

    def _changed(self, event: ConversationChanged) -> None:
        self._of.stream.changed(event.conversation_id)
        self._of.states.changed(event.conversation_id)
        self._of.bus.publish(Notice(changed=[event.conversation_id]))

    def _read(self, event: ConversationRead) -> None:
        self._show_read(event.conversation_id, event.who, event.seq)
        self._of.bus.publish(Notice(read=[(event.conversation_id, event.who, event.seq)]))

    def _mentioned(self, event: Mentioned) -> None:
        self._of.stream.tell_agent(event.agent_id, MentionedFrame(event.conversation, event.by))
        self._of.bus.publish(Notice(mentioned=[(event.agent_id, event.conversation, event.by)]))

    def _context(self, event: ContextAnswered) -> None:
        self._of.stream.tell_context(event.conversation_id)
        self._of.attending.heard([event.conversation_id])  # its matters may wait for it
        self._of.bus.publish(Notice(context=[event.conversation_id]))

    async def _follow(self, event: ParcelsTold) -> None:
        await context.follow(self._of.db, self._of.shops, event)

    async def _shop_reported(self, event: ShopReported) -> None:
        if event.order_number:
            await context.refresh_about(self._of.db, self._of.shops, event.shop_id, event.order_number)

    def _incidents_shown(self, _: IncidentsChanged) -> None:
        self._show_incidents()
        self._of.bus.publish(Notice(incidents=True))

    async def _catch_up_with_incidents(self, _: IncidentsChanged) -> None:
        await affected.catch_up(self._of.db)

    def _knowledge_changed(self, _: KnowledgeChanged) -> None:
        self._of.knowledge.kick()
        self._of.bus.publish(Notice(knowledge=True))

    async def _action_recorded(self, event: ActionRecorded) -> None:
        async with self._of.db.transaction() as tx:
            await acted.tell(tx, event.action_id)
            action = await actions.by_id(tx, event.action_id)
        await context.refresh_about(self._of.db, self._of.shops, action.shop_id, action.order_number)

    async def _offered(self, event: ConversationOffered) -> None:
        self._of.stream.changed(event.conversation_id)
        self._of.bus.publish(Notice(offers=[event.agent_id], changed=[event.conversation_id]))
        await self._of.stream.tell_offers(event.agent_id)

    async def _offer_ended(self, event: OfferEnded) -> None:
        self._of.stream.changed(event.conversation_id)
        self._of.bus.publish(Notice(ended=[(event.agent_id, event.conversation_id, event.reason)]))
        await self._of.stream.tell_offer_gone(event.agent_id, event.conversation_id, event.reason)

    async def _transfer_refused(self, event: TransferRefused) -> None:
        told = (event.sender_id, event.conversation_id, event.agent, event.reason)
        self._of.bus.publish(Notice(refused=[told]))
        await self._of.stream.tell_transfer_refused(*told)

    async def _agent_changed(self, event: AgentChanged | StaffSessionsEnded) -> None:
        self._of.bus.publish(Notice(agents=[event.agent_id]))
        await self._refresh(event.agent_id)

    def _signed_out(self, event: CustomerSessionEnded) -> None:
        self._of.customer_door.end(event.customer_id, event.token_hash)
        self._of.bus.publish(Notice(signed_out=[(event.customer_id, event.token_hash.hex())]))

    async def _standing(self, event: StandingChanged) -> None:
        self._of.bus.publish(Notice(standing=[event.customer_id]))
        await self._of.customer_door.look_again(event.customer_id)

    async def _alarm(self, _: AlarmRaised) -> None:
        async with self._of.db.transaction() as tx:
            told = await alarms.watchers(tx)
        self._of.bus.publish(Notice(agents=told))
        for agent_id in told:
            await self._refresh(agent_id)

    def _kick(self, _: Event) -> None:
        self._of.dispatcher.kick()

    def _queues_moved(self, _: Event) -> None:
        self._of.states.queues_moved()
        self._of.stream.board_moved()
        self._of.bus.publish(Notice(queues=True))

    def _here(self, _: AgentHere) -> None:
        self._of.stream.board_moved()
        self._of.bus.publish(Notice(board=True))

    def _recount(self, _: Event) -> None:
        self._of.stream.recount()

    # ── notices of other processes ──────────────────────────────────────────

    async def heard(self, notice: Notice) -> None:
        """Another process says what changed."""
        for conversation_id, seq in notice.entries:
            self._of.hub.behind(conversation_id, seq)
            self._of.stream.changed(conversation_id, recount=False)
        for conversation_id in notice.changed:
            self._of.stream.changed(conversation_id)
            self._of.states.changed(conversation_id)
        for conversation_id in notice.context:
            self._of.stream.tell_context(conversation_id)
        for conversation_id, who, name in notice.typing:
            self._show_typing(conversation_id, who, name)
        for conversation_id, who, seq in notice.read:
            self._show_read(conversation_id, who, seq)
        for hint in notice.colleagues:
            colleagues.show(self._of.hub, Hint(*hint))
        self._heard_of_all(notice)
        for agent_id in notice.offers:
            await self._of.stream.tell_offers(agent_id)
        for agent_id, conversation_id, reason in notice.ended:
            await self._of.stream.tell_offer_gone(agent_id, conversation_id, reason)
        for told in notice.refused:
            await self._of.stream.tell_transfer_refused(*told)
        await self._heard_of_people(notice)

    def _heard_of_all(self, notice: Notice) -> None:
        if notice.queues:
            self._of.states.queues_moved()
        if notice.queues or notice.board:
            self._of.stream.board_moved()
        if notice.incidents:
            self._show_incidents()
        if notice.knowledge:
            self._of.knowledge.kick()

    async def _heard_of_people(self, notice: Notice) -> None:
        for agent_id, conversation, by in notice.mentioned:
            self._of.stream.tell_agent(agent_id, MentionedFrame(conversation, by))
        for customer_id, token_hash in notice.signed_out:
            self._of.customer_door.end(customer_id, bytes.fromhex(token_hash))
        for customer_id in notice.standing:
            await self._of.customer_door.look_again(customer_id)
        for agent_id in notice.agents:
            await self._refresh(agent_id)

    async def reconnected(self) -> None:
        """The bus was deaf for a while: compare everything."""
        await self._of.hub.compare_heads()
        self._of.states.queues_moved()
        self._of.stream.fetch_again()
        self._show_incidents()

    # ── showing ─────────────────────────────────────────────────────────────

    def _show_incidents(self) -> None:
        self._of.notices.changed()
        self._of.stream.tell_incidents()

    async def _refresh(self, agent_id: int) -> None:
        await self._of.desk_door.refresh(agent_id)
        self._of.stream.tell_agent(agent_id, MeFrame())
        self._of.stream.recount()

    def _show_read(self, conversation_id: int, who: str, seq: int) -> None:
        for socket in self._of.hub.watchers(conversation_id):
            socket.send_frame(ReadFrame(socket.names[conversation_id], who, seq))

    def _show_typing(self, conversation_id: int, who: str, name: str | None) -> None:
        for socket in self._of.hub.watchers(conversation_id):
            if (socket.audience == "staff") == (who == "customer"):
                socket.send_frame(TypingFrame(socket.names[conversation_id], who, name))
