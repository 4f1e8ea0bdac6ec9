"""Who waits without a code waits for the people of what the assistant understood it to be about."""

from __future__ import annotations

import pytest

from mashang import routing
from mashang.bot import library
from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.staff import departments
from mashang.staff.departments import Department, DepartmentDraft

from .network import ASKED, SOURCE
from .talking import Talk, publish

CODE = "SH"
BROKEN = "东西坏了"


@pytest.fixture
async def aftersale(talk: Talk) -> Department:
    """A second department; who comes without a code is the first one's."""
    async with talk.database.transaction() as tx:
        made = await departments.create(tx, None, DepartmentDraft("售后", "After-sale", 1))
        await topics.create(tx, None, TopicDraft(code=CODE, name="售后维权", department=made.public_id), {})
    return made


@pytest.fixture
async def broken(talk: Talk, aftersale: Department) -> str:
    """An article of its code that is surely the answer; its public id."""
    found = await publish(talk.database, "broken", "东西坏了怎么办", codes=[CODE])
    talk.finder.answers(BROKEN, found)
    return found


async def waits_for(talk: Talk) -> str:
    sql = "select d.name from queue_place q join department d on d.id = q.department_id where conversation_id = %(id)s"
    return str(await talk.value(sql))


async def test_the_department_of_the_answers_code(talk: Talk, broken: str) -> None:
    await talk.open(BROKEN)
    await talk.say("转人工")
    assert await waits_for(talk) == "售后"
    assert await talk.value("select d.name from conversation c join department d on d.id = department_id") == "售后"


async def test_a_press_on_a_person_goes_the_same_way(talk: Talk, broken: str) -> None:
    await talk.open(BROKEN)
    async with talk.database.transaction() as tx:
        await routing.ask_for_a_person(tx, talk.stage.customer, talk.id)
    assert await waits_for(talk) == "售后"


async def test_the_articles_own_department_comes_before_its_code(talk: Talk, aftersale: Department) -> None:
    first = talk.stage.department.public_id
    talk.finder.answers(BROKEN, await publish(talk.database, "broken", "坏了", codes=[CODE], departments=[first]))
    await talk.open(BROKEN)
    await talk.say("转人工")
    assert await waits_for(talk) == "充值"


async def test_what_may_be_several_things_is_nobodys_matter_yet(talk: Talk, broken: str, articles) -> None:
    talk.finder.answers("不一样的事", articles["slow"], articles["card-lost"], band="suggest")
    await talk.open(BROKEN)
    await talk.say("不一样的事")
    await talk.press("none")
    assert await waits_for(talk) == "充值"


ASKING_FOR_A_NUMBER = (
    SOURCE[: SOURCE.index("  which:")]
    + """
  which:
    ask: text
    number: true
    into: account
    text: {zh-CN: 请发一下账号。, en: Which account?}
    next: person
  person:
    hand_over: {zh-CN: 账号要人工看, en: A person looks at the account}
"""
)


@pytest.mark.parametrize(
    ("source", "answer"), [(ASKING_FOR_A_NUMBER, "小米13的账号"), (ASKING_FOR_A_NUMBER, "13900001111")]
)
async def test_what_a_playbook_takes_as_its_answer_leaves_it_the_same_matter(
    talk: Talk, aftersale: Department, articles: dict[str, str], source: str, answer: str
) -> None:
    async with talk.database.transaction() as tx:
        await library.save(tx, talk.stage.agent, source, seen=0)
        await library.publish(tx, talk.stage.agent, "network", 1)
    talk.finder.answers(ASKED, await publish(talk.database, "network", ASKED, playbook="network", codes=[CODE]))
    talk.finder.answers(answer, articles["slow"], articles["card-lost"], band="suggest")
    await talk.open(ASKED)
    await talk.say(answer)
    assert await waits_for(talk) == "售后"


async def test_nothing_understood_is_for_those_without_a_code(talk: Talk, aftersale: Department) -> None:
    await talk.open("转人工")
    assert await waits_for(talk) == "充值"


async def test_a_code_knows_better_than_the_assistant(talk: Talk, broken: str) -> None:
    async with talk.database.transaction() as tx:
        draft = TopicDraft(code="CZ", name="充值", department=talk.stage.department.public_id, answers_with="template",
                           answer_text="稍等几分钟")  # fmt: skip
        await topics.create(tx, None, draft, {})
    await talk.open(entrance="code", code="CZ")
    await talk.say(BROKEN)
    await talk.say("转人工")
    assert await waits_for(talk) == "充值"


async def test_a_playbook_hands_over_to_the_people_of_its_article(talk: Talk, aftersale: Department) -> None:
    found = await publish(talk.database, "frozen", "账号冻结", codes=[CODE], playbook="account-frozen")
    talk.finder.answers("账号被冻结了", found)
    await talk.open("账号被冻结了")
    await talk.say("转人工")
    assert await waits_for(talk) == "售后"


async def test_it_stays_with_those_who_called_the_assistant_back(talk: Talk, broken: str) -> None:
    await talk.open("转人工")
    async with talk.database.transaction() as tx:
        await routing.take(tx, talk.stage.agent, talk.id)
        await routing.call_assistant(tx, talk.stage.agent, talk.id)
    await talk.say(BROKEN)
    await talk.say("转人工")
    assert await waits_for(talk) == "充值"


async def test_a_department_that_is_gone_is_nobodys(talk: Talk, broken: str, aftersale: Department) -> None:
    await talk.open(BROKEN)
    async with talk.database.transaction() as tx:
        await tx.run("delete from topic where code = %s", (CODE,))
        await departments.archive(tx, None, aftersale)
    await talk.say("转人工")
    assert await waits_for(talk) == "充值"


async def test_the_summary_says_nothing_twice(talk: Talk, broken: str) -> None:
    await talk.open(BROKEN)
    await talk.say("转人工")
    assert "about" not in (await talk.events("handed_over"))[0]
