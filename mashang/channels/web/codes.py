"""Codes typed by a customer: what they mean, before anything is opened."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang import codes
from mashang.channels.web import minted, own_code
from mashang.channels.web.minted import OrderChoice
from mashang.channels.web.own_code import OwnCode
from mashang.codes import Ambiguous, Expired, Matched, Minted, Person, Reference, Topic, TopicButton, Unknown
from mashang.codes.code import fold
from mashang.codes.counting import Counts
from mashang.codes.matching import LONGEST_TEXT
from mashang.codes.minted import Found, looks_misread
from mashang.codes.minting import MintedCode
from mashang.conversations import conversation as conversations
from mashang.customers import Customer, Session
from mashang.guard import one_time
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import Invalid, NotSignedIn, TooMany
from mashang.kit.sealing import Sealer
from mashang.shops.adapters import Shops
from mashang.shops.connector import ShopFailed

_MOST_OFFERED = 5


class Typed(msgspec.Struct, forbid_unknown_fields=True):
    """What was typed into the code box."""

    text: Annotated[str, Meta(max_length=20_000)]


class CodeAnswer(msgspec.Struct, omit_defaults=True):
    """What was recognised: one topic, a few to choose from, or none and all that are offered.

    `corrected`: the topic is certain, and something else was typed.  `expired`: `topic` was meant, its
    time is over, and `topics` says what to take instead.  `reference`: the order whose number ends in
    `digits`, and by `about` whether it is one of one's own `orders`, several to choose from, none, or
    whether one has to prove oneself first.  `minted`: a code of twelve characters, perhaps behind its
    topic.  To who proved nothing it is `noted`, whatever it is; to others `yours`, for an account with what
    it stands for, or `not_yours`.  `misread`: it has the form of one, and a character is wrong.
    `person`: 24H where no topic has it, straight to the queue.
    `one_time`: it looks like a one-time password, which nobody should share, and names nothing.
    `conversation`: one's own that is open about the order this means.
    """

    outcome: Literal[
        "matched", "ambiguous", "expired", "reference", "minted", "misread", "person", "one_time", "unknown"
    ]
    topic: TopicButton | None = None
    how: str | None = None
    corrected: bool = False
    expired_at: datetime | None = None
    digits: str | None = None
    topics: list[TopicButton] = []
    standing: Literal["noted", "yours", "not_yours"] | None = None
    own: OwnCode | None = None
    about: Literal["prove", "one", "several", "none", "unanswered"] | None = None
    orders: list[OrderChoice] = []
    conversation: str | None = None


@post("/codes", status_code=200, responses=refusals(NotSignedIn, TooMany, Invalid))
async def ask_code(
    request: Asking,
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    sealer: NamedDependency[Sealer],
    *,
    counts: NamedDependency[Counts],
    session: NamedDependency[Session],
    data: JSONBody[Typed],
) -> CodeAnswer:
    """What a typed code means; opens nothing."""
    locale, who = locale_of(request), session.customer
    async with db.transaction() as tx:
        answer = (await codes.index(tx)).match(data.text, clock.now())
        counts.answered(answer)
        match answer:
            case Unknown():
                told = await _unknown(tx, counts, data.text, locale)
            case Minted(body, led_by):
                found = Found(body, led_by.code if led_by else "", 0, 0)
                own = await codes.own(tx, sealer, who, found)
                topic = await codes.topic_of(tx, found, own)
                counts.count("minted", topic)
                told = _noted(who, topic, own, locale)
                if own and own.state == "live":
                    told.conversation = await _going_on(tx, who, own.order_number)
                return told
    match answer:
        case Unknown():
            if told.outcome == "one_time" and await _ends_an_own_order(db, shops, who, data.text):
                told.outcome = "unknown"
            return told
        case Reference():
            return await _referred(db, shops, who, answer, locale)
    return _told(answer, locale)


async def _unknown(tx: Tx, counts: Counts, text: str, locale: str) -> CodeAnswer:
    outcome: Literal["misread", "one_time", "unknown"] = "unknown"
    if len(text) <= LONGEST_TEXT and (one_time.is_bare(text) or one_time.spans(text)):
        outcome = "one_time"  # not counted: nobody asked for a code
    elif len(text) <= LONGEST_TEXT and looks_misread(fold(text)):
        outcome = "misread"
        counts.count("misread")
    else:
        await counts.unknown(tx, text)
    return CodeAnswer(outcome, topics=await codes.buttons(tx, locale))


async def _ends_an_own_order(db: Database, shops: Shops, who: Customer, text: str) -> bool:
    """Who proved who they are may type the end of an order number; a stranger's digits are looked up nowhere."""
    if not one_time.is_bare(text) or not (who.proved or who.proved_orders):
        return False
    try:
        return bool(await minted.ending_in(db, shops, who, one_time.digits_in(text)))
    except ShopFailed:
        return False


def _noted(who: Customer, topic: Topic | None, own: MintedCode | None, locale: str) -> CodeAnswer:
    standing = minted.standing_of(who, own)
    return CodeAnswer(
        "minted",
        codes.button(topic, locale) if topic else None,
        standing=standing,
        own=own_code.view(own) if own and standing == "yours" and who.proved else None,
    )


def _told(answer: codes.Answer, locale: str) -> CodeAnswer:
    match answer:
        case Matched(topic, how):
            return CodeAnswer("matched", codes.button(topic, locale), how, corrected=answer.corrected)
        case Expired(topic, instead):
            offered = [codes.button(instead, locale)] if instead else []
            return CodeAnswer("expired", codes.button(topic, locale), expired_at=topic.expires_at, topics=offered)
        case Person():
            return CodeAnswer("person")
        case Ambiguous(topics):
            return CodeAnswer("ambiguous", topics=[codes.button(topic, locale) for topic in topics])
    return CodeAnswer("unknown")


async def _referred(db: Database, shops: Shops, who: Customer, answer: Reference, locale: str) -> CodeAnswer:
    """The order whose number ends in these digits, among the customer's own: nobody else's is looked for."""
    told = CodeAnswer("reference", codes.button(answer.topic, locale), digits=answer.digits)
    if not who.proved and not who.proved_orders:
        told.about = "prove"
        return told
    try:
        told.orders = (await minted.ending_in(db, shops, who, answer.digits))[:_MOST_OFFERED]
    except ShopFailed:
        told.about = "unanswered"
        return told
    told.about = "one" if len(told.orders) == 1 else "several" if told.orders else "none"
    if told.about == "one":
        async with db.transaction() as tx:
            told.conversation = await _going_on(tx, who, told.orders[0].number)
    return told


async def _going_on(tx: Tx, who: Customer, order_number: str | None) -> str | None:
    """One's own conversation about this order: whoever asks again goes on there."""
    return await conversations.open_about(tx, who.family or [who.id], order_number) if order_number else None
