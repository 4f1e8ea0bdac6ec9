"""Four rules to begin with, as a shop for digital goods needs them first; the demo has them, others choose among them.

Does not: exist for anybody until an operator saves one, or the demo is made.
"""

from __future__ import annotations

import msgspec

from mashang.codes import offer_rules
from mashang.codes.offer_judging import When
from mashang.codes.offer_rules import Promotion, RuleDraft
from mashang.codes.topics import index
from mashang.kit.db import Tx
from mashang.shops.contract import Money


class Starter(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it might be written; `code` names a topic there may be none of."""

    name: str
    name_en: str
    code: str
    text: str
    text_en: str
    when: When
    promotion: Promotion = "none"
    cool_down_days: int


STARTERS = (
    Starter(
        name="余额不足",
        name_en="Low balance",
        code="CZ",
        text="余额不多了，充值遇到问题随时问。",
        text_en="Your balance is low: ask us about topping it up.",
        when=When(balance_below=Money("20.00", "CNY")),
        promotion="wanted",
        cool_down_days=7,
    ),
    Starter(
        name="收货两天后",
        name_en="Two days after delivery",
        code="SH",
        text="买到的东西用着还好吗？",
        text_en="Is everything fine with what you bought?",
        when=When(days_after_delivery=2),
        cool_down_days=30,
    ),
    Starter(
        name="订单异常",
        name_en="Something is wrong",
        code="DD",
        text="您的订单好像遇到了问题，我们来帮您看看。",
        text_en="Something seems to be wrong with your order: let us have a look.",
        when=When(anomalies=["*"], places=["/orders*", "/account*"]),
        cool_down_days=3,
    ),
    Starter(
        name="购买前：对比和适用范围",
        name_en="Before sale: compare, eligibility",
        code="GN",
        text="不确定适不适合您？买之前先问一句。",
        text_en="Not sure whether it fits? Ask before you buy.",
        when=When(places=["/p/*"], before_sale=True),
        cool_down_days=14,
    ),
)


async def create_demo_rules(tx: Tx) -> None:
    """The starters as rules of the demo.

    One is on, for the few whose balance is low; the others are to be tried on its visitors and switched on by whoever
    looks at it.
    """
    codes = (await index(tx)).by_code
    for number, one in enumerate(STARTERS):
        if one.code not in codes:
            continue
        draft = RuleDraft(
            name=one.name,
            code=one.code,
            text=one.text,
            text_en=one.text_en,
            when=one.when,
            promotion=one.promotion,
            cool_down_days=one.cool_down_days,
            position=number * 10,
            is_on=one.when.balance_below is not None,
        )
        await offer_rules.create(tx, None, draft)
