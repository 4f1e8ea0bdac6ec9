"""A whole installation in one process, as `up` runs it: database, migrations, demo, product, demo shop.

Started from the bottom to the top and ended in the opposite order, whatever happens
on the way.  A database that ends by itself is started again; one that keeps ending
ends the product.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import msgspec

from mashang import worker
from mashang.app import create_app
from mashang.cli import demo
from mashang.cli.demo import Demo
from mashang.cli.installed import POSTGRES, interruptible
from mashang.cli.serving import (
    Web,
    base_url,
    configuration,
    ended,
    listening,
    reachable,
    run_until_signal,
    settle,
    started,
    tell_first_operator,
)
from mashang.cli.terminal import console, say, show, tell
from mashang.kit import migrations
from mashang.kit.child import Child
from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.kit.postgres import EmbeddedPostgres
from mashang.kit.settings import Settings
from mashang.kit.trouble import Trouble
from mashang.staff import first_run

_RESTARTS = 3  # of the database within a minute, before we give up
_ROOT = Path(__file__).parents[2]


def run(chosen: Settings) -> None:
    """Run until told to stop; a signal is a clean end at any moment."""
    begun = float(os.environ.get("MASHANG_BEGUN") or time.time())
    try:
        with interruptible(), ExitStack() as stack:
            opened = stack.enter_context(listening(chosen.host, chosen.port))
            if chosen.demo:
                listening(chosen.host, chosen.shop_port).close()
            server = None if chosen.database_url else _database(stack, chosen)
            dsn = chosen.database_url or (server.dsn if server else "")
            applied = migrations.migrate(dsn)
            if applied:
                tell("cli_migrated", count=len(applied))
            chosen = msgspec.structs.replace(chosen, database_url=dsn)
            run_until_signal(Installation(chosen, opened, server, begun).serve())
    except (KeyboardInterrupt, asyncio.CancelledError):
        pass
    tell("cli_stopped")


def _database(stack: ExitStack, chosen: Settings) -> EmbeddedPostgres:
    folder = chosen.home / POSTGRES
    tell("cli_starting_database" if folder.exists() else "cli_making_database", folder=folder)
    return stack.enter_context(EmbeddedPostgres(folder))


class Installation:
    """What runs on the loop."""

    def __init__(self, chosen: Settings, opened: socket.socket, server: EmbeddedPostgres | None, begun: float) -> None:
        self._settings = chosen
        self._opened = opened
        self._server = server
        self._begun = begun
        self._restarted: list[float] = []

    async def serve(self) -> None:
        """Until cancelled, or until something that cannot be mended."""
        chosen = self._settings
        made, link = await self._prepare()
        shop = self._start_shop(made) if made else None
        web = Web(configuration(create_app(chosen, beside=worker.run), chosen))
        serving = asyncio.create_task(web.serve([self._opened]))
        try:
            await started(web, serving)
            if shop:
                await self._answering(shop)
            settle()
            self._announce(made, link)
            await self._watch(serving)
        finally:
            if shop:
                shop.stop(signal.SIGTERM, timedelta(seconds=5))
            await ended(web, serving)

    async def _prepare(self) -> tuple[Demo | None, str]:
        """The demo, and where there is no operator yet the link that makes one."""
        chosen = self._settings
        db = await Database.connect(chosen.database_url or "", pool_size=2)
        try:
            made = await demo.prepare(db, chosen) if chosen.demo else None
            return made, await first_run.link_if_awaited(db)
        finally:
            await db.close()

    def _start_shop(self, made: Demo) -> Child:
        chosen = self._settings
        folder = chosen.home / "shop"
        folder.mkdir(mode=0o700, exist_ok=True)
        command = [
            sys.executable, "-m", "demo.shop", "--host", chosen.host, "--port", str(chosen.shop_port),
            "--home", str(folder), "--config", str(made.config),
        ]  # fmt: skip
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        environment = {**os.environ, "PYTHONPATH": path}
        return Child(command, log=folder / "log", environment=environment)

    async def _answering(self, shop: Child) -> None:
        """Return when the shop answers; it imports and seeds for a second or two."""
        for _ in range(3000):
            if shop.status is not None:
                break
            if await _answers(reachable(self._settings.host).strip("[]"), self._settings.shop_port):
                return
            await asyncio.sleep(0.01)
        raise Trouble("shop", log=self._settings.home / "shop" / "log")

    async def _watch(self, serving: asyncio.Task[None]) -> None:
        """The database's process is started from here, the main thread: see `Child`."""
        while not serving.done():
            await asyncio.wait([serving], timeout=0.5)
            if self._server and not self._server.running:
                self._restart(self._server)
        serving.result()

    def _restart(self, server: EmbeddedPostgres) -> None:
        now = time.monotonic()
        self._restarted = [*(at for at in self._restarted if now - at < 60), now]
        if len(self._restarted) > _RESTARTS:
            raise Trouble("postgres_keeps_ending", folder=server.folder)
        log.error("postgres_ended", restart=len(self._restarted))
        server.start()

    def _announce(self, made: Demo | None, link: str) -> None:
        base = base_url(self._settings)
        console.print()
        rows = [(say("cli_desk"), f"{base}/desk"), (say("cli_customer_page"), f"{base}/")]
        if made:
            rows.insert(0, (say("cli_demo_shop"), made.shop_url))
        show(rows)
        if made:
            self._announce_people(made)
        tell_first_operator(self._settings, link)
        console.print()
        took = f"{time.time() - self._begun:.1f}"
        console.print(f"ready {say('cli_ready', seconds=took)}", markup=False)

    @staticmethod
    def _announce_people(made: Demo) -> None:
        console.print()
        tell("cli_demo_sign_ins")
        roles = {role: say(f"cli_role_{role}") for role in ("operator", "supervisor", "agent")}
        between = say("cli_comma")
        show(
            [
                (roles[person.role], person.name, person.login, person.password, between.join(person.departments))
                for person in made.people
            ]
        )
        console.print()
        tell("cli_demo_customers")
        show([(name, password) for name, password in made.customers.items()])


async def _answers(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
