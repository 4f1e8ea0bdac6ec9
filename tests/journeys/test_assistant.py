"""The assistant, as a customer and the desk meet it: confusion ends in an answer, anger in a person who knows."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.assisting import until_learnt
from tests.journeys.axe import findings
from tests.journeys.fitting import misfits
from tests.journeys.listening import hears, listen, times_said
from tests.journeys.places import Chat, Desk, Office, spaced

pytestmark = pytest.mark.browser

TITLE = "怎么查订单、各状态是什么意思"  # of the article that was meant
TITLES = ("怎么开发票", "忘记密码、忘记账号", "充值没有到账怎么办")


async def test_confusion_ends_in_the_right_answer_and_anger_in_a_person_who_knows_all_of_it(product, open_page) -> None:
    await until_learnt(product)
    await _is_set(Office((await Desk.enter(await open_page(), product, "wang")).page))
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.ask_the_assistant()
    await expect(page.get_by_role("heading", name="智能助手")).to_be_visible()
    await expect(chat.timeline).to_contain_text("不是真人。今天活动多，请慢慢说。")
    await listen(page)
    await chat.say("我的单子")
    await hears(page, "都不是，转人工")  # what is offered is read out with the question
    choices = chat.timeline.get_by_role("list", name="可选的回答")
    await expect(choices.get_by_role("button", name="都不是，转人工")).to_be_visible()
    assert await findings(page) + await misfits(page) == []
    await choices.get_by_role("button", name=TITLE, exact=True).press("Enter")
    await expect(choices.get_by_text(f"已选：{TITLE}")).to_be_visible()
    await expect(chat.timeline.get_by_role("link", name="阅读全文")).to_be_visible()
    await chat.button("有帮助").press("Enter")
    await hears(page, "很高兴能帮到您")
    assert [await times_said(page, words) for words in ("都不是，转人工", "很高兴能帮到您")] == [1, 1]

    await chat.say("你们就是骗子，我要投诉")
    await expect(chat.queue).to_contain_text("排队号")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("访客")
    told = xiaomei.conversation.get_by_role("list", name="智能助手交接")
    await expect(told).to_contain_text("用户不满")
    await expect(told).to_contain_text(f"已展示：{TITLE}（有帮助）")
    await xiaomei.reply("您好，我看到前面的内容了")
    await expect(page.get_by_role("heading", name="小美")).to_be_visible()


async def test_of_several_questions_at_once_none_is_lost(product, open_page) -> None:
    await until_learnt(product)
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.ask_the_assistant()
    await chat.say("发票怎么开，另外怎么改密码，还有我的充值没到账")
    choices = chat.timeline.get_by_role("list", name="可选的回答")
    await expect(choices.get_by_role("button")).to_have_text([*TITLES, "都不是，转人工"])
    assert await findings(page) + await misfits(page) == []
    await choices.get_by_role("button", name=TITLES[0], exact=True).press("Enter")
    await expect(choices.get_by_text(f"已选：{TITLES[0]}")).to_be_visible()
    await expect(choices.last.get_by_role("button")).to_have_text([*TITLES[1:], "转人工"])
    assert await findings(page) + await misfits(page) == []
    await choices.last.get_by_role("button", name="转人工").press("Enter")
    await expect(chat.queue).to_contain_text("排队号")
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    await expect(xiaomei.offers).to_contain_text("没有到账 · 充值")
    await xiaomei.accept("访客")
    told = xiaomei.conversation.get_by_role("list", name="智能助手交接")
    await expect(told).to_contain_text("问题：操作 充值 · 结果 没有到账")
    await expect(told).to_contain_text("还没有回应：“怎么改密码”；“我的充值没到账”")


async def test_the_code_that_an_answer_names_is_sent_where_it_is_read_and_brings_its_people(product, open_page) -> None:
    await until_learnt(product)
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.ask_the_assistant()
    await chat.say("怎么开发票")
    await expect(chat.timeline).to_contain_text("咨询代码 DD")
    await chat.say("dd")
    await expect(chat.queue).to_contain_text("排队号")
    await expect(chat.timeline.get_by_text("已识别咨询代码 DD：订单咨询")).to_have_count(1)
    await expect(page.get_by_role("heading", name="订单咨询")).to_be_visible()
    assert await findings(page) + await misfits(page) == []


async def _is_set(office: Office) -> None:
    await office.page.goto(office.page.url.split("/desk")[0] + "/desk/admin/assistant")
    await office.page.get_by_role("switch", name="开启智能助手").set_checked(True)
    await office.page.get_by_role("textbox", name=re.compile("^问候语")).fill("今天活动多，请慢慢说。")
    await office.page.get_by_role("button", name=spaced("保存")).press("Enter")
    await expect(office.page.get_by_text("已保存", exact=True).last).to_be_visible()
    assert await findings(office.page) == []
