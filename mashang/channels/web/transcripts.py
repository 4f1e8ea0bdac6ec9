"""What was said, as a text to keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from mashang.channels.web import door, views
from mashang.conversations.transcript import About, Reader, transcript
from mashang.customers import Session
from mashang.kit import clock
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.shops import site as sites

_asked = Limiter(0.1, 6)  # by customer


@get(
    "/conversations/{id:str}/transcript",
    media_type="text/plain",
    responses=refusals(NotSignedIn, NotFound, Invalid, TooMany),
)
async def show_transcript(
    request: Asking,
    db: NamedDependency[Database],
    session: NamedDependency[Session],
    id: Id,
    *,
    offset: Annotated[int, QueryParameter(ge=-840, le=840, description="minutes east of UTC")] = 480,
) -> Stream:
    """The conversation as plain text, as this customer sees it, in their language and time."""
    _asked.take(str(session.customer.id))
    reader = Reader(locale_of(request), timedelta(minutes=offset))
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
        seen = await views.one(tx, found.id, reader.locale)
        site = await sites.by_id(tx, found.site_id)
    topic = f"{seen.topic.name} ({seen.topic.code})" if seen.topic else reader.says("person")
    about = About(found.id, found.public_id, found.head, found.opened_at, topic, sites.look(site, reader.locale).title)
    now = clock.now()
    name = f"{reader.says('name')}-{reader.at(now):%Y-%m-%d}.txt"
    return Stream(
        transcript(db, about, reader, now),
        media_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
