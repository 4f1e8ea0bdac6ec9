"""A customer takes back what they have just said: as an agent does, and as nobody else can."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from mashang.kit import ids
from tests.channels.conftest import Page, Served


async def say(page: Page, conversation: str, text: str = "", **more: Any) -> int:
    sent = {"client_id": ids.public_id(), "text": text, **more}
    answer = await page.http.post(f"/conversations/{conversation}/entries", json=sent)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["seq"])


async def recall(page: Page, conversation: str, seq: int) -> tuple[int, str]:
    answer = await page.http.post(f"/conversations/{conversation}/entries/{seq}/recall")
    return answer.status_code, answer.json()["code"] if answer.content else ""


async def entries(http: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    return list((await http.get(f"{path}/entries")).json()["entries"])


async def test_both_sides_hear_of_it_and_nothing_is_left_unread(served: Served) -> None:
    page, desk = await served.visitor(), await served.agent()
    async with desk.live() as line:
        opened = (await desk.serve(page, line))["id"]
        kept = await say(page, opened, "充值没到账")
        wrong = await say(page, opened, "我的密保答案是小白")
        rows = (await desk.http.get("/desk/conversations", params={"list": "mine"})).json()["rows"]
        assert rows[0]["unread"] == 2
        async with desk.live(opened) as watching, page.live(opened) as other_tab:
            await watching.frame("caught_up")
            await other_tab.frame("caught_up")
            assert await recall(page, opened, wrong) == (204, "")
            for hears in (watching, other_tab):
                told = (await hears.frame("entry"))["entry"]
                assert (told["event"], told["prev"]) == ({"name": "recall", "seq": wrong}, wrong)
    for http, path in ((page.http, f"/conversations/{opened}"), (desk.http, f"/desk/conversations/{opened}")):
        gone = next(one for one in await entries(http, path) if one["seq"] == wrong)
        assert (gone["event"], gone["author"]["kind"]) == ({"name": "recalled", "by": "customer"}, "customer")
    row = (await desk.http.get("/desk/conversations", params={"list": "mine"})).json()["rows"][0]
    assert (row["unread"], row["last"]["preview"]) == (1, "充值没到账")
    assert kept < wrong
    text = (await page.http.get(f"/conversations/{opened}/transcript")).text
    assert "您撤回了一条消息" in text
    assert "小白" not in text
    async with served.database.transaction() as tx:
        for table in ("entry", "conversation"):
            assert "小白" not in await tx.value(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")


async def test_too_late_not_ones_own_and_not_there_are_told_apart(served: Served, clock) -> None:
    page, desk, stranger = await served.visitor(), await served.agent(), await served.visitor()
    async with desk.live() as line:
        opened = (await desk.serve(page, line))["id"]
        late = await say(page, opened, "已经看到了")
        answer = await desk.http.post(
            f"/desk/conversations/{opened}/entries", json={"client_id": ids.public_id(), "text": "好的"}
        )
        assert await recall(page, opened, answer.json()["seq"]) == (403, "not_your_message")
        assert await recall(stranger, opened, late) == (404, "not_found")
        assert await recall(page, opened, 1) == (404, "not_found"), "an event"
        assert await recall(page, opened, 4_000) == (404, "not_found")
        theirs = await desk.http.post(f"/desk/conversations/{opened}/entries/{late}/recall")
        assert theirs.json()["code"] == "not_your_message"
        await clock.advance(timedelta(minutes=2, seconds=1))
        assert await recall(page, opened, late) == (409, "recall_too_late")
    assert "已经看到了" in str(await entries(page.http, f"/conversations/{opened}"))


async def test_a_file_goes_with_its_bytes_and_a_repeat_brings_nothing_back(served: Served) -> None:
    page = await served.visitor()
    opened = (await page.open(code="CZ"))["id"]
    upload = {"file": ("身份证.txt", b"words", "text/plain")}
    file = (await page.http.post(f"/conversations/{opened}/files", files=upload)).json()["id"]
    sent = {"client_id": ids.public_id(), "text": "", "file": file}
    seq = (await page.http.post(f"/conversations/{opened}/entries", json=sent)).json()["seq"]
    address = (await page.http.post("/files/addresses", json={"files": [file]})).json()["addresses"][file]["url"]
    assert await recall(page, opened, seq) == (204, "")
    assert await recall(page, opened, seq) == (204, ""), "again is fine"
    assert (await served.client().get(address)).status_code == 404
    assert "身份证" not in str(await entries(page.http, f"/conversations/{opened}"))
    async with served.database.transaction() as tx:
        assert await tx.value("select count(*) from attachment") == 0
