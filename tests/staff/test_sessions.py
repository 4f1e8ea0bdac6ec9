"""Sessions of the staff."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang.kit import settings as product_settings
from mashang.kit.errors import NotSignedIn
from mashang.staff import agents, sessions
from mashang.staff.events import StaffSessionsEnded


@pytest.fixture
async def secret(database, xiaomei):
    async with database.transaction() as tx:
        return await sessions.start(tx, xiaomei.id, "203.0.113.7", "Firefox")


async def is_alive(database, secret) -> bool:
    async with database.transaction() as tx:
        try:
            await sessions.agent_in(tx, secret)
        except NotSignedIn:
            return False
    return True


@pytest.mark.parametrize("secret", [None, "", "x", "0" * 43, "ü\u0000"])
async def test_an_invented_secret_is_nobodys(database, secret):
    assert not await is_alive(database, secret)


async def test_a_session_ends_after_twelve_hours_without_use(database, clock, secret):
    await clock.advance(timedelta(hours=11, minutes=59))
    assert await is_alive(database, secret)
    await clock.advance(timedelta(hours=11, minutes=59))
    assert await is_alive(database, secret)
    await clock.advance(timedelta(hours=12, minutes=1))
    assert not await is_alive(database, secret)


async def test_a_session_in_use_ends_after_seven_days(database, clock, secret):
    for _ in range(27):
        await clock.advance(timedelta(hours=6))
        assert await is_alive(database, secret)
    await clock.advance(timedelta(hours=6, minutes=1))
    assert not await is_alive(database, secret)


async def test_a_look_at_a_session_is_one_statement_and_seldom_a_write(database, secret, queries):
    async with database.transaction() as tx:
        queries.clear()
        await sessions.agent_in(tx, secret)
        assert len(queries) == 1
        assert await tx.value("select pg_current_xact_id_if_assigned()") is None


async def test_signing_out_ends_this_session_only(database, xiaomei, secret):
    async with database.transaction() as tx:
        other = await sessions.start(tx, xiaomei.id, "", "")
        await sessions.end(tx, secret)
    assert (await is_alive(database, secret), await is_alive(database, other)) == (False, True)


async def test_a_password_reset_ends_all_sessions_and_says_so(database, operator, xiaomei, secret, published):
    async with database.transaction() as tx:
        await agents.set_password(tx, operator, xiaomei, "another-horse-8")
    assert not await is_alive(database, secret)
    assert StaffSessionsEnded(xiaomei.id) in published


async def test_a_session_ends_with_the_employment(database, operator, xiaomei, secret, published):
    async with database.transaction() as tx:
        await agents.archive(tx, operator, xiaomei)
    assert not await is_alive(database, secret)
    assert StaffSessionsEnded(xiaomei.id) in published


async def test_the_secret_itself_is_stored_nowhere(database, secret):
    async with database.transaction() as tx:
        stored = await tx.value("select s::text from staff_session s")
    assert secret not in stored


async def test_ended_sessions_are_forgotten_after_a_month(database, clock, secret):
    await clock.advance(timedelta(days=30))
    async with database.transaction() as tx:
        assert await sessions.forget_ended(tx) == 0
    await clock.advance(timedelta(days=1))
    async with database.transaction() as tx:
        assert await sessions.forget_ended(tx) == 1


@pytest.mark.parametrize(
    ("public_url", "name", "secure"),
    [
        ("https://cs.example", "__Host-mashang_staff", True),
        ("http://shop.local:8700", "mashang_staff", False),
        ("", "mashang_staff", False),
    ],
)
def test_the_cookie_suits_the_scheme(tmp_path, public_url, name, secure):
    settings = product_settings.load({}, home=tmp_path, public_url=public_url)
    cookie = sessions.cookie("secret", settings)
    assert (cookie.key, cookie.secure, cookie.httponly, cookie.samesite, cookie.path, cookie.domain) == (
        name,
        secure,
        True,
        "lax",
        "/",
        None,
    )
    assert sessions.secret_in({name: "secret"}, settings) == "secret"
    assert sessions.secret_in({"other": "secret"}, settings) is None
