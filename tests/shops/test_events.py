"""What a shop tells by itself: signed, taken once, stored once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from mashang import customers
from mashang.kit import clock as product_clock
from mashang.kit import ids
from mashang.kit.db import Database
from mashang.kit.errors import Invalid
from mashang.kit.events import Events
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import context, events, shop, signing
from mashang.shops.events import ShopReported
from mashang.shops.reach import SECRET_PURPOSE
from mashang.shops.shop import NewSecret, ShopDraft
from mashang.shops.site import ShopCustomer
from tests import scene
from tests.browsing import API, Browser
from tests.conftest import Clock
from tests.selling import XIAOLIN, DemoShop

PATH = "/shop-events"
ANOMALY = {
    "id": "ev-1", "kind": "order.anomaly", "at": "2026-11-21T08:00:00Z", "order_number": "QN1", "subject": "c-1",
    "anomaly": {"kind": "paid_not_issued", "text": "已付款，未发卡", "since": "2026-11-21T08:00:00Z"},
}  # fmt: skip
UNMASKED = {"at": ANOMALY["at"], "action": "issued", "source": "", "key_masked": "7F4K-9QXD-M2WT-7Q2K"}


class Sender:
    """A shop that tells us things."""

    def __init__(self, browser: Browser, key: NewSecret) -> None:
        self.browser, self.key = browser, key

    def signed(self, body: bytes, **changes: Any) -> dict[str, str]:
        now = changes.pop("now", product_clock.now())
        how = {"key_id": self.key.key_id, "secret": self.key.secret, "method": "POST", "target": API + PATH} | changes
        return signing.headers(**how, body=body, now=now)

    async def tell(self, event: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        body = event if isinstance(event, bytes) else msgspec.json.encode(event)
        return await self.browser.client.post(API + PATH, content=body, headers=headers or self.signed(body))


@pytest.fixture
async def sender(browser: Callable[..., Browser], database: Database, settings: Settings) -> Sender:
    async with database.transaction() as tx:
        _, key = await shop.create(tx, Sealer(settings.secret), ShopDraft("青柠", "https://shop.example/c"))
    return Sender(browser(), key)


async def stored(database: Database) -> list[dict[str, Any]]:
    async with database.transaction() as tx:
        return await tx.all("select kind, order_number, subject, data from shop_event order by id")


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_a_signed_event_is_stored(sender: Sender, database: Database) -> None:
    answer = await sender.tell(ANOMALY)
    assert (answer.status_code, answer.json()) == (202, {"id": "ev-1", "repeated": False})
    (row,) = await stored(database)
    assert (row["kind"], row["order_number"], row["subject"]) == ("order.anomaly", "QN1", "c-1")
    assert row["data"]["anomaly"]["kind"] == "paid_not_issued"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"], ids=["first", "last"])
async def test_a_time_that_no_calendar_holds_is_refused_and_nothing_is_stored(
    sender: Sender, database: Database, at: str
) -> None:
    answer = await sender.tell({**ANOMALY, "anomaly": {**ANOMALY["anomaly"], "since": at}})
    assert code(answer) == (422, "invalid")
    assert await stored(database) == []
    assert (await sender.tell(ANOMALY)).status_code == 202  # the shop mends it and tells again


async def test_a_repeated_event_is_acknowledged_and_stored_once(sender: Sender, database: Database) -> None:
    await sender.tell(ANOMALY)
    answer = await sender.tell(ANOMALY)
    assert (answer.status_code, answer.json()["repeated"]) == (202, True)
    assert len(await stored(database)) == 1


async def test_a_request_that_is_played_back_is_refused(sender: Sender, database: Database) -> None:
    body = msgspec.json.encode(ANOMALY)
    signed = sender.signed(body)
    assert (await sender.tell(body, signed)).status_code == 202
    assert code(await sender.tell(body, signed)) == (401, "request_replayed")


async def test_an_old_request_is_refused_by_our_clock(sender: Sender, clock: Clock) -> None:
    body = msgspec.json.encode(ANOMALY)
    signed = sender.signed(body)
    await clock.advance(timedelta(minutes=6))
    assert code(await sender.tell(body, signed)) == (401, "request_stale")


async def test_a_forgotten_nonce_is_too_old_to_be_used_again(sender: Sender, database: Database, clock: Clock) -> None:
    body = msgspec.json.encode(ANOMALY)
    signed = sender.signed(body, now=product_clock.now() + timedelta(minutes=4))
    await sender.tell(body, signed)
    await clock.advance(timedelta(minutes=11))
    async with database.transaction() as tx:
        assert await events.sweep(tx) == 1
    assert code(await sender.tell(body, signed)) == (401, "request_stale")


async def test_a_signature_that_does_not_fit_is_refused(sender: Sender, database: Database) -> None:
    body = msgspec.json.encode(ANOMALY)
    wrong = [
        {"secret": "another"}, {"key_id": "nobody"}, {"method": "PUT"}, {"target": "/api/v1/else"},
        {"target": API + PATH + "?a=b"},
    ]  # fmt: skip
    answers = [await sender.tell(body, sender.signed(body, **changes)) for changes in wrong]
    assert {code(answer) for answer in answers} == {(401, "signature_wrong")}
    assert await stored(database) == []


async def test_a_request_without_signature_is_refused(sender: Sender) -> None:
    assert code(await sender.tell(ANOMALY, {"x-nothing": "1"})) == (401, "signature_wrong")


async def test_a_changed_body_is_refused(sender: Sender) -> None:
    signed = sender.signed(msgspec.json.encode(ANOMALY))
    assert code(await sender.tell({**ANOMALY, "order_number": "QN2"}, signed)) == (401, "signature_wrong")


@pytest.mark.parametrize(
    "event",
    [
        b"", b"{", b"null", {"kind": "order.anomaly"}, {**ANOMALY, "kind": "party"}, {**ANOMALY, "at": "now"},
        {**ANOMALY, "id": "x" * 65}, {**ANOMALY, "anomaly": {**ANOMALY["anomaly"], "text": "\0"}},
        {**ANOMALY, "kind": "issue", "line": "l", "entry": UNMASKED},
    ],
)  # fmt: skip
def test_an_event_that_has_not_its_form_is_refused(event: Any) -> None:
    with pytest.raises(Invalid):
        events.read(event if isinstance(event, bytes) else msgspec.json.encode(event))


async def test_nothing_is_stored_of_what_is_refused(sender: Sender, database: Database) -> None:
    assert code(await sender.tell({**ANOMALY, "kind": "party"})) == (422, "invalid")
    assert await stored(database) == []


async def test_a_body_without_end_is_not_read(sender: Sender) -> None:
    assert code(await sender.tell(b" " * 70_000)) == (413, "too_large")


async def test_a_new_secret_replaces_the_old_one_at_once(
    sender: Sender, database: Database, settings: Settings
) -> None:
    async with database.transaction() as tx:
        (one,) = await shop.present(tx)
        key = await shop.new_secret(tx, Sealer(settings.secret), one.public_id)
    assert code(await sender.tell(ANOMALY)) == (401, "signature_wrong")
    sender.key = key
    assert (await sender.tell(ANOMALY)).status_code == 202


async def test_a_shop_taken_out_of_use_is_not_heard(sender: Sender, database: Database) -> None:
    async with database.transaction() as tx:
        (one,) = await shop.present(tx)
        await shop.archive(tx, one.public_id)
    assert code(await sender.tell(ANOMALY)) == (401, "signature_wrong")


async def test_what_is_new_is_told_after_the_commit_and_a_repeat_is_not(database: Database, settings: Settings) -> None:
    heard: list[ShopReported] = []
    database.events = Events()
    database.events.react({ShopReported: [heard.append]})
    event = events.read(msgspec.json.encode({**ANOMALY, "id": ids.public_id()}))
    async with database.transaction() as tx:
        sender, _ = await shop.create(tx, Sealer(settings.secret), ShopDraft("青柠", "https://shop.example/c"))
        await events.take(tx, sender, event)
        await events.take(tx, sender, event)
        assert heard == []
    assert heard == [ShopReported(sender.id, "order.anomaly", "QN1", "c-1")]


async def test_a_report_about_an_order_renews_what_the_agent_sees(
    app: Litestar, browser: Callable[..., Browser], database: Database, settings: Settings, demo_shop: DemoShop
) -> None:
    key = NewSecret(demo_shop.keys.key_id, demo_shop.keys.secret)
    sealed = Sealer(settings.secret).seal(key.secret.encode(), SECRET_PURPOSE)
    async with database.transaction() as tx:
        at_work = await scene.build(tx)
        made, _ = await shop.create(tx, Sealer(settings.secret), ShopDraft("青柠", demo_shop.keys.base_url))
        await tx.run("update shop set key_id = %s, secret_sealed = %s", (key.key_id, sealed))
        owner = await customers.recognise(tx, at_work.site.id, made.id, ShopCustomer(XIAOLIN, "小林", ""), "zh-CN")
        talk = await at_work.conversation(tx)
        await context.begin(tx, talk.id, owner, "QN1", ("order",))
    parts = app.state.parts
    await context.fetch(database, parts.shops, talk.id)
    async with database.transaction() as tx:
        before = await context.view(tx, talk.id)
    assert (await Sender(browser(), key).tell({**ANOMALY, "subject": XIAOLIN})).status_code == 202
    await parts.db.events.settle()
    async with database.transaction() as tx:
        after = await context.view(tx, talk.id)
    assert before
    assert after
    assert (before.status, after.status) == ("complete", "complete")
    assert after.answered_at > before.answered_at
