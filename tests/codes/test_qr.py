"""What is drawn is what a camera reads, also printed badly; and the code stands beneath in letters."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET

import pytest
from PIL import ImageDraw, ImageFilter

from mashang.codes import links, qr
from mashang.codes.links import Place
from tests.scanning import drawn, read, scanned

TEXT = "{http://www.w3.org/2000/svg}text"
ORIGIN = "https://kefu.qingningshuka.example.com"


@pytest.mark.parametrize("code", ["CZ", "24H", "SPRING26", "DD-29NG-SF8B-ZTVW", "LONGCODE-29NG-SF8B-ZTVW"])
@pytest.mark.parametrize("site", ["", "site7kQ2mXw9"])
def test_a_camera_reads_the_link_from_the_picture(code: str, site: str) -> None:
    url = links.link(ORIGIN, code, site=site, scanned=True)
    assert scanned(qr.svg(url, code, "充值问题")) == url
    assert scanned(links.drawn(Place(ORIGIN, "everywhere", "店", site), code, "").picture) == url


def test_dirt_and_a_bad_printer_do_not_matter() -> None:
    url = links.link(ORIGIN, "CZ", scanned=True)
    picture = drawn(qr.svg(url, "CZ", "充值问题")).filter(ImageFilter.GaussianBlur(2))
    pen, chance = ImageDraw.Draw(picture), random.Random(7)  # noqa: S311 — dirt
    for _ in range(25):
        x, y = chance.randrange(110, 220), chance.randrange(110, 220)
        pen.ellipse((x, y, x + 7, y + 7), fill=chance.choice((0, 255)))
    assert read(picture) == [url]


@pytest.mark.parametrize(
    "name", ["", "充值问题", "一个非常长的名字" * 5, "Discounts & <promotions> for everybody’s cards"]
)
def test_the_code_and_the_name_stand_beneath_inside_the_picture(name: str) -> None:
    root = ET.fromstring(qr.svg("https://cs.example/c/CZ?q", "CZ", name))  # noqa: S314 — our own
    code, *lines = [one.text or "" for one in root.iter(TEXT)]
    assert code == "CZ"
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    height = float(root.attrib["viewBox"].split()[3])
    assert all(float(one.attrib["y"]) < height for one in root.iter(TEXT))


def test_it_is_black_on_white_with_four_modules_of_quiet_around_wherever_it_is_shown() -> None:
    picture = drawn(qr.svg("https://cs.example/c/CZ?q"))
    width, height = picture.size
    quiet = 4 * 6
    edge = [picture.getpixel((x, y)) for x in range(40, width - 40) for y in (40, 40 + quiet - 1, height - 41)]
    assert set(edge) == {255}
    assert picture.getpixel((40 + quiet, 40 + quiet)) == 0
