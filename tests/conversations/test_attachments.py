"""Files of a conversation: who may put one there, who may fetch it, for how long."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from litestar.datastructures import UploadFile
from PIL import Image

from mashang import customers
from mashang.conversations import attachments, timeline
from mashang.conversations.attachments import Uploader
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import NewEntry
from mashang.conversations.filetypes import FileDisguised, FileRefused
from mashang.customers import Customer
from mashang.kit.db import Database
from mashang.kit.errors import NotFound, TooLarge
from mashang.kit.pictures import Pictures, PictureUnreadable
from mashang.kit.sealing import Sealer
from mashang.kit.storage import Storage
from mashang.staff import Agent
from tests import scene
from tests.scene import Scene


def picture(width: int = 900, height: int = 600) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


def upload(name: str, data: bytes) -> UploadFile:
    return UploadFile("application/octet-stream", name, data)


class Cabinet:
    """A conversation that is being served, and what is put into it."""

    def __init__(self, db: Database, folder: Path, stage: Scene, talk: Conversation) -> None:
        self.db, self.folder, self.stage, self.talk = db, folder, stage, talk
        self.storage, self.pictures, self.sealer = Storage(folder), Pictures(), Sealer(os.urandom(32))

    async def put(self, name: str, data: bytes, *, by: Agent | None = None, talk: Conversation | None = None):
        """Upload as the customer, or as an agent."""
        side, uploader = ("agent", by.id) if by else ("customer", self.stage.customer.id)
        where = Uploader((talk or self.talk).id, side, uploader)
        return await attachments.store(self.db, self.storage, self.pictures, where, upload(name, data))

    async def send(self, file: str, *, by: Agent | None = None, audience: str = "everyone") -> None:
        side, uploader = ("agent", by.id) if by else ("customer", self.stage.customer.id)
        async with self.db.transaction() as tx:
            data = await attachments.for_posting(tx, file, self.talk.id, side, uploader)
            await timeline.append(
                tx,
                NewEntry(conversation_id=self.talk.id, kind="file", data=data, audience=audience, author_id=uploader),
            )

    async def seen_by(self, reader: Customer | Agent, *files: str) -> list[str]:
        """Which of these files the reader gets addresses of."""
        async with self.db.transaction() as tx:
            if isinstance(reader, Customer):
                return list(await attachments.addresses_for_customer(tx, self.sealer, reader, list(files)))
            return list(await attachments.addresses_for_staff(tx, self.sealer, reader, list(files)))

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@pytest.fixture
async def cabinet(database: Database, stage: Scene, tmp_path: Path):
    async with database.transaction() as tx:
        talk = await stage.served(tx)
    made = Cabinet(database, tmp_path / "files", stage, talk)
    yield made
    made.pictures.close()


async def test_a_picture_is_written_anew_with_a_preview(cabinet: Cabinet) -> None:
    stored = await cabinet.put("截图.jpeg", picture())
    assert (stored.name, stored.media_type, stored.picture, stored.width, stored.height) == (
        "截图.png", "image/png", True, 900, 600,
    )  # fmt: skip
    assert len(cabinet.files()) == 2


async def test_another_file_is_kept_byte_for_byte(cabinet: Cabinet) -> None:
    stored = await cabinet.put("发票.pdf", b"%PDF-1.4\n%%EOF")
    assert (stored.name, stored.media_type, stored.picture, stored.size) == ("发票.pdf", "application/pdf", False, 14)
    assert [path.read_bytes() for path in cabinet.files()] == [b"%PDF-1.4\n%%EOF"]


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        ("a.png", b"<html><script>1</script>", FileDisguised),
        ("a.png", b"<svg onload='alert(1)'/>", FileDisguised),
        ("a.png", b"MZ\x90\x00\x03" + bytes(300), FileDisguised),
        ("a.html", b"<html>", FileRefused),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(100), PictureUnreadable),
        ("a.txt", b"x" * 1001, TooLarge),
    ],
)
async def test_what_is_refused_leaves_no_trace(cabinet: Cabinet, name, data, refusal) -> None:
    cabinet.storage.limit = 1000
    with pytest.raises(refusal):
        await cabinet.put(name, data)
    assert cabinet.files() == []
    async with cabinet.db.transaction() as tx:
        assert await tx.value("select count(*) from attachment") == 0


async def test_only_its_uploader_sends_it_and_only_into_its_conversation(cabinet: Cabinet) -> None:
    stored = await cabinet.put("a.txt", b"hello")
    agent, stage = cabinet.stage.agent, cabinet.stage
    async with cabinet.db.transaction() as tx:
        other = await stage.conversation(tx)
        for talk, side, uploader in (
            (other.id, "customer", stage.customer.id),
            (cabinet.talk.id, "agent", agent.id),
            (cabinet.talk.id, "customer", stage.customer.id + 1),
        ):
            with pytest.raises(NotFound):
                await attachments.for_posting(tx, stored.id, talk, side, uploader)
        sent = await attachments.for_posting(tx, stored.id, cabinet.talk.id, "customer", stage.customer.id)
    assert sent == {
        "id": stored.id, "name": "a.txt", "media_type": "text/plain", "size": 5, "picture": False, "animated": False,
    }  # fmt: skip


async def test_who_gets_an_address(cabinet: Cabinet) -> None:
    stage = cabinet.stage
    async with cabinet.db.transaction() as tx:
        stranger = await scene.a_visitor(tx, stage.site)
        outsider = await scene.an_agent(tx, "aqiang", "阿强")
        supervisor = await scene.an_agent(tx, "chen", "陈主管", role="supervisor")
    mine = (await cabinet.put("mine.txt", b"from the customer")).id
    theirs = (await cabinet.put("theirs.txt", b"from the agent", by=stage.agent)).id
    note = (await cabinet.put("note.txt", b"for colleagues", by=stage.agent)).id
    everything = (mine, theirs, note)
    assert await cabinet.seen_by(stage.customer, *everything) == [mine]
    assert sorted(await cabinet.seen_by(stage.agent, *everything)) == sorted([theirs, note])
    await cabinet.send(mine)
    await cabinet.send(theirs, by=stage.agent)
    await cabinet.send(note, by=stage.agent, audience="staff")
    assert sorted(await cabinet.seen_by(stage.customer, *everything)) == sorted([mine, theirs])
    for staff in (stage.agent, supervisor):
        assert sorted(await cabinet.seen_by(staff, *everything)) == sorted(everything)
    assert await cabinet.seen_by(stranger, *everything) == []
    assert await cabinet.seen_by(outsider, *everything) == []


async def test_what_is_not_sent_within_a_day_is_forgotten(cabinet: Cabinet, clock) -> None:
    sent, unsent = await cabinet.put("a.txt", b"sent"), await cabinet.put("a.png", picture())
    await cabinet.send(sent.id)
    assert await attachments.sweep(cabinet.db, cabinet.storage) == 0
    await clock.advance(timedelta(days=1, minutes=1))
    assert await attachments.sweep(cabinet.db, cabinet.storage) == 1
    assert [path.read_bytes() for path in cabinet.files()] == [b"sent"]
    with pytest.raises(NotFound):
        await cabinet.send(unsent.id)


# ── over HTTP, with the address alone ───────────────────────────────────────


@pytest.fixture
async def shown(browser, settings, stage: Scene, database: Database):
    """A picture and a document that the customer sent; and browsers to fetch them with."""
    async with database.transaction() as tx:
        talk = await stage.served(tx)
        await customers.begin(tx, stage.customer, stage.site.id)
    made = Cabinet(database, settings.files, stage, talk)
    made.sealer = Sealer(settings.secret)
    try:
        shot, bill = await made.put("截图.png", picture()), await made.put("发票 1.pdf", b"%PDF-1.4\n%%EOF")
    finally:
        made.pictures.close()
    await made.send(shot.id)
    await made.send(bill.id)
    return made, shot.id, bill.id


async def addresses(made: Cabinet, reader: Customer | Agent, *files: str):
    async with made.db.transaction() as tx:
        if isinstance(reader, Customer):
            return await attachments.addresses_for_customer(tx, made.sealer, reader, list(files))
        return await attachments.addresses_for_staff(tx, made.sealer, reader, list(files))


async def fetch(page, address: str):
    return await page.client.get(address)


async def test_a_picture_is_shown_in_place_and_anything_else_downloaded(browser, shown) -> None:
    made, shot, bill = shown
    found, page = await addresses(made, made.stage.customer, shot, bill), browser()
    whole, preview = await fetch(page, found[shot].url), await fetch(page, found[shot].preview_url)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(whole.content)).size == (900, 600)
    assert Image.open(io.BytesIO(preview.content)).size == (480, 320)
    document = await fetch(page, found[bill].url)
    assert document.content == b"%PDF-1.4\n%%EOF"
    assert whole.headers["content-disposition"].startswith("inline;")
    assert document.headers["content-disposition"] == (
        "attachment; filename=\"__ 1.pdf\"; filename*=UTF-8''%E5%8F%91%E7%A5%A8%201.pdf"
    )
    for answer in (whole, preview, document):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_an_address_is_good_for_ten_minutes(browser, shown, clock) -> None:
    made, shot, _ = shown
    address = (await addresses(made, made.stage.customer, shot))[shot]
    await clock.advance(timedelta(minutes=4))
    assert (await fetch(browser(), address.url)).status_code == 200
    await clock.advance(timedelta(minutes=7))
    expired = await fetch(browser(), address.url)
    assert (expired.status_code, expired.json()["code"]) == (403, "file_address_expired")


@pytest.mark.parametrize("change", [("v=whole", "v=preview"), ("e=1", "e=2"), ("r=c.", "r=a."), ("s=", "s=A")])
async def test_an_address_that_was_altered_leads_nowhere(browser, shown, change) -> None:
    made, shot, _ = shown
    address = (await addresses(made, made.stage.customer, shot))[shot].url
    altered = address.replace(*change)
    assert altered != address
    assert (await fetch(browser(), altered)).status_code in (404, 422)


async def test_an_address_of_one_file_does_not_open_another(browser, shown) -> None:
    made, shot, bill = shown
    address = (await addresses(made, made.stage.customer, shot))[shot].url
    assert (await fetch(browser(), address.replace(shot, bill))).status_code == 404


async def test_who_may_no_longer_see_a_file_finds_its_address_empty(browser, shown) -> None:
    made, shot, _ = shown
    address = (await addresses(made, made.stage.customer, shot))[shot].url
    async with made.db.transaction() as tx:
        await tx.run("delete from customer_session")
    assert (await fetch(browser(), address)).status_code == 404


async def test_an_address_of_staff_works_only_where_that_agent_is_signed_in(browser, shown) -> None:
    made, shot, _ = shown
    async with made.db.transaction() as tx:
        await scene.an_agent(tx, "chen", "陈主管", role="supervisor")
    address = (await addresses(made, made.stage.agent, shot))[shot].url
    own, other = browser(), browser()
    await own.sign_in("xiaomei", scene.PASSWORD)
    await other.sign_in("chen", scene.PASSWORD)
    assert (await fetch(own, address)).status_code == 200
    assert (await fetch(other, address)).status_code == 404
    assert (await fetch(browser(), address)).status_code == 401


A_TAB = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN,zh;q=0.9", ("打不开这个文件", "再点一次这个文件。", "文件链接已过期，请回到会话中重新打开。")),
        ("en-GB,en;q=0.9", ("This file cannot be opened", "open the file again.", "has expired")),
    ],
)
async def test_a_tab_with_an_address_that_leads_nowhere_says_so_in_its_readers_language(
    browser, shown, clock, language, words
) -> None:
    made, shot, bill = shown
    address = (await addresses(made, made.stage.customer, shot))[shot].url
    tab = {"accept": A_TAB, "accept-language": language}
    title, missing, expired = words

    async def opened(url: str) -> tuple[int, str]:
        answer = await browser().client.get(url, headers=tab)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert f"<h1>{title}</h1>" in answer.text
        return answer.status_code, answer.text

    foreign = await opened(address.replace(shot, bill))
    cut_off = await opened(address[:-5])
    await clock.advance(timedelta(minutes=11))
    late = await opened(address)
    assert [status for status, _ in (foreign, cut_off, late)] == [404, 422, 403]
    assert missing in foreign[1]
    assert missing in cut_off[1]
    assert expired in late[1]
    picture_in_a_page = await browser().client.get(address, headers={**tab, "accept": "image/avif,image/*,*/*;q=0.8"})
    assert picture_in_a_page.json()["code"] == "file_address_expired"


async def test_a_file_whose_bytes_are_gone_is_not_found(browser, shown) -> None:
    made, shot, _ = shown
    address = (await addresses(made, made.stage.customer, shot))[shot].url
    for path in made.files():
        path.unlink()
    assert (await fetch(browser(), address)).status_code == 404


async def test_a_flood_of_uploads_is_told_when_to_go_on(browser, stage: Scene) -> None:
    page = browser(host="shop.example")
    began = await page.post("/customer/sessions", {"site": stage.site.public_id})
    bearer = {"authorization": "Bearer " + began.json()["session"]}
    opened = await page.post("/customer/conversations", {"opening_key": "k" * 20, "text": "看"}, headers=bearer)
    agent = browser()
    await agent.sign_in("xiaomei", scene.PASSWORD)
    talk = opened.json()["id"]
    await agent.post(f"/desk/conversations/{talk}/take")
    english = "Too many attempts. Please try again in {} s."
    for who, side, headers, sentence in (
        (page, "customer", {**bearer, "accept-language": "zh-CN"}, "操作太频繁，请 {} 秒后再试。"),
        (agent, "desk", {"accept-language": "en"}, english),
    ):
        path = f"/{side}/conversations/{talk}/files"
        for number in range(100):
            answer = await who.ask(
                "POST", path, headers=headers, files={"file": (f"{number}.txt", b"see", "text/plain")}
            )
            if answer.status_code != 201:
                break
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
        seconds = answer.json()["facts"]["retry_after"]
        assert 1 <= seconds <= 2
        assert answer.headers["retry-after"] == str(seconds)
        assert answer.json()["message"] == sentence.format(seconds)


async def test_a_file_is_uploaded_sent_and_fetched_by_the_customer_over_http(browser, stage: Scene) -> None:
    page = browser(host="shop.example")
    began = await page.post("/customer/sessions", {"site": stage.site.public_id})
    bearer = {"authorization": "Bearer " + began.json()["session"]}
    opened = await page.post(
        "/customer/conversations", {"opening_key": "k" * 20, "entrance": "person", "text": "看图"}, headers=bearer
    )
    talk = opened.json()["id"]
    stored = await page.ask(
        "POST",
        f"/customer/conversations/{talk}/files",
        headers=bearer,
        files={"file": ("图.png", picture(), "image/png")},
    )
    assert (stored.status_code, stored.json()["picture"]) == (201, True), stored.text
    found = await page.post("/customer/files/addresses", {"files": [stored.json()["id"]]}, headers=bearer)
    url = found.json()["addresses"][stored.json()["id"]]["preview_url"]
    assert (await fetch(page, url)).headers["content-type"] == "image/jpeg"
    bad = await page.ask(
        "POST",
        f"/customer/conversations/{talk}/files",
        headers=bearer,
        files={"file": ("图.png", b"<html>", "image/png")},
    )
    assert (bad.status_code, bad.json()["message"]) == (415, "“图.png”的内容与文件类型不符，没有上传。")
    large = await page.ask(
        "POST", f"/customer/conversations/{talk}/files", headers=bearer,
        files={"file": ("a.txt", b"x" * (11 * 1024 * 1024), "text/plain")},
    )  # fmt: skip
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
