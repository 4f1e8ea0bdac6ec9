"""What a shop tells by itself: an anomaly, a payment, a card issued, an incident.

Signed like everything between us.  A nonce is taken once, so that a message caught
on the way cannot be played back; an event is stored once, so that a shop may repeat
it (with a new nonce) until it has our answer.

What is wrong with an order, and no longer is, is written in the same transaction (`matters`), and so is what
keeps many waiting (`incidents`).

Does not: act on what else it hears; `ShopReported` says it has happened.
"""

from __future__ import annotations

import msgspec

from mashang.kit import clock
from mashang.kit.db import Json, Tx
from mashang.kit.errors import Invalid, Refusal
from mashang.kit.events import Event
from mashang.kit.sealing import Sealer
from mashang.shops import contract, incidents, matters, shop, signing, telling
from mashang.shops.reach import SECRET_PURPOSE
from mashang.shops.shop import Shop

_MOST_ISSUED = 200
_EVENTS = msgspec.json.Decoder(telling.ShopEvent)


class SignatureWrong(Refusal):
    """Headers missing, a key we do not know, or a signature that does not fit: `reason`."""

    status, code = 401, "signature_wrong"


class RequestStale(Refusal):
    """The timestamp is more than five minutes off our clock: `seconds` (ours minus theirs)."""

    status, code = 401, "request_stale"


class RequestReplayed(Refusal):
    """This nonce was used before."""

    status, code = 401, "request_replayed"


class ShopReported(Event, frozen=True):
    """A shop told us something new."""

    shop_id: int
    kind: str
    order_number: str | None
    subject: str | None


async def authenticate(tx: Tx, sealer: Sealer, signed: signing.Signed | None, target: str, body: bytes) -> Shop:
    """The shop that signed this POST; raises SignatureWrong, RequestStale, RequestReplayed."""
    if signed is None:
        raise SignatureWrong(reason="headers")
    sender = await shop.by_key_id(tx, signed.key_id[:64])
    if sender is None:
        raise SignatureWrong(reason="key_unknown")
    secret = sealer.open(sender.secret_sealed, SECRET_PURPOSE).decode()
    if not signing.fits(secret, "POST", target, body, signed):
        raise SignatureWrong(reason="signature")
    now = clock.now()
    if not signing.is_timely(signed.timestamp, now):
        raise RequestStale(seconds=int(now.timestamp()) - int(signed.timestamp))
    fresh = await tx.run(
        "insert into shop_nonce (shop_id, nonce) values (%s, %s) on conflict do nothing", (sender.id, signed.nonce)
    )
    if not fresh:
        raise RequestReplayed
    return sender


def read(body: bytes) -> telling.ShopEvent:
    """The event in a body; raises Invalid with the place that does not fit."""
    try:
        event: telling.ShopEvent = _EVENTS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(field="body", reason=str(error)[:300]) from error
    return event


async def take(tx: Tx, sender: Shop, event: telling.ShopEvent) -> telling.EventTaken:
    """Store an event once; a repeat is acknowledged."""
    number, subject = getattr(event, "order_number", None), getattr(event, "subject", None)
    data = msgspec.to_builtins(event)
    kind = data["kind"]
    stored = await tx.run(
        """
        insert into shop_event (shop_id, event_id, kind, order_number, subject, data, occurred_at)
        values (%s, %s, %s, %s, %s, %s, %s)
        on conflict (shop_id, event_id) do nothing
        """,
        (sender.id, event.id, kind, number, subject, Json(data), event.at),
    )
    if stored:
        await matters.hear(tx, sender.id, event)
        if isinstance(event, telling.IncidentChanged):
            await incidents.heard(tx, sender.id, event.incident, event.at)
        tx.emit(ShopReported(sender.id, kind, number, subject))
    return telling.EventTaken(id=event.id, repeated=not stored)


class Issued(msgspec.Struct, frozen=True):
    """A line of a card-issue record as it was told, and the order line it belongs to."""

    line: str
    entry: contract.IssueEntry


async def issued_of(tx: Tx, shop_id: int | None, subject: str | None, order_number: str | None) -> list[Issued]:
    """What was told of the cards of this customer's order, as it happened; the newest few hundred, of nobody none."""
    rows = await tx.all(
        """
        select data->>'line' as line, data->'entry' as entry from shop_event
        where shop_id = %s and order_number = %s and subject = %s and kind = 'issue'
        order by occurred_at desc, id desc limit %s
        """,
        (shop_id, order_number, subject, _MOST_ISSUED),
    )
    return [Issued(row["line"], msgspec.convert(row["entry"], contract.IssueEntry)) for row in reversed(rows)]


async def sweep(tx: Tx) -> int:
    """Forget nonces whose requests would be stale by now; how many."""
    return await tx.run("delete from shop_nonce where seen_at < app_now() - %s", (signing.NONCES_ARE_KEPT_FOR,))
