"""The second factor: asked after the password, taken once, limited, demanded of roles, and never a trap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest

from mashang.kit import clock as product_clock
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from mashang.staff import sign_in
from mashang.staff.agents import Agent
from tests.browsing import Browser
from tests.conftest import Clock
from tests.staff.conftest import PASSWORD

NewBrowser = Callable[..., Browser]


def code_of(secret: str) -> str:
    """What the app shows now."""
    return pyotp.TOTP(secret).at(product_clock.now())


async def enter(browser: Browser, code: str = "", login: str = "xiaomei") -> str:
    """Sign in; what comes of it in a word."""
    await browser.open()
    answer = await browser.post("/staff/sign-in", {"login": login, "password": PASSWORD, "code": code})
    return "in" if answer.status_code == 200 else str(answer.json()["code"])


@pytest.fixture
async def switched_on(browser: NewBrowser, xiaomei: Agent, clock: Clock) -> tuple[str, list[str]]:
    """The secret and the recovery codes of 小美, who switched it on a while ago."""
    desk = browser()
    await enter(desk)
    secret = (await desk.post("/staff/second-factor", {"password": PASSWORD})).json()["secret"]
    answer = await desk.post("/staff/second-factor/confirm", {"code": code_of(secret)})
    assert answer.status_code == 200, answer.text
    await clock.advance(timedelta(minutes=5))
    return secret, answer.json()["codes"]


async def test_after_the_password_a_code_is_asked_and_lets_one_in(browser: NewBrowser, switched_on) -> None:
    secret, _ = switched_on
    assert await enter(browser()) == "second_factor_asked"
    assert await enter(browser(), "000000") == "second_factor_wrong"
    assert await enter(browser(), code_of(secret)) == "in"


async def test_a_code_is_taken_once_and_none_before_it_afterwards(
    browser: NewBrowser, switched_on, clock: Clock
) -> None:
    secret, _ = switched_on
    used, older = code_of(secret), pyotp.TOTP(secret).at(product_clock.now() - timedelta(seconds=30))
    assert await enter(browser(), used) == "in"
    assert await enter(browser(), used) == "second_factor_wrong"
    assert await enter(browser(), older) == "second_factor_wrong"
    await clock.advance(timedelta(seconds=30))
    assert await enter(browser(), code_of(secret)) == "in"


async def test_a_clock_that_is_half_a_minute_off_does_not_matter_two_minutes_do(
    browser: NewBrowser, switched_on
) -> None:
    app = pyotp.TOTP(switched_on[0])
    assert await enter(browser(), app.at(product_clock.now() + timedelta(seconds=120))) == "second_factor_wrong"
    assert await enter(browser(), app.at(product_clock.now() + timedelta(seconds=30))) == "in"


async def test_a_recovery_code_stands_in_once_however_it_is_typed(browser: NewBrowser, switched_on) -> None:
    _, codes = switched_on
    assert len(set(codes)) == 10
    assert await enter(browser(), f" {codes[0].upper().replace('-', ' ')} ") == "in"
    assert await enter(browser(), codes[0]) == "second_factor_wrong"
    desk = browser()
    assert await enter(desk, codes[1]) == "in"
    assert (await desk.get("/staff/second-factor")).json() == {"state": "on", "demanded": False, "recovery_left": 8}


async def test_guessed_codes_are_slowed_down_wherever_they_come_from(browser: NewBrowser, switched_on) -> None:
    secret, _ = switched_on
    tries = [await enter(browser(address=f"198.51.100.{n}"), f"{n:06}") for n in range(sign_in.FREE["code"] + 1)]
    assert tries == ["second_factor_wrong"] * sign_in.FREE["code"] + ["sign_in_locked"]
    assert await enter(browser(address="198.51.100.99"), code_of(secret)) == "sign_in_locked"


async def test_asking_for_the_code_neither_counts_nor_forgives(browser: NewBrowser, switched_on) -> None:
    one = browser(address="198.51.100.7")
    for _ in range(30):
        assert await enter(one) == "second_factor_asked"
    wrong = [await enter(one, "000000") for _ in range(4)]
    assert await enter(one) == "second_factor_asked"
    assert [*wrong, await enter(one, "000000")] == ["second_factor_wrong"] * 5
    assert await enter(one, "000000") == "sign_in_locked"


async def test_it_counts_only_when_a_code_of_it_was_typed(browser: NewBrowser, xiaomei: Agent) -> None:
    desk = browser()
    await enter(desk)
    offered = await desk.post("/staff/second-factor", {"password": PASSWORD})
    assert offered.json()["uri"].startswith("otpauth://totp/")
    assert offered.json()["picture"].startswith("data:image/svg+xml")
    assert (await desk.post("/staff/second-factor/confirm", {"code": "000000"})).json()["code"] == "second_factor_wrong"
    assert await enter(browser()) == "in"


async def test_switching_it_on_or_off_takes_the_password(browser: NewBrowser, switched_on) -> None:
    desk = browser()
    assert await enter(desk, code_of(switched_on[0])) == "in"
    refused = await desk.post("/staff/second-factor/off", {"password": "not-the-password"})
    assert refused.json()["code"] == "current_password_wrong"
    assert (await desk.post("/staff/second-factor", {"password": PASSWORD})).json()["code"] == "second_factor_on"
    assert (await desk.post("/staff/second-factor/off", {"password": PASSWORD})).status_code == 204
    assert await enter(browser()) == "in"


async def test_whose_role_must_have_it_sets_it_up_before_anything_else(
    browser: NewBrowser, operator: Agent, xiaomei: Agent
) -> None:
    boss, desk = browser(), browser(address="203.0.113.8")
    assert await enter(boss, login="boss") == "in"
    assert await enter(desk) == "in"
    assert (await boss.put("/admin/second-factor-rule", {"roles": ["agent"]})).json() == {"roles": ["agent"]}
    assert (await desk.get("/desk/counters")).json()["code"] == "second_factor_missing"
    assert (await desk.get("/staff/me")).json()["second_factor"] == "missing"
    secret = (await desk.post("/staff/second-factor", {"password": PASSWORD})).json()["secret"]
    await desk.post("/staff/second-factor/confirm", {"code": code_of(secret)})
    assert (await desk.get("/desk/counters")).status_code == 200
    refused = await desk.post("/staff/second-factor/off", {"password": PASSWORD})
    assert refused.json()["code"] == "second_factor_demanded"


async def test_an_operator_resets_it_and_the_audit_says_so(
    browser: NewBrowser, operator: Agent, switched_on, xiaomei: Agent, database: Database
) -> None:
    boss = browser(address="203.0.113.9")
    assert await enter(boss, login="boss") == "in"
    assert (await boss.delete(f"/admin/people/{xiaomei.public_id}/second-factor")).status_code == 204
    assert await enter(browser()) == "in"
    async with database.transaction() as tx:
        lines = await tx.all("select agent_id, subject from audit where action = 'second_factor.reset'")
    assert lines == [{"agent_id": operator.id, "subject": xiaomei.public_id}]


async def test_nobody_but_an_operator_resets_or_demands(browser: NewBrowser, xiaomei: Agent) -> None:
    desk = browser()
    await enter(desk)
    assert (await desk.delete(f"/admin/people/{xiaomei.public_id}/second-factor")).status_code == 403
    assert (await desk.put("/admin/second-factor-rule", {"roles": []})).status_code == 403


async def test_neither_secret_nor_codes_stand_in_the_database(
    switched_on, database: Database, settings: Settings
) -> None:
    secret, codes = switched_on
    async with database.transaction() as tx:
        rows = await tx.value("select string_agg(t::text, '') from (select * from second_factor) t") + await tx.value(
            "select string_agg(t::text, '') from (select * from recovery_code) t"
        )
        rows += await tx.value("select string_agg(t::text, '') from audit t")
    assert not any(told.replace("-", "").encode().hex() in rows or told in rows for told in [secret, *codes])
