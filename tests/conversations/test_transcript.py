"""A conversation as a text to keep."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mashang.conversations import timeline
from mashang.conversations import transcript as transcripts
from mashang.conversations.entry import Author, NewEntry, view
from mashang.conversations.happened import happened
from mashang.conversations.transcript import About, Reader, transcript
from mashang.kit import i18n
from mashang.kit.db import Database
from tests import scene
from tests.running import ROOT

CHINA = Reader("zh-CN", timedelta(hours=8))
NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


@pytest.fixture
async def about(database: Database) -> About:
    async with database.transaction() as tx:
        built = await scene.build(tx)
        opened = await built.served(tx)
        await tx.run("update clock_offset set ahead = %s - now()", (NOW - timedelta(hours=12),))
        said = {"conversation_id": opened.id}
        await timeline.append(tx, timeline.event(opened.id, "queued", department={"name": "充值"}, number=7))
        await timeline.append(tx, timeline.event(opened.id, "context", staff_only=True, status="ok"))
        await timeline.append(tx, NewEntry(**said, author=Author("customer"), author_id=1, text="两行\n第二行"))
        await tx.run("update clock_offset set ahead = %s - now()", (NOW,))
        agent = Author("agent", built.agent.public_id, built.agent.name)
        mine = {**said, "author": agent, "author_id": built.agent.id}
        await timeline.append(tx, NewEntry(**mine, text="密码是 ******"))
        await timeline.append(tx, NewEntry(**mine, audience="staff", text="别告诉他"))
        await timeline.append(tx, NewEntry(**mine, kind="file", data={"name": "截图.png", "picture": True}))
        head = await tx.value("select head from conversation where id = %s", (opened.id,))
    return About(opened.id, "abc", head, NOW - timedelta(hours=12), "充值问题 (CZ)", "小店客服")


async def _text(database: Database, about: About, reader: Reader = CHINA) -> str:
    return "".join([piece async for piece in transcript(database, about, reader, NOW)])


async def test_it_says_who_said_what_when_and_nothing_that_only_staff_read(database, about) -> None:
    assert await _text(database, about) == (
        "小店客服 · 咨询记录\n"
        "咨询：充值问题 (CZ)\n"
        "开始：2026-11-21 23:30\n"
        "保存：2026-11-22 11:30（时间均为 UTC+08:00）\n"
        "编号：abc\n"
        "\n2026-11-21\n"
        "23:30  已进入“充值”队列，排队号 A0007\n"
        "23:30  我：两行\n"
        "       第二行\n"
        "\n2026-11-22\n"
        "11:30  小美：密码是 ******\n"
        "11:30  小美：[图片] 截图.png\n"
    )


async def test_it_is_in_the_readers_language_and_time(database, about) -> None:
    text = await _text(database, about, Reader("en", timedelta(hours=-5)))
    assert "Saved: 2026-11-21 22:30 (all times are UTC-05:00)" in text
    assert "22:30  小美: [picture] 截图.png" in text


async def test_what_the_assistant_offered_to_choose_from_stands_in_it_and_in_what_pages_read(database, about) -> None:
    options = [{"id": "article:a", "label": "充值没有到账"}, {"id": "none", "label": "都不是"}]
    data = {"assistant": {"kind": "choices", "options": options}}
    author = Author("assistant")
    entry = NewEntry(conversation_id=about.conversation_id, author=author, text="您问的是？", data=data)
    async with database.transaction() as tx:
        posted = await timeline.append(tx, entry)
    told = msgspec.structs.replace(about, head=posted.seq)
    assert "智能助手：您问的是？\n       - 充值没有到账\n       - 都不是\n" in await _text(database, told)
    assert view(posted, "everyone").text == "您问的是？\n- 充值没有到账\n- 都不是"
    assert posted.text == "您问的是？"


async def test_a_long_one_is_written_page_by_page_and_ends_with_a_word(database, about, monkeypatch) -> None:
    monkeypatch.setattr(transcripts, "MOST", 3)
    pieces = [piece async for piece in transcript(database, about, CHINA, NOW)]
    assert pieces[-1] == "\n记录太长，只保存了最前面的 3 条。\n"
    assert "截图" not in "".join(pieces)


def test_the_page_and_the_transcript_say_what_happened_in_the_same_words() -> None:
    for locale in i18n.LOCALES:
        page = {
            key: text
            for name in (locale, f"talk.{locale}")
            for key, text in json.loads((ROOT / f"web/customer/src/catalogue/{name}.json").read_text("utf-8")).items()
        }
        events = {key.removeprefix("event."): text for key, text in page.items() if key.startswith("event.")}
        ours = i18n.catalogue(locale)
        assert events == {key.removeprefix("event_"): ours[key] for key in ours if key.startswith("event_")}


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"name": "opened"}, "您请求了人工客服"),
        (
            {"name": "opened", "topic": {"code": "CZ", "name": "充值"}, "order_number": "QN1"},
            "已识别咨询代码 CZ：充值 · 订单 QN1",
        ),
        (
            {"name": "opened", "topic": {"code": "CZ", "name": "充值"}, "typed": "cz1"},
            "已为您接入【充值】（代码 CZ，您输入的是“cz1”）",
        ),
        ({"name": "opened", "assisted": True}, "咨询已开始"),
        ({"name": "assisted", "greets": True}, None),
        ({"name": "assisted"}, "智能助手正在为您服务，随时可以转人工"),
        ({"name": "assigned", "agent": "小美"}, "客服 小美 已接入，为您服务"),
        ({"name": "transferred", "to_department": {"name": "售后"}}, "已转到“售后”，您不用重复描述问题"),
        ({"name": "proved", "order_number": "QN1"}, "订单 QN1 已验证，客服可以告知您它的状态"),
        (
            {"name": "returned", "reason": "absent", "agent": "小美"},
            "客服小美暂时断线了，正在为您安排其他客服；排队号和位置都保留",
        ),
        (
            {
                "name": "shop_action",
                "action": "resend",
                "state": "done",
                "by": "agent",
                "agent": "小美",
                "to_masked": "138****5678",
            },
            "客服 小美 已补发 · 发往 138****5678",
        ),
        (
            {"name": "shop_action", "action": "reissue", "state": "refused", "by": "customer", "text": "没货了"},
            "换发卡密：店铺没有执行。没货了",
        ),
        (
            {"name": "shop_action", "action": "resend", "state": "unknown", "by": "customer"},
            "补发：店铺还没有确认，正在核实，不会重复执行",
        ),
        ({"name": "closed", "by": "customer", "waiting": True}, "您离开了排队"),
        ({"name": "closed", "by": "agent"}, "客服结束了本次咨询"),
        ({"name": "reopened", "by": "customer", "place": "kept"}, "您回到了排队，原来的位置还在"),
        ({"name": "reopened", "by": "agent"}, "客服继续了本次咨询"),
        ({"name": "recalled"}, "客服撤回了一条消息"),
        ({"name": "colleague_joined", "agent": "王店长", "watches": True}, "主管 王店长 加入会话"),
        ({"name": "something new"}, None),
    ],
)
def test_what_happened_is_a_sentence(facts, told) -> None:
    assert happened(facts, "zh-CN") == told
