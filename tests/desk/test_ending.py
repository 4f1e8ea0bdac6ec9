"""Which codes die: each sum and each state, over rows that are counted by hand."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from mashang.codes import minting, reminders, renewal, topics
from mashang.codes.counting import Counts
from mashang.codes.minting import Draft
from mashang.codes.topics import TopicDraft
from mashang.desk.ending import EndingCodes, ending
from mashang.kit import clock as product_clock
from mashang.kit.db import Tx
from mashang.shops.questions import PARTS
from tests import scene
from tests.browsing import Browser
from tests.codes.test_minting import DAY, SEALER, a_shop, an_account, an_order
from tests.conftest import Clock


@pytest.fixture
async def stage(tx: Tx) -> scene.Scene:
    return await scene.build(tx)


async def a_topic(tx: Tx, stage: scene.Scene, code: str, **draft: Any) -> topics.Topic:
    wanted = TopicDraft(code=code, name=f"主题{code}", department=stage.department.public_id, **draft)
    return await topics.create(tx, None, wanted, PARTS)


async def asked_for(tx: Tx, topic: topics.Topic, what: str, number: int) -> None:
    await tx.run(
        "insert into code_count (day, what, topic_id, number)"
        " values ((app_now() at time zone (select zone from installation))::date, %s, %s, %s)",
        (what, topic.id, number),
    )


def states(found: EndingCodes) -> list[tuple[str, str]]:
    return [(one.code, one.concern) for one in found.topics]


async def test_what_is_over_and_asked_for_stands_first_and_what_lives_does_not_stand_there(
    tx: Tx, stage: scene.Scene, clock: Clock
) -> None:
    now = product_clock.now()
    await a_topic(tx, stage, "OLD")
    gone = await a_topic(tx, stage, "GONE", successor=None)
    over = await a_topic(tx, stage, "OVER", expires_at=now + 95 * DAY)
    await a_topic(tx, stage, "QUIET", expires_at=now + 95 * DAY)
    soon = await a_topic(tx, stage, "SOON", expires_at=now + 110 * DAY)
    await clock.advance(65 * DAY)
    await a_topic(tx, stage, "MONTH")
    await topics.archive(tx, None, gone.public_id)
    await clock.advance(34 * DAY)
    young = await a_topic(tx, stage, "NEW")
    await asked_for(tx, over, "expired", 7)
    await asked_for(tx, soon, "expired", 3)  # it had ended before, and was extended
    found = await ending(tx, "zh-CN")
    assert states(found) == [
        ("OVER", "still_asked"), ("SOON", "ends_soon"), ("QUIET", "ended"), ("OLD", "unused_90"),
        ("MONTH", "unused_30"), ("GONE", "archived"),
    ]  # fmt: skip
    by_code = {one.code: one for one in found.topics}
    assert (by_code["OVER"].attempts, by_code["OVER"].instead) == (7, "OLD")
    assert (by_code["SOON"].attempts, by_code["SOON"].instead) == (0, None)
    assert young.code not in by_code


async def test_one_that_was_used_lately_is_not_unused(tx: Tx, stage: scene.Scene, clock: Clock) -> None:
    topic = await a_topic(tx, stage, "CZ")
    await clock.advance(40 * DAY)
    begun = await stage.conversation(tx)
    await tx.run(
        "insert into redemption (conversation_id, topic_id, typed, how) values (%s, %s, 'cz', 'exact')",
        (begun.id, topic.id),
    )
    await clock.advance(29 * DAY)
    assert states(await ending(tx, "zh-CN")) == []
    await clock.advance(1 * DAY)
    assert states(await ending(tx, "zh-CN")) == [("CZ", "unused_30")]


async def test_the_sums_of_minted_codes_are_counted_by_place_and_campaign(tx: Tx, clock: Clock) -> None:
    shop_id = await a_shop(tx)
    owner = await an_account(tx, shop_id)
    ends = product_clock.now() + 30 * DAY
    orders = [
        (await minting.mint(tx, SEALER, an_order(shop_id, order_number=f"QN{n}", expires_at=ends), "shop"))[0]
        for n in range(5)
    ]
    campaign = Draft(campaign="双十一", expires_at=ends - DAY, uses_left=1)
    promotion = [(await minting.mint(tx, SEALER, campaign, "operator"))[0] for _ in range(3)]
    endless, _ = await minting.mint(tx, SEALER, an_order(shop_id, order_number="QN9"), "shop")
    await minting.use(tx, endless)
    await minting.use(tx, orders[0])
    await minting.use(tx, promotion[0])
    await minting.revoke(tx, SEALER, orders[1])
    await clock.advance(29 * DAY)
    due = await reminders.due(tx, SEALER, owner)
    await reminders.told(tx, owner, [one.id for one in due], "web")
    await renewal.renew(tx, SEALER, orders[2])
    await clock.advance(2 * DAY)
    by_campaign, by_scene = (await ending(tx, "zh-CN")).groups
    assert (by_campaign.campaign, by_campaign.issued, by_campaign.used, by_campaign.unused_at_end) == (
        "双十一",
        3,
        1,
        2,
    )
    assert by_campaign.live == by_campaign.reminded == 0
    assert (by_scene.campaign, by_scene.scene, by_scene.issued, by_scene.used) == (None, "order", 6, 2)
    assert (by_scene.revoked, by_scene.unused_at_end, by_scene.live) == (1, 2, 2)
    assert (by_scene.renewed, by_scene.reminded, by_scene.renewed_then, by_scene.ending) == (1, 4, 1, 0)
    assert by_scene.unused_long == 1


async def test_a_campaign_is_extended_with_what_has_ended_of_it_and_revoked_at_once(tx: Tx, clock: Clock) -> None:
    draft = Draft(campaign="双十一", expires_at=product_clock.now() + DAY)
    codes = [(await minting.mint(tx, SEALER, draft, "operator"))[0] for _ in range(3)]
    await minting.mint(tx, SEALER, Draft(campaign="别的"), "operator")
    await minting.revoke(tx, SEALER, codes[0])
    await clock.advance(2 * DAY)
    assert await minting.end_campaign(tx, "双十一", None) == 0  # all are over: nothing to take back
    assert await minting.end_campaign(tx, "双十一", product_clock.now() + DAY) == 2
    assert [(await minting.by_id(tx, SEALER, one.id)).state for one in codes] == ["revoked", "live", "live"]
    assert await minting.end_campaign(tx, "双十一", None) == 2
    assert await minting.end_campaign(tx, "没有", None) == 0
    with pytest.raises(minting.Invalid):
        await minting.end_campaign(tx, "双十一", product_clock.now() - DAY)


async def test_who_may_see_the_codes_sees_it_and_keeps_it_as_a_file(browser: Any, database: Any) -> None:
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        await scene.an_agent(tx, "boss", "王店长", role="operator")
        await a_topic(tx, stage, "HD", expires_at=product_clock.now() - timedelta(hours=1))
    boss: Browser = browser()
    await boss.sign_in("boss", scene.PASSWORD)
    assert [one["code"] for one in (await boss.get("/admin/ending-codes")).json()["topics"]] == ["HD"]
    told = (await boss.post("/admin/ending-codes/export")).text
    rows = list(csv.reader(io.StringIO(told.removeprefix("\ufeff"))))
    assert rows[0][0].startswith("代码去留")
    assert rows[2][:4] == ["HD", "主题HD", "充值", "已到期"]
    assert rows[4][:3] == ["活动", "展示位置", "发放"]
    agent: Browser = browser()
    await agent.sign_in("xiaomei", scene.PASSWORD)
    assert (await agent.get("/admin/ending-codes")).status_code == 403
    for path, body in (("end", {"expires_at": None}), ("successor", {"successor": None})):
        assert (await agent.put("/admin/topics/x/" + path, body)).status_code == 403
        assert (await boss.put("/admin/topics/x/" + path, body)).status_code == 404


async def test_somebody_who_came_with_an_ended_code_is_in_the_list_soon(
    tx: Tx, stage: scene.Scene, clock: Clock
) -> None:
    topic = await a_topic(tx, stage, "HD", expires_at=product_clock.now() + DAY)
    await clock.advance(2 * DAY)
    index = await topics.index(tx)
    counts = Counts(None)  # type: ignore[arg-type]  # nothing is written
    counts.answered(index.match("hd", product_clock.now()))
    assert counts._counted == {("expired", topic.id): 1}
