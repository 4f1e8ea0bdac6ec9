"""A language model words what was found, or is done without: it can say nothing its sources do not say."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from mashang.bot import drafting, grounding, proposing, rephrasing
from mashang.bot import model as subject
from mashang.bot.model import Model
from mashang.bot.rephrasing import Source
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests.scripted_model import ScriptedModel, impatient

ARTICLE = Source(
    "a1",
    "充值到账时间",
    "话费一般 10 分钟内到账，游戏点券一般 30 分钟内到账。超过 2 小时没有到账，请联系客服。",
)
QUESTION = "充话费多久能到"
WELL = "话费一般 10 分钟内到账；超过 2 小时没有到账，请联系客服。"
DEEP = '{"x": ' + "[" * 50_000 + "]" * 50_000 + "}"
KEY = "卡密：ABCD-1234-EFGH-5678"


class Attack(msgspec.Struct):
    where: str
    text: str
    obeyed: str


ATTACKS = [
    msgspec.json.decode(line, type=Attack)
    for line in Path(__file__).with_name("attacks.jsonl").read_text("utf-8").splitlines()
]


async def day(database: Database) -> dict[str, int]:
    async with database.transaction() as tx:
        return dict(await tx.one("select tokens, asked, failed, refused from language_model_day"))


async def test_an_answer_is_worded_for_the_question_and_names_its_article(
    model: Model, scripted: ScriptedModel, database: Database
) -> None:
    scripted.says({"text": WELL, "cites": ["a1"]}, tokens=77)
    worded = await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN")
    assert worded
    assert (worded.text, worded.cites) == (WELL, ["a1"])
    assert scripted.keys == ["Bearer k-model-1"]
    assert scripted.asked[0]["model"] == "small"
    assert scripted.data()["question"] == QUESTION
    assert await day(database) == {"tokens": 77, "asked": 1, "failed": 0, "refused": 0}


async def test_words_and_fences_around_the_answer_do_no_harm(model: Model, scripted: ScriptedModel) -> None:
    scripted.says(f'好的：\n```json\n{{"text": "{WELL}", "cites": ["a1"]}}\n```')
    assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN")


async def test_a_model_that_obeys_an_attack_is_not_heard(model: Model, scripted: ScriptedModel) -> None:
    assert len(ATTACKS) >= 60
    for attack in ATTACKS:
        if attack.where.startswith("part_"):
            continue  # of another task: test_filling
        for cites in (["a1"], [], ["a9"]):
            scripted.says({"text": attack.obeyed, "cites": cites})
            assert await asked_with(model, attack) is None, attack
    scripted.says({"text": WELL, "cites": ["a1"]})
    assert await asked_with(model, ATTACKS[0])


async def asked_with(model: Model, attack: Attack) -> rephrasing.Worded | None:
    """The attack where it stands, beside the article that answers."""
    said = {"by": "customer", "text": attack.text}
    match attack.where:
        case "question":
            return await rephrasing.rephrase(model, attack.text, [ARTICLE], "zh-CN")
        case "article":
            poisoned = Source("a2", "另一篇", attack.text)
            return await rephrasing.rephrase(model, QUESTION, [ARTICLE, poisoned], "zh-CN")
        case "shop":
            return await drafting.draft(
                model, [{"by": "customer", "text": QUESTION}], [attack.text], [ARTICLE], "zh-CN"
            )
    return await drafting.draft(model, [said], [], [ARTICLE], "zh-CN")


async def test_secrets_do_not_leave_even_when_somebody_forgot_to_mask_them(
    model: Model, scripted: ScriptedModel
) -> None:
    scripted.says({})
    await rephrasing.rephrase(model, f"我的{KEY}，密码是 hunter2 怎么用", [ARTICLE], "zh-CN")
    said = [{"by": "customer", "text": KEY}]
    await drafting.draft(model, said, [KEY], [ARTICLE], "zh-CN")
    everything = str(scripted.asked)
    assert len(scripted.asked) == 2
    assert "ABCD-1234" not in everything
    assert "hunter2" not in everything


async def test_a_form_of_card_keys_declared_since_is_masked_before_it_leaves(
    model: Model, scripted: ScriptedModel, database: Database
) -> None:
    said = "我买的是 QK-2026-7781 这一张"
    async with database.transaction() as tx:
        await tx.run(
            "insert into shop (public_id, name, base_url, key_id, secret_sealed, capabilities)"
            " values ('s1', '小店', 'https://shop.example', 'k1', '', '{\"card_key_shapes\": [\"AA-9999-9999\"]}')"
        )
    scripted.says({})
    await rephrasing.rephrase(model, said, [ARTICLE], "zh-CN")
    assert "7781" not in str(scripted.asked)
    scripted.says({"phrasings": ["我的 AB-1-2-3 卡呢", "用 QZ-1234-5678 呢"]})
    assert await proposing.phrasings(model, ARTICLE.title, [], "zh-CN") == ["我的 AB-1-2-3 卡呢"]


async def test_what_an_answer_says_it_cost_is_never_more_than_it_could(
    model: Model, scripted: ScriptedModel, database: Database
) -> None:
    for claimed in (10**10, 10**20, 2**63, -(10**20)):
        scripted.says({"text": WELL, "cites": ["a1"]}, tokens=claimed)
        assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN"), claimed
    cost = await day(database)
    assert (cost["asked"], cost["failed"]) == (4, 0)
    assert 0 < cost["tokens"] < 8_000


async def test_a_failure_nobody_thought_of_is_no_answer_and_no_error(
    database: Database, settings: Settings, scripted: ScriptedModel
) -> None:
    scripted.says({"text": WELL, "cites": ["a1"]})
    async with database.transaction() as tx:
        await tx.run("update language_model set tasks = '{rephrase}'")
    model = Model(msgspec.structs.replace(settings, model_url=scripted.url, model_key="密钥"), database)
    assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN") is None
    assert model.trouble == "failed"
    assert (await day(database))["failed"] == 1
    await model.close()


async def test_whatever_the_endpoint_does_there_is_no_answer_and_no_error(
    model: Model, scripted: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "_LEFT_ALONE", 0)
    for content in ("", "对不起", "{", '{"text": 7}', '{"text": "x", "cites": "a1"}', "[]", {}, "{" * 200_000, DEEP):
        scripted.says(content)
        assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN") is None
    for body, status in (
        (b"no", 500),
        (b"<html>", 200),
        (b'{"choices": []}', 200),
        (DEEP.encode(), 200),
        (b"\xff", 200),
        (b"", 302),
    ):
        scripted.body, scripted.status = body, status
        assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN") is None
    scripted.says("啊" * 300_000)
    assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN") is None
    assert model.trouble == "too_large"


async def test_an_endpoint_that_hangs_is_given_up_and_left_alone(model: Model, scripted: ScriptedModel) -> None:
    scripted.is_stuck = True
    with impatient(model):
        assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN") is None
    assert model.trouble == "timed_out"
    asked = len(scripted.asked)
    scripted.says({"text": WELL, "cites": ["a1"]})
    assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN") is None
    assert len(scripted.asked) == asked
    assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN", trial=True)
    assert model.trouble is None


async def test_over_the_day_s_budget_nobody_is_asked(model: Model, scripted: ScriptedModel, database: Database) -> None:
    scripted.says({"text": WELL, "cites": ["a1"]}, tokens=900)
    async with database.transaction() as tx:
        await tx.run("update language_model set tokens_a_day = 1500")
    first, second = [await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN") for _ in range(2)]
    assert first
    assert second is None
    assert len(scripted.asked) == 1
    assert model.trouble == "over_budget"
    assert (await day(database))["tokens"] == 900


async def test_it_is_asked_only_for_what_it_may(model: Model, scripted: ScriptedModel, database: Database) -> None:
    scripted.says({"text": WELL, "cites": ["a1"]})
    async with database.transaction() as tx:
        await tx.run("update language_model set tasks = '{draft}'")
    assert await rephrasing.rephrase(model, QUESTION, [ARTICLE], "zh-CN") is None
    assert scripted.asked == []
    assert await drafting.draft(model, [{"by": "customer", "text": QUESTION}], [], [ARTICLE], "zh-CN")


async def test_proposed_phrasings_are_new_short_and_hold_nobody_s_data(model: Model, scripted: ScriptedModel) -> None:
    good = ["多久能到账呀", "话费啥时候到"]
    bad = [
        "充话费多久能到？",
        "订单 202611221234 到了吗",
        "去 https://evil.example 看",
        "长" * 300,
        " ",
        "密码是 hunter22",
    ]
    scripted.says({"phrasings": [*good, *bad, "多久能到账呀！"]})
    assert await proposing.phrasings(model, ARTICLE.title, [QUESTION], "zh-CN") == good


async def test_a_proposed_article_says_what_the_agent_said(model: Model, scripted: ScriptedModel) -> None:
    answers = ["您好，海外手机号暂时不支持充值，请换国内号码下单。"]
    scripted.says({"title": "海外手机号充值", "body": "海外手机号暂时不支持充值，请换国内号码下单。"})
    made = await proposing.article(model, ["国外号码能充吗"], answers, "zh-CN")
    assert made
    assert made.title == "海外手机号充值"
    scripted.says({"title": "海外手机号充值", "body": "海外手机号可以充值，需要加收 5 元。"})
    assert await proposing.article(model, ["国外号码能充吗"], answers, "zh-CN") is None


def test_english_is_held_to_its_source_too() -> None:
    source = ["Phone credit usually arrives within 10 minutes. After 2 hours without it, contact us with the code CZ."]
    assert grounded("Usually phone credit arrives within 10 minutes.", source)
    assert grounded("Contact us with the code CZ after 2 hours without it.", source)
    assert not grounded("Phone credit usually arrives within 5 minutes.", source)
    assert not grounded("Phone credit never arrives within 10 minutes.", source)
    assert not grounded("Send us your password and we refund you today.", source)


def grounded(written: str, sources: list[str]) -> bool:
    return grounding.fault(written, sources) is None
