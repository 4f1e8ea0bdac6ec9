"""A talk that began with one order turns to another: a number named, a further matter, a kind that does not fit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from mashang import customers, routing
from mashang.bot import looking_up, said
from mashang.bot.attending import Attending
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import Choice
from mashang.kit.db import Database
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import context
from mashang.shops.adapters import Shops
from mashang.shops.site import ShopCustomer
from mashang.staff import assistant
from mashang.staff.assistant import Assistant
from tests.conftest import Clock
from tests.selling import AZHEN, DemoShop
from tests.shops.counter import connect

from .talking import Finder, Talk, publish

LATE, LOST, MORE = "充值没到账", "卡密没收到", "还有我的卡密没收到"
PHONE = "13922224321"


WHICH_ACCOUNT = """
key: give
version: 1
title: 充值号码
title_en: Account
steps:
  which:
    ask: order
    into: order
    text: {zh-CN: "哪一笔？", en: "Which one?"}
    next: account
    none: person
  account:
    ask: text
    into: account
    text: {zh-CN: "充值到哪个号码？", en: "Which account?"}
    next: told
  told:
    say: {zh-CN: "好的，{answer.account}。", en: "All right, {answer.account}."}
    next: done
  done: {solved: true}
  person:
    hand_over: {zh-CN: 不知道是哪一笔, en: Nobody knows which one}
"""


class Shopping(Talk):
    """阿珍, who has an order that is recharged and one of a card key, and a visitor."""

    shops: Shops
    shop_id: int
    top_up = card = second = ""

    def attending(self) -> Attending:
        return Attending(self.database, self.finder, self.model, self.shops, self.sealer)

    async def come(self, order: str, subject: str | None = AZHEN, words: str = "") -> Conversation:
        """From this order's page; what the shop tells of it is there."""
        site_id = self.stage.site.id
        account = ShopCustomer(subject, "阿珍", "") if subject else None
        async with self.database.transaction() as tx:
            who = await customers.recognise(tx, site_id, self.shop_id, account, "zh-CN")
        opened = await self.begin(words, order_number=order, customer=who)
        self.customer = who
        await context.fetch(self.database, self.shops, opened.id)
        await self.turn()
        await self.settle()
        return opened

    async def tells(self, words: str, **fields: Any) -> None:
        """Say it, and let all that it leads to come."""
        await self.say(words, customer=self.customer, **fields)
        await self.settle()

    async def order(self) -> str | None:
        return await self.value(
            "select run -> 'known' ->> 'answer.order' from assistance where conversation_id = %(id)s"
        )


@pytest.fixture
async def shopping(
    database: Database, settings: Settings, shops: Shops, demo_shop: DemoShop, writer
) -> AsyncIterator[Shopping]:
    async with database.transaction() as tx:
        stage, shop_id = await connect(tx, settings, demo_shop.keys)
        await assistant.put_settings(tx, None, Assistant(is_on=True, name="小码", name_en="Mashang"))
    talk = Shopping(database, writer, stage, Finder())
    talk.sealer, talk.shops, talk.shop_id = Sealer(settings.secret), shops, shop_id
    for words, key in ((LATE, "recharge-not-arrived"), (LOST, "card-key-not-received")):
        talk.finder.answers(words, await publish(database, key, words, playbook=key))
    talk.finder.says[MORE] = talk.finder.says[LOST]
    with demo_shop.member("azhen") as browser:
        for name, product, target in (
            ("top_up", "phone-50", PHONE),
            ("card", "feiyu-30", ""),
            ("second", "feiyu-30", ""),
        ):
            placed = browser.post("/buy", data={"product": product, "quantity": "1", "target": target})
            number = str(placed.url).rpartition("/")[2]
            browser.post(f"/pay/{number}", data={"method": "alipay"})
            setattr(talk, name, number)
        yield talk


async def test_a_further_matter_is_asked_for_its_order_and_the_number_begins_it(shopping: Shopping) -> None:
    await shopping.come(shopping.top_up, words=LATE)
    await shopping.tells(MORE)
    text, part = await shopping.last()
    assert (text, part["expects"]) == ("我来查一下。是哪一笔订单没有收到卡密？", "order")
    await shopping.tells(shopping.card)
    assert await shopping.order() == shopping.card
    assert "卡密已发放" in (await shopping.last())[0]


async def test_who_is_asked_and_means_the_order_of_before_says_so_in_words(shopping: Shopping) -> None:
    await shopping.come(shopping.top_up, words=LATE)
    await shopping.tells(MORE)
    await shopping.tells("就是刚才那个订单")
    assert any(f"订单 {shopping.top_up}" in one and "是直充，没有卡密" in one for one in await shopping.texts())


@pytest.mark.parametrize("words", ["{}", "{} 这笔呢", "订单号是 {}"])
async def test_another_own_number_in_the_middle_turns_the_matter_to_that_order(shopping: Shopping, words: str) -> None:
    await shopping.come(shopping.card, words=LOST)
    await shopping.tells(words.format(shopping.second))
    first, turned, now = await shopping.texts()
    assert turned == f"好的，来看订单 {shopping.second}。"
    assert now.startswith("卡密已发放")
    assert now != first, "another key"
    assert await shopping.order() == shopping.second


async def test_somebody_elses_number_tells_nothing_of_it(shopping: Shopping) -> None:
    await shopping.come(shopping.card, words=LOST)
    await shopping.tells("QN250101000001")
    assert "没有找到您的订单 QN250101000001" in (await shopping.last())[0]


async def test_a_visitor_who_names_another_is_asked_for_the_proof_of_that_one(shopping: Shopping) -> None:
    await shopping.come(shopping.card, subject=None, words=LOST)
    assert (await shopping.last())[1]["order_number"] == shopping.card
    await shopping.tells(shopping.top_up)
    _, part = await shopping.last()
    assert (part["expects"], part.get("order_number")) == ("proof", shopping.top_up)
    assert "直充" not in str(await shopping.texts())


async def test_after_a_matter_is_over_another_number_is_offered_its_own_matters(shopping: Shopping) -> None:
    await shopping.come(shopping.top_up)
    await shopping.tells(shopping.card)
    text, part = await shopping.last()
    assert shopping.card in text
    lost = next(one["id"] for one in part["options"] if one["label"] == LOST)
    seq = (await shopping.said())[-1].seq
    await shopping.tells(lost, choice=Choice(seq, lost))
    assert await shopping.order() == shopping.card


async def test_the_button_of_an_older_order_is_about_that_order(shopping: Shopping) -> None:
    await shopping.come(shopping.top_up)
    first = (await shopping.said())[-1]
    (late,) = [one["id"] for one in first.data["assistant"]["options"] if one["label"] == LATE]
    await shopping.tells(f"订单号 {shopping.second}")
    assert (await shopping.last())[1]["order_number"] == shopping.second
    await shopping.tells(late, choice=Choice(first.seq, late))
    assert await shopping.order() == shopping.top_up


async def test_what_comes_of_an_order_is_not_told_of_the_other_that_was_pressed_meanwhile(
    shopping: Shopping, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shopping.come(shopping.card)
    first = (await shopping.said())[-1]
    (lost,) = [one["id"] for one in first.data["assistant"]["options"] if one["label"] == LOST]
    await shopping.tells(shopping.second)
    second = (await shopping.said())[-1]
    brought, pressed = looking_up.bring, Choice(second.seq, lost)

    async def slowly(*args: Any) -> looking_up.Came:
        came = await brought(*args)
        monkeypatch.setattr(looking_up, "bring", brought)
        await shopping.say(lost, customer=shopping.customer, choice=pressed)
        return came

    monkeypatch.setattr(looking_up, "bring", slowly)
    await shopping.tells(lost, choice=Choice(first.seq, lost))
    assert await shopping.order() == shopping.second
    found = "select run -> 'known' ->> 'order.number' from assistance where conversation_id = %(id)s"
    assert await shopping.value(found) == shopping.second


async def test_who_names_orders_and_nothing_else_is_offered_their_matters_twice(shopping: Shopping) -> None:
    await shopping.come(shopping.top_up)
    for number in (shopping.card, shopping.top_up):
        await shopping.tells(number)
        assert (await shopping.last())[1]["order_number"] == number
        assert await shopping.status() == "assisted"
    await shopping.tells(shopping.card)
    assert await shopping.status() == "waiting"


async def test_back_at_the_order_of_the_talk_only_what_fits_its_kind_is_offered(shopping: Shopping) -> None:
    await shopping.come(shopping.top_up)
    await shopping.tells(shopping.card)
    await shopping.tells(shopping.top_up)
    _, part = await shopping.last()
    assert (part["order_number"], [one["label"] for one in part["options"]]) == (shopping.top_up, [LATE])


async def test_matters_wait_a_moment_for_what_the_shop_tells_of_the_order(shopping: Shopping, clock: Clock) -> None:
    await shopping.come(shopping.top_up)
    opened = await shopping.begin(order_number=shopping.card, customer=shopping.customer)
    assert not await shopping.turn()
    await context.fetch(shopping.database, shopping.shops, opened.id)
    assert await shopping.turn()
    assert [one["label"] for one in (await shopping.last())[1]["options"]] == [LOST]
    await shopping.begin(order_number=shopping.card, customer=shopping.customer)
    assert not await shopping.turn()
    await clock.advance(context.AWAITED_FOR)
    assert await shopping.turn(), "the shop is silent"
    assert len((await shopping.last())[1]["options"]) == 2


async def test_only_what_fits_the_order_s_kind_is_offered(shopping: Shopping) -> None:
    for order, label in ((shopping.top_up, LATE), (shopping.card, LOST)):
        await shopping.come(order)
        assert [one["label"] for one in (await shopping.last())[1]["options"]] == [label]
    await shopping.come(shopping.card, subject=None)
    assert len((await shopping.last())[1]["options"]) == 2, "of a visitor's order nothing is known"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("还有我的卡密没收到", "further"),
        ("好的，还有卡密也没到", "further"),
        ("还有多久到账", None),
        ("还有几天", None),
        ("另外一笔没到", "another"),
        ("不是这个订单", "another"),
        ("另一个问题", None),
        ("换个账号可以吗", None),
        ("这个订单的卡密呢", "same"),
        ("还有这笔的卡密呢", "same"),
        ("就是刚才那个", "same"),
        ("卡密没收到", None),
    ],
)
def test_what_points_at_an_order(words: str, meant: str | None) -> None:
    found = said.first_that_fits(said.evened(words), "which_order")
    assert (found.value if found else None) == meant


async def test_a_further_matter_of_the_only_order_is_not_asked_for_it(shopping: Shopping) -> None:
    """Of a visitor's orders none is known; words that announce nothing further are about the one at hand."""
    await shopping.come(shopping.card, subject=None, words=LATE)
    await shopping.tells(LOST)
    assert await shopping.order() == shopping.card


async def test_of_two_questions_about_two_orders_the_one_that_is_pressed_is_looked_up(shopping: Shopping) -> None:
    late, lost = f"订单号 {shopping.top_up} 充值没到账", f"订单号 {shopping.card} 卡密没收到"
    shopping.finder.says |= {late: shopping.finder.says[LATE], lost: shopping.finder.says[LOST]}
    await shopping.come(shopping.second, words=f"{late}，另外{lost}？")
    offered, option = (await shopping.said())[-1], (await shopping.last())[1]["options"][0]["id"]
    await shopping.tells(option, choice=Choice(offered.seq, option))
    assert await shopping.order() == shopping.top_up


async def test_a_number_typed_where_words_are_asked_for_is_the_answer(talk: Talk) -> None:
    await talk.walks("充错号了", WHICH_ACCOUNT)
    await talk.open("充错号了", order_number="202611230001")
    await talk.say("202611239999")
    assert [one.text for one in await talk.said()][1:] == ["充值到哪个号码？", "好的，202611239999。"]


async def test_what_comes_after_a_person_is_not_told_of_the_order_that_the_assistant_was_called_back_for(
    shopping: Shopping, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shopping.come(shopping.card)
    brought = looking_up.bring

    async def slowly(*args: Any) -> looking_up.Came:
        came = await brought(*args)
        monkeypatch.setattr(looking_up, "bring", brought)
        await shopping.say("转人工", customer=shopping.customer)
        async with shopping.database.transaction() as tx:
            await routing.take(tx, shopping.stage.agent, shopping.id)
            await routing.call_assistant(tx, shopping.stage.agent, shopping.id)
        words = f"{shopping.second} {LOST}"
        shopping.finder.says[words] = shopping.finder.says[LOST]
        await shopping.say(words, customer=shopping.customer)
        return came

    monkeypatch.setattr(looking_up, "bring", slowly)
    await shopping.tells(LOST)
    assert await shopping.order() == shopping.second
    found = "select run -> 'known' ->> 'order.number' from assistance where conversation_id = %(id)s"
    assert await shopping.value(found) == shopping.second


INVALID = "卡密用不了"


@pytest.fixture
async def asked_what_it_says(shopping: Shopping) -> Shopping:
    """阿珍, whose card key does not work; nothing was said of an order yet."""
    shopping.finder.answers(
        INVALID, await publish(shopping.database, "card-key-invalid", INVALID, playbook="card-key-invalid")
    )
    await shopping.come("", words=INVALID)
    assert (await shopping.last())[0] == "兑换时提示的是哪一种？"
    return shopping


async def test_a_number_given_before_it_is_asked_for_is_taken_and_not_asked_for_again(
    asked_what_it_says: Shopping,
) -> None:
    talk = asked_what_it_says
    await talk.tells(talk.card)
    assert (await talk.texts())[-2:] == [f"好的，来看订单 {talk.card}。", "兑换时提示的是哪一种？"]
    await talk.tells("提示已使用")
    assert await talk.order() == talk.card
    assert "是哪一笔订单的卡密" not in "".join(await talk.texts())


@pytest.mark.parametrize("words", ["13812345678", "2026-11-23", "123456", "3"])
async def test_a_telephone_a_day_or_a_short_number_is_taken_for_none(asked_what_it_says: Shopping, words: str) -> None:
    await asked_what_it_says.tells(words)
    assert "来看订单" not in "".join(await asked_what_it_says.texts())
