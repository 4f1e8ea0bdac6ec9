"""Whatever a shop does, the customer is in the queue, and the agent has them and reads what is missing and why."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bench.stage import free_port
from mashang.kit import ids
from mashang.shops import questions
from mashang.shops.http import HttpShop
from tests.certificates import Authority
from tests.channels.conftest import Desk, Page, Socket
from tests.channels.connected import NUMBER, ConnectedShop, an_order, client, rogue, shop
from tests.conftest import fill_buckets
from tests.selling import RogueShop, serving

__all__ = ["client", "rogue", "shop"]
PARTS = "{account,order,shipments,orders,incidents,promotions}"
ORDER = f"/orders/{NUMBER}"
SHIPMENTS = f"{ORDER}/shipments"
EVENT = {"at": "2026-11-21T08:00:00+08:00", "text": "已到达上海"}
MONEY = {"amount": "88.00", "currency": "CNY"}


def a_parcel(**changes: Any) -> dict[str, Any]:
    return {"shipments": [{"number": "QNX0000000001", "carrier": "青柠速运", "events": [EVENT], **changes}]}


def a_line(**changes: Any) -> list[dict[str, Any]]:
    return [{**an_order()["lines"][0], **changes}]


@dataclass
class Lie:
    """What one path answers instead; and what the agent then reads: the parts that are missing, and why."""

    path: str
    body: Any
    missing: list[str]
    reason: str = "malformed"
    how: dict[str, Any] | None = None


IN_THE_ORDER = ["order", "shipments"]
LIES = {
    "negative amounts": Lie(ORDER, an_order(total={"amount": "-88.00", "currency": "CNY"}), IN_THE_ORDER),
    "the first year": Lie(ORDER, an_order(placed_at="0001-01-01T00:00:00Z"), IN_THE_ORDER),
    "the last year": Lie(ORDER, an_order(placed_at="9999-12-31T23:59:59-08:00"), IN_THE_ORDER),
    "a readable card key": Lie(
        ORDER,
        an_order(lines=a_line(issue_record=[{**EVENT, "action": "issued", "source": "x", "key_masked": "7F4K-9QXD"}])),
        IN_THE_ORDER,
    ),
    "ten megabytes": Lie(ORDER, {"x": "y" * 10_000_000}, IN_THE_ORDER, "too_large"),
    "another order than was asked for": Lie(ORDER, an_order("QN261121480777"), IN_THE_ORDER),
    "another's account": Lie("/customers/c-1", {"subject": "c-2", "name": "小林"}, ["account"]),
    "another's parcel": Lie(SHIPMENTS, a_parcel(lines=["QN9-1"]), ["shipments"]),
    "more events than allowed": Lie(SHIPMENTS, a_parcel(events=[EVENT] * 201), ["shipments"]),
    "more orders than allowed": Lie(
        "/customers/c-1/orders", {"orders": [{"number": "1"}] * 101}, ["orders"]
    ),
    "a page of HTML": Lie(ORDER, "<h1>502</h1>", IN_THE_ORDER, "wrong_type", {"content-type": "text/html"}),
    "a wrong signature": Lie(ORDER, an_order(), IN_THE_ORDER, "wrong_signature", {"secret": "another"}),
    "another address": Lie(ORDER, {}, IN_THE_ORDER, "redirected", {"status": 302, "location": "/x"}),
    "a failure of its own": Lie(ORDER, {}, IN_THE_ORDER, "unavailable", {"status": 503}),
}  # fmt: skip


class Counter:
    """A shop counter: customers who come with an order, and the agent who serves them."""

    def __init__(self, shop: ConnectedShop, desk: Desk, line: Socket) -> None:
        self.shop, self.desk, self.line = shop, desk, line

    async def customer(self) -> tuple[Page, str, dict[str, Any]]:
        """Somebody signed in comes and is served: the page, the conversation, and what stands beside it."""
        fill_buckets()  # they come from one address, one after the other
        page = await self.shop.signed_in()
        conversation = str((await page.open(code="CZ", order_number=NUMBER))["id"])
        await self.line.frame("offer")
        answer = await self.desk.http.post(f"/desk/conversations/{conversation}/accept")
        assert answer.status_code < 300, answer.text
        return page, conversation, await self.context(conversation)

    async def refreshed(self, conversation: str) -> dict[str, Any]:
        """The agent presses the button."""
        answer = await self.desk.http.post(f"/desk/conversations/{conversation}/context/refresh")
        assert answer.status_code < 300, answer.text
        return await self.context(conversation)

    async def context(self, conversation: str) -> dict[str, Any]:
        """What stands there once the shop has answered, or has not."""
        async with asyncio.timeout(60):
            while True:
                told = (await self.desk.http.get(f"/desk/conversations/{conversation}/context")).json()
                if told["status"] != "asking":
                    return dict(told)
                await asyncio.sleep(0.02)  # it says so to whoever watches; this agent looks

    async def half_a_minute(self) -> None:
        """It passes for the shop alone: who serves and who waits stays as it is."""
        async with self.shop.served.database.transaction() as tx:
            await tx.run("update shop set down_until = down_until - interval '31 seconds'")

    async def talk(self, page: Page, conversation: str) -> None:
        """Both say something, each hears it, and the conversation ends."""
        for at, text in ((page.http, "在吗"), (self.desk.http, "在的")):
            place = f"/conversations/{conversation}/entries"
            said = await at.post(
                place if at is page.http else f"/desk{place}", json={"text": text, "client_id": ids.public_id()}
            )
            assert said.status_code == 201, said.text
        entries = (await self.desk.http.get(f"/desk/conversations/{conversation}/entries")).text
        assert "在吗" in entries
        assert "在的" in entries
        closed = await self.desk.http.post(f"/desk/conversations/{conversation}/close")
        assert closed.status_code == 200, closed.text


@pytest.fixture
async def counter(shop: ConnectedShop) -> AsyncIterator[Counter]:
    async with shop.served.database.transaction() as tx:
        await tx.run("update topic set context = %s", (PARTS,))
        await tx.run("""update shop set capabilities = '{"shipments": true}'""")
    shop.tells("/promotions", {"promotions": []})
    shop.tells(SHIPMENTS, a_parcel())
    desk = await shop.served.agent()
    async with desk.live() as line:
        yield Counter(shop, desk, line)


def said(told: dict[str, Any]) -> tuple[str, list[str], str | None]:
    """How the agent's panel stands: status, what is missing, why."""
    return told["status"], told["missing"], told.get("reason")


async def test_a_shop_that_lies_costs_the_part_it_lies_about_and_nothing_else(
    counter: Counter, rogue: RogueShop
) -> None:
    seen = {}
    for name, lie in LIES.items():
        honest = rogue.answers[lie.path]
        rogue.says(lie.path, json.dumps(lie.body).encode(), **(lie.how or {}))
        page, conversation, told = await counter.customer()
        rogue.answers[lie.path] = honest
        seen[name] = (*said(told), said(await counter.refreshed(conversation))[0])
        await counter.talk(page, conversation)
    assert seen == {name: ("partial", lie.missing, lie.reason, "complete") for name, lie in LIES.items()}


async def test_names_are_text_whatever_they_hold(counter: Counter, rogue: RogueShop) -> None:
    name = "<img src=x onerror=alert(1)>\u202e年卡\u0007"
    rogue.says(ORDER, json.dumps(an_order(lines=a_line(product=name), status_text=name)).encode())
    _page, _conversation, told = await counter.customer()
    assert told["status"] == "complete"
    assert told["order"]["lines"][0]["product"] == told["order"]["status_text"] == "<img src=x onerror=alert(1)>年卡"


async def test_another_s_order_stays_a_claim(counter: Counter, rogue: RogueShop) -> None:
    rogue.says(ORDER, json.dumps(an_order(subject="c-2")).encode())
    page, conversation, told = await counter.customer()
    assert (told["status"], told["claimed_order"]["number"], told.get("order")) == ("complete", NUMBER, None)
    assert SHIPMENTS not in rogue.asked
    await counter.talk(page, conversation)


async def test_a_shop_that_answers_late_is_left_behind(counter: Counter, rogue: RogueShop) -> None:
    held, honest = asyncio.Event(), rogue.answers[ORDER]

    async def late(given: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        await held.wait()
        return await honest(given)

    rogue.answers[ORDER] = late
    page, conversation, told = await counter.customer()
    assert said(told) == ("partial", IN_THE_ORDER, "timed_out")
    held.set()
    assert said(await counter.refreshed(conversation))[0] == "complete"
    await counter.talk(page, conversation)


async def test_nobody_waits_for_a_shop_to_get_into_the_queue(
    counter: Counter, rogue: RogueShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it may take: here an hour, and the customer is in the queue while it still thinks."""
    hour = timedelta(hours=1)
    monkeypatch.setattr(questions, "ANSWER_WITHIN", hour)
    monkeypatch.setitem(HttpShop.__init__.__kwdefaults__, "within", hour)
    held, honest = asyncio.Event(), dict(rogue.answers)
    for path, answer in honest.items():
        rogue.answers[path] = partial(_once_let, held, answer)
    page = await counter.shop.signed_in()
    conversation = str((await page.open(code="CZ", order_number=NUMBER))["id"])
    await counter.line.frame("offer")
    told = await counter.desk.http.get(f"/desk/conversations/{conversation}/context")
    assert told.json()["status"] == "asking"
    held.set()


async def _once_let(held: asyncio.Event, answer: Any, given: dict[str, str]) -> Any:
    await held.wait()
    return await answer(given)


async def test_a_shop_that_flaps_is_left_alone_and_its_context_completes_when_it_is_back(
    counter: Counter, rogue: RogueShop
) -> None:
    honest = dict(rogue.answers)
    for path in honest:
        rogue.says(path, b"", status=503)
    first, one, told = await counter.customer()
    assert said(told)[::2] == ("unanswered", "unavailable")
    rogue.answers, rogue.asked = dict(honest), []
    second, two, told = await counter.customer()
    assert said(told)[::2] == ("unanswered", "unavailable")  # why it is left alone
    assert told["retry_at"]
    assert rogue.asked == []
    await counter.half_a_minute()
    third, three, told = await counter.customer()  # the breaker closes by itself
    assert said(told) == ("complete", [], None)
    assert said(await counter.refreshed(two)) == ("complete", [], None)
    assert said(await counter.refreshed(one)) == ("complete", [], None)
    for page, conversation in ((first, one), (second, two), (third, three)):
        await counter.talk(page, conversation)


async def test_a_shop_that_changed_its_certificate_its_clock_or_its_place_says_which(
    counter: Counter, rogue: RogueShop, tmp_path: Path
) -> None:
    port, closed = free_port(), free_port()
    stale = {"status": 401, "date": "Sat, 21 Nov 2026 08:00:00 GMT"}
    honest, seen = dict(rogue.answers), {}
    authority = Authority(tmp_path, "unknown")
    async with serving(rogue, port, ssl_certfile=authority.certificate("localhost")):
        for name, address in (
            ("certificate", f"https://localhost:{port}"),
            ("clocks_differ", rogue.keys.base_url),
            ("unreachable", f"http://127.0.0.1:{closed}"),
        ):
            for path in honest:
                rogue.says(path, b'{"code": "request_stale"}', **(stale if name == "clocks_differ" else {}))
            async with counter.shop.served.database.transaction() as tx:
                await tx.run("update shop set base_url = %s", (address,))
            page, conversation, told = await counter.customer()
            rogue.answers = dict(honest)
            async with counter.shop.served.database.transaction() as tx:
                await tx.run("update shop set base_url = %s", (rogue.keys.base_url,))
            await counter.half_a_minute()
            seen[name] = (*said(told)[::2], said(await counter.refreshed(conversation))[0])
            await counter.talk(page, conversation)
    assert seen == {name: ("unanswered", name, "complete") for name in ("certificate", "clocks_differ", "unreachable")}
