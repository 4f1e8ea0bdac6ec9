"""The assistant at the customers' door: its entrance, its buttons, and a person at any moment."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.kit import ids
from mashang.knowledge import editing
from mashang.knowledge.article import ArticleDraft, Text
from mashang.staff import assistant
from mashang.staff.assistant import Assistant
from tests.channels.conftest import Served


@pytest.fixture
def learnt_elsewhere(dsn: str) -> Iterator[None]:
    """Another worker learns, as long as the product runs."""
    with psycopg.connect(dsn, autocommit=True) as elsewhere:
        elsewhere.execute("select pg_advisory_lock(hashtext('knowledge_model'))")
        yield


@pytest.fixture
async def assisting(learnt_elsewhere: None, served: Served) -> Served:
    """With the assistant on, and something it could tell."""
    async with served.database.transaction() as tx:
        made = await editing.create(tx, None, ArticleDraft(texts={"zh-CN": Text("充值没到账", "看订单。")}))
        await editing.publish(tx, None, made.public_id, version=made.version)
        await assistant.put_settings(tx, None, Assistant(is_on=True, name="小码"))
    return served


async def test_a_page_is_told_of_the_assistant_only_while_there_is_one(assisting: Served) -> None:
    page = await assisting.visitor()
    assert page.session["entrances"] == ["assistant", "code", "person"]
    assert page.session["assistant"] == {"name": "小码"}
    async with assisting.database.transaction() as tx:
        await assistant.put_settings(tx, None, Assistant(is_on=False, name="小码"))
    page = await assisting.visitor()
    assert page.session["entrances"] == ["code", "person"]
    assert page.session["assistant"] is None


async def test_from_the_first_word_over_a_button_to_a_person(assisting: Served) -> None:
    page = await assisting.visitor()
    opened = await page.open(entrance="assistant")
    assert opened["status"] == "assisted"
    assert "waiting" not in opened
    async with page.live(opened["id"]) as line:
        await line.frame("caught_up")
        await line.send("send", conversation=opened["id"], client_id=ids.public_id(), text="嘟嘟囔囔")
        while True:
            entry = (await line.frame("entry"))["entry"]
            if entry["author"]["kind"] == "assistant":
                break
        assert entry["author"]["name"] == "小码"
        assert entry["assistant"]["options"] == [{"id": "person", "label": "转人工"}]
        choice = {"seq": entry["seq"], "id": "person"}
        await line.send("send", conversation=opened["id"], client_id=ids.public_id(), choice=choice)
        state = await line.frame("state", status="waiting")
        assert state["waiting"]["number"] == 1
    entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    pressed = next(one for one in entries if one.get("choice"))
    assert (pressed["text"], pressed["choice"]) == ("转人工", choice)
    events = [one["event"]["name"] for one in entries if one["kind"] == "event"]
    assert "person_coming" in events
    assert "handed_over" not in events


async def test_a_person_by_the_route_in_any_state(assisting: Served) -> None:
    page = await assisting.visitor()
    opened = await page.open(entrance="assistant", text="嘟嘟囔囔")
    for _ in range(2):
        answer = await page.http.post(f"/conversations/{opened['id']}/person")
        assert answer.json()["status"] == "waiting"
    await page.http.post(f"/conversations/{opened['id']}/close")
    assert (await page.http.post(f"/conversations/{opened['id']}/person")).status_code == 409
    stranger = await assisting.visitor()
    assert (await stranger.http.post(f"/conversations/{opened['id']}/person")).status_code == 404


async def test_words_that_are_an_alias_of_a_code_are_read_and_answered(assisting: Served) -> None:
    async with assisting.database.transaction() as tx:
        department = assisting.stage.department.public_id
        draft = TopicDraft(code="ZH", name="账户", department=department, aliases=["账户", "充值没到账"])
        await topics.create(tx, None, draft, {})
    page = await assisting.visitor()
    for entrance, text, kept in (
        ("person", "充值没到账", ["充值没到账"]),
        ("assistant", "充值没到账", ["充值没到账"]),
        ("person", "账户", []),
        ("assistant", "账户", []),
    ):
        opened = await page.open(entrance=entrance, text=text)
        entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
        assert entries[0]["event"]["topic"]["code"] == "ZH"
        said = [one for one in entries if one["author"]["kind"] == "customer" and one["kind"] == "text"]
        assert [one["text"] for one in said] == kept
        await page.http.post(f"/conversations/{opened['id']}/close")


async def test_leaving_the_assistant_keeps_no_place(assisting: Served) -> None:
    page = await assisting.visitor()
    opened = await page.open(entrance="assistant")
    closed = (await page.http.post(f"/conversations/{opened['id']}/close")).json()
    assert closed["status"] == "closed"
    assert "place_until" not in closed


async def test_the_desk_sees_takes_and_judges_and_calls_it_back(assisting: Served) -> None:
    page, desk = await assisting.visitor(), await assisting.agent()
    opened = await page.open(entrance="assistant", text="充值")
    rows = (await desk.http.get("/desk/conversations", params={"list": "assisted"})).json()["rows"]
    assert [row["id"] for row in rows] == [opened["id"]]
    assert rows[0]["status"] == "assisted"
    at = f"/desk/conversations/{opened['id']}"
    can = (await desk.http.get(at)).json()["can"]
    assert can["take"]
    assert not can["reply"]
    assert (await desk.http.post(f"{at}/take")).json()["status"] == "active"
    assert (await desk.http.get(at)).json()["can"]["call_assistant"]
    assert (await desk.http.post(f"{at}/assistant")).json()["status"] == "assisted"
    for seq, body, status in (
        (1, {"verdict": "corrected"}, 404),  # no answer
        (99, {"verdict": "corrected"}, 404),
        (1, {"verdict": "great"}, 422),
        (1, {"verdict": "corrected", "instead": "nosuch"}, 422),
    ):
        assert (await desk.http.put(f"{at}/assistant/{seq}/verdict", json=body)).status_code == status
    async with assisting.database.transaction() as tx:
        await tx.run("update assistant set is_on = false")
    await desk.http.post(f"{at}/take")
    assert (await desk.http.post(f"{at}/assistant")).json()["code"] == "assistant_off"


async def test_the_settings_are_the_operators_and_refused_when_wrong(assisting: Served) -> None:
    desk = await assisting.agent()
    assert (await desk.http.get("/admin/assistant")).status_code == 403
    async with assisting.database.transaction() as tx:
        await tx.run("update agent set role = 'operator'")
    desk = await assisting.agent()
    kept = (await desk.http.get("/admin/assistant")).json()
    assert kept["name"] == "小码"
    for wrong in ({"name": "  "}, {"target_precision": 1.2}, {"risk_words": [""]}, {"greeting": "x" * 501}):
        assert (await desk.http.put("/admin/assistant", json=kept | wrong)).status_code == 422
    saved = await desk.http.put("/admin/assistant", json=kept | {"risk_words": ["工信部", " 工信部 "]})
    assert saved.json()["risk_words"] == ["工信部"]
    saved = await desk.http.put("/admin/assistant", json=kept | {"ignored_words": ["投诉", " 投诉 ", "LAWYER"]})
    assert saved.json()["ignored_words"] == ["投诉", "LAWYER"]
    assert (await desk.http.put("/admin/assistant", json=kept | {"ignored_words": [""]})).status_code == 422
