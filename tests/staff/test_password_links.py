"""Links for who forgot the password, and the list of places where one is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mashang.kit.db import Database
from mashang.staff.agents import Agent
from tests.browsing import Browser
from tests.conftest import Clock
from tests.staff.conftest import PASSWORD

NewBrowser = Callable[..., Browser]
CHOSEN = "eine-neue-Losung-42"


@pytest.fixture
async def boss(browser: NewBrowser, operator: Agent) -> Browser:
    one = browser(address="203.0.113.1")
    assert (await one.sign_in("boss", PASSWORD)).status_code == 200
    return one


async def link_for(boss: Browser, agent: Agent) -> str:
    """The secret in a link that an operator made."""
    answer = await boss.post(f"/admin/people/{agent.public_id}/password-link")
    assert answer.status_code == 201, answer.text
    address, _, secret = answer.json()["url"].partition("#")
    assert address.endswith("/desk/new-password")
    return str(secret)


async def use(browser: Browser, secret: str, password: str = CHOSEN) -> str:
    """Choose a password with it; nothing, or the refusal's word."""
    await browser.open()
    answer = await browser.post("/staff/password-link", {"secret": secret, "password": password})
    return "" if answer.status_code == 204 else str(answer.json()["code"])


async def test_the_link_tells_whose_it_is_sets_a_password_once_and_ends_every_session(
    browser: NewBrowser, boss: Browser, xiaomei: Agent, database: Database
) -> None:
    at_work = browser()
    await at_work.sign_in("xiaomei", PASSWORD)
    secret = await link_for(boss, xiaomei)
    visitor = browser()
    told = await visitor.get("/staff/password-link", headers={"x-password-link": secret})
    assert told.json() == {"name": "小美", "login": "xiaomei"}
    assert await use(visitor, secret) == ""
    assert (await at_work.get("/staff/me")).status_code == 401
    assert (await visitor.sign_in("xiaomei", CHOSEN)).status_code == 200
    assert await use(browser(), secret, "noch-eine-Losung-43") == "password_link_over"
    async with database.transaction() as tx:
        lines = await tx.all("select action from audit where subject = %s order by id", (xiaomei.public_id,))
    assert {"action": "password_link.made"} in lines
    assert {"action": "agent.password_set"} in lines


async def test_a_bad_password_leaves_the_link_good(browser: NewBrowser, boss: Browser, xiaomei: Agent) -> None:
    secret = await link_for(boss, xiaomei)
    assert await use(browser(), secret, "short") == "password_too_short"
    assert await use(browser(), secret) == ""


async def test_it_is_over_after_a_day_when_replaced_and_when_made_up(
    browser: NewBrowser, boss: Browser, xiaomei: Agent, clock: Clock
) -> None:
    replaced = await link_for(boss, xiaomei)
    secret = await link_for(boss, xiaomei)
    assert await use(browser(), replaced) == "password_link_over"
    assert await use(browser(), "made-up") == "password_link_over"
    await clock.advance(timedelta(days=1, seconds=1))
    assert await use(browser(), secret) == "password_link_over"
    asked = await browser().get("/staff/password-link", headers={"x-password-link": secret})
    assert asked.status_code == 410


async def test_who_left_has_no_link_and_only_operators_make_one(
    browser: NewBrowser, boss: Browser, xiaomei: Agent
) -> None:
    secret = await link_for(boss, xiaomei)
    desk = browser()
    await desk.sign_in("xiaomei", PASSWORD)
    assert (await desk.post(f"/admin/people/{xiaomei.public_id}/password-link")).status_code == 403
    assert (await boss.delete(f"/admin/people/{xiaomei.public_id}")).status_code == 204
    assert await use(browser(), secret) == "password_link_over"
    assert (await boss.post(f"/admin/people/{xiaomei.public_id}/password-link")).status_code == 404


async def test_one_sees_where_one_is_signed_in_and_ends_the_others(browser: NewBrowser, xiaomei: Agent) -> None:
    phone, laptop, lost = browser(address="203.0.113.20"), browser(), browser(address="198.51.100.3")
    for one in (phone, laptop, lost):
        await one.sign_in("xiaomei", PASSWORD)
    there = (await laptop.get("/staff/sessions")).json()
    assert [one["current"] for one in there] == [False, True, False]
    assert {one["address"] for one in there} == {"203.0.113.20", "203.0.113.7", "198.51.100.3"}
    gone = next(one["id"] for one in there if one["address"] == "198.51.100.3")
    assert (await laptop.delete(f"/staff/sessions/{gone}")).status_code == 204
    assert (await lost.get("/staff/me")).status_code == 401
    assert (await laptop.delete(f"/staff/sessions/{gone}")).status_code == 404
    mine = next(one["id"] for one in there if one["current"])
    assert (await laptop.delete(f"/staff/sessions/{mine}")).status_code == 404
    assert (await laptop.delete("/staff/sessions")).status_code == 204
    assert (await phone.get("/staff/me")).status_code == 401
    assert (await laptop.get("/staff/me")).status_code == 200


async def test_nobody_ends_anothers_session(browser: NewBrowser, boss: Browser, xiaomei: Agent) -> None:
    desk = browser()
    await desk.sign_in("xiaomei", PASSWORD)
    (mine,) = (await desk.get("/staff/sessions")).json()
    assert (await boss.delete(f"/staff/sessions/{mine['id']}")).status_code == 404
    assert (await desk.get("/staff/me")).status_code == 200
