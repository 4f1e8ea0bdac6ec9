"""Why it went where it went, in sentences."""

from __future__ import annotations

import pytest

from mashang.desk import trace
from mashang.kit.db import Json

ROUTED = {
    "agent": "小丽", "why": "turn", "load": 1, "capacity": 3, "waited": 12, "behind": 1,
    "over": {"busy": {"number": 5, "names": ["甲", "乙", "丙"]}, "tier": {"number": 1, "names": ["丁"]}},
}  # fmt: skip
PLACED = {"department": "充值", "number": 7, "required_tier": 2, "skills": ["退款", "英语"], "priority": 2}


MOVED = {"by": "小美", "to_department": "充值", "from_department": "充值", "to_tier": 3}
CHOSEN = (
    "派给小丽，符合要求的人里级别够用、手上最少、空闲最久（正在接待 1 个，上限 3 个；用户已等待 12 秒）"
    "。没有派给：已接满：甲、乙、丙等 5 人；级别不够：丁；有空但排在后面：1 人"
)
SAID = [
    (
        "offered", ROUTED, "zh-CN",
        CHOSEN,
    ),
    (
        "offered", {**ROUTED, "behind": 0, "over": {}}, "en",
        "Offered to 小丽, the only one free who meets the need (serving 1 of 3; the customer had waited 12 s)",
    ),
    (
        "placed", PLACED, "zh-CN",
        "进入“充值”排队，排队号 A0007；需要高级或专家；需要技能：退款、英语" + "；享有优先，当作早来 10 分钟排队",
    ),
    ("placed", {"department": "充值", "number": 7}, "en", "Waits in “充值” with number A0007"),
    ("transferred_to_tier", MOVED, "zh-CN", "小美把会话转给“充值”的专家客服"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "facts", "locale", "said"), SAID)
async def test_a_supervisor_reads_a_sentence(floor, what, facts, locale, said) -> None:
    made = await floor.conversation(floor.recharge)
    await floor.tx.run(
        "insert into routing_trace (conversation_id, at, what, facts) values (%s, app_now(), %s, %s)",
        (await floor.row(made), what, Json(facts)),
    )
    lines = await trace.trace(floor.tx, floor.xiaomei, made, locale)
    assert said in [line.sentence for line in lines]


async def test_of_one_that_waits_the_last_line_says_why_nobody_has_it_yet(floor) -> None:
    made = await floor.conversation(floor.recharge)
    last = (await trace.trace(floor.tx, floor.xiaomei, made, "zh-CN"))[-1]
    assert last.what == "now"
    assert last.sentence.startswith("现在还没有人接。部门里在线 0 人。不在：")
    await floor.tx.run(
        "insert into offer (conversation_id, agent_id, offered_at, expires_at)"
        " values (%s, %s, app_now(), app_now() + interval '1 minute')",
        (await floor.row(made), floor.xiaomei.id),
    )
    last = (await trace.trace(floor.tx, floor.xiaomei, made, "zh-CN"))[-1]
    assert last.sentence == "现在正等小美应答"
