"""Who is at the customers' HTTP door: the holder of a session's bearer secret, who sees only what is theirs.

Every route of this package but those of `sessions` that begin one asks here first.
Does not: begin sessions (`sessions`) or admit sockets (`socket`).
"""

from __future__ import annotations

from typing import Annotated

from litestar.di import NamedDependency
from msgspec import Meta

from mashang import customers
from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.customers import Session
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking
from mashang.kit.errors import NotSignedIn
from mashang.kit.limits import Limiter, address_block

Line = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]
openings = Limiter(0.1, 10)  # new and reopened conversations by customer
_asked = Limiter(5, 60)  # every request, by customer


async def current_session(request: Asking, db: NamedDependency[Database]) -> Session:
    """Who holds the bearer secret; raises NotSignedIn."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn
    async with db.transaction() as tx:
        session = await customers.resume(tx, secret.strip())
    _asked.take(str(session.customer.id))
    return session


async def find(tx: Tx, session: Session, public_id: str) -> Conversation:
    """A conversation of this customer; raises NotFound for a missing one and for somebody else's alike."""
    return await conversations.find(tx, public_id, access.belonging_to(session.customer))


def address_of(request: Asking) -> str:
    """The block of addresses a request comes from, as limits count it."""
    return address_block(request.client.host if request.client else "")
