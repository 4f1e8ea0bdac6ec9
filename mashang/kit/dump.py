"""A whole database into one stream of bytes, and back: pg_dump and pg_restore.

They come with the embedded server; for a server of somebody's own that is newer than
those, the ones on PATH are taken.  A stream is written and read while it passes, never
held.  Passwords go through the environment: a command line is everybody's to read.

Does not: know what is in the database, or keep the stream (`cli.archive`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from mashang.kit import postgres
from mashang.kit.trouble import Trouble

_CHUNK = 256 * 1024
_COMMON = ("--no-owner", "--no-privileges", "--no-password")
# Servers before 17 do not know a setting that the newer pg_restore makes; nothing else may go wrong.
_UNKNOWN_TO_OLD_SERVERS = 'unrecognized configuration parameter "transaction_timeout"'
FORMER = "before_restore_"  # schemas of this name hold what a restore put aside


def dumped(dsn: str, snapshot: str) -> Iterator[bytes]:
    """The database as `snapshot` (pg_export_snapshot) saw it, in pg_dump's custom format.  Raises Trouble."""
    command = [
        _program("pg_dump", dsn), *_COMMON, "--format=custom", "--no-comments", f"--exclude-schema={FORMER}*",
        f"--snapshot={snapshot}", f"--dbname={_without_password(dsn)}",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=_environment(dsn))
        try:
            stdout = cast("IO[bytes]", process.stdout)
            while chunk := stdout.read(_CHUNK):
                yield chunk
            if process.wait() != 0:
                raise Trouble("dump_failed", reason=_last_line(said))
        finally:
            process.kill()
            process.communicate()


def load(dsn: str, dump: Iterable[bytes]) -> None:
    """Fill an empty database with what `dumped` wrote: all of it or nothing.  Raises Trouble."""
    with psycopg.connect(dsn) as connection:
        old = connection.info.server_version < 170_000
    whole = [] if old else ["--exit-on-error", "--single-transaction"]
    command = [_program("pg_restore", dsn), *_COMMON, *whole, f"--dbname={_without_password(dsn)}"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=_environment(dsn)
        )
        try:
            _feed(process, dump)
            if process.wait() != 0 and not (old and _only_the_known(said)):
                raise Trouble("load_failed", reason=_last_line(said))
        finally:
            process.kill()
            process.communicate()


def _feed(process: subprocess.Popen[bytes], dump: Iterable[bytes]) -> None:
    stdin = cast("IO[bytes]", process.stdin)
    try:
        for chunk in dump:
            stdin.write(chunk)
        stdin.close()
    except BrokenPipeError:  # it has ended, and says why
        pass


def _program(name: str, dsn: str) -> str:
    """The program, of a release no older than the server; raises Trouble."""
    with psycopg.connect(dsn, connect_timeout=10) as connection:
        major = connection.info.server_version // 10_000
    own = postgres.program(name)
    for found in [str(path) for path in (own, shutil.which(name)) if path]:
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(said.split()[2].partition(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz")) >= major:
            return found
    raise Trouble("pg_dump_old", program=name, server=major)


def _without_password(dsn: str) -> str:
    known = conninfo_to_dict(dsn)
    known.pop("password", None)
    return make_conninfo("", **known)


def _environment(dsn: str) -> dict[str, str]:
    password = conninfo_to_dict(dsn).get("password")
    return {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}


def _lines(said: IO[bytes]) -> list[str]:
    said.seek(0)
    return [line for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]


def _last_line(said: IO[bytes]) -> str:
    telling = [line for line in _lines(said) if "error:" in line] or _lines(said) or ["?"]
    return " ".join(telling[0].split())[:300]


def _only_the_known(said: IO[bytes]) -> bool:
    return all(_UNKNOWN_TO_OLD_SERVERS in line for line in _lines(said) if "error:" in line)
