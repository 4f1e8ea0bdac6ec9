"""Journeys: real Chromium, the product and the demo shop as processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import expect

from tests.journeys.gallery import Album
from tests.running import Product

# A person's patience on a busy machine; what is there is seen at once.
expect.set_options(timeout=20_000)


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    """What a customer photographs: a real picture, as a file of the device."""
    picture = Image.new("RGB", (540, 360), "#eef2f7")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 40, 500, 120), fill="#1257d6")
    pen.rectangle((40, 160, 360, 190), fill="#9aa7b8")
    pen.rectangle((40, 220, 440, 250), fill="#9aa7b8")
    path = tmp_path / "payment.png"
    picture.save(path)
    return path


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", type=Path, help="take pictures of every page into this folder; see gallery.py")
    parser.addoption("--only", default="", help="only these kinds of pictures: en,zh-phone,zh-desk-dark")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """With --pictures they are taken instead of the journeys walked."""
    if file_path.name.startswith("pictures") and parent.config.getoption("pictures", None):
        return pytest.Module.from_parent(parent, path=file_path)
    return None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """See pytest_collect_file."""
    is_journey = collection_path.match("tests/journeys/test_*.py")
    return True if is_journey and config.getoption("pictures", None) else None


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Album:
    """Where pictures go, and which are wanted."""
    folder: Path = request.config.getoption("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return Album(folder, tuple(filter(None, request.config.getoption("only").split(","))))


@pytest.fixture
def product(fresh_product: Product) -> Product:
    """A product of each journey's own: agents and queues of one must not meet those of another."""
    return fresh_product
