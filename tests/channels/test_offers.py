"""What a page of the shop is offered: the owner of an order in trouble hears of it, nobody else, and once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.kit import clock as product_clock
from mashang.kit import ids
from tests.channels.connected import NUMBER, OTHERS, ConnectedShop, client, rogue, shop
from tests.conftest import Clock

__all__ = ["client", "rogue", "shop"]
ORIGIN = "https://shop.example"
OFFERS = "/api/v1/customer/offers"


class Pages:
    """The shop's pages, which ask as the loader does."""

    def __init__(self, shop: ConnectedShop) -> None:
        self.shop = shop
        self.http = shop.served.client(origin=ORIGIN, **{"accept-language": "zh-CN", "content-type": "text/plain"})

    async def ask(self, subject: str | None = "c-1", order: str | None = NUMBER, **more: Any) -> httpx.Response:
        wish: dict[str, Any] = {"site": self.shop.served.stage.site.public_id, "order": order}
        headers = {"origin": more.pop("origin", ORIGIN)}
        if subject:
            wish["token"] = self.shop.token(subject)
        return await self.http.post(OFFERS, content=json.dumps(wish | more), headers=headers)

    async def offered(self, subject: str | None = "c-1", order: str | None = NUMBER, **more: Any) -> Any:
        answer = await self.ask(subject, order, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()["offer"]

    async def answer(self, offer: str, outcome: str) -> int:
        answer = await self.http.post(f"{OFFERS}/{offer}", content=json.dumps({"outcome": outcome}))
        return answer.status_code

    async def reports(self, kind: str = "order.anomaly", order: str = NUMBER, **facts: Any) -> None:
        """The shop tells what is wrong with an order of c-1, or that it is settled."""
        now = product_clock.now().isoformat()
        told = {"id": ids.public_id(), "kind": kind, "at": now, "order_number": order, "subject": "c-1", **facts}
        if kind == "order.anomaly":
            told["anomaly"] = {"kind": "paid_not_issued", "text": "已付款", "since": now}
        answer = await self.shop.asks("/api/v1/shop-events", json.dumps(told).encode())
        assert answer.status_code == 202, answer.text

    async def kept(self) -> list[tuple[bool, bool]]:
        """Of each offer: was it taken, was it pressed away?"""
        async with self.shop.served.database.transaction() as tx:
            rows = await tx.all("select taken_at, dismissed_at from offer_outcome order by id")
        return [(row["taken_at"] is not None, row["dismissed_at"] is not None) for row in rows]


@pytest.fixture
async def pages(shop: ConnectedShop) -> Pages:
    async with shop.served.database.transaction() as tx:
        department = shop.served.stage.department.public_id
        await topics.create(tx, None, TopicDraft(code="DD", name="订单问题", department=department), ())
        await tx.run("update site set origins = array[%s]", (ORIGIN,))
    return Pages(shop)


async def test_the_owner_of_an_order_in_trouble_is_offered_its_code_and_why(pages: Pages) -> None:
    assert await pages.offered() is None
    await pages.reports()
    answer = await pages.ask()
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    offer = answer.json()["offer"]
    assert (offer["text"], offer["why"]) == ("输入 DD 获取专属客服", "订单尾号 0123：已付款，还没有发卡")
    told = {name: offer[name] for name in ("kind", "code", "name", "scene", "order")}
    assert told == {"kind": "matter", "code": "DD", "name": "订单问题", "scene": "anomaly", "order": NUMBER}
    assert (await pages.offered(order=None))["id"] == offer["id"], "on a page about no order it is the same offer"


async def test_nobody_else_hears_of_it(pages: Pages) -> None:
    await pages.reports()
    assert await pages.offered(None) is None, "a visitor"
    assert await pages.offered("c-2") is None, "a stranger who has the number"
    assert await pages.offered("c-1", OTHERS) is None, "on the page of another order"
    expired = await pages.ask(None, token=pages.shop.token() + "x")
    assert (expired.status_code, expired.json()["code"]) == (401, "token_invalid")
    assert await pages.kept() == []


async def test_an_expired_token_proves_nothing(pages: Pages, clock: Clock) -> None:
    token = pages.shop.token()
    await pages.reports()
    await clock.advance(timedelta(minutes=20))
    answer = await pages.ask(None, token=token)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")


async def test_only_a_page_of_the_site_may_ask_and_read(pages: Pages) -> None:
    await pages.reports()
    answer = await pages.ask(origin="https://elsewhere.example")
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_registered")
    assert "access-control-allow-origin" not in answer.headers
    unknown = await pages.ask(site="NOSUCHSITE")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "site_unknown")


@pytest.mark.parametrize(
    "rubbish",
    [{"order": "x" * 65}, {"order": "a\0b"}, {"browser": "<b>"}, {"url": 1}, {"token": "t" * 5001}, {"else": 1}],
)
async def test_rubbish_is_refused(pages: Pages, rubbish: dict[str, Any]) -> None:
    assert (await pages.ask(None, **rubbish)).status_code in (400, 422)


@pytest.mark.parametrize(("outcome", "kept"), [("taken", (True, False)), ("dismissed", (False, True))])
async def test_what_was_answered_never_comes_again_and_the_first_answer_stands(
    pages: Pages, outcome: str, kept: tuple[bool, bool]
) -> None:
    await pages.reports()
    offer = (await pages.offered())["id"]
    other = {"taken": "dismissed", "dismissed": "taken"}[outcome]
    assert [await pages.answer(offer, one) for one in (outcome, outcome, other)] == [204, 204, 204]
    assert await pages.kept() == [kept]
    await pages.reports()
    assert await pages.offered() is None, "told again it is the same matter"
    assert [await pages.answer("NOSUCH", "taken"), await pages.answer(offer, "else")] == [404, 422]


async def test_a_settled_matter_is_not_offered_and_a_new_one_is(pages: Pages) -> None:
    await pages.reports()
    first = (await pages.offered())["id"]
    await pages.reports("order.settled")
    assert await pages.offered() is None
    await pages.reports()
    assert (await pages.offered())["id"] != first


async def test_an_offer_nobody_answers_rests_after_a_day(pages: Pages, clock: Clock) -> None:
    await pages.reports()
    assert await pages.offered()
    await clock.advance(timedelta(hours=25))
    assert await pages.offered() is None


async def test_of_a_storm_of_matters_a_customer_hears_three_a_day(pages: Pages, clock: Clock) -> None:
    for number in range(5):
        await pages.reports(order=f"QN{number}")
    heard = [await pages.offered(order=f"QN{number}") for number in range(5)]
    assert [one is not None for one in heard] == [True, True, True, False, False]
    await clock.advance(timedelta(hours=25))
    assert await pages.offered(order="QN4")


async def test_who_talks_about_the_order_already_is_left_alone(pages: Pages) -> None:
    await pages.reports()
    page = await pages.shop.signed_in()
    opened = await page.open(code="DD", order_number=NUMBER)
    assert await pages.offered() is None
    await page.http.post(f"/conversations/{opened['id']}/close")
    assert await pages.offered()


async def test_where_the_operator_has_no_such_code_a_person_is_offered(pages: Pages) -> None:
    async with pages.shop.served.database.transaction() as tx:
        await tx.run("update topic set archived_at = app_now() where code = 'DD'")
    await pages.reports()
    offer = await pages.offered()
    assert (offer["text"], offer["code"]) == ("获取专属客服", None)


async def test_whoever_asks_without_end_is_told_to_wait(pages: Pages) -> None:
    answers = [(await pages.ask()).status_code for _ in range(70)]
    assert answers[:60] == [200] * 60
    assert 429 in answers[60:]
    assert await pages.offered("c-2") is None, "others behind the same address are not"


async def test_the_look_says_whose_pages_ask(pages: Pages) -> None:
    site = pages.shop.served.stage.site.public_id
    look = await pages.http.get("/widget-look", params={"site": site})
    assert look.json()["offers"] == "members"
    async with pages.shop.served.database.transaction() as tx:
        await tx.run("update site set shop_id = null")
    assert (await pages.http.get("/widget-look", params={"site": site})).json()["offers"] == "nobody"
