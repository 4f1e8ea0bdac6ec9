"""What a shop reports of an order is open until it says otherwise, in whatever order and however often it says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from mashang import customers
from mashang.kit import clock as product_clock
from mashang.kit.db import Database
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import context, events, matters, shop
from mashang.shops.shop import Shop, ShopDraft
from mashang.shops.site import ShopCustomer
from tests import scene
from tests.conftest import Clock


class Teller:
    """A shop and its customer c-1."""

    def __init__(self, database: Database, sender: Shop) -> None:
        self.database, self.sender = database, sender
        self.now = product_clock.now()
        self.told = 0

    async def tell(self, kind: str, ago: float = 0, *, order: str = "QN1", subject: str = "c-1", **facts: Any) -> None:
        """An event of so many minutes ago."""
        self.told += 1
        at = (self.now - timedelta(minutes=ago)).isoformat()
        event = {"id": f"ev-{self.told}", "kind": kind, "at": at, "order_number": order, "subject": subject, **facts}
        async with self.database.transaction() as tx:
            await events.take(tx, self.sender, events.read(msgspec.json.encode(event)))

    async def anomaly(self, ago: float = 0, kind: str = "paid_not_issued", **which: Any) -> None:
        since = (self.now - timedelta(minutes=ago)).isoformat()
        await self.tell("order.anomaly", ago, anomaly={"kind": kind, "text": "出错了", "since": since}, **which)

    async def issue(self, ago: float, action: str) -> None:
        entry = {"at": self.now.isoformat(), "action": action, "source": "客服补发"}
        await self.tell("issue", ago, line="QN1-1", entry=entry)

    async def open(self, subject: str = "c-1", order: str | None = None) -> list[tuple[str, str]]:
        async with self.database.transaction() as tx:
            found = await matters.open_of(tx, self.sender.id, subject, order)
        return [(one.order_number, one.kind) for one in found]

    async def rows(self) -> int:
        async with self.database.transaction() as tx:
            return int(await tx.value("select count(*) from matter"))


@pytest.fixture
async def teller(database: Database, settings: Settings) -> Teller:
    async with database.transaction() as tx:
        made, _ = await shop.create(tx, Sealer(settings.secret), ShopDraft("青柠", "https://shop.example/c"))
    return Teller(database, made)


async def test_a_reported_anomaly_is_open_for_its_orders_owner_alone(teller: Teller) -> None:
    await teller.anomaly()
    assert await teller.open() == [("QN1", "paid_not_issued")]
    assert await teller.open(order="QN1") == [("QN1", "paid_not_issued")]
    assert await teller.open("c-2", "QN1") == await teller.open(order="QN2") == []


async def test_told_again_it_is_the_same_matter_and_told_after_its_settling_a_new_one(teller: Teller) -> None:
    await teller.anomaly(9)
    await teller.anomaly(8)
    assert await teller.rows() == 1
    await teller.tell("order.settled", 7)
    assert await teller.open() == []
    await teller.anomaly(6)
    assert (await teller.open(), await teller.rows()) == ([("QN1", "paid_not_issued")], 2)


@pytest.mark.parametrize(
    ("kind", "facts", "left"),
    [
        ("order.settled", {}, []),
        ("order.settled", {"anomaly": "refund_stuck"}, ["paid_not_issued"]),
        ("order.settled", {"anomaly": "something_else"}, ["paid_not_issued", "refund_stuck"]),
        ("payment", {"payment": {"method": "alipay", "status": "refunded"}}, []),
        ("payment", {"payment": {"method": "alipay", "status": "paid"}}, ["paid_not_issued", "refund_stuck"]),
    ],
)
async def test_what_the_shop_says_is_settled_is_closed_and_nothing_else(
    teller: Teller, kind: str, facts: dict[str, Any], left: list[str]
) -> None:
    await teller.anomaly(5)
    await teller.anomaly(5, "refund_stuck")
    await teller.anomaly(5, order="QN2")
    await teller.tell(kind, 1, **facts)
    assert sorted(await teller.open()) == sorted([*(("QN1", one) for one in left), ("QN2", "paid_not_issued")])


async def test_a_card_issued_settles_what_was_not_issued_and_a_failed_one_does_not(teller: Teller) -> None:
    await teller.anomaly(5)
    await teller.anomaly(5, "refund_stuck")
    await teller.issue(4, "failed")
    assert len(await teller.open()) == 2
    await teller.issue(3, "resent")
    assert await teller.open() == [("QN1", "refund_stuck")]


async def test_events_that_come_out_of_order_end_as_if_they_had_come_in_order(teller: Teller) -> None:
    await teller.issue(3, "issued")
    await teller.anomaly(5)
    assert await teller.open() == [], "it was settled after that"
    await teller.anomaly(1)
    await teller.issue(2, "issued")
    await teller.tell("order.settled", 4)
    assert await teller.open() == [("QN1", "paid_not_issued")], "what was said before does not settle it"
    await teller.anomaly(2, subject="c-9")
    assert await teller.open("c-9") == [], "an older report changes nothing"


async def test_what_is_told_of_the_far_future_counts_as_now(teller: Teller, clock: Clock) -> None:
    years = -60.0 * 24 * 365 * 70
    await teller.anomaly(years)
    await clock.advance(timedelta(minutes=1))
    await teller.tell("order.settled", -0.5)
    assert await teller.open() == [], "what was told for the year 2096 does not stay open until then"
    await teller.tell("order.settled", years)
    await clock.advance(timedelta(minutes=1))
    await teller.anomaly(-1.5)
    assert await teller.open() == [("QN1", "paid_not_issued")], "nor does a settling forbid what comes"


async def test_of_what_is_ancient_nobody_is_spoken_to(teller: Teller, clock: Clock) -> None:
    await teller.anomaly(60 * 24 * 31)
    assert await teller.rows() == 0
    await teller.anomaly()
    await clock.advance(timedelta(days=31))
    assert await teller.open() == []


async def test_a_shop_that_reports_without_end_is_taken_at_its_word_ten_times_an_order(teller: Teller) -> None:
    for number in range(14):
        await teller.anomaly(5, f"kind_{number}")
    assert len(await teller.open()) == 10
    await teller.anomaly(4, "kind_0")
    assert await teller.rows() == 10


async def test_it_stands_beside_its_owners_conversation_also_while_the_shop_is_silent(teller: Teller) -> None:
    await teller.anomaly()
    async with teller.database.transaction() as tx:
        at_work = await scene.build(tx)
        seen = {}
        for subject in ("c-1", "c-2"):
            account = ShopCustomer(subject, "阿珍", "")
            member = await customers.recognise(tx, at_work.site.id, teller.sender.id, account, "zh-CN")
            talk = await at_work.conversation(tx, customer_id=member.id, order_number="QN1")
            await context.begin(tx, talk.id, member, "QN1", ("order",))
            view = await context.view(tx, talk.id)
            seen[subject] = [one.kind for one in view.reported] if view else None
    assert seen == {"c-1": ["paid_not_issued"], "c-2": []}


async def test_a_storm_of_reports_leaves_what_is_read_for_one_customer_small(teller: Teller) -> None:
    async with teller.database.transaction() as tx:
        await tx.run(
            """
            insert into matter (shop_id, order_number, subject, kind, text, since, told_at)
            select %s, 'QN' || n, 'c-' || n %% 3, 'paid_not_issued', '', %s, %s from generate_series(1, 10000) n
            """,
            (teller.sender.id, datetime.now(UTC), teller.now),
        )
    assert len(await teller.open("c-2")) == 20
    assert await teller.open("c-2", "QN8") == [("QN8", "paid_not_issued")]
