"""The short link of a code: a topic's can be read aloud, a minted one's leaves no trace."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mashang.codes import links, minted
from mashang.codes.answers import Matched, Minted
from mashang.codes.matching import Index
from mashang.codes.trying import sketched

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ORIGIN = "https://cs.example"


def test_a_topics_code_stands_in_the_path_and_a_minted_one_behind_the_hash() -> None:
    assert links.link(ORIGIN, "CZ") == "https://cs.example/c/CZ"
    assert links.link(ORIGIN, "CZ", scanned=True, site="s1") == "https://cs.example/c/CZ?q&site=s1"
    assert links.link(ORIGIN, "DD-29NG-SF8B-ZTVW") == "https://cs.example/c#DD-29NG-SF8B-ZTVW"
    assert links.link(ORIGIN, "29NG-SF8B-ZTVW", scanned=True) == "https://cs.example/c?q#29NG-SF8B-ZTVW"


@pytest.mark.parametrize(
    ("origin", "configured", "reach"),
    [
        ("https://cs.example.com", True, "everywhere"),
        ("https://cs.example.com:8443", False, "unset"),
        ("http://127.0.0.1:8700", True, "loopback"),
        ("http://localhost:8700", False, "loopback"),
        ("http://[::1]:8700", True, "loopback"),
        ("http://0.0.0.0:8700", True, "loopback"),
        ("http://192.168.1.7:8700", True, "private"),
        ("http://203.0.113.9", False, "private"),
        ("http://8.8.8.8", False, "unset"),
        ("", True, "everywhere"),
    ],
)
def test_it_is_known_who_can_open_a_link_before_it_is_printed(origin: str, configured: bool, reach: str) -> None:
    assert links.reach_of(origin, configured=configured) == reach


def test_a_link_pasted_where_a_code_is_asked_for_is_read_as_its_code() -> None:
    index = Index([sketched("CZ", "充值", (), takes_reference=False), sketched("DD", "订单", (), takes_reference=True)])
    for url in (links.link(ORIGIN, "CZ"), links.link(ORIGIN, "CZ", scanned=True, site="s1"), "HTTPS://CS.EXAMPLE/C/cz"):
        assert index.match(url, NOW) == Matched(index.by_code["CZ"], "exact")
    body = minted.draw()
    for scanned in (False, True):
        url = links.link(ORIGIN, minted.written(body, "DD"), scanned=scanned)
        assert index.match(url, NOW) == Minted(body, index.by_code["DD"])


def test_a_minted_code_is_seen_in_a_path_however_it_is_written_and_nothing_else_is() -> None:
    body = minted.draw()
    for written in (minted.written(body, "DD"), minted.written(body).lower(), f"dd{body}", f"DD {body[:6]} {body[6:]}"):
        found = links.minted_in_path(written)
        assert found
        assert found.replace("-", "").endswith(body)
    for other in ("", "CZ", "充值", "x" * 5000, body[:-1] + ("0" if body[-1] != "0" else "1"), "../../etc/passwd"):
        assert links.minted_in_path(other) is None
