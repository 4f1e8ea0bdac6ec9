"""Providers of a shop: their keys are entered once, sealed, and never told again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mashang.kit import i18n
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Conflict, Invalid, NotFound
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import providers, rsa, shop
from mashang.shops.providing import ProviderFailed
from mashang.shops.shop import ShopDraft
from tests import scene
from tests.browsing import Browser
from tests.conftest import Clock
from tests.keypairs import pair
from tests.merchants import AlipayServer, alipay_values, wechat_values
from tests.running import ROOT
from tests.scene import PASSWORD


@pytest.fixture
def sealer(settings: Settings) -> Sealer:
    return Sealer(settings.secret)


async def a_shop(tx: Tx, sealer: Sealer) -> shop.Shop:
    made, _key = await shop.create(tx, sealer, ShopDraft(name="店", base_url="https://shop.example/connector/v1"))
    return made


async def test_what_was_entered_is_there_again_and_keys_are_sealed(tx: Tx, sealer: Sealer) -> None:
    one = await providers.connect(tx, sealer, (await a_shop(tx, sealer)).id, "alipay", alipay_values())
    assert one.settings == {"app_id": "2021000000000001", "gateway": "https://openapi.alipay.com/gateway.do"}
    assert b"PRIVATE" not in one.secret_sealed
    keys = {name: alipay_values()[name].strip() for name in ("private_key", "alipay_key")}
    assert one.values(sealer) == {**one.settings, **keys}


async def test_a_shop_has_one_of_each_kind(tx: Tx, sealer: Sealer) -> None:
    shop_id = (await a_shop(tx, sealer)).id
    one = await providers.connect(tx, sealer, shop_id, "alipay", alipay_values())
    await providers.connect(tx, sealer, shop_id, "wechat_pay", wechat_values())
    with pytest.raises(Conflict):
        await providers.connect(tx, sealer, shop_id, "alipay", alipay_values())
    await providers.archive(tx, sealer, one.public_id)
    assert [each.kind for each in await providers.of_shop(tx, shop_id)] == ["wechat_pay"]
    await providers.connect(tx, sealer, shop_id, "alipay", alipay_values())
    assert [each.kind for each in await providers.of_shop(tx, shop_id, "payment")] == ["wechat_pay", "alipay"]
    assert await providers.of_shop(tx, shop_id, "shipments") == []


async def test_keys_left_empty_stay_and_others_take_their_place(tx: Tx, sealer: Sealer) -> None:
    one = await providers.connect(tx, sealer, (await a_shop(tx, sealer)).id, "alipay", alipay_values())
    entered = alipay_values(app_id="2021000000000002", private_key="", alipay_key=pair("wechat").public)
    changed = await providers.change(tx, sealer, one.public_id, entered)
    held = changed.values(sealer)
    assert held["app_id"] == "2021000000000002"
    assert held["private_key"] == pair("merchant").private.strip()
    assert held["alipay_key"] == pair("wechat").public.strip()


async def test_keys_of_another_master_key_are_entered_anew(tx: Tx, sealer: Sealer) -> None:
    one = await providers.connect(tx, Sealer(b"x" * 32), (await a_shop(tx, sealer)).id, "alipay", alipay_values())
    with pytest.raises(ProviderFailed, match="secret_unreadable"):
        one.values(sealer)
    with pytest.raises(Invalid):
        await providers.change(tx, sealer, one.public_id, alipay_values(private_key=""))
    mended = await providers.change(tx, sealer, one.public_id, alipay_values())
    assert mended.values(sealer)["private_key"]


SHORT = """-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK5oWMEcvBi0nN1NxBF+Tb4/9iYGLrHk
AfV/PGr1F4BYxnzNqOYcmLZVzvCQKdYNBv7J2eCKCwqxpUHtPXEFP3sCAwEAAQ==
-----END PUBLIC KEY-----"""


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"app_id": ""}, "app_id", "required"),
        ({"app_id": "2021abc"}, "app_id", "number"),
        ({"app_id": "١٢٣"}, "app_id", "number"),
        ({"app_id": "1" * 501}, "app_id", "too_long"),
        ({"private_key": ""}, "private_key", "required"),
        ({"private_key": "MIIE…"}, "private_key", "key"),
        ({"private_key": "x" * 8193}, "private_key", "too_long"),
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}, "private_key", "key"),
        ({"alipay_key": SHORT}, "alipay_key", "key"),
        ({"alipay_key": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}, "alipay_key", "key"),
        ({"gateway": "openapi.alipay.com"}, "gateway", "scheme"),
        ({"gateway": "https://user:pw@openapi.alipay.com/gateway.do"}, "gateway", "parts"),
        ({"secret": "x"}, "secret", "unknown"),
    ],
    ids=[
        "missing", "letters", "other digits", "long", "no key", "no base64", "long key", "torn key", "512 bits",
        "torn certificate", "no scheme", "password in it", "unknown",
    ],
)  # fmt: skip
async def test_what_is_no_account_is_refused(
    tx: Tx, sealer: Sealer, changes: dict[str, str], field: str, reason: str
) -> None:
    shop_id = (await a_shop(tx, sealer)).id
    with pytest.raises(Invalid) as refused:
        await providers.connect(tx, sealer, shop_id, "alipay", alipay_values(**changes))
    assert refused.value.facts == {"field": field, "reason": reason}


async def test_a_public_key_of_wechat_pay_needs_its_number(tx: Tx, sealer: Sealer) -> None:
    with pytest.raises(Invalid) as refused:
        await providers.connect(
            tx, sealer, (await a_shop(tx, sealer)).id, "wechat_pay", wechat_values(platform_key_id="")
        )
    assert refused.value.facts == {"field": "platform_key_id", "reason": "required"}


def test_keys_are_taken_as_the_vendors_tools_write_them() -> None:
    bare = "".join(line for line in pair("merchant").private.splitlines() if "-----" not in line)
    assert rsa.private_key(bare).private_numbers() == pair("merchant").key.private_numbers()
    bare = "".join(line for line in pair("alipay").public.splitlines() if "-----" not in line)
    assert rsa.public_key(bare) == pair("alipay").key.public_key()


async def test_one_that_is_down_is_left_alone_for_a_while(tx: Tx, sealer: Sealer, clock: Clock) -> None:
    shop_id = (await a_shop(tx, sealer)).id
    one = await providers.connect(tx, sealer, shop_id, "alipay", alipay_values())
    await providers.note_failure(tx, one.id, ProviderFailed("wrong_signature"))
    assert not (await providers.find(tx, one.public_id)).is_down
    await providers.note_failure(tx, one.id, ProviderFailed("timed_out"))
    assert (await providers.find(tx, one.public_id)).is_down
    await clock.advance(shop.DOWN_FOR + timedelta(seconds=1))
    assert not (await providers.find(tx, one.public_id)).is_down
    await providers.note_answer(tx, one.id)
    assert (await providers.find(tx, one.public_id)).last_error is None


@pytest.fixture
async def boss(browser: Callable[..., Browser], database: Database) -> Browser:
    async with database.transaction() as tx:
        await scene.an_agent(tx, "boss", "王店长", role="operator")
    one = browser()
    await one.sign_in("boss", PASSWORD)
    return one


async def test_the_administration_never_tells_a_key(boss: Browser, database: Database) -> None:
    kinds = (await boss.get("/admin/provider-kinds")).json()
    assert {"name": "private_key", "kind": "pem", "required": True, "choices": [], "default": ""} in kinds[0]["fields"]
    shop_id = (await boss.post("/admin/shops", {"name": "店", "base_url": "https://shop.example/c"})).json()["id"]
    answers = [
        made := await boss.post(f"/admin/shops/{shop_id}/providers", {"kind": "alipay", "values": alipay_values()}),
        await boss.get(f"/admin/shops/{shop_id}/providers"),
        await boss.put(f"/admin/providers/{made.json()['id']}", {"values": alipay_values()}),
        await boss.post(f"/admin/shops/{shop_id}/providers", {"kind": "alipay", "values": alipay_values()}),
        await boss.get("/admin/audit"),
    ]
    assert made.json()["filled"] == ["private_key", "alipay_key"]
    assert answers[3].status_code == 409
    assert all("BEGIN" not in answer.text for answer in answers)
    assert (await boss.delete(f"/admin/providers/{made.json()['id']}")).is_success
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from provider where length(secret_sealed) > 60") == 0


async def test_only_operators_change_providers(
    browser: Callable[..., Browser], database: Database, sealer: Sealer
) -> None:
    async with database.transaction() as tx:
        await scene.an_agent(tx, "lead", "主管", role="supervisor")
        made = await a_shop(tx, sealer)
        one = await providers.connect(tx, sealer, made.id, "alipay", alipay_values())
    lead = browser()
    await lead.sign_in("lead", PASSWORD)
    assert (await lead.get(f"/admin/shops/{made.public_id}/providers")).is_success
    body = {"kind": "wechat_pay", "values": wechat_values()}
    assert (await lead.post(f"/admin/shops/{made.public_id}/providers", body)).status_code == 403
    assert (await lead.put(f"/admin/providers/{one.public_id}", {"values": {}})).status_code == 403
    assert (await lead.post(f"/admin/providers/{one.public_id}/test", {})).status_code == 403
    assert (await lead.delete(f"/admin/providers/{one.public_id}")).status_code == 403


async def test_one_that_is_not_there_is_not_found(tx: Tx, sealer: Sealer) -> None:
    for lost in (
        providers.find(tx, "nobody"),
        providers.archive(tx, sealer, "nobody"),
        providers.change(tx, sealer, "nobody", {}),
    ):
        with pytest.raises(NotFound):
            await lost


async def test_the_test_button_says_in_words_how_it_went(
    boss: Browser, database: Database, alipay: AlipayServer
) -> None:
    alipay.orders["QN1"] = {"trade_status": "TRADE_SUCCESS", "total_amount": "8.00"}
    shop_id = (await boss.post("/admin/shops", {"name": "店", "base_url": "https://shop.example/c"})).json()["id"]
    entered = {"kind": "alipay", "values": alipay_values(alipay.gateway)}
    one = (await boss.post(f"/admin/shops/{shop_id}/providers", entered)).json()["id"]

    async def tried(reference: str = "") -> dict[str, Any]:
        answer = await boss.post(f"/admin/providers/{one}/test", {"reference": reference})
        checks: list[dict[str, Any]] = answer.json()["checks"]
        return checks[0]

    assert (await tried())["detail"] == "应答签名正确：没有这笔交易"
    assert (await tried("QN1"))["detail"] == "应答签名正确：已付款"
    alipay.signs_as = "stranger"
    wrong = "应答的签名不对，未采用；请核对填写的对方公钥"
    assert await tried("QN1") == {"name": "查询一次", "ok": False, "detail": wrong}
    shown = (await boss.get(f"/admin/shops/{shop_id}/providers")).json()[0]
    assert (shown["last_error"], shown["trouble"]) == (
        "wrong_signature",
        "应答的签名不对，未采用；请核对填写的对方公钥",
    )
    await boss.put(f"/admin/providers/{one}", {"values": alipay_values(alipay.gateway, private_key=pair("x").private)})
    alipay.signs_as = "alipay"
    assert "isv.invalid-signature" in (await tried())["detail"]


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_reason_has_a_sentence(locale: str) -> None:
    names = ("alipay", "kuaidi100", "payments", "providers", "providing", "wechat_pay", "wire")
    source = "".join((ROOT / f"mashang/shops/{name}.py").read_text("utf-8") for name in names)
    reasons = set(re.findall(r'(?:Provider|Shop)Failed\(\s*"(\w+)"', source)) - {
        "no_time_left"
    }  # not the provider's fault
    assert {f"provider.reason.{reason}" for reason in reasons} <= set(i18n.catalogue(locale))
