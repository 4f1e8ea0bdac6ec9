"""Bringing what a step of a playbook needs: a look-up at the shop, or a press of the customer's own button.

Always for the customer whose conversation it is, with what this customer proved and no more: whoever has not proved
enough is told nothing, not even whether there is such an order.  The shop is asked outside any transaction and has
less than two seconds; one that fails, is silent or lies is a result.  A press carries the round that was written into
the run before (`prepared`), so that after a crash the same press is found again and none is made twice.

Does not: decide what follows (`walking`), or keep a run (`playing`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from mashang.bot import shop_facts
from mashang.bot.facts import Known, Level
from mashang.bot.run import How, Need
from mashang.codes import minting
from mashang.codes.minting import Draft
from mashang.codes.topics import index
from mashang.conversations.conversation import Conversation
from mashang.customers import Customer, covering, customer
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound
from mashang.kit.sealing import Sealer
from mashang.shops import actions, context, contract, incidents, offered, pressing
from mashang.shops.actions import Action, Presser, Wanted
from mashang.shops.adapters import Shops
from mashang.shops.connector import ShopFailed
from mashang.shops.incident import Incident
from mashang.shops.questions import Ask, OrderOwner
from mashang.shops.snapshot import View

_SILENT = ("timed_out", "unreachable", "left_alone")  # it does not answer now; else it answers, and not as agreed
_PART = {"issue": "order", "shipment": "shipments", "promotion": "promotions", "incident": "incidents"}
_SCENE = "assistant"

Came = tuple[How, Known]


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be brought, and for whom; `owner` is the order's, where the customer proved no more than that."""

    need: Need
    conversation: Conversation
    who: Customer
    shop_id: int | None
    number: str | None
    owner: OrderOwner | None
    acts_for: tuple[int, str] | None
    press_round: int | None
    locale: str

    @property
    def level(self) -> Level | None:
        """What is proved for this order."""
        if self.who.subject:
            return "account"
        return None if self.owner is None else "order" if self.owner.whole else "status"


async def prepared(tx: Tx, conversation: Conversation, need: Need, *, press_round: int | None, locale: str) -> Errand:
    """Everything it takes; the round of a press is found here, to be kept before anything is pressed."""
    who = await customer.by_id(tx, conversation.customer_id)
    number = need.order_number or conversation.order_number
    number = number if number and contract.is_id(number) else None
    acts_for = await covering.acting_for(tx, who, number) if number else None
    if need.act == "resend" and press_round is None and acts_for and number:
        pressed = await actions.of_order(tx, acts_for[0], number)
        press_round = offered.next_round(pressed, "resend", need.line)
    return Errand(
        need=need,
        conversation=conversation,
        who=who,
        shop_id=await tx.value("select shop_id from site where id = %s", (conversation.site_id,)),
        number=number,
        owner=None if who.subject else await covering.owner_of(tx, who, number),
        acts_for=acts_for,
        press_round=press_round,
        locale=locale,
    )


async def bring(db: Database, shops: Shops, sealer: Sealer, errand: Errand) -> Came:
    """What came of it; a shop that fails is a result."""
    need = errand.need
    if errand.shop_id is None and need.act != "offer_code":
        return "failed", {}
    if need.needs and not errand.number and need.needs != "account":
        return "missing", {}
    if not _is_proved(errand):
        return "unproved", {}
    if need.act == "offer_code":
        return await _offer_code(db, sealer, errand)
    if need.act == "resend":
        return await _resend(db, shops, errand)
    return await _look_up(db, shops, errand)


def _is_proved(errand: Errand) -> bool:
    levels: tuple[Level | None, ...] = (None, "status", "order", "account")
    return levels.index(errand.level) >= levels.index(errand.need.needs)


# ── looking up ──────────────────────────────────────────────────────────────


async def _look_up(db: Database, shops: Shops, errand: Errand) -> Came:
    what = errand.need.look_up or "order"
    part = _PART.get(what, what)
    parts = [part] if part not in ("payment", "shipments") else ["order", part]
    seen = await context.look(db, shops, _ask(errand, parts))
    if what == "incident":
        return await _incidents(db, errand, seen)
    failure = seen.payment_reason if what == "payment" else seen.reason
    if part in seen.missing or ("order" in parts and "order" in seen.missing):
        return ("timed_out" if (failure or seen.reason) in _SILENT else "failed"), {}
    known = known_from(seen, errand.need, clock.now())
    return ("found", known) if known else ("missing", {})


def _ask(errand: Errand, parts: list[str]) -> Ask:
    number = errand.number if "order" in parts else None
    return Ask(
        shop_id=errand.shop_id,
        subject=errand.who.subject,
        order_number=number,
        parts=parts,
        **({} if errand.who.subject else Ask.of_order(errand.owner)),
    )


def known_from(seen: View, need: Need, now: datetime) -> Known | None:
    """The facts of a look-up in what was answered; None: there are none."""
    if need.look_up in _OF_ORDER and seen.order is UNSET:
        return None
    return _FOUND[need.look_up or "order"](seen, need, now)


def _promotions(seen: View, need: Need, now: datetime) -> Known | None:
    found = [
        one
        for one in seen.promotions
        if one.starts_at <= now and (one.ends_at is None or one.ends_at > now)
        and _is_about(need, one.codes, one.title, one.text)
    ]  # fmt: skip
    return shop_facts.of_promotions(found) if found else None


_OF_ORDER = ("order", "issue", "payment", "shipment")
_FOUND: dict[str, Callable[[Any, Need, datetime], Known | None]] = {
    "order": lambda seen, _, now: shop_facts.of_order(seen.order, now),
    "issue": lambda seen, _need, _now: shop_facts.of_issues(seen.order, seen.issued),
    "promotion": _promotions,
    "payment": lambda seen, _need, _now: shop_facts.of_payment(seen.payment) if seen.payment else None,
    "shipment": lambda seen, _need, _now: shop_facts.of_shipments(seen.shipments) if seen.shipments else None,
    "orders": lambda seen, _need, _now: shop_facts.of_orders(seen.orders) if seen.orders else None,
    "account": lambda seen, _need, _now: shop_facts.of_account(seen.account) if seen.account else None,
}


async def _incidents(db: Database, errand: Errand, seen: View) -> Came:
    """What is on for this shop, also what only an operator knows; the shop's silence hides nothing that is known."""
    async with db.transaction() as tx:
        known = await incidents.near(tx)
    now = clock.now()
    on = [one for one in known if one.starts_at <= now and one.shop_id in (None, errand.shop_id)]
    found = [one for one in on if concerns(errand.need, errand.conversation.topic_code, one)]
    if found:
        return "found", shop_facts.of_incidents(found, errand.locale)
    if "incidents" in seen.missing:
        return ("timed_out" if seen.reason in _SILENT else "failed"), {}
    return "missing", {}


def concerns(need: Need, topic: str | None, one: Incident) -> bool:
    """Is the incident one that this look-up is about?  Without codes and words those of the conversation's topic."""
    if not need.codes and not need.words and topic:
        return not one.codes or topic in one.codes
    return _is_about(need, one.codes, one.title, one.title_en, one.text, one.text_en)


def _is_about(need: Need, codes: Sequence[str], *told: str) -> bool:
    """Has it one of the codes and one of the words, as far as any are asked for?"""
    words = " ".join(told).casefold()
    has_code = not need.codes or any(code.upper() in need.codes for code in codes)
    return has_code and (not need.words or any(word.casefold() in words for word in need.words))


# ── acting ──────────────────────────────────────────────────────────────────


async def _resend(db: Database, shops: Shops, errand: Errand) -> Came:
    """Press the customer's own button; what it may not press now is missing, and says why."""
    if errand.acts_for is None or errand.number is None or errand.press_round is None:
        return "unproved", {}
    shop_id, subject = errand.acts_for
    wanted = Wanted(
        shop_id=shop_id,
        order_number=errand.number,
        line=errand.need.line,
        action="resend",
        round=errand.press_round,
    )
    by = Presser(subject=subject, side="customer", customer_id=errand.who.id, conversation_id=errand.conversation.id)
    return await _pressed(lambda: pressing.press(db, shops, by, wanted))


async def _pressed(press: Callable[[], Awaitable[Action]]) -> Came:
    try:
        action = await press()
    except pressing.ActionNotNow as refused:
        return "missing", {"act.why_not": refused.facts["why_not"]}
    except pressing.ActionLimit:
        return "missing", {"act.why_not": "limit"}
    except pressing.ActionOutdated:
        return "missing", {"act.why_not": "under_way"}
    except (pressing.ActionNotOffered, NotFound):
        return "missing", {"act.why_not": "not_offered"}
    except ShopFailed:
        return "failed", {}  # before anything was done
    if action.state in ("done", "accepted"):
        told: Known = {"act.text": action.text or None, "act.key": action.key_masked, "act.to": action.to_masked}
        return "found", {"act.state": action.state, **told}
    return ("failed" if action.state in ("refused", "not_done") else "timed_out"), {"act.text": action.text or None}


async def _offer_code(db: Database, sealer: Sealer, errand: Errand) -> Came:
    """The order's own code where the order is proved, else the topic's."""
    async with db.transaction() as tx:
        topic = (await index(tx)).by_code.get(errand.need.code)
        if topic is None or (topic.expires_at and topic.expires_at <= clock.now()):
            return "missing", {}
        own = await context.owned(tx, errand.conversation.id)
        if own is None or errand.acts_for != (own.shop_id, own.subject):
            return "found", {"act.state": "done", "act.code": topic.code}
        draft = Draft(
            shop_id=own.shop_id,
            subject=own.subject,
            order_number=own.order.number,
            topic_id=topic.id,
            scene=_SCENE,
            expires_at=clock.now() + minting.LASTS,
        )
        made, _ = await minting.mint(tx, sealer, draft, "customer")
    return "found", {"act.state": "done", "act.code": made.code}
