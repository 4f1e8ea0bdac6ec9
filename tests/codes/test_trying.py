"""The try-it box: how something typed would be read, with a draft that is not saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.kit.db import Database
from tests import scene
from tests.browsing import Browser
from tests.scene import PASSWORD


@pytest.fixture
async def boss(browser: Callable[..., Browser], database: Database) -> Browser:
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        await scene.an_agent(tx, "boss", "店长", role="operator")
        for code, name in (("CZ", "充值问题"), ("SH", "售后维权")):
            await topics.create(tx, None, TopicDraft(code=code, name=name, department=stage.department.public_id), {})
    one = browser()
    await one.sign_in("boss", PASSWORD)
    return one


async def tried(boss: Browser, text: str, **more: Any) -> tuple[str, list[str]]:
    answer = await boss.post("/admin/topics/try", {"text": text, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["kind"], [one["code"] for one in answer.json()["topics"]]


async def test_it_answers_as_the_product_would(boss: Browser) -> None:
    assert await tried(boss, "你好，代码ＣＺ") == ("matched", ["CZ"])
    assert await tried(boss, "hello") == ("unknown", [])
    assert (await boss.post("/admin/topics/try", {"text": "cz1"})).json()["corrected"] is True


async def test_an_unsaved_draft_counts_and_nothing_is_saved(boss: Browser) -> None:
    sketch = {"code": "fp", "name": "发票", "aliases": ["开发票"], "id": ""}
    assert await tried(boss, "我要开发票", sketch=sketch) == ("matched", ["FP"])
    assert await tried(boss, "fp123", sketch=sketch, takes_reference=True) == ("reference", ["FP"])
    assert await tried(boss, "我要开发票") == ("unknown", [])
    assert {one["code"] for one in (await boss.get("/admin/topics")).json()} == {"CZ", "SH"}


async def test_a_draft_takes_the_place_of_the_code_it_changes(boss: Browser) -> None:
    cz = next(one for one in (await boss.get("/admin/topics")).json() if one["code"] == "CZ")
    sketch = {"code": "TOPUP", "name": "充值", "aliases": [], "id": cz["id"]}
    assert await tried(boss, "topup", sketch=sketch) == ("matched", ["TOPUP"])
    assert await tried(boss, "CZ", sketch=sketch) != ("matched", ["CZ"])


async def test_half_a_draft_is_no_error(boss: Browser) -> None:
    assert await tried(boss, "CZ", sketch={"code": "", "name": "", "aliases": [], "id": ""}) == ("matched", ["CZ"])
    assert await tried(boss, "CZ", sketch={"code": "？", "name": "x", "aliases": [""], "id": ""}) == ("matched", ["CZ"])
