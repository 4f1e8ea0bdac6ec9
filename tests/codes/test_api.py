"""Topics over HTTP: what the operator may do, and what is refused."""

from __future__ import annotations

import pytest

from mashang.kit.db import Database
from tests import scene

BODY = {
    "code": "cz",
    "name": "充值问题",
    "name_en": "Recharge",
    "aliases": ["充值"],
    "context": ["order"],
    "icon": "⚡",
}


@pytest.fixture
async def stage(database: Database):
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        await scene.an_agent(tx, "boss", "王店长", role="operator")
        await scene.an_agent(tx, "chen", "陈主管", role="supervisor")
        return stage


async def signed_in(browser, login: str):
    made = browser()
    answer = await made.sign_in(login, scene.PASSWORD)
    assert answer.status_code == 200
    return made


async def test_the_operator_makes_changes_and_archives_a_topic(browser, stage) -> None:
    boss = await signed_in(browser, "boss")
    body = BODY | {"department": stage.department.public_id}
    made = await boss.post("/admin/topics", body)
    assert made.status_code == 201
    topic = made.json()
    assert topic.pop("warnings") == []
    assert topic | {"id": ""} == {
        "id": "", **body, "code": "CZ", "greeting": "", "greeting_en": "", "shown": True, "position": 0,
        "takes_reference": False, "expires_at": None, "required_tier": 1, "skills": [], "priority": 0,
        "successor": None, "answers_with": "", "answer_key": "", "answer_text": "", "answer_text_en": "",
    }  # fmt: skip
    changed = await boss.put(f"/admin/topics/{topic['id']}", body | {"name": "充值", "shown": False})
    assert changed.json() == topic | {"name": "充值", "shown": False, "warnings": []}
    assert (await boss.get("/admin/topics")).json() == [topic | {"name": "充值", "shown": False}]
    assert (await boss.delete(f"/admin/topics/{topic['id']}")).status_code == 204
    assert (await boss.get("/admin/topics")).json() == []
    assert (await boss.put(f"/admin/topics/{topic['id']}", body)).status_code == 404


async def test_whom_a_topic_needs_and_how_long_it_lasts_is_kept(browser, stage) -> None:
    boss = await signed_in(browser, "boss")
    more = {
        "takes_reference": True, "expires_at": "2026-12-31T16:00:00Z", "required_tier": 3, "skills": ["点卡", "英语"],
        "priority": 2,
    }  # fmt: skip
    made = (await boss.post("/admin/topics", BODY | {"department": stage.department.public_id} | more)).json()
    assert made | more == made
    body = BODY | {"department": stage.department.public_id, "skills": [" 点卡", "点卡 "], "priority": 1}
    assert (await boss.put(f"/admin/topics/{made['id']}", body)).json() == made | {
        "takes_reference": False, "expires_at": None, "required_tier": 1, "skills": ["点卡"], "priority": 1,
    }  # fmt: skip


async def test_the_parts_there_are_to_fetch_are_named_in_the_readers_language(browser, stage) -> None:
    boss = await signed_in(browser, "boss")
    parts = (await boss.get("/admin/topics/parts")).json()
    assert {"name": "order", "label": "这个订单"} in parts
    assert all(part["label"] and not part["label"].startswith("part_") for part in parts)


async def test_a_supervisor_reads_and_an_agent_does_not(browser, stage) -> None:
    body = BODY | {"department": stage.department.public_id}
    chen, xiaomei = await signed_in(browser, "chen"), await signed_in(browser, "xiaomei")
    assert (await chen.get("/admin/topics")).status_code == 200
    assert (await chen.post("/admin/topics", body)).status_code == 403
    assert (await xiaomei.get("/admin/topics")).status_code == 403
    assert (await browser().get("/admin/topics")).status_code == 401


async def test_a_code_easily_mistaken_for_another_is_saved_with_a_warning_in_the_readers_language(
    browser, stage
) -> None:
    boss = await signed_in(browser, "boss")
    body = BODY | {"department": stage.department.public_id}
    made = (await boss.post("/admin/topics", body)).json()
    sketch = {"code": "cx", "name": "冲值", "aliases": []}
    told = (await boss.post("/admin/topics/lint", sketch)).json()
    assert [(one["field"], one["kind"]) for one in told] == [("code", "neighbour"), ("name", "same_sound")]
    assert told[0]["message"] == "与 CZ（充值问题）只差键盘上相邻的一个键。"
    saved = (await boss.post("/admin/topics", body | {"code": "CX", "name": "冲值", "aliases": []})).json()
    assert saved["warnings"] == told
    assert (
        (await boss.post("/admin/topics/lint", {"code": "CZ", "name": "充值", "id": made["id"]}))
        .json()[0]["message"]
        .startswith("与 CX")
    )


async def test_a_refusal_is_a_sentence(browser, stage) -> None:
    boss = await signed_in(browser, "boss")
    body = BODY | {"department": stage.department.public_id}
    await boss.post("/admin/topics", body)
    taken = await boss.post("/admin/topics", body | {"code": "CZ2"})
    assert taken.status_code == 409
    assert taken.json()["code"] == "alias_taken"
    assert taken.json()["message"] == "别名“充值”已被代码 CZ 使用。"


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "C"}, {"code": "x" * 50}, {"name": ""}, {"name": " "}, {"name": "a\u0000"}, {"aliases": ["x"] * 200},
        {"greeting": "长" * 501}, {"position": -1}, {"unknown": 1}, {"department": ""}, {"context": ["secrets"]},
        {"required_tier": 0}, {"required_tier": 4}, {"priority": 4}, {"skills": [" "]},
        {"expires_at": "2026-01-01T00:00"},
    ],
)  # fmt: skip
async def test_bad_input_is_refused(browser, stage, wrong) -> None:
    boss = await signed_in(browser, "boss")
    answer = await boss.post("/admin/topics", BODY | {"department": stage.department.public_id} | wrong)
    assert answer.status_code in (400, 422)
    assert (await boss.get("/admin/topics")).json() == []
