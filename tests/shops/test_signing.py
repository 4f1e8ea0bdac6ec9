"""Signatures between a shop and us, the same in both directions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.shop import signing as shops_own
from mashang.kit import clock, ids
from mashang.shops import signing

SECRET = ids.secret()


def test_the_published_example_is_right() -> None:
    """The numbers of docs/integrating/connector.md."""
    value = signing.signature(
        "demo-secret", "POST", "/connector/v1/proofs?x=1", b'{"a":1}', timestamp="1767225600", nonce="abcdefghijklmnop"
    )
    assert value == "v1=3c4333a0cba7ee7d2015382d37afa86117e45ac68896d91980aa803e14215b7b"


def test_the_demo_shop_wrote_the_same_from_the_document_alone() -> None:
    ours = signing.signature(SECRET, "GET", "/a?b=c", b"", timestamp="1767225600", nonce="n" * 16)
    assert ours == shops_own.sign(SECRET, "GET", "/a?b=c", b"", timestamp="1767225600", nonce="n" * 16)


def signed(target: str = "/orders/1?x=y", body: bytes = b"{}") -> signing.Signed:
    found = signing.read(signing.headers("k", SECRET, "POST", target, body, now=clock.now()))
    assert found
    return found


def test_what_was_signed_fits() -> None:
    assert signing.fits(SECRET, "POST", "/orders/1?x=y", b"{}", signed())


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/orders/1?x=y", b"{}"),
        ("POST", "/orders/2?x=y", b"{}"),
        ("POST", "/orders/1?x=z", b"{}"),
        ("POST", "/orders/1", b"{}"),
        ("POST", "/orders/1?x=y", b"{} "),
    ],
)
def test_nothing_that_was_signed_can_be_changed(method: str, target: str, body: bytes) -> None:
    assert not signing.fits(SECRET, method, target, body, signed())


def test_another_secret_does_not_fit() -> None:
    assert not signing.fits(ids.secret(), "POST", "/orders/1?x=y", b"{}", signed())


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_timestamp_more_than_five_minutes_off_is_not_timely(minutes: int) -> None:
    then = clock.now() + timedelta(minutes=minutes)
    assert not signing.is_timely(str(int(then.timestamp())), clock.now())
    assert signing.is_timely(str(int(clock.now().timestamp())), clock.now())


@pytest.mark.parametrize(
    "change",
    [
        {signing.NONCE: "short"},
        {signing.NONCE: "x" * 65},
        {signing.NONCE: "line\nbreak-line-break"},
        {signing.TIMESTAMP: "yesterday"},
        {signing.TIMESTAMP: "-1767225600"},
        {signing.TIMESTAMP: "9" * 40},
        {signing.KEY: ""},
    ],
)
def test_headers_without_their_form_are_no_signature(change: dict[str, str]) -> None:
    given = signing.headers("k", SECRET, "GET", "/", b"", now=clock.now())
    assert signing.read(given) is not None
    assert signing.read({**given, **change}) is None


def test_every_request_has_a_nonce_of_its_own() -> None:
    assert signed().nonce != signed().nonce
