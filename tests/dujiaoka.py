"""A dujiaoka shop as its database is: tables, a few rows, and users with more or fewer rights."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mashang.kit import ids
from mashang.kit.settings import Settings as ProductSettings
from mashang.shops import contract
from mashang.shops.connector import ShopFailed
from mashang.shops.dujiaoka import Dujiaoka, Settings
from mashang.shops.mysql import Databases
from tests.mariadb import MariaDB, mariadb

__all__ = ["mariadb"]

NUMBER, PASSWORD = "6TQH2KZW9XJ4M8PB", "lychee-2026"
KEY, MORE = "STEAM-AB12-CD34-7Q2K", "STEAM-EF56-GH78-9Z3M"
PAGE = "https://cards.example"
TABLES = (
    """create table orders (
        id int unsigned auto_increment primary key, order_sn varchar(150) not null unique, goods_id int not null,
        title varchar(200) not null, type tinyint not null default 1, goods_price decimal(10,2) not null default 0,
        buy_amount int not null default 1, total_price decimal(10,2) not null default 0,
        actual_price decimal(10,2) not null default 0, coupon_id int default 0, email varchar(200) not null,
        search_pwd varchar(200) default '', info text, pay_id int, trade_no varchar(200) default '',
        buy_ip varchar(50) not null default '', status int not null default 1, created_at timestamp null,
        updated_at timestamp null, deleted_at timestamp null, key (email)
    )""",
    """create table carmis (
        id int unsigned auto_increment primary key, goods_id int not null, status tinyint not null default 1,
        is_loop tinyint not null default 0, carmi text not null, created_at timestamp null,
        updated_at timestamp null, deleted_at timestamp null, key (goods_id)
    )""",
    """create table goods (
        id int unsigned auto_increment primary key, group_id int not null, gd_name varchar(200) not null,
        actual_price decimal(10,2) not null default 0, in_stock int not null default 0, type tinyint not null default 1,
        buy_prompt text, is_open tinyint not null default 1, deleted_at timestamp null
    )""",
    "create table goods_group (id int unsigned auto_increment primary key, gp_name varchar(200) not null)",
    """create table pays (
        id int unsigned auto_increment primary key, pay_name varchar(200) not null, pay_check varchar(50) unique,
        pay_client tinyint not null default 1, merchant_key text, merchant_pem text not null,
        is_open tinyint not null default 1
    )""",
    "create table coupons (id int unsigned auto_increment primary key, coupon varchar(150) unique, ret int)",
)  # fmt: skip
READABLE = {
    "orders": "order_sn, title, type, goods_price, buy_amount, actual_price, email, search_pwd, info, pay_id, trade_no,"
    " status, created_at, updated_at, deleted_at",
    "goods": "id, group_id, gd_name, actual_price, in_stock, type, is_open, deleted_at",
    "goods_group": "id, gp_name",
    "carmis": "goods_id, status, deleted_at",
    "pays": "id, pay_name, pay_check",
}  # as docs/integrating/dujiaoka.md grants them


@dataclass
class Selling:
    """One dujiaoka shop: what its own pages would write, and how we read it."""

    mariadb: MariaDB
    database: str
    user: str
    password: str
    databases: Databases

    def sql(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        return self.mariadb.sql(statement, values, database=self.database)

    def sells(self, number: str = NUMBER, **changes: Any) -> None:
        """An order: delivered by itself, two keys, paid by Alipay; `changes` are columns."""
        row = {
            "order_sn": number, "goods_id": 1, "title": "Steam 充值卡 50 元 x 2", "type": 1, "goods_price": "44.00",
            "buy_amount": 2, "total_price": "88.00", "actual_price": "80.00", "email": "zhen@example.com",
            "search_pwd": PASSWORD, "info": f"{KEY}\n{MORE}\n", "pay_id": 1, "trade_no": "2026112122001412345678",
            "status": 4, "created_at": "2026-11-21 10:00:00", "updated_at": "2026-11-21 10:01:00", **changes,
        }  # fmt: skip
        self.sql(f"insert into orders ({', '.join(row)}) values ({', '.join(['%s'] * len(row))})", *row.values())

    def settings(self, **changes: Any) -> Settings:
        told = {"host": self.mariadb.host, "port": self.mariadb.port, "database": self.database, "user": self.user}
        return msgspec.convert({**told, **changes}, Settings)

    def shop(self, *, password: str | None = None, **changes: Any) -> Dujiaoka:
        """As an operator connected it."""
        return Dujiaoka(self.databases, PAGE, self.settings(**changes), self.password if password is None else password)

    @contextmanager
    def somebody(self, *grants: str) -> Iterator[dict[str, str]]:
        """Another user, with these rights, for the length of the block: its name and password."""
        user, password = f"u{ids.public_id()[:10].lower()}", ids.secret()
        self.sql(f"create user {user}@'%%' identified by %s", password)
        try:
            for grant in grants:
                self.sql(f"grant {grant} to {user}@'%%'")
            yield {"user": user, "password": password}
        finally:
            self.sql(f"drop user {user}@'%%'")


def columns(database: str) -> list[str]:
    """The rights that the document asks for."""
    return [f"select ({names}) on {database}.{table}" for table, names in READABLE.items()]


@contextmanager
def selling_cards(server: MariaDB, databases: Databases, charset: str = "utf8mb4") -> Iterator[Selling]:
    """A shop with goods, pays and no order yet."""
    with server.database(charset) as database:
        made = Selling(server, database, "", "", databases)
        for table in TABLES:
            made.sql(table)
        made.sql("insert into goods_group (gp_name) values ('游戏点卡')")
        made.sql(
            "insert into goods (group_id, gd_name, actual_price, in_stock, type) values"
            " (1, 'Steam 充值卡 50 元', 44, 0, 1), (1, 'Switch 会员 12 个月', 128, 0, 1), (1, 'QQ 会员代充', 10, 5, 2)"
        )
        made.sql("insert into carmis (goods_id, status, carmi) values (1, 1, 'X1-UNSOLD'), (2, 2, 'X2-SOLD')")
        made.sql(
            "insert into pays (pay_name, pay_check, merchant_key, merchant_pem) values"
            " ('支付宝当面付', 'zfbf2f', 'MERCHANT-KEY', 'MERCHANT-PEM'), ('微信支付', 'wxf2f', '', 'MERCHANT-PEM')"
        )
        with made.somebody(*columns(database)) as reader:
            made.user, made.password = reader["user"], reader["password"]
            yield made


async def asked(shop: Dujiaoka, password: str, number: str = NUMBER) -> bool:
    """Does this password prove that order?"""
    answer = await shop.prove(contract.LookUpPassword(order_number=number, password=password))
    return answer == contract.Proved(subject=f"order:{number}")


async def failure(shop: Dujiaoka) -> ShopFailed:
    """How the shop fails when it is asked for the order."""
    with pytest.raises(ShopFailed) as failed:
        await shop.order(NUMBER)
    assert PASSWORD not in f"{failed.value!r} {failed.value.detail}"
    return failed.value


@pytest.fixture
async def databases() -> AsyncIterator[Databases]:
    """As a process reaches them that was told that private ones may be read."""
    made = Databases(lambda _host, _port: lambda _address, _number: True)
    yield made
    made.close()


@pytest.fixture
def cards(mariadb: MariaDB, databases: Databases) -> Iterator[Selling]:
    """A dujiaoka shop with one order."""
    with selling_cards(mariadb, databases) as made:
        made.sells()
        yield made


def bare(**changes: Any) -> ProductSettings:
    """Settings of a product of which nothing is set but `changes`."""
    return ProductSettings(home=Path("/nowhere"), secret=b"", **changes)
