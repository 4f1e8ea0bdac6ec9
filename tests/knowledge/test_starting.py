"""The starter knowledge is laid out once, published, and never over what somebody wrote."""

from __future__ import annotations

import msgspec
import pytest

from mashang.codes.demo import DEMO_CODES
from mashang.knowledge import editing, reading, starting, wording
from mashang.knowledge.article import ArticleDraft, Text
from mashang.staff import audit
from tests import scene


@pytest.fixture
async def boss(tx):
    await scene.build(tx)
    return await scene.an_agent(tx, "boss", "王店长", role="operator")


def said_otherwise(article, text):
    """What would save it with another text."""
    return msgspec.structs.replace(editing.draft_of(article), texts={"zh-CN": text})


async def counts(tx):
    return {one.key: one for one in await reading.published(tx)}


async def test_everything_is_published_in_both_languages_with_its_phrasings(tx, boss):
    made = await starting.load(tx, boss, DEMO_CODES)
    published = await reading.published(tx)
    assert [one.key for one in published] == made == [one.key for one in starting.starters()], (
        "in the order of the file"
    )
    for one, starter in zip(published, starting.starters(), strict=True):
        assert one.texts == {locale: starting.text(starter, locale, DEMO_CODES) for locale in starter.title}
        assert {locale: list(texts) for locale, texts in one.phrasings.items()} == starter.phrasings
        assert (one.playbook, one.procedure_only) == (starter.playbook, starter.procedure_only)
        assert list(one.codes) == starter.codes
    assert [one.name for one in await reading.categories(tx)] == [one.name for one in starting.shelves()]


async def test_one_line_in_the_audit_says_who_and_what(tx, boss):
    made = await starting.load(tx, boss, DEMO_CODES)
    lines = [one for one in await audit.lines(tx) if not one.action.startswith("article_category.")]
    assert [(one.action, one.by["name"], one.after["articles"]) for one in lines[:1]] == [
        ("article.begun", "王店长", made)
    ]
    assert [one.action for one in lines if one.action.startswith("article.")] == ["article.begun"]


async def test_loading_again_touches_nothing(tx, boss):
    await starting.load(tx, boss, DEMO_CODES)
    known = await counts(tx)
    rewritten = await reading.find(tx, known["invoice"].id)
    draft = said_otherwise(rewritten, Text("发票", "找财务"))
    await editing.edit(tx, boss, rewritten.public_id, draft, version=1)
    await editing.archive(tx, boss, known["points"].id, version=1)
    asked = await wording.of(tx, await reading.find(tx, known["captcha"].id))
    await wording.remove(tx, boss, known["captcha"].id, [one.id for one in asked])
    assert await starting.load(tx, boss, DEMO_CODES) == []
    assert (await reading.find(tx, rewritten.public_id)).texts == {"zh-CN": Text("发票", "找财务")}
    now = await counts(tx)
    assert "points" not in now
    assert now["captcha"].phrasings == {}


async def test_what_was_there_before_keeps_its_key_its_shelf_and_its_words(tx, boss):
    own = await editing.create(tx, boss, ArticleDraft(key="invoice", texts={"zh-CN": Text("我们的发票", "找财务")}))
    other = await editing.create(tx, boss, ArticleDraft(texts={"zh-CN": Text("卡密", "看订单")}))
    await wording.add(tx, boss, other.public_id, "zh-CN", ["卡密没收到"])
    made = await starting.load(tx, boss, set())
    assert "invoice" not in made
    assert (await reading.find(tx, own.public_id)).texts == own.texts
    assert [one.text for one in await wording.of(tx, other)] == ["卡密没收到"]
    assert "卡密没收到" not in (await counts(tx))["card-key-not-received"].phrasings["zh-CN"]


async def test_codes_that_are_not_in_use_are_not_named(tx, boss):
    await starting.load(tx, boss, {"DD"})
    told = (await counts(tx)).values()
    assert {code for one in told for code in one.codes} == {"DD"}
    assert not any("**KM**" in text.body for one in told for text in one.texts.values())


async def test_when_codes_go_only_what_stands_word_for_word_stops_naming_them(tx, boss):
    own = await editing.create(tx, boss, ArticleDraft(key="points", texts={"zh-CN": Text("积分", "发 **ZK**")}))
    await starting.load(tx, boss, DEMO_CODES)
    changed = await reading.find(tx, (await counts(tx))["invoice"].id)
    texts = Text("发票", "发 **DD** 给财务")
    edited = await editing.edit(tx, boss, changed.public_id, said_otherwise(changed, texts), version=1)
    await editing.publish(tx, boss, changed.public_id, version=edited.version)
    await starting.follow(tx, {"KM"})
    told = await counts(tx)
    assert {code for one in told.values() for code in one.codes} == {"KM", "DD"}
    assert [one.key for one in told.values() if "**DD**" in str(one.texts)] == ["invoice"], "the operator's own words"
    assert [one.key for one in told.values() if "DD" in one.codes] == ["invoice"]
    assert "**KM**" in told["card-key-invalid"].texts["en"].body
    assert (await reading.find(tx, own.public_id)).texts == own.texts


async def test_finders_hear_of_it(tx, boss):
    before = await reading.mark(tx)
    await starting.load(tx, boss, DEMO_CODES)
    assert await reading.mark(tx) != before
