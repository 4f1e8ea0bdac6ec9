"""Taking back what was said: for two minutes, for everybody, and without a trace of the words."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from PIL import Image

from mashang.conversations import reading
from mashang.kit.storage import Storage


@pytest.fixture
async def page(desk):
    return await desk("xiaomei")


async def say(page, conversation, text="", **more):
    sent = {"client_id": uuid.uuid4().hex, "text": text, **more}
    answer = await page.post(f"/desk/conversations/{conversation}/entries", sent)
    assert answer.status_code == 201, answer.text
    return answer.json()["seq"], sent


async def recall(page, conversation, seq):
    answer = await page.post(f"/desk/conversations/{conversation}/entries/{seq}/recall")
    return answer.status_code if answer.status_code == 204 else (answer.status_code, answer.json()["code"])


async def entries(page, conversation):
    return (await page.get(f"/desk/conversations/{conversation}/entries")).json()["entries"]


async def test_the_words_go_and_the_number_stays(page, served, database):
    first, _ = await say(page, served, "第一句")
    wrong, _ = await say(page, served, "发错人了，卡密在这")
    assert await recall(page, served, wrong) == 204
    held, gone, told = (await entries(page, served))[-3:]
    assert (held["seq"], held["text"]) == (first, "第一句")
    assert (gone["seq"], gone["prev"], gone["kind"]) == (wrong, first, "event")
    assert gone["event"] == {"name": "recalled", "by": "agent"}
    assert gone["author"]["name"] == "小美"
    assert "text" not in gone
    assert (told["prev"], told["event"]) == (wrong, {"name": "recall", "seq": wrong})
    row = (await page.get("/desk/conversations?list=mine")).json()["rows"][0]
    assert row["last"]["preview"] == "第一句"
    async with database.transaction() as tx:
        for table in ("entry", "conversation", "search_entry"):
            kept = await tx.value(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
            assert "发错人了" not in kept, table
        assert await tx.value("select unread_by_customer from conversation") == 1


async def test_a_customer_that_was_away_hears_of_it_in_the_same_numbered_row(page, served, database):
    await say(page, served, "之前")
    seq, _ = await say(page, served, "只给客户的话")
    async with database.transaction() as tx:
        conversation_id = await tx.value("select id from conversation where public_id = %s", (served,))
        held = await reading.after(tx, conversation_id, "everyone", 0)
    await say(page, served, "同事看", audience="staff")
    assert await recall(page, served, seq) == 204
    async with database.transaction() as tx:
        came = await reading.after(tx, conversation_id, "everyone", held[-1].seq)
        later = await reading.after(tx, conversation_id, "everyone", 0)
    assert [(one.prev_public, one.data) for one in came] == [(seq, {"name": "recall", "seq": seq})]
    assert [one.seq for one in later] == [*(one.seq for one in held), came[0].seq]
    assert "只给客户的话" not in str(later)


async def test_a_recalled_note_is_told_to_colleagues_only(page, served):
    seq, _ = await say(page, served, "内部的话", audience="staff")
    assert await recall(page, served, seq) == 204
    assert [one["audience"] for one in await entries(page, served)][-2:] == ["staff", "staff"]


async def test_after_two_minutes_it_is_refused_and_stays(page, served, clock):
    seq, _ = await say(page, served, "已经看到了")
    await clock.advance(timedelta(minutes=2, seconds=1))
    assert await recall(page, served, seq) == (409, "recall_too_late")
    assert (await entries(page, served))[-1]["text"] == "已经看到了"


async def test_a_file_goes_with_its_bytes(page, served, database, settings):
    out = io.BytesIO()
    Image.effect_noise((900, 600), 60).convert("RGB").save(out, "PNG")
    upload = {"file": ("身份证.png", out.getvalue(), "image/png")}
    file = (await page.post(f"/desk/conversations/{served}/files", files=upload)).json()["id"]
    seq, _ = await say(page, served, file=file)
    async with database.transaction() as tx:
        row = await tx.one("select storage_key, preview_key from attachment")
    address = (await page.post("/desk/files/addresses", {"files": [file]})).json()["addresses"][file]["url"]
    assert await recall(page, served, seq) == 204
    assert (await page.client.get(address)).status_code == 404
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from attachment") == 0
    for key in row.values():
        with pytest.raises(FileNotFoundError):
            await Storage(settings.files).open(key)
    assert "身份证" not in str(await entries(page, served))


async def test_a_file_that_was_sent_twice_stays_where_it_was_not_recalled(page, served):
    upload = {"file": ("说明.txt", b"words", "text/plain")}
    file = (await page.post(f"/desk/conversations/{served}/files", files=upload)).json()["id"]
    first, _ = await say(page, served, file=file)
    again, _ = await say(page, served, file=file)
    assert await recall(page, served, first) == 204
    address = (await page.post("/desk/files/addresses", {"files": [file]})).json()["addresses"][file]["url"]
    assert (await page.client.get(address)).content == b"words"
    assert (await entries(page, served))[-2]["seq"] == again


async def test_a_repetition_of_what_was_recalled_is_answered_and_brings_nothing_back(page, served):
    seq, sent = await say(page, served, "收不到回执")
    assert await recall(page, served, seq) == 204
    answer = await page.post(f"/desk/conversations/{served}/entries", sent)
    assert (answer.status_code, answer.json()["seq"]) == (201, seq)
    assert "收不到回执" not in str(await entries(page, served))
    assert await recall(page, served, seq) == 204, "again is fine"
    assert len([one for one in await entries(page, served) if one["kind"] == "event"]) == 2


async def test_nobody_recalls_what_another_said_or_what_is_no_message(page, served, desk):
    seq, _ = await say(page, served, "小美说的")
    chen = await desk("chen")
    assert await recall(chen, served, seq) == (403, "not_your_message")
    assert await recall(page, served, 999) == (404, "not_found")
    assert await recall(page, served, seq) == 204
    assert await recall(page, served, seq + 1) == (404, "not_found"), "the event that tells of it"
    aqiang = await desk("aqiang")
    assert await recall(aqiang, served, seq) == (404, "not_found")
