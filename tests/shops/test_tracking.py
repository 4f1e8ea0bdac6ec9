"""A parcel stands beside the conversation of its order's proved owner, and nobody else's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from bench.stage import free_port
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import providers, tracking
from mashang.shops.context import ContextAnswered
from mashang.shops.tracking import TrackedShipment
from tests.conftest import Clock
from tests.parcels import CUSTOMER, KEY, Carrier
from tests.selling import AZHEN, XIAOLIN, RogueShop, serving
from tests.shops.counter import Counter

SHIPMENTS = "/orders/QN1/shipments"


def order(subject: str = XIAOLIN) -> bytes:
    """An order with one line that is sent as a parcel."""
    money = {"amount": "98.00", "currency": "CNY"}
    line = {
        "id": "l1", "product": "实体礼品卡", "quantity": 1, "price": money,
        "delivery": {"kind": "parcel", "state": "issued"},
    }  # fmt: skip
    whole = {
        "number": "QN1", "subject": subject, "placed_at": "2026-11-20T08:00:00+08:00", "status": "paid",
        "status_text": "已发货", "total": money, "lines": [line],
    }  # fmt: skip
    return msgspec.json.encode(whole)


def parcel(**changes: Any) -> dict[str, Any]:
    return {"number": "YT123456789", "carrier": "圆通速递", "carrier_code": "yuantong", "lines": ["l1"], **changes}


def parcels(*several: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"shipments": several})


@pytest.fixture
async def ships(rogue_counter: Counter, rogue: RogueShop) -> Counter:
    """A shop that sends parcels, with one order under way."""
    async with rogue_counter.database.transaction() as tx:
        await tx.run("""update shop set capabilities = '{"shipments": true}'""")
    rogue.says("/orders/QN1", order())
    rogue.says(SHIPMENTS, parcels(parcel()))
    return rogue_counter


async def test_the_owner_s_parcel_is_asked_for_with_the_order(ships: Counter, rogue: RogueShop) -> None:
    passed = {"at": "2026-11-21T08:00:00+08:00", "text": "已到达上海", "place": "上海"}
    rogue.says(SHIPMENTS, parcels(parcel(state="in_transit", events=[passed], phone_last_four="8567")))
    view = await ships.ask(XIAOLIN, "QN1", ("shipments",))
    assert view.status == "complete"
    (seen,) = view.shipments
    assert (seen.number, seen.state, seen.source, seen.reason) == ("YT123456789", "in_transit", "shop", "")
    assert seen.events[0].text == "已到达上海"
    assert seen.tracked_at <= view.answered_at
    assert view.order.number == "QN1"
    async with ships.database.transaction() as tx:
        assert "8567" not in await tx.value("select data::text from context_snapshot")


@pytest.mark.parametrize("whose", [AZHEN, "c-999"], ids=["somebody-else-s", "nobody-s"])
async def test_another_s_parcel_is_not_even_asked_for(ships: Counter, rogue: RogueShop, whose: str) -> None:
    rogue.says("/orders/QN1", order(whose))
    view = await ships.ask(XIAOLIN, "QN1", ("shipments",))
    assert (view.status, view.shipments, view.order) == ("complete", [], msgspec.UNSET)
    assert rogue.asked == ["/orders/QN1"]


async def test_who_proved_no_account_sees_no_parcel(ships: Counter, rogue: RogueShop) -> None:
    assert (await ships.ask(None, "QN1", ("shipments",))).status == "nothing_to_ask"
    assert rogue.asked == []


async def test_a_shop_that_tells_of_no_parcels_is_not_asked(rogue_counter: Counter, rogue: RogueShop) -> None:
    rogue.says("/orders/QN1", order())
    view = await rogue_counter.ask(XIAOLIN, "QN1", ("shipments",))
    assert (view.status, view.shipments) == ("complete", [])
    assert rogue.asked == ["/orders/QN1"]


async def test_a_shop_asked_for_the_first_time_says_beside_it_whether_it_sends_parcels(
    ships: Counter, rogue: RogueShop
) -> None:
    rogue.says("/capabilities", b'{"contract": "1", "name": "x", "shipments": true}')
    async with ships.database.transaction() as tx:
        await tx.run("update shop set capabilities = null")
    view = await ships.ask(XIAOLIN, "QN1", ("shipments",))
    assert [one.number for one in view.shipments] == ["YT123456789"]


LIES = {
    "another order's line": parcels(parcel(lines=["l9"])),
    "parcels": parcels(*[parcel()] * 21),
    "events": parcels(parcel(events=[{"at": "2026-11-21T08:00:00Z", "text": "x"}] * 201)),
    "the first year": parcels(parcel(events=[{"at": "0001-01-01T00:00:00Z", "text": "x"}])),
    "carrier": parcels(parcel(carrier_code="<script>")),
    "state": parcels(parcel(state="lost")),
    "a whole telephone number": parcels(parcel(phone_last_four="13800138567")),
    "no object": b"[]",
}


async def test_a_shop_that_lies_about_its_parcels_leaves_the_order_standing(ships: Counter, rogue: RogueShop) -> None:
    conversation_id = await ships.begin(XIAOLIN, "QN1", ("shipments",))
    rogue.says(SHIPMENTS, parcels())
    await ships.fetch(conversation_id)
    for name, wrong in LIES.items():
        rogue.says(SHIPMENTS, wrong)
        await ships.refresh(conversation_id)
        view = await ships.view(conversation_id)
        assert (view.status, view.missing, view.reason) == ("partial", ["shipments"], "malformed"), name
        assert view.order.number == "QN1"
        assert view.shipments == []


async def test_an_order_that_is_no_longer_theirs_takes_its_parcels_along(ships: Counter, rogue: RogueShop) -> None:
    conversation_id = await ships.begin(XIAOLIN, "QN1", ("shipments",))
    await ships.fetch(conversation_id)
    rogue.says("/orders/QN1", order(AZHEN))
    await ships.refresh(conversation_id)
    view = await ships.view(conversation_id)
    assert (view.shipments, view.order) == ([], msgspec.UNSET)


# ── followed at the carrier ──


@pytest.fixture
async def carrier(ships: Counter, settings: Settings) -> AsyncIterator[Carrier]:
    """Kuaidi100, connected to the shop with its account there."""
    port = free_port()
    made = Carrier(f"http://127.0.0.1:{port}/poll/query.do", "nobody")
    async with ships.database.transaction() as tx:
        values = {"customer": CUSTOMER, "key": KEY}
        await providers.connect(tx, Sealer(settings.secret), ships.shop_id, "kuaidi100", values)
        await tx.run("update provider set settings = settings || %s", (json.dumps({"address": made.gateway}),))
    async with serving(made, port):
        yield made


async def seen(ships: Counter, subject: str = XIAOLIN) -> TrackedShipment:
    """The parcel of a new conversation."""
    (one,) = (await ships.ask(subject, "QN1", ("shipments",))).shipments
    return one


async def test_a_parcel_with_a_number_alone_is_followed_at_the_carrier(ships: Counter, carrier: Carrier) -> None:
    carrier.knows("YT123456789", state="501")
    one = await seen(ships)
    assert (one.state, one.source, one.reason) == ("delivering", "kuaidi100", "")
    assert one.events[0].text.startswith("【上海市】")
    assert carrier.params == [
        {"com": "yuantong", "num": "YT123456789", "resultv2": "4", "show": "0", "order": "desc"}
    ]  # fmt: skip


async def test_whoever_waits_hears_of_the_order_first_and_of_the_track_when_it_is_there(
    ships: Counter, carrier: Carrier
) -> None:
    carrier.knows("YT123456789")
    conversation_id = await ships.begin(XIAOLIN, "QN1", ("shipments",))
    before: list[TrackedShipment] = []

    async def look() -> None:
        before.extend((await ships.view(conversation_id)).shipments)

    carrier.before = look
    await ships.fetch(conversation_id)
    assert [one.reason for one in before] == ["asking"]
    assert ships.heard == [ContextAnswered(conversation_id, "complete")] * 2
    assert (await ships.view(conversation_id)).shipments[0].state == "delivering"


async def test_one_parcel_is_asked_about_every_half_hour_whoever_asks(
    ships: Counter, carrier: Carrier, clock: Clock
) -> None:
    carrier.knows("YT123456789")
    first = await seen(ships)
    conversation_id = await ships.begin(XIAOLIN, "QN1", ("shipments",))
    for _ in range(3):  # a new conversation, and an agent who presses the button
        await ships.fetch(conversation_id)
        await ships.refresh(conversation_id)
    await clock.advance(timedelta(minutes=29))
    assert await seen(ships) == first
    assert len(carrier.asked) == 1
    carrier.knows("YT123456789", state="3")
    await clock.advance(timedelta(minutes=2))
    assert (await seen(ships)).state == "delivered"
    await clock.advance(timedelta(days=2))
    await seen(ships)
    assert len(carrier.asked) == 2  # it has arrived: nobody asks any more


async def test_many_who_ask_at_once_ask_once(ships: Counter, carrier: Carrier) -> None:
    carrier.knows("YT123456789")
    begun = [await ships.begin(XIAOLIN, "QN1", ("shipments",)) for _ in range(5)]
    await asyncio.gather(*(ships.fetch(conversation_id) for conversation_id in begun))
    assert len(carrier.asked) == 1


async def test_the_digits_some_carriers_want_are_handed_on_and_never_kept(
    ships: Counter, carrier: Carrier, rogue: RogueShop
) -> None:
    sent = parcel(number="SF1234567890", carrier_code="shunfeng", phone_last_four="8567")
    rogue.says(SHIPMENTS, parcels(sent))
    carrier.knows("SF1234567890")
    carrier.phones["SF1234567890"] = "8567"
    assert (await seen(ships)).state == "delivering"
    async with ships.database.transaction() as tx:
        kept = await tx.all("select s.data::text || t::text as row from context_snapshot s, tracking t")
    assert kept
    assert not [row for row in kept if "8567" in row["row"]]


async def test_a_carrier_that_wants_digits_nobody_has_is_not_asked(
    ships: Counter, carrier: Carrier, rogue: RogueShop
) -> None:
    rogue.says(SHIPMENTS, parcels(parcel(number="SF1234567890", carrier_code="shunfeng")))
    assert (await seen(ships)).reason == "phone_needed"
    assert carrier.asked == []


async def test_a_parcel_that_nobody_knows_yet_says_so(ships: Counter, carrier: Carrier) -> None:
    one = await seen(ships)
    assert (one.reason, one.events, one.source) == ("no_track", [], "shop")
    assert len(carrier.asked) == 1


async def test_a_track_that_was_known_stays_when_the_carrier_fails(
    ships: Counter, carrier: Carrier, clock: Clock
) -> None:
    carrier.knows("YT123456789")
    first = await seen(ships)
    await clock.advance(timedelta(minutes=31))
    carrier.bend = lambda _status, headers, _body: (503, headers, b"")
    one = await seen(ships)
    assert (one.events, one.state, one.tracked_at) == (first.events, first.state, first.tracked_at)
    assert one.reason == "unavailable"


async def test_a_wrong_key_is_said_and_asked_again_as_soon_as_it_is_mended(
    ships: Counter, carrier: Carrier, settings: Settings
) -> None:
    carrier.knows("YT123456789")
    sealer = Sealer(settings.secret)
    async with ships.database.transaction() as tx:
        (one,) = await providers.of_shop(tx, ships.shop_id, "shipments")
        await providers.change(tx, sealer, one.public_id, {"customer": CUSTOMER, "key": "another"})
        await tx.run("update provider set settings = settings || %s", (json.dumps({"address": carrier.gateway}),))
    assert (await seen(ships)).reason == "refused_us"
    async with ships.database.transaction() as tx:
        assert await tx.value("select last_error from provider") == "refused_us"
        await providers.change(tx, sealer, one.public_id, {"customer": CUSTOMER, "key": KEY})
        await tx.run("update provider set settings = settings || %s", (json.dumps({"address": carrier.gateway}),))
    assert (await seen(ships)).state == "delivering"


async def test_a_carrier_seen_down_is_left_alone_and_then_asked_by_itself(
    ships: Counter, carrier: Carrier, rogue: RogueShop, clock: Clock
) -> None:
    carrier.bend = lambda _status, headers, _body: (503, headers, b"")
    assert (await seen(ships)).reason == "unavailable"
    carrier.bend = None
    carrier.knows("YT999999999")
    rogue.says(SHIPMENTS, parcels(parcel(number="YT999999999")))
    assert (await seen(ships)).reason == "unavailable"  # why it is left alone
    assert carrier.asked == ["YT123456789"]
    await clock.advance(timedelta(seconds=31))
    assert (await seen(ships)).state == "delivering"


async def test_whoever_asked_and_died_leaves_no_parcel_that_is_asked_for_ever(
    ships: Counter, carrier: Carrier, clock: Clock
) -> None:
    carrier.knows("YT123456789")
    async with ships.database.transaction() as tx:
        assert await tracking._claim(tx, ships.shop_id, msgspec.convert(parcel(), tracking.contract.Shipment))
    assert (await seen(ships)).reason == "asking"
    await clock.advance(timedelta(seconds=11))
    assert (await seen(ships)).reason == "timed_out"
    await clock.advance(timedelta(minutes=30))
    assert (await seen(ships)).state == "delivering"


async def test_without_an_account_there_the_number_stands_alone(ships: Counter) -> None:
    one = await seen(ships)
    assert (one.number, one.carrier, one.reason) == ("YT123456789", "圆通速递", "not_connected")


async def test_parcels_nobody_talked_about_for_long_are_forgotten(
    ships: Counter, carrier: Carrier, clock: Clock
) -> None:
    carrier.knows("YT123456789")
    await seen(ships)
    await clock.advance(tracking.KEPT_FOR)
    async with ships.database.transaction() as tx:
        assert await tracking.sweep(tx) == 0
    await clock.advance(tracking.ASKED_EVERY + timedelta(minutes=1))
    async with ships.database.transaction() as tx:
        assert await tracking.sweep(tx) == 1


async def test_the_one_s_shop_and_the_other_s_do_not_share_a_track(ships: Counter, carrier: Carrier) -> None:
    carrier.knows("YT123456789")
    await seen(ships)
    async with ships.database.transaction() as tx:
        other = await tx.value(
            "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
            " values ('o', '另一家', 'http://127.0.0.1:9', 'm9', '') returning id"
        )
        shipment = msgspec.convert(parcel(), tracking.contract.Shipment)
        (one,) = await tracking.known(tx, other, [shipment], await tx.value("select app_now()"))
    assert (one.events, one.reason) == ([], "not_connected")
