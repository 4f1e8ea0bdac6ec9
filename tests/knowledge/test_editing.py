"""Articles: written as versions, published, withdrawn, archived; of two editors the second is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mashang.kit import clock as product_clock
from mashang.kit.errors import Conflict, Invalid, NotFound
from mashang.knowledge import categories, editing, reading, wording
from mashang.knowledge.article import (
    LONGEST_BODY,
    ArticleDraft,
    ArticleMoved,
    ArticleNotWhole,
    ArticleTooLong,
    KeyTaken,
    Text,
)
from mashang.knowledge.categories import CategoryDraft, CategoryInUse, CategoryTaken
from mashang.knowledge.events import KnowledgeChanged
from tests import scene

BOTH = {
    "zh-CN": Text("充值没到账怎么办", "先看**订单状态**。"),
    "en": Text("Recharge not arrived", "Look at the order."),
}

LATER = datetime(2027, 1, 2, tzinfo=UTC)


def draft(**changes):
    return ArticleDraft(**{"texts": BOTH, **changes})


@pytest.fixture
async def boss(tx):
    await scene.build(tx)
    return await scene.an_agent(tx, "boss", "王店长", role="operator")


async def published(tx, boss, **changes):
    made = await editing.create(tx, boss, draft(**changes))
    return await editing.publish(tx, boss, made.public_id, version=made.version)


async def told(tx):
    return {one.key: one for one in await reading.published(tx)}


async def test_a_draft_is_told_to_nobody_until_it_is_published_and_then_again_until_the_next(tx, boss):
    made = await editing.create(tx, boss, draft())
    assert (made.key, made.status, made.draft_version) == ("recharge-not-arrived", "draft", 1)
    assert await told(tx) == {}
    await editing.publish(tx, boss, made.public_id, version=made.version)
    assert (await told(tx))["recharge-not-arrived"].texts == BOTH
    changed = {"zh-CN": Text("充值没到账怎么办", "改过的话。")}
    edited = await editing.edit(tx, boss, made.public_id, draft(texts=changed), version=2)
    assert (edited.status, edited.draft_version, edited.published_version) == ("published", 2, 1)
    assert (await reading.by_key(tx, made.key)).texts == BOTH, "readers see what was published"
    await editing.publish(tx, boss, made.public_id, version=edited.version)
    assert (await reading.by_id(tx, made.public_id)).texts == changed
    assert await reading.texts(tx, made.id, 1) == BOTH, "what was published stays readable"


async def test_facts_hold_at_once_and_make_no_new_text(tx, boss):
    made = await published(tx, boss)
    edited = await editing.edit(
        tx, boss, made.public_id, draft(codes=["CZ", "CZ"], procedure_only=True), version=made.version
    )
    assert edited.draft_version == 1
    now = (await told(tx))[made.key]
    assert (now.codes, now.procedure_only) == (("CZ",), True)


async def test_only_what_is_valid_now_is_told_and_the_mark_says_when_that_changes(tx, boss, clock):
    now = product_clock.now()
    await published(tx, boss, key="soon", valid_from=now + timedelta(hours=1))
    await published(tx, boss, key="ending", valid_until=now + timedelta(hours=2))
    marks = [await reading.mark(tx)]
    assert set(await told(tx)) == {"ending"}
    await clock.advance(timedelta(hours=1, seconds=1))
    marks.append(await reading.mark(tx))
    assert set(await told(tx)) == {"soon", "ending"}
    assert await reading.by_key(tx, "ending")
    await clock.advance(timedelta(hours=1))
    marks.append(await reading.mark(tx))
    assert set(await told(tx)) == {"soon"}
    assert await reading.by_key(tx, "ending") is None
    assert len(set(marks)) == 3
    assert marks[-1] == await reading.mark(tx)


async def test_what_is_withdrawn_or_archived_is_told_to_nobody(tx, boss):
    made = await published(tx, boss)
    withdrawn = await editing.withdraw(tx, boss, made.public_id, version=made.version)
    assert await reading.by_id(tx, made.public_id) is None
    again = await editing.publish(tx, boss, made.public_id, version=withdrawn.version)
    archived = await editing.archive(tx, boss, made.public_id, version=again.version)
    assert await told(tx) == {}
    back = await editing.withdraw(tx, boss, made.public_id, version=archived.version)
    assert back.status == "draft"


async def test_of_two_editors_the_second_is_told_who_was_first(tx, boss):
    made = await editing.create(tx, boss, draft())
    other = await scene.an_agent(tx, "li", "李主管", role="supervisor")
    await editing.edit(tx, other, made.public_id, draft(review_on="2027-01-01"), version=1)
    for verb in (editing.publish, editing.withdraw, editing.archive):
        with pytest.raises(ArticleMoved):
            await verb(tx, boss, made.public_id, version=1)
    with pytest.raises(ArticleMoved) as moved:
        await editing.edit(tx, boss, made.public_id, draft(), version=1)
    assert moved.value.facts == {"version": 2, "by": "李主管"}


async def test_an_older_text_comes_back_as_a_new_version(tx, boss):
    made = await editing.create(tx, boss, draft())
    other = {"zh-CN": Text("别的", "别的话")}
    edited = await editing.edit(tx, boss, made.public_id, draft(texts=other), version=1)
    with pytest.raises(NotFound):
        await editing.restore(tx, boss, made.public_id, 7, version=edited.version)
    with pytest.raises(Conflict):
        await editing.restore(tx, boss, made.public_id, 2, version=edited.version)
    back = await editing.restore(tx, boss, made.public_id, 1, version=edited.version)
    assert (back.draft_version, back.texts) == (3, BOTH)
    assert await reading.texts(tx, made.id, 2) == other


@pytest.mark.parametrize(
    ("texts", "refusal"),
    [
        ({}, Invalid),
        ({"zh-CN": Text(" \u202e ", "正文")}, Invalid),
        ({"zh-CN": Text("长" * 121, "")}, ArticleTooLong),
        ({"zh-CN": Text("百万", "字" * 1_000_000)}, ArticleTooLong),
    ],
    ids=["nothing", "no title", "title", "a million"],
)
async def test_a_text_that_cannot_be_one_is_refused(tx, boss, texts, refusal):
    with pytest.raises(refusal):
        await editing.create(tx, boss, draft(texts=texts))


async def test_what_is_published_has_a_title_and_a_text_in_each_of_its_languages(tx, boss):
    made = await editing.create(tx, boss, draft(texts={"zh-CN": Text("有", "文"), "en": Text("Title only", " ")}))
    with pytest.raises(ArticleNotWhole) as refused:
        await editing.publish(tx, boss, made.public_id, version=1)
    assert refused.value.facts == {"field": "body", "language": "en"}


async def test_a_million_characters_are_counted_in_what_is_stored(tx, boss):
    longest = "字" * LONGEST_BODY
    made = await editing.create(tx, boss, draft(texts={"zh-CN": Text("长\x00\u202e文", longest + "\r\n\r\n\x00")}))
    assert made.texts == {"zh-CN": Text("长文", longest)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "nosuch"}, "category"),
        ({"owner": "nosuch"}, "owner"),
        ({"departments": ["nosuch"]}, "departments"),
        ({"valid_from": LATER, "valid_until": LATER}, "valid_until"),
    ],
)
async def test_facts_that_make_no_sense_are_refused(tx, boss, changes, field):
    with pytest.raises(Invalid) as refused:
        await editing.create(tx, boss, draft(**changes))
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize(
    ("titles", "key"),
    [
        (["充值没到账怎么办"], "chong-zhi-mei-dao-zhang-zen-me-ban"),
        (["支付宝 (Alipay) 付不了"], "zhi-fu-bao-alipay-fu-bu-le"),
        (["？？"], "article"),
        (["退款", "Refund: how & when?"], "refund-how-when"),
    ],
)
def test_a_key_reads_like_the_title(titles, key):
    texts = {locale: Text(title) for locale, title in zip(("zh-CN", "en"), titles, strict=False)}
    assert editing.made_key(texts) == key


async def test_made_keys_step_aside_and_written_ones_are_refused(tx, boss):
    keys = [(await editing.create(tx, boss, draft())).key for _ in range(3)]
    assert keys == ["recharge-not-arrived", "recharge-not-arrived-2", "recharge-not-arrived-3"]
    with pytest.raises(KeyTaken):
        await editing.create(tx, boss, draft(key=keys[0]))
    other = await editing.create(tx, boss, draft(key="other"))
    with pytest.raises(KeyTaken):
        await editing.edit(tx, boss, other.public_id, draft(key=keys[0]), version=1)
    assert (await editing.edit(tx, boss, other.public_id, draft(), version=1)).key == "other"


async def test_every_change_grows_the_version_is_told_and_leaves_a_line(tx, boss):
    tx._events.clear()
    made = await published(tx, boss)
    await wording.add(tx, boss, made.public_id, "zh-CN", ["没到账"])
    category = await categories.create(tx, boss, CategoryDraft("充值"))
    versions = [event.version for event in tx._events if isinstance(event, KnowledgeChanged)]
    assert versions == sorted(set(versions))
    assert len(versions) == 4
    assert await tx.value("select version from knowledge_state") == versions[-1]
    lines = [row["action"] for row in await tx.all("select action from audit order by id desc limit 4")]
    assert lines == ["article_category.created", "phrasing.added", "article.published", "article.created"]
    assert (await reading.published(tx))[0].category is None
    assert category.articles == 0


async def test_categories_have_names_of_their_own_and_go_when_they_are_empty(tx, boss):
    made = await categories.create(tx, boss, CategoryDraft("充值", "Recharge", 2))
    with pytest.raises(CategoryTaken):
        await categories.create(tx, boss, CategoryDraft(" 充值 "))
    other = await categories.create(tx, boss, CategoryDraft("支付", "", 1))
    with pytest.raises(CategoryTaken):
        await categories.edit(tx, boss, other.id, CategoryDraft("充值"))
    article = await editing.create(tx, boss, draft(category=made.id))
    assert [one.name for one in await reading.categories(tx)] == ["支付", "充值"]
    with pytest.raises(CategoryInUse):
        await categories.archive(tx, boss, made.id)
    await editing.edit(tx, boss, article.public_id, draft(), version=1)
    await categories.archive(tx, boss, made.id)
    assert [one.name for one in await reading.categories(tx)] == ["支付"]
    assert (await categories.create(tx, boss, CategoryDraft("充值"))).id == made.id, "the same one comes back"
