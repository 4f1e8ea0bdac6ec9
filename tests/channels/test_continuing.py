"""A transcript and a link to go on elsewhere, over HTTP."""

from __future__ import annotations

import logging
from urllib.parse import unquote

from mashang.kit import ids

from .conftest import Page, Served


async def test_one_goes_on_elsewhere_in_the_same_conversation_and_the_first_page_is_told(
    served: Served, caplog, capsys
) -> None:
    caplog.set_level(logging.DEBUG)
    page = await served.visitor()
    opened = await page.open(code="CZ")
    link = (await page.http.post("/continuations", json={"conversation": opened["id"]})).json()
    address, _, fragment = link["url"].partition("#continue=")
    secret, _, conversation = fragment.partition("&c=")
    assert secret not in address
    assert link["picture"].startswith("data:image/svg+xml")
    assert conversation == opened["id"]
    stranger = served.client("/api/v1/customer")
    seen = (await stranger.post("/continuations/look", json={"secret": secret})).json()
    assert seen["customer"] == page.session["customer"]
    followed = {"secret": secret, "conversation": conversation}
    async with page.live(opened["id"]) as socket:
        await socket.frame("caught_up")
        taken = await stranger.post("/continuations/take", json=followed)
        told = await socket.frame("entry")
    assert told["entry"]["event"]["name"] == "continued"
    other = Page(served, taken.json())
    assert taken.json()["conversations"][0]["id"] == opened["id"]
    again = await stranger.post("/continuations/take", json=followed)
    assert (again.status_code, again.json()["code"]) == (410, "link_used")
    (there,) = (await page.http.get("/continuations")).json()
    assert (await other.http.get("/conversations")).status_code == 200
    assert (await page.http.delete(f"/continuations/{there['id']}")).status_code == 204
    assert (await other.http.get("/conversations")).status_code == 401
    said = capsys.readouterr()
    assert secret not in caplog.text + said.out + said.err


async def test_a_link_leads_into_no_conversation_of_somebody_else_and_is_not_used_up_by_trying(served: Served) -> None:
    theirs = await (await served.visitor()).open(code="CZ")
    page = await served.visitor()
    link = (await page.http.post("/continuations", json={})).json()
    secret = link["url"].partition("#continue=")[2]
    stranger = served.client("/api/v1/customer")
    refused = await stranger.post("/continuations/take", json={"secret": secret, "conversation": theirs["id"]})
    assert refused.status_code == 404
    foreign = await stranger.post(
        "/continuations/take", json={"secret": secret}, headers={"origin": "https://evil.example"}
    )
    assert (foreign.status_code, foreign.json()["code"]) == (403, "origin_not_registered")
    assert (await stranger.post("/continuations/take", json={"secret": secret})).status_code == 201


async def test_links_are_limited(served: Served) -> None:
    page = await served.visitor()
    answers = [(await page.http.post("/continuations", json={})).status_code for _ in range(7)]
    assert answers == [201] * 6 + [429]


async def test_a_transcript_is_a_plain_text_with_a_name_for_whose_conversation_it_is(served: Served) -> None:
    page, stranger = await served.visitor(), await served.visitor()
    opened = await page.open(code="CZ", text="没到账")
    await page.http.post(f"/conversations/{opened['id']}/entries", json={"client_id": ids.public_id(), "text": "在吗"})
    answer = await page.http.get(f"/conversations/{opened['id']}/transcript?offset=0")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert unquote(answer.headers["content-disposition"]).startswith("attachment; filename*=UTF-8''咨询记录-2")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    assert "我：没到账\n" in answer.text
    assert answer.text.endswith("我：在吗\n")
    assert "\r" not in answer.text
    hidden = await stranger.http.get(f"/conversations/{opened['id']}/transcript")
    missing = await page.http.get(f"/conversations/{ids.public_id()}/transcript")
    assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json())
    wrong = await page.http.get(f"/conversations/{opened['id']}/transcript?offset=900")
    assert wrong.status_code == 422
