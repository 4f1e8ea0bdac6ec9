"""Articles beside an agent's reply: what fits the customer's last question and the words typed, and a search."""

from __future__ import annotations

import pytest

from mashang.knowledge import editing
from mashang.knowledge.article import ArticleDraft, Text


@pytest.fixture
async def articles(app, database):
    made = {}
    written = {"arrival": ("充值没有到账怎么办", "先看**订单**。"), "refund": ("怎么申请退款", "点申请售后。")}
    for key, (title, body) in written.items():
        async with database.transaction() as tx:
            draft = ArticleDraft(key=key, texts={"zh-CN": Text(title, body)})
            one = await editing.create(tx, None, draft)
            made[key] = (await editing.publish(tx, None, one.public_id, version=one.version)).public_id
    await app.state.parts.knowledge.look()
    return made


async def titles(page, path):
    answer = await page.get(path)
    assert answer.status_code == 200, answer.text
    return [one["title"]["text"] for one in answer.json()]


async def test_the_customers_last_question_suggests_articles_and_the_words_typed_come_first(
    committed, desk, articles, database
):
    floor = committed.floor
    xiaomei = await desk("xiaomei")
    found = await committed.conversation(floor.recharge, agent=floor.xiaomei)
    async with database.transaction() as tx:
        await tx.run(
            """
            insert into entry (conversation_id, seq, prev_public, at, audience, author, kind, text, data)
            select c.id, said.seq, 0, app_now(), 'everyone', 'customer', 'text', said.text, said.data::jsonb
            from conversation c, (values
                (900, '我的充值没到账', null),
                (902, '怎么申请退款', '{"choice": {"seq": 901, "id": "none"}}')  -- a button, not a question
            ) said (seq, text, data)
            where c.public_id = %s
            """,
            (found,),
        )
    path = f"/desk/conversations/{found}/articles"
    assert await titles(xiaomei, path) == ["充值没有到账怎么办"]
    assert await titles(xiaomei, f"{path}?typed=tuikuan") == ["怎么申请退款", "充值没有到账怎么办"]
    assert await titles(xiaomei, f"{path}?of=900") == ["充值没有到账怎么办"]
    assert await titles(xiaomei, f"{path}?of=901") == []
    assert (await (await desk("aqiang")).get(path)).status_code == 404


async def test_a_search_answers_with_words_to_insert_and_the_address_customers_read(desk, articles):
    xiaomei = await desk("xiaomei")
    (one,) = (await xiaomei.get("/desk/knowledge/search?q=czmy")).json()
    assert (one["title"]["text"], one["title"]["marks"]) == ("充值没有到账怎么办", [[0, 4]])
    assert one["text"] == "先看订单。"
    assert one["address"] == f"http://cs.example/help/{articles['arrival']}?lang=zh-CN"
    for nothing in ("", "😀", "怎么养猫", "%27%3B--"):
        assert await titles(xiaomei, f"/desk/knowledge/search?q={nothing}") == []
    assert (await xiaomei.get(f"/desk/knowledge/search?q={'x' * 3000}")).status_code in {400, 422}


async def test_only_the_staff_search_and_a_flood_is_told_to_wait(browser, desk, articles, no_refill):
    assert (await browser().get("/desk/knowledge/search?q=cz")).status_code == 401
    xiaomei = await desk("xiaomei")
    for _ in range(60):
        await xiaomei.get("/desk/knowledge/search?q=cz")
    assert (await xiaomei.get("/desk/knowledge/search?q=cz")).status_code == 429


async def test_a_withdrawn_article_is_no_longer_offered(app, desk, articles, database):
    xiaomei = await desk("xiaomei")
    assert await titles(xiaomei, "/desk/knowledge/search?q=tuikuan") == ["怎么申请退款"]
    async with database.transaction() as tx:
        await editing.withdraw(tx, None, articles["refund"], version=2)
    await app.state.parts.knowledge.look()
    assert await titles(xiaomei, "/desk/knowledge/search?q=tuikuan") == []
