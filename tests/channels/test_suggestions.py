"""Codes suggested on the first page: from what is stored, with their reason, for no other eyes, and only on wish."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.kit import clock as product_clock
from tests.channels.conftest import Page, Served
from tests.channels.connected import NUMBER, ConnectedShop, an_order
from tests.conftest import Queries
from tests.selling import RogueShop, client, rogue

__all__ = ["client", "rogue"]

PRODUCT = "https://shop.example/p/yunpan"


@pytest.fixture
async def connected(served: Served, rogue: RogueShop) -> ConnectedShop:
    shop = ConnectedShop(served, rogue)
    await shop.open()
    async with served.database.transaction() as tx:
        draft = TopicDraft(
            code="DD",
            name="订单咨询",
            name_en="Orders",
            department=served.stage.department.public_id,
            takes_reference=True,
            context=["account", "orders"],
            position=5,
        )
        await topics.create(tx, None, draft, ["account", "orders"])
    return shop


async def told(who: Page, **more: Any) -> dict[str, Any]:
    """What the page hears when it begins again, with the session it holds."""
    body = {"site": who.served.stage.site.public_id, "session": who.session["session"], **more}
    answer = await who.http.post("/sessions", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["suggested"])


async def consulted(who: Page, code: str, times: int, **fields: Any) -> None:
    for _ in range(times):
        opened = await who.open(code=code, **fields)
        await who.http.post(f"/conversations/{opened['id']}/close")


async def test_who_is_new_gets_no_suggestion(served: Served) -> None:
    page = await served.visitor()
    assert page.session["suggested"] == {"topics": [], "unwanted": False}


async def test_who_asked_about_it_twice_finds_it_first_with_the_reason_in_her_language(served: Served) -> None:
    page = await served.visitor()
    await consulted(page, "SH", 2)
    [first] = (await told(page))["topics"]
    assert (first["code"], first["reason"]) == ("SH", "因您多次咨询售后维权")
    page.http.headers["accept-language"] = "en"
    assert (await told(page))["topics"][0]["reason"] == "Because you asked about 售后维权 several times"


async def test_another_visitor_hears_nothing_of_it(served: Served) -> None:
    await consulted(await served.visitor(), "SH", 3)
    assert (await told(await served.visitor()))["topics"] == []


async def test_what_began_as_a_suggestion_is_kept_as_one(served: Served) -> None:
    page = await served.visitor()
    opened = await page.open(entrance="code", code="SH", medium="suggestion")
    async with served.database.transaction() as tx:
        assert await tx.value("select medium from redemption") == "suggestion"
    assert opened["topic"]["code"] == "SH"


async def test_a_page_tells_what_several_others_asked_there_and_neither_query_nor_fragment_matter(
    served: Served,
) -> None:
    for number in range(2):
        await consulted(await served.visitor(), "CZ", 1, page={"url": f"{PRODUCT}?from={number}", "title": ""})
    page = await served.visitor()
    assert (await told(page, page=PRODUCT))["topics"] == []  # two are not several
    await consulted(await served.visitor(), "CZ", 1, page={"url": f"{PRODUCT}#buy", "title": ""})
    [first] = (await told(page, page=f"{PRODUCT}?x=1#top"))["topics"]
    assert (first["code"], first["reason"]) == ("CZ", "看这个页面的用户常咨询充值问题")
    assert (await told(page, page="https://shop.example/p/other"))["topics"] == []


async def test_what_is_no_address_of_a_page_is_no_page(served: Served) -> None:
    page = await served.visitor()
    for address in ("", "no address", "https://[", "javascript:alert(1)", "https:///p", "x" * 2000):
        assert (await told(page, page=address))["topics"] == []


async def test_an_order_in_trouble_leads_with_its_number_and_to_it_and_a_stranger_sees_nothing(
    connected: ConnectedShop,
) -> None:
    served = connected.served
    fresh = (product_clock.now() - timedelta(hours=2)).isoformat()
    trouble = {"kind": "paid_not_issued", "text": "已付款未发卡", "since": fresh}
    order = an_order(placed_at=fresh, anomaly=trouble)
    connected.has(order)
    connected.tells(
        "/customers/c-1/orders",
        {
            "orders": [
                {
                    **{name: order[name] for name in ("number", "placed_at", "status", "status_text", "total")},
                    "title": "会员年卡",
                    "anomaly": trouble,
                }
            ]
        },
    )
    page = await connected.signed_in()
    opened = await page.open(code="DD")
    await page.http.post(f"/conversations/{opened['id']}/close")
    await (await served.agent()).http.post(f"/desk/conversations/{opened['id']}/context/refresh")  # its answer is there
    [first] = (await told(page))["topics"]
    assert (first["code"], first["order"]) == ("DD", NUMBER)
    assert first["reason"] == f"因您的订单 …{NUMBER[-6:]} 已付款，还没有发卡"
    page.http.headers["accept-language"] = "en"
    [in_english] = (await told(page))["topics"]
    assert in_english["reason"] == f"Because of your order …{NUMBER[-6:]}: paid, no card issued yet"
    assert (await told(await served.visitor()))["topics"] == []
    assert (await told(await connected.signed_in("c-2")))["topics"] == []


async def test_what_the_shop_reports_by_itself_counts_and_what_it_settled_or_said_days_ago_does_not(
    connected: ConnectedShop,
) -> None:
    served = connected.served
    trouble = {"kind": "paid_not_issued", "text": "已付款未发卡", "since": "2026-11-21T10:05:00+08:00"}
    connected.has(an_order(anomaly=trouble, placed_at=product_clock.now().isoformat()))
    async with served.database.transaction() as tx:
        await tx.run("update topic set context = '{order}' where code = 'DD'")
    page = await connected.signed_in()
    opened = await page.open(code="DD", order_number=NUMBER)
    await page.http.post(f"/conversations/{opened['id']}/close")
    await (await served.agent()).http.post(f"/desk/conversations/{opened['id']}/context/refresh")

    async def reason_after(statement: str) -> str:
        async with served.database.transaction() as tx:
            await tx.run(statement)
        return str((await told(page))["topics"][0]["reason"])

    matter = "insert into matter (shop_id, order_number, subject, kind, text, since, told_at, settled_at)"
    of_shop = "from shop"
    number = NUMBER[-6:]
    assert await reason_after("select 1") == f"因您的订单 …{number} 已付款，还没有发卡"
    days_ago = "update context_snapshot set answered_at = answered_at - interval '2 days'"
    assert "没有发卡" not in await reason_after(days_ago)
    assert "没有发卡" in await reason_after(days_ago.replace("-", "+"))
    settled = f"{matter} select id, '{NUMBER}', 'c-1', 'x', '出错', app_now(), app_now(), app_now() {of_shop}"
    assert "没有发卡" not in await reason_after(settled)
    opened_again = f"{matter} select id, 'QN9', 'c-1', 'x', '退款卡住了', app_now(), app_now(), null {of_shop}"
    assert await reason_after(opened_again) == "因您的订单 QN9 退款卡住了"


async def test_who_wants_none_is_asked_no_more_until_she_says_otherwise(served: Served) -> None:
    page = await served.visitor()
    await consulted(page, "SH", 2)
    assert (await page.http.put("/offers-wish", json={"wanted": False})).status_code == 204
    assert await told(page) == {"topics": [], "unwanted": True}
    await page.http.put("/offers-wish", json={"wanted": True})
    assert len((await told(page))["topics"]) == 1


async def test_what_an_account_wants_holds_wherever_it_signs_in(connected: ConnectedShop) -> None:
    await (await connected.signed_in()).http.put("/offers-wish", json={"wanted": False})
    assert (await told(await connected.signed_in()))["unwanted"]
    assert not (await told(await connected.signed_in("c-2")))["unwanted"]


async def test_suggestions_cost_the_beginning_of_a_session_one_statement(served: Served, queries: Queries) -> None:
    page = await served.visitor()
    await consulted(page, "SH", 2)
    queries.clear()
    await told(page, page=PRODUCT)
    assert len([said for said in queries.said if "jsonb_agg" in said and "topic_code" in said]) == 1
