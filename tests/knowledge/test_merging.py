"""Two articles become one: nothing customers are told gets lost, and whoever knew the other is led to what is left."""

from __future__ import annotations

import pytest

from mashang.kit.errors import Invalid, NotFound
from mashang.knowledge import editing, listing, merging, reading, wording
from mashang.knowledge.article import ArticleArchived, ArticleDraft, ArticleMoved, Text
from mashang.knowledge.merging import MergeLosesLanguage, MergeLosesPlaybook, MergeUntold
from tests import scene

WRITTEN = {"zh-CN": Text("退款要多久", "三天内到账。")}
BOTH = {**WRITTEN, "en": Text("How long a refund takes", "Within three days.")}


@pytest.fixture
async def boss(tx):
    await scene.build(tx)
    return await scene.an_agent(tx, "boss", "王店长", role="operator")


async def published(tx, boss, key, lines=(), **facts):
    made = await editing.create(tx, boss, ArticleDraft(key=key, **{"texts": WRITTEN, **facts}))
    if lines:
        await wording.add(tx, boss, made.public_id, "zh-CN", lines)
    return await editing.publish(tx, boss, made.public_id, version=made.version)


def seen(article):
    return article.public_id, article.version


async def merged(tx, boss, kept, other):
    return await merging.merge(tx, boss, seen(kept), seen(other))


async def asked(tx, article):
    return {(one.text, one.source) for one in await wording.of(tx, article)}


async def test_the_chosen_keeps_its_text_and_is_asked_for_in_the_words_of_both(tx, boss):
    kept = await published(tx, boss, "refund", ["退款多久"], codes=["TK"])
    other = await published(tx, boss, "money-back", ["钱几天退"], codes=["CZ"], procedure_only=True)
    await wording.add(tx, boss, other.public_id, "zh-CN", ["啥时候退我"], source="proposed")
    into, gone = await merged(tx, boss, kept, other)
    assert (into.texts, into.codes, into.procedure_only) == (WRITTEN, ("TK", "CZ"), True)
    assert await asked(tx, into) == {("退款多久", "written"), ("钱几天退", "written"), ("啥时候退我", "proposed")}
    assert (gone.status, gone.merged_into) == ("archived", kept.public_id)
    assert [one.number for one in await listing.versions(tx, gone)] == [1]
    line = await tx.one("select subject, before, after from audit where action = 'article.merged'")
    assert (line["subject"], line["before"]["status"], line["after"]["merged_into"]) == (
        "money-back",
        "published",
        kept.public_id,
    )


async def test_what_names_the_other_finds_the_one_that_is_left_also_after_another_merge(tx, boss):
    first, second, third = [await published(tx, boss, key) for key in ("one", "two", "three")]
    second, _ = await merged(tx, boss, second, first)
    third, _ = await merged(tx, boss, third, second)
    for key in ("one", "two", "three"):
        assert (await reading.by_key(tx, key)).id == third.public_id
    assert await reading.instead_of(tx, first.public_id) == third.public_id
    await editing.withdraw(tx, boss, third.public_id, version=third.version)
    assert await reading.by_key(tx, "one") is None
    assert await reading.instead_of(tx, first.public_id) is None


@pytest.mark.parametrize("back", [editing.withdraw, editing.publish], ids=["as a draft", "published"])
async def test_one_that_comes_back_out_of_the_archive_is_itself_again(tx, boss, back):
    kept, other = await published(tx, boss, "kept"), await published(tx, boss, "other")
    _, gone = await merged(tx, boss, kept, other)
    again = await back(tx, boss, gone.public_id, version=gone.version)
    assert again.merged_into is None
    assert await reading.instead_of(tx, other.public_id) is None


async def test_nothing_is_merged_with_itself_with_what_is_archived_or_what_is_not_there(tx, boss):
    kept, other = await published(tx, boss, "kept"), await published(tx, boss, "other")
    with pytest.raises(Invalid):
        await merged(tx, boss, kept, kept)
    with pytest.raises(NotFound):
        await merging.merge(tx, boss, seen(kept), ("nobody", 1))
    gone = await editing.archive(tx, boss, other.public_id, version=other.version)
    for one, two in ((kept, gone), (gone, kept)):
        with pytest.raises(ArticleArchived):
            await merged(tx, boss, one, two)


async def test_what_customers_would_lose_refuses_the_merge(tx, boss):
    kept = await published(tx, boss, "kept")
    english = await published(tx, boss, "english", texts={"en": BOTH["en"]})
    played = await published(tx, boss, "played", playbook="balance-query")
    draft = await editing.create(tx, boss, ArticleDraft(key="draft", texts=WRITTEN))
    with pytest.raises(MergeLosesLanguage) as refused:
        await merged(tx, boss, kept, english)
    assert refused.value.facts["language"] == "en"
    with pytest.raises(MergeLosesPlaybook):
        await merged(tx, boss, kept, played)
    with pytest.raises(MergeUntold):
        await merged(tx, boss, draft, kept)
    into, _ = await merged(tx, boss, played, kept)
    assert into.playbook == "balance-query", "the other way round it is chosen in the open"


async def test_whoever_saw_another_version_of_either_is_told(tx, boss):
    kept, other = await published(tx, boss, "kept"), await published(tx, boss, "other")
    for changed in (kept, other):
        await editing.edit(tx, boss, changed.public_id, editing.draft_of(changed), version=changed.version)
        with pytest.raises(ArticleMoved):
            await merged(tx, boss, kept, other)


async def test_a_phrasing_moves_as_what_it_was(tx, boss):
    article, other = await published(tx, boss, "one", ["钱几天退"]), await published(tx, boss, "other")
    (phrasing,) = await wording.of(tx, article)
    moved = await wording.move(tx, boss, article.public_id, phrasing.id, other.public_id)
    assert (moved.text, moved.source) == ("钱几天退", "written")
    assert await asked(tx, article) == set()
    assert await asked(tx, other) == {("钱几天退", "written")}
    assert await tx.value("select count(*) from audit where action = 'phrasing.moved'") == 1
    with pytest.raises(NotFound):
        await wording.move(tx, boss, article.public_id, phrasing.id, other.public_id)
    with pytest.raises(Invalid):
        await wording.move(tx, boss, other.public_id, phrasing.id, other.public_id)
    await editing.archive(tx, boss, article.public_id, version=article.version)
    with pytest.raises(ArticleArchived):
        await wording.move(tx, boss, other.public_id, phrasing.id, article.public_id)
