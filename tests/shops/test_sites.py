"""Sites: whose pages may carry the widget, how it looks there, and who may change that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from mashang.kit.db import Database, Json, Tx
from mashang.kit.errors import Invalid
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import looks, site
from mashang.shops.looks import Looks
from mashang.shops.site import NoSiteYet, OriginNotRegistered, SiteUnknown
from tests import scene
from tests.browsing import Browser
from tests.selling import DemoShop


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example", "https://shop.example"),
        (" HTTPS://Shop.Example:443/ ", "https://shop.example"),
        ("http://127.0.0.1:8701", "http://127.0.0.1:8701"),
        ("http://shop.example:80", "http://shop.example"),
        ("https://青柠.example", "https://xn--evv096h.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_kept_in_one_form(given: str, kept: str) -> None:
    assert site.normal_origin(given) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "shop.example", "ftp://shop.example", "https://", "https://shop.example/path", "https://*.example",
        "https://a b.example", "https://shop.example;script-src *", "https://shop.example 'unsafe-inline'",
        "javascript:alert(1)", "https://user:pw@shop.example", "https://shop.example:99999", "null",
        "https://shop.example?x", "https://shop.example\r\nX: y", "https://" + "a" * 300 + ".example",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        site.normal_origin(text)


@given(some.text(max_size=60))
def test_nothing_gets_into_the_policy_but_scheme_host_and_port(text: str) -> None:
    try:
        kept = site.normal_origin("https://" + text)
    except Invalid:
        return
    assert not set(kept) & set(" ;,'\"\r\n*<>")


async def test_only_registered_pages_and_our_own_may_use_a_key(tx: Tx) -> None:
    one = await site.create(tx, name="店", origins=["https://shop.example"], shop_id=None, looks=Looks())
    for origin in (None, "https://shop.example", "https://cs.example"):
        site.check_origin(one, origin, own="https://cs.example")
    for origin in ("https://evil.example", "null", "", "https://shop.example.evil.example", "http://shop.example"):
        with pytest.raises(OriginNotRegistered):
            site.check_origin(one, origin, own="https://cs.example")
    assert site.frame_ancestors(one) == "frame-ancestors 'self' https://shop.example"


@pytest.mark.parametrize("key", ["", "nobody", "x" * 10_000, "a\0b", "'; drop table site; --"])
async def test_an_unknown_key_is_refused(tx: Tx, key: str) -> None:
    with pytest.raises(SiteUnknown):
        await site.by_public_id(tx, key)


async def test_without_a_name_the_oldest_site_answers_and_a_new_installation_says_that_there_is_none(tx: Tx) -> None:
    with pytest.raises(NoSiteYet):
        await site.first(tx)
    made = [await site.create(tx, name=name, origins=[], shop_id=None, looks=Looks()) for name in ("一", "二")]
    assert (await site.first(tx)).id == made[0].id


async def test_a_revoked_key_signs_no_more_and_the_others_do(tx: Tx, settings: Settings) -> None:
    sealer = Sealer(settings.secret)
    one = await site.create(tx, name="店", origins=[], shop_id=None, looks=Looks())
    old, new = await site.add_key(tx, sealer, one.id), await site.add_key(tx, sealer, one.id)
    assert (await site.keys(tx, sealer, one)).secrets == {old.kid: old.secret, new.kid: new.secret}
    await site.revoke_key(tx, one.id, old.kid)
    assert (await site.keys(tx, sealer, one)).secrets == {new.kid: new.secret}


@given(some.integers(min_value=0, max_value=0xFFFFFF))
def test_any_colour_can_be_found_on_a_page_and_read_on(number: int) -> None:
    colour = looks.visible(f"#{number:06x}")
    assert looks.contrast(colour, "#ffffff") >= 3
    assert looks.contrast(colour, looks.ink(colour)) >= 4.5


def test_contrast_is_what_the_guidelines_say() -> None:
    assert looks.contrast("#000000", "#ffffff") == 21
    assert round(looks.contrast("#767676", "#ffffff"), 2) == 4.54
    assert (looks.visible("#0f7b4f"), looks.ink("#0f7b4f")) == ("#0f7b4f", "#ffffff")


async def test_the_look_speaks_the_reader_s_language(tx: Tx) -> None:
    chosen = Looks(title="青柠客服", title_en="Lime support", greeting="您好")
    one = await site.create(tx, name="店", origins=[], shop_id=None, looks=chosen)
    assert site.look(one, "en").title == "Lime support"
    assert site.look(one, "zh-CN").title == "青柠客服"
    assert site.look(one, "en").greeting == "您好"


# ── administration ──


@pytest.fixture
async def operator(browser: Callable[..., Browser], database: Database) -> Browser:
    return await signed_in(browser, database, "operator")


async def signed_in(browser: Callable[..., Browser], database: Database, role: str) -> Browser:
    async with database.transaction() as tx:
        await scene.an_agent(tx, role, role, role=role)
    made = browser()
    assert (await made.sign_in(role, scene.PASSWORD)).status_code == 200
    return made


SITE = {"name": "小店", "origins": ["https://Shop.example/"], "looks": {"colour": "#0f7b4f", "placement": "side-tab"}}


async def test_an_operator_makes_changes_and_ends_a_site(operator: Browser) -> None:
    made = (await operator.post("/admin/sites", SITE)).json()
    assert made["origins"] == ["https://shop.example"]
    assert made["looks"]["placement"] == "side-tab"
    assert f'data-site="{made["id"]}"' in made["snippet"]
    changed = (await operator.put(f"/admin/sites/{made['id']}", {**SITE, "name": "大店"})).json()
    assert changed["name"] == "大店"
    assert [one["name"] for one in (await operator.get("/admin/sites")).json()] == ["大店"]
    assert (await operator.delete(f"/admin/sites/{made['id']}")).status_code == 204
    assert (await operator.get("/admin/sites")).json() == []


async def test_a_key_is_shown_once(operator: Browser) -> None:
    made = (await operator.post("/admin/sites", SITE)).json()
    key = (await operator.post(f"/admin/sites/{made['id']}/keys")).json()
    assert len(key["secret"]) >= 43
    listed = await operator.get("/admin/sites")
    assert [one["kid"] for one in listed.json()[0]["keys"]] == [key["kid"]]
    assert key["secret"] not in listed.text
    assert key["secret"] not in (await operator.get("/admin/audit")).text
    assert (await operator.delete(f"/admin/sites/{made['id']}/keys/{key['kid']}")).status_code == 204
    assert (await operator.delete(f"/admin/sites/{made['id']}/keys/{key['kid']}")).status_code == 404


WRONG_SITES: list[dict[str, Any]] = [
    {"name": ""}, {"name": "x" * 61}, {"origins": ["shop"]}, {"origins": ["https://a.example/b"]},
    {"shop": "nobody"}, {"looks": {"colour": "red"}}, {"looks": {"placement": "everywhere"}},
    {"looks": {"onload": "x"}}, {"unknown": 1}, {"origins": ["https://a.example"] * 51},
]  # fmt: skip


async def test_a_site_that_is_not_right_is_refused(operator: Browser) -> None:
    answers = [await operator.post("/admin/sites", {**SITE, **changes}) for changes in WRONG_SITES]
    assert {answer.status_code for answer in answers} <= {400, 422}
    assert (await operator.get("/admin/sites")).json() == []


async def test_a_shop_s_secret_is_told_once_and_it_stays_while_a_site_belongs_to_it(operator: Browser) -> None:
    made = (await operator.post("/admin/shops", {"name": "青柠", "base_url": "https://shop.example/c/"})).json()
    assert made["base_url"] == "https://shop.example/c"
    assert made["secret"]
    assert made["secret"] not in (await operator.get("/admin/shops")).text
    renewed = (await operator.post(f"/admin/shops/{made['id']}/secret")).json()
    assert renewed["key_id"] == made["key_id"]
    assert renewed["secret"] != made["secret"]
    carried = (await operator.post("/admin/sites", {**SITE, "shop": made["id"]})).json()
    refused = await operator.delete(f"/admin/shops/{made['id']}")
    assert (refused.status_code, refused.json()["facts"]["reason"]) == (409, "in_use")
    await operator.delete(f"/admin/sites/{carried['id']}")
    assert (await operator.delete(f"/admin/shops/{made['id']}")).status_code == 204


async def test_a_shop_keeps_its_kind_and_what_customers_may_press(operator: Browser) -> None:
    draft = {"name": "青柠", "base_url": "https://shop.example/c"}
    made = (await operator.post("/admin/shops", draft)).json()
    assert (made["kind"], made["customer_actions"], made["actions_a_day"]) == ("http", ["resend"], 3)
    changed = await operator.put(
        f"/admin/shops/{made['id']}", {**draft, "customer_actions": ["refund", "refund"], "actions_a_day": 0}
    )
    assert (changed.json()["customer_actions"], changed.json()["actions_a_day"]) == (["refund"], 0)
    wrong: list[dict[str, object]] = [
        {"kind": "dujiaoka"},
        {"fields": {"password": "x"}},
        {"customer_actions": ["everything"]},
        {"actions_a_day": -1},
    ]
    answers = [await operator.put(f"/admin/shops/{made['id']}", {**draft, **one}) for one in wrong]
    assert {answer.status_code for answer in answers} <= {400, 422}
    assert (await operator.get("/admin/shops")).json()[0]["customer_actions"] == ["refund"]


async def test_what_a_shop_can_do_is_unknown_until_it_said_so(
    operator: Browser, database: Database, demo_shop: DemoShop
) -> None:
    made = (await operator.post("/admin/shops", {"name": "青柠", "base_url": demo_shop.keys.base_url})).json()
    can = {one["name"]: one["can"] for one in made["abilities"]}
    assert (can["order"], can["resend"], can["look_up_password"]) == (True, None, None)
    async with database.transaction() as tx:
        said = {"contract": "1", "name": "青柠", "proofs": ["last_four"], "actions": ["resend"]}
        await tx.run("update shop set capabilities = %s", (Json(said),))
    can = {one["name"]: one["can"] for one in (await operator.get("/admin/shops")).json()[0]["abilities"]}
    assert (can["resend"], can["reissue"], can["last_four"], can["reveal"]) == (True, False, True, False)


async def test_an_address_that_is_none_is_refused(operator: Browser) -> None:
    wrong = ["shop.example", "ftp://shop.example", "https://u:p@shop.example", "https://a.example/?x=1"]
    answers = [await operator.post("/admin/shops", {"name": "青柠", "base_url": address}) for address in wrong]
    assert {(answer.status_code, answer.json()["facts"]["field"]) for answer in answers} == {(422, "base_url")}


async def test_the_test_button_tells_what_is_right_and_wrong(
    operator: Browser, database: Database, settings: Settings, demo_shop: DemoShop
) -> None:
    draft = {"name": "青柠", "base_url": demo_shop.keys.base_url}
    made = (await operator.post("/admin/shops", draft)).json()
    wrong = (await operator.post(f"/admin/shops/{made['id']}/test")).json()
    assert not wrong["ok"]
    assert any(not check["ok"] and "密钥" in check["detail"] for check in wrong["checks"])
    sealed = Sealer(settings.secret).seal(demo_shop.keys.secret.encode(), "shop secret")
    async with database.transaction() as tx:
        await tx.run("update shop set key_id = %s, secret_sealed = %s", (demo_shop.keys.key_id, sealed))
    right = (await operator.post(f"/admin/shops/{made['id']}/test")).json()
    assert right["ok"], right
    assert (await operator.get("/admin/shops")).json()[0]["capabilities"]["proofs"] == ["last_four", "one_time_code"]


@pytest.mark.parametrize(
    ("role", "read", "change"), [("supervisor", 200, 403), ("agent", 403, 403), ("operator", 200, 201)]
)
async def test_each_role_may_do_what_the_table_says(
    browser: Callable[..., Browser], database: Database, role: str, read: int, change: int
) -> None:
    person = await signed_in(browser, database, role)
    for what, body in (("sites", SITE), ("shops", {"name": "青柠", "base_url": "https://shop.example"})):
        assert (await person.get(f"/admin/{what}")).status_code == read
        assert (await person.post(f"/admin/{what}", body)).status_code == change


async def test_nobody_changes_anything_without_signing_in(browser: Callable[..., Browser]) -> None:
    stranger = browser()
    await stranger.open()
    for method, path in (("GET", "sites"), ("POST", "sites"), ("PUT", "shops/x"), ("DELETE", "shops/x")):
        body = msgspec.to_builtins(SITE) if method in ("POST", "PUT") else None
        assert (await stranger.ask(method, f"/admin/{path}", body)).status_code == 401
