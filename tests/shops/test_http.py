"""Nothing of a shop's answer is seen before it was checked; whatever it does, it is at most an outage."""

from __future__ import annotations

import asyncio
import socket
import time
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import msgspec
import pytest

from bench.stage import free_port
from mashang.kit import http, ids
from mashang.kit.errors import Outage
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings, load
from mashang.shops import signing
from mashang.shops.adapters import Shops, permitted
from mashang.shops.connector import ShopFailed
from mashang.shops.http import HttpShop, Keys
from mashang.shops.reach import SECRET_PURPOSE, Reach
from tests.selling import XIAOLIN, DemoShop, RogueShop

ORDER = b'{"orders": []}'


async def failure(shop: HttpShop, number: str = "QN1") -> str:
    with pytest.raises(ShopFailed) as failed:
        await shop.order(number)
    return failed.value.reason


@pytest.fixture
def asking(rogue: RogueShop, client: httpx.AsyncClient) -> HttpShop:
    return HttpShop(client, rogue.keys)


def order(**changes: object) -> bytes:
    """An order in the agreed form, but for what the test changes."""
    entry = {"at": "2026-11-21T08:00:00Z", "action": "issued", "source": "自动", "key_masked": "•••• 7Q2K"}
    line = {
        "id": "l1", "product": "年卡", "quantity": 1, "price": {"amount": "168.00", "currency": "CNY"},
        "delivery": {"kind": "card_key", "state": "issued"},
        "issue_record": [entry],
    }  # fmt: skip
    whole = {
        "number": "QN1", "subject": "c-1", "placed_at": "2026-11-21T08:00:00+08:00", "status": "paid",
        "status_text": "已付款", "total": {"amount": "168.00", "currency": "CNY"}, "lines": [line],
    }  # fmt: skip
    return msgspec.json.encode({**whole, **changes})


async def test_an_answer_in_the_agreed_form_is_read(rogue: RogueShop, asking: HttpShop) -> None:
    rogue.says("/orders/QN1", order(a_field_of_a_later_version=True))
    found = await asking.order("QN1")
    assert found
    assert found.lines[0].issue_record[0].key_masked == "•••• 7Q2K"


async def test_letters_that_hide_or_turn_round_others_are_left_out(rogue: RogueShop, asking: HttpShop) -> None:
    line = msgspec.json.decode(order())["lines"][0] | {"product": "年\u202e卡\u0007 <b>\u2066\u009b"}
    rogue.says("/orders/QN1", order(lines=[line], status_text="已\u202d付款"))
    found = await asking.order("QN1")
    assert found
    assert (found.lines[0].product, found.status_text) == ("年卡 <b>", "已付款")  # shown as text, wherever it is


async def test_what_is_not_there_is_none(rogue: RogueShop, asking: HttpShop) -> None:
    rogue.says("/orders/QN1", b'{"code": "not_found"}', status=404)
    assert await asking.order("QN1") is None


async def test_a_404_that_nobody_signed_is_not_believed(rogue: RogueShop, asking: HttpShop) -> None:
    rogue.says("/orders/QN1", b"<h1>Not Found</h1>", status=404, **{signing.SIGNATURE: "", "content-type": "text/html"})
    assert await failure(asking) == "wrong_signature"


async def test_an_answer_signed_with_another_secret_is_an_outage(rogue: RogueShop, asking: HttpShop) -> None:
    rogue.says("/orders/QN1", order(), secret=ids.secret())
    assert await failure(asking) == "wrong_signature"


async def test_an_answer_without_signature_is_an_outage(rogue: RogueShop, asking: HttpShop) -> None:
    async def plain(_given: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return 200, {"content-type": "application/json"}, order()

    rogue.answers["/orders/QN1"] = plain
    assert await failure(asking) == "unsigned"


async def test_an_answer_to_another_question_cannot_be_played_back(rogue: RogueShop, asking: HttpShop) -> None:
    kept: list[tuple[int, dict[str, str], bytes]] = []

    async def same_again(given: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        kept.append((200, rogue.signed(given, 200, order()), order()))
        return kept[0]

    rogue.answers["/orders/QN1"] = same_again
    assert await asking.order("QN1")
    assert await failure(asking) == "wrong_signature"


async def test_an_answer_about_another_order_is_an_outage(rogue: RogueShop, asking: HttpShop) -> None:
    rogue.says("/orders/QN1", order(number="QN2"))
    assert await failure(asking) == "malformed"


@pytest.mark.parametrize(
    "changes",
    [
        {"total": {"amount": "-1.00", "currency": "CNY"}},
        {"total": {"amount": 168, "currency": "CNY"}},
        {"total": {"amount": "1e9", "currency": "CNY"}},
        {"placed_at": "yesterday"},
        {"placed_at": "2026-11-21T08:00:00"},
        {"status": "lost"},
        {"status_text": "x" * 201},
        {"status_text": "U+0000: \0"},
        {"lines": []},
        {"subject": None},
        {"placed_at": "0001-01-01T00:00:00Z"},
        {"placed_at": "9999-12-31T23:59:59-08:00"},
        {"placed_at": "+12026-11-21T08:00:00Z"},
        {"payment": {"method": "alipay", "status": "paid", "paid_at": "0001-01-01T00:00:00Z"}},
        {"url": "javascript:alert(1)"},
    ],
    ids=[
        "negative", "number", "exponent", "word-for-a-time", "no-offset", "status", "long", "nul", "no-lines", "nobody",
        "year-1", "year-9999", "year-12026", "year-1-inside", "script-for-an-address",
    ],
)  # fmt: skip
async def test_a_shop_that_lies_about_the_form_is_an_outage(
    rogue: RogueShop, asking: HttpShop, changes: dict[str, object]
) -> None:
    rogue.says("/orders/QN1", order(**changes))
    assert await failure(asking) == "malformed"


@pytest.mark.parametrize("key", ["7F4K-9QXD-M2WT-7Q2K", "•• 9QXDM2WT7Q2K", "•7Q2K", ""])
async def test_a_card_key_that_is_not_masked_does_not_pass(rogue: RogueShop, asking: HttpShop, key: str) -> None:
    line = msgspec.json.decode(order())["lines"][0]
    line["issue_record"][0]["key_masked"] = key
    rogue.says("/orders/QN1", order(lines=[line]))
    with pytest.raises(ShopFailed) as failed:
        await asking.order("QN1")
    assert failed.value.reason == "malformed"
    assert "7Q2K" not in f"{failed.value} {failed.value.detail}"


@pytest.mark.parametrize("body", [b"", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'"<script>"'])
async def test_garbage_is_an_outage(rogue: RogueShop, asking: HttpShop, body: bytes) -> None:
    rogue.says("/orders/QN1", body)
    assert await failure(asking) == "malformed"


async def test_another_content_type_is_an_outage(rogue: RogueShop, asking: HttpShop) -> None:
    rogue.says("/orders/QN1", order(), **{"content-type": "text/html"})
    assert await failure(asking) == "wrong_type"


async def test_ten_megabytes_are_not_read(rogue: RogueShop, asking: HttpShop) -> None:
    rogue.says("/orders/QN1", b" " * 10_000_000 + order())
    assert await failure(asking) == "too_large"


async def test_a_redirect_is_not_followed(rogue: RogueShop, asking: HttpShop) -> None:
    rogue.says("/orders/QN1", b"{}", status=302, location=f"{rogue.keys.base_url}/elsewhere")
    assert await failure(asking) == "redirected"
    assert rogue.asked == ["/orders/QN1"]


async def test_what_has_not_the_form_of_a_number_is_not_asked_for(rogue: RogueShop, asking: HttpShop) -> None:
    for number in ("../customers/c-1", "..", "a/b", "QN1?x=y", "QN1\n", "", "订单", "x" * 65):
        assert await asking.order(number) is None
    assert rogue.asked == []


async def test_a_shop_that_refuses_our_signature_says_so(demo_shop: DemoShop, client: httpx.AsyncClient) -> None:
    stranger = HttpShop(client, msgspec.structs.replace(demo_shop.keys, secret=ids.secret()))
    assert await failure(stranger) == "refused_us"


async def test_a_slow_shop_is_left_after_two_seconds(demo_shop: DemoShop, connected: HttpShop) -> None:
    with demo_shop.fault("slow"):
        start = time.monotonic()
        assert await failure(connected) == "timed_out"  # it would have answered after three
    assert time.monotonic() - start > 1.9


async def test_a_trickle_does_not_hold_us_longer(client: httpx.AsyncClient) -> None:
    over = asyncio.Event()

    async def trickle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.05)  # far quicker than a time-out between two bytes
        over.set()

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    shop = HttpShop(client, Keys(f"http://127.0.0.1:{port}", "m1", "s"), within=timedelta(seconds=0.4))
    assert await failure(shop) == "timed_out"
    async with asyncio.timeout(60):
        await over.wait()
    server.close()


@pytest.mark.parametrize(
    ("fault", "reason"), [("down", "unavailable"), ("wrong_signature", "wrong_signature"), ("garbage", "malformed")]
)
async def test_each_fault_of_the_demo_shop_is_an_outage(
    demo_shop: DemoShop, connected: HttpShop, fault: str, reason: str
) -> None:
    with demo_shop.fault(fault):
        assert await failure(connected) == reason
    assert await connected.account(XIAOLIN)


async def test_a_shop_that_is_not_there_is_an_outage(client: httpx.AsyncClient) -> None:
    shop = HttpShop(client, Keys(f"http://127.0.0.1:{free_port()}", "m1", "s"))
    with pytest.raises(Outage) as out:
        await shop.incidents()
    assert (out.value.system, out.value.reason) == ("shop", "unreachable")


# ── private addresses ──


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 — asked for, not bound
        "224.0.0.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    ],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not http.is_public(ip_address(address), 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111"])
def test_public_ones_are(address: str) -> None:
    assert http.is_public(ip_address(address), 443)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0x7f000001"])
async def test_a_private_address_is_not_reached_however_it_is_written(demo_shop: DemoShop, host: str) -> None:
    port = demo_shop.url.rpartition(":")[2]
    async with http.client() as guarded:
        shop = HttpShop(guarded, Keys(f"http://{host}:{port}/connector/v1", "m1", "s"))
        assert await failure(shop) in ("private_address", "unreachable")


async def test_a_name_that_has_one_private_address_is_not_reached(
    monkeypatch: pytest.MonkeyPatch, demo_shop: DemoShop
) -> None:
    async def both(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, 1, 6, "", (address, 0)) for address in ("8.8.8.8", "127.0.0.1")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both, raising=False)
    async with http.client() as guarded:
        assert await failure(HttpShop(guarded, Keys("http://shop.example/c", "m1", "s"))) == "private_address"


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    """Settings without a database."""
    return load({}, home=tmp_path, shop_port=8701)


def test_a_demo_may_reach_its_own_shop_and_nothing_else_of_this_machine(bare: Settings) -> None:
    demo = permitted(bare)
    assert demo(ip_address("127.0.0.1"), 8701)
    assert not demo(ip_address("127.0.0.1"), 5432)
    assert not demo(ip_address("10.0.0.1"), 8701)
    on_a_network = permitted(msgspec.structs.replace(bare, host="10.0.0.1"))
    assert on_a_network(ip_address("10.0.0.1"), 8701)
    assert not on_a_network(ip_address("10.0.0.1"), 5432)
    assert not on_a_network(ip_address("10.0.0.2"), 8701)
    real = permitted(msgspec.structs.replace(bare, demo=False))
    assert not real(ip_address("127.0.0.1"), 8701)


async def test_the_secret_is_sealed_at_rest(bare: Settings, demo_shop: DemoShop) -> None:
    sealer = Sealer(bare.secret)
    sealed = sealer.seal(demo_shop.keys.secret.encode(), SECRET_PURPOSE)
    assert demo_shop.keys.secret.encode() not in sealed
    shops = Shops(msgspec.structs.replace(bare, allow_private_addresses=True), sealer)
    answer = await shops.connector(
        Reach(shop_id=1, kind="http", base_url=demo_shop.keys.base_url, key_id="m1", secret_sealed=sealed, settings={})
    ).incidents()
    await shops.close()
    assert answer.incidents == []
