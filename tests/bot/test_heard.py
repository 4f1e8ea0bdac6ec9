"""What customers say in one breath, and in letters, reaches the answer that the plain question reaches."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest

from bench.answer_cases import asked, starter
from mashang.kit.db import Database
from mashang.knowledge import learning, starting
from mashang.knowledge.finder import Answerable, Model
from mashang.knowledge.indexing import Document, Index
from mashang.knowledge.packing import FORM, packed
from mashang.knowledge.serving import Knowledge

from .talking import Talk

ISSUE = "今天14:00用支付宝充值100元点卡,订单号123456,到账失败"
LONG = {
    ISSUE: "recharge-not-arrived",
    "今天14:00用支付宝充值100元点卡,到账失败": "recharge-not-arrived",
    "用支付宝充值100元点卡到账失败": "recharge-not-arrived",
    "昨晚九点半微信付了50块充话费,单号DD20261122018,到现在都没到": "recharge-not-arrived",
    "我上午十点多在你们这用花呗充了648的钻石订单QN261123139091一直没到账": "recharge-not-arrived",
    "11月22号晚上8点，支付宝，200元话费，手机号13900001111，没到账": "recharge-not-arrived",
    "刚才用银行卡冲了30元q币，订单编号20261123001，半小时了还没到": "recharge-not-arrived",
    "下午三点多用微信充了328元的点券，钱扣了号里没有，订单号QN261123777001": "recharge-not-arrived",
    "订单号QN261123000123，昨天18:20支付宝付的98元，买的礼品卡，卡密一直没收到": "card-key-not-received",
    "昨天中午我用微信支付买了张100元的充值卡，卡密到现在都没发给我，订单是QN261122004455": "card-key-not-received",
    "今早8:15支付宝买的50元点卡，单号20261123998，短信里没有卡密": "card-key-not-received",
    "今天10点半用微信花了68元买的激活码，输入提示已被使用，订单号QN261123556677": "card-key-invalid",
    "前天用支付宝买的200元礼品卡，订单号20261121333，卡密激活提示无效": "card-key-invalid",
    "11月20日申请退款的，订单号QN261120009988，金额299元，支付宝付的，钱到现在没退回来": "refund-progress",
    "上周五退的那笔128块，微信付的，订单20261120456，退款几天了还没到": "refund-progress",
    "今天9:30下的单，订单号123456789，用支付宝付了100元，订单还显示未付款": "paid-not-confirmed",
    "刚刚用招行卡付100块点卡，银行卡里的钱扣了两次，订单号QN261123646464": "charged-twice",
    "今天14:05想买一张100元点卡，用微信支付一直付不了，提示支付失败": "cannot-pay",
    "今晚七点多我登录账号13900002222，提示账号被冻结了": "account-frozen",
    "昨天晚上10点用支付宝充200元话费，充错号码了，充到13911112222，订单号QN261122030303": "recharge-wrong-account",
    "今天12:00用支付宝买了满100减20的点卡，优惠券没有抵扣，实付100元，订单号QN261123818181": "promotion-not-applied",
}
PINYIN = {
    "chongzhi meidaozhang": "recharge-not-arrived",
    "chongzhi 100 mei dao zhang": "recharge-not-arrived",
    "充值meidaozhang": "recharge-not-arrived",
    "wo de kami mei shoudao": "card-key-not-received",
    "tuikuan": "refund-progress",
    "tuikuan jindu": "refund-progress",
    "zenme tuikuan": "refund-how",
    "fukuan shibai": "cannot-pay",
    "zhanghao bei dongjie le": "account-frozen",
    "dengrubushang": "login-failed",
    "zenme kai fapiao": "invoice",
    "wo de QQ chongzhi mei dao": "recharge-not-arrived",
    "QQ zhanghao bei dongjie": "account-frozen",
}
OFFERED = {
    "chongzhi": "recharge-not-arrived",
    "czmdz": "recharge-not-arrived",
    "kmmsd": "card-key-not-received",
    "czmdz 100": "recharge-not-arrived",
    "q bi chongzhi duojiu": "recharge-arrival-time",
}


@cache
def learnt() -> Model:
    """The starter knowledge's finder, by the keys of its articles."""
    return learning.learn([Answerable(one.key, one.asked, one.words) for one in starting.starters()])


@pytest.fixture
async def keys(talk: Talk, database: Database) -> dict[str, str]:
    """The starter knowledge is in use, with its real finder; the keys of its articles by their public ids."""
    async with database.transaction() as tx:
        await starting.load(tx, None, [])
        ids = {row["key"]: row["public_id"] for row in await tx.all("select key, public_id from article")}
        model = msgspec.structs.replace(learnt(), ids=tuple(ids[key] for key in learnt().ids))
        await tx.run(
            "insert into knowledge_model (learnt_from, is_calibrated, model) values (%s, true, %s)",
            (f"{FORM}:starter", packed(model)),
        )
    knowledge = Knowledge(database)
    await knowledge.look()
    talk.finder = knowledge  # type: ignore[assignment]  # the product's own
    return {public_id: key for key, public_id in ids.items()}


async def answered(talk: Talk, keys: dict[str, str]) -> list[str]:
    """The keys of the articles that the assistant's turns led to."""
    rows = await talk.value("select jsonb_agg(articles) from assistant_turn where conversation_id = %(id)s")
    return [keys[one] for articles in rows or [] for one in articles]


@pytest.mark.parametrize(("said", "article"), LONG.items())
async def test_time_sum_payment_and_number_hide_no_matter(talk: Talk, keys: dict[str, str], said: str, article: str):
    await talk.open(said)
    assert (await answered(talk, keys))[:1] == [article]
    moves = await talk.value("select jsonb_agg(move) from assistant_turn where conversation_id = %(id)s")
    assert (moves[0] == "choices") == ("申请退款" in said), moves


async def test_the_number_that_was_said_is_looked_up_and_not_asked_for(talk: Talk, keys: dict[str, str]):
    await talk.open(ISSUE)
    run = await talk.value("select run from assistance where conversation_id = %(id)s")
    assert (run["playbook"], run["waits"], run["known"]["answer.order"]) == (
        "recharge-not-arrived", "look_up", "123456",
    )  # fmt: skip
    assert await talk.texts() == []


async def test_without_a_number_only_the_number_is_asked_for(talk: Talk, keys: dict[str, str]):
    await talk.open("用支付宝充值100元点卡到账失败")
    assert await talk.texts() == ["我来查一下。是哪一笔订单没有到账？"]
    facts = await talk.value("select facts from assistance where conversation_id = %(id)s")
    assert facts["statement"]["result"]["zh-CN"] == "没有到账"


@pytest.mark.parametrize(("said", "article"), PINYIN.items())
async def test_pinyin_that_says_it_clearly_is_answered(talk: Talk, keys: dict[str, str], said: str, article: str):
    await talk.open(said)
    assert (await answered(talk, keys))[:1] == [article]
    assert "rephrase" not in await talk.value("select jsonb_agg(why) from assistant_turn where conversation_id=%(id)s")


@pytest.mark.parametrize(("said", "article"), OFFERED.items())
async def test_short_pinyin_and_first_letters_are_offered_what_they_may_mean(
    talk: Talk, keys: dict[str, str], said: str, article: str
):
    await talk.open(said)
    assert (await talk.last())[1]["kind"] == "choices"
    assert article in await answered(talk, keys)


@pytest.mark.parametrize(
    "said", ["asdf", "hjkl", "wo ai ni", "mobile", "game", "li ming", "wang wei", "zhang san", "beijing"]
)
async def test_letters_that_mean_nothing_here_are_not_understood(talk: Talk, keys: dict[str, str], said: str):
    await talk.open(said)
    assert await answered(talk, keys) == []


@pytest.mark.parametrize("said", ["ni hao", "hao de", "xie xie"])
async def test_small_talk_in_pinyin_gets_a_word_and_no_article(talk: Talk, keys: dict[str, str], said: str):
    await talk.open(said)
    assert await answered(talk, keys) == []
    why = await talk.value("select jsonb_agg(why) from assistant_turn where conversation_id = %(id)s")
    assert why[0].startswith("small_")


def test_english_is_never_taken_for_pinyin():
    index = Index(
        [
            Document(article_id=one.key, locale=locale, title=text, body=one.body[locale],
                     phrasings=tuple(one.phrasings[locale]))
            for one in starting.starters() for locale, text in one.title.items()
        ]
    )  # fmt: skip
    english = [text for name, texts in asked("en").items() for text in (name, *texts)]
    english += [text for one in starting.starters() for text in one.phrasings["en"]]
    english += [one.text for one in starter()[1] if one.text.isascii()]
    assert [text for text in english if index.meant(text)] == []
    assert index.meant("chongzhi meidaozhang") is not None
