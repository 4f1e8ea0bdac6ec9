"""The test button of a dujiaoka shop: what is right and wrong about its database, one by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.stage import free_port
from mashang.shops import check, dujiaoka_check
from mashang.shops.check import Check, Subject
from mashang.shops.dujiaoka import Dujiaoka
from mashang.shops.mysql import Databases, permitted
from tests.dujiaoka import NUMBER, PASSWORD, READABLE, Selling, bare, cards, databases, mariadb

__all__ = ["cards", "databases", "mariadb"]


async def tried(shop: Dujiaoka, order: str = "") -> dict[str, Check]:
    visit = dujiaoka_check.Visit(shop, Subject(order=order))
    return {one.name: one async for one in visit.checks()}


def wrong(checks: dict[str, Check]) -> dict[str, str]:
    return {name: one.facts["reason"] for name, one in checks.items() if one.ok is False}


async def test_a_user_as_the_document_makes_it_is_right_in_everything(cards: Selling) -> None:
    checks = await tried(cards.shop(), NUMBER)
    assert {name: one.ok for name, one in checks.items()} == dict.fromkeys(dujiaoka_check.NAMES, True)
    assert [check.detail(checks[name], "zh-CN") for name in ("database_products", "database_order")] == [
        "读到 3 个商品",
        "发卡记录 2 条",
    ]


def test_the_grants_of_both_documents_are_those_that_are_needed_and_no_more() -> None:
    for name in ("dujiaoka.md", "dujiaoka.zh-CN.md"):
        text = Path("docs/integrating", name).read_text("utf-8")
        granted = {
            table: set(re.split(r",\s*", columns.strip()))
            for columns, table in re.findall(r"GRANT SELECT \(([^)]*)\) ON shop\.(\w+)", text)
        }
        assert granted == {table: set(columns) for table, columns in dujiaoka_check.COLUMNS.items()}
        assert granted == {table: set(columns.split(", ")) for table, columns in READABLE.items()}


async def test_a_user_who_may_write_or_read_secrets_is_told_what_to_do(cards: Selling) -> None:
    with cards.somebody(f"all privileges on {cards.database}.*") as writer:
        checks = await tried(cards.shop(**writer), NUMBER)
    assert wrong(checks) == {"database_reads_only": "may_write", "database_secrets": "reads_secrets"}
    assert "pays.merchant_key" in check.detail(checks["database_secrets"], "en")
    assert "SELECT" in check.detail(checks["database_reads_only"], "zh-CN")


async def test_a_missing_column_and_a_missing_grant_are_named(cards: Selling) -> None:
    grants = [f"select on {cards.database}.{table}" for table in READABLE if table != "carmis"]
    with cards.somebody(*grants) as reader:
        cards.sql("alter table orders drop column trade_no")
        checks = await tried(cards.shop(**reader))
    assert checks["database_columns"].facts["columns"] == (
        "orders.trade_no, carmis.goods_id, carmis.status, carmis.deleted_at"
    )


async def test_a_time_zone_that_puts_orders_into_the_future_is_wrong(cards: Selling) -> None:
    cards.sql("update orders set created_at = utc_timestamp() + interval 8 hour")
    assert wrong(await tried(cards.shop())) == {}
    assert wrong(await tried(cards.shop(time_zone="UTC"))) == {"database_clock": "time_zone"}


async def test_without_the_database_nothing_else_is_tried_and_no_secret_is_told(cards: Selling) -> None:
    for shop, reason in (
        (cards.shop(password="wrong-geheim"), "refused_us"),
        (cards.shop(port=free_port()), "unreachable"),
        (cards.shop(database="nothere"), "refused_us"),
    ):
        checks = await tried(shop)
        assert wrong(checks) == {"database": reason}
        assert [one.ok for one in checks.values()].count(None) == len(checks) - 1
        for locale in ("zh-CN", "en"):
            told = "".join(check.detail(one, locale) for one in checks.values())
            assert not any(secret in told for secret in ("geheim", cards.password, PASSWORD))


async def test_a_private_address_is_told_with_the_very_setting_that_opens_it(cards: Selling) -> None:
    cards.databases = Databases(permitted(bare()))
    checks = await tried(cards.shop())
    told = check.detail(checks["database"], "en")
    assert told.endswith(f"(MASHANG_SHOP_DATABASES=127.0.0.1:{cards.mariadb.port})")
    cards.databases.close()


async def test_an_order_that_is_not_there_is_said_to_be_none(cards: Selling) -> None:
    assert wrong(await tried(cards.shop(), "NOSUCHORDER")) == {"database_order": "no_such_order"}


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_check_has_its_title(locale: str) -> None:
    assert all("check." not in check.title(Check(name, True), locale) for name in dujiaoka_check.NAMES)
