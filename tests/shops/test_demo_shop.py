"""The demo shop is a real shop: it sells, keeps its customers apart, and tells Mashang what happens."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.shop import orders, seed, words
from demo.shop.config import Config
from demo.shop.store import Store
from mashang.kit import clock
from mashang.shops.acting import ActionRefused, ActionRequest
from mashang.shops.http import HttpShop
from mashang.shops.site import SiteKeys, verify_token
from tests.running import ROOT, OpenPage
from tests.selling import AZHEN, XIAOLIN, DemoShop, every_order

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
PAGES = [
    "/",
    "/?q=话费",
    "/?q=zzz",
    "/?category=card",
    "/?category=none",
    "/p/phone-50",
    "/p/yunpan-year",
    "/sign-in",
    "/sign-up",
    "/contact",
    "/back",
]
MEMBER_PAGES = ["/", "/p/phone-50", "/orders", "/account", "/contact"]


def buy(browser: httpx.Client, product: str, **more: str) -> httpx.Response:
    """From the product page to the page after the payment."""
    placed = browser.post("/buy", data={"product": product, "quantity": "1", **more})
    number = str(placed.url).rpartition("/")[2]
    return browser.post(f"/pay/{number}", data={"method": "alipay"})


def nowhere() -> Config:
    """A shop beside which there is no Mashang."""
    told = ("product_url", "site", "token_kid", "token_secret", "connector_key_id", "connector_secret", "event_url")
    return Config(**dict.fromkeys(told, ""))


def number_in(answer: httpx.Response) -> str:
    return str(answer.url).rpartition("/")[2]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_opens_in_both_languages_and_carries_the_widget(demo_shop: DemoShop, lang: str) -> None:
    tag = f'src="{demo_shop.config["product_url"]}/widget.js" data-site="{demo_shop.config["site"]}"'
    with demo_shop.visitor() as browser:
        browser.get(f"/?lang={lang}")
        answers = [browser.get(page) for page in PAGES]
        browser.post("/sign-in", data={"login": "xiaolin", "password": demo_shop.config["passwords"]["xiaolin"]})
        answers += [browser.get(page) for page in MEMBER_PAGES]
    assert {answer.status_code for answer in answers} == {200}
    assert all(tag in answer.text for answer in answers)
    assert all(f'lang="{"en" if lang == "en" else "zh-CN"}"' in answer.text for answer in answers)


def test_both_languages_say_everything() -> None:
    assert set(words.catalogue("zh")) == set(words.catalogue("en"))
    slots = re.compile(r"{(\w+)}")
    for key, text in words.catalogue("zh").items():
        assert sorted(slots.findall(text)) == sorted(slots.findall(words.catalogue("en")[key])), key


def test_a_card_is_bought_issued_and_opened_by_its_buyer_only(demo_shop: DemoShop) -> None:
    with demo_shop.member() as xiaolin, demo_shop.member("azhen") as azhen:
        number = number_in(buy(xiaolin, "feiyu-30"))
        closed = xiaolin.get(f"/orders/{number}").text
        opened = xiaolin.post(f"/orders/{number}/keys", data={"line": f"{number}-1"}).text
        theirs = [azhen.get(f"/orders/{number}"), azhen.post(f"/orders/{number}/keys", data={"line": f"{number}-1"})]
    key = re.search(r"<code>((?:\w{4}-){3}\w{4})</code>", opened)
    assert key
    assert key[1] not in closed
    assert {answer.status_code for answer in theirs} == {404}


async def test_what_is_bought_stands_in_the_contract_at_once(demo_shop: DemoShop, connected: HttpShop) -> None:
    with demo_shop.member() as browser:
        number = number_in(buy(browser, "phone-100", target="13800138567"))
    order = await connected.order(number)
    assert order
    assert order.subject == XIAOLIN
    assert order.lines[0].delivery.state == "delivered"
    assert order.lines[0].delivery.recharge_target_masked == "138****8567"


async def test_a_parcel_that_is_bought_is_under_way_and_followed(demo_shop: DemoShop, connected: HttpShop) -> None:
    with demo_shop.member("azhen") as browser:
        number = number_in(buy(browser, "books-box"))
        page = browser.get(f"/orders/{number}").text
    order = await connected.order(number)
    (parcel,) = await connected.shipments(number) or []
    assert order
    assert (order.status, order.status_text, order.lines[0].delivery.state) == ("paid", "已发货", "issued")
    assert (parcel.state, [event.text for event in parcel.events]) == ("collected", ["已揽收，包裹离开仓库"])
    assert parcel.number in page
    assert 'data-mashang-code="WL"' in page


async def test_the_parcel_of_the_demo_is_in_shanghai(connected: HttpShop) -> None:
    number = [one.number for one in await every_order(connected, AZHEN) if one.status_text == "已发货"][-1]
    (parcel,) = await connected.shipments(number) or []
    assert (parcel.state, parcel.events[0].place, len(parcel.events)) == ("in_transit", "上海", 3)


def test_a_parcel_that_has_been_signed_for_completes_its_order() -> None:
    store = Store(":memory:")
    seed.seed(store, nowhere())
    number = store.first("select order_number from parcel")["order_number"]
    assert orders.by_number(store, number)["shown"] == "sent"
    store.run("update parcel set sent_at = '2026-01-01T00:00:00+00:00'")
    arrived = orders.by_number(store, number)
    store.close()
    assert (arrived["status"], arrived["lines"][0]["state"]) == ("delivered", "delivered")


async def test_paid_and_not_issued_is_an_anomaly_until_it_is_issued(demo_shop: DemoShop, connected: HttpShop) -> None:
    with demo_shop.member("azhen") as browser, demo_shop.fault("not_issued"):
        number = number_in(buy(browser, "coffee-latte"))
        waiting = await connected.order(number)
        assert "有点问题" in browser.get(f"/orders/{number}").text
        browser.post("/back/issue")
    issued = await connected.order(number)
    assert waiting
    assert waiting.anomaly
    assert (waiting.status, waiting.anomaly.kind) == ("paid", "paid_not_issued")
    assert issued
    assert (issued.status, issued.anomaly) == ("delivered", None)
    assert issued.lines[0].issue_record[0].source == "客服补发"


def test_the_card_that_is_late_from_the_beginning_is_reported_the_failed_top_up_is_told_who_asks() -> None:
    store = Store(":memory:")
    for _start in range(2):
        seed.seed(store, nowhere())
    wrong = store.all("select number, customer_id, anomaly, anomaly_since from orders where anomaly is not null")
    told = [json.loads(row["body"]) for row in store.all("select body from event")]
    assert {(one["customer_id"], one["anomaly"]) for one in wrong} == {
        (XIAOLIN, "paid_not_issued"), (AZHEN, "top_up_failed"),
    }  # fmt: skip
    late = next(one for one in wrong if one["customer_id"] == XIAOLIN)
    assert [(one["kind"], one["order_number"], one["subject"]) for one in told] == [
        ("order.anomaly", late["number"], XIAOLIN)
    ]
    assert (told[0]["anomaly"]["kind"], told[0]["anomaly"]["since"]) == ("paid_not_issued", late["anomaly_since"])


def test_the_offers_are_taken_off_the_price(demo_shop: DemoShop) -> None:
    with demo_shop.member() as browser:
        two_cards = browser.post("/buy", data={"product": "feiyu-30", "quantity": "2"}).text
        credit = browser.post("/buy", data={"product": "phone-100", "quantity": "2", "target": "13800138567"}).text
    assert "¥54.00" in two_cards
    assert "¥197.00" in credit


def test_a_payment_from_the_balance_takes_it_and_cannot_take_more(demo_shop: DemoShop) -> None:
    with demo_shop.member("azhen") as browser:
        browser.post("/account/recharge", data={"amount": "5000"})
        placed = browser.post("/buy", data={"product": "xinghai-6480", "quantity": "1", "target": "104857"})
        refused = browser.post(f"/pay/{number_in(placed)}", data={"method": "balance"})
        bought = browser.post("/buy", data={"product": "guangying-month", "quantity": "1"})
        paid = browser.post(f"/pay/{number_in(bought)}", data={"method": "balance"})
        account = browser.get("/account").text
    assert "余额不足" in refused.text
    assert "/paid/" in str(paid.url)
    assert "¥37.00" in account


def test_the_signed_in_customer_s_token_proves_who_it_is(demo_shop: DemoShop) -> None:
    keys = SiteKeys(demo_shop.config["site"], {"k1": demo_shop.config["token_secret"]})
    with demo_shop.member("azhen") as browser, demo_shop.visitor() as visitor:
        page = browser.get("/").text
        fresh = browser.get("/widget-token").text
        assert visitor.get("/widget-token").status_code == 204
        assert "data-token" not in visitor.get("/").text
    in_page = re.search(r'data-token="([^"]+)"', page)
    assert in_page
    assert verify_token(keys, in_page[1], clock.now()).subject == AZHEN
    assert verify_token(keys, fresh, clock.now()).name == "阿珍"


def test_the_order_page_names_its_order_to_the_widget(demo_shop: DemoShop) -> None:
    with demo_shop.member() as browser:
        number = number_in(buy(browser, "coffee-latte"))
        assert f'data-order="{number}"' in browser.get(f"/orders/{number}").text


def test_the_contact_page_runs_under_a_strict_policy_and_obeys_it(demo_shop: DemoShop) -> None:
    with demo_shop.visitor() as browser:
        answer = browser.get("/contact")
    product = demo_shop.config["product_url"]
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(f"default-src 'none'; script-src {product}; frame-src {product}; ")
    assert "unsafe" not in policy
    assert re.findall(r'<script[^>]*src="([^"]+)"', answer.text) == [f"{product}/widget.js"]
    assert not re.search(r"\sstyle=|<style|\son\w+=", answer.text)


WRONG_FORMS = [
    ("/buy", {"product": "no-such", "quantity": "1"}),
    ("/buy", {"product": "phone-50", "quantity": "0", "target": "13800138567"}),
    ("/buy", {"product": "phone-50", "quantity": "1e9", "target": "13800138567"}),
    ("/buy", {"product": "phone-50", "quantity": "1", "target": "123"}),
    ("/buy", {"product": "xinghai-6480", "quantity": "1", "target": "<script>alert(1)</script>" * 9}),
    ("/account/recharge", {"amount": "-5000"}),
    ("/account/recharge", {"amount": "999"}),
    ("/back/faults", {"fault": "fire", "on": "1"}),
    ("/pay/QN000000000000", {"method": "alipay"}),
]


def test_a_form_that_is_not_right_is_refused_with_a_page(demo_shop: DemoShop) -> None:
    with demo_shop.member() as browser:
        answers = [browser.post(path, data=data) for path, data in WRONG_FORMS]
    assert {answer.status_code for answer in answers} <= {400, 404}
    assert all("回到首页" in answer.text for answer in answers)


def test_another_site_s_form_does_nothing(demo_shop: DemoShop) -> None:
    with demo_shop.member() as browser:
        answer = browser.post("/account/recharge", data={"amount": "5000"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def test_what_somebody_types_is_text(demo_shop: DemoShop) -> None:
    with demo_shop.visitor() as browser:
        assert "<script>alert(1)</script>" not in browser.get("/?q=<script>alert(1)</script>").text
        number = time.monotonic_ns() % 10**8
        given = {"login": f"u{number}", "name": "<b>阿</b>", "phone": f"137{number:08d}", "password": "long enough"}
        signed_up = browser.post("/sign-up", data=given)
    assert signed_up.status_code == 200
    assert "&lt;b&gt;阿&lt;/b&gt;" in signed_up.text


def test_a_wrong_password_and_a_wrong_name_get_the_same_answer(demo_shop: DemoShop) -> None:
    with demo_shop.visitor() as browser:
        answers = [browser.post("/sign-in", data={"login": login, "password": "x"}) for login in ("azhen", "nobody")]
    assert {answer.status_code for answer in answers} == {401}
    assert all("用户名或密码不对" in answer.text for answer in answers)


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_sign_in_leads_back_to_this_shop_only(demo_shop: DemoShop, address: str) -> None:
    with httpx.Client(base_url=demo_shop.url) as browser:
        password = demo_shop.config["passwords"]["xiaolin"]
        answer = browser.post("/sign-in", data={"login": "xiaolin", "password": password, "next": address})
    assert answer.headers["location"] == "/"


def test_the_shop_stands_alone() -> None:
    sources = [path.read_text("utf-8") for path in Path(ROOT / "demo").rglob("*.py")]
    assert not [
        line for source in sources for line in source.splitlines() if re.match(r"\s*(from|import) mashang", line)
    ]
    assert json.loads((ROOT / "demo/shop/words/zh.json").read_text("utf-8"))["shop"] == "青柠数卡"


@pytest.mark.browser
@pytest.mark.parametrize(("phone", "dark"), [(True, False), (False, True)])
async def test_every_page_fits_its_screen_and_axe_finds_nothing(
    demo_shop: DemoShop, open_page: OpenPage, phone: bool, dark: bool
) -> None:
    page = await open_page(phone=phone, dark=dark, bypass_csp=True)
    found: dict[str, Any] = {}

    async def look() -> None:
        wide, screen = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= screen, page.url
        await page.evaluate(AXE.read_text("utf-8"))
        violations = (await page.evaluate("axe.run()"))["violations"]
        found.update({f"{page.url} {one['id']}": one["nodes"][0]["html"] for one in violations})

    with demo_shop.fault("maintenance"):
        for path in (*PAGES, "/nope"):
            await page.goto(demo_shop.url + path)
            await look()
        await page.goto(f"{demo_shop.url}/sign-in?next=/orders")
        await page.fill("[name=login]", "xiaolin")
        await page.fill("[name=password]", demo_shop.config["passwords"]["xiaolin"])
        async with page.expect_navigation():
            await page.click("main button")
        await look()
        for order in ("云朵", "飞鱼"):
            await page.goto(f"{demo_shop.url}/orders")
            async with page.expect_navigation():
                await page.locator(".order-row", has_text=order).last.click()
            await look()
        await page.goto(f"{demo_shop.url}/p/phone-100")
        await look()
        await page.fill("[name=target]", "13800138567")
        for button in ("立即购买", "确认支付"):
            async with page.expect_navigation():
                await page.locator("main button", has_text=button).click()
            await look()
        await page.goto(f"{demo_shop.url}/account")
        async with page.expect_navigation():
            await page.locator("main button", has_text="¥50").first.click()
        await look()
    assert found == {}


async def test_while_a_game_is_in_maintenance_its_top_ups_wait_and_others_arrive(
    demo_shop: DemoShop, connected: HttpShop
) -> None:
    with demo_shop.member("azhen") as browser:
        with demo_shop.fault("game_maintenance"):
            game = number_in(buy(browser, "jisu-600", target="104857623"))
            phone = number_in(buy(browser, "phone-50", target="13922224321"))
            waiting, arrived = await connected.order(game), await connected.order(phone)
            told = await connected.incidents()
        after, none = await connected.order(game), await connected.incidents()
    assert waiting
    assert arrived
    assert after
    assert (waiting.status, waiting.lines[0].delivery.state) == ("paid", "waiting")
    assert arrived.status == "delivered"
    assert [one.title for one in told.incidents] == ["游戏服务器维护，游戏直充到账延迟"]
    assert none.incidents == []
    assert (after.status, after.lines[0].delivery.state) == ("delivered", "delivered")


async def test_a_top_up_to_an_account_that_does_not_exist_comes_back(demo_shop: DemoShop, connected: HttpShop) -> None:
    with demo_shop.member("azhen") as browser:
        with demo_shop.fault("wrong_account"):
            number = number_in(buy(browser, "jisu-600", target="104857623"))
            back = await connected.order(number)
            again = await connected.act(
                number,
                ActionRequest(key="wrong-account-0001", action="resend", asked_by="customer", line=f"{number}-1"),
            )
            assert "没有这个账号" in browser.get(f"/orders/{number}").text
        after = await connected.order(number)
    assert back
    assert back.anomaly
    assert after
    assert (back.status, back.anomaly.kind, back.lines[0].delivery.state) == ("paid", "wrong_account", "failed")
    assert (back.lines[0].issue_record[-1].action, back.lines[0].issue_record[-1].to_masked) == ("failed", "104****623")
    assert isinstance(again, ActionRefused)
    assert (after.status, after.anomaly) == ("delivered", None)


async def test_a_low_balance_pays_nothing_and_is_given_back(demo_shop: DemoShop, connected: HttpShop) -> None:
    before = await connected.account(XIAOLIN)
    with demo_shop.member() as browser:
        with demo_shop.fault("low_balance"):
            low = await connected.account(XIAOLIN)
            placed = browser.post("/buy", data={"product": "phone-50", "quantity": "1", "target": "13800138567"})
            number = number_in(placed)
            assert "余额不足" in browser.post(f"/pay/{number}", data={"method": "balance"}).text
            unpaid = await connected.order(number)
            assert browser.get(f"/orders/{number}").status_code == 200
        assert {"暂扣", "退还"} <= set(re.findall("暂扣|退还", browser.get("/account").text))
    after = await connected.account(XIAOLIN)
    assert before
    assert before.balance
    assert low
    assert low.balance
    assert after
    assert unpaid
    assert unpaid.payment
    assert (low.balance.amount, after.balance) == ("1.00", before.balance)
    assert (unpaid.status, unpaid.payment.method, unpaid.payment.status) == ("pending_payment", "balance", "failed")


async def test_a_top_up_that_is_under_way_says_when_it_is_there(demo_shop: DemoShop, connected: HttpShop) -> None:
    with demo_shop.member("azhen") as browser:
        with demo_shop.fault("not_yet"):
            number = number_in(buy(browser, "phone-50", target="13922224321"))
            waiting = await connected.order(number)
        after = await connected.order(number)
    assert waiting
    assert waiting.payment
    assert waiting.payment.paid_at
    assert waiting.anomaly is None
    assert waiting.lines[0].delivery.state == "waiting"
    assert waiting.lines[0].delivery.expected_at == waiting.payment.paid_at + timedelta(minutes=30)
    assert after
    assert (after.status, after.lines[0].delivery.expected_at) == ("delivered", None)
