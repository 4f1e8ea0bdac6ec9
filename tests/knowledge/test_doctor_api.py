"""The doctor over HTTP: what was found of what is there, why the assistant is silent, and merging with what follows."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.knowledge import editing, features, learning, packing, reading, wording
from mashang.knowledge.article import ArticleDraft, Text
from mashang.knowledge.calibration import FALLBACK, NEVER
from mashang.knowledge.doctoring import Examination, Held, Pair, Strayed
from mashang.knowledge.finder import Answerable
from tests import scene
from tests.browsing import signing_in
from tests.scene import PASSWORD

BASE = "/desk/knowledge"
WRITTEN = {"zh-CN": Text("退款要多久", "三天内到账。")}


@pytest.fixture
async def stage(database):
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        await scene.an_agent(tx, "boss", "王店长", role="operator")
        await scene.an_agent(tx, "mei", "小美")
        return stage


@pytest.fixture
def desk(browser, stage):
    assert stage
    return signing_in(browser, PASSWORD)


@pytest.fixture
async def mei(desk, pair):
    """Who serves customers, beside two articles."""
    assert pair
    return await desk("mei")


@pytest.fixture
async def pair(database, stage):
    """Two published articles, each asked for in one way."""
    made = []
    async with database.transaction() as tx:
        for key, line in (("refund", "退款多久"), ("money-back", "钱几天退")):
            one = await editing.create(tx, None, ArticleDraft(key=key, texts=WRITTEN))
            await wording.add(tx, None, one.public_id, "zh-CN", [line])
            made.append(await editing.publish(tx, None, one.public_id, version=one.version))
    return made


async def examined(database, found):
    async with database.transaction() as tx:
        await tx.run(
            "insert into knowledge_model (learnt_from, is_calibrated, model, examination) values ('x', true, '', %s)",
            (msgspec.json.encode(found).decode(),),
        )


def body(kept, other):
    return {"version": kept.version, "other": other.public_id, "other_version": other.version}


async def test_what_was_found_is_shown_to_editors_only_and_without_what_is_gone(database, desk, pair):
    one, other = [article.public_id for article in pair]
    found = Examination(
        answers=3, phrasings=2, right=0.4,
        pairs=[
            Pair(one, other, 0.5, [Strayed(one, features.plain("充100没到！")), Strayed(other, "was moved since")]),
            Pair(one, "gone", 0.4, []),
        ],
        thin=[Held(one, 1, None), Held("gone", 1, None)],
    )  # fmt: skip
    async with database.transaction() as tx:
        (phrasing,) = (await wording.add(tx, None, one, "zh-CN", ["充100没到！"])).added
    boss, mei = await desk("boss"), await desk("mei")
    assert (await boss.get(f"{BASE}/doctor")).json()["found"] is None
    await examined(database, found)
    told = (await boss.get(f"{BASE}/doctor")).json()
    assert [(line["one"], line["other"], line["examples"]) for line in told["found"]["pairs"]] == [
        (one, other, [{"answer": one, "text": "充100没到！", "phrasing": phrasing.id}])
    ]
    assert [line["answer"] for line in told["found"]["thin"]] == [one]
    assert told["titles"][other] == {"zh-CN": "退款要多久"}
    assert (await mei.get(f"{BASE}/doctor")).status_code == 403


async def test_a_page_that_looks_again_and_again_reads_no_bodies_and_no_article_it_does_not_name(
    database, desk, pair, queries
):
    one, other = [article.public_id for article in pair]
    await examined(database, Examination(answers=2, phrasings=2, thin=[Held(one, 1, None)]))
    boss = await desk("boss")
    queries.clear()
    told = (await boss.get(f"{BASE}/doctor")).json()
    assert set(told["titles"]) == {one} != {other}
    assert [sql for sql in queries.said if "titles" in sql]
    assert not [sql for sql in queries.said if "body" in sql]


async def test_an_editor_merges_and_codes_that_answered_with_the_other_follow(database, stage, desk, pair):
    kept, other = pair
    async with database.transaction() as tx:
        draft = TopicDraft(
            code="TK", name="退款", department=stage.department.public_id, answers_with="article", answer_key=other.key
        )
        await topics.create(tx, None, draft, ())
    boss, mei = await desk("boss"), await desk("mei")
    path = f"{BASE}/articles/{kept.public_id}/merge"
    assert (await mei.post(path, body(kept, other))).status_code == 403
    merged = await boss.post(path, body(kept, other))
    assert merged.status_code == 200, merged.text
    assert [line["text"] for line in merged.json()["phrasings"]] == ["退款多久", "钱几天退"]
    assert (await boss.get(f"{BASE}/articles/{other.public_id}")).json()["merged_into"] == kept.public_id
    async with database.transaction() as tx:
        assert {topic.code: topic.answer_key for topic in await topics.present(tx)}["TK"] == kept.key
        assert (await reading.by_key(tx, other.key)).id == kept.public_id
        lines = await tx.all("select action, subject from audit where action in ('topic.edited', 'article.merged')")
    assert {(line["action"], line["subject"]) for line in lines} == {
        ("article.merged", other.key),
        ("topic.edited", "TK"),
    }
    again = await boss.post(path, body(kept, other))
    assert (again.status_code, again.json()["code"]) == (409, "article_moved")


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"other": ""}, 422), ({"other": "nobody"}, 404), ({"version": 0}, 422), ({"more": 1}, 422)],
    ids=["no id", "nobody", "no version", "more"],
)
async def test_a_merge_that_makes_no_sense_changes_nothing(database, desk, pair, changes, status):
    kept, other = pair
    boss = await desk("boss")
    answer = await boss.post(f"{BASE}/articles/{kept.public_id}/merge", body(kept, other) | changes)
    assert answer.status_code == status, answer.text
    same = await boss.post(f"{BASE}/articles/{kept.public_id}/merge", body(kept, kept))
    assert (same.status_code, same.json()["facts"]) == (422, {"field": "other", "reason": "same"})
    async with database.transaction() as tx:
        assert (await reading.find(tx, other.public_id)).status == "published"


async def test_an_editor_moves_a_phrasing_and_others_may_not(desk, pair):
    one, other = pair
    boss, mei = await desk("boss"), await desk("mei")
    (phrasing,) = (await boss.get(f"{BASE}/articles/{one.public_id}")).json()["phrasings"]
    path, to = f"{BASE}/articles/{one.public_id}/phrasings/{phrasing['id']}/move", {"article": other.public_id}
    assert (await mei.post(path, to)).status_code == 403
    assert (await boss.post(path, to)).json()["text"] == "退款多久"
    assert (await boss.post(path, to)).status_code == 404
    assert len((await boss.get(f"{BASE}/articles/{other.public_id}")).json()["phrasings"]) == 2


def learnt(held_back_right, crossed=0.0):
    """Learnt from two answers; a share of held-back phrasings that reaches no target makes it answer nothing."""
    _, model = learning.learnt([Answerable("a", ("退款多久",)), Answerable("b", ("怎么充值",))])
    if held_back_right is None:
        return packing.packed(model)
    never = np.full_like(FALLBACK.answer_from, NEVER)
    calibration = msgspec.structs.replace(FALLBACK, answer_from=never, held_back_right=held_back_right, crossed=crossed)
    return packing.packed(msgspec.structs.replace(model, calibration=calibration))


@pytest.mark.parametrize(
    ("held_back", "why"),
    [((None,), ""), ((0.4, 0.9), "contradicts"), ((0.4, 0.5), "few"), ((0.0,), "few")],
    ids=["it answers", "nothing agrees", "small and sound", "too little"],
)
async def test_why_the_assistant_is_silent_is_told_to_everybody(app, database, mei, held_back, why):
    knowledge = app.state.parts.knowledge
    await knowledge.look()
    assert (await mei.get(f"{BASE}/silence")).json() == {"why": "unlearned", "is_on": False}
    async with database.transaction() as tx:
        await tx.run(
            "insert into knowledge_model (learnt_from, is_calibrated, model) values (%s, true, %s)",
            (f"{packing.FORM}:x", learnt(*held_back)),
        )
    await knowledge.look()
    assert (await mei.get(f"{BASE}/silence")).json() == {"why": why, "is_on": False}
