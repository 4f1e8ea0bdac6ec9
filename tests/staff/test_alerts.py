"""How somebody wants to be called follows them, and is nobody else's affair."""

from __future__ import annotations

import pytest

PASSWORD = "correct-horse-7"


async def test_what_one_chose_follows_to_another_browser_and_nobody_else(browser, xiaomei, operator):
    here, there, other = browser(), browser(), browser()
    await here.sign_in("xiaomei", PASSWORD)
    began = (await here.get("/staff/alerts")).json()
    assert (began["sound"], began["notify"], began["quiet_from"]) == (True, False, None)
    wanted = began | {"volume": 20, "message": False, "quiet_from": "22:00", "quiet_until": "07:30"}
    assert (await here.put("/staff/alerts", wanted)).json() == wanted
    await there.sign_in("xiaomei", PASSWORD)
    assert (await there.get("/staff/alerts")).json() == wanted
    await other.sign_in("boss", PASSWORD)
    assert (await other.get("/staff/alerts")).json() == began


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": "22:00"},
        {"quiet_from": "24:00", "quiet_until": "07:00"},
        {"quiet_from": "22:00\n", "quiet_until": "07:00"},
        {"volume": 101},
        {"sound": "loud"},
        {"ringtone": "x"},
    ],
)
async def test_what_makes_no_sense_is_refused_and_nothing_changes(browser, xiaomei, wrong):
    page = browser()
    await page.sign_in("xiaomei", PASSWORD)
    before = (await page.get("/staff/alerts")).json()
    answer = await page.put("/staff/alerts", wrong)
    assert answer.status_code in {400, 422}
    assert (await page.get("/staff/alerts")).json() == before


async def test_strangers_have_none(browser):
    assert (await browser().get("/staff/alerts")).status_code == 401
