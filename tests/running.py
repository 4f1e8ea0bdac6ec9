"""The product and the demo shop as processes, and Chromium: for journeys and chaos."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from playwright.async_api import Browser, Page, async_playwright
from psycopg.conninfo import make_conninfo

from bench.stage import free_port
from tests.folders import open_folder

ROOT = Path(__file__).parents[1]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# What Playwright switches off, of which only the last list counts; and the address bar's own pages: nobody sees them,
# and they cost every page a process and a second.
_UNSEEN = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
)  # fmt: skip
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_UNSEEN)}",
)
_PATIENCE = 120  # seconds until a start that says nothing is given up


@dataclass
class Product:
    """A running installation, as `bin/up` makes it."""

    process: subprocess.Popen[str]
    home: Path
    port: int
    shop_port: int
    said: list[str] = field(default_factory=list)
    draining: threading.Thread = field(default_factory=threading.Thread)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def shop_url(self) -> str:
        return f"http://127.0.0.1:{self.shop_port}"

    @property
    def dsn(self) -> str:
        """Its own embedded database."""
        return make_conninfo(host=str(self.home / "postgres" / "run"), port=5432, user="mashang", dbname="mashang")

    @property
    def passwords(self) -> dict[str, str]:
        """Of the demo's people, by login: wang, chen, xiaomei, aqiang, xiaoya."""
        people = json.loads((self.home / "demo.json").read_text("utf-8"))["people"]
        return {person["login"]: person["password"] for person in people}

    @property
    def customer_passwords(self) -> dict[str, str]:
        """Of the demo shop's customers, by name."""
        passwords: dict[str, str] = json.loads((self.home / "demo-shop.json").read_text("utf-8"))["passwords"]
        return passwords

    def sql(self, statement: str) -> None:
        """Let something be as it would be after years, in its own database."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute(statement.encode())

    def advance(self, span: timedelta) -> None:
        """Let its database's clock, by which it judges, run this much further ahead."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute("update clock_offset set ahead = ahead + %s", [span])

    def tree(self) -> list[psutil.Process]:
        """Its processes, the first one first."""
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit status."""
        self.process.send_signal(how)
        status = self.process.wait(60)
        self.draining.join()
        return status


def variables(home: Path, **more: str) -> dict[str, str]:
    """The environment of a product: our packages, compiled once, its home, English."""
    theirs = ("MASHANG_", "PYTHONDONTWRITEBYTECODE")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    return {**ours, "PYTHONPATH": str(ROOT), "MASHANG_HOME": str(home), "LC_ALL": "C.UTF-8", **more}


def launch(
    home: Path, *options: str, command: tuple[str, ...] = ("up",), python: tuple[str, ...] = (), **environment: str
) -> Product:
    """Start the product on free ports, or those in `options`, and read until it is ready or has ended."""
    port, shop_port = free_port(), free_port()
    words = [*(python or [sys.executable]), "-m", "mashang.cli", *command, "--port", str(port)]
    words += ["--shop-port", str(shop_port)] if command == ("up",) else []
    process = subprocess.Popen(
        [*words, *options], cwd="/", env=variables(home, **environment), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    product = Product(process, home, port, shop_port)
    impatience = threading.Timer(_PATIENCE, process.kill)
    impatience.start()
    assert process.stdout
    for line in process.stdout:
        product.said.append(line.rstrip("\n"))
        if line.startswith("ready"):
            break
    impatience.cancel()
    product.draining = threading.Thread(target=_drain, args=(process.stdout, product.said), daemon=True)
    product.draining.start()
    return product


def _learns(product: Product) -> None:
    """Wait until the assistant knows the demo's articles, and how sure it may be."""
    ends = time.monotonic() + 3 * _PATIENCE  # it gives way to everything else that runs
    with psycopg.connect(product.dsn, autocommit=True) as connection:
        while not connection.execute("select true from knowledge_model where is_calibrated").fetchone():
            assert time.monotonic() < ends, "the demo's knowledge was not learnt"
            time.sleep(0.2)  # another process works: nothing here to be told by


def _drain(output: Any, said: list[str]) -> None:
    said.extend(line.rstrip("\n") for line in output)
    output.close()


@contextmanager
def running(home: Path, *options: str, **environment: str) -> Iterator[Product]:
    """A product for the length of the block."""
    product = launch(home, *options, **environment)
    try:
        if product.process.poll() is not None:
            pytest.fail("the product did not start:\n" + "\n".join(product.said))
        yield product
    finally:
        product.process.terminate()
        product.process.wait(60)
        product.draining.join()


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The product with its demo, on free ports, shared by the journeys of a worker."""
    with open_folder() as folder, running(folder / "home") as started:
        yield started


@pytest.fixture(scope="session")
def started_once() -> Iterator[Path]:
    """A home with the demo as the first start leaves it: what follows starts from copies, in half the time."""
    with open_folder() as folder:
        with running(folder / "home") as started:
            _learns(started)  # here, once, and not again beside every test
        yield folder / "home"


@contextmanager
def running_from(home: Path, **environment: str) -> Iterator[Product]:
    """A product for the length of the block, over a copy of a home that is at rest."""
    with open_folder() as folder:
        subprocess.run(["cp", "-a", str(home), str(folder / "home")], check=True)  # a folder is the database account's
        with running(folder / "home", **environment) as started:
            yield started


@pytest.fixture
def fresh_product(started_once: Path) -> Iterator[Product]:
    """A product of this test's own, to be killed, filled or moved in time."""
    with running_from(started_once) as started:
        yield started


@pytest.fixture
def empty_product() -> Iterator[Product]:
    """A product as `bin/up --no-demo` starts it for the first time."""
    with open_folder() as folder, running(folder / "home", "--no-demo") as started:
        yield started


@pytest.fixture(scope="session")
def strangers_python() -> str:
    """A Python that an account other than ours may run, with our packages."""
    environment = {"PYTHONPATH": packages()}
    for candidate in (sys.executable, "/usr/bin/python3"):
        try:
            subprocess.run(
                [candidate, "-c", "import psycopg, mashang"], user="nobody", extra_groups=[], cwd="/",
                env=environment, check=True, capture_output=True,
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    pytest.skip("every Python here that has our packages is closed to other accounts")


def packages() -> str:
    """PYTHONPATH for a Python outside .venv: ours, and what is installed for us."""
    return os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))])


@pytest.fixture
def shop(product: Product) -> str:
    """The address of the demo shop, a process beside the product."""
    return product.shop_url


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The distribution's Chromium."""
    assert CHROMIUM, "no Chromium on PATH: bin/test installs it"
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield started
        await started.close()


SHOWN = "try { localStorage.setItem('mashang:shown-how', '1') } catch {}"
OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(chromium: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages that know nothing of each other: phone, dark, locale, timezone_id (the shop's), first_time."""
    contexts = []

    async def opened(
        *, phone: bool = False, dark: bool = False, locale: str = "zh-CN", first_time: bool = False, **more: Any
    ) -> Page:
        context = await chromium.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 800},
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            locale=locale,
            **{"timezone_id": "Asia/Shanghai", **more},
        )
        contexts.append(context)
        if not first_time:  # nobody is shown what a code is, over what a test looks at
            await context.add_init_script(SHOWN)
        return await context.new_page()

    yield opened
    for context in contexts:
        await context.close()
