"""What a phone's camera reads: a QR code decoded for real, from pixels."""

from __future__ import annotations

import base64
import io
import re

import zxingcpp
from PIL import Image, ImageDraw

_SIZE = re.compile(r'viewBox="0 0 (\d+) ([\d.]+)"')
_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\d+z")
_SCALE = 6


def read(picture: Image.Image) -> list[str]:
    """The texts of all QR codes on a picture."""
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [one.text for one in found]


def read_png(png: bytes) -> list[str]:
    """As `read`, of a screenshot."""
    return read(Image.open(io.BytesIO(png)))


def scanned(svg: str) -> str:
    """The one text on a picture of ours, laid on black as a dark page would."""
    (text,) = read(drawn(svg))
    return text


def drawn(svg: str) -> Image.Image:
    """The squares of a picture of ours as pixels, on a black page; letters are left out."""
    if svg.startswith("data:"):
        svg = base64.b64decode(svg.partition(",")[2]).decode()
    size = _SIZE.search(svg)
    assert size
    width, height = int(size[1]) * _SCALE, int(float(size[2]) * _SCALE)
    page = Image.new("L", (width + 80, height + 80), 0)
    page.paste(255, (40, 40, 40 + width, 40 + height))
    pen = ImageDraw.Draw(page)
    for x, y, length in (map(int, run) for run in _RUN.findall(svg)):
        left, top = 40 + x * _SCALE, 40 + y * _SCALE
        pen.rectangle((left, top, left + length * _SCALE - 1, top + _SCALE - 1), fill=0)
    return page
