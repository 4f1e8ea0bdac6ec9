"""Product cards over HTTP: looked for in the shop, and sent."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from mashang.conversations import writer
from mashang.conversations.attachments import Uploader
from mashang.conversations.entry import ClientId
from mashang.conversations.writer import Writer
from mashang.desk import card_pictures, cards, conversation, reply
from mashang.desk.cards import CardElsewhere, Kind, Offered
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.pictures import Pictures
from mashang.kit.storage import Storage
from mashang.live.frames import AckFrame
from mashang.shops.adapters import Shops
from mashang.staff import Agent

_searches = Limiter(5, 30)  # by agent: the shop is somebody else's server


class NewCard(msgspec.Struct, forbid_unknown_fields=True):
    """What to send a card of; `id` is the shop's."""

    client_id: ClientId
    kind: Kind
    id: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


@get("/conversations/{id:str}/offered", responses=refusals(NotSignedIn, NotFound, TooMany))
async def list_offered(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    agent: NamedDependency[Agent],
    id: Id,
    asked: Annotated[str, QueryParameter(name="q", max_length=50, pattern=r"^[^\x00-\x1f\x7f]*$")] = "",
) -> list[Offered]:
    """What the conversation's shop sells that fits; without a query what it promotes, too."""
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
    _searches.take(str(agent.id))
    return await cards.offered(db, shops, found, asked.strip())


@post(
    "/conversations/{id:str}/cards",
    responses=refusals(
        NotSignedIn, NotAllowed, NotFound, CardElsewhere, writer.NotInConversation, writer.ConversationClosed,
        writer.DifferentMessage, writer.NotStored, TooMany, Invalid,
    ),
)  # fmt: skip
async def send_card(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    writer: NamedDependency[Writer],
    *,
    storage: NamedDependency[Storage],
    pictures: NamedDependency[Pictures],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[NewCard],
) -> AckFrame:
    """Send a card of something the shop sells, as the shop tells it at this moment."""
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
    _searches.take(str(agent.id))
    card, address = await cards.card(db, shops, found, data.kind, data.id)
    by = Uploader(found.id, "agent", agent.id)
    picture = (
        await card_pictures.copy(db, storage, pictures, by, client=shops.client, address=address) if address else None
    )
    card = msgspec.structs.replace(card, picture=picture)
    return await reply.post_card(db, writer, agent, found.id, client_id=data.client_id, card=card)


ROUTES = [list_offered, send_card]
