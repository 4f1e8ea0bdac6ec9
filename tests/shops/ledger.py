"""A shop that counts what it did, people who press at it, and everything that can go wrong between them.

The shop is worse than the contract allows: it does again what reaches it again, key or no key.  So the count tells
what was sent, not what a careful shop made of it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import msgspec

from mashang.kit import clock as product_clock
from mashang.kit.db import Database
from mashang.shops import acting, actions, pressing, signing
from mashang.shops.acting import ActionAnswer, ActionRequest
from mashang.shops.actions import Action, Presser, Wanted
from mashang.shops.adapters import Shops
from mashang.shops.connector import ShopFailed
from mashang.shops.contract import Order
from mashang.shops.offered import Offer
from tests import scene
from tests.channels.connected import an_order
from tests.conftest import Clock

Mood = Literal["answers", "late", "garbage", "forged", "lost", "slow", "refuses", "accepts"]
MOODS: tuple[Mood, ...] = ("answers", "late", "garbage", "forged", "lost", "slow", "refuses")
_DID_IT = {"late": "timed_out", "garbage": "malformed", "forged": "wrong_signature"}
_SLOWEST_CLOCK = 2 * signing.TOLERANCE  # of ours: until then a shop whose clock is slow accepts what we signed


@dataclass
class CountingShop:
    """Plays `Shops` and the connector of its one shop."""

    orders: dict[str, Order] = field(default_factory=dict)
    mood: Mood = "answers"
    is_away: bool = False
    did: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    answers: dict[str, ActionAnswer] = field(default_factory=dict)
    on_the_way: list[tuple[str, ActionRequest, datetime]] = field(default_factory=list)

    def connector(self, _reach: Any) -> CountingShop:
        return self

    async def order(self, number: str) -> Order | None:
        await self._think()
        return self.orders.get(number)

    async def act(self, number: str, request: ActionRequest) -> ActionAnswer | None:
        mood = self.mood
        await self._think()
        if mood == "lost":
            raise ShopFailed("unreachable")
        if mood == "slow":
            self.on_the_way.append((number, request, product_clock.now()))
            raise ShopFailed("timed_out")
        answer = self._take(number, request, mood)
        await self._think()
        if mood in _DID_IT:
            raise ShopFailed(_DID_IT[mood])
        return answer

    async def outcome(self, key: str) -> ActionAnswer | None:
        await self._think()
        return self.answers.get(key)

    def deliver(self) -> None:
        """What was on the way arrives, and counts while its signature is good."""
        for number, request, signed_at in self.on_the_way:
            if product_clock.now() - signed_at < _SLOWEST_CLOCK:
                self._take(number, request, "answers")
        self.on_the_way.clear()

    async def _think(self) -> None:
        if self.is_away:
            raise ShopFailed("unavailable")
        await asyncio.sleep(0)  # others go on meanwhile

    def _take(self, number: str, request: ActionRequest, mood: Mood) -> ActionAnswer:
        now = product_clock.now()
        if mood == "refuses":
            self.answers[request.key] = acting.ActionRefused(reason="out_of_stock", text="没货了")
        elif mood == "accepts":
            self.answers[request.key] = acting.ActionAccepted(at=now)
        else:
            self.did[number, request.line or "", request.action] += 1
            self.answers[request.key] = acting.ActionDone(at=now, key_masked="•••• 7Q2K", to_masked="138****5678")
        return self.answers[request.key]


@dataclass
class Ledger:
    """The rows, the shop, and who presses: two agents and the customer, each on a page drawn some time ago."""

    db: Database
    clock: Clock
    shop: CountingShop
    shop_id: int
    pressers: dict[str, Presser]
    number: str = "QN1"
    meant: set[tuple[str, str, str, int]] = field(default_factory=set)
    pages: dict[str, list[Offer]] = field(default_factory=dict)

    def takes_an_order(self, number: str, **changes: Any) -> None:
        """A new order of the same customer; the pages are drawn anew."""
        self.number, self.pages = number, {}
        self.shop.orders[number] = msgspec.convert(an_order(number, **changes), Order)

    async def offers(self, who: str) -> list[Offer]:
        """What a page offers that is drawn now."""
        by = self.pressers[who]
        async with self.db.transaction() as tx:
            order = self.shop.orders[self.number]
            _, offers = await pressing.beside(tx, self.shop_id, order, by.side, subject=by.subject, barred=by.barred)
        return offers

    async def looks(self, who: str) -> None:
        """Draw the page anew."""
        self.pages[who] = await self.offers(who)

    async def press(self, who: str, action: str = "resend", *, by_database: Database | None = None) -> Action:
        """Press what stands on the page, drawn now if never before."""
        if who not in self.pages:
            await self.looks(who)
        offer = next(one for one in self.pages[who] if one.action == action)
        self.meant.add((self.number, offer.line or "", action, offer.round))
        wanted = Wanted(
            shop_id=self.shop_id, order_number=self.number, line=offer.line or "", action=offer.action,
            round=offer.round,
        )  # fmt: skip
        return await pressing.press(by_database or self.db, self.shops, self.pressers[who], wanted)

    async def settle(self, by_database: Database | None = None) -> int:
        return await pressing.settle(by_database or self.db, self.shops)

    async def rows(self) -> Sequence[Action]:
        async with self.db.transaction() as tx:
            return await actions.of_order(tx, self.shop_id, self.number)

    async def settles_in_the_end(self) -> Sequence[Action]:
        """The shop is well again, and time passes."""
        self.shop.is_away, self.shop.mood = False, "answers"
        self.shop.deliver()
        rows = await self.rows()
        for _ in range(4):
            if not any(row.state in actions.OPEN for row in rows):
                break
            await self.clock.advance(timedelta(hours=2))
            await self.settle()
            rows = await self.rows()
        return rows

    def too_often(self) -> dict[tuple[str, str, str], int]:
        """What the shop did more often than somebody meant it."""
        meant = Counter((number, line, action) for number, line, action, _ in self.meant)
        return {what: times for what, times in self.shop.did.items() if times > meant[what]}

    @property
    def shops(self) -> Shops:
        return cast("Shops", self.shop)


async def ledger(database: Database, clock: Clock) -> Ledger:
    """A shop that can do everything, its customer, and two agents."""
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        second = await scene.an_agent(tx, "aqiang", "阿强", stage.department)
        shop_id = await tx.value(
            "insert into shop (public_id, name, base_url, key_id, secret_sealed, capabilities, customer_actions,"
            " actions_a_day) values ('s', '青柠', 'https://shop.example', 'm1', '',"
            """ '{"actions": ["resend", "reissue", "refund"]}', '{resend,reissue}', 100) returning id"""
        )
    pressers = {
        "小美": Presser(subject="c-1", side="agent", agent_id=stage.agent.id, reason="没收到"),
        "阿强": Presser(subject="c-1", side="agent", agent_id=second.id, reason="没收到"),
        "顾客": Presser(subject="c-1", side="customer", customer_id=stage.customer.id),
    }
    made = Ledger(database, clock, CountingShop(), shop_id, pressers)
    made.takes_an_order("QN1")
    return made
