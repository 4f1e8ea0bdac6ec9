"""Whoever an incident concerns is told once what it is and once that it is over, whatever breaks meanwhile."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest

from mashang import intake
from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.conversations import affected, reading, timeline
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.conversations.writer import Writer
from mashang.customers import blocks, customer
from mashang.customers.blocks import Blocking
from mashang.intake import Inbound
from mashang.kit import clock as product_clock
from mashang.kit import ids
from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound
from mashang.kit.sealing import Sealer
from mashang.shops import contract, incidents, shop
from mashang.shops.incident import Ending, Incident, Said
from mashang.shops.incidents import IncidentOver
from mashang.shops.shop import ShopDraft
from tests import scene
from tests.conftest import Clock
from tests.scene import Scene

HOUR = timedelta(hours=1)
SEALER = Sealer(b"k" * 32)


class Floor:
    """A shop floor with the codes CZ and SH, where something goes wrong."""

    def __init__(self, database: Database, stage: Scene) -> None:
        self.database, self.stage = database, stage

    async def opens(self, code: str | None = "CZ", text: str = "", locale: str = "zh-CN") -> Conversation:
        """Somebody new begins a conversation."""
        async with self.database.transaction() as tx:
            who = await scene.a_visitor(tx, self.stage.site)
        return await intake.begin(
            self.database,
            SEALER,
            Inbound(customer=who, site_id=self.stage.site.id, key=ids.public_id(), code=code, text=text, locale=locale),
        )

    async def breaks(self, *, shop_id: int | None = None, **said: Any) -> Incident:
        """An operator opens an incident."""
        now = product_clock.now()
        worded = {"title": "支付宝通道维护", "text": "充值晚到。", "starts_at": now, "codes": ["CZ"], **said}
        async with self.database.transaction() as tx:
            return await incidents.open_(tx, self.stage.agent, Said(**worded), shop_id)

    async def ends(self, incident: Incident, ending: Ending | None = None) -> None:
        """An operator ends it."""
        async with self.database.transaction() as tx:
            await incidents.end(tx, self.stage.agent, incident.public_id, ending or Ending("好了", "Solved"))

    async def told(self, talk: Conversation) -> list[str]:
        """First lines of what the service itself said."""
        async with self.database.transaction() as tx:
            rows = await tx.all(
                "select text from entry"
                " where conversation_id = %s and author = 'system' and kind = 'text' order by seq",
                (talk.id,),
            )
        return [row["text"].split("\n")[0] for row in rows]

    async def count(self, incident: Incident) -> tuple[int, ...]:
        async with self.database.transaction() as tx:
            return (await affected.counts(tx, [incident.id])).get(incident.id, (0, 0, 0, 0))


@pytest.fixture
async def floor(database: Database, stage: Scene) -> Floor:
    async with database.transaction() as tx:
        for code, name in (("CZ", "充值"), ("SH", "售后")):
            draft = TopicDraft(code=code, name=name, department=stage.department.public_id, greeting="您好")
            await topics.create(tx, stage.agent, draft, frozenset())
    return Floor(database, stage)


async def test_who_opens_with_its_code_hears_of_it_first_and_waits_like_everybody(floor: Floor) -> None:
    incident = await floor.breaks(ends_at=product_clock.now() + HOUR)
    talk = await floor.opens()
    assert await floor.told(talk) == ["支付宝通道维护", "您好"]
    assert talk.status == "waiting"
    assert await floor.count(incident) == (1, 1, 0, 1)
    async with floor.database.transaction() as tx:
        assert await tx.value("select count(*) from queue_place where conversation_id = %s", (talk.id,)) == 1


async def test_it_is_told_in_the_customer_s_language_where_there_are_words_for_it(floor: Floor) -> None:
    await floor.breaks(title_en="Alipay is being repaired")
    assert await floor.told(await floor.opens(locale="en")) == ["Alipay is being repaired", "您好"]


async def test_other_codes_and_no_code_are_left_alone(floor: Floor) -> None:
    incident = await floor.breaks()
    for code in ("SH", None):
        assert "支付宝通道维护" not in await floor.told(await floor.opens(code))
    await floor.breaks(title="只有横幅", codes=[])
    assert "只有横幅" not in await floor.told(await floor.opens())
    assert (await floor.count(incident))[0] == 1


async def test_another_shop_s_incident_does_not_concern_this_site(floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        elsewhere, _ = await shop.create(tx, SEALER, ShopDraft("别家", "https://shop.example/c"))
    await floor.breaks(shop_id=elsewhere.id)
    talk = await floor.opens()
    await affected.catch_up(floor.database)
    assert await floor.told(talk) == ["您好"]


async def test_who_waits_already_is_told_once_when_it_opens(floor: Floor) -> None:
    waiting, other = await floor.opens(), await floor.opens("SH")
    incident = await floor.breaks()
    assert await affected.catch_up(floor.database) == 1
    assert await affected.catch_up(floor.database) == 0
    assert await floor.told(waiting) == ["您好", "支付宝通道维护"]
    assert await floor.told(other) == ["您好"]
    assert await floor.count(incident) == (1, 1, 0, 1)


async def test_one_that_is_announced_is_told_when_it_starts(floor: Floor, clock: Clock) -> None:
    incident = await floor.breaks(starts_at=product_clock.now() + HOUR)
    before = await floor.opens()
    await affected.catch_up(floor.database)
    assert await floor.told(before) == ["您好"]
    await clock.advance(HOUR)
    await affected.catch_up(floor.database)
    after = await floor.opens()
    assert await floor.told(before) == ["您好", "支付宝通道维护"]
    assert await floor.told(after) == ["支付宝通道维护", "您好"]
    assert (await floor.count(incident))[0] == 2


async def test_its_code_typed_in_a_conversation_about_something_else_is_answered_once(
    floor: Floor, writer: Writer
) -> None:
    incident = await floor.breaks()
    talk = await floor.opens("SH")
    async with floor.database.transaction() as tx:
        who = await customer.by_id(tx, talk.customer_id)
    for text in ("我的代码是 CZ", "cz"):
        said = Inbound(customer=who, site_id=talk.site_id, key=ids.public_id(), text=text)
        await intake.receive(floor.database, writer, SEALER, talk.id, said)
    assert await floor.told(talk) == ["您好", "支付宝通道维护"]
    assert (await floor.count(incident))[0] == 1


async def test_the_end_is_told_to_all_of_them_once_and_nobody_is_marked_after_it(floor: Floor) -> None:
    incident = await floor.breaks()
    talks = [await floor.opens(), await floor.opens(locale="en"), await floor.opens("SH")]
    async with floor.database.transaction() as tx:
        await conversations.close(tx, talks[0].id)
    await floor.ends(incident)
    for _ in range(2):
        await affected.catch_up(floor.database)
        await floor.ends(incident, Ending("第二次"))
    assert [(await floor.told(talk))[-1] for talk in talks] == ["好了", "Solved", "您好"]
    late = await floor.opens()
    await affected.catch_up(floor.database)
    assert await floor.told(late) == ["您好"]
    assert await floor.count(incident) == (2, 2, 2, 0)
    async with floor.database.transaction() as tx:
        assert (await conversations.by_id(tx, talks[0].id)).status == "closed"


async def test_who_has_folded_the_chat_sees_that_there_is_something_to_read(floor: Floor) -> None:
    incident = await floor.breaks()
    talk = await floor.opens()
    async with floor.database.transaction() as tx:
        await reading.mark_read(tx, talk, "customer", 99)
        assert await tx.value("select unread_by_customer from conversation where id = %s", (talk.id,)) == 0
    await floor.ends(incident)
    await affected.catch_up(floor.database)
    async with floor.database.transaction() as tx:
        assert await tx.value("select unread_by_customer from conversation where id = %s", (talk.id,)) == 1


async def test_without_words_of_the_operator_s_the_prepared_sentence_is_said(floor: Floor, clock: Clock) -> None:
    await floor.breaks(ends_at=product_clock.now() + HOUR)
    talk = await floor.opens()
    await clock.advance(HOUR)
    await affected.catch_up(floor.database)
    assert (await floor.told(talk))[-1].startswith("“支付宝通道维护”已经结束")


async def test_a_shop_that_flaps_tells_nobody_twice_and_whoever_missed_an_end_hears_the_last(
    floor: Floor, clock: Clock
) -> None:
    site = floor.stage.site
    async with floor.database.transaction() as tx:
        ours, _ = await shop.create(tx, SEALER, ShopDraft("青柠", "https://shop.example/c"))
        await tx.run("update site set shop_id = %s where id = %s", (ours.id, site.id))

    async def tells(*, is_over: bool = False, is_heard: bool = True) -> None:
        now = product_clock.now()
        one = contract.Incident(
            id="in-1", title="维护", starts_at=now - HOUR, codes=["CZ"], ends_at=now if is_over else None
        )
        async with floor.database.transaction() as tx:
            await incidents.heard(tx, ours.id, one, now)
        if is_heard:
            await affected.catch_up(floor.database)
        await clock.advance(timedelta(minutes=1))

    early = await floor.opens()
    await tells()
    await tells(is_over=True)
    await tells()
    later = await floor.opens()
    await tells(is_over=True, is_heard=False)  # over and on again before anybody was told of it
    await tells()
    await tells(is_over=True)
    end = "“维护”已经结束"
    assert [said[: len(end)] for said in await floor.told(early)] == ["您好", "维护", end]
    assert [said[: len(end)] for said in await floor.told(later)] == ["维护", "您好", end]


async def test_a_quiet_end_is_told_to_nobody(floor: Floor) -> None:
    incident = await floor.breaks()
    talk = await floor.opens()
    await floor.ends(incident, Ending(quiet=True))
    await affected.catch_up(floor.database)
    assert await floor.told(talk) == ["支付宝通道维护", "您好"]


async def test_who_is_blocked_is_left_out_for_good(floor: Floor, clock: Clock) -> None:
    incident = await floor.breaks()
    talk = await floor.opens()
    async with floor.database.transaction() as tx:
        who = await customer.by_id(tx, talk.customer_id)
        await blocks.block(tx, floor.stage.agent, who.id, who.public_id, Blocking("骚扰", HOUR))
    assert await floor.count(incident) == (1, 1, 0, 0)
    await floor.ends(incident)
    await affected.catch_up(floor.database)
    await clock.advance(2 * HOUR)
    await affected.catch_up(floor.database)
    assert "好了" not in await floor.told(talk)


async def test_an_agent_marks_and_unmarks_by_hand_and_the_code_does_not_undo_it(floor: Floor) -> None:
    incident = await floor.breaks()
    by_code, by_hand = await floor.opens(), await floor.opens("SH")
    agent = floor.stage.agent
    async with floor.database.transaction() as tx:
        await affected.mark(tx, agent, by_hand, incident.public_id)
        await affected.mark(tx, agent, by_hand, incident.public_id)
        await affected.unmark(tx, by_code, incident.public_id)
    await affected.catch_up(floor.database)
    await floor.ends(incident)
    await affected.catch_up(floor.database)
    assert await floor.told(by_hand) == ["您好", "好了"]
    assert "好了" not in await floor.told(by_code)
    async with floor.database.transaction() as tx:
        for verb in (
            affected.mark(tx, agent, by_hand, incident.public_id),
            affected.unmark(tx, by_hand, incident.public_id),
        ):
            with pytest.raises(IncidentOver):
                await verb
        with pytest.raises(NotFound):
            await affected.mark(tx, agent, by_hand, "nosuch")


class Crashed(Exception):
    """The process ends here."""


@pytest.mark.parametrize("step", ["before", "between", "after"])
async def test_a_crash_at_any_step_tells_nobody_twice_and_nobody_never(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    incident = await floor.breaks()
    talks = [await floor.opens() for _ in range(3)]
    await floor.ends(incident)
    written, append = [0], timeline.append

    async def crashing(tx: Tx, entry: Any) -> Any:
        written[0] += 1
        if (step, written[0]) in (("before", 1), ("between", 2)):
            raise Crashed
        told = await append(tx, entry)
        if (step, written[0]) == ("after", 3):
            raise Crashed
        return told

    with monkeypatch.context() as broken:
        broken.setattr(timeline, "append", crashing)
        with pytest.raises(Crashed):
            await affected.catch_up(floor.database)
    assert await floor.count(incident) == (3, 3, 0, 3)
    await affected.catch_up(floor.database)
    assert [(await floor.told(talk)).count("好了") for talk in talks] == [1, 1, 1]


async def test_processes_that_sweep_at_once_tell_a_thousand_once_each_in_seconds(floor: Floor) -> None:
    incident = await floor.breaks()
    async with floor.database.transaction() as tx:
        await tx.run(
            """
            insert into conversation
                (public_id, site_id, customer_id, status, department_id, topic_code, opening_key)
            select 'c' || n, %(site)s, %(who)s, 'waiting', %(department)s, 'CZ', 'k' || n
            from generate_series(1, 1000) n
            """,
            {
                "site": floor.stage.site.id,
                "who": floor.stage.customer.id,
                "department": floor.stage.department.id,
            },
        )

    async def swept() -> float:
        began = time.process_time()
        await asyncio.gather(*(affected.catch_up(floor.database) for _ in range(3)))
        return time.process_time() - began

    marking = await swept()
    assert await floor.count(incident) == (1000, 1000, 0, 1000)
    await floor.ends(incident)
    ending = await swept()
    assert await floor.count(incident) == (1000, 1000, 1000, 0)
    async with floor.database.transaction() as tx:
        said = await tx.all("select text, count(*) from entry where kind = 'text' group by text")
    assert sorted(row["count"] for row in said) == [1000, 1000]
    assert max(marking, ending) < 15, "seconds of this process for a thousand"


async def test_two_incidents_that_reach_one_conversation_at_once_wait_for_each_other(floor: Floor) -> None:
    talk = await floor.opens()
    await floor.breaks(title="支付宝通道维护")
    second = await floor.breaks(title="短信迟到", codes=["SH"])
    async with floor.database.transaction() as tx:
        await affected.mark(tx, floor.stage.agent, talk, second.public_id)
        sweeping = asyncio.ensure_future(affected.catch_up(floor.database))
        while not await tx.value("select exists (select from pg_stat_activity where wait_event_type = 'Lock')"):
            pass
        await timeline.append(tx, timeline.event(talk.id, "noted"))
    assert await sweeping == 1
    assert await floor.told(talk) == ["您好", "支付宝通道维护"]
