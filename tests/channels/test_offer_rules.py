"""Rules of offers: who hears of what on a page of the shop, how often, and what an operator learns before and after."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from mashang.codes import offer_trying, offering
from mashang.kit import clock as product_clock
from tests import scene
from tests.channels.conftest import Desk
from tests.channels.connected import an_order, client, rogue, shop
from tests.channels.test_offers import Pages, pages
from tests.conftest import Clock

__all__ = ["client", "pages", "rogue", "shop"]

RULES = "/admin/offer-rules"
LOW = {"balance_below": {"amount": "20.00", "currency": "CNY"}}
RULE: dict[str, Any] = {"name": "余额不足", "code": "CZ", "text": "余额不多了。", "when": LOW, "is_on": True}
ALWAYS = {"per_day": 1, "per_week": 3, "quiet_from": None, "quiet_until": None}


class Office:
    """The operator, the shop and its pages; it is never night."""

    def __init__(self, pages: Pages, desk: Desk) -> None:
        self.pages, self.desk, self.shop = pages, desk, pages.shop

    async def rule(self, **changes: Any) -> dict[str, Any]:
        answer = await self.desk.http.post(RULES, json=RULE | changes)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def edit(self, rule: dict[str, Any], **changes: Any) -> dict[str, Any]:
        kept = {name: rule[name] for name in ("name", "code", "text", "text_en", "when", "promotion", "is_on")}
        answer = await self.desk.http.put(f"{RULES}/{rule['id']}", json=kept | changes)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def offered(self, subject: str | None = "c-1", path: str = "/", **more: Any) -> Any:
        return await self.pages.offered(subject, None, url=f"https://shop.example{path}", **more)

    def has(self, balance: str | None, currency: str = "CNY", subject: str = "c-1") -> None:
        money = {"balance": {"amount": balance, "currency": currency}} if balance is not None else {}
        self.shop.tells(f"/customers/{subject}", {"subject": subject, "name": "阿珍", **money})

    def promotes(self, *, ends: timedelta | None = timedelta(days=3), codes: tuple[str, ...] = ("CZ",)) -> None:
        now = product_clock.now()
        ended = {"ends_at": (now + ends).isoformat()} if ends is not None else {}
        starts = (now - timedelta(days=9)).isoformat()
        told = {"id": "p", "title": "充 100 送 5", "starts_at": starts, "codes": list(codes), **ended}
        self.shop.tells("/promotions", {"promotions": [told]})

    async def forget(self) -> None:
        """Nothing was shown."""
        async with self.shop.served.database.transaction() as tx:
            await tx.run("delete from offer_outcome")


@pytest.fixture
async def office(pages: Pages) -> Office:
    async with pages.shop.served.database.transaction() as tx:
        await scene.an_agent(tx, "boss", "王店长", role="operator")
    desk = await pages.shop.served.agent("boss")
    await desk.http.put(f"{RULES}/limits", json=ALWAYS)
    return Office(pages, desk)


async def test_a_low_balance_is_offered_the_code_with_the_shops_promotion_once_a_day(
    office: Office, clock: Clock
) -> None:
    rule = await office.rule(promotion="wanted", cool_down_days=2)
    office.has("12.00")
    office.promotes()
    offer = await office.offered()
    assert (offer["kind"], offer["code"], offer["text"]) == ("rule", "CZ", "输入 CZ 获取专属客服")
    assert re.fullmatch(r"余额不多了。 店铺优惠：充 100 送 5（\d+月\d+日止）", offer["why"])
    assert await office.offered() is None, "no more today"
    assert await office.pages.answer(offer["id"], "taken") == 204
    opened = await (await office.shop.signed_in()).open(
        entrance="code", code="CZ", medium="offer", scene=offer["scene"]
    )
    assert opened["topic"]["code"] == "CZ"
    [shown] = (await office.desk.http.get(RULES)).json()
    assert shown["id"] == rule["id"]
    assert {name: shown["figures"][0][name] for name in ("shown", "taken", "dismissed", "talks")} == {
        "shown": 1,
        "taken": 1,
        "dismissed": 0,
        "talks": 1,
    }


async def test_what_the_shop_does_not_say_or_says_wrongly_is_offered_to_nobody(office: Office) -> None:
    await office.rule()
    for balance in ("-5.00", "NaN", "1e3", "9" * 13, "", None):
        office.has(balance)
        assert await office.offered() is None, balance
    office.has("1.00", "USD")
    assert await office.offered() is None
    office.shop.tells("/customers/c-1", {"subject": "c-2", "name": "x", "balance": {"amount": "1", "currency": "CNY"}})
    assert await office.offered() is None, "another's account"
    office.has("999999999999.00")
    assert await office.offered() is None
    office.has("19.99")
    assert await office.offered() is not None


async def test_a_promotion_that_ended_or_belongs_to_another_code_is_never_shown(office: Office) -> None:
    await office.rule(promotion="needed")
    office.has("12.00")
    office.promotes(ends=timedelta(seconds=-1))
    assert await office.offered() is None
    office.promotes(codes=("KM",))
    assert await office.offered() is None
    office.shop.tells("/promotions", {}, status=500)
    assert await office.offered() is None
    async with office.shop.served.database.transaction() as tx:
        await tx.run("update shop set down_until = null")
    office.promotes(ends=None)
    assert (await office.offered())["why"] == "余额不多了。 店铺优惠：充 100 送 5"


async def test_pressed_away_it_stays_away_in_every_version_and_unwanted_all_stay_away(office: Office) -> None:
    office.has("12.00")
    rule = await office.rule()
    await office.pages.answer((await office.offered())["id"], "dismissed")
    await office.desk.http.put(f"{RULES}/limits", json=ALWAYS | {"per_day": 9, "per_week": 9})
    assert (await office.edit(rule, text="换个说法。"))["version"] == 2
    assert await office.offered() is None
    await office.rule(name="另一条", when={"places": ["/p/*"]}, confirmed=None)
    offer = await office.offered(path="/p/card")
    await office.pages.answer(offer["id"], "unwanted")
    await office.rule(name="第三条", when={"places": ["/q/*"]})
    assert await office.offered(path="/q/1") is None
    session = (await office.shop.signed_in()).session
    assert session["suggested"]["unwanted"], "the chat's first page knows it too"


async def test_nothing_is_offered_at_night_on_the_shops_clock_not_even_across_midnight(office: Office) -> None:
    office.has("12.00")
    await office.rule()
    async with office.shop.served.database.transaction() as tx:
        here = "to_char((app_now() + %s) at time zone (select zone from installation), 'HH24:MI')"
        around = [str(await tx.value(f"select {here}", (timedelta(hours=hours),))) for hours in (-2, 2, 10, 14)]
    for night, offers in ((around[:2], False), (around[2:], True)):
        limits = ALWAYS | {"quiet_from": night[0], "quiet_until": night[1]}
        assert (await office.desk.http.put(f"{RULES}/limits", json=limits)).status_code == 200
        assert (await office.offered() is not None) is offers


async def test_who_is_not_signed_in_hears_of_a_place_once_and_only_with_a_number_of_the_browser(
    office: Office,
) -> None:
    await office.rule(when={"places": ["/p/*"], "before_sale": True}, cool_down_days=1)
    assert await office.offered(None, "/p/card") is None, "without a number nothing could keep it from coming again"
    offer = await office.offered(None, "/p/card", browser="b" * 22)
    assert (offer["code"], offer["order"]) == ("CZ", None)
    assert await office.offered(None, "/p/card", browser="b" * 22) is None
    assert await office.offered(None, "/q/card", browser="c" * 22) is None
    assert (await office.pages.ask(None, None, browser="<script>")).status_code == 422


async def test_what_a_browser_without_an_account_saw_is_forgotten_after_a_week_and_its_offers_after_their_rest(
    office: Office, clock: Clock
) -> None:
    office.has("12.00")
    await office.rule(when={"places": ["/p/*"]}, cool_down_days=365)
    await office.offered(None, "/p/card", browser="b" * 22)
    await office.offered("c-1", "/p/card")
    await clock.advance(timedelta(days=366))
    await office.offered(None, "/p/card", browser="c" * 22)
    await _sweep(office)
    async with office.shop.served.database.transaction() as tx:
        assert await tx.value("select count(*) from offer_view") == 1
        assert await tx.value("select count(*) from offer_outcome") == 3
    await clock.advance(timedelta(days=60))
    await _sweep(office)
    async with office.shop.served.database.transaction() as tx:
        kept = await tx.all("select customer_id is null as anonymous from offer_outcome order by id")
    assert [row["anonymous"] for row in kept] == [False, True], "the account's stays, and what is not that old"


async def _sweep(office: Office) -> None:
    async with office.shop.served.database.transaction() as tx:
        await offer_trying.sweep(tx)
        await offering.sweep(tx)


async def test_two_pages_opened_at_once_make_one_offer_and_the_first_rule_that_fits_makes_it(office: Office) -> None:
    office.has("12.00")
    office.shop.has(an_order(placed_at=product_clock.now().isoformat()))
    await office.rule(name="第二", position=20, text="第二条")
    await office.rule(name="先不合", position=0, text="不合", when=LOW | {"tiers": ["SVIP"]})
    await office.rule(name="第一", position=10, text="第一条")
    found = await asyncio.gather(*(office.offered() for _ in range(4)))
    assert [one["why"] for one in found if one] == ["第一条"]


async def test_two_days_after_delivery_the_order_is_named(office: Office) -> None:
    days_ago = (product_clock.now() - timedelta(days=3)).isoformat()
    order = an_order(placed_at=days_ago)
    order["lines"][0]["delivery"]["at"] = days_ago
    office.shop.has(order)
    await office.rule(when={"days_after_delivery": 2})
    assert (await office.offered())["order"] == order["number"]
    await office.forget()
    office.shop.tells(f"/orders/{order['number']}", {"garbage": True})
    assert await office.offered() is None


async def test_the_shop_is_asked_for_nothing_that_no_rule_needs(office: Office) -> None:
    office.shop.has(an_order(placed_at=product_clock.now().isoformat()))
    await office.rule(when={"places": ["/p/*"], "before_sale": True})
    office.shop.rogue.asked.clear()
    assert await office.offered(path="/p/card") is None
    assert await office.offered(path="/elsewhere") is None
    assert office.shop.rogue.asked == ["/customers/c-1/orders"], "that there is one is enough"


async def test_a_topic_that_goes_while_the_shop_thinks_is_not_offered(office: Office) -> None:
    async def answer(given: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        async with office.shop.served.database.transaction() as tx:
            await tx.run("update topic set archived_at = app_now() where code = 'CZ'")
        body = b'{"subject": "c-1", "name": "x", "balance": {"amount": "1.00", "currency": "CNY"}}'
        return 200, office.shop.rogue.signed(given, 200, body), body

    await office.rule()
    office.shop.rogue.answers["/customers/c-1"] = answer
    assert await office.offered() is None


async def test_a_rule_is_tried_on_last_week_and_one_for_everybody_needs_its_number(office: Office) -> None:
    await office.rule(when={"places": ["/nowhere"]}, is_on=False)  # from now on visits are kept
    for number in range(12):
        await office.offered(None, "/p/card", browser=f"visitor-{number:020}")
    office.has("12.00")
    await office.offered("c-1", "/orders")
    trial = (await office.desk.http.post(f"{RULES}/try", json={"when": {"places": ["/orders*"]}})).json()
    assert (trial["visitors"], trial["shown"], trial["unknown"]) == (13, 1, 0)
    assert (trial["most"], trial["is_wide"]) == (1, False)
    assert [one["path"] for one in trial["examples"]] == ["/orders"]
    trial = (await office.desk.http.post(f"{RULES}/try", json={"when": LOW})).json()
    assert (trial["shown"], trial["unknown"], trial["partly"]) == (0, 1, ["balance_below"]), "nobody knows what she had"

    wide = RULE | {"when": {"places": ["/p/*"]}}
    trial = (await office.desk.http.post(f"{RULES}/try", json={"when": wide["when"]})).json()
    assert (trial["most"], trial["is_wide"]) == (12, True)
    answer = await office.desk.http.post(RULES, json=wide)
    assert (answer.status_code, answer.json()["code"]) == (409, "rule_too_wide")
    assert "13 位访客" in answer.json()["message"]
    assert "12 位" in answer.json()["message"]
    assert (await office.desk.http.post(RULES, json=wide | {"confirmed": 13})).status_code == 409
    assert (await office.desk.http.post(RULES, json=wide | {"confirmed": 12})).status_code == 201
    assert (await office.desk.http.post(RULES, json=wide | {"is_on": False})).status_code == 201


async def test_who_nobody_can_say_it_of_counts_for_a_rule_that_may_speak_to_everybody(office: Office) -> None:
    await office.rule(is_on=False)
    for number in range(12):
        await office.offered(f"c-{number}", "/orders")
    trial = (await office.desk.http.post(f"{RULES}/try", json={"when": LOW})).json()
    assert (trial["visitors"], trial["shown"], trial["unknown"]) == (12, 0, 12)
    answer = await office.desk.http.post(RULES, json=RULE)
    assert (answer.status_code, answer.json()["facts"]) == (409, {"shown": 12, "visitors": 12})
    assert (await office.desk.http.post(RULES, json=RULE | {"confirmed": 12})).status_code == 201


async def test_what_is_stored_of_the_shop_is_replayed_as_it_was_then(office: Office) -> None:
    await office.rule(is_on=False)
    page = await office.shop.signed_in()
    async with office.shop.served.database.transaction() as tx:
        await tx.run("update topic set context = '{account}' where code = 'CZ'")
    office.has("12.00")
    opened = await page.open(code="CZ")
    await office.desk.http.post(f"/desk/conversations/{opened['id']}/context/refresh")
    await office.offered("c-1", "/orders")
    trial = (await office.desk.http.post(f"{RULES}/try", json={"when": LOW})).json()
    assert (trial["visitors"], trial["shown"], trial["unknown"]) == (1, 1, 0)
    asked = {"asked": {"code": "CZ", "times": 1}}
    assert (await office.desk.http.post(f"{RULES}/try", json={"when": asked})).json()["shown"] == 1
    trouble = {"when": {"anomalies": ["*"]}}
    assert (await office.desk.http.post(f"{RULES}/try", json=trouble)).json()["shown"] == 0
    await office.pages.reports()
    assert (await office.offered("c-1", "/account"))["kind"] == "matter", "comes before every rule"
    trial = (await office.desk.http.post(f"{RULES}/try", json=trouble)).json()
    assert ([one["path"] for one in trial["examples"]], trial["visitors"]) == (["/account"], 1)


async def test_a_rule_that_makes_no_sense_is_refused_and_nothing_is_made(office: Office) -> None:
    wrong: list[dict[str, Any]] = [
        {"when": {}},
        {"when": {"before_sale": True, "days_after_delivery": 2}},
        {"when": {"balance_below": {"amount": "-1", "currency": "CNY"}}},
        {"when": {"balance_below": {"amount": "NaN", "currency": "CNY"}}},
        {"when": {"places": ["no path"]}},
        {"when": {"weather": "rain"}},
        {"when": {"asked": {"code": "XX", "times": 2}}},
        {"code": "XX"},
        {"text": "  "},
        {"text": "字" * 81},
        {"cool_down_days": 0},
        {"promotion": "always"},
    ]
    for changes in wrong:
        assert (await office.desk.http.post(RULES, json=RULE | changes)).status_code == 422, changes
    for limits in ({"per_day": -1}, {"quiet_until": None}, {"quiet_from": "08:00", "quiet_until": "08:00"}):
        assert (await office.desk.http.put(f"{RULES}/limits", json=limits)).status_code == 422, limits
    assert (await office.desk.http.get(RULES)).json() == []


async def test_two_hundred_rules_are_enough_and_all_are_asked(office: Office) -> None:
    office.has("12.00")
    await office.rule(position=9999)
    async with office.shop.served.database.transaction() as tx:
        await tx.run(
            "insert into offer_rule (rule, version, name, topic_id, text, conditions, promotion, cool_down_days, is_on)"
            " select 'r' || n, 1, 'r', (select id from topic where code = 'SH'), 't', '{\"places\": [\"/no*\"]}',"
            " 'none', 1, true from generate_series(1, 199) n"
        )
    answer = await office.desk.http.post(RULES, json=RULE)
    assert (answer.status_code, answer.json()["code"]) == (409, "rules_full")
    assert (await office.offered())["code"] == "CZ"


async def test_supervisors_read_and_agents_do_not(office: Office) -> None:
    agent = await office.shop.served.agent()
    assert (await agent.http.get(RULES)).status_code == 403
    assert (await agent.http.post(RULES, json=RULE)).status_code == 403
