"""A code is never identity: a stranger hears one answer to all of them, and its proved owner everything."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from mashang import customers, intake
from mashang.codes import minted
from mashang.kit import clock as product_clock
from mashang.kit import ids
from mashang.kit.sealing import Sealer
from tests import scene
from tests.channels.conftest import Page
from tests.channels.connected import NUMBER, OTHERS, ConnectedShop, client, rogue, shop
from tests.conftest import Clock

__all__ = ["client", "rogue", "shop"]
_DIFFERING = ("id", "client_id", "at", "opened_at", "claimed_at", "number")


async def each_kind(shop: ConnectedShop, clock: Clock) -> dict[str, str]:
    """A code that is good, one that has expired, a revoked one, another's, a campaign's, and one nobody minted."""
    soon = (product_clock.now() + timedelta(minutes=1)).isoformat()
    codes = {
        "expired": await shop.code(scene="a", expires_at=soon),
        "revoked": await shop.code(scene="b"),
        "another's": await shop.code(scene="c", subject="c-2", order_number=OTHERS),
        "good": await shop.code(scene="d"),
        "invented": minted.written(minted.draw(), "CZ"),
    }
    async with shop.served.database.transaction() as tx:
        await tx.run("update minted_code set revoked_at = app_now() where scene = 'b'")
        await tx.run("update clock_offset set ahead = '2 minutes'")
    clock.ahead = timedelta(minutes=2)
    product_clock.set_ahead(clock.ahead)
    return codes


def without_its_own(told: Any) -> Any:
    """An answer without what differs between any two conversations: ids and instants."""
    if isinstance(told, dict):
        return {key: without_its_own(value) for key, value in told.items() if key not in _DIFFERING}
    return [without_its_own(value) for value in told] if isinstance(told, list) else told


async def test_a_stranger_hears_the_same_bytes_for_every_code(shop: ConnectedShop, clock: Clock) -> None:
    codes = await each_kind(shop, clock)
    stranger = await shop.served.visitor()
    answers = {what: await stranger.http.post("/codes", json={"text": code}) for what, code in codes.items()}
    assert len({(one.status_code, one.content) for one in answers.values()}) == 1
    assert answers["good"].json()["outcome"] == "minted"
    assert answers["good"].json()["standing"] == "noted"


async def test_a_stranger_and_the_staff_see_the_same_conversation_for_every_code(
    shop: ConnectedShop, clock: Clock
) -> None:
    codes = await each_kind(shop, clock)
    desk = await shop.served.agent()
    seen = set()
    for code in codes.values():
        stranger = await shop.served.visitor()
        opened = await stranger.open(text=f"你好，{code} 还没到")
        entries = (await stranger.http.get(f"/conversations/{opened['id']}/entries")).json()
        beside = (await desk.http.get(f"/desk/conversations/{opened['id']}/identity")).json()
        assert beside["claimed_codes"][0]["verified_at"] is None
        seen.add(json.dumps(without_its_own([opened, entries, beside]), ensure_ascii=False).replace(code, "CODE"))
        await stranger.http.post(f"/conversations/{opened['id']}/close")
    assert len(seen) == 1


async def test_somebody_proved_hears_of_their_own_and_the_same_of_all_others(shop: ConnectedShop, clock: Clock) -> None:
    codes = await each_kind(shop, clock)
    owner = await shop.signed_in()
    told = {what: (await owner.http.post("/codes", json={"text": code})).json() for what, code in codes.items()}
    assert told["good"]["own"]["order_number"] == NUMBER
    assert (told["good"]["standing"], told["good"]["own"]["state"]) == ("yours", "live")
    assert (told["expired"]["standing"], told["expired"]["own"]["state"]) == ("yours", "expired")
    assert told["another's"] == told["invented"] == told["revoked"]
    assert told["invented"]["standing"] == "not_yours"


async def test_the_owners_code_brings_the_order_and_is_verified(shop: ConnectedShop) -> None:
    code = await shop.code()
    owner = await shop.signed_in()
    opened = await owner.open(text=f"{code.lower().replace('-', ' ')} 一直没收到")
    assert (opened["order_number"], opened["topic"]["code"]) == (NUMBER, "CZ")
    desk = await shop.served.agent()
    beside = (await desk.http.get(f"/desk/conversations/{opened['id']}/identity")).json()
    assert (beside["proved_by"], beside["claimed_codes"][0]["code"]) == ("token", code)
    assert beside["claimed_codes"][0]["verified_at"]
    events = [one["event"]["name"] for one in await entries_of(owner, opened["id"]) if one["kind"] == "event"]
    assert events[:3] == ["opened", "code_noted", "code_verified"]


async def test_the_code_goes_along_with_every_transfer(shop: ConnectedShop) -> None:
    served = shop.served
    async with served.database.transaction() as tx:
        after_sale = await scene.departments.create(tx, None, scene.DepartmentDraft("售后"))
        await scene.an_agent(tx, "aqiang", "阿强", after_sale)
        await scene.an_agent(tx, "wang", "王店长", role="operator")
    code = await shop.code()
    opened = await (await shop.signed_in()).open(text=code)
    place = f"/desk/conversations/{opened['id']}"
    operator = await served.agent("wang")
    for department, login in ((after_sale, "aqiang"), (served.stage.department, "xiaomei")):
        moved = await operator.http.post(f"{place}/transfer", json={"department": department.public_id})
        assert moved.status_code == 200, moved.text
        beside = (await (await served.agent(login)).http.get(f"{place}/identity")).json()
        assert (beside["claimed_codes"][0]["code"], beside["order_number"]) == (code, NUMBER)
        assert beside["claimed_codes"][0]["verified_at"]


async def test_a_code_without_its_topic_leads_its_owner_there_and_a_stranger_nowhere(shop: ConnectedShop) -> None:
    body = (await shop.code(topic="SH")).removeprefix("SH-")
    assert (await (await shop.signed_in()).open(text=body))["topic"]["code"] == "SH"
    assert "topic" not in await (await shop.served.visitor()).open(text=body)


async def test_a_code_typed_behind_its_topic_is_noted_though_the_page_names_the_topic_too(shop: ConnectedShop) -> None:
    code = await shop.code()
    for page, told in ((await shop.served.visitor(), "code_noted"), (await shop.signed_in(), "code_verified")):
        opened = await page.open(code="CZ", text=code)
        events = [one["event"]["name"] for one in await entries_of(page, opened["id"]) if one["kind"] == "event"]
        assert told in events
    assert opened["order_number"] == NUMBER


async def test_the_owner_who_types_the_code_again_is_led_to_the_open_conversation_about_that_order(
    shop: ConnectedShop,
) -> None:
    code, owner = await shop.code(), await shop.signed_in()
    assert "conversation" not in (await owner.http.post("/codes", json={"text": code})).json()
    opened = await owner.open(text=code)
    assert (await owner.http.post("/codes", json={"text": code})).json()["conversation"] == opened["id"]
    stranger = await shop.served.visitor()
    assert "conversation" not in (await stranger.http.post("/codes", json={"text": code})).json()
    async with shop.served.database.transaction() as tx:
        await tx.run("update topic set takes_reference = true")
    told = (await owner.http.post("/codes", json={"text": f"CZ{NUMBER[-3:]}"})).json()
    assert (told["about"], told["conversation"]) == ("one", opened["id"])
    await owner.http.post(f"/conversations/{opened['id']}/close")
    assert "conversation" not in (await owner.http.post("/codes", json={"text": code})).json()


async def test_a_code_said_later_in_the_conversation_is_noted_too(shop: ConnectedShop) -> None:
    code = await shop.code()
    visitor = await shop.served.visitor()
    opened = await visitor.open(text="你好")
    for _ in range(2):
        message = {"client_id": "said-a-code-1", "text": f"我的码是 {code}"}
        assert (await visitor.http.post(f"/conversations/{opened['id']}/entries", json=message)).status_code == 201
    noted = [one for one in await entries_of(visitor, opened["id"]) if one.get("event", {}).get("name") == "code_noted"]
    assert [one["event"]["code"] for one in noted] == [code]


async def test_a_code_whose_message_was_stored_by_a_server_that_then_died_is_noted_when_it_comes_again(
    shop: ConnectedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await shop.served.visitor()
    opened = await visitor.open(text="你好")
    path, message = f"/conversations/{opened['id']}/entries", {"client_id": "said-a-code-1", "text": await shop.code()}
    with monkeypatch.context() as dying:
        dying.setattr(intake, "_note_code", lambda *_: 1 / 0)
        assert (await visitor.http.post(path, json=message)).status_code == 500
    assert (await visitor.http.post(path, json=message)).status_code == 201
    names = [one["event"]["name"] for one in await entries_of(visitor, opened["id"]) if one["kind"] == "event"]
    assert names.count("code_noted") == 1


async def test_a_code_is_not_masked_where_a_card_key_beside_it_is(shop: ConnectedShop) -> None:
    code = minted.written("29NGSF8BZTVW")
    visitor = await shop.served.visitor()
    opened = await visitor.open(text=f"卡密 {code} 密码: abc12345")
    texts = [one["text"] for one in await entries_of(visitor, opened["id"]) if one["kind"] == "text"]
    assert texts[0] == f"卡密 {code} 密码: ••••"


@pytest.mark.parametrize(
    "typed",
    ["29NG-SF8B-ZTVX", "0000-0000-0000", "DD-" + "Z" * 12, "-".join(["29NG-SF8B-ZTVW"] * 2), "𝟐𝟗𝐍𝐆-SF8B-ZTVX\u202e"],
)
async def test_absurd_codes_are_no_codes(shop: ConnectedShop, typed: str) -> None:
    visitor = await shop.served.visitor()
    answer = (await visitor.http.post("/codes", json={"text": typed})).json()
    assert answer["outcome"] in {"unknown", "misread"}


async def test_a_hundred_codes_in_a_conversation_are_noted_twenty_times(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    opened = await visitor.open(text="你好")
    sealer = Sealer(shop.served.settings.secret)
    async with shop.served.database.transaction() as tx:
        conversation_id = await tx.value("select id from conversation where public_id = %s", (opened["id"],))
        who = await customers.customer.by_id(tx, await tx.value("select customer_id from conversation"))
        for _ in range(25):
            found = minted.minted_body(minted.written(minted.draw()))
            assert found
            await intake.codes.note(tx, sealer, conversation_id, who, found)
        assert await tx.value("select count(*) from code_claim") == 20


# ── the shop's side ─────────────────────────────────────────────────────────


async def test_a_shop_asks_twice_and_gets_one_code(shop: ConnectedShop) -> None:
    assert await shop.code() == await shop.code()
    assert await shop.code(scene="mail") != await shop.code()


@pytest.mark.parametrize(
    "wish",
    [
        b"", b"{}", b"[]", b'{"subject": ""}', b'{"subject": "c-1", "order_number": "../x"}', b"\xff\xfe",
        b'{"subject": "c-1", "topic": "NONE"}', b'{"subject": "c-1", "scene": "\\u0000"}', b"[" * 5000,
        b'{"subject": "c-1", "expires_at": "2001-01-01T00:00:00Z"}', b'{"subject": "c-1", "owner": 1}',
    ],
)  # fmt: skip
async def test_a_wish_that_is_none_is_refused_clearly(shop: ConnectedShop, wish: bytes) -> None:
    answer = await shop.asks("/api/v1/shop-codes", wish)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_who_has_not_the_shops_secret_mints_nothing(shop: ConnectedShop) -> None:
    answer = await shop.asks("/api/v1/shop-codes", b'{"subject": "c-1"}', secret="guessed")
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_wrong")


# ── campaigns ───────────────────────────────────────────────────────────────


async def test_a_campaign_code_is_minted_used_and_revoked_by_the_operator(shop: ConnectedShop) -> None:
    async with shop.served.database.transaction() as tx:
        await tx.run("update agent set role = 'operator'")
    desk = await shop.served.agent()
    draft = {"campaign": "双十一", "topic": "SH", "count": 3, "uses": 1}
    made = (await desk.http.post("/admin/campaign-codes", json=draft)).json()
    assert len({one["code"] for one in made}) == 3
    opened = await (await shop.signed_in()).open(text=made[0]["code"].removeprefix("SH-"))
    assert opened["topic"]["code"] == "SH"
    listed = (await desk.http.get("/admin/campaign-codes")).json()
    assert {(one["code"], one["state"]) for one in listed} >= {(made[0]["code"], "used_up"), (made[1]["code"], "live")}
    assert (await desk.http.delete(f"/admin/campaign-codes/{made[1]['id']}")).status_code == 204
    listed = (await desk.http.get("/admin/campaign-codes")).json()
    assert {one["id"]: one["state"] for one in listed}[made[1]["id"]] == "revoked"


@pytest.mark.parametrize(
    "draft",
    [{}, {"campaign": " "}, {"campaign": "x", "count": 0}, {"campaign": "x", "count": 10_000},
     {"campaign": "x", "uses": 0}, {"campaign": "x", "topic": "NONE"}, {"campaign": "a\0b"},
     {"campaign": "x", "expires_at": "2001-01-01T00:00:00Z"}],
)  # fmt: skip
async def test_an_absurd_campaign_is_refused(shop: ConnectedShop, draft: dict[str, object]) -> None:
    async with shop.served.database.transaction() as tx:
        await tx.run("update agent set role = 'operator'")
    desk = await shop.served.agent()
    answer = await desk.http.post("/admin/campaign-codes", json=draft)
    assert answer.status_code in {400, 422}


async def test_an_agent_may_not_mint_campaigns_nor_revoke_them(shop: ConnectedShop) -> None:
    desk = await shop.served.agent()
    answers = [
        await desk.http.post("/admin/campaign-codes", json={"campaign": "x"}),
        await desk.http.get("/admin/campaign-codes"),
        await desk.http.delete(f"/admin/campaign-codes/{ids.public_id()}"),
    ]
    assert [one.status_code for one in answers] == [403, 403, 403]


async def entries_of(page: Page, conversation: str) -> list[dict[str, Any]]:
    answer = await page.http.get(f"/conversations/{conversation}/entries")
    found: list[dict[str, Any]] = answer.json()["entries"]
    return found
