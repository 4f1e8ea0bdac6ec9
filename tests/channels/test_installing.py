"""The phone page can be put on a home screen: manifest, pictures and worker are those of its site."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from tests.channels.conftest import Served


async def test_a_site_is_installed_under_its_own_name_and_colour_and_starts_where_it_was_opened(served: Served) -> None:
    http, site = served.client(), served.stage.site
    for key, start in (("", "/?"), (site.public_id, f"/?site={site.public_id}")):
        answer = await http.get("/app.webmanifest", params={"site": key} if key else {})
        assert answer.headers["content-type"] == "application/manifest+json"
        told = answer.json()
        assert (told["id"], told["start_url"], told["display"]) == (start, start, "standalone")
        assert told["name"] == site.looks.title or site.name
        assert told["theme_color"].startswith("#")
        for icon in told["icons"]:
            picture = await http.get(icon["src"])
            assert picture.headers["content-type"] == "image/png"
            assert "x".join(map(str, Image.open(BytesIO(picture.content)).size)) == icon["sizes"]
        assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
            ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
        }  # fmt: skip


async def test_what_a_phone_cuts_round_has_no_empty_corner_and_what_it_does_not_is_rounded(served: Served) -> None:
    http = served.client()
    corners = {}
    for name in ("icon-180.png", "maskable-512.png", "icon-512.png"):
        picture = Image.open(BytesIO((await http.get(f"/app-icons/{name}")).content)).convert("RGBA")
        corners[name] = picture.getpixel((0, 0))[3]
    assert corners == {"icon-180.png": 255, "maskable-512.png": 255, "icon-512.png": 0}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/app.webmanifest?site=nowhere", "site_unknown"),
        ("/app-icons/icon-192.png?site=nowhere%00", "site_unknown"),
        ("/app-icons/icon-9999.png", "not_found"),
        ("/app-icons/..%2f..%2fpackage.json", "not_found"),
    ],
)
async def test_a_site_or_a_picture_that_is_none_is_refused(served: Served, path: str, code: str) -> None:
    answer = await served.client().get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_the_worker_is_asked_for_anew_every_time_and_is_no_page(served: Served) -> None:
    answer = await served.client().get("/worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "/api/" not in answer.text


async def test_an_operator_can_leave_newcomers_without_the_demonstration(served: Served) -> None:
    assert (await served.visitor()).session["site"]["demonstration"] is True
    async with served.database.transaction() as tx:
        await tx.run("update site set looks = looks || '{\"demonstration\": false}'")
    assert (await served.visitor()).session["site"]["demonstration"] is False
