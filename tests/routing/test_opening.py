"""Opening hours as they are set, inherited, audited; and what a customer who waits hears while it is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from litestar import Litestar

from mashang import routing
from mashang.app import create_app
from mashang.kit.db import Database
from mashang.kit.settings import Settings, load
from mashang.routing import opening
from mashang.routing.hours import Interval
from mashang.routing.opening import EVERYWHERE, HoursDraft
from tests import scene
from tests.browsing import Browser
from tests.conftest import Clock
from tests.scene import PASSWORD

NEVER, ALWAYS = [[]] * 7, [[Interval("00:00", "00:00")]] * 7


@pytest.fixture
async def stage(database: Database) -> scene.Scene:
    async with database.transaction() as tx:
        return await scene.build(tx)


async def test_a_department_follows_what_is_set_for_everywhere_until_it_has_its_own(
    database: Database, stage: scene.Scene
) -> None:
    boss, department = stage.agent, stage.department
    async with database.transaction() as tx:
        assert await opening.closed(tx, [department.id]) == {}  # nothing is set: always open
        await opening.set_hours(tx, boss, EVERYWHERE, HoursDraft(NEVER, " 休息了 ", "Closed"))
        found = (await opening.closed(tx, [department.id]))[department.id]
        assert (found.text, found.text_en, found.opens_at) == ("休息了", "Closed", None)
        await opening.set_hours(tx, boss, department.public_id, HoursDraft(ALWAYS))
        assert await opening.closed(tx, [department.id]) == {}
        await opening.forget_hours(tx, boss, department.public_id)
        assert department.id in await opening.closed(tx, [department.id])
        lines = await tx.all("select action, subject from audit where action like 'hours.%%' order by id")
    assert [line["action"] for line in lines] == ["hours.set", "hours.set", "hours.removed"]


async def test_who_waits_while_it_is_closed_reads_so_and_when_it_opens_and_hears_no_estimate(
    database: Database, stage: scene.Scene, clock: Clock
) -> None:
    async with database.transaction() as tx:
        await tx.run("update agent set availability = 'available', state_since = app_now()")
        await tx.run(
            "insert into presence_lease values ('s', %s, 'p', app_now() + interval '9 days')", (stage.agent.id,)
        )
        conversation = await stage.conversation(tx)
        await routing.place(tx, conversation.id, stage.department.id)
        told = (await routing.waiting(tx, [conversation.id]))[conversation.id]
        assert told.estimate is not None
        now = await tx.value("select app_now() at time zone 'Asia/Shanghai'")
        opens = (now + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
        week: list[list[Interval]] = [[] for _ in range(7)]
        week[opens.weekday()] = [Interval(f"{opens:%H:%M}", f"{opens + timedelta(hours=1):%H:%M}")]
        await opening.set_hours(tx, stage.agent, EVERYWHERE, HoursDraft(week, "请留言"))
        told = (await routing.waiting(tx, [conversation.id]))[conversation.id]
        assert told.estimate is None
        assert told.closed is not None
        assert told.closed.opens_at is not None
        assert told.closed.opens_at.timestamp() == pytest.approx(
            (
                await tx.value("select extract(epoch from %s::timestamp at time zone 'Asia/Shanghai')", (opens,))
            ).__float__()
        )
    await clock.advance(opens - now + timedelta(minutes=5))
    async with database.transaction() as tx:
        told = (await routing.waiting(tx, [conversation.id]))[conversation.id]
    assert (told.closed, told.estimate is None) == (None, False)


@pytest.mark.parametrize(
    "week",
    [
        [[]] * 6,
        [[{"opens": "25:00", "closes": "26:00"}]] + [[]] * 6,
        [[{"opens": "9:00", "closes": "10:00"}]] + [[]] * 6,
        [[{"opens": "09:00\n", "closes": "10:00"}]] + [[]] * 6,
        [[{"opens": "09:00", "closes": "10:00"}] * 7] + [[]] * 6,
    ],
)
async def test_what_is_no_week_is_refused_and_changes_nothing(
    browser: Callable[..., Browser], database: Database, week: list[object]
) -> None:
    boss = await _boss(browser, database)
    answer = await boss.put("/admin/hours/everywhere", {"week": week})
    assert answer.status_code == 422
    assert (await boss.get("/admin/hours")).json()["hours"][0]["week"] is None


async def test_hours_are_set_over_http_by_operators_and_read_by_supervisors(
    browser: Callable[..., Browser], database: Database
) -> None:
    boss = await _boss(browser, database)
    week = [[{"opens": "09:00", "closes": "18:00"}]] * 5 + [[], []]
    page = (await boss.put("/admin/hours/everywhere", {"week": week, "closed_text": "明天见"})).json()
    assert page["zone"] == "Asia/Shanghai"
    assert [(one["own"], one["week"]) for one in page["hours"]] == [(True, week), (False, week)]
    assert (await boss.put("/admin/hours/nosuchdepartment", {"week": week})).status_code == 404
    assert (await boss.delete("/admin/hours/everywhere")).status_code == 204
    assert (await boss.delete("/admin/hours/everywhere")).status_code == 404
    agent = browser()
    await agent.sign_in("xiaomei", PASSWORD)
    assert (await agent.get("/admin/hours")).status_code == 403
    assert (await agent.put("/admin/hours/everywhere", {"week": week})).status_code == 403


async def test_the_zone_of_the_settings_is_the_installations(settings: Settings, database: Database) -> None:
    application: Litestar = create_app(msgspec.structs.replace(settings, timezone="Europe/Berlin"))
    async with application.lifespan(), database.transaction() as tx:
        assert (await opening.all_hours(tx))[0] == "Europe/Berlin"


def test_what_is_no_zone_is_named(settings: Settings) -> None:
    with pytest.raises(ValueError, match="MASHANG_TIMEZONE"):
        load({"MASHANG_TIMEZONE": "Shanghai"}, home=settings.home)


async def _boss(browser: Callable[..., Browser], database: Database) -> Browser:
    async with database.transaction() as tx:
        await scene.build(tx)
        await scene.an_agent(tx, "boss", "王店长", role="operator")
    boss = browser()
    await boss.sign_in("boss", PASSWORD)
    return boss
