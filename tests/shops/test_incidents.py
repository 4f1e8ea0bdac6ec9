"""What a shop says of its incidents is heard in its order, whichever way it says it, and within bounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from mashang.kit import clock as product_clock
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid
from mashang.kit.sealing import Sealer
from mashang.shops import incidents, shop
from mashang.shops.contract import Incident
from mashang.shops.incident import Ending, Said
from mashang.shops.incidents import IncidentMoved, IncidentOver, ShopsOwn
from mashang.shops.shop import ShopDraft
from mashang.staff import Agent
from tests import scene
from tests.conftest import Clock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def now() -> datetime:
    return product_clock.now()


def told(number: str = "in-1", **changes: Any) -> Incident:
    return Incident(
        **{"id": number, "title": "支付宝通道维护", "starts_at": now() - MINUTE, "codes": ["CZ"], **changes}
    )


@pytest.fixture
async def shop_id(tx: Tx) -> int:
    made, _ = await shop.create(tx, Sealer(b"k" * 32), ShopDraft("青柠", "https://shop.example/c"))
    return made.id


@pytest.fixture
async def boss(tx: Tx) -> Agent:
    await scene.build(tx)
    return await scene.an_agent(tx, "boss", "王店长", role="operator")


async def near(tx: Tx) -> list[str]:
    return [one.title for one in await incidents.near(tx)]


async def rows(tx: Tx) -> list[tuple[str, str | None]]:
    found = await tx.all("select title, closed_by from incident order by id")
    return [(row["title"], row["closed_by"]) for row in found]


async def test_an_event_opens_changes_and_ends_one_row(tx: Tx, shop_id: int) -> None:
    await incidents.heard(tx, shop_id, told(), now())
    await incidents.heard(tx, shop_id, told(title="还要一小时"), now())
    assert await near(tx) == ["还要一小时"]
    await incidents.heard(tx, shop_id, told(ends_at=now()), now())
    assert await near(tx) == []
    assert await rows(tx) == [("还要一小时", "shop")]


async def test_an_older_event_that_comes_late_changes_nothing(tx: Tx, shop_id: int) -> None:
    earlier = now() - MINUTE
    await incidents.heard(tx, shop_id, told(title="新"), now())
    await incidents.heard(tx, shop_id, told(title="旧"), earlier)
    assert await near(tx) == ["新"]
    await incidents.heard(tx, shop_id, told(ends_at=now()), now())
    await incidents.heard(tx, shop_id, told(title="旧"), earlier)
    assert await near(tx) == []


async def test_an_answer_that_names_it_no_longer_ends_it(tx: Tx, shop_id: int, clock: Clock) -> None:
    await incidents.answered(tx, shop_id, [told(), told("in-2", title="另一件")], now())
    await clock.advance(MINUTE)
    await incidents.answered(tx, shop_id, [told("in-2", title="另一件")], now())
    assert await near(tx) == ["另一件"]


async def test_a_shop_that_tells_by_events_alone_ends_none_by_its_empty_answers(
    tx: Tx, shop_id: int, clock: Clock
) -> None:
    await incidents.heard(tx, shop_id, told(), now())
    for _ in range(3):
        await clock.advance(MINUTE)
        await incidents.answered(tx, shop_id, [], now())
    assert await near(tx) == ["支付宝通道维护"]
    await incidents.heard(tx, shop_id, told(ends_at=now()), now())
    assert await near(tx) == []


async def test_an_answer_asked_for_before_the_last_that_was_heard_changes_nothing(
    tx: Tx, shop_id: int, clock: Clock
) -> None:
    asked_at = now()
    await clock.advance(MINUTE)
    await incidents.heard(tx, shop_id, told(title="刚说的"), now())
    await incidents.answered(tx, shop_id, [], asked_at)
    await incidents.answered(tx, shop_id, [told(title="之前的")], asked_at)
    assert await near(tx) == ["刚说的"]


async def test_a_shop_that_flaps_opens_none_anew_for_five_minutes(tx: Tx, shop_id: int, clock: Clock) -> None:
    await incidents.answered(tx, shop_id, [told()], now())
    for named in ([], [told()], [], [told()]):
        await clock.advance(MINUTE)
        await incidents.answered(tx, shop_id, named, now())
    assert await rows(tx) == [("支付宝通道维护", "shop")]
    await clock.advance(5 * MINUTE)
    await incidents.answered(tx, shop_id, [told(title="又来了")], now())
    assert await near(tx) == ["又来了"]


async def test_a_shop_that_flaps_by_events_has_one_incident_for_as_long_as_it_flaps(
    tx: Tx, shop_id: int, clock: Clock
) -> None:
    for number in range(4):
        await incidents.heard(tx, shop_id, told(title=f"第 {number} 次"), now())
        assert await near(tx) == [f"第 {number} 次"]
        await clock.advance(3 * MINUTE)
        await incidents.heard(tx, shop_id, told(ends_at=now()), now())
        assert await near(tx) == []
        await clock.advance(3 * MINUTE)
    assert await rows(tx) == [("第 3 次", "shop")]
    await clock.advance(5 * MINUTE)
    await incidents.heard(tx, shop_id, told(title="又来了"), now())
    assert await rows(tx) == [("第 3 次", "shop"), ("又来了", None)]


async def test_one_whose_time_was_over_is_the_same_when_its_shop_says_that_it_takes_longer(
    tx: Tx, shop_id: int, clock: Clock
) -> None:
    await incidents.heard(tx, shop_id, told(ends_at=now() + HOUR), now())
    await clock.advance(HOUR)
    await incidents.due(tx)
    await clock.advance(MINUTE)
    await incidents.heard(tx, shop_id, told(title="还要一小时", ends_at=now() + HOUR), now())
    assert await rows(tx) == [("还要一小时", None)]
    await incidents.answered(tx, shop_id, [told(title="还要两小时")], now())
    assert await near(tx) == ["还要两小时"]


async def test_what_an_operator_ended_no_shop_opens_again(tx: Tx, boss: Agent, shop_id: int, clock: Clock) -> None:
    await incidents.heard(tx, shop_id, told(), now())
    [opened] = await incidents.near(tx)
    await incidents.end(tx, boss, opened.public_id, Ending())
    for passes in (MINUTE, HOUR):
        await clock.advance(passes)
        await incidents.heard(tx, shop_id, told(), now())
        await incidents.answered(tx, shop_id, [told()], now())
        assert await near(tx) == []


async def test_a_shop_that_told_of_one_is_asked_again_until_it_is_over(tx: Tx, shop_id: int, clock: Clock) -> None:
    await incidents.answered(tx, shop_id, [told()], now())
    assert await incidents.unconfirmed(tx) == []
    await clock.advance(2 * MINUTE)
    assert await incidents.unconfirmed(tx) == [shop_id]
    await incidents.answered(tx, shop_id, [told()], now())
    assert await incidents.unconfirmed(tx) == []
    await clock.advance(2 * MINUTE)
    await incidents.answered(tx, shop_id, [], now())
    assert await incidents.unconfirmed(tx) == []


async def test_its_time_ends_it(tx: Tx, shop_id: int, clock: Clock) -> None:
    await incidents.heard(tx, shop_id, told(ends_at=now() + HOUR), now())
    await clock.advance(HOUR)
    assert await near(tx) == []
    assert await incidents.due(tx) == 1
    assert await rows(tx) == [("支付宝通道维护", "time")]
    assert await incidents.due(tx) == 0


FAR: dict[str, Callable[[], Incident]] = {
    "the end of the century after": lambda: told(
        ends_at=datetime(2199, 12, 30, 23, 59, 59, tzinfo=timezone(-timedelta(hours=12)))
    ),
    "the time before anything": lambda: told(starts_at=datetime(1970, 1, 2, tzinfo=timezone(timedelta(hours=12)))),
    "an end before its start": lambda: told(starts_at=now() + 3 * HOUR, ends_at=now() + HOUR),
    "an end long ago": lambda: told(ends_at=datetime(1970, 1, 2, tzinfo=UTC)),
    "a start in a year": lambda: told(starts_at=now() + timedelta(days=365)),
}


@pytest.mark.parametrize(
    ("which", "shown"),
    [
        ("the end of the century after", 1),
        ("the time before anything", 1),
        ("an end before its start", 0),
        ("an end long ago", 0),
        ("a start in a year", 0),
    ],
)
async def test_times_no_clock_shows_are_bounded(tx: Tx, shop_id: int, which: str, shown: int) -> None:
    await incidents.heard(tx, shop_id, FAR[which](), now())
    found = await incidents.near(tx)
    assert len(found) == shown
    assert all(2000 <= one.starts_at.year <= 2100 and (one.ends_at or one.starts_at).year <= 2100 for one in found)


async def test_a_title_is_one_line_and_a_code_is_letters_and_digits(tx: Tx, shop_id: int) -> None:
    title = "\u202e<b>维护</b>\n\n第二行\u0007"
    await incidents.heard(tx, shop_id, told(title=title, codes=[" cz ", "CZ", "<x>", "", "充值", "NOTHERE"]), now())
    [one] = await incidents.near(tx)
    assert one.title == "<b>维护</b> 第二行"
    assert one.codes == ["CZ", "NOTHERE"]


async def test_a_shop_has_fifty_open_at_most(tx: Tx, shop_id: int) -> None:
    for number in range(53):
        await incidents.heard(tx, shop_id, told(f"in-{number}"), now())
    assert len(await incidents.near(tx)) == incidents.MOST_OF_A_SHOP


def said(**changes: Any) -> Said:
    return Said(**{"title": "维护", "starts_at": now(), **changes})


@pytest.mark.parametrize(
    ("field", "reason", "wrong"),
    [
        ("title", "empty", lambda: said(title="  ")),
        ("ends_at", "order", lambda: said(ends_at=now() - HOUR, starts_at=now() + HOUR)),
        ("ends_at", "past", lambda: said(starts_at=now() - 2 * HOUR, ends_at=now() - HOUR)),
        ("starts_at", "too_far", lambda: said(starts_at=now() - timedelta(days=60))),
        ("ends_at", "too_far", lambda: said(ends_at=datetime(2900, 1, 1, tzinfo=UTC))),
    ],
    ids=["title", "order", "past", "long-ago", "far"],
)
async def test_what_an_operator_cannot_mean_is_refused(
    tx: Tx, boss: Agent, field: str, reason: str, wrong: Callable[[], Said]
) -> None:
    with pytest.raises(Invalid) as refused:
        await incidents.open_(tx, boss, wrong(), None)
    assert refused.value.facts == {"field": field, "reason": reason}


async def test_two_operators_who_change_it_at_once_do_not_undo_each_other(tx: Tx, boss: Agent) -> None:
    one = await incidents.open_(tx, boss, said(), None)
    await incidents.change(tx, boss, one.public_id, said(title="甲"), version=one.version)
    with pytest.raises(IncidentMoved):
        await incidents.change(tx, boss, one.public_id, said(title="乙"), version=one.version)
    assert await near(tx) == ["甲"]


async def test_what_is_over_and_what_a_shop_says_no_operator_rewrites(tx: Tx, boss: Agent, shop_id: int) -> None:
    await incidents.heard(tx, shop_id, told(), now())
    [shops] = await incidents.near(tx)
    with pytest.raises(ShopsOwn):
        await incidents.change(tx, boss, shops.public_id, said(), version=shops.version)
    ours = await incidents.open_(tx, boss, said(), None)
    ended = await incidents.end(tx, boss, ours.public_id, Ending("好了"))
    again = await incidents.end(tx, boss, ours.public_id, Ending("又好了"))
    assert (again.end_text, again.closed_at) == ("好了", ended.closed_at)
    with pytest.raises(IncidentOver):
        await incidents.change(tx, boss, ours.public_id, said(), version=again.version)
