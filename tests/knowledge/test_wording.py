"""How customers ask: the same words ask for one article, and a proposal counts for nothing until it is accepted."""

from __future__ import annotations

import pytest

from mashang.kit.errors import NotFound
from mashang.knowledge import editing, reading, wording
from mashang.knowledge.article import ArticleDraft, Text
from mashang.knowledge.events import KnowledgeChanged
from tests import scene


@pytest.fixture
async def boss(tx):
    await scene.build(tx)
    return await scene.an_agent(tx, "boss", "王店长", role="operator")


@pytest.fixture
async def article(tx, boss):
    async def make(title):
        made = await editing.create(tx, boss, ArticleDraft(texts={"zh-CN": Text(title, "正文")}))
        return await editing.publish(tx, boss, made.public_id, version=1)

    return make


async def counted(tx, article):
    return (await reading.by_id(tx, article.public_id)).phrasings


async def test_a_pasted_list_adds_what_is_new_and_says_what_is_not(tx, boss, article):
    refund, recharge = await article("退款"), await article("充值")
    await wording.add(tx, boss, refund.public_id, "zh-CN", ["怎么退款"])
    await wording.add(tx, boss, recharge.public_id, "zh-CN", ["没到账"])
    lines = ["没到账！！", "充值没到", "", " 充值没到。", "怎么 退款", "怎么退款？", "😀😀", "长" * 201, "ＣＺ没到"]
    told = await wording.add(tx, boss, recharge.public_id, "zh-CN", lines)
    assert [one.text for one in told.added] == ["充值没到", "怎么 退款", "ＣＺ没到"]
    assert told.known == ["没到账！！"]
    assert [(one.text, one.article, one.title) for one in told.elsewhere] == [("怎么退款？", refund.public_id, "退款")]
    assert [one[:2] for one in told.unusable] == ["😀😀", "长长"]
    assert await counted(tx, recharge) == {"zh-CN": ("没到账", "充值没到", "怎么 退款", "ＣＺ没到")}


async def test_a_proposal_counts_when_it_is_accepted_or_written_by_an_editor(tx, boss, article):
    recharge = await article("充值")
    made = await wording.add(tx, boss, recharge.public_id, "zh-CN", ["钱呢", "咋还没到"], source="proposed")
    assert await counted(tx, recharge) == {}
    assert (await wording.accept(tx, boss, recharge.public_id, made.added[0].id)).source == "written"
    await wording.accept(tx, boss, recharge.public_id, made.added[0].id)
    told = await wording.add(tx, boss, recharge.public_id, "zh-CN", ["咋还没到"])
    assert [one.text for one in told.added] == ["咋还没到"]
    assert await counted(tx, recharge) == {"zh-CN": ("钱呢", "咋还没到")}
    again = await wording.add(tx, boss, recharge.public_id, "zh-CN", ["钱呢"], source="proposed")
    assert again.known == ["钱呢"], "a proposal takes nothing back"
    assert await counted(tx, recharge) == {"zh-CN": ("钱呢", "咋还没到")}


async def test_nobody_reads_or_learns_anew_for_a_proposal_and_everybody_for_one_that_counts(tx, boss, article):
    recharge = await article("充值")

    async def changed():
        told = [event for event in tx._events if isinstance(event, KnowledgeChanged)]
        tx._events.clear()
        mark = await reading.mark(tx)
        marks.append(mark)
        return len(told), mark != marks[-2]

    marks = [await reading.mark(tx)]
    tx._events.clear()
    made = await wording.add(tx, boss, recharge.public_id, "zh-CN", ["钱呢", "咋还没到"], source="proposed")
    assert await changed() == (0, False)
    await wording.remove(tx, boss, recharge.public_id, [made.added[0].id])
    assert await changed() == (0, False)
    await wording.accept(tx, boss, recharge.public_id, made.added[1].id)
    assert await changed() == (1, True)
    await wording.remove(tx, boss, recharge.public_id, [made.added[1].id])
    assert await changed() == (1, True)


async def test_of_one_person_a_hundred_proposals_wait_at_most(tx, boss, article):
    recharge = await article("充值")
    lines = [f"第{n}种问法" for n in range(wording.MOST_PROPOSED)]
    made = await wording.add(tx, boss, recharge.public_id, "zh-CN", lines, source="proposed")
    assert (await wording.add(tx, boss, recharge.public_id, "zh-CN", lines[:3], source="proposed")).known == lines[:3]
    await tx.run("savepoint before")
    with pytest.raises(wording.TooManyProposed):
        await wording.add(tx, boss, recharge.public_id, "zh-CN", ["还有一种"], source="proposed")
    await tx.run("rollback to before")
    other = await scene.an_agent(tx, "mei", "小美")
    assert (await wording.add(tx, other, recharge.public_id, "zh-CN", ["别人的问法"], source="proposed")).added
    await wording.accept(tx, boss, recharge.public_id, made.added[0].id)
    assert (await wording.add(tx, boss, recharge.public_id, "zh-CN", ["还有一种"], source="proposed")).added


async def test_what_is_removed_may_be_added_elsewhere_and_archived_articles_let_go(tx, boss, article):
    first, second = await article("一"), await article("二")
    made = await wording.add(tx, boss, first.public_id, "zh-CN", ["甲", "乙"])
    assert await wording.remove(tx, boss, second.public_id, [made.added[0].id]) == 0
    assert await wording.remove(tx, boss, first.public_id, [made.added[0].id]) == 1
    assert [one.text for one in (await wording.add(tx, boss, second.public_id, "zh-CN", ["甲", "乙"])).added] == ["甲"]
    await editing.archive(tx, boss, first.public_id, version=first.version)
    assert [one.text for one in (await wording.add(tx, boss, second.public_id, "zh-CN", ["乙"])).added] == ["乙"]
    assert [one.text for one in await wording.of(tx, first)] == []
    with pytest.raises(NotFound):
        await wording.accept(tx, boss, first.public_id, made.added[1].id)


async def test_a_list_costs_a_fixed_number_of_statements(tx, boss, article, queries):
    recharge = await article("充值")
    queries.clear()
    told = await wording.add(tx, boss, recharge.public_id, "zh-CN", [f"第{n}种问法" for n in range(300)])
    assert len(told.added) == 300
    assert len(queries) <= 6
    queries.clear()
    await reading.published(tx)
    assert len(queries) == 1
