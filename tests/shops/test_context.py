"""What the shop knows stands beside the conversation, or the agent is told that it does not answer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from mashang import customers
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Opening
from mashang.kit import ids
from mashang.kit.db import Database, Tx
from mashang.kit.events import Events
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import asking, context, looks, site
from mashang.shops.connector import ShopFailed
from mashang.shops.context import ContextAnswered, View
from mashang.shops.http import SECRET_PURPOSE, Keys, Shops
from mashang.shops.questions import PARTS
from mashang.shops.site import ShopCustomer
from tests import scene
from tests.conftest import Clock
from tests.scene import Scene
from tests.selling import AZHEN, XIAOLIN, DemoShop, RogueShop


class Counter:
    """A shop connected to our rows, and conversations that ask it."""

    def __init__(self, database: Database, shops: Shops, scene: Scene, shop_id: int) -> None:
        self.database, self.shops, self.scene, self.shop_id = database, shops, scene, shop_id
        self.heard: list[ContextAnswered] = []
        database.events = Events()
        database.events.react({ContextAnswered: [self.heard.append]})

    async def begin(self, subject: str | None, order: str | None = None, parts: tuple[str, ...] = PARTS) -> int:
        """A conversation that begins to ask; its row number."""
        async with self.database.transaction() as tx:
            account = ShopCustomer(subject, "小林", "VIP") if subject else None
            who = await customers.recognise(tx, self.scene.site.id, self.shop_id, account, "zh-CN")
            opening = Opening(
                site_id=self.scene.site.id, customer_id=who.id, department_id=self.scene.department.id,
                opening_key=ids.public_id(), order_number=order,
            )  # fmt: skip
            begun, _ = await conversations.begin(tx, opening)
            await context.begin(tx, begun.id, who, order, parts)
        return begun.id

    async def ask(self, subject: str | None, order: str | None = None, parts: tuple[str, ...] = PARTS) -> View:
        """Begin and fetch."""
        conversation_id = await self.begin(subject, order, parts)
        await context.fetch(self.database, self.shops, conversation_id)
        return await self.view(conversation_id)

    async def view(self, conversation_id: int) -> View:
        async with self.database.transaction() as tx:
            found = await context.view(tx, conversation_id)
        assert found
        return found

    async def shop(self) -> dict[str, Any]:
        async with self.database.transaction() as tx:
            return await tx.one("select * from shop where id = %s", (self.shop_id,))

    async def move(self, keys: Keys) -> None:
        async with self.database.transaction() as tx:
            await tx.run("update shop set base_url = %s where id = %s", (keys.base_url, self.shop_id))


async def connect(tx: Tx, settings: Settings, keys: Keys) -> tuple[Scene, int]:
    """A shop of these keys, and a site of it."""
    sealed = Sealer(settings.secret).seal(keys.secret.encode(), SECRET_PURPOSE)
    shop_id = await tx.value(
        "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
        " values ('s', '青柠', %s, %s, %s) returning id",
        (keys.base_url, keys.key_id, sealed),
    )
    built = await scene.build(tx)
    carried = await site.change(
        tx, built.site.public_id, name="小店", origins=[], shop_id=shop_id, looks=looks.Looks(), vip_tiers=()
    )
    return msgspec.structs.replace(built, site=carried), shop_id


@pytest.fixture
async def shops(settings: Settings) -> AsyncIterator[Shops]:
    made = Shops(settings, Sealer(settings.secret))
    yield made
    await made.close()


@pytest.fixture
async def counter(database: Database, settings: Settings, shops: Shops, demo_shop: DemoShop) -> Counter:
    """Connected to the demo shop."""
    async with database.transaction() as tx:
        built, shop_id = await connect(tx, settings, demo_shop.keys)
    return Counter(database, shops, built, shop_id)


@pytest.fixture
async def rogue_counter(database: Database, settings: Settings, shops: Shops, rogue: RogueShop) -> Counter:
    """Connected to a shop whose answers the test decides."""
    async with database.transaction() as tx:
        built, shop_id = await connect(tx, settings, rogue.keys)
        await tx.run("update shop set capabilities = '{}'")  # it was asked before
    return Counter(database, shops, built, shop_id)


async def order_of(counter: Counter, subject: str) -> str:
    """The newest order of a customer."""
    return (await counter.ask(subject, parts=("orders",))).orders[0].number


async def test_the_proved_owner_s_order_account_and_orders_stand_there(counter: Counter) -> None:
    orders = (await counter.ask(AZHEN, parts=("orders",))).orders
    number = next(one.number for one in orders if "手机话费 50" in one.title and one.anomaly)
    view = await counter.ask(AZHEN, number)
    assert view.status == "complete"
    assert view.account.name == "阿珍"
    assert view.account.balance.currency == "CNY"
    assert view.order.number == number
    assert view.order.anomaly.kind == "top_up_failed"
    assert view.order.lines[0].delivery.recharge_target_masked == "139****4321"
    assert len(view.orders) >= 2
    assert view.claimed_order is msgspec.UNSET
    assert view.missing == []


async def test_card_keys_are_masked_wherever_they_are_kept(counter: Counter) -> None:
    orders = (await counter.ask(XIAOLIN, parts=("orders",))).orders
    number = [one.number for one in orders if "飞鱼" in one.title][-1]  # the oldest: others may wait for their cards
    view = await counter.ask(XIAOLIN, number)
    keys = [entry.key_masked for entry in view.order.lines[0].issue_record]
    assert keys
    assert all(key.startswith("••••") for key in keys)


async def test_somebody_else_s_order_stays_a_claim_that_tells_nothing(counter: Counter) -> None:
    theirs = await counter.ask(XIAOLIN, await order_of(counter, AZHEN), ("order",))
    nobodys = await counter.ask(XIAOLIN, "QN000000000000", ("order",))
    assert theirs.order is nobodys.order is msgspec.UNSET
    assert theirs.status == nobodys.status == "complete"
    assert not theirs.claimed_order.proved
    async with counter.database.transaction() as tx:
        kept = await tx.all("select data::text as data from context_snapshot")
    assert not any("139" in row["data"] or "阿珍" in row["data"] for row in kept)


async def test_a_visitor_s_order_number_is_not_looked_up(counter: Counter) -> None:
    number = await order_of(counter, XIAOLIN)
    view = await counter.ask(None, number, ("account", "order", "orders"))
    assert view.status == "nothing_to_ask"
    assert view.claimed_order.number == number
    assert view.order is msgspec.UNSET


async def test_a_visitor_is_told_of_incidents_all_the_same(counter: Counter, demo_shop: DemoShop) -> None:
    with demo_shop.fault("maintenance"):
        view = await counter.ask(None)
    assert view.status == "complete"
    assert view.incidents[0].codes == ["CZ"]
    assert view.account is msgspec.UNSET


async def test_a_topic_that_wants_nothing_asks_nothing(counter: Counter) -> None:
    assert (await counter.ask(XIAOLIN, "QN1", ())).status == "nothing_to_ask"


async def test_whoever_waits_hears_of_the_answer_after_it_is_stored(counter: Counter) -> None:
    conversation_id = await counter.begin(XIAOLIN)
    assert counter.heard == []
    await context.fetch(counter.database, counter.shops, conversation_id)
    assert counter.heard == [ContextAnswered(conversation_id, "complete")]


async def test_an_answered_snapshot_is_not_asked_a_second_time(rogue_counter: Counter, rogue: RogueShop) -> None:
    rogue.says("/incidents", b'{"incidents": []}')
    conversation_id = await rogue_counter.begin(None, parts=("incidents",))
    for _ in range(2):
        await context.fetch(rogue_counter.database, rogue_counter.shops, conversation_id)
    assert rogue.asked == ["/incidents"]


async def test_a_slow_shop_is_given_less_than_two_seconds(counter: Counter, demo_shop: DemoShop) -> None:
    with demo_shop.fault("slow"):
        start = time.monotonic()
        view = await counter.ask(XIAOLIN, "QN1")
        took = time.monotonic() - start
    assert view.status == "unanswered"
    assert view.missing == sorted(PARTS)
    assert view.claimed_order.number == "QN1"
    assert took < 4  # all parts together, not one after the other; the shop itself takes three for each


async def test_a_shop_seen_down_is_not_asked_for_thirty_seconds(
    counter: Counter, demo_shop: DemoShop, rogue: RogueShop, clock: Clock
) -> None:
    with demo_shop.fault("down"):
        assert (await counter.ask(XIAOLIN)).status == "unanswered"
    await counter.move(rogue.keys)  # it would notice being asked
    view = await counter.ask(XIAOLIN)
    assert (view.status, view.reason) == ("unanswered", "unavailable")  # why it is left alone
    assert view.retry_at is not msgspec.UNSET
    await clock.advance(timedelta(seconds=29))
    await counter.ask(XIAOLIN)
    assert rogue.asked == []
    await counter.move(demo_shop.keys)
    await clock.advance(timedelta(seconds=2))
    assert (await counter.ask(XIAOLIN)).status == "complete"
    assert (await counter.shop())["down_until"] is None


@pytest.mark.parametrize("fault", ["garbage", "wrong_signature"])
async def test_a_shop_that_talks_nonsense_is_unanswered_but_not_down(
    counter: Counter, demo_shop: DemoShop, fault: str
) -> None:
    with demo_shop.fault(fault):
        view = await counter.ask(XIAOLIN)
    assert (view.status, view.reason) == ("unanswered", "malformed" if fault == "garbage" else fault)
    assert (await counter.shop())["last_error"] == view.reason
    assert (await counter.ask(XIAOLIN)).status == "complete"


async def test_one_part_that_fails_leaves_the_others(rogue_counter: Counter, rogue: RogueShop) -> None:
    rogue.says("/incidents", b'{"incidents": []}')
    rogue.says("/promotions", b"<html>")
    view = await rogue_counter.ask(None)
    assert view.status == "partial"
    assert (view.missing, view.reason) == (["promotions"], "malformed")
    assert (await rogue_counter.shop())["down_until"] is None


async def test_another_account_s_data_is_not_taken(rogue_counter: Counter, rogue: RogueShop) -> None:
    rogue.says(f"/customers/{XIAOLIN}", msgspec.json.encode({"subject": AZHEN, "name": "阿珍"}))
    view = await rogue_counter.ask(XIAOLIN, parts=("account",))
    assert view.account is msgspec.UNSET
    assert view.missing == ["account"]


async def test_a_refresh_asks_again_and_keeps_what_is_known_when_nobody_answers(
    counter: Counter, demo_shop: DemoShop, clock: Clock
) -> None:
    conversation_id = await counter.begin(XIAOLIN, await order_of(counter, XIAOLIN))
    await context.fetch(counter.database, counter.shops, conversation_id)
    before = await counter.view(conversation_id)
    with demo_shop.fault("down"):
        await context.refresh(counter.database, counter.shops, conversation_id)
    kept = await counter.view(conversation_id)
    assert kept.status == "unanswered"
    assert kept.order == before.order
    assert kept.account == before.account
    assert kept.answered_at == before.answered_at
    await clock.advance(timedelta(seconds=31))
    await context.refresh(counter.database, counter.shops, conversation_id)
    after = await counter.view(conversation_id)
    assert after.status == "complete"
    assert after.answered_at > before.answered_at


async def test_the_first_question_learns_what_the_shop_can_do(counter: Counter) -> None:
    assert (await counter.shop())["capabilities"] is None
    await counter.ask(None, parts=("incidents",))
    assert (await counter.shop())["capabilities"]["order_number_shapes"] == ["QN999999999999"]


async def test_a_question_cut_short_is_taken_up_again(counter: Counter, clock: Clock) -> None:
    conversation_id = await counter.begin(XIAOLIN)
    assert await context.sweep(counter.database, counter.shops) == 0
    await clock.advance(timedelta(seconds=6))
    assert await context.sweep(counter.database, counter.shops) == 1
    assert (await counter.view(conversation_id)).status == "complete"


async def test_a_question_a_minute_old_is_given_up(counter: Counter, clock: Clock) -> None:
    conversation_id = await counter.begin(XIAOLIN)
    await clock.advance(timedelta(seconds=61))
    await context.sweep(counter.database, counter.shops)
    assert (await counter.view(conversation_id)).status == "unanswered"
    assert counter.heard == [ContextAnswered(conversation_id, "unanswered")]


async def test_what_a_shop_reports_of_an_order_renews_the_owner_s_context(counter: Counter) -> None:
    number = await order_of(counter, XIAOLIN)
    counter.heard.clear()
    await counter.ask(XIAOLIN, number)
    await counter.ask(None, number)
    renewed = await context.refresh_about(counter.database, counter.shops, counter.shop_id, number)
    assert renewed == 1
    assert len(counter.heard) == 3


async def test_a_secret_that_cannot_be_opened_is_unanswered(counter: Counter) -> None:
    async with counter.database.transaction() as tx:
        await tx.run("update shop set secret_sealed = '\\x00' where id = %s", (counter.shop_id,))
    view = await counter.ask(XIAOLIN)
    assert (view.status, view.reason) == ("unanswered", "secret_unreadable")
    assert (await counter.shop())["last_error"] == "secret_unreadable"


async def test_one_question_that_is_answered_with_a_wrong_signature_is_noted_and_the_shop_not_left_alone(
    rogue_counter: Counter, rogue: RogueShop
) -> None:
    rogue.says("/orders/QN1", b"{}", secret="another")
    for _ in range(2):
        with pytest.raises(ShopFailed, match="wrong_signature"):
            await asking.ask(
                rogue_counter.database, rogue_counter.shops, rogue_counter.shop_id, lambda shop: shop.order("QN1")
            )
    shop = await rogue_counter.shop()
    assert (shop["last_error"], shop["down_until"]) == ("wrong_signature", None)
