"""Canned replies: whose they are, what is filled in, and that their pictures become files of one conversation."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from mashang.conversations import canned_pictures
from mashang.kit.storage import Storage

HI = {"shortcut": "Hi", "title": "到账问候", "text": "{{customer|亲}}您好，我是{{agent}}，订单 {{order}}"}


def picture():
    out = io.BytesIO()
    Image.effect_noise((900, 600), 60).convert("RGB").save(out, "PNG")
    return {"file": ("步骤.png", out.getvalue(), "image/png")}


async def of(page):
    """The shortcuts that this person can insert."""
    return [one["shortcut"] for one in (await page.get("/desk/replies")).json()]


async def test_everybody_inserts_what_is_shared_a_department_its_own_and_each_person_theirs(committed, desk):
    chen, xiaomei, aqiang = await desk("chen"), await desk("xiaomei"), await desk("aqiang")
    recharge = committed.floor.recharge.public_id
    assert (await chen.post("/admin/replies", HI)).status_code == 201
    assert (await chen.post("/admin/replies", {**HI, "shortcut": "cz", "department": recharge})).status_code == 201
    own = (await xiaomei.post("/desk/replies", {**HI, "shortcut": "我的"})).json()
    assert (own["scope"], own["initials"]) == ("own", "dzwh")
    assert await of(xiaomei) == ["我的", "cz", "hi"]
    assert await of(aqiang) == ["hi"]
    assert await of(chen) == ["cz", "hi"]
    assert (await aqiang.put(f"/desk/replies/{own['id']}", HI)).status_code == 404
    assert (await aqiang.delete(f"/desk/replies/{own['id']}")).status_code == 404
    assert (await chen.put(f"/admin/replies/{own['id']}", HI)).status_code == 404
    assert (await xiaomei.delete(f"/desk/replies/{own['id']}")).status_code == 204
    assert await of(xiaomei) == ["cz", "hi"]


async def test_an_agent_changes_nothing_that_is_shared(committed, desk):
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    made = (await chen.post("/admin/replies", HI)).json()["id"]
    for method, path in (("GET", ""), ("POST", ""), ("PUT", f"/{made}"), ("DELETE", f"/{made}")):
        answer = await xiaomei.ask(method, f"/admin/replies{path}", HI if method in ("POST", "PUT") else None)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), method
    assert (await xiaomei.put(f"/desk/replies/{made}", HI)).status_code == 404


async def test_two_of_one_owner_never_share_a_shortcut_and_archiving_frees_it(committed, desk):
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    made = (await chen.post("/admin/replies", HI)).json()["id"]
    again = await chen.post("/admin/replies", {**HI, "shortcut": "HI", "title": "别的"})
    assert (again.status_code, again.json()["code"]) == (409, "shortcut_taken")
    assert again.json()["message"] == "快捷词“hi”已用于“到账问候”。"
    assert (await xiaomei.post("/desk/replies", HI)).status_code == 201, "one's own is another scope"
    other = (await chen.post("/admin/replies", {**HI, "shortcut": "b"})).json()["id"]
    assert (await chen.put(f"/admin/replies/{other}", HI)).status_code == 409
    assert (await chen.put(f"/admin/replies/{made}", {**HI, "title": "改过"})).status_code == 200
    assert (await chen.delete(f"/admin/replies/{made}")).status_code == 204
    assert (await chen.put(f"/admin/replies/{other}", HI)).status_code == 200


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "{{ordre}}"}, "text"),
        ({"text_en": "{{x}}"}, "text_en"),
        ({"department": "nowhere"}, "department"),
        ({"pictures": ["nowhere"]}, "pictures"),
        ({"shortcut": "a b"}, "shortcut"),
        ({"shortcut": "/a"}, "shortcut"),
        ({"title": "  "}, "title"),
    ],
)
async def test_a_reply_that_could_not_be_used_is_refused(committed, desk, draft, field):
    chen = await desk("chen")
    answer = await chen.post("/admin/replies", {**HI, **draft})
    assert answer.status_code == 422
    assert field in answer.text
    assert (await chen.get("/admin/replies")).json() == []


async def test_a_reply_is_filled_in_with_what_its_conversation_knows(committed, desk):
    page = await desk("xiaomei")
    reply = (await page.post("/desk/replies", {**HI, "text_en": "Hello {{customer|there}} from {{site}}"})).json()["id"]
    floor = committed.floor
    named = await committed.conversation(floor.recharge, agent=floor.xiaomei, customer="阿珍")
    unnamed = await committed.conversation(floor.recharge, agent=floor.xiaomei)
    hidden = await committed.conversation(floor.after_sale)
    inserted = (await page.post(f"/desk/conversations/{named}/replies/{reply}")).json()
    assert inserted == {"text": "阿珍您好，我是小美，订单 {{order}}", "missing": ["order"], "files": []}
    inserted = (await page.post(f"/desk/conversations/{unnamed}/replies/{reply}")).json()
    assert inserted["text"].startswith("亲您好")
    assert (await page.post(f"/desk/conversations/{hidden}/replies/{reply}")).status_code == 404
    assert (await page.post(f"/desk/conversations/{named}/replies/nothing")).status_code == 404


async def test_a_conversation_in_english_gets_the_english_words(committed, desk, database):
    page = await desk("xiaomei")
    floor = committed.floor
    reply = (await page.post("/desk/replies", {**HI, "text_en": "Hello {{customer|there}}, {{department}}"})).json()[
        "id"
    ]
    asked = await committed.conversation(floor.recharge, agent=floor.xiaomei)
    async with database.transaction() as tx:
        await tx.run("update conversation set locale = 'en'")
    inserted = (await page.post(f"/desk/conversations/{asked}/replies/{reply}")).json()
    assert inserted["text"] == "Hello there, Recharge"


async def test_a_picture_is_copied_into_each_conversation_under_an_address_of_its_own(
    committed, desk, database, settings, clock
):
    page, colleague = await desk("xiaomei"), await desk("aqiang")
    floor = committed.floor
    kept = (await page.post("/desk/replies/pictures", files=picture())).json()
    address = f"/desk/replies/pictures/{kept['id']}"
    assert (await page.get(address)).headers["content-type"] == "image/jpeg"
    assert (await colleague.get(address)).status_code == 404
    reply = (await page.post("/desk/replies", {**HI, "text": "", "pictures": [kept["id"]]})).json()
    assert [one["name"] for one in reply["pictures"]] == [kept["name"]]

    conversations = [await committed.conversation(floor.recharge, agent=floor.xiaomei) for _ in range(2)]
    copies = []
    for one in conversations:
        inserted = (await page.post(f"/desk/conversations/{one}/replies/{reply['id']}")).json()
        (file,) = inserted["files"]
        copies.append(file["id"])
        sent = {"client_id": f"client-{one}", "file": file["id"]}
        assert (await page.post(f"/desk/conversations/{one}/entries", sent)).status_code == 201
    assert len({*copies, kept["id"]}) == 3
    wrong = {"client_id": "client-wrong", "file": copies[1]}
    assert (await page.post(f"/desk/conversations/{conversations[0]}/entries", wrong)).status_code == 404

    await page.put(f"/desk/replies/{reply['id']}", {**HI, "pictures": []})
    await clock.advance(timedelta(days=2))
    storage = Storage(settings.files, settings.upload_limit)
    assert await canned_pictures.sweep(database, storage) == 1
    page = await desk("xiaomei")
    assert (await page.get(address)).status_code == 404
    addresses = (await page.post("/desk/files/addresses", {"files": copies})).json()["addresses"]
    for one in copies:
        whole = await page.client.get(addresses[one]["url"])
        assert whole.status_code == 200
        assert whole.headers["content-type"].startswith("image/")


async def test_only_a_picture_is_kept_for_a_reply(committed, desk):
    page = await desk("xiaomei")
    answer = await page.post("/desk/replies/pictures", files={"file": ("a.txt", b"words", "text/plain")})
    assert (answer.status_code, answer.json()["code"]) == (415, "file_type_refused")


async def test_somebody_elses_upload_cannot_be_taken_into_a_reply(committed, desk):
    kept = (await (await desk("aqiang")).post("/desk/replies/pictures", files=picture())).json()["id"]
    answer = await (await desk("xiaomei")).post("/desk/replies", {**HI, "pictures": [kept]})
    assert answer.json()["facts"] == {"field": "pictures", "reason": "unknown"}


async def test_every_change_leaves_a_line_in_the_audit(committed, desk):
    chen = await desk("chen")
    made = (await chen.post("/admin/replies", HI)).json()["id"]
    await chen.put(f"/admin/replies/{made}", {**HI, "title": "改过"})
    await chen.delete(f"/admin/replies/{made}")
    lines = [one for one in (await chen.get("/admin/audit")).json()["lines"] if one["action"].startswith("reply.")]
    assert [one["action"] for one in lines] == ["reply.archived", "reply.edited", "reply.created"]
    assert lines[1]["before"] == {"title": "到账问候"}
    assert lines[1]["after"] == {"title": "改过"}
