"""A topic's code that is sent to the assistant: what its answers end with, and what nobody may lose."""

from __future__ import annotations

import pytest

from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.staff import departments
from mashang.staff.departments import DepartmentDraft

from .talking import Talk, publish


@pytest.fixture
async def orders(talk: Talk) -> str:
    """The department of DD, another than who answers without a code; its public id."""
    async with talk.database.transaction() as tx:
        made = await departments.create(tx, None, DepartmentDraft("订单", "Orders"))
        for code, name, department in (("CZ", "充值", talk.stage.department), ("DD", "订单咨询", made)):
            draft = TopicDraft(code=code, name=name, department=department.public_id, aliases=[f"{name}问题"])
            await topics.create(tx, None, draft, {})
    return made.public_id


async def stands(talk: Talk) -> tuple[str, str | None, str]:
    """Status, code and department."""
    row = await talk.value(
        "select to_jsonb(x) from (select c.status, c.topic_code, d.public_id from conversation c"
        " join department d on d.id = c.department_id where c.id = %(id)s) x"
    )
    return row["status"], row["topic_code"], row["public_id"]


@pytest.mark.parametrize("said", ["DD", "dd", "ＤＤ", "你好，代码DD", "我要转 DD，谢谢", "【DD】"])
async def test_after_an_answer_a_code_brings_its_people(talk: Talk, articles, orders: str, said: str) -> None:
    talk.finder.answers("网站打不开", articles["slow"])
    await talk.open("网站打不开")
    await talk.say(said)
    assert await stands(talk) == ("waiting", "DD", orders)
    assert [one["topic"]["code"] for one in await talk.events("code_entered")] == ["DD"]
    assert [one["reason"] for one in await talk.events("person_coming")] == ["asked"]
    assert await talk.value("select count(*) from redemption where conversation_id = %(id)s") == 1
    told = await talk.value("select data from entry where conversation_id = %(id)s and data ->> 'name' = 'handed_over'")
    assert told["topic"]["code"] == "DD"


async def test_a_code_with_an_answer_gives_it_first_and_its_people_when_it_is_sent_again(talk: Talk, articles) -> None:
    async with talk.database.transaction() as tx:
        draft = TopicDraft(
            code="WL",
            name="网络",
            department=talk.stage.department.public_id,
            answers_with="article",
            answer_key="slow",
        )
        await topics.create(tx, None, draft, {})
    talk.finder.answers("充值没到账", articles["recharge-late"])
    await talk.open("充值没到账")
    await talk.say("wl")
    assert (await talk.last())[0].startswith("关于网站打不开")
    assert await talk.status() == "assisted"
    await talk.say("WL")
    assert await talk.status() == "waiting"
    assert len(await talk.events("code_entered")) == 1


async def test_as_the_first_word_it_offers_the_matters_of_its_topic(talk: Talk, orders: str) -> None:
    odd = await publish(talk.database, "odd", "订单异常", playbook="order-anomaly", codes=["DD"])
    await talk.open()
    await talk.say("DD")
    assert [one["id"] for one in (await talk.last())[1]["options"]] == [f"diagnose:{odd}"]
    assert await stands(talk) == ("assisted", "DD", orders)
    await talk.say("DD")
    assert (await stands(talk))[0] == "waiting"


async def test_as_the_first_word_with_nothing_to_offer_it_brings_its_people(talk: Talk, orders: str) -> None:
    await talk.open()
    await talk.say("DD")
    assert await stands(talk) == ("waiting", "DD", orders)


async def test_while_a_playbook_asks_it_brings_the_people_of_the_code(talk: Talk, orders: str) -> None:
    await publish(talk.database, "odd", "订单异常", playbook="order-anomaly", codes=["CZ"])
    await talk.open(code="CZ")
    await talk.press((await talk.last())[1]["options"][0]["id"])
    assert await talk.value("select run -> 'playbook' from assistance where conversation_id = %(id)s")
    await talk.say("DD")
    assert await stands(talk) == ("waiting", "DD", orders)


@pytest.mark.parametrize(
    "said", ["订单咨询问题", "我的 DD 卡一直没有到", "DDD", "DD 和 CZ", "GO", "9", "wo yao tui kuan"]
)
async def test_a_name_a_slip_or_a_code_among_words_is_a_question(talk: Talk, orders: str, said: str) -> None:
    await talk.open()
    await talk.say(said)
    assert (await stands(talk))[:2] == ("assisted", None)
    assert await talk.events("code_entered") == []


async def test_while_a_person_serves_or_is_waited_for_a_code_is_a_message(talk: Talk, orders: str) -> None:
    await talk.open(entrance="person")
    await talk.say("DD")
    assert (await stands(talk))[:2] == ("waiting", None)
    assert await talk.events("code_entered") == []


@pytest.mark.parametrize("said", ["DD-29NG-SF8B-ZTVW", "我的代码是 DD-29NG-SF8B-ZTVW，谢谢"])
async def test_the_code_of_an_order_is_its_topics(talk: Talk, articles, orders: str, said: str) -> None:
    odd = await publish(talk.database, "odd", "订单异常", playbook="order-anomaly", codes=["DD"])
    await talk.open()
    await talk.say(said)
    assert (await stands(talk))[:2] == ("assisted", "DD")
    assert [one["id"] for one in (await talk.last())[1]["options"]] == [f"diagnose:{odd}"]
    assert len(await talk.events("code_noted")) == 1


async def test_of_an_orders_code_without_a_topic_it_is_asked_what_is_the_matter(talk: Talk, orders: str) -> None:
    await talk.open()
    await talk.say("29NG-SF8B-ZTVW")
    text, part = await talk.last()
    assert (part["kind"], part["expects"]) == ("ask", "text")
    assert "没有听懂" not in text
    assert (await stands(talk))[:2] == ("assisted", None)


async def test_a_question_beside_an_orders_code_is_looked_for(talk: Talk, articles, orders: str) -> None:
    said = "DD-29NG-SF8B-ZTVW 网站打不开"
    talk.finder.answers(said, articles["slow"])
    await talk.open(said)
    assert (await talk.last())[1]["kind"] == "answer"
