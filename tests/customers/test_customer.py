"""Who somebody is: an account a shop vouches for, or a visitor."""

from __future__ import annotations

import pytest

from mashang import customers
from mashang.customers.customer import claim
from mashang.kit.db import Tx
from mashang.kit.sealing import Sealer
from mashang.shops import site as sites
from mashang.shops.looks import Looks
from mashang.shops.token import ShopCustomer

AZHEN = ShopCustomer("c-1", "阿珍", "")


async def _site(tx: Tx, shop_id: int | None) -> int:
    made = await sites.create(tx, name="小店", origins=["https://shop.example"], shop_id=shop_id, looks=Looks())
    return made.id


async def _shop(tx: Tx) -> int:
    shop_id: int = await tx.value(
        "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
        " values ('shop', '店', 'https://shop.example', 'key', '\\x00') returning id"
    )
    return shop_id


@pytest.mark.parametrize("connected", [True, False])
async def test_an_account_that_comes_again_is_the_same_customer(tx: Tx, connected) -> None:
    shop_id = await _shop(tx) if connected else None
    site_id = await _site(tx, shop_id)
    first = await customers.recognise(tx, site_id, shop_id, AZHEN, "zh-CN")
    again = await customers.recognise(tx, site_id, shop_id, ShopCustomer("c-1", "阿珍", "VIP"), "zh-CN")
    assert again.proved
    assert (again.id, again.tier) == (first.id, "VIP")


async def test_an_account_is_one_customer_on_all_sites_of_its_shop(tx: Tx) -> None:
    shop_id = await _shop(tx)
    one = await customers.recognise(tx, await _site(tx, shop_id), shop_id, AZHEN, "zh-CN")
    other = await customers.recognise(tx, await _site(tx, shop_id), shop_id, AZHEN, "zh-CN")
    assert one.id == other.id


async def test_without_a_shop_the_same_name_on_another_site_is_somebody_else(tx: Tx) -> None:
    one = await customers.recognise(tx, await _site(tx, None), None, AZHEN, "zh-CN")
    other = await customers.recognise(tx, await _site(tx, None), None, AZHEN, "zh-CN")
    assert one.id != other.id


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("139 1234 5678", "139••••5678"),
        ("+86 13912345678", "139••••5678"),
        ("李雷", "李••"),
        ("小阿珍", "小••珍"),
        ("azhen99", "a••99"),
        ("shop-member-20261", "s••0261"),
    ],
)
async def test_a_claim_is_shown_by_its_beginning_and_as_much_of_its_end_as_tells_it_from_others(
    tx: Tx, said, shown
) -> None:
    visitor = await customers.recognise(tx, await _site(tx, None), None, None, "zh-CN")
    claimed = await claim(tx, Sealer(b"k" * 32), visitor, said)
    assert claimed.claim_masked == shown


async def test_two_visitors_are_two_customers(tx: Tx) -> None:
    site_id = await _site(tx, None)
    one = await customers.recognise(tx, site_id, None, None, "zh-CN")
    other = await customers.recognise(tx, site_id, None, None, "zh-CN")
    assert not one.proved
    assert one.id != other.id
