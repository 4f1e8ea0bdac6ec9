"""Topics on a real database: unique names, an index that is never old, redemptions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import codes
from mashang.codes import Expired, Matched, demo, offer_rules, succession, topics
from mashang.codes.offer_starters import create_demo_rules
from mashang.codes.topics import AliasTaken, CodeTaken, TopicDraft
from mashang.kit import clock as product_clock
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Invalid, NotFound
from mashang.shops.questions import PARTS
from mashang.staff import demo as staff_demo
from mashang.staff import departments
from mashang.staff.departments import DepartmentDraft
from tests import scene


@pytest.fixture
async def draft(tx: Tx):
    """Makes drafts of topics of one department."""
    department = await departments.create(tx, None, DepartmentDraft("充值", "Recharge"))

    def make(code: str, *aliases: str, **more) -> TopicDraft:
        return TopicDraft(
            code=code, **{"name": code, "department": department.public_id, "aliases": list(aliases)} | more
        )

    return make


async def create(tx: Tx, draft: TopicDraft):
    return await topics.create(tx, None, draft, PARTS)


async def matched(tx: Tx, text: str) -> str | None:
    answer = (await codes.index(tx)).match(text, product_clock.now())
    return answer.topic.code if isinstance(answer, Matched) else None


async def test_a_new_topic_is_matched_at_once_by_code_and_alias(tx: Tx, draft) -> None:
    await create(tx, draft("ｃｚ", "充值没到账", name="充值问题", name_en="Recharge", icon="⚡"))
    assert await matched(tx, "cz") == "CZ"
    assert await matched(tx, "充值没到账！") == "CZ"
    assert await codes.buttons(tx, "zh-CN") == [codes.TopicButton("CZ", "充值问题", "⚡", "充值")]
    assert await codes.buttons(tx, "en") == [codes.TopicButton("CZ", "Recharge", "⚡", "Recharge")]


async def test_an_edited_topic_is_matched_by_its_new_names_only(tx: Tx, draft) -> None:
    topic = await create(tx, draft("CZ", "充值"))
    assert await matched(tx, "充值") == "CZ"
    await topics.edit(tx, None, topic.public_id, draft("TU", "上分", shown=False), PARTS)
    assert [await matched(tx, text) for text in ("cz", "充值", "tu", "上分")] == [None, None, "TU", "TU"]
    assert await codes.buttons(tx, "zh-CN") == []


async def test_an_expired_topic_is_offered_no_more(tx: Tx, draft, clock) -> None:
    await create(tx, draft("CZ", expires_at=product_clock.now() + timedelta(days=1)))
    assert len(await codes.buttons(tx, "zh-CN")) == 1
    await clock.advance(timedelta(days=1))
    assert await codes.buttons(tx, "zh-CN") == []


async def test_an_archived_topic_names_nothing_and_comes_back_when_made_again(tx: Tx, draft) -> None:
    topic = await create(tx, draft("CZ", "充值"))
    await topics.archive(tx, None, topic.public_id)
    assert await matched(tx, "cz") is None
    assert await matched(tx, "充值") is None
    with pytest.raises(NotFound):
        await topics.archive(tx, None, topic.public_id)
    again = await create(tx, draft("CZ", "充值问题"))
    assert again.public_id == topic.public_id
    assert again.aliases == ("充值问题",)


async def test_no_two_topics_share_a_name(tx: Tx, draft) -> None:
    first, second = await create(tx, draft("CZ", "充值", "top up")), await create(tx, draft("SH", "售后"))
    for taken, refusal in (
        (draft("cz"), CodeTaken),
        (draft("TOPUP"), CodeTaken),
        (draft("GN", "充 值"), AliasTaken),
        (draft("GN", "C-Z"), AliasTaken),
    ):
        with pytest.raises(refusal) as refused:
            await create(tx, taken)
        assert refused.value.facts["holder"] == "CZ"
    with pytest.raises(CodeTaken):
        await topics.edit(tx, None, second.public_id, draft("CZ"), PARTS)
    with pytest.raises(AliasTaken):
        await topics.edit(tx, None, second.public_id, draft("SH", "充值"), PARTS)
    kept = await topics.edit(tx, None, first.public_id, draft("CZ", "充值", "cz", "充 值"), PARTS)
    assert kept.aliases == ("cz", "充 值")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "C"}, "code"),
        ({"code": "ABCDEFGHI"}, "code"),
        ({"code": "充值"}, "code"),
        ({"code": "--"}, "code"),
        ({"context": ["balance"]}, "context"),
        ({"aliases": ["！"]}, "aliases"),
        ({"aliases": ["充"]}, "aliases"),
        ({"department": "nobody"}, "department"),
    ],
)
async def test_a_draft_that_makes_no_sense_is_refused_by_field(tx: Tx, draft, wrong, field) -> None:
    with pytest.raises(Invalid) as refused:
        await create(tx, draft(**{"code": "CZ"} | wrong))
    assert refused.value.facts["field"] == field


async def test_every_change_is_in_the_audit(tx: Tx, draft) -> None:
    topic = await create(tx, draft("CZ"))
    await topics.edit(tx, None, topic.public_id, draft("CZ", name="充值问题"), PARTS)
    await topics.archive(tx, None, topic.public_id)
    lines = await tx.all("select action, before, after from audit where action ~ '^topic' order by id")
    assert [line["action"] for line in lines] == ["topic.created", "topic.edited", "topic.archived"]
    assert (lines[1]["before"], lines[1]["after"]) == ({"name": "CZ"}, {"name": "充值问题"})


async def test_another_process_sees_an_edit_at_its_next_look_up(database: Database, dsn: str) -> None:
    async with database.transaction() as tx:
        department = await departments.create(tx, None, DepartmentDraft("充值"))
        topic = await create(tx, TopicDraft(code="CZ", name="充值", department=department.public_id))
    async with database.transaction() as tx:
        assert await matched(tx, "cz") == "CZ"
    other = await Database.connect(dsn, pool_size=2)
    try:
        async with other.transaction() as tx:  # as another process would: past everything this one remembers
            await tx.run("update topic set code = 'TU' where public_id = %s", (topic.public_id,))
    finally:
        await other.close()
    async with database.transaction() as tx:
        assert await matched(tx, "cz") is None
        assert await matched(tx, "tu") == "TU"


async def test_an_edit_that_is_rolled_back_was_never_made(database: Database) -> None:
    async with database.transaction() as tx:
        department = await departments.create(tx, None, DepartmentDraft("充值"))

    async def make_and_fail() -> None:
        async with database.transaction() as tx:
            await create(tx, TopicDraft(code="CZ", name="充值", department=department.public_id))
            assert await matched(tx, "cz") == "CZ"
            raise LookupError

    with pytest.raises(LookupError):
        await make_and_fail()
    async with database.transaction() as tx:
        assert await matched(tx, "cz") is None


async def test_a_known_index_costs_one_statement(tx: Tx, draft, queries) -> None:
    await create(tx, draft("CZ"))
    await codes.index(tx)
    queries.clear()
    await codes.index(tx)
    assert len(queries) == 1


async def test_a_redemption_keeps_what_was_typed_without_its_secrets(tx: Tx) -> None:
    stage = await scene.build(tx)
    topic = await create(tx, TopicDraft(code="KM", name="卡密", department=stage.department.public_id))
    begun = await stage.conversation(tx)
    await codes.redeem(tx, begun.id, topic, "km 卡密：ABCD-EFGH-1234\u0000" + "长" * 500, "in_text")
    row = await tx.one("select topic_id, typed, how from redemption where conversation_id = %s", (begun.id,))
    assert row["typed"].startswith("km 卡密：••••1234长")
    assert (row["topic_id"], row["how"], len(row["typed"])) == (topic.id, "in_text", 200)


async def test_the_demo_has_the_codes_of_the_articles(tx: Tx) -> None:
    await staff_demo.create_demo(tx)
    made = {one.name: one.public_id for one in await departments.present(tx)}
    await demo.create_demo_topics(tx, made)
    assert [button.code for button in await codes.buttons(tx, "zh-CN")] == ["CZ", "KM", "DD", "SH", "GN", "ZK", "24H"]
    assert await matched(tx, "卡密未到账") == "KM"
    assert all(button.name.isascii() for button in await codes.buttons(tx, "en"))


async def test_of_the_rules_of_the_demo_only_the_one_for_a_low_balance_is_on(tx: Tx) -> None:
    """The others would meet everybody on a page: they are switched on by whoever tried them."""
    await staff_demo.create_demo(tx)
    await demo.create_demo_topics(tx, {one.name: one.public_id for one in await departments.present(tx)})
    await create_demo_rules(tx)
    assert {one.name: one.is_on for one in await offer_rules.present(tx)} == {
        "余额不足": True, "收货两天后": False, "订单异常": False, "购买前：对比和适用范围": False,
    }  # fmt: skip


# ── when its time is over ───────────────────────────────────────────────────


async def ended(tx: Tx, text: str) -> tuple[str, str | None] | None:
    answer = (await codes.index(tx)).match(text, product_clock.now())
    return (answer.topic.code, answer.instead and answer.instead.code) if isinstance(answer, Expired) else None


async def test_a_code_that_was_in_use_for_a_day_says_what_it_was_once_it_is_archived(tx: Tx, draft, clock) -> None:
    old = await create(tx, draft("HD618", name="年中大促"))
    await create(tx, draft("ZK", name="折扣活动"))
    await clock.advance(timedelta(days=1))
    await topics.archive(tx, None, old.public_id)
    for typed in ("hd618", "【ＨＤ６１８】", "你好，代码HD618", "年中大促"):
        assert await ended(tx, typed) == ("HD618", "ZK")
    assert [one.code for one in await codes.buttons(tx, "zh-CN")] == ["ZK"]


async def test_a_code_in_use_goes_before_an_archived_one_and_that_one_before_a_guess(tx: Tx, draft, clock) -> None:
    old, other = await create(tx, draft("CZ1", name="旧充值")), await create(tx, draft("GN", name="折扣"))
    await clock.advance(timedelta(days=1))
    for one in (old, other):
        await topics.archive(tx, None, one.public_id)
    await create(tx, draft("CZ", name="充值"))
    await create(tx, draft("ZK", name="折扣"))
    assert await matched(tx, "cz") == "CZ"
    assert await matched(tx, "折扣") == "ZK"  # an archived one has that name too
    assert await ended(tx, "CZ1") == ("CZ1", "CZ")  # and is not taken for a slip of CZ


async def test_what_is_offered_is_the_successor_then_its_own_and_last_a_neighbour(tx: Tx, draft, clock) -> None:
    tomorrow = product_clock.now() + timedelta(days=1)
    await create(tx, draft("ZK", position=10))
    await create(tx, draft("SH", position=500))
    autumn = await create(tx, draft("HD10", position=20, successor="sh"))
    await create(tx, draft("HD618", position=11, expires_at=tomorrow, successor="HD10"))
    await clock.advance(timedelta(days=2))
    assert await ended(tx, "hd618") == ("HD618", "HD10")
    await topics.archive(tx, None, autumn.public_id)
    assert await ended(tx, "hd618") == ("HD618", "SH")
    assert await ended(tx, "hd10") == ("HD10", "SH")
    await succession.name(tx, None, autumn.public_id, None)
    assert await ended(tx, "hd618") == ("HD618", "ZK")


@pytest.mark.parametrize(
    ("successor", "reason"), [("NONE", "unknown"), ("CZ", "cycle"), ("SH", "cycle"), ("OLD", "over")]
)
async def test_what_cannot_follow_is_refused(tx: Tx, draft, clock, successor: str, reason: str) -> None:
    first = await create(tx, draft("CZ"))
    await create(tx, draft("GN", successor="CZ"))
    await create(tx, draft("SH", successor="GN"))
    await create(tx, draft("OLD", expires_at=product_clock.now() + timedelta(hours=1)))
    await clock.advance(timedelta(hours=2))
    with pytest.raises(Invalid) as refused:
        await topics.edit(tx, None, first.public_id, draft("CZ", successor=successor), PARTS)
    assert refused.value.facts == {"field": "successor", "reason": reason}


async def test_a_code_that_comes_back_cannot_follow_on_its_own_successor(tx: Tx, draft, clock) -> None:
    old = await create(tx, draft("CZ"))
    await create(tx, draft("SH", successor="CZ"))
    await topics.archive(tx, None, old.public_id)
    with pytest.raises(Invalid) as refused:
        await create(tx, draft("CZ", successor="SH"))
    assert refused.value.facts["reason"] == "cycle"


async def test_a_successor_that_has_ended_since_stands_in_the_way_of_no_other_edit(tx: Tx, draft, clock) -> None:
    await create(tx, draft("ZK", expires_at=product_clock.now() + timedelta(hours=1)))
    topic = await create(tx, draft("CZ", successor="ZK"))
    await clock.advance(timedelta(hours=2))
    edited = await topics.edit(tx, None, topic.public_id, draft("CZ", name="充值问题", successor="ZK"), PARTS)
    assert (edited.name, edited.successor) == ("充值问题", "ZK")
