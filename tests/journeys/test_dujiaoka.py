"""A dujiaoka order with and without proof, on a real MariaDB: docs/journeys/0007-the-shop-behind-the-codes.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.async_api import expect

from mashang.kit.ids import public_id
from mashang.kit.sealing import Sealer
from mashang.kit.settings import key
from mashang.shops.mysql import Databases
from mashang.shops.reach import SECRET_PURPOSE
from tests.dujiaoka import KEY, NUMBER, PASSWORD, Selling, mariadb, selling_cards
from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk
from tests.mariadb import MariaDB
from tests.running import Product, running_from

__all__ = ["mariadb"]

pytestmark = pytest.mark.browser


@pytest.fixture
def cards(mariadb: MariaDB) -> Iterator[Selling]:
    """The shop, with one order; only the product reads it."""
    with selling_cards(mariadb, Databases(lambda _host, _port: lambda _address, _number: False)) as made:
        made.sells()
        yield made


@pytest.fixture
def product(cards: Selling, started_once: Path) -> Iterator[Product]:
    """A product whose one site belongs to that shop, and whose server may read its database."""
    with running_from(started_once, MASHANG_SHOP_DATABASES=f"127.0.0.1:{cards.mariadb.port}") as started:
        connect(started, cards)
        yield started


def connect(product: Product, cards: Selling) -> None:
    """As the set-up form stores it."""
    sealer = Sealer(key((product.home / "secret.key").read_text("ascii").strip()))
    settings = {
        "host": "127.0.0.1", "port": cards.mariadb.port, "database": cards.database, "user": cards.user,
    }  # fmt: skip
    said = {"contract": "1", "name": "卡密小铺", "proofs": ["look_up_password"], "reveals": True}
    with psycopg.connect(product.dsn) as connection:
        connection.execute(
            "with made as (insert into shop (public_id, name, kind, base_url, settings, key_id, secret_sealed,"
            " capabilities) values (%s, '卡密小铺', 'dujiaoka', 'https://cards.example', %s, 'm-cards', %s, %s)"
            " returning id) update site set shop_id = made.id from made",
            (
                public_id(), json.dumps(settings), sealer.seal(cards.password.encode(), SECRET_PURPOSE),
                json.dumps(said),
            ),
        )  # fmt: skip


async def tries(chat: Chat, password: str) -> None:
    """One try at the look-up password."""
    await chat.at.get_by_role("textbox", name="订单号").fill(NUMBER)
    await chat.at.get_by_label("查询密码", exact=True).fill(password)
    await chat.button("验证").click()


async def enters(product: Product, open_page) -> Chat:
    """A visitor on the phone page."""
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await expect(chat.code).to_be_visible()
    return chat


async def test_a_dujiaoka_order_is_a_claim_until_its_look_up_password_and_then_shown_to_both_sides(
    product: Product, open_page
) -> None:
    chat = await enters(product, open_page)
    await chat.enter("dd")
    product.sql(f"update conversation set order_number = '{NUMBER}'")
    await chat.at.reload()  # type: ignore[union-attr]  # a page of its own, no frame
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    await expect(xiaomei.context).to_contain_text("自报，未核实")
    await expect(xiaomei.context).not_to_contain_text("7Q2K")

    await chat.button("验证身份").click()
    field = chat.at.get_by_label("查询密码", exact=True)
    await expect(field).to_have_attribute("type", "password")
    await chat.button("显示").press("Enter")
    await expect(field).to_have_attribute("type", "text")
    await tries(chat, "wrong-geheim")
    await expect(chat.at.get_by_text("信息不符，未能验证")).to_be_visible()
    await tries(chat, PASSWORD)
    await expect(chat.timeline).to_contain_text(f"订单 {NUMBER} 已验证")
    await expect(xiaomei.context).to_contain_text("订单已验证（查询密码）")
    await expect(xiaomei.context).to_contain_text("7Q2K")
    await expect(xiaomei.context).not_to_contain_text("zhen@")
    await chat.at.get_by_role("button", name=NUMBER).click()
    await expect(chat.at.get_by_text("7Q2K").first).to_be_visible()

    said = "\n".join(product.said)
    for page in (await chat.at.content(), await xiaomei.page.content(), said):  # type: ignore[union-attr]  # a page
        assert not any(secret in page for secret in (PASSWORD, "wrong-geheim", KEY, "MERCHANT", "zhen@example"))


async def test_a_look_up_password_that_is_guessed_five_times_is_off(product: Product, open_page) -> None:
    chat = await enters(product, open_page)
    await chat.button("验证身份").click()
    await expect(chat.at.get_by_label("查询密码", exact=True)).to_be_visible()
    assert await findings(chat.at) == []  # type: ignore[arg-type]  # a page of its own, no frame
    for n in range(5):
        await tries(chat, f"guess-{n}")
        await expect(chat.at.get_by_text("信息不符，未能验证")).to_be_visible()
    await tries(chat, PASSWORD)
    await expect(chat.at.get_by_text("今天的查询密码验证次数已用完")).to_be_visible()
    await expect(chat.at.get_by_text(f"订单 {NUMBER} 已验证")).to_be_hidden()
