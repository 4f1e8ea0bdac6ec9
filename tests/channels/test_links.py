"""A link or a scan opens the customer's page and does nothing else; a minted code is in no address that a log holds."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import msgspec

from mashang.codes import minted, topics
from mashang.codes.topics import TopicDraft
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests import scene
from tests.channels.conftest import Desk, Served, running
from tests.channels.connected import NUMBER, OTHERS, ConnectedShop, client, rogue, shop
from tests.channels.test_proofs import beside, by_code
from tests.scanning import scanned

__all__ = ["client", "rogue", "shop"]
CODE = minted.written(minted.draw(), "CZ")


async def an_operator(served: Served) -> Desk:
    async with served.database.transaction() as tx:
        await scene.an_agent(tx, "wang", "王店长", role="operator")
    return await served.agent("wang")


LINKS = (
    "CZ",
    "cz?q",
    "ZZ",
    "%E5%85%85%E5%80%BC",
    "x" * 3000,
    "%00%FF",
    "a/b/c",
    "..%2f..%2fetc",
    "",
    "CZ?site=no",
    "%3Cb",
)


async def test_every_link_opens_the_customers_page_whatever_stands_in_it(served: Served) -> None:
    http = served.client()
    page = (await http.get("/")).content
    for path in LINKS:
        answer = await http.get(f"/c/{path}")
        assert (answer.status_code, answer.content) == (200, page), path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-cache"


async def test_opening_links_and_drawing_codes_begins_nothing(served: Served) -> None:
    http = served.client()
    for path in ("/c/CZ?q", "/c", "/qr/CZ.svg", f"/c/{CODE}"):
        await http.get(path)
    async with served.database.transaction() as tx:
        rows = [await tx.value(f"select count(*) from {table}") for table in ("conversation", "customer", "code_claim")]
    assert rows == [0, 1, 0]  # the scene's visitor


async def test_a_minted_code_in_the_path_is_put_behind_the_hash_and_remembered_by_nobody(served: Served) -> None:
    for written in (CODE, CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " ")):
        answer = await served.client().get(f"/c/{quote(written)}?q&site=abc&junk=1")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/c?q&site=abc#{CODE}"), written
        assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")


async def test_what_is_carried_along_cannot_lead_to_another_host_or_into_the_headers(served: Served) -> None:
    evil = quote("//evil.example\r\nSet-Cookie: a=b")
    answer = await served.client().get(f"/c/{CODE}?site={evil}")
    assert re.fullmatch(rf"/c\?site=[A-Za-z0-9%.+-]+#{CODE}", answer.headers["location"])
    assert "a=b" not in answer.headers.get("set-cookie", "")


async def test_a_topics_picture_is_there_for_any_page_and_leads_to_its_link(served: Served) -> None:
    answer = await served.client().get("/qr/cz.svg", headers={"origin": "https://shop.example"})
    assert answer.headers["content-type"] == "image/svg+xml"
    assert scanned(answer.text) == f"{served.url}/c/CZ?q"
    assert ">CZ</text>" in answer.text
    assert ">充值问题</text>" in answer.text
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_no_address_draws_a_minted_code_or_what_is_no_topic(served: Served) -> None:
    http = served.client()
    async with served.database.transaction() as tx:
        former = TopicDraft(code="OLD", name="旧", department=served.stage.department.public_id)
        await topics.archive(tx, None, (await topics.create(tx, None, former, {})).public_id)
    for name in (
        f"{CODE}.svg",
        f"{CODE.removeprefix('CZ-')}.svg",
        "OLD.svg",
        "ZZ.svg",
        "CZ",
        "CZ.png",
        "%00.svg",
        "x" * 900,
    ):
        assert (await http.get(f"/qr/{name}")).status_code == 404, name
    assert (await http.get("/qr/CZ.svg?site=none")).status_code == 404


async def test_names_in_a_picture_are_text_and_no_markup(served: Served) -> None:
    async with served.database.transaction() as tx:
        draft = TopicDraft(code="XX", name="<script>1</script>", department=served.stage.department.public_id)
        await topics.create(tx, None, draft, {})
    drawn = (await served.client().get("/qr/XX.svg")).text
    assert "<script" not in drawn
    assert "&lt;script&gt;" in drawn


async def test_the_desk_draws_every_topic_for_the_configured_address(
    database: Database, settings: Settings, served: Served
) -> None:
    await an_operator(served)
    async with running(msgspec.structs.replace(settings, public_url="http://cs.example.com/")) as url:
        configured = Served(url, database, settings, served.stage)
        async with configured.clients:
            desk = await configured.agent("wang")
            sheet = (await desk.http.get("/admin/code-links/topics")).json()
    assert sheet["place"] == {"origin": "http://cs.example.com", "reach": "everywhere", "title": "小店", "site": ""}
    assert [(one["code"], one["url"]) for one in sheet["links"]] == [
        ("CZ", "http://cs.example.com/c/CZ"),
        ("SH", "http://cs.example.com/c/SH"),
    ]
    assert scanned(sheet["links"][0]["picture"]) == "http://cs.example.com/c/CZ?q"


async def test_an_address_that_only_this_machine_reaches_is_said_so(served: Served) -> None:
    desk = await an_operator(served)
    assert (await desk.http.get("/admin/code-links/topics")).json()["place"]["reach"] == "loopback"
    there = {"host": "cs.example.com"}
    assert (await desk.http.get("/admin/code-links/topics", headers=there)).json()["place"]["reach"] == "unset"


async def test_links_of_another_site_carry_it_along(served: Served) -> None:
    desk = await an_operator(served)
    async with served.database.transaction() as tx:
        other = await scene.sites.create(tx, name="二店", origins=[], shop_id=None, looks=scene.Looks(title="二店客服"))
    sheet = (await desk.http.get("/admin/code-links/topics", params={"site": other.public_id})).json()
    assert sheet["place"]["title"] == "二店客服"
    assert scanned(sheet["links"][0]["picture"]) == f"{served.url}/c/CZ?q&site={other.public_id}"
    assert (await desk.http.get("/admin/code-links/topics", params={"site": "none"})).status_code == 404


async def test_a_topic_whose_time_is_over_is_printed_no_more(served: Served) -> None:
    desk = await an_operator(served)
    async with served.database.transaction() as tx:
        past = datetime.now(UTC) - timedelta(days=1)
        draft = TopicDraft(code="OVER", name="旧", department=served.stage.department.public_id, expires_at=past)
        await topics.create(tx, None, draft, {})
    sheet = (await desk.http.get("/admin/code-links/topics")).json()
    assert "OVER" not in [one["code"] for one in sheet["links"]]


async def test_a_campaigns_codes_are_drawn_for_the_operator_by_id_and_only_good_ones(served: Served) -> None:
    desk = await an_operator(served)
    wish = {"campaign": "双十一", "topic": "CZ", "count": 3}
    made = (await desk.http.post("/admin/campaign-codes", json=wish)).json()
    await desk.http.post("/admin/campaign-codes", json=wish | {"campaign": "别的"})
    await desk.http.delete(f"/admin/campaign-codes/{made[2]['id']}")
    sheet = (await desk.http.get("/admin/code-links/campaigns", params={"code": made[1]["id"]})).json()
    assert [one["code"] for one in sheet["links"]] == [made[1]["code"], made[0]["code"]]
    assert scanned(sheet["links"][0]["picture"]) == f"{served.url}/c?q#{made[1]['code']}"
    assert sheet["links"][0]["name"] == "充值问题"
    agent = await served.agent()
    assert (await agent.http.get("/admin/code-links/campaigns", params={"code": made[1]["id"]})).status_code == 403
    assert (await agent.http.get("/admin/code-links/topics")).status_code == 403


async def test_the_desk_draws_the_code_of_a_conversations_proved_order_and_no_other(shop: ConnectedShop) -> None:
    visitor, desk = await shop.served.visitor(), await shop.served.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    await by_code(shop, visitor)
    place = f"/desk/conversations/{opened['id']}"
    await beside(desk, opened["id"])
    (held,) = (await desk.http.post(f"{place}/codes")).json()["order_codes"]
    code = held["code"]
    sheet = (await desk.http.get(f"{place}/codes/{held['id']}/link")).json()
    assert scanned(sheet["links"][0]["picture"]) == f"{shop.served.url}/c?q#{code}"
    assert sheet["links"][0]["url"] == f"{shop.served.url}/c#{code}"
    assert (await desk.http.get(f"{place}/codes/none/link")).status_code == 404
    operator = await an_operator(shop.served)
    assert (await operator.http.get("/admin/code-links/campaigns", params={"code": held["id"]})).status_code == 404


async def test_a_customer_gets_the_links_of_their_own_order_and_of_nobody_elses(shop: ConnectedShop) -> None:
    code = await shop.code()
    await shop.code(scene="c", subject="c-2", order_number=OTHERS)
    owner, stranger = await shop.signed_in(), await shop.served.visitor()
    (own,) = (await owner.http.get(f"/orders/{NUMBER}/links")).json()
    assert (own["code"], scanned(own["picture"])) == (code, f"{shop.served.url}/c?q#{code}")
    assert (await owner.http.get(f"/orders/{OTHERS}/links")).status_code == 404
    assert (await stranger.http.get(f"/orders/{NUMBER}/links")).status_code == 404


async def test_going_on_elsewhere_may_carry_the_code_along_behind_the_hash(served: Served) -> None:
    page = await served.visitor()
    link = (await page.http.post("/continuations", json={"code": CODE})).json()
    assert link["url"].endswith(f"&code={CODE}")
    assert CODE not in link["url"].partition("#")[0]
    assert scanned(link["picture"]) == link["url"]
    refused = await page.http.post("/continuations", json={"code": "CZ&c=other"})
    assert refused.status_code in (400, 422)


async def test_paper_whose_code_was_revoked_or_whose_campaign_ended_still_leads_to_its_people(
    shop: ConnectedShop,
) -> None:
    operator = await an_operator(shop.served)
    made = (await operator.http.post("/admin/campaign-codes", json={"campaign": "双十一", "topic": "CZ"})).json()
    ended = made[0]
    await operator.http.delete(f"/admin/campaign-codes/{ended['id']}")
    drawn = {"code": ended["id"]}
    assert (await operator.http.get("/admin/code-links/campaigns", params=drawn)).json()["links"] == []
    stranger, member = await shop.served.visitor(), await shop.signed_in()
    noted = (await stranger.http.post("/codes", json={"text": ended["code"]})).json()
    assert noted == (await stranger.http.post("/codes", json={"text": CODE})).json()  # as for one that never was
    assert (noted["standing"], noted["topic"]["code"]) == ("noted", "CZ")
    assert (await member.http.post("/codes", json={"text": ended["code"]})).json()["standing"] == "not_yours"
    opened = await stranger.open(code="CZ", text=ended["code"], medium="qr")
    assert (opened["topic"]["code"], opened["status"]) == ("CZ", "waiting")


async def test_a_code_shared_in_public_tells_everybody_but_its_owner_the_same(shop: ConnectedShop) -> None:
    code = await shop.code()
    owner, stranger = await shop.signed_in(), await shop.served.visitor()
    (link,) = (await owner.http.get(f"/orders/{NUMBER}/links")).json()
    assert link["url"].endswith(f"#{code}")
    told = (await stranger.http.post("/codes", json={"text": link["url"]})).json()
    assert told == (await stranger.http.post("/codes", json={"text": CODE})).json()
    assert (await owner.http.post("/codes", json={"text": link["url"]})).json()["own"]["order_number"] == NUMBER


async def test_the_shops_server_gets_link_and_picture_with_the_code_and_no_address_holds_it(
    shop: ConnectedShop,
) -> None:
    wish = {"subject": "c-1", "order_number": NUMBER, "topic": "CZ"}
    plain = (await shop.asks("/api/v1/shop-codes", json.dumps(wish).encode())).json()
    assert (plain["url"], plain["picture"]) == (f"{shop.served.url}/c#{plain['code']}", None)
    drawn = (await shop.asks("/api/v1/shop-codes", json.dumps(wish | {"picture": True}).encode())).json()
    assert scanned(drawn["picture"]) == f"{shop.served.url}/c?q#{plain['code']}"
