"""`python -m bench.reference.serve nothing_stored|group_commit PORT [DSN]`, under the product's own server."""

from __future__ import annotations

import sys

import psycopg
import uvicorn

from bench.reference.group_commit import SCHEMA, GroupCommit
from bench.reference.nothing_stored import NothingStored
from bench.reference.rooms import Keeper, Rooms


def prepare(dsn: str, conversations: list[str]) -> None:
    """The tables, and the conversations that are open."""
    with psycopg.connect(dsn) as connection:
        connection.execute(SCHEMA)
        connection.cursor().executemany("insert into conversation (id) values (%s)", [(one,) for one in conversations])


def main(name: str, port: str, *dsn: str) -> None:
    """Serve until told to stop."""
    keeper: Keeper = GroupCommit(*dsn) if name == "group_commit" else NothingStored()
    uvicorn.run(
        Rooms(keeper), host="127.0.0.1", port=int(port), loop="uvloop", http="httptools", ws="websockets-sansio",
        ws_ping_interval=None, ws_per_message_deflate=False, access_log=False, log_level="warning",
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
