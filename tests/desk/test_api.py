"""The desk over HTTP: what an agent does from sign-in to closing, and what is kept from others."""

from __future__ import annotations

import json
import uuid

import pytest

from mashang.desk import api
from mashang.kit.limits import Limiter


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Limits count anew: row numbers begin anew with each test's database."""
    monkeypatch.setattr(api, "_refreshes", Limiter(0.2, 5))


def words(text="您好", **more):
    return {"client_id": uuid.uuid4().hex, "text": text, **more}


# ── what is kept from others ────────────────────────────────────────────────

ROUTES = [
    ("GET", "", None),
    ("GET", "/entries", None),
    ("GET", "/context", None),
    ("GET", "/trace", None),
    ("POST", "/entries", {"client_id": "12345678", "text": "x"}),
    ("POST", "/entries", {"client_id": "12345678", "text": "x", "audience": "staff"}),
    ("POST", "/accept", None),
    ("POST", "/decline", None),
    ("POST", "/take", None),
    ("POST", "/close", None),
    ("POST", "/reopen", None),
    ("POST", "/transfer", {"note": ""}),
    ("POST", "/context/refresh", None),
    ("PUT", "/read", {"seq": 1}),
]


async def test_somebody_elses_conversation_answers_like_one_that_is_not_there(committed, desk):
    hidden = await committed.conversation(committed.floor.after_sale)
    page = await desk("xiaomei")
    for method, path, body in ROUTES:
        answers = [await page.ask(method, f"/desk/conversations/{one}{path}", body) for one in (hidden, "nowhere")]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "not_found")] * 2, path
        assert answers[0].content == answers[1].content


async def test_nobody_gets_in_without_a_session(committed, browser):
    page = browser()
    await page.open()
    made = await committed.conversation(committed.floor.recharge)
    asked = [(method, f"/desk/conversations/{made}{path}", body) for method, path, body in ROUTES]
    lists = [("GET", f"/desk/{name}", None) for name in ("counters", "conversations", "directory")]
    for request in asked + lists:
        answer = await page.ask(*request)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), request


async def test_lists_and_counters_show_what_one_may_see(committed, desk):
    mine = await committed.conversation(committed.floor.recharge)
    other = await committed.conversation(committed.floor.after_sale)
    page, boss = await desk("xiaomei"), await desk("boss")
    assert [row["id"] for row in (await page.get("/desk/conversations")).json()["rows"]] == [mine]
    assert [row["id"] for row in (await boss.get("/desk/conversations")).json()["rows"]] == [other, mine]
    assert (await page.get("/desk/counters")).json() == {
        "waiting": 1,
        "mine": 0,
        "all": 1,
        "offered": 0,
        "snoozed": 0,
        "assisted": 0,
    }
    waiting = (await boss.get("/desk/conversations", params={"list": "waiting", "limit": 1})).json()
    assert [row["id"] for row in waiting["rows"]] == [mine]
    rest = (await boss.get("/desk/conversations", params={"list": "waiting", "cursor": waiting["next"]})).json()
    assert ([row["id"] for row in rest["rows"]], rest["next"]) == ([other], None)


async def test_a_row_is_told_in_the_readers_language(committed, desk):
    await committed.conversation(committed.floor.recharge)
    page = await desk("xiaomei")
    for language, visitor, department in (("zh-CN", "访客", "充值"), ("en", "Visitor", "Recharge")):
        (row,) = (await page.get("/desk/conversations", headers={"accept-language": language})).json()["rows"]
        assert row["customer"]["label"].startswith(visitor)
        assert row["department"]["name"] == department


# ── from the queue to the end ───────────────────────────────────────────────


async def test_an_offer_is_accepted_answered_handed_on_and_closed(committed, desk):
    made = await committed.conversation(committed.floor.recharge)
    await committed.offer(made, committed.floor.xiaomei)
    mei, qiang = await desk("xiaomei"), await desk("aqiang")
    at = f"/desk/conversations/{made}"

    seen = (await mei.get(at)).json()
    assert (seen["can"]["accept"], seen["can"]["reply"], seen["offer"]["agent"]["name"]) == (True, False, "小美")
    seen = (await mei.post(f"{at}/accept")).json()
    assert (seen["status"], seen["agent"]["name"], seen["can"]["reply"]) == ("active", "小美", True)

    ack = await mei.post(f"{at}/entries", words("您好，我看到您的订单了"))
    assert ack.status_code == 201
    note = await mei.post(f"{at}/entries", words("客户很急", audience="staff"))
    assert note.json()["seq"] == ack.json()["seq"] + 1

    department = committed.floor.after_sale.public_id
    left = (await mei.post(f"{at}/transfer", {"department": department, "note": "卡密没到"})).json()
    assert (left["status"], left["department"]["name"], left["can"]["transfer"]) == ("waiting", "售后", False)
    assert (await mei.get(at)).status_code == 404

    assert (await qiang.post(f"{at}/take")).json()["agent"]["name"] == "阿强"
    entries = (await qiang.get(f"{at}/entries")).json()["entries"]
    said = [(one["audience"], one["text"]) for one in entries if one["kind"] == "text"]
    assert said == [("everyone", "您好，我看到您的订单了"), ("staff", "客户很急"), ("staff", "卡密没到")]

    assert (await qiang.post(f"{at}/close")).json()["can"]["reopen"]
    closed = await qiang.post(f"{at}/entries", words())
    assert (closed.status_code, closed.json()["code"]) == (409, "conversation_closed")
    assert (await qiang.post(f"{at}/reopen")).json()["status"] == "active"
    trace = (await qiang.get(f"{at}/trace")).json()
    assert [line["what"] for line in trace][-2:] == ["reopened_by_agent", "resumed"]


async def test_a_repeated_message_is_one_message(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page, message = await desk("xiaomei"), words()
    first, again = [await page.post(f"/desk/conversations/{made}/entries", message) for _ in range(2)]
    assert (first.json(), again.status_code) == (again.json(), 201)
    other = await page.post(f"/desk/conversations/{made}/entries", {**message, "text": "别的话"})
    assert (other.status_code, other.json()["code"]) == (409, "different_message")


async def test_who_does_not_serve_it_can_note_and_not_reply(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    chen = await desk("chen")
    refused = await chen.post(f"/desk/conversations/{made}/entries", words())
    assert (refused.status_code, refused.json()["code"]) == (403, "not_in_conversation")
    assert (await chen.post(f"/desk/conversations/{made}/entries", words("留意", audience="staff"))).status_code == 201


async def test_what_must_not_be_kept_is_masked_and_the_sender_sees_it(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page = await desk("xiaomei")
    ack = (await page.post(f"/desk/conversations/{made}/entries", words("密码是 hunter2secret"))).json()
    stored = (await page.get(f"/desk/conversations/{made}/entries")).json()["entries"][-1]["text"]
    assert "hunter2secret" not in stored
    assert ack["text"] == stored


async def test_only_one_of_many_takes_it(committed, desk):
    made = await committed.conversation(committed.floor.recharge)
    chen, boss = await desk("chen"), await desk("boss")
    assert (await chen.post(f"/desk/conversations/{made}/take")).status_code == 200
    mei = await (await desk("xiaomei")).post(f"/desk/conversations/{made}/take")
    assert (mei.status_code, mei.json()["code"]) == (409, "already_taken")
    assert (await boss.post(f"/desk/conversations/{made}/take")).json()["agent"]["name"] == "王店长"


async def test_reading_moves_the_mark_and_never_back(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page = await desk("xiaomei")
    for _ in range(3):
        await page.post(f"/desk/conversations/{made}/entries", words())
    for seq in (2, 1, 99):
        assert (await page.put(f"/desk/conversations/{made}/read", {"seq": seq})).status_code == 204
        seen = (await page.get(f"/desk/conversations/{made}")).json()["read"]["staff"]
        assert seen == {2: 2, 1: 2, 99: 3}[seq]


async def test_the_timeline_comes_in_pages_both_ways(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page, at = await desk("xiaomei"), f"/desk/conversations/{made}/entries"
    for number in range(1, 6):
        await page.post(at, words(str(number)))

    async def read(**params):
        answer = (await page.get(at, params=params)).json()
        return [one["text"] for one in answer["entries"]], answer["prev"], answer["more"]

    assert await read(limit=2) == (["4", "5"], 3, True)
    assert await read(before=4, limit=2) == (["2", "3"], 1, True)
    assert await read(before=2, limit=2) == (["1"], 0, False)
    assert await read(after=0, limit=3) == (["1", "2", "3"], 0, True)
    assert await read(after=3, limit=3) == (["4", "5"], 3, False)
    assert await read(after=5) == ([], 0, False)


async def test_a_transfer_needs_somewhere_to_go(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page = await desk("xiaomei")
    for body, field in (
        ({"note": "给谁？"}, "department"),
        ({"department": "nowhere"}, "department"),
        ({"agent": "nobody"}, "agent"),
    ):
        answer = await page.post(f"/desk/conversations/{made}/transfer", body)
        assert (answer.status_code, answer.json()["facts"]["field"]) == (422, field)


async def test_a_transfer_to_somebody_who_is_not_there_is_refused(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page = await desk("xiaomei")
    answer = await page.post(
        f"/desk/conversations/{made}/transfer", {"agent": committed.floor.aqiang.public_id, "note": ""}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "agent_not_available")
    assert (await page.get(f"/desk/conversations/{made}")).json()["status"] == "active"


async def test_a_context_nobody_can_refresh_stays_as_it_is(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page = await desk("xiaomei")
    before = (await page.get(f"/desk/conversations/{made}/context")).json()
    assert (before["status"], before["earlier"]) == ("nothing_to_ask", [])
    assert (await page.post(f"/desk/conversations/{made}/context/refresh")).json() == before


async def test_asking_the_shop_again_and_again_is_held_back(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page = await desk("xiaomei")
    asked = [(await page.post(f"/desk/conversations/{made}/context/refresh")).status_code for _ in range(8)]
    assert (asked[0], asked[-1]) == (200, 429)


async def test_a_department_in_use_and_somebody_who_serves_cannot_be_archived(committed, desk):
    await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    boss = await desk("boss")
    kept = await boss.delete(f"/admin/departments/{committed.floor.recharge.public_id}")
    assert (kept.status_code, kept.json()["code"]) == (409, "department_in_use")
    assert "充值" in kept.json()["message"]
    kept = await boss.delete(f"/admin/people/{committed.floor.xiaomei.public_id}")
    assert (kept.status_code, kept.json()["facts"]["conversations"]) == (409, 1)


async def test_the_directory_names_departments_and_colleagues(committed, desk):
    found = (await (await desk("xiaomei")).get("/desk/directory")).json()
    assert [one["name"] for one in found["departments"]] == ["充值", "售后"]
    assert {one["name"] for one in found["agents"]} == {"王店长", "陈主管", "小美", "阿强"}


# ── bad input ───────────────────────────────────────────────────────────────


async def test_an_absurd_page_is_refused(committed, desk):
    page = await desk("xiaomei")
    for params in (
        {"list": "everything"}, {"limit": 0}, {"limit": 10_000}, {"limit": "x"}, {"cursor": "x"},
        {"cursor": "\u0000"}, {"cursor": "9" * 59}, {"cursor": "1-nowhere'"},
    ):  # fmt: skip
        answer = await page.get("/desk/conversations", params=params)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), params


ABSURD_MESSAGES = [
    {}, {"text": None}, {"text": "  \n "}, {"client_id": "x", "text": "x"}, {"text": "x" * 8001}, {"text": "a\u0000b"},
    {"text": "\ud83d"}, {"text": "x", "audience": "nobody"}, {"text": "x", "unknown": 1}, {"file": "nowhere"},
    {"client_id": "1234\u000078", "text": "x"}, {"text": 7}, {"text": []}, {"file": "\u0000"},
]  # fmt: skip


async def test_an_absurd_message_is_refused_and_nothing_is_stored(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page, at = await desk("xiaomei"), f"/desk/conversations/{made}/entries"
    for body in [{"client_id": "12345678", **message} for message in ABSURD_MESSAGES] + [[], None, "text"]:
        answer = await page.ask("POST", at, content=json.dumps(body), headers={"content-type": "application/json"})
        assert answer.status_code in {400, 404, 422}, body
        assert set(answer.json()) == {"code", "message", "facts"}
    assert (await page.get(at)).json()["entries"] == []


async def test_an_absurd_id_is_not_found_or_invalid(committed, desk):
    page = await desk("xiaomei")
    for one in ("%00", "%E2%80%AE", "x" * 200, "'", "a%2fb"):
        for method, path, body in ROUTES:
            answer = await page.ask(method, f"/desk/conversations/{one}{path}", body)
            assert answer.status_code in {404, 405, 422}, (one, path)


# ── files ───────────────────────────────────────────────────────────────────


async def test_a_file_is_stored_said_and_given_an_address_only_colleagues_of_it_get(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    mei, qiang, at = await desk("xiaomei"), await desk("aqiang"), f"/desk/conversations/{made}"
    stored = await mei.post(f"{at}/files", files={"file": ("账单.txt", b"hello", "text/plain")})
    assert (stored.status_code, stored.json()["name"], stored.json()["picture"]) == (201, "账单.txt", False)
    file = stored.json()["id"]
    assert (await mei.post(f"{at}/entries", words("", file=file))).status_code == 201
    assert (await mei.get(f"{at}/entries")).json()["entries"][-1]["file"]["id"] == file
    given = [(await page.post("/desk/files/addresses", {"files": [file]})).json() for page in (mei, qiang)]
    assert [list(one["addresses"]) for one in given] == [[file], []]
    assert (await qiang.post(f"{at}/files", files={"file": ("a.txt", b"x", "text/plain")})).status_code == 404


async def test_an_upload_without_a_file_is_refused(committed, desk):
    made = await committed.conversation(committed.floor.recharge, agent=committed.floor.xiaomei)
    page = await desk("xiaomei")
    for files in ({"other": ("a.txt", b"x", "text/plain")}, {"file": (None, b"x")}):
        answer = await page.post(f"/desk/conversations/{made}/files", files=files)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
