"""The topics of the demo shop: the codes the articles name, three more it needs, and one whose time is over.

Does not: make the departments; `staff.demo` does, and tells their public ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from mashang.codes import topics
from mashang.codes.code import Topic
from mashang.codes.topics import TopicDraft
from mashang.kit.db import Tx
from mashang.shops.questions import PARTS

RECHARGE, AFTER_SALE, FEATURES, GENERAL = "充值", "售后", "功能咨询", "人工服务"  # as in staff.demo

_ORDER = ["account", "order", "payment", "shipments", "orders", "incidents"]
# (draft, name of the department)
_TOPICS = (
    (
        TopicDraft(
            code="CZ",
            name="充值问题",
            name_en="Recharge",
            department="",
            icon="recharge",
            position=0,
            greeting="您好，这里是充值客服。请先说说遇到了什么情况，截图也可以直接发，专员接入后马上能看到。",
            greeting_en="Hello, this is recharge support. Tell us what happened: the specialist sees it at once.",
            aliases=["充值", "充值问题", "充值失败", "充值没到账", "充值未到账", "未到账"],
            context=_ORDER,
        ),
        RECHARGE,
    ),
    (
        TopicDraft(
            code="KM",
            name="卡密问题",
            name_en="Card keys",
            department="",
            icon="card",
            position=1,
            greeting="您好，卡密没收到或用不了都可以在这里说。请不要把完整卡密发出来，我们看得到发放记录。",
            greeting_en="Hello! Tell us if a card key is missing or does not work. Please do not send the key itself: "
            "we can see the record of its delivery.",
            aliases=["卡密", "卡密问题", "卡密未到账", "卡密无效", "没收到卡密"],
            context=_ORDER,
        ),
        RECHARGE,
    ),
    (
        TopicDraft(
            code="DD",
            name="订单咨询",
            name_en="Orders",
            department="",
            icon="order",
            position=2,
            greeting="您好，想了解订单的什么？可以先写在这里，客服接入后马上能看到。",
            greeting_en="Hello! What would you like to know about the order? Whoever answers sees it at once.",
            aliases=["订单", "订单咨询", "查订单", "查单", "查询订单", "订单异常"],
            context=_ORDER,
            takes_reference=True,
        ),
        RECHARGE,
    ),
    (
        TopicDraft(
            code="SH",
            name="售后维权",
            name_en="After-sale",
            department="",
            icon="shield",
            position=3,
            greeting="您好，让您费心了。售后专员会跟进到底，您可以先写下发生了什么，截图也可以直接发。",
            greeting_en="Hello, we are sorry for the trouble. An after-sale specialist will see this through. "
            "Feel free to tell us what happened, and to send screenshots.",
            aliases=["售后", "售后维权", "退款", "投诉", "维权"],
            context=_ORDER,
        ),
        AFTER_SALE,
    ),
    (
        TopicDraft(
            code="GN",
            name="功能使用",
            name_en="How it works",
            department="",
            icon="question",
            position=4,
            greeting="您好，想用哪个功能、卡在哪一步？告诉我们，马上帮您弄好。",
            greeting_en="Hello! What would you like to do, and where are you stuck? We will sort it out.",
            aliases=["功能", "功能使用", "怎么用", "使用帮助"],
            context=["account", "incidents"],
        ),
        FEATURES,
    ),
    (
        TopicDraft(
            code="ZK",
            name="折扣活动",
            name_en="Offers",
            department="",
            icon="gift",
            position=5,
            greeting="您好，正在进行的优惠都在这里，想了解哪一个？",
            greeting_en="Hello! Which of the current offers would you like to know more about?",
            aliases=["折扣", "折扣活动", "优惠", "优惠活动", "活动"],
            context=["account", "promotions"],
        ),
        FEATURES,
    ),
    (
        TopicDraft(
            code="24H",
            name="人工服务",
            name_en="Talk to a person",
            department="",
            icon="headset",
            position=6,
            greeting="您好，请先说说您的问题，人工客服接入后马上能看到。",
            greeting_en="Hello! Please tell us what this is about: whoever answers sees it at once.",
            aliases=["人工", "人工服务", "人工客服", "转人工"],
            context=_ORDER,
        ),
        GENERAL,
    ),
    (
        TopicDraft(
            code="WL",
            name="物流查询",
            name_en="Parcels",
            department="",
            icon="order",
            position=8,
            greeting="您好，包裹到哪里了，客服接入后和您看到的是同一份物流。想改地址、催派送，都可以直接说。",
            greeting_en="Hello! Whoever answers sees the same track of your parcel as you do. Just say what you need.",
            aliases=["物流", "物流查询", "查物流", "快递", "查快递", "包裹", "快递到哪了"],
            context=_ORDER,
            takes_reference=True,
            shown=False,
        ),
        AFTER_SALE,
    ),
    (
        TopicDraft(
            code="HD618",
            name="年中大促",
            name_en="Mid-year sale",
            department="",
            icon="gift",
            position=7,
            aliases=["年中大促"],
            context=["account", "promotions"],
            expires_at=datetime(2026, 6, 30, 16, tzinfo=UTC),
        ),
        FEATURES,
    ),
)

DEMO_CODES = frozenset(draft.code for draft, _ in _TOPICS)


async def create_demo_topics(tx: Tx, departments: Mapping[str, str]) -> list[Topic]:
    """Make the topics; `departments` are public ids by name, as the demo's staff has them."""
    made = []
    for draft, department in _TOPICS:
        draft.department = departments[department]
        made.append(await topics.create(tx, None, draft, PARTS))
    return made
