"""What the language model may do is set in the desk; where it stands is not, and its key is told to nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mashang.bot import turns
from mashang.bot.turns import Turn
from mashang.conversations import timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.kit.db import Database, Json
from mashang.kit.settings import Settings, _demand_endpoint, load
from mashang.kit.trouble import Trouble
from mashang.knowledge import editing, starting
from mashang.knowledge.article import ArticleDraft, Text
from mashang.shops import contract
from mashang.shops.questions import Ask, OwnOrder
from mashang.shops.snapshot import Context, Snapshot
from tests import scene
from tests.channels.conftest import Desk, Served, served  # noqa: F401 — the fixture
from tests.scripted_model import ScriptedModel

WORDED = "话费一般 10 分钟内到账。"
SAID = "亲，海外手机号暂时不支持充值，请换国内号码下单哦。"


@pytest.fixture
def settings(settings: Settings, scripted: ScriptedModel) -> Settings:
    return msgspec.structs.replace(
        settings, model_url=scripted.url, model_name="small", model_key="k-model-1", model_timeout=30.0
    )


async def an_operator(served: Served) -> Desk:  # noqa: F811 — the fixture
    async with served.database.transaction() as tx:
        await scene.an_agent(tx, "boss", "店长", role="operator")
    return await served.agent("boss")


async def test_an_operator_sets_what_it_may_do_and_tries_it(
    served: Served,  # noqa: F811 — the fixture
    scripted: ScriptedModel,
) -> None:
    desk = await an_operator(served)
    shown = await desk.http.get("/admin/language-model")
    assert shown.json() == {
        "host": "127.0.0.1", "model": "small", "tasks": ["draft", "propose"], "tokens_a_day": 200_000,
        "days": [],
    }  # fmt: skip
    scripted.says({"text": WORDED, "cites": ["1"]}, tokens=42)
    tried = (await desk.http.post("/admin/language-model/test")).json()
    assert tried == {"ok": True, "text": WORDED, "detail": ""}
    set_to = {"tasks": ["rephrase", "draft"], "tokens_a_day": 40}
    kept = (await desk.http.put("/admin/language-model", json=set_to)).json()
    assert (kept["tasks"], kept["tokens_a_day"]) == (["draft", "rephrase"], 40)
    assert [(day["tokens"], day["asked"]) for day in kept["days"]] == [(42, 1)]
    over = (await desk.http.post("/admin/language-model/test")).json()
    assert over["ok"] is False
    assert "额度" in over["detail"]
    assert "k-model-1" not in shown.text + str(kept)


async def test_a_test_says_what_is_wrong(served: Served, scripted: ScriptedModel) -> None:  # noqa: F811 — the fixture
    desk = await an_operator(served)

    async def said() -> str:
        return str((await desk.http.post("/admin/language-model/test")).json()["detail"])

    scripted.says({"text": "话费 1 分钟到账", "cites": ["1"]})
    assert "资料里没有" in await said()
    scripted.says("不会")
    assert "格式" in await said()
    scripted.status = 401
    assert "401" in await said()


async def test_only_operators_set_it_and_only_to_what_there_is(served: Served) -> None:  # noqa: F811 — the fixture
    operator = await an_operator(served)
    for wrong in ({"tasks": ["obey"], "tokens_a_day": 1}, {"tasks": [], "tokens_a_day": -1}):
        assert (await operator.http.put("/admin/language-model", json=wrong)).status_code == 422
    async with served.database.transaction() as tx:
        await tx.run("update agent set role = 'agent'")
    assert (await operator.http.get("/admin/language-model")).status_code == 403
    assert (await operator.http.post("/admin/language-model/test")).status_code == 403


def test_an_address_with_a_key_in_it_is_refused_without_repeating_it() -> None:

    with pytest.raises(ValueError, match="MASHANG_MODEL_URL") as refused:
        _demand_endpoint("MASHANG_MODEL_URL", "https://me:k-secret@host/v1", "https://HOST/v1")
    assert "k-secret" not in str(refused.value)


@pytest.mark.parametrize("name", ["MASHANG_MODEL_KEY", "MASHANG_VOICE_KEY"])
@pytest.mark.parametrize("written", ["密钥123", "sk-ａｂｃ", "k-1 ", "k\n2", "k-1”"])
def test_a_key_that_cannot_be_sent_is_refused_in_both_languages(tmp_path: Path, name: str, written: str) -> None:
    with pytest.raises(Trouble) as refused:
        load({name: written}, home=tmp_path)
    told = [refused.value.sentence(locale) for locale in ("zh-CN", "en")]
    assert all(name in one and written not in one for one in told)
    assert "不能有空格" in told[0]
    assert "without spaces" in told[1]
    assert load({name: "sk-A1_b.2~/+="}, home=tmp_path)


@pytest.fixture
async def starters(database: Database) -> None:
    """The starter knowledge, there before the product starts."""
    async with database.transaction() as tx:
        await starting.load(tx, None, ())


@pytest.mark.usefixtures("starters")
async def test_an_agent_asks_for_a_draft_and_only_of_a_conversation_they_may_see(
    served: Served,  # noqa: F811 — the fixture
    scripted: ScriptedModel,
) -> None:
    desk = await served.agent()
    page = await served.visitor()
    opened = await page.open(text="充话费多久能到账，我很急")
    assert (await desk.http.get("/desk/drafting")).json() == {"available": True, "phrasings": True}
    scripted.says({})
    nothing = (await desk.http.post(f"/desk/conversations/{opened['id']}/draft")).json()
    assert nothing == {"text": "", "articles": []}
    known = scripted.data()["articles"]
    assert scripted.data()["said"][-1] == {"by": "customer", "text": "充话费多久能到账，我很急"}
    scripted.says({"text": known[0]["text"].splitlines()[0], "cites": [known[0]["id"]]})
    drafted = (await desk.http.post(f"/desk/conversations/{opened['id']}/draft")).json()
    assert drafted["text"]
    assert drafted["articles"] == [{"id": known[0]["id"], "title": known[0]["title"]}]
    assert (await desk.http.post("/desk/conversations/nothere/draft")).status_code == 404


@pytest.mark.usefixtures("starters")
async def test_a_draft_is_made_knowing_what_stands_beside_the_conversation(
    served: Served,  # noqa: F811 — the fixture
    scripted: ScriptedModel,
) -> None:
    desk, page = await served.agent(), await served.visitor()
    opened = await page.open(text="充话费多久能到账，我很急")
    await _snapshot(served.database, opened["id"], note="卡密：ABCD-1234-EFGH-5678")
    scripted.says({})
    await desk.http.post(f"/desk/conversations/{opened['id']}/draft")
    shop = scripted.data()["shop"]
    assert "order.number: QN202611220001" in shop
    assert "order.status_text: 已付款" in shop
    assert "account.tier: VIP" in shop
    assert "林小姐" not in str(shop)
    assert "ABCD-1234" not in str(scripted.asked)


async def _snapshot(database: Database, conversation: str, *, note: str) -> None:
    at = datetime.now(UTC)
    price = contract.Money("50.00", "CNY")
    delivery = contract.Delivery(kind="top_up", state="waiting")
    line = contract.OrderLine(id="1", product=note, quantity=1, price=price, delivery=delivery)
    order = OwnOrder(
        number="QN202611220001", placed_at=at, status="paid", status_text="已付款", total=price, lines=[line]
    )
    account = contract.Account(subject="u1", name="林小姐", tier="VIP")
    asked = Ask(shop_id=None, subject=None, order_number=None, parts=[])
    kept = Snapshot(ask=asked, seen=Context(order=order, account=account))
    async with database.transaction() as tx:
        await tx.run(
            """
            insert into context_snapshot (conversation_id, status, data, asked_at)
            select id, 'complete', %s, app_now() from conversation where public_id = %s
            on conflict (conversation_id) do update set status = 'complete', data = excluded.data
            """,
            (Json(kept), conversation),
        )


async def test_phrasings_are_proposed_after_what_customers_wrote(
    served: Served,  # noqa: F811 — the fixture
    scripted: ScriptedModel,
) -> None:
    boss = await an_operator(served)
    heard = {"冲话费要等多久啊": "answered", "我的 50 元啥时候来": "wrong", "咋还不到": "instead", "到账慢死了": "gap"}
    async with served.database.transaction() as tx:
        made, other = [
            await editing.create(tx, None, ArticleDraft(texts={"zh-CN": Text(title, "十分钟。")}))
            for title in ("到账时间", "另一篇")
        ]
        for words, how in heard.items():
            visitor = await scene.a_visitor(tx, served.stage.site)
            begun = await served.stage.conversation(tx, customer_id=visitor.id)
            said = await timeline.append(
                tx, NewEntry(conversation_id=begun.id, author=Author("customer"), author_id=visitor.id, text=words)
            )
            if how == "gap":
                await tx.run(
                    "with g as (insert into gap (public_id, status, article_id, decided_at)"
                    " values ('g1', 'filled', %s, app_now()) returning id)"
                    " insert into gap_question (conversation_id, question_seq, gap_id, kind, locale, words, folded,"
                    " asked_at) select %s, %s, id, 'unanswered', 'zh-CN', %s, 'x', app_now() from g",
                    (made.id, begun.id, said.seq, words),
                )
                continue
            shown = other if how == "instead" else made
            turn = Turn(
                conversation_id=begun.id, question_seq=said.seq, seq=said.seq + 1, move="answer", band="answer",
                articles=[shown.public_id],
            )  # fmt: skip
            await turns.keep(tx, turn)
            verdict = (
                "insert into assistant_verdict (conversation_id, seq, said_by, verdict, article, instead, agent_id)"
            )
            if how == "wrong":
                await tx.run(
                    f"{verdict} values (%s, %s, 'customer', 'not_helpful', 'x', null, null)", (begun.id, said.seq + 1)
                )
            if how == "instead":
                await tx.run(
                    f"{verdict} values (%s, %s, 'agent', 'corrected', 'x', %s, %s)",
                    (begun.id, said.seq + 1, made.public_id, served.stage.agent.id),
                )
    scripted.says({"phrasings": ["话费多久到呀"]})
    proposed = await boss.http.post(f"/desk/knowledge/articles/{made.public_id}/propose", json={"locale": "zh-CN"})
    assert proposed.json() == ["话费多久到呀"]
    assert set(scripted.data()["heard"]) == {"冲话费要等多久啊", "咋还不到", "到账慢死了"}
    await boss.http.post(f"/desk/knowledge/articles/{made.public_id}/propose", json={"locale": "en"})
    assert scripted.data()["heard"] == []


@pytest.mark.usefixtures("starters")
async def test_an_editor_is_proposed_phrasings_which_nobody_stores(
    served: Served,  # noqa: F811 — the fixture
    scripted: ScriptedModel,
) -> None:
    boss, agent = await an_operator(served), await served.agent()
    (article,) = (await boss.http.get("/desk/knowledge/articles", params={"q": "怎么充值", "limit": 1})).json()[
        "articles"
    ][:1]
    path = f"/desk/knowledge/articles/{article['id']}"
    before = len((await boss.http.get(path)).json()["phrasings"])
    scripted.says({"phrasings": ["第一次来不会弄，咋充呀", "密码是 hunter22"]})
    proposed = await boss.http.post(f"{path}/propose", json={"locale": "zh-CN"})
    assert proposed.json() == ["第一次来不会弄，咋充呀"]
    assert len((await boss.http.get(path)).json()["phrasings"]) == before
    assert (await agent.http.post(f"{path}/propose", json={"locale": "zh-CN"})).status_code == 403


async def test_a_gap_s_draft_is_worded_from_what_the_agents_said(
    served: Served,  # noqa: F811 — the fixture
    scripted: ScriptedModel,
) -> None:
    boss = await an_operator(served)
    async with served.database.transaction() as tx:
        visitor = await scene.a_visitor(tx, served.stage.site)
        begun = await served.stage.conversation(tx, customer_id=visitor.id)
        await tx.run("insert into gap (public_id) values ('gap1')")
        await tx.run(
            "insert into gap_question (conversation_id, question_seq, gap_id, kind, locale, words, folded, asked_at)"
            " select %s, 0, id, 'unanswered', 'zh-CN', '海外手机号能充吗', '海外手机号能充吗', app_now() from gap",
            (begun.id,),
        )
        author = Author("agent", served.stage.agent.public_id, "小美")
        said = NewEntry(conversation_id=begun.id, author=author, author_id=served.stage.agent.id, text=SAID)
        await timeline.append(tx, said)
    scripted.says({"title": "海外手机号充值", "body": "海外手机号暂时不支持充值，请换国内号码下单。"})
    filled = await boss.http.post("/desk/knowledge/gaps/gap1/fill", json={"words": ["海外手机号能充吗"]})
    made = (await boss.http.get(f"/desk/knowledge/articles/{filled.json()['article']}")).json()
    assert made["texts"]["zh-CN"]["title"] == "海外手机号充值"
    assert scripted.data()["answers"] == [SAID]
