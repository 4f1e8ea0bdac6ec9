"""What the widget and the phone page ask over HTTP: the list of routes, one module a subject.

The live socket carries the talk; this carries the rest, and everything again for
pages whose sockets are blocked.
"""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from mashang.channels.web import (
    claims,
    codes,
    continuations,
    conversations,
    entries,
    files,
    help_articles,
    minted,
    notices,
    offers,
    order_card,
    orders,
    proofs,
    reminders,
    sessions,
    suggestions,
    transcripts,
    voice,
)
from mashang.channels.web.door import current_session

upload_router = Router(
    "/customer",
    tags=["Customer"],
    dependencies={"session": Provide(current_session), "claimant": Provide(proofs.claimant)},
    security=[{"customer": []}],
    route_handlers=[files.upload, voice.hear],
)
router = Router(
    "/customer",
    tags=["Customer"],
    dependencies={"session": Provide(current_session), "claimant": Provide(proofs.claimant)},
    security=[{"customer": []}],
    route_handlers=[
        sessions.end_session,
        claims.put_claim,
        suggestions.put_offers_wish,
        codes.ask_code,
        conversations.list_conversations,
        conversations.open_conversation,
        conversations.show_conversation,
        conversations.close,
        conversations.ask_for_a_person,
        conversations.leave_message,
        conversations.come_back,
        conversations.reopen,
        conversations.mark_read,
        entries.list_entries,
        entries.post_entry,
        entries.recall_entry,
        files.file_addresses,
        transcripts.show_transcript,
        *continuations.ROUTES,
        *help_articles.ROUTES,
        *minted.ROUTES,
        *order_card.ROUTES,
        *orders.ROUTES,
        *notices.ROUTES,
        *proofs.ROUTES,
        *reminders.ROUTES,
    ],
)
public_router = Router(
    "/customer",
    tags=["Customer"],
    route_handlers=[sessions.begin_session, *continuations.PUBLIC_ROUTES, *offers.ROUTES],
)
widget_look = sessions.widget_look
