"""What keeps many waiting is told once by the shop and stands beside every conversation about it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import customers
from mashang.conversations import conversation as conversations
from mashang.kit import clock
from mashang.kit.db import Database
from mashang.kit.events import Events
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import context, incidents, shop
from mashang.shops.context import ContextAnswered
from mashang.shops.contract import Incident
from mashang.shops.shop import ShopDraft
from mashang.shops.site import ShopCustomer
from tests import scene


class Floor:
    """Four conversations: of the shop; closed; of another shop; and one that does not ask for incidents."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.talks: list[int] = []
        self.heard: list[ContextAnswered] = []

    async def build(self, settings: Settings) -> None:
        async with self.database.transaction() as tx:
            at_work = await scene.build(tx)
            ours, others = [
                (await shop.create(tx, Sealer(settings.secret), ShopDraft(name, "https://shop.example/c")))[0].id
                for name in ("青柠", "别家")
            ]
            asks = ((ours, "incidents"), (ours, "incidents"), (others, "incidents"), (ours, "promotions"))
            for shop_id, part in asks:
                account = ShopCustomer(f"c-{len(self.talks)}", "小林", "")
                member = await customers.recognise(tx, at_work.site.id, shop_id, account, "zh-CN")
                talk = await at_work.conversation(tx, customer_id=member.id)
                await context.begin(tx, talk.id, member, None, (part,))
                self.talks.append(talk.id)
            await conversations.close(tx, self.talks[1])
        self.shop_id = ours
        self.database.events = Events()
        self.database.events.react({ContextAnswered: [self.heard.append]})

    async def known(self) -> list[list[str]]:
        async with self.database.transaction() as tx:
            views = [await context.view(tx, talk) for talk in self.talks]
        return [[one.text for one in view.incidents] for view in views if view]


@pytest.fixture
async def floor(database: Database, settings: Settings) -> Floor:
    made = Floor(database)
    await made.build(settings)
    return made


def incident(number: str, text: str, *, ends_in: timedelta | None = None) -> Incident:
    now = clock.now()
    ends_at = now + ends_in if ends_in is not None else None
    return Incident(id=number, title="维护", text=text, starts_at=now, ends_at=ends_at)


async def test_an_incident_comes_to_the_open_conversations_of_its_shop_that_ask_for_them(
    floor: Floor, database: Database
) -> None:
    assert await incidents.bring(database, floor.shop_id, incident("in-1", "晚到")) == 1
    assert await floor.known() == [["晚到"], [], [], []]
    assert [event.conversation_id for event in floor.heard] == [floor.talks[0]]


async def test_an_incident_told_anew_takes_its_place_and_one_that_ended_is_gone(
    floor: Floor, database: Database
) -> None:
    for told in (
        incident("in-1", "晚到"),
        incident("in-2", "另一件"),
        incident("in-1", "还要一小时", ends_in=timedelta(hours=1)),
    ):
        await incidents.bring(database, floor.shop_id, told)
    assert await floor.known() == [["还要一小时", "另一件"], [], [], []]
    await incidents.bring(database, floor.shop_id, incident("in-1", "好了", ends_in=timedelta(0)))
    assert await floor.known() == [["另一件"], [], [], []]
