"""The product over HTTP: uvicorn as we want it, in one process or several; and the worker alone.

Per-message compression is off (it doubles the memory of an idle socket), frames are
small, and who asks is believed from a proxy only when that proxy is named.

Does not: start a database or a shop (`installation.py`).
"""

from __future__ import annotations

import asyncio
import errno
import faulthandler
import gc
import multiprocessing
import os
import resource
import signal
import socket
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
import uvloop
from litestar.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from mashang import worker
from mashang.app import create_app
from mashang.cli import terminal
from mashang.kit import launch, settings
from mashang.kit.db import Database
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.kit.storage import Storage
from mashang.kit.trouble import Trouble
from mashang.live.wire import Wire
from mashang.shops.adapters import Shops
from mashang.staff import first_run

_ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 — recognised, not chosen
PATIENCE = 45  # seconds that an end may take
FRAME_LIMIT = 64 * 1024  # bytes of one WebSocket message


class Web(uvicorn.Server):
    """A server that leaves the signals to us: we have more to end than it knows of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


def configuration(app: ASGIApp | str, chosen: Settings, **more: Any) -> uvicorn.Config:
    """How we run uvicorn, everywhere."""
    return uvicorn.Config(
        app,
        host=chosen.host,
        port=chosen.port,
        loop="uvloop",
        http="httptools",
        ws=Wire,
        ws_max_size=FRAME_LIMIT,
        ws_ping_interval=None,  # the pages ping, and silence is noticed by our own rule
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies or "",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        **more,
    )


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that a taken port is known before anything is started."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise Trouble("host", host=host, reason=error.strerror) from error
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(address)
        opened.listen(2048)
    except OSError as error:
        opened.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise Trouble("host_foreign", host=host) from error
        raise Trouble("port", host=host, port=port, reason=error.strerror) from error
    return opened


def run(chosen: Settings, *, workers: int) -> None:
    """Serve until told to stop; each worker is a process, and one that dies is replaced."""
    opened = listening(chosen.host, chosen.port)
    tell_first_operator(chosen, asyncio.run(_link(chosen)))
    if workers == 1:
        app = create_app(chosen)
        run_until_signal(_serve(Web(configuration(app, chosen)), opened))
        return
    # Workers are new interpreters: what the command line said reaches them through the environment.
    os.environ |= {"MASHANG_HOST": chosen.host, "MASHANG_PORT": str(chosen.port), "MASHANG_HOME": str(chosen.home)}
    allow_many_sockets()
    config = configuration("mashang.cli.serving:application", chosen, factory=True, workers=workers)
    terminal.console.print(f"ready {base_url(chosen)}")
    Multiprocess(config, sockets=[opened]).run()


async def _link(chosen: Settings) -> str:
    database = await Database.connect(chosen.database_url or "", pool_size=2)
    try:
        return await first_run.link_if_awaited(database)
    finally:
        await database.close()


def tell_first_operator(chosen: Settings, link: str) -> None:
    """Print the one-time link, where there is one."""
    if link:
        terminal.console.print()
        terminal.tell("cli_first_operator")
        terminal.console.print(f"   {base_url(chosen)}/desk/first-run#{link}", markup=False)


def application() -> ASGIApp:
    """The application of one of several workers; it does not outlive the one that started it."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:  # not `getppid`: it may have died while we were imported
        launch.die_with(parent.pid)
    return create_app(settings.load())


async def _serve(web: Web, opened: socket.socket) -> None:
    serving = asyncio.create_task(web.serve([opened]))
    try:
        await started(web, serving)
        settle()
        terminal.console.print("ready")
        await asyncio.wait([serving])  # a cancellation of ours must not reach it: it ends in its own order
        serving.result()
    finally:
        await ended(web, serving)


async def started(web: Web, serving: asyncio.Task[None]) -> None:
    """Return when it answers."""
    while not web.started:
        if serving.done():
            serving.result()
            raise Trouble("start")
        await asyncio.sleep(0.005)


def settle() -> None:
    """What a process is made of is never garbage: the collector need not walk it again while people wait."""
    gc.collect()
    gc.freeze()


async def ended(web: Web, serving: asyncio.Task[None]) -> None:
    """Let it finish what it is doing."""
    web.should_exit = True
    await asyncio.wait([serving])


def run_worker(chosen: Settings) -> None:
    """Sweep until told to stop."""
    run_until_signal(_work(chosen))


async def _work(chosen: Settings) -> None:
    database = await Database.connect(chosen.database_url or "", pool_size=4)
    shops = Shops(chosen, Sealer(chosen.secret))
    terminal.console.print("ready")
    try:
        await worker.run(database, shops, Storage(chosen.files))
    finally:
        await shops.close()
        await database.close()


def allow_many_sockets() -> None:
    """Each socket is an open file, and the usual limit of a shell is 1,024: take what we may have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY:  # macOS says so and means less
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run_until_signal(main: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop; Ctrl-C, SIGTERM and a closed terminal cancel `main`, which ends in its own order.

    An end that takes longer than `PATIENCE` is cut, and says where every thread stood: what was acknowledged is
    stored, and the embedded database ends with its parent.
    """
    allow_many_sockets()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        _beat(runner.get_loop())
        runner.run(_cancelled_by_signal(main))


def _beat(loop: asyncio.AbstractEventLoop) -> None:
    """Let the loop look around twice a second for as long as it lives.

    At the very end it has no timer left, and twice it slept on beside an event that it had missed.
    """
    loop.call_later(0.5, _beat, loop)


async def _cancelled_by_signal(main: Coroutine[Any, Any, None]) -> None:
    running = asyncio.ensure_future(main)
    loop = asyncio.get_running_loop()

    def end() -> None:
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        running.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            loop.add_signal_handler(number, end)
    await asyncio.wait([running])
    if not running.cancelled():
        running.result()


def base_url(chosen: Settings) -> str:
    """Where a browser finds us, as far as we know."""
    if chosen.public_url:
        return chosen.public_url.rstrip("/")
    return f"http://{address(chosen.host)}:{chosen.port}"


def address(host: str) -> str:
    """The host as a link has it; for every address of this machine, the one it sends from."""
    if host in _ANY:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            try:
                asked.connect(("192.0.2.1", 9))  # RFC 5737: nobody's; nothing is sent, only the way is looked up
            except OSError:
                return "127.0.0.1"
            return str(asked.getsockname()[0])
    return reachable(host)


def reachable(host: str) -> str:
    """The host as a link of this machine to itself has it."""
    if host in _ANY:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
