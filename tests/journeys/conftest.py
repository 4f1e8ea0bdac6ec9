"""Journeys: real Chromium, the product and the demo shop as processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import expect

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
