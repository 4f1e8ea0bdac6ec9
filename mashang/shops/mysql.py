"""Reading a shop's own MySQL or MariaDB, and in one word what went wrong with it.

A connection lives as long as one question: nothing idles in the shop's database, and a
server that was restarted is no special case.  Four at once at most, read-only, each
statement and the whole question bounded in time, so that nobody waits for a database.

Which databases: any in a private network are left alone unless whoever runs this server
named them (`MASHANG_SHOP_DATABASES=db.lan:3306`), for an operator could otherwise use the
form to knock at our neighbours.  One in the open internet is read over verified TLS only,
one in a private network where the operator wants it so.

The driver is synchronous and runs in threads of its own; a question that is given up
shuts its connection down, which frees the thread at once.

Does not: know any table (`dujiaoka`), or repeat what a server said in a log.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import msgspec
import pymysql
from pymysql.constants import CR, ER
from pymysql.cursors import DictCursor

from mashang.kit import http
from mashang.kit.settings import Settings, private_databases
from mashang.kit.text import printable
from mashang.shops.connector import ShopFailed

ANSWERS_WITHIN = timedelta(seconds=1.6)  # the whole context has 1.8
STATEMENT_WITHIN = timedelta(seconds=1.2)
MOST_AT_ONCE = 4  # in one database
_THREADS = 12
PORT = 3306

Row = dict[str, Any]
Permitted = Callable[[str, int], http.Permitted]
_Reading = Callable[[DictCursor], list[Row]]

_REFUSED = frozenset({1044, 1045, 1130, 1142, 1143, 1227, 1251, 1698, 1820, 1862, 3118, 4151, 2058, 2059})
_OTHERWISE_MADE = frozenset({1049, 1054, 1115, 1146, 1267, 1305, 1356})
_TOLD = _REFUSED | _OTHERWISE_MADE  # what these say names a user, table or column, which an integrator needs
_TOO_SLOW = frozenset({1317, 1969, 3024})
# What the driver runs into when something else than MySQL talks, or it talks nonsense.
_NONSENSE = (
    struct.error, ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One database and who reads it; `tls`: only over TLS with a certificate that holds."""

    host: str
    port: int
    database: str
    user: str
    password: str
    tls: bool = False

    def __repr__(self) -> str:
        """Without its password: it may stand in somebody's traceback."""
        return f"Place({self.host}:{self.port}/{self.database})"


class _NotThatWay:
    """A server that wants the password itself, or in a way the driver has no means for, gets none."""

    def __init__(self, _connection: pymysql.Connection) -> None: ...

    def authenticate(self, _packet: object) -> None:
        raise pymysql.err.OperationalError(CR.CR_AUTH_PLUGIN_CANNOT_LOAD, "another way to sign in is needed")


_WAYS_NOT_TAKEN = dict.fromkeys(("mysql_clear_password", "dialog", "client_ed25519"), _NotThatWay)


class Databases:
    """How this process reaches the databases of its shops."""

    def __init__(self, permitted: Permitted) -> None:
        self._permitted = permitted
        self._threads = ThreadPoolExecutor(_THREADS, "shop-database")
        self._few: dict[tuple[str, int, str], asyncio.Semaphore] = {}

    async def rows(self, place: Place, sql: str, values: tuple[str | int, ...] = ()) -> list[Row]:
        """What one statement answers; raises ShopFailed."""

        def read(cursor: DictCursor) -> list[Row]:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

        return await self.reading(place, read)

    async def reading(self, place: Place, read: _Reading) -> list[Row]:
        """What `read` makes of one read-only session, in a thread; raises ShopFailed."""
        few = self._few.setdefault((place.host, place.port, place.database), asyncio.Semaphore(MOST_AT_ONCE))
        try:
            async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()), few:
                address = await http.checked(place.host, place.port, self._permitted(place.host, place.port))
                return await self._read(place, address, read)
        except TimeoutError as error:
            raise ShopFailed("timed_out") from error
        except http.PrivateAddress as error:
            raise ShopFailed("private_address", f"MASHANG_SHOP_DATABASES={place.host}:{place.port}") from error
        except (OSError, OverflowError, httpx.TransportError) as error:  # no port has such a number
            raise ShopFailed("unreachable", type(error).__name__) from error

    async def _read(self, place: Place, address: http.Address, read: _Reading) -> list[Row]:
        made = _connection(place, tls=place.tls or http.is_public(address, place.port))
        sock = await _connected(address, place.port)
        with sock.dup() as ours:
            running = self._threads.submit(_session, made, sock, read)
            try:
                return await asyncio.wrap_future(running)
            finally:
                if running.cancel():
                    sock.close()  # no thread had taken it
                with suppress(OSError):
                    ours.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def permitted(settings: Settings) -> Permitted:
    """Which databases may be read: public ones, and those that whoever runs the server named."""
    named = private_databases(settings.shop_databases)

    def for_host(host: str, port: int) -> http.Permitted:
        if settings.allow_private_addresses or (host.lower(), port) in named:
            return lambda _address, _port: True
        return http.is_public

    return for_host


async def _connected(address: http.Address, port: int) -> socket.socket:
    with ExitStack() as unless_connected:
        sock = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
        unless_connected.callback(sock.close)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (str(address), port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        unless_connected.pop_all()
    return sock


def _connection(place: Place, *, tls: bool) -> pymysql.Connection:
    """A connection that is not open yet."""
    return pymysql.connect(
        host=place.host,
        user=place.user.encode(),
        password=place.password.encode(),  # the driver's own encoding has no Chinese
        database=place.database,
        charset="utf8mb4",
        autocommit=None,
        init_command="set session transaction read only",
        ssl=_verified() if tls else None,
        ssl_disabled=not tls,
        auth_plugin_map=_WAYS_NOT_TAKEN,
        read_timeout=ANSWERS_WITHIN.total_seconds(),
        write_timeout=ANSWERS_WITHIN.total_seconds(),
        program_name="mashang",
        cursorclass=DictCursor,
        defer_connect=True,
    )


@cache
def _verified() -> ssl.SSLContext:
    """With the machine's authorities (or those of SSL_CERT_FILE); made once, for reading them takes long."""
    return ssl.create_default_context()


def _session(connection: pymysql.Connection, sock: socket.socket, read: _Reading) -> list[Row]:
    """In a thread: one session over a socket that is connected, and its end."""
    with sock, closing(connection):
        try:
            connection.connect(sock)
            with connection.cursor() as cursor:
                _bound(cursor, connection.get_server_info())
                return read(cursor)
        except pymysql.err.Error as error:
            raise _failure(error) from None
        except _NONSENSE as error:
            raise ShopFailed("malformed", f"no MySQL server: {type(error).__name__}") from None


def _bound(cursor: DictCursor, server: str) -> None:
    """Let no statement run long; servers too old to know how are bounded by our own time alone."""
    seconds = STATEMENT_WITHIN.total_seconds()
    is_mariadb = "mariadb" in server.lower()
    limit = f"max_statement_time = {seconds}" if is_mariadb else f"max_execution_time = {int(seconds * 1000)}"
    try:
        cursor.execute(f"set session {limit}")
    except pymysql.err.Error as error:
        if _number(error) != ER.UNKNOWN_SYSTEM_VARIABLE:
            raise


def _failure(error: pymysql.err.Error) -> ShopFailed:
    number = _number(error)
    told = printable(str(error.args[-1]))[:200] if number in _TOLD else ""
    detail = f"MySQL {number} {told}".strip()
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return ShopFailed("certificate", cause.verify_message or "not verified")
    if isinstance(cause, ssl.SSLError) or number == CR.CR_SSL_CONNECTION_ERROR:
        return ShopFailed("certificate", "no TLS of the kind that is demanded")
    if number in _REFUSED:
        return ShopFailed("refused_us", detail)
    if number in _TOO_SLOW:
        return ShopFailed("timed_out", detail)
    if number in _OTHERWISE_MADE:
        return ShopFailed("malformed", detail)
    return ShopFailed("unavailable", detail)


def _number(error: pymysql.err.Error) -> int:
    number = error.args[0] if error.args else 0
    return number if isinstance(number, int) else 0
