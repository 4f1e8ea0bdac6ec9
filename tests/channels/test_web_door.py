"""The web door lets in who belongs, answers everybody else clearly, and loses nothing that was typed."""

from __future__ import annotations

from datetime import timedelta

import httpx
import msgspec
import pytest

from mashang.kit import ids
from mashang.routing import opening
from mashang.routing.opening import HoursDraft
from tests.channels.conftest import Served

ABSURD = {
    "empty": "",
    "ten thousand characters": "充" * 10_000,
    "emoji": "🧧🧧🧧",
    "sql": "'; drop table entry; --",
    "right to left marks": "\u202e\u200fWQ",
    "null": "C\0Z\0",
    "markup": "<script>alert(1)</script>",
}


@pytest.mark.parametrize("typed", ["cz", "ｃｚ", " C Z ", "【CZ】", "你好，代码CZ"])
async def test_a_code_is_found_however_it_is_typed(served: Served, typed: str) -> None:
    page = await served.visitor()
    answer = (await page.http.post("/codes", json={"text": typed})).json()
    assert (answer["outcome"], answer["topic"]["name"]) == ("matched", "充值问题")


@pytest.mark.parametrize("typed", ["cz1", "ZC", "chongzhi", "冲值"])
async def test_a_slip_that_can_mean_one_thing_is_corrected_and_the_timeline_says_what_was_typed(
    served: Served, typed: str
) -> None:
    page = await served.visitor()
    answer = (await page.http.post("/codes", json={"text": typed})).json()
    assert (answer["outcome"], answer["corrected"], answer["topic"]["code"]) == ("matched", True, "CZ")
    opening = {"opening_key": ids.public_id(), "entrance": "code", "code": "CZ", "text": typed}
    opened = (await page.http.post("/conversations", json=opening)).json()
    entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    assert entries[0]["event"]["typed"] == typed
    assert entries[0]["event"]["topic"]["code"] == "CZ"
    assert [entry for entry in entries if entry["author"]["kind"] == "customer" and entry["kind"] == "text"] == []


@pytest.mark.parametrize(
    ("way", "kept"),
    [
        ({}, ("button", "")),
        ({"text": "cz"}, ("typed", "")),
        ({"medium": "qr"}, ("qr", "")),
        ({"medium": "scene", "scene": "paid"}, ("scene", "paid")),
    ],
)
async def test_how_a_code_came_is_kept_with_it_and_told_at_the_desk(
    served: Served, way: dict[str, str], kept: tuple[str, str]
) -> None:
    page = await served.visitor()
    opening = {"opening_key": ids.public_id(), "entrance": "code", "code": "CZ"} | way
    opened = (await page.http.post("/conversations", json=opening)).json()
    async with served.database.transaction() as tx:
        row = await tx.one("select medium, scene from redemption")
    assert (row["medium"], row["scene"]) == kept
    event = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"][0]["event"]
    assert (event.get("medium"), event.get("scene")) == (kept if "medium" in way else (None, None))


@pytest.mark.parametrize("way", [{"medium": "smoke"}, {"medium": "qr", "scene": "Nowhere!"}, {"scene": "x" * 41}])
async def test_a_way_that_is_none_is_refused_and_opens_nothing(served: Served, way: dict[str, str]) -> None:
    page = await served.visitor()
    opening = {"opening_key": ids.public_id(), "entrance": "code", "code": "CZ"} | way
    assert (await page.http.post("/conversations", json=opening)).status_code == 422
    assert (await page.http.get("/conversations")).json() == []


async def test_what_may_mean_two_things_is_a_question_and_the_choice_keeps_what_was_typed(served: Served) -> None:
    page = await served.visitor()
    answer = (await page.http.post("/codes", json={"text": "CH"})).json()
    assert (answer["outcome"], [topic["code"] for topic in answer["topics"]]) == ("ambiguous", ["CZ", "SH"])
    opening = {"opening_key": ids.public_id(), "entrance": "code", "code": "SH", "text": "CH"}
    opened = (await page.http.post("/conversations", json=opening)).json()
    entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    assert "typed" not in entries[0]["event"]
    assert "CH" in [entry.get("text") for entry in entries]


async def test_an_expired_code_explains_itself_and_opens_nothing(served: Served, clock) -> None:
    async with served.database.transaction() as tx:
        await tx.run("update topic set expires_at = app_now() + interval '1 day' where code = 'CZ'")
    page = await served.visitor()
    assert (await page.http.post("/codes", json={"text": "cz"})).json()["outcome"] == "matched"
    await clock.advance(timedelta(days=1))
    answer = (await page.http.post("/codes", json={"text": "cz1"})).json()
    assert (answer["outcome"], answer["topic"]["code"]) == ("expired", "CZ")
    assert answer["expired_at"]
    refused = await page.http.post("/conversations", json={"opening_key": ids.public_id(), "code": "CZ"})
    assert (refused.status_code, refused.json()["code"]) == (410, "code_expired")
    person = {"opening_key": ids.public_id(), "entrance": "person", "text": "cz"}
    opened = await page.http.post("/conversations", json=person)
    assert opened.status_code == 201
    assert "topic" not in opened.json()


@pytest.mark.parametrize("what", ABSURD)
async def test_an_absurd_code_is_unknown_and_offers_those_there_are(served: Served, what: str) -> None:
    page = await served.visitor()
    answer = await page.http.post("/codes", json={"text": ABSURD[what]})
    if what == "null":
        assert answer.json()["outcome"] == "matched"  # invisible marks do not count
        return
    assert answer.json()["outcome"] == "unknown"
    assert [topic["code"] for topic in answer.json()["topics"]] == ["CZ", "SH"]


async def test_a_chosen_code_that_is_none_opens_nothing_and_says_so(served: Served) -> None:
    page = await served.visitor()
    answer = await page.http.post("/conversations", json={"opening_key": ids.public_id(), "code": "QQQQ"})
    assert (answer.status_code, answer.json()["code"]) == (404, "code_unknown")
    assert "QQQQ" in answer.json()["message"]
    assert (await page.http.get("/conversations")).json() == []


async def test_24h_typed_or_chosen_leads_to_the_queue_where_the_operator_made_no_such_topic(served: Served) -> None:
    page = await served.visitor()
    assert (await page.http.post("/codes", json={"text": "24h"})).json() == {"outcome": "person"}
    for how in ({"code": "24H"}, {"text": "24 h"}, {"entrance": "person", "text": "转人工"}):
        opened = await page.open(**how)
        assert opened["status"] == "waiting"
        assert "topic" not in opened
        entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()
        assert {entry["kind"] for entry in entries["entries"]} == {"event"}  # nobody reads the code among what was said
        await page.http.post(f"/conversations/{opened['id']}/close")


async def test_the_same_opening_twice_is_one_conversation(served: Served) -> None:
    page = await served.visitor()
    key = ids.public_id()
    first, second = await page.open(opening_key=key, code="CZ"), await page.open(opening_key=key, code="CZ")
    assert first["id"] == second["id"]
    assert first["waiting"]["number"] == second["waiting"]["number"] == 1


async def test_secrets_are_masked_before_they_are_stored_and_the_sender_sees_it(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(code="CZ")
    async with page.live(opened["id"]) as socket:
        await socket.send("send", conversation=opened["id"], client_id="with-secret", text="身份证11010519491231002X")
        assert "11010519491231002X" not in (await socket.frame("ack", client_id="with-secret"))["text"]
    async with served.database.transaction() as tx:
        assert not await tx.value("select count(*) from entry where text like '%%11010519491231002X%%'", ())


async def test_what_comes_beside_the_words_is_masked_too(served: Served) -> None:
    async with served.database.transaction() as tx:
        await tx.run(
            """
            insert into shop (public_id, name, base_url, key_id, secret_sealed, capabilities)
            values ('shop', 'x', 'https://x.example', 'key', '', '{"card_key_shapes": ["XXXX-XXXX-XXXX-XXXX"]}')
            """
        )
    page, desk = await served.visitor(), await served.agent()
    key = "ABCD-EFGH-IJKL-MN12"
    where = {"url": f"https://shop.example/?key={key}", "title": f"卡密 {key}"}
    opened = await page.open(code="CZ", order_number=key, page=where)
    file = {"file": (f"卡密{key}.txt", b"see the name")}
    uploaded = await page.http.post(f"/conversations/{opened['id']}/files", files=file)
    await desk.http.post(f"/desk/conversations/{opened['id']}/take")
    note = {"department": served.stage.department.public_id, "note": f"用不了 {key}"}
    moved = await desk.http.post(f"/desk/conversations/{opened['id']}/transfer", json=note)
    assert (uploaded.status_code, moved.status_code) == (201, 200)
    async with served.database.transaction() as tx:
        told = await tx.one("select order_number, page_url, page_title from conversation")
        told["note"] = await tx.value("select text from entry where audience = 'staff'")
    told["file"] = uploaded.json()["name"]
    assert told == {
        "order_number": "••••MN12",
        "page_url": "https://shop.example/?key=••••MN12",
        "page_title": "卡密 ••••MN12",
        "note": "用不了 ••••MN12",
        "file": "卡密••••MN12.txt",
    }


async def test_an_order_number_is_no_bank_card_whatever_its_digits(served: Served) -> None:
    page = await served.visitor()
    assert (await page.open(code="CZ", order_number="4111111111111111"))["order_number"] == "4111111111111111"


async def test_other_peoples_conversations_look_like_none(served: Served) -> None:
    owner, stranger = await served.visitor(), await served.visitor()
    opened = await owner.open(code="CZ")
    for path in ("", "/entries"):
        hidden = await stranger.http.get(f"/conversations/{opened['id']}{path}")
        missing = await stranger.http.get(f"/conversations/{ids.public_id()}{path}")
        assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content) == (404, missing.content)
    for verb in ("close", "reopen"):
        assert (await stranger.http.post(f"/conversations/{opened['id']}/{verb}")).status_code == 404
    async with stranger.live() as socket:
        await socket.send("watch", conversation=opened["id"], after=0)
        assert (await socket.frame("refused", conversation=opened["id"]))["code"] == "not_found"
        await socket.send("send", conversation=opened["id"], client_id="intruding-1", text="偷看")
        assert (await socket.frame("refused", client_id="intruding-1"))["code"] == "not_found"


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer x", "Bearer " + "x" * 43, "Basic eDp5", "Bearer \u00ff"]
)
async def test_without_a_session_nothing_is_told(served: Served, authorization: str) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        headers = {"authorization": authorization.encode("latin-1")}
        answer = await http.get("/api/v1/customer/conversations", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_refusals_speak_the_readers_language(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        path = "/api/v1/customer/conversations"
        chinese = (await http.get(path, headers={"accept-language": "zh-CN"})).json()["message"]
        english = (await http.get(path, headers={"accept-language": "en-GB,en;q=0.9"})).json()["message"]
    assert chinese != english
    assert english.isascii()


async def test_a_text_that_is_too_long_is_refused_over_http_by_field(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(code="CZ")
    answer = await page.http.post(
        f"/conversations/{opened['id']}/entries", json={"client_id": "long-message", "text": "长" * 8001}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_page_of_an_unregistered_origin_gets_no_session(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        answer = await http.post(
            "/api/v1/customer/sessions",
            json={"site": served.stage.site.public_id},
            headers={"origin": "https://evil.example"},
        )
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_registered")


async def test_the_chat_may_be_framed_by_its_site_only(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        chat = await http.get("/chat", params={"site": served.stage.site.public_id})
        desk = await http.get("/desk")
    assert "frame-ancestors 'self' https://shop.example" in chat.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in desk.headers["content-security-policy"]


async def test_a_session_that_was_ended_opens_nothing_any_more(served: Served) -> None:
    page = await served.visitor()
    assert (await page.http.delete("/sessions")).status_code == 204
    assert (await page.http.get("/conversations")).status_code == 401


async def test_nobody_there_is_said_and_the_message_waits(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(text="有人吗？我的充值没到")
    assert opened["status"] == "waiting"
    assert opened["waiting"] == {
        "number": 1, "ahead": 0, "agents_online": 0, "estimate": None, "is_message": False,
        "closed": None,
    }  # fmt: skip
    entries = (await page.http.get(f"/conversations/{opened['id']}/entries")).json()["entries"]
    assert "有人吗？我的充值没到" in [entry.get("text") for entry in entries]


async def test_a_claim_is_kept_masked_and_proves_nothing(served: Served) -> None:
    page = await served.visitor()
    claimed = (await page.http.put("/claim", json={"value": "138 0013 8000"})).json()
    assert claimed["claim_masked"] == "138••••8000"
    assert claimed["proved"] is False
    async with served.database.transaction() as tx:
        sealed = await tx.value("select claim_sealed from customer where claim_sealed is not null")
    assert b"13800138000" not in sealed


async def test_a_huge_body_is_refused_everywhere_but_where_files_are_taken(served: Served) -> None:
    page = await served.visitor()
    huge = {"text": "x" * 300_000}
    answer = await page.http.post("/codes", json=huge)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    opened = await page.open(code="CZ")
    taken = await page.http.post(f"/conversations/{opened['id']}/files", files={"file": ("log.txt", "x" * 300_000)})
    assert taken.status_code == 201, taken.text


async def test_a_page_that_begins_knows_whom_it_would_not_reach_now(served: Served) -> None:
    assert (await served.visitor()).session["resting"] == {"closed": None, "topics": []}
    async with served.database.transaction() as tx:
        await opening.set_hours(
            tx, served.stage.agent, opening.EVERYWHERE, HoursDraft([[] for _ in range(7)], "休息了")
        )
    closed = {"text": "休息了", "opens_at": None, "zone": "Asia/Shanghai"}
    assert (await served.visitor()).session["resting"] == {"closed": closed, "topics": ["CZ", "SH"]}
    always = [[{"opens": "00:00", "closes": "00:00"}]] * 7
    async with served.database.transaction() as tx:
        own = msgspec.convert({"week": always}, HoursDraft)
        await opening.set_hours(tx, served.stage.agent, served.stage.department.public_id, own)
    assert (await served.visitor()).session["resting"] == {"closed": None, "topics": []}
