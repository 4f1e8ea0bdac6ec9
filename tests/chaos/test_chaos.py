"""Nothing that was acknowledged is lost, doubled or out of order, whatever breaks.

50 customers and 5 agents over real sockets, the product and PostgreSQL as processes of
their own.  Every fault strikes after so many further messages, not after so many
seconds.  The seed is printed; `MASHANG_CHAOS_SEED` repeats a run's choices (not its
timing).  `--long` lets many more faults strike.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bench import installation, stage
from bench.stage import Server
from mashang.kit.postgres import EmbeddedPostgres
from tests.chaos import ledger
from tests.chaos.storm import Storm
from tests.folders import open_folder

DROPPED = "0.2"  # of the announcements
_BETWEEN = 120  # messages acknowledged between two faults
_WITHIN = 30.0  # seconds they may take, with the outage
_SHORT = ("cut", "kill_server", "cut", "restart_postgres", "crash_postgres", "kill_server")
_LONG = 40  # faults


class Faults:
    """What breaks: the product's process, the database's, the network."""

    def __init__(self, server: Server, postgres: EmbeddedPostgres, port: int) -> None:
        self._server, self._postgres, self._port = server, postgres, port
        self.storm: Storm | None = None

    def cut(self) -> None:
        assert self.storm is not None
        self.storm.cut(0.5)

    def kill_server(self) -> None:
        self._server.stop(signal.SIGKILL)
        self._server.start()
        answers(self._port)

    def restart_postgres(self) -> None:
        self._postgres.stop()
        self._postgres.start()

    def crash_postgres(self) -> None:
        """As if the machine's power had failed for it: it recovers from its log."""
        assert self._postgres._process is not None
        self._postgres._process.stop(signal.SIGQUIT, timedelta(seconds=20))
        self._postgres.start()


def answers(port: int) -> None:
    """Return when the product is ready."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    pytest.fail("the product does not answer")


def printed_link(server: Server) -> str:
    """The first-run link, which comes a moment after the first answer."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = installation.link_in(server)
        if found:
            return found
        time.sleep(0.05)
    pytest.fail("the product printed no first-run link")


@pytest.mark.chaos
def test_what_was_acknowledged_is_stored_once_in_order_and_shown_once(request: pytest.FixtureRequest) -> None:
    seed = int(os.environ.get("MASHANG_CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    chance = random.Random(seed)  # noqa: S311 — repeatable, guards nothing
    long = request.config.getoption("--long")
    faults = chance.choices(sorted({*_SHORT}), k=_LONG) if long else chance.sample(_SHORT, k=len(_SHORT))
    print(f"\nchaos seed {seed}: {' '.join(faults)}")  # noqa: T201 — asked for, and pytest keeps it
    with open_folder() as folder, EmbeddedPostgres(folder / "pg") as postgres:
        found = _weather(folder, postgres, faults, seed)
    print(f"chaos seed {seed}: {found}")  # noqa: T201 — as above
    assert (found.lost, found.doubled, found.disordered, found.refused) == (0, 0, 0, 0), f"seed {seed}: {found}"
    assert found.stored == found.acknowledged >= _BETWEEN * len(faults)


def _weather(folder: Path, postgres: EmbeddedPostgres, faults: list[str], seed: int) -> ledger.Account:
    port = stage.free_port()
    server = installation.server(folder / "home", port, postgres.dsn, MASHANG_CHAOS_DROP=DROPPED)
    server.start()
    breaking = Faults(server, postgres, port)
    try:
        answers(port)
        storm = breaking.storm = Storm(port, printed_link(server), seed)
        try:
            storm.gather()
            storm.begin(most=_BETWEEN * len(faults))
            for name in faults:
                assert storm.wait_for(_BETWEEN, _WITHIN), f"seed {seed}: nobody is heard before {name}"
                fault: Callable[[], None] = getattr(breaking, name)
                fault()
            assert storm.wait_for(_BETWEEN, _WITHIN), f"seed {seed}: nobody is heard after the last fault"
            storm.calm(_WITHIN)
            # The last announcement of a conversation may be among the dropped: the heads are compared every 15 s.
            assert storm.see_all(ledger.heads(postgres.dsn), 20), f"seed {seed}: not all was shown within 20 s"
            return ledger.account(storm, postgres.dsn)
        finally:
            storm.end()
    finally:
        server.stop()
