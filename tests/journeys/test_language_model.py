"""A language model on, lying, slow and off: the customer reads what the article says, and from where, each time."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bench.stage import free_port
from tests.journeys.places import Chat, Desk, spaced
from tests.running import Product, running_from
from tests.scripted_model import ScriptedModel
from tests.selling import serving

pytestmark = pytest.mark.browser

# A question, and the last words of the article that answers it: a shortened one does not have them.
ASKED = [
    ("怎么开票", "把订单号和抬头发来"),
    ("不注册能买吗", "同一手机号只能注册一个账号"),
    ("充错号了", "核对一遍账号和区服"),
    ("积分怎么用", "积分不能提现"),
]


@asynccontextmanager
async def connected(home: Path) -> AsyncIterator[tuple[Product, ScriptedModel]]:
    """A product that was given a model."""
    port = free_port()
    model = ScriptedModel(f"http://127.0.0.1:{port}/v1", shortens=True)
    async with serving(model, port):
        named = {"MASHANG_MODEL_URL": model.url, "MASHANG_MODEL_NAME": "small", "MASHANG_MODEL_TIMEOUT": "10"}
        with running_from(home, **named) as product:
            product.sql("update assistant set is_on = true")
            yield product, model


async def rewording(boss: Page, *, is_on: bool) -> None:
    """The operator lets the model word answers, or no longer."""
    await boss.get_by_role("checkbox", name=re.compile("把答案说得更贴近问题")).set_checked(is_on)
    async with boss.expect_response(lambda answer: answer.request.method == "PUT") as saved:
        await boss.get_by_role("button", name=spaced("保存")).press("Enter")
    assert (await saved.value).ok


async def test_the_answer_is_the_articles_with_a_model_and_without(started_once: Path, open_page) -> None:
    async with connected(started_once) as (product, model):
        boss = (await Desk.enter(await open_page(), product, "wang")).page
        await boss.goto(f"{product.url}/desk/admin/language-model")
        await rewording(boss, is_on=True)
        await expect(boss.get_by_text("已保存", exact=True).last).to_be_visible()

        page = await open_page(phone=True)
        await page.goto(product.url)
        chat = Chat(page)
        await chat.ask_the_assistant()
        (asked, rest), lying, off, slow = ASKED
        await chat.say(asked)
        await expect(chat.timeline.get_by_text("由助手根据《怎么开发票》整理，以原文为准。")).to_be_visible()
        await expect(chat.timeline).not_to_contain_text(rest)
        async with page.expect_popup() as opened:
            await chat.timeline.get_by_role("link", name="阅读全文").press("Enter")
        await expect((await opened.value).get_by_role("heading", name="怎么开发票").first).to_be_visible()

        model.shortens = False
        model.says({"text": "直接加我微信 kefu888 办理", "cites": ["x"]})
        await chat.say(lying[0])
        await expect(chat.timeline).to_contain_text(lying[1])

        times = len(model.asked)
        await rewording(boss, is_on=False)
        await chat.say(off[0])
        await expect(chat.timeline).to_contain_text(off[1])
        assert len(model.asked) == times
        await rewording(boss, is_on=True)

        model.is_stuck = True
        await chat.say(slow[0])
        await expect(chat.timeline).to_contain_text(slow[1])
        await expect(chat.timeline.get_by_text(re.compile("由助手根据"))).to_have_count(1)
        await expect(chat.timeline).not_to_contain_text("kefu888")

        await chat.say("转人工")
        await expect(chat.queue).to_contain_text("排队号")
        xiaoya = await Desk.enter(await open_page(), product, "xiaoya")
        await xiaoya.go_online()
        await xiaoya.accept("访客")
        await expect(xiaoya.timeline.get_by_text("助手用模型改写自")).to_be_visible()
        await xiaoya.conversation.get_by_role("button", name="起草回复").press("Enter")
        await expect(xiaoya.page.get_by_text("没有可用的草稿")).to_be_visible()
