"""A model may point at the parts no rule found, in the customer's own words, and nothing it says itself is one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

import pytest

from mashang.bot import filling
from mashang.bot.filling import Filled
from mashang.bot.model import Model
from mashang.conversations import recalling
from mashang.conversations.entry import Author
from mashang.kit.db import Database
from mashang.routing import summary
from tests.scripted_model import ScriptedModel, impatient

from .talking import Talk, publish
from .test_model import ATTACKS, Attack, day

SAID = ["吃完午饭那会儿给娃那个号弄了点", "啥也没见着，单子尾巴是 qn2026112200017", "是冰露月卡"]
ALL = ("time", "action", "result", "order_number", "product")
OF_PARTS = [one for one in ATTACKS if one.where.startswith("part_")]


@pytest.fixture
async def may_fill(database: Database, model: Model) -> Model:
    async with database.transaction() as tx:
        await tx.run("update language_model set tasks = '{statement}'")
    return model


async def filled(model: Model, said: Sequence[str] = SAID, wanted: Sequence[str] = ALL) -> Filled:
    return await filling.fill(model, said, [], wanted, "zh-CN")


async def test_each_part_is_the_customers_own_words(may_fill: Model, scripted: ScriptedModel) -> None:
    scripted.says(
        {
            "time": "吃完午饭那会儿",
            "action": "给娃那个号弄了点",
            "result": "啥也没见着",
            "order_number": "QN2026112200017",
            "product": "冰露月卡",
        }
    )
    found = await filled(may_fill)
    assert (found.time, found.action, found.result) == ("吃完午饭那会儿", "给娃那个号弄了点", "啥也没见着")
    assert (found.order_number, found.product) == ("qn2026112200017", "冰露月卡")
    assert (await day(may_fill._db))["refused"] == 0


@pytest.mark.parametrize(
    ("part", "pointed", "kept"),
    [
        ("result", "退款已经批准", ""),
        ("result", "见着", "啥也没见着"),
        ("order_number", "20261122", ""),
        ("order_number", "冰露月卡", ""),
        ("action", "弄", ""),
        ("time", "吃完\u202e午饭", ""),
        ("time", "吃完午饭那会儿 " * 20, ""),
        ("product", "冰露年卡", ""),
    ],
    ids=["invented", "not cut off", "piece of a number", "no number", "too short", "override", "long", "another"],
)
async def test_what_was_not_said_so_is_dropped_and_counted(
    may_fill: Model, scripted: ScriptedModel, part: str, pointed: str, kept: str
) -> None:
    scripted.says({part: pointed})
    assert getattr(await filled(may_fill), part) == kept
    assert (await day(may_fill._db))["refused"] == (kept == "")


async def test_what_was_not_asked_for_is_not_taken(may_fill: Model, scripted: ScriptedModel) -> None:
    scripted.says({"time": "吃完午饭那会儿", "result": "啥也没见着"})
    found = await filled(may_fill, wanted=["result"])
    assert found == Filled(result="啥也没见着")


async def test_a_model_that_obeys_an_attack_fills_nothing(may_fill: Model, scripted: ScriptedModel) -> None:
    assert {one.where for one in OF_PARTS} == {"part_said", "part_shop", "part_article"}
    for attack in OF_PARTS:
        scripted.says(dict.fromkeys(ALL, attack.obeyed))
        assert await _asked_with(may_fill, attack) == filling.NONE, attack


async def _asked_with(model: Model, attack: Attack) -> Filled:
    said, about = ([attack.text], []) if attack.where == "part_said" else (SAID, [attack.text])
    return await filling.fill(model, said, about, ALL, "zh-CN")


async def test_garbage_leaves_every_part_to_be_asked(may_fill: Model, scripted: ScriptedModel) -> None:
    for content in ("不会", '{"time": 7}', "[]", {"time": None}, {"time": ["吃完午饭那会儿"]}):
        scripted.says(content)
        assert await filled(may_fill) == filling.NONE, content


# ── in a turn ───────────────────────────────────────────────────────────────

DETAILED = "我用支付宝买的冰露月卡出幺蛾子了"  # no rule reads the result
MISSING = {
    "time": "收到。大概是什么时候的事？有订单号也请发来。也可以直接转人工。",
    "result": "收到。结果是怎样的：没有到账、用不了，还是别的？也可以直接转人工。",
}


async def test_only_the_part_that_is_still_missing_is_asked(
    talk: Talk, may_fill: Model, scripted: ScriptedModel
) -> None:
    talk.model = may_fill
    scripted.says({"result": "出幺蛾子了"})
    await talk.open(DETAILED)
    assert (await talk.last())[0] == MISSING["time"]
    assert scripted.data()["said"] == [DETAILED]
    assert set(scripted.data()["wanted"]) == {"time", "result", "order_number"}
    await talk.say("转人工")
    told = (await talk.events("handed_over"))[0]
    assert told["statement"]["result"] == {"zh-CN": "“出幺蛾子了”", "en": "“出幺蛾子了”"}
    assert "“出幺蛾子了”" in "\n".join(summary.lines(told, "zh-CN"))
    assert "filled" not in told


@pytest.mark.parametrize("how", ["off", "slow", "lying", "over budget", "none is named"])
async def test_without_it_the_missing_part_is_asked(
    talk: Talk, may_fill: Model, scripted: ScriptedModel, database: Database, how: str
) -> None:
    talk.model = talk.model if how == "none is named" else may_fill
    scripted.says({"result": "已经退款"})
    scripted.is_stuck = how == "slow"
    async with database.transaction() as tx:
        await tx.run("update language_model set tasks = %s", (["draft"] if how == "off" else ["statement"],))
        await tx.run("update language_model set tokens_a_day = %s", (0 if how == "over budget" else 100_000,))
    with impatient(may_fill) if how == "slow" else nullcontext():
        await talk.open(DETAILED)
    assert (await talk.last())[0] == MISSING["result"]
    assert len(scripted.asked) == (how in ("slow", "lying"))


async def test_what_was_taken_back_is_not_filled_in_any_more(
    talk: Talk, may_fill: Model, scripted: ScriptedModel, database: Database
) -> None:
    talk.model = may_fill
    scripted.says({"result": "出幺蛾子了"})
    await talk.open(DETAILED)
    seq = next(one.seq for one in await talk.entries() if one.text == DETAILED)
    by = Author("customer", talk.stage.customer.public_id)
    async with database.transaction() as tx:
        await recalling.recall(tx, talk.id, seq, by, talk.stage.customer.id)
    await talk.say("支付宝付的，帮我看看吧")
    await talk.say("转人工")
    assert "幺蛾子" not in str(await talk.events("handed_over"))


async def test_nobody_who_wants_a_person_waits_for_it_and_no_known_part_is_asked_for(
    talk: Talk, may_fill: Model, scripted: ScriptedModel
) -> None:
    talk.model = may_fill
    await talk.open("转人工")
    assert await talk.status() == "waiting"
    assert scripted.asked == []


async def test_a_playbook_knows_the_order_that_only_a_model_saw(
    talk: Talk, may_fill: Model, scripted: ScriptedModel
) -> None:
    talk.model = may_fill
    asked = "上次那单 qn2026112200017 的货呢"
    scripted.says({"order_number": "QN2026112200017"})
    article = await publish(talk.database, "late-too", "充值没到", playbook="recharge-not-arrived")
    talk.finder.answers(asked, article)
    await talk.open(asked)
    known = "select run -> 'known' ->> 'answer.order' from assistance where conversation_id = %(id)s"
    assert await talk.value(known) == "qn2026112200017"
