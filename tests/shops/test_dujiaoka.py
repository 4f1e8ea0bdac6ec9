"""A dujiaoka shop on a real MariaDB: what is read of it, what never is, and every way in which it fails."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from mashang.shops import acting, contract, mysql
from mashang.shops.connector import ShopFailed
from mashang.shops.mysql import Databases
from tests.dujiaoka import (
    KEY,
    MORE,
    NUMBER,
    PASSWORD,
    Selling,
    asked,
    cards,
    databases,
    failure,
    mariadb,
    selling_cards,
)
from tests.mariadb import MariaDB

__all__ = ["cards", "databases", "mariadb"]

SHANGHAI = ZoneInfo("Asia/Shanghai")


# ── what is read ────────────────────────────────────────────────────────────


async def test_an_order_is_told_whole_with_its_keys_masked(cards: Selling) -> None:
    order = await cards.shop().order(NUMBER)
    assert order
    assert (order.number, order.subject, order.status, order.status_text) == (
        NUMBER, f"order:{NUMBER}", "delivered", "已完成",
    )  # fmt: skip
    assert order.placed_at == datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
    assert order.total == contract.Money(amount="80.00", currency="CNY")
    assert order.payment
    assert (order.payment.method, order.payment.status) == ("alipay", "paid")
    assert order.payment.reference_masked == "••••5678"
    assert order.url == f"https://cards.example/detail-order-sn/{NUMBER}"
    (line,) = order.lines
    assert line.product == "Steam 充值卡 50 元"
    assert (line.quantity, line.price.amount, line.delivery.kind, line.delivery.state) == (
        2, "44.00", "card_key", "issued",
    )  # fmt: skip
    assert [entry.key_masked for entry in line.issue_record] == ["•••• 7Q2K", "•••• 9Z3M"]
    assert {entry.to_masked for entry in line.issue_record} == {"z••••@example.com"}


async def test_nothing_secret_is_in_an_order_nor_in_any_log(cards: Selling, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        order = await cards.shop().order(NUMBER)
        assert not await asked(cards.shop(), "guess-123")
        assert await asked(cards.shop(), PASSWORD)
    kept = msgspec.json.encode(order).decode() + caplog.text
    for secret in (KEY, MORE, "AB12", "zhen@", PASSWORD, "guess-123", cards.password, "MERCHANT", "2026112122001412"):
        assert secret not in kept


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (1, ("pending_payment", "waiting", "pending", None)),
        (2, ("paid", "waiting", "paid", None)),
        (3, ("paid", "waiting", "paid", None)),
        (4, ("delivered", "issued", "paid", None)),
        (5, ("failed", "failed", "paid", None)),
        (6, ("paid", "failed", "paid", "paid_not_issued")),
        (-1, ("cancelled", "waiting", None, None)),
    ],
    ids=["unpaid", "to handle", "in progress", "completed", "failed", "abnormal", "expired"],
)
async def test_each_status_has_its_meaning_and_keys_come_with_completion_only(
    cards: Selling, status: int, told: tuple[str, str, str | None, str | None]
) -> None:
    cards.sql("update orders set status = %s", status)
    order = await cards.shop().order(NUMBER)
    assert order
    (line,) = order.lines
    paid = order.payment.status if order.payment else None
    anomaly = order.anomaly.kind if order.anomaly else None
    assert (order.status, line.delivery.state, paid, anomaly) == told
    assert bool(line.issue_record) == (status == 4)
    shown = await cards.shop().keys(NUMBER, reveal())
    assert shown == acting.CardKeys(keys=[KEY, MORE] if status == 4 else [])


async def test_what_a_buyer_answered_to_an_order_by_hand_is_not_taken_for_keys(cards: Selling) -> None:
    cards.sql("update orders set type = 2, info = '充值账号：zhen1990\n密码：AAAABBBBCCCC1234'")
    order = await cards.shop().order(NUMBER)
    assert order
    assert (order.lines[0].delivery.kind, order.lines[0].issue_record) == ("top_up", [])
    assert await cards.shop().keys(NUMBER, reveal()) == acting.CardKeys(keys=[])


@pytest.mark.parametrize(
    ("key", "masked"),
    [
        ("STEAM-AB12-CD34-7Q2K", "•••• 7Q2K"),
        ("1234567890123456", "•••• 3456"),
        ("AB12-CD34", "••••"),
        ("zhen1990----hunter2hunter2", "••••"),
        ("账号：zhen 密码：AAAABBBBCCCC1234", "••••"),
        ("<script>alert(1)</script>", "••••"),
        ("https://cards.example/AAAABBBBCCCC1234", "••••"),
    ],
    ids=["key", "digits", "short", "account and password", "words", "markup", "link"],
)
async def test_of_a_key_at_most_four_are_readable(cards: Selling, key: str, masked: str) -> None:
    cards.sql("update orders set info = %s", key)
    order = await cards.shop().order(NUMBER)
    assert order
    assert [entry.key_masked for entry in order.lines[0].issue_record] == [masked]


async def test_a_deleted_order_is_none_and_its_password_proves_nothing(cards: Selling) -> None:
    cards.sql("update orders set deleted_at = now()")
    assert await cards.shop().order(NUMBER) is None
    assert await cards.shop().keys(NUMBER, reveal()) is None
    assert not await asked(cards.shop(), PASSWORD)


@pytest.mark.parametrize(
    "number",
    [NUMBER.lower(), NUMBER + " ", f"{NUMBER}' or '1'='1", "%", "", "订单", "1" * 500, "\\", "zhen@example.com"],
)
async def test_only_the_very_number_finds_an_order(cards: Selling, number: str) -> None:
    assert await cards.shop().order(number) is None
    assert await cards.shop().keys(number, reveal()) is None


async def test_a_contact_alone_shows_no_order_and_is_nobody(cards: Selling) -> None:
    shop = cards.shop()
    for contact in ("zhen@example.com", f"order:{NUMBER}", NUMBER):
        assert await shop.account(contact) is None
        assert (await shop.orders(contact)).orders == []


async def test_only_the_look_up_password_proves_and_other_proofs_are_not_offered(cards: Selling) -> None:
    shop = cards.shop()
    assert (await shop.capabilities()).proofs == ["look_up_password"]
    for request in (
        contract.LastFour(order_number=NUMBER, last_four="1234"),
        contract.SendCode(account="zhen@example.com"),
        contract.VerifyCode(proof="x", code="123456"),
    ):
        with pytest.raises(ShopFailed, match="not_offered"):
            await shop.prove(request)
    with pytest.raises(ShopFailed, match="not_offered"):
        await shop.act(NUMBER, acting.ActionRequest(key="k" * 20, action="resend", asked_by="customer"))
    assert await shop.outcome("k" * 20) is None


@pytest.mark.parametrize(
    ("stored", "typed", "right"),
    [
        (PASSWORD, PASSWORD, True),
        (PASSWORD, f"  {PASSWORD} ", True),
        (PASSWORD, PASSWORD.upper(), False),
        (PASSWORD, PASSWORD[:-1], False),
        ("", " ", False),
        (None, "x", False),
        ("查询密码🦞", "查询密码🦞", True),
        ("é", "e", False),
        ("a'b\\c\"", "a'b\\c\"", True),
        ("x", "' or '1'='1", False),
    ],
    ids=["right", "spaces", "case", "part", "empty", "null", "emoji", "accent", "quotes", "injection"],
)
async def test_the_password_is_compared_to_the_letter(
    cards: Selling, stored: str | None, typed: str, right: bool
) -> None:
    cards.sql("update orders set search_pwd = %s", stored)
    assert await asked(cards.shop(), typed) is right


async def test_neither_password_travels(cards: Selling) -> None:
    """What was typed is in no statement of the database's log, what is stored in no answer of its."""
    seen: list[Any] = []
    rows = cards.databases.rows

    async def watched(*given: Any) -> list[mysql.Row]:
        answer = await rows(*given)
        seen.append(answer)
        return answer

    cards.databases.rows = watched  # type: ignore[method-assign]  # the same, overheard
    cards.mariadb.sql("set global log_output = 'TABLE'")
    cards.mariadb.sql("set global general_log = 1")
    try:
        assert await asked(cards.shop(), PASSWORD)
        assert not await asked(cards.shop(), "typed-by-somebody")
    finally:
        cards.mariadb.sql("set global general_log = 0")
    log = cards.mariadb.sql("select group_concat(convert(argument using utf8mb4)) as said from mysql.general_log")
    assert "sha2(" in log[0]["said"]
    for secret in (PASSWORD, "typed-by-somebody"):
        assert secret not in log[0]["said"]
        assert secret not in str(seen)


async def test_products_are_those_on_sale_with_what_is_left_of_them(cards: Selling) -> None:
    cards.sql("insert into goods (group_id, gd_name, is_open) values (1, 'Steam 下架', 0)")
    cards.sql("insert into goods (group_id, gd_name, deleted_at) values (1, 'Steam 删除', now())")
    shop = cards.shop()
    found = (await shop.products()).products
    assert [(one.name, one.kind, one.in_stock) for one in found] == [
        ("Steam 充值卡 50 元", "card_key", True),
        ("Switch 会员 12 个月", "card_key", False),
        ("QQ 会员代充", "top_up", True),
    ]
    assert (found[0].url, found[0].summary, found[0].price.amount) == (
        "https://cards.example/buy/1",
        "游戏点卡",
        "44.00",
    )
    assert [one.id for one in (await shop.products("steam")).products] == ["1"]
    assert (await shop.products("%")).products == []
    assert len((await shop.products(limit=1)).products) == 1
    assert (await shop.product("2")) == found[1]
    assert [await shop.product(one) for one in ("4", "5", "99", "x", "-1", "9" * 30)] == [None] * 6
    assert (await shop.promotions()).promotions == []


# ── what stands there that should not ───────────────────────────────────────


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("actual_price", "-1", "decimal(10,2)"),
        ("actual_price", None, "decimal(10,2)"),
        ("goods_price", "viel", "varchar(20)"),
        ("actual_price", "1000000000000", "decimal(20,2)"),
        ("buy_amount", "0", "int"),
        ("status", "9", "int"),
        ("status", None, "int"),
        ("type", "card", "varchar(20)"),
    ],
    ids=["negative", "no amount", "words", "too much", "none bought", "new status", "no status", "other type"],
)
async def test_an_order_that_cannot_be_is_an_outage_and_never_half_read(
    cards: Selling, column: str, value: str | None, kind: str
) -> None:
    cards.sql(f"alter table orders modify {column} {kind} null")
    cards.sql(f"update orders set {column} = %s", value)
    assert (await failure(cards.shop())).reason == "malformed"


async def test_dates_that_are_none_are_left_out_and_an_order_needs_one(cards: Selling) -> None:
    cards.sql("alter table orders modify created_at datetime null, modify updated_at datetime null")
    cards.sql("update orders set created_at = '0000-00-00 00:00:00'")
    order = await cards.shop().order(NUMBER)
    assert order
    assert order.placed_at == datetime(2026, 11, 21, 10, 1, tzinfo=SHANGHAI)
    cards.sql("update orders set updated_at = null")
    assert (await failure(cards.shop())).reason == "malformed"


async def test_a_time_is_in_the_zone_that_the_operator_chose(cards: Selling) -> None:
    order = await cards.shop(time_zone="America/New_York").order(NUMBER)
    assert order
    assert order.placed_at == datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("America/New_York"))


async def test_ten_megabytes_of_delivered_text_cost_neither_time_nor_memory(cards: Selling) -> None:
    cards.sql("alter table orders modify info longtext")
    cards.sql("update orders set info = repeat('STEAM-AB12-CD34-7Q2K\n', 500000)")
    order = await cards.shop().order(NUMBER)
    assert order
    assert len(order.lines[0].issue_record) == 200
    with pytest.raises(ShopFailed, match="too_large"):
        await cards.shop().keys(NUMBER, reveal())


async def test_controls_and_directions_are_taken_out_of_names(cards: Selling) -> None:
    cards.sql(
        "update orders set title = concat('卡', char(0), char(7), _utf8mb4 x'E280AE', '密 <b>x</b>', repeat('长', 180))"
    )
    order = await cards.shop().order(NUMBER)
    assert order
    assert order.lines[0].product.startswith("卡密 <b>x</b>长")
    assert len(order.lines[0].product) <= 200


@pytest.mark.parametrize("charset", ["gbk", "latin1", "utf8", "utf8mb4"])
async def test_whatever_its_character_set_what_it_can_hold_is_read(
    mariadb: MariaDB, databases: Databases, charset: str
) -> None:
    with mariadb_words(mariadb, databases, charset) as made:
        title = "cafe" if charset == "latin1" else "充值卡 🦞" if charset == "utf8mb4" else "充值卡"
        made.sells(title=title)
        order = await made.shop().order(NUMBER)
        assert order
        assert order.lines[0].product == title
        assert await asked(made.shop(), PASSWORD)
        assert not await asked(made.shop(), PASSWORD + "🦞")
        assert await made.shop().order("订单🦞") is None


def mariadb_words(server: MariaDB, databases: Databases, charset: str) -> Any:
    """A shop whose tables are of this character set; what it cannot hold becomes question marks, as in old shops."""
    server.sql("set global sql_mode = ''")
    return selling_cards(server, databases, charset)


def reveal() -> acting.RevealRequest:
    return acting.RevealRequest(line="1", reason="客户说打不开", asked_by="小美")
