"""Cards of what the shop sells: in the shop's words, and only for its own addresses."""

from __future__ import annotations

import asyncio
import uuid

import httpx
import pytest

from mashang.conversations import attachments, reading
from mashang.customers import Customer
from mashang.customers.customer import SELECT
from mashang.desk import card_pictures, cards
from mashang.kit import http
from mashang.kit.sealing import Sealer
from mashang.shops.reach import SECRET_PURPOSE
from tests.selling import demo_shop

__all__ = ["demo_shop"]


@pytest.fixture
async def shop(committed, database, settings, demo_shop):
    """The floor's site sells what the demo shop sells."""
    sealed = Sealer(settings.secret).seal(demo_shop.keys.secret.encode(), SECRET_PURPOSE)
    async with database.transaction() as tx:
        await tx.run(
            "update shop set base_url = %s, key_id = %s, secret_sealed = %s",
            (demo_shop.keys.base_url, demo_shop.keys.key_id, sealed),
        )
        await tx.run("update site set origins = %s", ([demo_shop.config["shop_url"]],))
    return demo_shop


@pytest.fixture
async def page(desk):
    return await desk("xiaomei")


async def send(page, conversation, **what):
    return await page.post(f"/desk/conversations/{conversation}/cards", {"client_id": uuid.uuid4().hex, **what})


async def last(page, conversation):
    return (await page.get(f"/desk/conversations/{conversation}/entries")).json()["entries"][-1]


async def test_a_product_is_found_by_name_and_sent_as_the_shop_tells_it(shop, page, served, database):
    found = (await page.get(f"/desk/conversations/{served}/offered", params={"q": "话费"})).json()
    assert found
    assert all("话费" in one["title"] for one in found)
    first = found[0]
    assert (await send(page, served, kind="product", id=first["id"])).status_code == 201
    entry = await last(page, served)
    card = entry["card"]
    assert (card["kind"], card["title"], card["price"]) == ("product", first["title"], first["price"])
    assert card["url"].startswith(shop.config["shop_url"] + "/")
    assert card["title"] in entry["text"]
    assert card["url"] in entry["text"], "who shows no cards loses nothing"
    picture = card["picture"]
    assert (picture["media_type"], picture["width"], picture["height"]) == ("image/webp", 480, 300)
    address = (await page.post("/desk/files/addresses", {"files": [picture["id"]]})).json()["addresses"]
    fetched = await page.client.get(address[picture["id"]]["url"])
    assert (fetched.status_code, fetched.headers["content-type"]) == (200, "image/webp")
    async with database.transaction() as tx:
        conversation_id = await tx.value("select id from conversation")
        (seen,) = await reading.after(tx, conversation_id, "everyone", 0)
    assert seen.data == {"card": card}


async def test_the_customer_sees_the_picture_and_a_recalled_card_takes_it_along(shop, page, served, database, settings):
    (first, *_) = (await page.get(f"/desk/conversations/{served}/offered", params={"q": "话费"})).json()
    seq = (await send(page, served, kind="product", id=first["id"])).json()["seq"]
    file = (await last(page, served))["card"]["picture"]["id"]
    sealer = Sealer(settings.secret)
    async with database.transaction() as tx:
        customer = await tx.one(f"{SELECT} limit 1", into=Customer)
        seen = await attachments.addresses_for_customer(tx, sealer, customer, [file])
    assert seen[file].url.startswith("/files/"), "an address of ours"
    assert (await page.post(f"/desk/conversations/{served}/entries/{seq}/recall")).status_code == 204
    async with database.transaction() as tx:
        assert await attachments.addresses_for_customer(tx, sealer, customer, [file]) == {}
        assert await tx.value("select count(*) from attachment") == 0


@pytest.mark.parametrize("wrong", ["nowhere", "markup", "too large", "slow", "led elsewhere", "private"])
async def test_a_card_whose_picture_is_not_to_be_had_goes_without(wrong, shop, page, served, monkeypatch):
    served_by = {
        "nowhere": lambda _: httpx.Response(404),
        "markup": lambda _: httpx.Response(200, content=b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        "too large": lambda _: httpx.Response(200, content=b"\x89PNG" + bytes(card_pictures.LARGEST)),
        "slow": _slow,
        "led elsewhere": lambda _: httpx.Response(302, headers={"location": "http://127.0.0.1/"}),
        "private": _private,
    }[wrong]
    monkeypatch.setattr(card_pictures, "ARRIVES_WITHIN", 0.05)
    copy = card_pictures.copy

    async def from_there(*parts, client, address):
        async with httpx.AsyncClient(transport=httpx.MockTransport(served_by)) as instead:
            return await copy(*parts, client=instead, address=address)

    monkeypatch.setattr(card_pictures, "copy", from_there)
    (first, *_) = (await page.get(f"/desk/conversations/{served}/offered", params={"q": "话费"})).json()
    assert (await send(page, served, kind="product", id=first["id"])).status_code == 201
    card = (await last(page, served))["card"]
    assert (card["title"], "picture" in card) == (first["title"], False)


async def _slow(_):
    await asyncio.Event().wait()


def _private(_):
    raise http.PrivateAddress("a private address is not reached")


async def test_without_a_query_the_shops_promotions_come_first(shop, page, served):
    found = (await page.get(f"/desk/conversations/{served}/offered")).json()
    kinds = [one["kind"] for one in found]
    assert kinds == sorted(kinds, key=lambda kind: kind != "promotion")
    assert "product" in kinds


async def test_a_card_leads_to_no_host_that_is_not_registered(shop, page, served, database):
    async with database.transaction() as tx:
        await tx.run("update site set origins = array['https://elsewhere.example']")
    found = (await page.get(f"/desk/conversations/{served}/offered", params={"q": "话费"})).json()
    refused = await send(page, served, kind="product", id=found[0]["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "card_elsewhere")


async def test_what_the_shop_does_not_sell_and_a_shop_that_is_down_are_told_apart(shop, page, served):
    assert (await send(page, served, kind="product", id="nothing")).status_code == 404
    assert (await send(page, served, kind="promotion", id="nothing")).status_code == 404
    with shop.fault("down"):
        answer = await page.get(f"/desk/conversations/{served}/offered")
    assert (answer.status_code, answer.json()["code"]) == (503, "outage")


async def test_only_who_serves_sends_a_card(shop, desk, served, page):
    chen = await desk("chen")
    found = (await page.get(f"/desk/conversations/{served}/offered", params={"q": "话费"})).json()
    refused = await send(chen, served, kind="product", id=found[0]["id"])
    assert (refused.status_code, refused.json()["code"]) == (403, "not_in_conversation")


async def test_an_address_of_ours_becomes_a_card_and_any_other_stays_words(committed, page, served, database):
    async with database.transaction() as tx:
        await tx.run("update site set origins = array['https://shop.example']")
    for text, becomes in (
        ("https://shop.example/p/1?from=chat", True),
        (" https://SHOP.example:443/help ", True),
        ("https://shop.example.evil.com/p/1", False),
        ("https://shop.example@evil.com/p/1", False),
        ("https://user:pass@shop.example/", False),
        ("http://shop.example/p/1", False),
        ("https://evil.com/https://shop.example/", False),
        ("请看 https://shop.example/p/1", False),
        ("https://[bad", False),
    ):
        sent = {"client_id": uuid.uuid4().hex, "text": text}
        assert (await page.post(f"/desk/conversations/{served}/entries", sent)).status_code == 201
        entry = await last(page, served)
        assert ("card" in entry) is becomes, text
        assert entry["text"] == text
    async with database.transaction() as tx:
        card = await cards.link(tx, "https://shop.example/p/1")
    assert card is not None
    assert (card.kind, card.title, card.host) == ("link", "小店官网", "shop.example")
