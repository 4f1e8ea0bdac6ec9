"""What a customer wrote becomes a phrasing in one click: added by editors, proposed by others, never unmasked."""

from __future__ import annotations

import pytest

from mashang.knowledge import editing, reading
from mashang.knowledge.article import ArticleDraft, Text


@pytest.fixture
async def asked(committed, database):
    """A conversation of the recharge department in which a customer asked; and an article that is published."""
    async with database.transaction() as tx:
        floor = committed.floor
        floor.tx = tx
        conversation = await floor.conversation(floor.recharge)
        made = await editing.create(tx, None, ArticleDraft(texts={"zh-CN": Text("充值没到账", "看订单")}))
        await editing.publish(tx, None, made.public_id, version=1)
        number = await tx.value("select id from conversation where public_id = %s", (conversation,))
        for seq, author, kind, audience in ((91, "customer", "text", "everyone"), (92, "system", "event", "staff")):
            await tx.run(
                "insert into entry (conversation_id, seq, prev_public, at, author, kind, text, audience, data)"
                " values (%s, %s, 0, app_now(), %s, %s, '钱呢', %s, '{}')",
                (number, seq, author, kind, audience),
            )
    return f"/desk/conversations/{conversation}/entries", made.public_id


async def test_an_editor_adds_an_agent_proposes_and_it_counts_when_accepted(asked, desk, database):
    base, article = asked
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    body = {"text": "钱呢", "locale": "zh-CN", "article": article}
    proposed = (await xiaomei.post(f"{base}/91/phrasing", body)).json()
    assert (proposed["title"], proposed["added"]["added"][0]["source"]) == ("充值没到账", "proposed")
    again = (await xiaomei.post(f"{base}/91/phrasing", body)).json()
    assert (again["added"]["added"], again["added"]["known"]) == ([], ["钱呢"])
    added = (await chen.post(f"{base}/91/phrasing", body)).json()["added"]["added"][0]
    assert added["source"] == "conversation"
    async with database.transaction() as tx:
        assert (await reading.by_id(tx, article)).phrasings == {"zh-CN": ("钱呢",)}


async def test_only_an_editor_begins_an_article_with_it(asked, desk):
    base, _ = asked
    chen, xiaomei = await desk("chen"), await desk("xiaomei")
    body = {"text": "激活码怎么用啊", "locale": "zh-CN", "article": None}
    assert (await xiaomei.post(f"{base}/91/phrasing", body)).status_code == 403
    begun = (await chen.post(f"{base}/91/phrasing", body)).json()
    assert begun["title"] == "激活码怎么用啊"
    whole = (await chen.get(f"/desk/knowledge/articles/{begun['article']}")).json()
    assert (whole["status"], [one["text"] for one in whole["phrasings"]]) == ("draft", ["激活码怎么用啊"])


async def test_secrets_typed_into_it_are_masked_and_only_customers_words_are_taken(asked, desk):
    base, article = asked
    chen, aqiang = await desk("chen"), await desk("aqiang")
    body = {"text": "我的密码是 hunter2secret 登不上", "locale": "zh-CN", "article": article}
    told = (await chen.post(f"{base}/91/phrasing", body)).json()["added"]["added"][0]["text"]
    assert "hunter2secret" not in told
    assert (await chen.post(f"{base}/92/phrasing", body)).status_code == 404
    assert (await chen.post(f"{base}/93/phrasing", body)).status_code == 404
    assert (await aqiang.post(f"{base}/91/phrasing", body)).status_code == 404, "another department's conversation"
    assert (await chen.post(f"{base}/91/phrasing", {**body, "article": "nosuch"})).status_code == 404
    assert (await chen.post(f"{base}/91/phrasing", {**body, "text": "长" * 201})).status_code in (400, 422)
