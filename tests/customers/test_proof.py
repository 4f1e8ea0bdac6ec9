"""Proof stops guessing, lets the owner through, and proves no more than it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from mashang import customers
from mashang.customers import proof
from mashang.customers.proof import Claimant, CodeOver, CodesOff, LastFourOff, NoProofHere, ProofWrong
from mashang.kit import clock as product_clock
from mashang.kit.db import Database
from mashang.kit.errors import Invalid, NotFound
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import looks
from mashang.shops import site as sites
from mashang.shops.adapters import Shops
from mashang.shops.connector import ShopFailed
from mashang.shops.reach import SECRET_PURPOSE
from mashang.shops.token import ShopCustomer
from mashang.staff import alarms
from tests import scene
from tests.conftest import Clock
from tests.selling import RogueShop, client, rogue

__all__ = ["client", "rogue"]
NUMBER = "QN261121480273"
PROVED = b'{"outcome": "proved", "subject": "c-1"}'
NOT_PROVED = b'{"outcome": "not_proved"}'


class Counter:
    """A shop whose answers the test decides, and people who claim things at its site."""

    def __init__(self, database: Database, shops: Shops, settings: Settings, rogue: RogueShop) -> None:
        self.database, self.shops, self.rogue = database, shops, rogue
        self.sealer = Sealer(settings.secret)
        self.site_id = self.shop_id = 0

    async def open(self) -> None:
        async with self.database.transaction() as tx:
            self.shop_id = await tx.value(
                "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
                " values ('s', '青柠', %s, 'm1', %s) returning id",
                (self.rogue.keys.base_url, self.sealer.seal(self.rogue.keys.secret.encode(), SECRET_PURPOSE)),
            )
            built = await scene.build(tx)
            await sites.change(
                tx,
                built.site.public_id,
                name="小店",
                origins=[],
                shop_id=self.shop_id,
                looks=looks.Looks(),
                vip_tiers=(),
            )
            self.site_id = built.site.id

    async def claimant(self, address: str = "192.0.2.1", account: str | None = None) -> Claimant:
        async with self.database.transaction() as tx:
            told = ShopCustomer(account, "阿珍", "") if account else None
            who = await customers.recognise(tx, self.site_id, self.shop_id, told, "zh-CN")
        return Claimant(self.database, self.shops, self.sealer, who, address)

    async def wrong(self, by: Claimant, times: int = 1, number: str = NUMBER) -> None:
        self.rogue.says("/proofs", NOT_PROVED)
        for _ in range(times):
            with pytest.raises(ProofWrong):
                await proof.by_last_four(by, number=number, last_four="0000")

    async def last_four(self, by: Claimant) -> customers.Customer:
        self.rogue.says("/proofs", PROVED)
        return await proof.by_last_four(by, number=NUMBER, last_four="5678")

    async def sent(self, by: Claimant, account: str = "13800005678") -> str:
        until = (product_clock.now() + timedelta(minutes=10)).isoformat()
        self.rogue.says("/proofs", json.dumps({"outcome": "sent", "proof": "pr-1", "expires_at": until}).encode())
        return (await proof.send_code(by, account=account)).id


@pytest.fixture
async def counter(database: Database, settings: Settings, rogue: RogueShop) -> AsyncIterator[Counter]:
    shops = Shops(settings, Sealer(settings.secret))
    made = Counter(database, shops, settings, rogue)
    await made.open()
    yield made
    await shops.close()


async def test_last_four_prove_one_order_and_nobodys_account(counter: Counter) -> None:
    who = await counter.last_four(await counter.claimant())
    assert (list(who.proved_orders), who.proved, who.subject, who.tier) == ([NUMBER], False, None, "")


async def test_a_proof_is_over_after_half_a_day_and_when_it_is_ended(counter: Counter, clock: Clock) -> None:
    by = await counter.claimant()
    await counter.last_four(by)
    async with counter.database.transaction() as tx:
        assert list((await proof.end(tx, by.who)).proved_orders) == []
    await counter.last_four(by)
    await clock.advance(timedelta(hours=12, seconds=1))
    async with counter.database.transaction() as tx:
        assert list((await customers.customer.by_id(tx, by.who.id)).proved_orders) == []


async def test_five_wrong_tries_close_last_four_for_that_visitor_wherever_it_is(counter: Counter) -> None:
    by = await counter.claimant()
    await counter.wrong(by, times=4)
    await counter.wrong(msgspec.structs.replace(by, address_block="198.51.100.9"))
    asked = len(counter.rogue.asked)
    with pytest.raises(LastFourOff):
        await counter.last_four(msgspec.structs.replace(by, address_block="203.0.113.1"))
    assert len(counter.rogue.asked) == asked  # the shop is not even asked


async def test_five_wrong_tries_close_it_for_that_address_block_whoever_asks(counter: Counter) -> None:
    for _ in range(5):
        await counter.wrong(await counter.claimant())
    with pytest.raises(LastFourOff):
        await counter.last_four(await counter.claimant())


async def test_the_owner_elsewhere_is_not_locked_out_by_five_from_one_side(counter: Counter) -> None:
    await counter.wrong(await counter.claimant(), times=5)
    assert (await counter.last_four(await counter.claimant("198.51.100.2"))).proved_orders


async def test_fifteen_in_all_close_it_for_the_order_and_for_no_other(counter: Counter) -> None:
    for block in range(15):
        await counter.wrong(await counter.claimant(f"198.51.100.{block}"))
    with pytest.raises(LastFourOff):
        await counter.last_four(await counter.claimant("203.0.113.7"))
    await counter.wrong(await counter.claimant("203.0.113.7"), number="QN2")


async def test_nobody_walks_through_the_orders_from_one_page_or_one_address(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "MOST_OF_A_VISITOR", 3)
    monkeypatch.setattr(proof, "MOST_OF_A_BLOCK", 4)
    walker, neighbour = await counter.claimant(), await counter.claimant()
    for number in ("QN1", "QN2", "QN3"):
        await counter.wrong(walker, number=number)
    with pytest.raises(LastFourOff):
        await counter.wrong(msgspec.structs.replace(walker, address_block="198.51.100.9"), number="QN4")
    await counter.wrong(neighbour, number="QN4")
    with pytest.raises(LastFourOff):
        await counter.last_four(await counter.claimant())
    assert (await counter.last_four(await counter.claimant("198.51.100.2"))).proved_orders


async def test_nobody_has_codes_sent_to_one_telephone_after_another(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "MOST_OF_A_BLOCK", 2)
    for n in range(2):
        await counter.sent(await counter.claimant(), f"1380000000{n}")
    with pytest.raises(CodesOff):
        await counter.sent(await counter.claimant(), "13800000009")
    assert (await counter.last_four(await counter.claimant())).proved_orders  # another kind of try


async def test_many_targets_at_once_are_no_more_than_in_a_row(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "MOST_OF_A_BLOCK", 3)
    counter.rogue.says("/proofs", NOT_PROVED)
    by = [await counter.claimant() for _ in range(8)]
    tries = [proof.by_last_four(one, number=f"QN{n}", last_four="0000") for n, one in enumerate(by)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, ProofWrong) for one in ended) == 3


async def test_the_next_day_it_is_open_again(counter: Counter) -> None:
    by = await counter.claimant()
    await counter.wrong(by, times=5)
    async with counter.database.transaction() as tx:  # the shop signs by its own clock, which stays
        await tx.run("update clock_offset set ahead = '1 day 1 second'")
    assert (await counter.last_four(by)).proved_orders


async def test_many_tries_at_once_are_no_more_than_many_in_a_row(counter: Counter) -> None:
    by = await counter.claimant()
    counter.rogue.says("/proofs", NOT_PROVED)
    tries = [proof.by_last_four(by, number=NUMBER, last_four=f"{n:04}") for n in range(20)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, ProofWrong) for one in ended) == 5
    assert sum(isinstance(one, LastFourOff) for one in ended) == 15


async def test_another_way_of_writing_the_number_is_the_same_order(counter: Counter) -> None:
    by = await counter.claimant()
    await counter.wrong(by, times=4, number=NUMBER.lower())
    await counter.wrong(by)
    with pytest.raises(LastFourOff):
        await counter.last_four(by)


async def test_a_signed_in_owner_is_served_whatever_others_guess(counter: Counter) -> None:
    for block in range(15):
        await counter.wrong(await counter.claimant(f"198.51.100.{block}"))
    owner = await counter.claimant("198.51.100.1", account="c-1")
    order = {
        "number": NUMBER, "subject": "c-1", "placed_at": "2026-11-21T10:00:00+08:00", "status": "paid",
        "status_text": "已付款", "total": {"amount": "88.00", "currency": "CNY"},
        "lines": [{"id": "l1", "product": "会员", "quantity": 1, "price": {"amount": "88.00", "currency": "CNY"},
                   "delivery": {"kind": "card_key", "state": "waiting"}}],
    }  # fmt: skip
    counter.rogue.says(f"/orders/{NUMBER}", json.dumps(order).encode())
    for _ in range(7):
        assert (await proof.by_last_four(owner, number=NUMBER, last_four="0000")).subject == "c-1"


async def test_a_number_that_is_none_is_refused_like_a_wrong_one_and_not_asked_for(counter: Counter) -> None:
    by = await counter.claimant()
    counter.rogue.says("/proofs", PROVED)
    for number in ("", "x" * 500, "../../etc", "QN 1", "订单", "1' or '1'='1"):
        with pytest.raises(ProofWrong):
            await proof.by_last_four(by, number=number, last_four="5678")
    assert counter.rogue.asked == []


@pytest.mark.parametrize("digits", ["", "567", "56789", "abcd", "５６７８", "5678\n", " 678"])
async def test_what_is_not_four_digits_is_said_to_be_that_and_costs_no_try(counter: Counter, digits: str) -> None:
    with pytest.raises(Invalid):
        await proof.by_last_four(await counter.claimant(), number=NUMBER, last_four=digits)
    async with counter.database.transaction() as tx:
        assert await tx.value("select count(*) from proof_attempt") == 0


async def test_a_shop_that_does_not_answer_costs_no_try_and_is_left_alone(counter: Counter) -> None:
    by = await counter.claimant()
    counter.rogue.says("/proofs", b"", status=503)
    for _ in range(7):
        with pytest.raises(ShopFailed):
            await proof.by_last_four(by, number=NUMBER, last_four="5678")
    assert len(counter.rogue.asked) == 1
    async with counter.database.transaction() as tx:
        await tx.run("update shop set down_until = null")
    assert (await counter.last_four(by)).proved_orders


async def test_a_shop_that_has_counted_enough_closes_it_too(counter: Counter) -> None:
    counter.rogue.says("/proofs", b'{"code": "too_many"}', status=429)
    with pytest.raises(LastFourOff):
        await proof.by_last_four(await counter.claimant(), number=NUMBER, last_four="5678")


async def test_a_one_time_code_proves_the_account_with_its_name_and_tier(counter: Counter, clock: Clock) -> None:
    by = await counter.claimant()
    sent = await counter.sent(by)
    counter.rogue.says("/proofs", PROVED)
    counter.rogue.says("/customers/c-1", '{"subject": "c-1", "name": "阿珍", "tier": "VIP"}'.encode())
    who = await proof.by_one_time_code(by, sent=sent, code="123456")
    assert (who.proved, who.signed_in, who.subject, who.name, who.tier) == (True, False, "c-1", "阿珍", "VIP")
    with pytest.raises(CodeOver):
        await proof.by_one_time_code(by, sent=sent, code="123456")
    await clock.advance(timedelta(hours=12, seconds=1))
    async with counter.database.transaction() as tx:
        later = await customers.customer.by_id(tx, by.who.id)
    assert (later.proved, later.tier) == (False, "")


async def test_a_one_time_code_is_tried_five_times_and_by_the_page_that_asked_for_it(counter: Counter) -> None:
    by = await counter.claimant()
    sent = await counter.sent(by)
    counter.rogue.says("/proofs", PROVED)
    with pytest.raises(NotFound):
        await proof.by_one_time_code(await counter.claimant(), sent=sent, code="123456")
    counter.rogue.says("/proofs", NOT_PROVED)
    for _ in range(5):
        with pytest.raises(ProofWrong):
            await proof.by_one_time_code(by, sent=sent, code="000000")
    counter.rogue.says("/proofs", PROVED)
    with pytest.raises(CodeOver):
        await proof.by_one_time_code(by, sent=sent, code="123456")


async def test_a_shop_that_does_not_answer_uses_up_no_code(counter: Counter) -> None:
    by = await counter.claimant()
    sent = await counter.sent(by)
    counter.rogue.says("/proofs", b"", status=503)
    for _ in range(7):
        with pytest.raises(ShopFailed):
            await proof.by_one_time_code(by, sent=sent, code="123456")
    async with counter.database.transaction() as tx:
        await tx.run("update shop set down_until = null")
    counter.rogue.says("/proofs", PROVED)
    assert (await proof.by_one_time_code(by, sent=sent, code="123456")).proved


@pytest.mark.parametrize(
    "typed", ["138 0000 5678", "+86 138-0000-5678", "008613800005678", "１３８００００５６７８", "138\u200b00005678"]
)
async def test_another_way_of_writing_a_telephone_is_the_same_account(counter: Counter, typed: str) -> None:
    by = await counter.claimant()
    for _ in range(5):
        await counter.sent(by)
    with pytest.raises(CodesOff):
        await proof.send_code(by, account=typed)


async def test_an_order_proved_at_the_sites_former_shop_is_none_of_the_present_one(counter: Counter) -> None:
    by = await counter.claimant()
    await counter.last_four(by)
    async with counter.database.transaction() as tx:
        await tx.run(
            "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
            " values ('s2', '新店', 'https://shop.example', 'm2', '\\x00')"
        )
        await tx.run("update site set shop_id = (select id from shop where public_id = 's2')")
        who = await customers.customer.by_id(tx, by.who.id)
    assert (list(who.proved_orders), who.orders_shop_id) == ([], None)


async def test_codes_are_sent_five_times_a_day_to_one_account_from_one_side(counter: Counter) -> None:
    by = await counter.claimant()
    for _ in range(5):
        await counter.sent(by)
    with pytest.raises(CodesOff):
        await counter.sent(by)
    await counter.sent(await counter.claimant("198.51.100.2"))


async def test_strangers_keep_a_telephone_from_codes_for_minutes_and_not_for_a_day(counter: Counter) -> None:
    for block in range(3):
        by = await counter.claimant(f"198.51.100.{block}")
        for _ in range(5):
            await counter.sent(by)
    owner = await counter.claimant("203.0.113.7")
    with pytest.raises(CodesOff):
        await counter.sent(owner)
    async with counter.database.transaction() as tx:  # the shop signs by its own clock, which stays
        await tx.run("update clock_offset set ahead = '10 minutes 1 second'")
    await counter.sent(owner)


async def test_a_site_without_a_shop_says_that_nothing_can_be_proved(counter: Counter) -> None:
    async with counter.database.transaction() as tx:
        await tx.run("update site set shop_id = null")
    with pytest.raises(NoProofHere):
        await counter.last_four(await counter.claimant())


async def test_many_failures_everywhere_raise_one_alarm_that_ends_by_itself(
    counter: Counter, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "ALARMING", 6)
    for n in range(7):
        await counter.wrong(await counter.claimant(f"198.51.100.{n}"), number=f"QN{n}")
    async with counter.database.transaction() as tx:
        assert await alarms.lasting(tx) == ["proof_guessing"]
        assert not await alarms.raised(tx, proof.ALARM, proof.ALARM_LASTS)
    await clock.advance(timedelta(hours=1, seconds=1))
    async with counter.database.transaction() as tx:
        assert await alarms.lasting(tx) == []


async def test_what_was_typed_is_kept_nowhere(counter: Counter) -> None:
    by = await counter.claimant()
    await counter.wrong(by)
    await counter.sent(by)
    async with counter.database.transaction() as tx:
        kept = await tx.value("select string_agg(a::text, ' ') from proof_attempt a")
        kept += await tx.value("select string_agg(o::text, ' ') from one_time_code o")
        assert not any(typed in kept for typed in (NUMBER, "0000", "13800005678"))
        assert await proof.sweep(tx) == 0
