"""An operator writes a playbook in the desk: refused with its place, a version each time, published, tried."""

from __future__ import annotations

from typing import Any

import msgspec

from mashang.kit.db import Database, Json, Tx
from mashang.knowledge import starting
from mashang.shops.questions import Ask, OwnOrder
from mashang.shops.snapshot import Context, Snapshot
from tests import scene
from tests.bot.diagnosing import WHOLE
from tests.channels.conftest import Desk, Served, served  # noqa: F401 — the fixture
from tests.channels.connected import NUMBER, an_order

BROKEN = WHOLE.replace("    next: where\n", "    next: nowhere\n")


async def signed_in(served: Served, role: str) -> Desk:  # noqa: F811 — the fixture
    async with served.database.transaction() as tx:
        await scene.an_agent(tx, role, "店长", served.stage.department, role=role)
    return await served.agent(role)


async def test_an_operator_saves_publishes_restores_and_withdraws(served: Served) -> None:  # noqa: F811
    desk = (await signed_in(served, "operator")).http
    assert (await desk.put("/admin/playbooks", json={"source": WHOLE, "seen": 0})).status_code == 200
    second = WHOLE.replace("要补发吗", "再发一次吗")
    saved = (await desk.put("/admin/playbooks", json={"source": second, "seen": 1})).json()
    assert [one["version"] for one in saved["versions"]] == [2, 1]
    assert saved["versions"][0]["written_by"] == "店长"
    assert (saved["published"], saved["title"], saved["title_en"]) == (None, "全部", "Whole")
    for version in (2, 1):
        shown = (await desk.put("/admin/playbooks/whole/published", json={"version": version})).json()
        assert shown["published"] == version
    assert (await desk.get("/admin/playbooks/whole/versions/1")).json() == {"source": WHOLE}
    listed = next(one for one in (await desk.get("/admin/playbooks")).json() if one["key"] == "whole")
    assert (listed["title"], listed["runs"], listed["newest"]) == ("全部", "own", 2)
    assert (await desk.delete("/admin/playbooks/whole/published")).json()["published"] is None
    missing = await desk.put("/admin/playbooks/whole/published", json={"version": 3})
    assert missing.status_code == 404
    assert (await desk.get("/admin/playbooks/nothing")).status_code == 404


async def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_saved(served: Served) -> None:  # noqa: F811
    desk = (await signed_in(served, "operator")).http
    refused = await desk.put("/admin/playbooks", json={"source": BROKEN, "seen": 0})
    assert refused.status_code == 422
    assert refused.json()["code"] == "playbook_wrong"
    problem = refused.json()["facts"]["problems"][0]
    assert (problem["line"], problem["path"], problem["code"]) == (19, "steps.look.next", "unknown_step")
    assert problem["told"] == {"zh-CN": "没有“nowhere”这个步骤。", "en": "There is no step “nowhere”."}
    assert (await desk.get("/admin/playbooks/whole")).status_code == 404
    checked = (await desk.post("/admin/playbook-checks", json={"source": BROKEN})).json()
    assert [one["code"] for one in checked["problems"]] == ["unknown_step"]
    fine = (await desk.post("/admin/playbook-checks", json={"source": WHOLE})).json()
    assert fine["problems"] == []
    assert fine["steps"][0] == {
        "name": "which", "does": "ask", "of": "order", "text": {"zh-CN": "哪一笔订单", "en": "Which order"},
        "ways": [{"name": name, "to": to, "text": {}}
            for name, to in (("next", "look"), ("none", "gone"), ("timed_out", "gone"))],
    }  # fmt: skip


async def test_a_code_that_is_not_there_is_refused_with_its_place(served: Served) -> None:  # noqa: F811
    desk = (await signed_in(served, "operator")).http
    source = WHOLE.replace("    act: resend\n    of: order\n", "    act: offer_code\n    code: QQ\n")
    refused = await desk.put("/admin/playbooks", json={"source": source, "seen": 0})
    assert (refused.status_code, refused.json()["code"]) == (422, "playbook_wrong")
    [problem] = refused.json()["facts"]["problems"]
    line = source.splitlines().index("    code: QQ") + 1
    assert (problem["line"], problem["path"], problem["code"]) == (line, "steps.send.code", "unknown_code")
    assert problem["told"]["zh-CN"] == "没有“QQ”这个咨询代码，或它已停用、过期。"
    checked = (await desk.post("/admin/playbook-checks", json={"source": source})).json()
    assert [(one["line"], one["code"]) for one in checked["problems"]] == [(line, "unknown_code")]
    async with served.database.transaction() as tx:
        await tx.run(
            "insert into topic (public_id, code, name, department_id) select 'tqq', 'QQ', '问', min(id) from department"
        )
    assert (await desk.post("/admin/playbook-checks", json={"source": source})).json()["problems"] == []
    assert (await desk.put("/admin/playbooks", json={"source": source, "seen": 0})).status_code == 200
    async with served.database.transaction() as tx:
        await tx.run("update topic set expires_at = app_now()")
    assert (await desk.put("/admin/playbooks", json={"source": source, "seen": 1})).status_code == 422


async def test_a_way_has_its_buttons_words_and_an_article_its_title(served: Served) -> None:  # noqa: F811
    desk = (await signed_in(served, "operator")).http
    await desk.post("/desk/knowledge/starter", json={})
    lines = {one["key"]: one for one in (await desk.get("/admin/playbooks")).json()}
    titles = [one["title"] for one in lines["balance-query"]["articles"]]
    [told] = [one.title for one in starting.starters() if one.playbook == "balance-query"]
    assert titles == [told]
    steps = (await desk.get("/admin/playbooks/balance-query")).json()["steps"]
    [asked] = [one for one in steps if one["name"] == "told"]
    assert asked["ways"][0] == {"name": "options.0.next", "to": "good", "text": {"zh-CN": "对的", "en": "Yes"}}


async def test_two_who_save_at_once_do_not_lose_each_other_s(served: Served) -> None:  # noqa: F811
    desk = (await signed_in(served, "operator")).http
    await desk.put("/admin/playbooks", json={"source": WHOLE, "seen": 0})
    late = await desk.put("/admin/playbooks", json={"source": WHOLE, "seen": 0})
    assert (late.status_code, late.json()["code"], late.json()["facts"]) == (409, "playbook_moved", {"newest": 1})


async def test_nonsense_is_refused_and_no_error(served: Served) -> None:  # noqa: F811
    desk = (await signed_in(served, "operator")).http
    for text in ("x" * 70_000, "\x00", "[" * 60_000, "a: &a [*a]", ""):
        checked = await desk.post("/admin/playbook-checks", json={"source": text})
        assert checked.status_code == 422 or checked.json()["problems"], checked.text
        tried = await desk.post("/admin/playbook-trials", json={"source": text, "conversation": "nobody"})
        assert tried.status_code == 422, tried.text


async def test_supervisors_read_and_agents_do_not(served: Served) -> None:  # noqa: F811
    watching = (await signed_in(served, "supervisor")).http
    assert (await watching.get("/admin/playbooks")).status_code == 200
    assert (await watching.put("/admin/playbooks", json={"source": WHOLE, "seen": 0})).status_code == 403
    agent = (await served.agent("xiaomei")).http
    assert (await agent.get("/admin/playbooks")).status_code == 403
    assert (await agent.post("/admin/playbook-checks", json={"source": WHOLE})).status_code == 403


async def _past(tx: Tx, served: Served, *said: str) -> str:  # noqa: F811
    """A conversation of then: its order had failed, and the customer said this."""
    found = await served.stage.conversation(tx, order_number=NUMBER)
    told = an_order(NUMBER, status="failed")
    order = msgspec.convert({name: told[name] for name in told if name != "subject"}, OwnOrder, strict=False)
    ask = Ask(shop_id=None, subject="c-1", order_number=NUMBER, parts=["order"])
    await tx.run(
        "insert into context_snapshot (conversation_id, status, data, asked_at, answered_at)"
        " values (%s, 'complete', %s, app_now(), app_now())",
        (found.id, Json(Snapshot(ask=ask, seen=Context(order=order)))),
    )
    for seq, text in enumerate(said, 1):
        await tx.run(
            "insert into entry (conversation_id, seq, prev_public, author, audience, kind, text, author_id, at)"
            " values (%s, %s, %s, 'customer', 'everyone', 'text', %s, %s, app_now())",
            (found.id, seq, seq - 1, text, found.customer_id),
        )
    return found.public_id


async def _counted(database: Database) -> list[Any]:
    async with database.transaction() as tx:
        return [
            await tx.value(f"select count(*) from {table}")
            for table in ("entry", "shop_action", "assistance", "audit", "playbook")
        ]


async def test_a_dry_run_shows_each_step_with_the_facts_of_then_and_changes_nothing(served: Served) -> None:  # noqa: F811
    desk = (await signed_in(served, "operator")).http
    async with served.database.transaction() as tx:
        past = await _past(tx, served, "充值没到账", "什么时候上班", "好")
        unanswered = await _past(tx, served, "充值没到账")
    offered = (await desk.get("/admin/playbook-trials")).json()
    assert [(one["id"], one["words"]) for one in offered] == [(unanswered, "充值没到账"), (past, "充值没到账")]
    before = await _counted(served.database)
    tried = (await desk.post("/admin/playbook-trials", json={"source": WHOLE, "conversation": past})).json()
    assert [(one["step"], one["does"], one["how"]) for one in tried["steps"]] == [
        ("which", "ask", ""),
        ("look", "look_up", "found"),
        ("where", "decide", ""),
        ("agree", "ask", ""),
        ("send", "act", "assumed"),
        ("sent", "say", ""),
        ("done", "solved", ""),
    ]
    assert tried["ends"] == "solved"
    assert {
        "name": "order.status",
        "title": {"zh-CN": "订单状态", "en": "order status"},
        "value": {"zh-CN": "失败", "en": "failed"},
    } in tried["steps"][1]["told"]
    assert (tried["steps"][3]["text"], tried["steps"][3]["answer"]) == ("要补发吗", "好")
    waits = (await desk.post("/admin/playbook-trials", json={"source": WHOLE, "conversation": unanswered})).json()
    assert (waits["ends"], waits["steps"][-1]["step"]) == ("asks", "agree")
    assert await _counted(served.database) == before


async def test_a_dry_run_of_a_conversation_nobody_may_see_finds_nothing(served: Served) -> None:  # noqa: F811
    desk = (await signed_in(served, "operator")).http
    answer = await desk.post("/admin/playbook-trials", json={"source": WHOLE, "conversation": "nobody"})
    assert answer.status_code == 404
