"""The database of a dujiaoka shop, a real MariaDB: every way in which it fails, and whom it may be."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymysql.cursors import DictCursor

from bench.stage import free_port
from mashang.kit import http
from mashang.shops import mysql
from mashang.shops.connector import ShopFailed
from mashang.shops.mysql import Databases
from tests.certificates import Authority
from tests.dujiaoka import (
    NUMBER,
    Selling,
    bare,
    cards,
    databases,
    failure,
    mariadb,
    selling_cards,
)
from tests.folders import open_folder
from tests.mariadb import MariaDB, serving

__all__ = ["cards", "databases", "mariadb"]

# ── ways to fail ────────────────────────────────────────────────────────────


async def test_a_wrong_password_is_told_apart_and_repeated_nowhere(cards: Selling) -> None:
    failed = await failure(cards.shop(password="wrong-geheim"))
    assert failed.reason == "refused_us"
    assert "wrong-geheim" not in failed.detail
    assert cards.user in failed.detail


async def test_a_database_that_is_not_there_is(cards: Selling) -> None:
    assert (await failure(cards.shop(port=free_port()))).reason == "unreachable"
    assert (await failure(cards.shop(port=999_999))).reason == "unreachable"
    for host in ("nobody.invalid", "a b", "x" * 300, "数据库", "-"):
        assert (await failure(cards.shop(host=host))).reason == "unreachable", host
    assert (await failure(cards.shop(database="other"))).reason == "refused_us"


async def test_another_version_s_tables_name_what_is_missing(cards: Selling) -> None:
    with cards.somebody(f"select on {cards.database}.*") as reader:
        shop = cards.shop(user=reader["user"], password=reader["password"])
        cards.sql("alter table orders drop column trade_no")
        failed = await failure(shop)
        assert (failed.reason, "trade_no" in failed.detail) == ("malformed", True)
        cards.sql("drop table pays")
        failed = await failure(shop)
        assert (failed.reason, "pays" in failed.detail) == ("malformed", True)


async def test_a_column_that_was_not_granted_is_named(cards: Selling) -> None:
    with cards.somebody(f"select (order_sn, deleted_at) on {cards.database}.orders") as reader:
        failed = await failure(cards.shop(user=reader["user"], password=reader["password"]))
        assert failed.reason == "refused_us"


async def test_a_slow_statement_is_given_up_in_time_and_leaves_nothing_running(cards: Selling) -> None:
    place = cards.shop().place
    started = asyncio.get_running_loop().time()
    with pytest.raises(ShopFailed, match="timed_out"):
        await cards.databases.rows(place, "select sleep(30)")
    assert asyncio.get_running_loop().time() - started < 5
    running = "select count(*) as n from information_schema.processlist where user = %s and info like '%%sleep%%'"
    assert cards.sql(running, cards.user)[0]["n"] == 0


async def test_a_server_that_accepts_and_says_nothing_is_given_up(
    cards: Selling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mysql, "ANSWERS_WITHIN", timedelta(milliseconds=200))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        answers = await asyncio.gather(*(failure(cards.shop(port=port)) for _ in range(6)))
    assert {one.reason for one in answers} == {"timed_out"}


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 64, b"\x01"]
)
async def test_something_else_that_listens_there_is_no_crash(cards: Selling, said: bytes) -> None:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as other:
        failed = await failure(cards.shop(port=other.sockets[0].getsockname()[1]))
    assert failed.reason in {"malformed", "unavailable"}


async def test_more_questions_than_connections_wait_for_each_other_and_all_are_answered(cards: Selling) -> None:
    cards.mariadb.sql("flush status")
    await asyncio.gather(*(cards.shop().order(NUMBER) for _ in range(20)))
    used = cards.sql("show global status like 'Max_used_connections'")
    assert int(used[0]["Value"]) <= 2 * mysql.MOST_AT_ONCE + 1  # some that end are counted still


async def test_a_question_that_is_left_behind_frees_its_connection(cards: Selling) -> None:
    connected = threading.Semaphore(0)

    def ask(cursor: DictCursor) -> list[dict[str, Any]]:
        connected.release()
        cursor.execute("select sleep(1)")
        return list(cursor.fetchall())

    place = cards.shop().place
    asking = [asyncio.ensure_future(cards.databases.reading(place, ask)) for _ in range(mysql.MOST_AT_ONCE)]
    for _ in asking:
        assert await asyncio.to_thread(connected.acquire, timeout=10)
    for one in asking:
        one.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    assert await cards.shop().order(NUMBER)


async def test_nothing_can_be_written_even_by_a_user_who_might(cards: Selling) -> None:
    with cards.somebody(f"all privileges on {cards.database}.*") as writer:
        place = cards.shop(user=writer["user"], password=writer["password"]).place
        with pytest.raises(ShopFailed):
            await cards.databases.rows(place, "update orders set status = 5")
    assert cards.sql("select status from orders")[0]["status"] == 4


async def test_a_database_that_takes_no_writes_is_read_as_ever(cards: Selling) -> None:
    cards.mariadb.sql("set global read_only = 1")
    try:
        assert await cards.shop().order(NUMBER)
    finally:
        cards.mariadb.sql("set global read_only = 0")


# ── whom it may reach, and how ──────────────────────────────────────────────


@pytest.mark.parametrize("named", ["", "127.0.0.1:1", "db.lan:3306"], ids=["none", "another port", "another"])
async def test_a_private_database_is_left_alone_unless_it_was_named(cards: Selling, named: str) -> None:
    cards.databases = Databases(mysql.permitted(bare(shop_databases=named)))
    assert (await failure(cards.shop())).reason == "private_address"
    cards.databases.close()


async def test_a_private_database_that_was_named_is_read(cards: Selling) -> None:
    cards.databases = Databases(mysql.permitted(bare(shop_databases=f" db.lan:3306, 127.0.0.1:{cards.mariadb.port}")))
    assert await cards.shop().order(NUMBER)
    cards.databases.close()


@pytest.mark.parametrize("written", ["mysql://db", "a b:x", ":3306", "u@db:3306", "db:99999"])
def test_a_list_of_databases_that_cannot_be_read_says_how_to_write_it(written: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        mysql.permitted(bare(shop_databases=written))


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    with open_folder() as folder:
        yield Authority(folder, "ours")


@pytest.fixture(scope="module")
def secured(authority: Authority) -> Iterator[MariaDB]:
    """A server that shows a certificate for `localhost`."""
    file = authority.certificate("localhost")
    file.chmod(0o644)
    with open_folder() as folder, serving(folder, f"--ssl-cert={file}", f"--ssl-key={file}") as server:
        yield server


@pytest.mark.parametrize("is_public", [False, True], ids=["where it is wanted", "in the open internet"])
async def test_over_tls_the_certificate_must_hold(
    secured: MariaDB, databases: Databases, authority: Authority, monkeypatch: pytest.MonkeyPatch, is_public: bool
) -> None:
    monkeypatch.setattr(http, "is_public", lambda _address, _port: is_public)
    with selling_cards(secured, databases) as cards:
        cards.sells()
        cards.sql(f"alter user {cards.user}@'%%' require ssl")
        wanted = {} if is_public else {"tls": "verified"}
        assert (await failure(cards.shop(host="localhost", **wanted))).reason == "certificate"  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        mysql._verified.cache_clear()
        assert await cards.shop(host="localhost", **wanted).order(NUMBER)
        assert (await failure(cards.shop(host="127.0.0.1", **wanted))).reason == "certificate"
    mysql._verified.cache_clear()


async def test_a_public_database_without_tls_is_not_read(cards: Selling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "is_public", lambda _address, _port: True)
    assert (await failure(cards.shop())).reason == "certificate"
